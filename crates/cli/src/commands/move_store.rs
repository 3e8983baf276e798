//! `samskriv relay move`: takes all that a relay stores to another place.

use relay::TransferError;
use tokio::runtime::Runtime;

use crate::{args::Move, failure::Failure};

pub fn run(args: Move) -> Result<(), Failure> {
    let failure = |cause| match cause {
        TransferError::NotRenamed(_) => Failure::MoveUnfinished { cause },
        _ => Failure::Move { cause },
    };
    let from = args
        .from
        .location()
        .map_err(TransferError::from)
        .map_err(failure)?;
    let to = args
        .to
        .location()
        .map_err(TransferError::from)
        .map_err(failure)?;
    let moved = Runtime::new()?
        .block_on(relay::transfer(&from, &to))
        .map_err(failure)?;
    println!(
        "Moved {} plans with {} chunks ({} bytes) to {to}.",
        moved.plans, moved.chunks, moved.bytes
    );
    eprintln!(
        "Start the relay on {to} now; devices go on by themselves. What is left at {from} \
         is a copy that no device takes for the same log: delete it when you need it no more."
    );
    Ok(())
}
