//! The least that can be a document: a set of changes that do not build on one
//! another, each one byte.

use std::collections::BTreeSet;

use sync::{
    ids::ChangeHash,
    session::{Collected, Document, Snapshot},
    vouch::ActorId,
};

#[derive(Clone, Default)]
pub(crate) struct Set(BTreeSet<u8>);

/// The hash of a change.
pub(crate) fn hash(change: u8) -> ChangeHash {
    ChangeHash([change; 32])
}

impl Set {
    pub(crate) fn insert(&mut self, change: u8) {
        self.0.insert(change);
    }

    /// Takes a batch in; false if it is none.
    pub(crate) fn merge(&mut self, batch: &[u8]) -> bool {
        match batch {
            [change] => {
                self.insert(*change);
                true
            }
            _ => false,
        }
    }
}

impl Document for Set {
    fn heads(&mut self) -> Vec<ChangeHash> {
        self.0.iter().copied().map(hash).collect()
    }

    fn has(&mut self, change: &ChangeHash) -> bool {
        self.0.contains(&change.0[0]) && *change == hash(change.0[0])
    }

    fn changes_since(&mut self, since: &[ChangeHash]) -> Collected {
        assert!(
            since.iter().all(|change| self.has(change)),
            "asked about what it lacks"
        );
        let new = self
            .0
            .iter()
            .filter(|change| !since.contains(&hash(**change)));
        Collected {
            changes: new.map(|change| vec![*change]).collect(),
            authored: vec![(ActorId(vec![1]), hash(1))],
            vouches: Vec::new(),
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        Snapshot {
            bytes: self.0.iter().copied().collect(),
            ..Snapshot::default()
        }
    }
}
