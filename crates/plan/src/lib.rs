//! The plan: one automerge document that every device holds whole.
//!
//! This crate knows what a municipal plan is and how two hands in it meet. It
//! does no I/O, knows nothing of the web or of the network, and reads no clock:
//! time is passed in with each edit, randomness with each new id.
//!
//! # Where things are
//!
//! - [`PlanDoc`] is an open plan: create, load, edit, merge, save.
//! - [`Edit`] is the one vocabulary of change. The app, the command line and
//!   the tests speak it; it serialises, one edit a line.
//! - [`PlanView`] is the plan as plain values, with all that is derived:
//!   order, numbers, sums, tables, clashes. It is refreshed entity by entity.
//! - [`Unreadable`] is what a document holds where the schema expects something
//!   else: it does not show, is reported, and stops nothing.
//! - [`schema`] lists every entity and field, and makes the first change.
//! - [`template`] begins a plan with chapters and tables in place.
//!
//! # How hands meet
//!
//! | what | how it merges |
//! |---|---|
//! | a date, a sum, a time frame, a kind | [`Register`]: all concurrent values are kept and shown with who and when; setting it settles it |
//! | a title, running text | by character; what two parties wrote in is reported as [`ContestedText`] |
//! | leads, partners, aliases | union by id |
//! | order | [`OrderKey`]: a move writes one value; numbers are derived |
//! | delete | a mark; an edit made meanwhile is reported as [`ContestedDeletion`] |
//! | begun twice (a known section, a party) | [`Shared`]: both make the same bytes, so it is one |
//! | sums, weights, remaining | derived, never stored |
//!
//! Positions in text count UTF-16 code units everywhere, as the browser does.

#![warn(missing_docs)]

mod actors;
mod apply;
mod attribution;
mod case;
mod comments;
mod contested;
mod doc;
mod edit;
mod find;
mod id;
mod kept;
mod order;
mod read;
mod register;
pub mod schema;
pub mod template;
mod text;
mod unreadable;
pub mod value;
mod view;

pub use apply::EditError;
pub use attribution::{Attribution, DeviceName};
pub use case::lowercase;
pub use comments::Thread;
pub use contested::{ContestedDeletion, ContestedText};
pub use doc::{Hash, LoadError, MergeError, Merged, PlanDoc};
pub use edit::{Edit, Place, Shared, party_id};
pub use find::Found;
pub use id::{EntityRef, Id};
pub use order::OrderKey;
pub use register::{Candidate, Choice, Register};
pub use schema::{EntityKind, Field, Member, TextField};
pub use text::{
    Block, BlockKind, HeldCaret, HeldSelection, Mark, RichText, Run, TextChange, table_rows,
};
pub use unreadable::{Unreadable, UnreadableReason};
pub use view::{AnchoringRow, ApprovalRow, OpenClash, PlanView, Refreshed, total};
