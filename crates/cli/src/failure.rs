//! Every way in which a command can fail: what happened, what is safe, and what
//! to do.

use std::{io, path::PathBuf, process::ExitCode};

use sync::{
    backup::{BackupError, OpenError},
    container::FileError,
    link::LinkError,
    relay_url::RelayUrl,
    seal::SealError,
    session::StopReason,
};

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
    #[error("{} is at no relay yet; run `samskriv share --relay` first.", .0.display())]
    NotShared(PathBuf),
    #[error("{} ends neither in .samskriv, for a sealed file that opens with the plan's link only, nor in .automerge, for a plain one. Nothing was written; choose one of the two.", .0.display())]
    UnknownForm(PathBuf),
    #[error(
        "a plain file is always the whole plan; leave --since out, or end the name in .samskriv. Nothing was written."
    )]
    PlainIsWhole,
    #[error("{} has no link yet that would open a sealed file; run `samskriv share` first. Nothing was written.", .0.display())]
    NoLink(PathBuf),
    #[error("{} can't be sealed: {cause}. Nothing was written; a file that ends in .automerge is plain and takes any plan.", path.display())]
    Seal {
        path: PathBuf,
        #[source]
        cause: SealError,
    },
    #[error("{} has changes that are not in {} yet; import it first, then export. Nothing was written.", since.display(), file.display())]
    NotImported { since: PathBuf, file: PathBuf },
    #[error("{} can't be used: {cause}. Nothing was changed.", path.display())]
    Unusable {
        path: PathBuf,
        #[source]
        cause: FileError,
    },
    #[error("{} is neither a sealed plan nor an automerge document, or it is damaged. Nothing was changed.", .0.display())]
    NeitherForm(PathBuf),
    #[error("{} is a backup; `samskriv restore` opens it. Nothing was changed.", .0.display())]
    IsBackup(PathBuf),
    #[error("{} is sealed, and {} has no keys that open it; give the plan's link by --link. Nothing was changed.", path.display(), file.display())]
    NeedsLink { path: PathBuf, file: PathBuf },
    #[error("{} holds another plan than {}, or nothing that is in both. Nothing was changed.", path.display(), file.display())]
    OtherPlan { path: PathBuf, file: PathBuf },
    #[error("the link is for another plan than {}. Nothing was changed.", .0.display())]
    OtherLink(PathBuf),
    #[error("nothing in these files can be used, so {} was not made. Ask for other copies.", .0.display())]
    NothingUsable(PathBuf),
    #[error(
        "the passphrase can't be read: {0}. Give it in a file by --passphrase-file, or by --passphrase-file - on standard input."
    )]
    Passphrase(#[source] io::Error),
    #[error("the two passphrases are not the same. Nothing was written; try again.")]
    PassphrasesDiffer,
    #[error(
        "the passphrase has fewer than {shortest} characters. Nothing was written; choose a longer one, such as several words."
    )]
    ShortPassphrase { shortest: usize },
    #[error("{0}. Nothing was written; put fewer plans in one backup.")]
    Backup(#[from] BackupError),
    #[error("{} can't be restored: {cause}. Nothing was changed.", path.display())]
    Restore {
        path: PathBuf,
        #[source]
        cause: OpenError,
    },
    #[error("{0}.")]
    Link(#[from] LinkError),
    #[error(
        "the link does not say which relay the plan is at; use the whole link, from https:// on, or `samskriv import` if the plan travels by file."
    )]
    NoRelay,
    #[error(
        "{relay} has nothing stored for this link's plan. Nothing was written. Ask whoever sent the link to synchronise, or for a new link."
    )]
    NothingThere { relay: RelayUrl },
    #[error(
        "{relay} is not among the relays of this plan; `samskriv relays` lists them. Nothing was changed."
    )]
    NotItsRelay { relay: RelayUrl },
    #[error("{relay} is the only relay of this plan. Nothing was changed; add another first.")]
    OnlyRelay { relay: RelayUrl },
    #[error(
        "no other relay than {relay} has all of the plan yet. Nothing was changed; try again once another is reached."
    )]
    NotElsewhere { relay: RelayUrl },
    #[error(
        "who only has the read link can't say which relays the plan is kept at. Nothing was changed."
    )]
    ReadersDoNotName,
    #[error("no device that has written in {} is called «{who}»; `samskriv rekey --list` tells what they are called. Nothing was changed.", path.display())]
    NoSuchMember { path: PathBuf, who: String },
    #[error(
        "say who goes on with you: --keep, --read, --keep-all, or --alone. Nothing was changed."
    )]
    NoOneChosen,
    #[error(
        "a move to new keys is under way; run `samskriv rekey` without choosing anyone to go on with it, or with --give-up. Nothing was changed."
    )]
    MoveUnderWay,
    #[error(
        "the others may know already that the plan has moved, so it can't be given up; run `samskriv rekey` to go on."
    )]
    MoveAnnounced,
    #[error("no move to new keys is under way. Nothing was changed.")]
    NoMove,
    #[error("who only has the read link can't move a plan to new keys. Nothing was changed.")]
    ReadersDoNotMove,
    #[error(
        "this file and a relay have not all that the other has, or somebody has changes that are at none. Nothing was changed; synchronise first."
    )]
    NotSynchronised,
    #[error(
        "{cause} The move to new keys has come as far as it could; run `samskriv rekey` again to go on."
    )]
    MoveStopped {
        #[source]
        cause: Box<Failure>,
    },
    #[error(
        "{relay} could not be reached: {cause}. Nothing is lost: the file has all it had; try again later."
    )]
    Unreachable { relay: RelayUrl, cause: String },
    #[error("{relay}: {reason}. Nothing is lost: the file has all it had.")]
    Stopped { relay: RelayUrl, reason: StopReason },
    #[error("the plan can't be edited: {0}. Nothing was changed.")]
    Edit(#[source] Box<plan::EditError>),
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
            Self::Unreachable { .. } | Self::NotElsewhere { .. } => ExitCode::from(3),
            Self::MoveStopped { cause } => cause.exit_code(),
            _ => ExitCode::from(1),
        }
    }
}
