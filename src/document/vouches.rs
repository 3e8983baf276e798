//! Who wrote what, as the devices signed it: what is handed on with a snapshot.

use std::collections::{BTreeMap, BTreeSet};

use plan::{Hash, PlanDoc};
use sync::ids::DeviceId;
use sync::vouch::{ActorId, Vouch};

/// The latest vouch of each device for each of its actors.
#[derive(Default)]
pub(super) struct Vouches(BTreeMap<(DeviceId, ActorId), Vouch>);

impl Vouches {
    /// Takes what is not older than what is known: files and snapshots bring
    /// older ones too. Gives back what it took.
    pub(super) fn take(&mut self, vouches: &[Vouch], doc: &mut PlanDoc) -> Vec<Vouch> {
        let mut taken = Vec::new();
        for vouch in vouches {
            let key = (vouch.device, vouch.actor.clone());
            let mut number = |vouch: &Vouch| doc.number_by_actor(&vouch.change.0);
            let known = self.0.get(&key).and_then(&mut number);
            if number(vouch) >= known {
                self.0.insert(key, vouch.clone());
                taken.push(vouch.clone());
            }
        }
        taken
    }

    /// Those that speak of one of these changes.
    pub(super) fn of(&self, changes: &BTreeSet<Hash>) -> Vec<Vouch> {
        let vouches = self.0.values();
        vouches
            .filter(|vouch| changes.contains(&vouch.change.0))
            .cloned()
            .collect()
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<Vouch> {
        self.0.values().cloned().collect()
    }
}
