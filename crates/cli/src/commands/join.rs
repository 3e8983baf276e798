//! `samskriv join`: fetches a shared plan into a new file, or adds the relay that
//! a link names to a plan that is here.

use std::process::ExitCode;

use plan::PlanDoc;
use sync::{keys::PlanKeys, link::Link, relay_url::RelayUrl};

use super::{relays::add, sync::exchange};
use crate::{args, failure::Failure, keys_file::KeysFile, plan_file::PlanFile};

pub fn run(args: args::Join) -> Result<ExitCode, Failure> {
    let Link { keys, relay } = Link::parse(&args.link)?;
    let relay = relay.ok_or(Failure::NoRelay)?;
    let beside = KeysFile::path_beside(&args.output);
    let is_here = matches!(KeysFile::load(&beside), Ok(Some(held)) if held.is_of(keys.id()));
    if is_here && args.output.exists() {
        return join_again(&args, &keys, &relay);
    }
    // In memory until all of it is here: a link that leads nowhere, or a
    // connection that breaks, leaves no half a plan behind.
    let mut plan = PlanFile::begin(&args.output, PlanDoc::create)?;
    let blank = plan.doc.heads();
    plan.keys.plan = Some(keys.clone());
    plan.keys.sessions.at(&relay);
    let code = exchange(&mut plan, &keys)?;
    if plan.doc.heads() == blank {
        return Err(Failure::NothingThere { relay });
    }
    plan.create()?;
    Ok(code)
}

/// The plan is here already: the link may name another relay, and may be for
/// writing where only a read link was had before.
fn join_again(args: &args::Join, keys: &PlanKeys, relay: &RelayUrl) -> Result<ExitCode, Failure> {
    let mut plan = PlanFile::open(&args.output)?;
    if !plan.keys.take(keys, None) {
        return Err(Failure::OtherLink(args.output.clone()));
    }
    plan.save_keys()?;
    let keys = plan.keys.plan.clone().unwrap_or_else(|| keys.clone());
    add(&mut plan, &keys, relay)?;
    exchange(&mut plan, &keys)
}
