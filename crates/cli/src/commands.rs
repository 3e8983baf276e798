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
mod backup;
mod export;
mod import;
mod join;
mod merge;
mod new;
mod rekey;
mod relay;
mod relays;
mod restore;
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
        Command::Relays(args) => return relays::run(args),
        Command::Rekey(args) => return rekey::run(args),
        Command::Export(args) => export::run(args)?,
        Command::Import(args) => return import::run(args),
        Command::Backup(args) => backup::run(args)?,
        Command::Restore(args) => return restore::run(args),
    }
    Ok(ExitCode::SUCCESS)
}

/// Tells what is not as it should be though the rest was done; the exit code.
fn tell(troubles: &[String]) -> ExitCode {
    for trouble in troubles {
        eprintln!("samskriv: {trouble}");
    }
    match troubles {
        [] => ExitCode::SUCCESS,
        _ => ExitCode::from(4),
    }
}

/// A number of changes, in words.
fn changes(count: usize) -> String {
    match count {
        0 => "nothing".into(),
        1 => "1 change".into(),
        many => format!("{many} changes"),
    }
}

/// Now, as edits are dated. A clock before 1970 dates them 1970.
fn unix_seconds() -> plan::value::UnixSeconds {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}
