//! `samskriv`: starts the relay, and is a device without a browser.
//!
//! ```text
//! args ─▶ commands ─┬─ relay, relay move, …         the server, and its store
//!                   ├─ plan new, show, apply, merge; export, import;
//!                   │  backup, restore: files only
//!                   └─ share, join, sync, relays, rekey ─▶ meeting ─▶ exchange
//!                                                                       │
//!          plan_file (FILE, FILE.keys) ◀────────────────────────────────┤
//!                                                socket ◀─ line ◀───────┘
//! ```
//!
//! - `plan_file` is a plan on disk: a plain automerge document, and beside it
//!   the keys (`keys_file`) with how far the session at each relay has come
//!   (`sessions`) and a move to new keys that is under way (`moving`). Both are
//!   always written whole (`atomic_file`).
//! - `incoming` is what is in a file that someone handed on, sealed or plain.
//! - `exchange` drives the same session as the browser does, until all that the
//!   relay has is here and all that is here is there.
//! - `meeting` does that with all of a plan's relays.
//! - `members` is who writes a plan, as the document has it.
//! - `failure` is every way in which a command can fail, as a person reads it,
//!   with the exit code a script reads.

use std::process::ExitCode;

use clap::Parser;

mod args;
mod atomic_file;
mod commands;
mod entropy;
mod exchange;
mod failure;
mod incoming;
mod keys_file;
mod line;
mod meeting;
mod members;
mod moving;
mod outline;
mod passphrase;
mod plan_file;
mod sessions;
mod socket;
mod store_place;
mod synced_plan;

fn main() -> ExitCode {
    match commands::run(args::Args::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("samskriv: {failure}");
            failure.exit_code()
        }
    }
}
