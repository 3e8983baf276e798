//! `samskriv join`: fetches a shared plan into a new file.

use std::process::ExitCode;

use plan::PlanDoc;
use sync::link::Link;

use super::sync::exchange;
use crate::{args, failure::Failure, plan_file::PlanFile};

pub fn run(args: args::Join) -> Result<ExitCode, Failure> {
    let Link { keys, relay } = Link::parse(&args.link)?;
    let relay = relay.ok_or(Failure::NoRelay)?;
    // In memory until all of it is here: a link that leads nowhere, or a
    // connection that breaks, leaves no half a plan behind.
    let mut plan = PlanFile::begin(&args.output, PlanDoc::create)?;
    let blank = plan.doc.heads();
    plan.keys.plan = Some(keys.clone());
    plan.keys.relay = Some(relay.clone());
    let code = exchange(&mut plan, &keys, &relay)?;
    if plan.doc.heads() == blank {
        return Err(Failure::NothingThere { relay });
    }
    plan.create()?;
    Ok(code)
}
