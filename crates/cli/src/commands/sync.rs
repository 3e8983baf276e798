//! `samskriv sync`: exchanges changes with the others.

use std::process::ExitCode;

use sync::{keys::PlanKeys, relay_url::RelayUrl, session::Status};

use super::{changes, rekey::follow, tell};
use crate::{
    args,
    exchange::Outcome,
    failure::Failure,
    meeting::{self, Meeting, Met},
    plan_file::PlanFile,
};

pub fn run(args: args::Sync) -> Result<ExitCode, Failure> {
    let mut plan = PlanFile::open(&args.file)?;
    let keys = plan.keys.plan.clone();
    let Some(keys) = keys.filter(|_| !meeting::relays_of(&plan).is_empty()) else {
        return Err(Failure::NotShared(args.file));
    };
    exchange(&mut plan, &keys)
}

/// Exchanges with all relays, tells what came of it, and answers the exit code.
pub fn exchange(plan: &mut PlanFile, keys: &PlanKeys) -> Result<ExitCode, Failure> {
    let meeting = meet(plan, keys)?;
    let closed = meeting.closed();
    let code = report(meeting, keys)?;
    if let Some(closed) = closed {
        return follow(plan, keys, &closed);
    }
    if plan.keys.moving.is_some() {
        eprintln!(
            "samskriv: a move to new keys is under way; run `samskriv rekey` to go on with it, or with --give-up"
        );
    }
    Ok(code)
}

/// Exchanges with all relays.
pub fn meet(plan: &mut PlanFile, keys: &PlanKeys) -> Result<Meeting, Failure> {
    runtime()?.block_on(meeting::run(plan, keys, None))
}

/// What sockets and timers run on.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime)
}

/// Tells what came of a meeting, and answers the exit code.
pub fn report(meeting: Meeting, keys: &PlanKeys) -> Result<ExitCode, Failure> {
    let is_alone = meeting.relays.len() == 1;
    let was_reached = meeting.outcomes().next().is_some();
    let is_closed = meeting.closed().is_some();
    let Meeting {
        relays,
        left,
        together,
    } = meeting;
    let is_elsewhere = together.is_at_one();
    let mut troubles = Vec::new();
    for (relay, met) in relays {
        match met {
            Met::Exchanged(outcome) => {
                let at = match is_alone {
                    true => String::new(),
                    false => format!("{relay}: "),
                };
                eprintln!("samskriv: {at}{}", exchanged(&outcome));
                troubles.extend(troubles_of(&relay, &outcome));
            }
            Met::SameAs(other) => {
                eprintln!("samskriv: {relay} is the same relay as {other}");
            }
            Met::Failed(failure) if !was_reached => return Err(failure),
            Met::Failed(failure) if is_elsewhere => {
                eprintln!("samskriv: {failure} Another relay has all of the plan.");
            }
            Met::Failed(failure) => troubles.push(failure.to_string()),
        }
    }
    for relay in left {
        eprintln!("samskriv: {relay} is left: all is at a relay that the plan names");
    }
    if !keys.can_write() && !is_elsewhere && !is_closed {
        troubles
            .push("this file was joined by a read link: what was edited in it stays in it".into());
    }
    if together.missing {
        troubles.push(
            "somebody has changes that are not at the relay yet; synchronise again later".into(),
        );
    }
    Ok(tell(&troubles))
}

fn exchanged(outcome: &Outcome) -> String {
    let (received, sent) = (changes(outcome.received), changes(outcome.sent));
    let left_over = match outcome.left_over {
        0 => "",
        _ => ", and what was left from last time",
    };
    format!("received {received}, sent {sent}{left_over}")
}

/// What keeps this device from saying that it and the relay have the same.
fn troubles_of(relay: &RelayUrl, outcome: &Outcome) -> Vec<String> {
    let Outcome {
        set_aside, status, ..
    } = outcome;
    let set_aside = set_aside.iter().map(|chunk| {
        format!(
            "set aside chunk {} of {relay}: {}; the rest is here",
            chunk.cursor, chunk.reason
        )
    });
    let refused = status.refused.iter().map(|refused| {
        format!(
            "{relay} did not take a chunk ({:?}); what it holds is safe in the file",
            refused.code
        )
    });
    set_aside
        .chain(refused)
        .chain(gaps(relay, status))
        .collect()
}

fn gaps(relay: &RelayUrl, status: &Status) -> impl Iterator<Item = String> {
    status.gaps.iter().map(move |(device, _)| {
        format!(
            "chunks of device {} are missing at {relay}; let that device synchronise",
            device.short()
        )
    })
}
