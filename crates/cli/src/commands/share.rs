//! `samskriv share`: makes a plan's keys, prints its links, puts it on a relay.

use std::process::ExitCode;

use sync::{link::Link, relay_url::RelayUrl};

use super::{relays::add, sync::exchange};
use crate::{args, entropy, failure::Failure, meeting::relays_of, plan_file::PlanFile};

pub fn run(args: args::Share) -> Result<ExitCode, Failure> {
    let mut plan = PlanFile::open(&args.file)?;
    let keys = match &plan.keys.plan {
        Some(keys) => keys.clone(),
        None => entropy::new_plan_keys()?,
    };
    // Kept before anything is sent: a plan on a relay without its keys here would
    // be lost to everybody.
    plan.keys.plan = Some(keys.clone());
    plan.save_keys()?;
    let code = match &args.relay {
        Some(relay) => {
            add(&mut plan, &keys, relay)?;
            exchange(&mut plan, &keys)?
        }
        None => ExitCode::SUCCESS,
    };
    let first = relays_of(&plan).into_iter().next();
    let relay = args.relay.or(first);
    // The plan may have moved to other keys meanwhile.
    let keys = plan.keys.plan.unwrap_or(keys);
    print(&Link { keys, relay });
    Ok(code)
}

/// Prints a plan's links.
pub fn print(link: &Link) {
    if link.keys.can_write() {
        println!("edit: {}", *text(link));
    } else {
        eprintln!("samskriv: these keys can only read, so there is no edit link to give away");
    }
    println!("read: {}", *text(&link.to_read_only()));
}

/// The whole link, or for a plan at no relay only what opens its files.
fn text(link: &Link) -> zeroize::Zeroizing<String> {
    let url = |relay: &RelayUrl| link.url(relay);
    link.relay.as_ref().map_or_else(|| link.to_fragment(), url)
}
