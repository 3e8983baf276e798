//! `samskriv relay move` and `samskriv relay restored`: what is done to a store
//! while no relay uses it.

use relay::TransferError;
use tokio::runtime::Runtime;

use crate::{
    args::{Move, Restored},
    failure::Failure,
};

/// Takes all that a relay stores to another place.
pub fn carry(args: Move) -> Result<(), Failure> {
    let from = args.from.location().map_err(failure)?;
    let to = args.to.location().map_err(failure)?;
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

/// Lets devices see that a store is a copy.
pub fn rename(args: Restored) -> Result<(), Failure> {
    let place = args.place.location().map_err(failure)?;
    Runtime::new()?
        .block_on(relay::rename(&place))
        .map_err(failure)?;
    println!("{place} is ready: devices will send what it lacks.");
    Ok(())
}

fn failure(cause: impl Into<TransferError>) -> Failure {
    match cause.into() {
        cause @ TransferError::NotRenamed(_) => Failure::MoveUnfinished { cause },
        cause => Failure::Store { cause },
    }
}
