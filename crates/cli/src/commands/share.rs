//! `samskriv share`: makes a plan's keys, puts it on a relay, prints its links.

use std::process::ExitCode;

use sync::{
    keys::{EditSecret, PlanKeys},
    link::Link,
};
use zeroize::Zeroizing;

use super::sync::exchange;
use crate::{args, failure::Failure, plan_file::PlanFile};

pub fn run(args: args::Share) -> Result<ExitCode, Failure> {
    let mut plan = PlanFile::open(&args.file)?;
    let keys = match &plan.keys.plan {
        Some(keys) => keys.clone(),
        None => new_keys()?,
    };
    // Kept before anything is sent: a plan on a relay without its keys here would
    // be lost to everybody.
    plan.keys.plan = Some(keys.clone());
    plan.keys.relay = Some(args.relay.clone());
    plan.save_keys()?;
    let code = exchange(&mut plan, &keys, &args.relay)?;

    let link = Link {
        keys,
        relay: Some(args.relay.clone()),
    };
    if link.keys.can_write() {
        println!("edit: {}", *link.url(&args.relay));
    } else {
        eprintln!("samskriv: these keys can only read, so there is no edit link to give away");
    }
    println!("read: {}", *link.to_read_only().url(&args.relay));
    Ok(code)
}

fn new_keys() -> Result<PlanKeys, Failure> {
    let mut secret = Zeroizing::new([0; 32]);
    getrandom::fill(secret.as_mut_slice()).map_err(Failure::Entropy)?;
    Ok(PlanKeys::edit(EditSecret::from_bytes(*secret)))
}
