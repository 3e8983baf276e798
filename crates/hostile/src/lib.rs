//! What must hold of any bytes that come from outside.
//!
//! Each function here takes any bytes at all, does with them what the programs
//! do, and panics when something does not hold. A fuzzer looks for bytes that
//! make one panic (`fuzz/`, `docs/fuzzing.md`); the test in `tests/corpus.rs`
//! calls the same functions with every input that fuzzing has kept, so that the
//! two can't drift apart.
//!
//! | function | what comes from outside |
//! |---|---|
//! | [`frames`] | a message on a socket, in either direction |
//! | [`links`] | a link that somebody pasted |
//! | [`chunks`] | a sealed chunk, and what is in one that opens |
//! | [`session`] | a relay and members that say anything at any time |
//! | [`sealed_files`] | a sealed plan or a backup |
//! | [`plan_files`] | a plan's file |
//! | [`changes`] | changes that a member made, on top of a plan |
//! | [`edits`] | edits for `samskriv plan apply` |
//! | [`documents`] | a sound automerge document with anything in it |

#![warn(missing_docs)]

mod automerge_bytes;
mod bytes;
mod documents;
mod edits;
mod plan_files;
mod reading;
mod sealed_files;
mod session;
mod set;
mod wire;

pub use documents::documents;
pub use edits::edits;
pub use plan_files::{changes, plan_files};
pub use sealed_files::sealed_files;
pub use session::session;
pub use wire::{chunks, frames, links};

/// A function here: it panics when something does not hold.
pub type Check = fn(&[u8]);

/// Every one, by its name.
pub const ALL: [(&str, Check); 9] = [
    ("frames", frames),
    ("links", links),
    ("chunks", chunks),
    ("session", session),
    ("sealed_files", sealed_files),
    ("plan_files", plan_files),
    ("changes", changes),
    ("edits", edits),
    ("documents", documents),
];
