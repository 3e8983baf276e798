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

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Change {
    #[n(0)]
    pub actor: Vec<u8>,
    #[n(1)]
    pub text: String,
    #[n(2)]
    pub parents: Vec<ChangeHash>,
}

impl Change {
    fn hash(&self) -> ChangeHash {
        ChangeHash(Sha256::digest(self.to_bytes()).into())
    }

    fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap()
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// The actor of the device this copy is on.
    pub actor: Vec<u8>,
    changes: BTreeMap<ChangeHash, Change>,
    held_back: BTreeMap<ChangeHash, Change>,
}

impl Graph {
    pub fn new(actor: u8) -> Self {
        Self {
            actor: vec![actor],
            ..Self::default()
        }
    }

    pub fn edit(&mut self, text: &str) {
        let change = Change {
            actor: self.actor.clone(),
            text: text.to_owned(),
            parents: self.heads(),
        };
        self.changes.insert(change.hash(), change);
    }

    /// Merges a batch; false if it is nothing a document can take.
    pub fn merge(&mut self, batch: &[u8]) -> bool {
        let Ok(changes) = minicbor::decode::<Vec<Change>>(batch) else {
            return false;
        };
        let new = changes.into_iter().map(|change| (change.hash(), change));
        self.held_back.extend(new);
        while let Some(hash) = self.next_with_ground() {
            let change = self.held_back.remove(&hash).unwrap();
            self.changes.insert(hash, change);
        }
        true
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

    /// All texts, in no order that depends on who merged when.
    pub fn texts(&self) -> BTreeSet<&str> {
        self.changes.values().map(|c| c.text.as_str()).collect()
    }

    fn ancestors(&self, of: &[ChangeHash]) -> BTreeSet<ChangeHash> {
        let mut found = BTreeSet::new();
        let mut open = of.to_vec();
        while let Some(hash) = open.pop() {
            assert!(
                self.changes.contains_key(&hash),
                "asked about what it lacks"
            );
            if found.insert(hash) {
                open.extend(&self.changes[&hash].parents);
            }
        }
        found
    }

    fn latest_of_own(&self, among: impl Iterator<Item = ChangeHash>) -> Vec<(ActorId, ChangeHash)> {
        let own: Vec<_> = among
            .filter(|hash| self.changes[hash].actor == self.actor)
            .collect();
        own.iter()
            .filter(|hash| {
                let mut others = own.iter().filter(|other| other != hash);
                !others.any(|other| self.ancestors(&[*other]).contains(*hash))
            })
            .map(|hash| (ActorId(self.actor.clone()), *hash))
            .collect()
    }
}

/// One batch of one change, as sealed by hand in a test.
pub fn batch(text: &str, parents: Vec<ChangeHash>) -> (Vec<u8>, ChangeHash) {
    let change = Change {
        actor: b"test".to_vec(),
        text: text.to_owned(),
        parents,
    };
    let hash = change.hash();
    (minicbor::to_vec(vec![change]).unwrap(), hash)
}

impl Document for Graph {
    fn heads(&mut self) -> Vec<ChangeHash> {
        let parents: BTreeSet<_> = self.changes.values().flat_map(|c| &c.parents).collect();
        let heads = self.changes.keys().filter(|hash| !parents.contains(hash));
        heads.copied().collect()
    }

    fn has(&mut self, change: &ChangeHash) -> bool {
        self.changes.contains_key(change)
    }

    fn changes_since(&mut self, since: &[ChangeHash]) -> Collected {
        let known = self.ancestors(since);
        let new: Vec<_> = self
            .changes
            .iter()
            .filter(|(hash, _)| !known.contains(hash))
            .collect();
        Collected {
            changes: new
                .iter()
                .map(|(_, change)| minicbor::to_vec(vec![change]).unwrap())
                .collect(),
            authored: self.latest_of_own(new.iter().map(|(hash, _)| **hash)),
            vouches: Vec::new(),
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        let all: Vec<_> = self.changes.values().collect();
        Snapshot {
            bytes: minicbor::to_vec(all).unwrap(),
            authored: self.latest_of_own(self.changes.keys().copied()),
            vouches: Vec::new(),
        }
    }
}
