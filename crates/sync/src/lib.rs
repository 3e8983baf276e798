//! Sealed synchronisation: many devices write one plan and meet through a relay
//! that can neither read nor forge what it carries.
//!
//! This crate carries bytes. It knows nothing of plans or of the library that
//! merges them: changes are opaque, their hashes are 32 bytes. And it does
//! nothing by itself: it opens no socket, touches no disk, asks no clock and
//! makes no randomness. Its caller does, so the browser, the command line, the
//! relay and the tests all run the same code.
//!
//! # How it is organised
//!
//! From the inside out, each layer using only those before it:
//!
//! | module | answers |
//! |---|---|
//! | [`ids`], [`entropy`] | what things are called, where randomness comes from |
//! | [`keys`] | which keys follow from a plan's one secret |
//! | [`link`], [`relay_url`] | how a person passes them on |
//! | [`vouch`] | who wrote what, though a snapshot brought it |
//! | [`closing`] | how a plan moves to new keys, and who can follow |
//! | [`content`] | what is inside a chunk, packed and bounded |
//! | [`envelope`] | what is outside: header, name, signatures |
//! | [`seal`] | how the one gets into the other, and back |
//! | [`frame`] | what device and relay say to each other |
//! | [`admit`] | what a relay checks, all that it needs of this crate |
//! | [`session`] | what a device does, and when: the state machine |
//! | [`relays`] | at which relays a plan is, and what sessions at several come to |
//! | [`container`] | what a file is, and where its records are |
//! | [`file`](mod@file) | a plan as a sealed file, for devices without a common relay |
//! | [`backup`] | plans with their keys, under a passphrase |
//!
//! A host needs [`session`], [`keys`] and [`link`], and [`file`](mod@file) and
//! [`backup`] where plans travel or are kept by file; a relay needs [`frame`]
//! and [`admit`]. `docs/protocol.md` specifies what travels, with test vectors
//! that the tests compare with this code.
//!
//! # What holds throughout
//!
//! - Nothing that comes from outside makes this crate panic or take memory
//!   without bound; each kind of bad input has its own error.
//! - Nothing is signed, hashed or derived without a label that says what for.
//! - Secrets are wiped when dropped and never printed.
//! - A content is never handed out before plan, signatures and seal have been
//!   checked.

#![warn(missing_docs)]

pub mod admit;
mod aead;
pub mod backup;
mod cbor;
pub mod closing;
pub mod container;
pub mod content;
pub mod entropy;
pub mod envelope;
pub mod file;
pub mod frame;
pub mod ids;
pub mod keys;
mod label;
pub mod link;
mod parts;
pub mod relay_url;
pub mod relays;
pub mod seal;
pub mod session;
pub mod vouch;
mod zlib;

#[cfg(test)]
mod vectors_tests;
