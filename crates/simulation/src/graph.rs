//! A document reduced to what synchronisation is about: changes that build on
//! changes. What lacks its ground is held back until that comes, as CRDT
//! libraries do.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};
use sync::{
    ids::ChangeHash,
    session::{Collected, Document, Snapshot},
    vouch::ActorId,
};

use crate::{chance::Chance, replica::Replica};

/// Something written, and what its writer knew.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Change {
    #[n(0)]
    actor: Vec<u8>,
    #[n(1)]
    text: String,
    #[n(2)]
    parents: Vec<ChangeHash>,
    /// By the writer's wall clock: only said, never compared.
    #[n(3)]
    at: i64,
}

impl Change {
    fn hash(&self) -> ChangeHash {
        ChangeHash(Sha256::digest(encode(self)).into())
    }
}

/// The reduced document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// The actor of the device this copy is on.
    actor: Vec<u8>,
    changes: BTreeMap<ChangeHash, Change>,
    heads: BTreeSet<ChangeHash>,
    held_back: BTreeMap<ChangeHash, Change>,
}

impl Graph {
    /// All texts, in no order that depends on who merged when.
    pub fn texts(&self) -> BTreeSet<&str> {
        self.changes.values().map(|c| c.text.as_str()).collect()
    }

    fn take(&mut self, hash: ChangeHash, change: Change) {
        for parent in &change.parents {
            self.heads.remove(parent);
        }
        self.heads.insert(hash);
        self.changes.insert(hash, change);
    }

    fn next_with_ground(&self) -> Option<ChangeHash> {
        let has_ground = |change: &Change| {
            let mut parents = change.parents.iter();
            parents.all(|parent| self.changes.contains_key(parent))
        };
        let mut held_back = self.held_back.iter();
        held_back
            .find(|(_, change)| has_ground(change))
            .map(|(hash, _)| *hash)
    }

    fn with_ancestors(&self, of: impl IntoIterator<Item = ChangeHash>) -> BTreeSet<ChangeHash> {
        let mut found = BTreeSet::new();
        let mut open: Vec<_> = of.into_iter().collect();
        while let Some(hash) = open.pop() {
            let change = self.changes.get(&hash);
            let change = change.expect("a session asks only about what is here");
            if found.insert(hash) {
                open.extend(&change.parents);
            }
        }
        found
    }

    fn latest_of_own<'a>(
        &self,
        among: impl Iterator<Item = (&'a ChangeHash, &'a Change)>,
    ) -> Vec<(ActorId, ChangeHash)> {
        let own: Vec<_> = among.filter(|(_, c)| c.actor == self.actor).collect();
        let parents = own.iter().flat_map(|(_, c)| c.parents.iter().copied());
        let before = self.with_ancestors(parents);
        own.iter()
            .filter(|(hash, _)| !before.contains(hash))
            .map(|(hash, _)| (ActorId(self.actor.clone()), **hash))
            .collect()
    }
}

/// One batch of one change, as sealed by hand in a test.
pub fn batch(text: &str, parents: Vec<ChangeHash>) -> (Vec<u8>, ChangeHash) {
    let change = Change {
        actor: b"test".to_vec(),
        text: text.to_owned(),
        parents,
        at: 0,
    };
    (encode(&vec![&change]), change.hash())
}

fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("writing into memory does not fail")
}

impl Replica for Graph {
    fn blank(device: &[u8; 32], _copy: u64) -> Self {
        Self {
            actor: device.to_vec(),
            ..Self::default()
        }
    }

    fn edit(&mut self, words: &str, at: i64, _: &mut Chance) -> Option<ChangeHash> {
        let change = Change {
            actor: self.actor.clone(),
            text: words.to_owned(),
            parents: self.heads(),
            at,
        };
        let hash = change.hash();
        self.take(hash, change);
        Some(hash)
    }

    fn merge(&mut self, parts: &[Vec<u8>]) -> bool {
        let read = |part: &Vec<u8>| minicbor::decode::<Vec<Change>>(part);
        let Ok(batches) = parts.iter().map(read).collect::<Result<Vec<_>, _>>() else {
            return false;
        };
        for change in batches.into_iter().flatten() {
            let hash = change.hash();
            if !self.changes.contains_key(&hash) {
                self.held_back.insert(hash, change);
            }
        }
        while let Some(hash) = self.next_with_ground() {
            let change = self.held_back.remove(&hash).expect("it was just found");
            self.take(hash, change);
        }
        true
    }

    fn save(&mut self) -> Vec<u8> {
        let all = self.changes.values().chain(self.held_back.values());
        encode(&all.collect::<Vec<_>>())
    }

    fn content(&mut self) -> String {
        self.texts().into_iter().collect::<Vec<_>>().join("\n")
    }
}

impl Document for Graph {
    fn heads(&mut self) -> Vec<ChangeHash> {
        self.heads.iter().copied().collect()
    }

    fn has(&mut self, change: &ChangeHash) -> bool {
        self.changes.contains_key(change)
    }

    fn changes_since(&mut self, since: &[ChangeHash]) -> Collected {
        let known = self.with_ancestors(since.iter().copied());
        let new: Vec<_> = self
            .changes
            .iter()
            .filter(|(hash, _)| !known.contains(hash))
            .collect();
        Collected {
            changes: new
                .iter()
                .map(|(_, change)| encode(&vec![change]))
                .collect(),
            authored: self.latest_of_own(new.into_iter()),
            vouches: Vec::new(),
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        Snapshot {
            bytes: self.save(),
            authored: self.latest_of_own(self.changes.iter()),
            vouches: Vec::new(),
        }
    }
}
