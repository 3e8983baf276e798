//! `samskriv relays`: at which relays a plan is kept.

use std::process::ExitCode;

use plan::{
    Edit, Member,
    schema::{PLAN_ID, plan_fields},
};
use sync::{keys::PlanKeys, relay_url::RelayUrl, relays, session::Connection};

use super::{
    rekey::follow,
    sync::{exchange, meet, report, runtime},
    unix_seconds,
};
use crate::{
    args,
    exchange::{Ended, run as exchange_with},
    failure::Failure,
    meeting::relays_of,
    plan_file::PlanFile,
};

pub fn run(args: args::Relays) -> Result<ExitCode, Failure> {
    let mut plan = PlanFile::open(&args.file)?;
    let Some(keys) = plan.keys.plan.clone() else {
        return Err(Failure::NotShared(args.file));
    };
    let mut code = ExitCode::SUCCESS;
    if let Some(relay) = &args.add {
        add(&mut plan, &keys, relay)?;
        code = exchange(&mut plan, &keys)?;
    }
    let keys = plan.keys.plan.clone().unwrap_or(keys);
    if let Some(relay) = &args.remove {
        code = remove(&mut plan, &keys, relay)?;
    }
    for relay in relays_of(&plan) {
        println!("{relay}");
    }
    Ok(code)
}

/// Puts the plan on a relay, and names it in the plan where it is not the only
/// one: then all who write the plan come to it.
pub fn add(plan: &mut PlanFile, keys: &PlanKeys, relay: &RelayUrl) -> Result<(), Failure> {
    let known = relays_of(plan);
    if known.contains(relay) || known.is_empty() {
        plan.keys.sessions.at(relay);
        return plan.save_keys();
    }
    // Before it is named: an address that leads nowhere is named to no one.
    match runtime()?.block_on(exchange_with(plan, keys, relay, None)) {
        Ok(Ended::Exchanged(outcome)) => {
            if let Connection::Stopped(reason) = outcome.status.connection {
                give_up(plan, relay)?;
                let relay = relay.clone();
                return Err(Failure::Stopped { relay, reason });
            }
        }
        Ok(Ended::SameAs(_)) => {}
        Err(failure) => {
            give_up(plan, relay)?;
            return Err(failure);
        }
    }
    if keys.can_write() {
        let together = known.iter().chain([relay]);
        name(plan, together, None)?;
    } else {
        eprintln!(
            "samskriv: the plan was joined by a read link, so {relay} is only this file's own"
        );
    }
    Ok(())
}

fn give_up(plan: &mut PlanFile, relay: &RelayUrl) -> Result<(), Failure> {
    plan.keys.sessions.leave(relay);
    plan.save_keys()
}

/// Takes a relay out of the plan once all is at another, tells all relays so
/// that are reached, this one too, and meets it no more.
fn remove(plan: &mut PlanFile, keys: &PlanKeys, relay: &RelayUrl) -> Result<ExitCode, Failure> {
    let known = relays_of(plan);
    let (that, others): (Vec<_>, Vec<_>) = known.iter().partition(|known| *known == relay);
    let relay = relay.clone();
    if that.is_empty() {
        return Err(Failure::NotItsRelay { relay });
    }
    if others.is_empty() {
        return Err(Failure::OnlyRelay { relay });
    }
    if !keys.can_write() {
        return Err(Failure::ReadersDoNotName);
    }
    let meeting = meet(plan, keys)?;
    if let Some(closed) = meeting.closed() {
        report(meeting, keys)?;
        return follow(plan, keys, &closed);
    }
    if meeting.together.at.iter().all(|at| *at == relay) {
        return Err(Failure::NotElsewhere { relay });
    }
    name(plan, others, Some(&relay))?;
    exchange(plan, keys)
}

/// Names relays in the plan and takes one out, as far as that changes it.
fn name<'a>(
    plan: &mut PlanFile,
    include: impl IntoIterator<Item = &'a RelayUrl>,
    exclude: Option<&RelayUrl>,
) -> Result<(), Failure> {
    if let Some(schema) = plan.doc.newer_schema() {
        let path = plan.path.clone();
        return Err(Failure::NewerSchema { path, schema });
    }
    let before = plan.doc.relays();
    let id = || PLAN_ID.to_owned();
    let member = |name: &str| Member::Plan(plan_fields::Set::Relays(name.to_owned()));
    let missing = include
        .into_iter()
        .filter(|relay| !before.contains(relay.as_str()));
    let mut edits: Vec<Edit> = missing
        .map(|relay| Edit::Include {
            id: id(),
            member: member(relay.as_str()),
        })
        .collect();
    // As it is written in the plan, which may be another way than here.
    let written = before.iter().filter(|name| {
        let mut address = relays::addresses([name]);
        address.next().as_ref() == exclude && exclude.is_some()
    });
    edits.extend(written.map(|name| Edit::Exclude {
        id: id(),
        member: member(name),
    }));
    carry_out(plan, &edits)
}

fn carry_out(plan: &mut PlanFile, edits: &[Edit]) -> Result<(), Failure> {
    for edit in edits {
        plan.doc
            .edit(edit, unix_seconds())
            .map_err(|cause| Failure::Edit(cause.into()))?;
    }
    plan.save()
}
