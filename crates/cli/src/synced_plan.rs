//! The plan as a session sees it: hashes and bytes.

use std::collections::BTreeMap;

use plan::{DeviceName, Hash, PlanDoc};
use sync::{
    ids::{ChangeHash, DeviceId},
    session::{Collected, Document, Snapshot},
    vouch::{ActorId, Vouch},
};

/// A plan lent to a session for one event.
pub struct SyncedPlan<'a> {
    pub doc: &'a mut PlanDoc,
    pub device: &'a DeviceName,
    pub vouches: &'a BTreeMap<(DeviceId, ActorId), Vouch>,
    /// Whether the plan is still nothing but its shared beginning, in a file
    /// that is yet to be joined: that is nothing to send anybody.
    pub is_blank: bool,
    /// How many changes the session has taken to send.
    pub sent: &'a mut usize,
}

impl SyncedPlan<'_> {
    fn authored(&mut self, since: &[Hash]) -> Vec<(ActorId, ChangeHash)> {
        let latest = self.doc.latest_by(self.device, since).into_iter();
        latest
            .map(|(actor, change)| (ActorId(actor), ChangeHash(change)))
            .collect()
    }
}

impl Document for SyncedPlan<'_> {
    fn heads(&mut self) -> Vec<ChangeHash> {
        if self.is_blank {
            return Vec::new();
        }
        self.doc.heads().into_iter().map(ChangeHash).collect()
    }

    fn has(&mut self, change: &ChangeHash) -> bool {
        self.doc.contains(&[change.0])
    }

    fn changes_since(&mut self, since: &[ChangeHash]) -> Collected {
        let since: Vec<_> = since.iter().map(|change| change.0).collect();
        let changes = self.doc.changes_since(&since);
        *self.sent += changes.len();
        let hashes = self.doc.hashes_since(&since);
        let vouches = self.vouches.values();
        Collected {
            changes,
            authored: self.authored(&since),
            vouches: vouches
                .filter(|vouch| hashes.contains(&vouch.change.0))
                .cloned()
                .collect(),
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        Snapshot {
            bytes: self.doc.save(),
            authored: self.authored(&[]),
            vouches: self.vouches.values().cloned().collect(),
        }
    }

    fn heads_of(&mut self, snapshot: &[u8]) -> Option<Vec<ChangeHash>> {
        let heads = PlanDoc::heads_of(snapshot).into_iter();
        Some(heads.map(ChangeHash).collect())
    }
}
