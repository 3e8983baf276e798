//! What the simulation asks of a document, whichever it is.

use sync::{ids::ChangeHash, session::Document};

use crate::chance::Chance;

/// A document of which each open page has a copy of its own.
pub trait Replica: Document + Clone {
    /// A document with nothing in it. `device` is who writes in it, `copy` tells
    /// it from all other copies of the history.
    fn blank(device: &[u8; 32], copy: u64) -> Self;

    /// Writes something; the change that holds it, if it changed anything. `at`
    /// is seconds on the device's own wall clock, which may be wrong.
    fn edit(&mut self, words: &str, at: i64, chance: &mut Chance) -> Option<ChangeHash>;

    /// Takes in changes or whole documents; false if they are none.
    fn merge(&mut self, parts: &[Vec<u8>]) -> bool;

    /// The whole document.
    fn save(&mut self) -> Vec<u8>;

    /// All that a reader sees, to be compared with another's.
    fn content(&mut self) -> String;
}
