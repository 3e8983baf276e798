//! Devices, relays and a network in one thread, driven by a seed.
//!
//! What the sessions of real devices do is here the very same code; the disks,
//! pages, sockets, relays and clocks around them are models that can fail in
//! every way real ones do, and at every moment. Nothing in here is random that
//! does not follow from the seed, so a history that breaks a promise breaks it
//! again, and can be told step by step.
//!
//! | module | is |
//! |---|---|
//! | [`chance`] | what follows from a seed |
//! | [`replica`], [`graph`], [`plan_replica`] | documents: what is asked of one, a reduced one, the real one |
//! | [`disk`] | records written whole or not at all, or lost when the power goes |
//! | [`tab`], [`device`] | open pages, which share a disk, and of which one leads |
//! | [`log`], [`relay`] | the relay's store, and the relay |
//! | [`world`] | all of it together, one thing after the other; at each relay a room for each plan |
//! | [`history`] | a random history, and what must be true in the end |
//! | `ledger` | what must be true all the time, and where closings lead |
//! | [`run`], [`story`] | many histories; one history told |
//!
//! `docs/simulation.md` says what is simulated and checked, and what came of it.

#![warn(missing_docs)]

pub mod chance;
pub mod device;
pub mod disk;
pub mod graph;
pub mod history;
mod ledger;
pub mod log;
pub mod plan_replica;
pub mod relay;
pub mod replica;
pub mod run;
pub mod story;
pub mod tab;
mod tell;
pub mod world;

pub use world::{World, plan_keys};
