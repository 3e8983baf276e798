//! What each command does.

use std::{
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    args::{Args, Command, Plan, RelayTask},
    failure::Failure,
};

mod apply;
mod join;
mod merge;
mod new;
mod relay;
mod share;
mod show;
mod store;
mod sync;

/// Carries out a command; most have no other good end than code 0.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    match args.command {
        Command::Relay(args) => match args.task {
            Some(RelayTask::Move(args)) => store::carry(args)?,
            Some(RelayTask::Restored(args)) => store::rename(args)?,
            None => relay::run(args.serve)?,
        },
        Command::Plan(Plan::New(args)) => new::run(args)?,
        Command::Plan(Plan::Show(args)) => show::run(args)?,
        Command::Plan(Plan::Apply(args)) => apply::run(args)?,
        Command::Plan(Plan::Merge(args)) => merge::run(args)?,
        Command::Share(args) => return share::run(args),
        Command::Join(args) => return join::run(args),
        Command::Sync(args) => return sync::run(args),
    }
    Ok(ExitCode::SUCCESS)
}

/// Now, as edits are dated. A clock before 1970 dates them 1970.
fn unix_seconds() -> plan::value::UnixSeconds {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}
