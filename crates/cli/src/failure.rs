//! Every way in which a command can fail: what happened, what is safe, and what
//! to do.

use std::{io, path::PathBuf, process::ExitCode};

use sync::{link::LinkError, relay_url::RelayUrl, session::StopReason};

use crate::keys_file::KeysError;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{} can't be read: {cause}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("{} can't be written: {cause}. It is as it was before; make room or choose another place, then try again.", path.display())]
    Write {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("{} exists already and is left as it is; choose another name or move it away.", .0.display())]
    Exists(PathBuf),
    #[error("{} is not a plan: {cause}. Nothing was changed.", path.display())]
    NotAPlan {
        path: PathBuf,
        #[source]
        cause: Box<plan::LoadError>,
    },
    #[error("{} was written by a newer Samskriv (schema {schema}). It can be shown and synchronised, but not edited here; update samskriv first. Nothing was changed.", path.display())]
    NewerSchema { path: PathBuf, schema: u32 },
    #[error("{} does not fit the other plan: {cause}. Nothing was changed.", path.display())]
    Merge {
        path: PathBuf,
        #[source]
        cause: Box<plan::MergeError>,
    },
    #[error("{} can't be used: {cause}. The plan itself is safe. Restore this file from a copy, or move it away and join again by a link.", path.display())]
    Keys {
        path: PathBuf,
        #[source]
        cause: KeysError,
    },
    #[error("the template can't be used: {0}. Nothing was written.")]
    TemplateSource(#[from] plan::template::TemplateError),
    #[error("the template can't be filled in: {0}. Nothing was written.")]
    Template(#[source] Box<plan::EditError>),
    #[error(
        "line {line} of the edits: {cause}. No edit was carried out; correct the line and try again."
    )]
    EditLine {
        line: usize,
        #[source]
        cause: LineError,
    },
    #[error("{} is not shared with anybody yet; run `samskriv share` first.", .0.display())]
    NotShared(PathBuf),
    #[error("{0}.")]
    Link(#[from] LinkError),
    #[error(
        "the link does not say which relay the plan is at; use the whole link, from https:// on."
    )]
    NoRelay,
    #[error(
        "{relay} has nothing stored for this link's plan. Nothing was written. Ask whoever sent the link to synchronise, or for a new link."
    )]
    NothingThere { relay: RelayUrl },
    #[error(
        "{relay} could not be reached: {cause}. Nothing is lost: the file has all it had; try again later."
    )]
    Unreachable { relay: RelayUrl, cause: String },
    #[error("{0}. Nothing is lost: the file has all it had.")]
    Stopped(StopReason),
    #[error("{cause}. The relay has not started.")]
    RelayStore {
        #[source]
        cause: relay::OpenError,
    },
    #[error("{cause}. What is stored is as it was, everywhere.")]
    Store {
        #[source]
        cause: relay::TransferError,
    },
    #[error("{cause}. Run the same command again before a relay starts at either place.")]
    MoveUnfinished {
        #[source]
        cause: relay::TransferError,
    },
    #[error(
        "can't listen on {address}: {cause}. Choose another address by --listen, or stop what uses it."
    )]
    Listen {
        address: std::net::SocketAddr,
        #[source]
        cause: io::Error,
    },
    #[error("{0}.")]
    Relay(#[from] relay::ServeError),
    #[error("the system can't run this: {0}.")]
    System(#[from] io::Error),
    #[error("the system gives no random bytes, and keys can't be made without: {0}.")]
    Entropy(getrandom::Error),
}

/// What can be wrong with one line of edits.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    #[error("not an edit: {0}")]
    NotAnEdit(#[from] serde_json::Error),
    #[error("{0}")]
    Refused(#[from] Box<plan::EditError>),
}

impl Failure {
    /// See the help text in [`crate::args`].
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Unreachable { .. } => ExitCode::from(3),
            _ => ExitCode::from(1),
        }
    }
}
