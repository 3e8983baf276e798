//! `samskriv sync`: exchanges changes with the others.

use std::process::ExitCode;

use sync::{
    keys::PlanKeys,
    relay_url::RelayUrl,
    session::{Connection, Status},
};

use super::{changes, tell};
use crate::{
    args,
    exchange::{self, Outcome},
    failure::Failure,
    plan_file::PlanFile,
};

pub fn run(args: args::Sync) -> Result<ExitCode, Failure> {
    let mut plan = PlanFile::open(&args.file)?;
    let (Some(keys), Some(relay)) = (plan.keys.plan.clone(), plan.keys.relay.clone()) else {
        return Err(Failure::NotShared(args.file));
    };
    exchange(&mut plan, &keys, &relay)
}

/// Exchanges, tells what came of it, and answers the exit code.
pub fn exchange(
    plan: &mut PlanFile,
    keys: &PlanKeys,
    relay: &RelayUrl,
) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(exchange::run(plan, keys, relay))?;
    if let Connection::Stopped(reason) = outcome.status.connection {
        return Err(Failure::Stopped(reason));
    }
    let (received, sent) = (changes(outcome.received), changes(outcome.sent));
    let left_over = match outcome.left_over {
        0 => "",
        _ => ", and what was left from last time",
    };
    eprintln!("samskriv: received {received}, sent {sent}{left_over}");
    Ok(tell(&troubles(&outcome)))
}

/// What keeps this device from saying that it and the relay have the same.
fn troubles(outcome: &Outcome) -> Vec<String> {
    let Outcome {
        set_aside,
        can_write,
        status,
        ..
    } = outcome;
    let mut troubles: Vec<String> = set_aside
        .iter()
        .map(|chunk| {
            format!(
                "set aside chunk {}: {}; the rest is here",
                chunk.cursor, chunk.reason
            )
        })
        .collect();
    if !can_write && !status.at_relay {
        troubles
            .push("this file was joined by a read link: what was edited in it stays in it".into());
    }
    troubles.extend(status.refused.iter().map(|refused| {
        format!(
            "the relay did not take a chunk ({:?}); what it holds is safe in the file",
            refused.code
        )
    }));
    if status.missing {
        troubles.push(
            "somebody has changes that are not at the relay yet; synchronise again later".into(),
        );
    }
    troubles.extend(gaps(status));
    troubles
}

fn gaps(status: &Status) -> impl Iterator<Item = String> {
    status.gaps.iter().map(|(device, _)| {
        format!(
            "chunks of device {} are missing at the relay; let that device synchronise",
            device.short()
        )
    })
}
