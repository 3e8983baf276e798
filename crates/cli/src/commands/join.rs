//! `samskriv join`: fetches a shared plan into a new file. A plan that is here
//! takes from the link the relay that it names, or the new keys it has moved to.

use std::{path::Path, process::ExitCode};

use plan::PlanDoc;
use sync::{keys::PlanKeys, link::Link, relay_url::RelayUrl};

use super::{relays::add, sync::exchange};
use crate::{args, failure::Failure, keys_file::KeysFile, plan_file::PlanFile};

pub fn run(args: args::Join) -> Result<ExitCode, Failure> {
    let Link { keys, relay } = Link::parse(&args.link)?;
    let relay = relay.ok_or(Failure::NoRelay)?;
    if let Some(held) = held(&args.output) {
        if held.is_of(keys.id()) {
            return join_again(&args, &keys, &relay);
        }
        if held.sessions.know_it_closed() {
            return go_on(&args, keys, &relay);
        }
    }
    // In memory until all of it is here: a link that leads nowhere, or a
    // connection that breaks, leaves no half a plan behind.
    let mut plan = PlanFile::begin(&args.output, PlanDoc::create)?;
    let code = fetch(&mut plan, keys, &relay)?;
    plan.create()?;
    Ok(code)
}

/// The keys of a plan that is in this file already.
fn held(file: &Path) -> Option<KeysFile> {
    let keys = KeysFile::load(&KeysFile::path_beside(file)).ok()?;
    keys.filter(|_| file.exists())
}

/// Brings into a plan that is still blank what the relay has of it.
fn fetch(plan: &mut PlanFile, keys: PlanKeys, relay: &RelayUrl) -> Result<ExitCode, Failure> {
    let blank = plan.doc.heads();
    plan.keys.plan = Some(keys.clone());
    plan.keys.sessions.at(relay);
    let code = exchange(plan, &keys)?;
    if plan.doc.heads() == blank {
        let relay = relay.clone();
        return Err(Failure::NothingThere { relay });
    }
    Ok(code)
}

/// The plan is here under keys that were closed, and the link is for its new
/// ones. That it is the same plan, its history shows.
fn go_on(args: &args::Join, keys: PlanKeys, relay: &RelayUrl) -> Result<ExitCode, Failure> {
    let mut plan = PlanFile::open(&args.output)?;
    let mut fetched = PlanFile::in_memory(&args.output, PlanDoc::create)?;
    fetch(&mut fetched, keys, relay)?;
    if !plan.doc.is_same_plan(&mut fetched.doc) {
        return Err(Failure::OtherLink(args.output.clone()));
    }
    plan.doc
        .merge([fetched.doc.save()])
        .map_err(|cause| Failure::Merge {
            path: args.output.clone(),
            cause: cause.into(),
        })?;
    plan.save()?;
    let Some(keys) = fetched.keys.plan else {
        return Err(Failure::NoLink(args.output.clone()));
    };
    let vouches = fetched.keys.vouches.into_values();
    plan.keep_vouches(keys.id(), vouches.collect());
    plan.keys.switch(keys.clone(), fetched.keys.sessions.anew());
    plan.save_keys()?;
    exchange(&mut plan, &keys)
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
