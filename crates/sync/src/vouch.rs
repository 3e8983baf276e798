//! Vouching: authorship that survives snapshots.
//!
//! A chunk's signature says who sent it, but a snapshot holds everyone's
//! changes. So each device signs, beside its chunks, the hash of its own actor's
//! latest change. Changes are linked by hash, hence one signature vouches for
//! all that actor's changes before it, whoever passes them on.

use minicbor::{Decode, Encode};

use crate::{
    ids::{ChangeHash, DeviceId, PlanId, Signature},
    keys::{DeviceKey, verify},
    label,
};

/// The name under which changes were made in the document; opaque here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct ActorId(
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub Vec<u8>,
);

/// A device's word that a change, and all its actor's before it, are its own.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Vouch {
    /// Who vouches.
    #[n(0)]
    pub device: DeviceId,
    /// The actor the device wrote as.
    #[n(1)]
    pub actor: ActorId,
    /// The actor's latest change.
    #[n(2)]
    pub change: ChangeHash,
    /// The device's signature over all of it and the plan.
    #[n(3)]
    pub signature: Signature,
    /// The plan it was made for, where that is not this one: a plan that moved
    /// to new keys has another name. The change is named by its hash, so what
    /// is vouched for is the same.
    #[n(4)]
    pub plan: Option<PlanId>,
}

impl Vouch {
    /// Vouches for `change` as this device's own.
    pub fn make(key: &DeviceKey, plan: &PlanId, actor: ActorId, change: ChangeHash) -> Self {
        let signature = key.sign(&digest(plan, &actor, &change));
        Self {
            device: key.id(),
            actor,
            change,
            signature,
            plan: None,
        }
    }

    /// The same word, to be kept under the plan's new keys; `plan` is the name
    /// that it had.
    #[must_use]
    pub fn from_before(mut self, plan: PlanId) -> Self {
        self.plan.get_or_insert(plan);
        self
    }

    /// Whether the device it names made it, for this plan or the one it names.
    pub fn holds(&self, plan: &PlanId) -> bool {
        let plan = self.plan.as_ref().unwrap_or(plan);
        let digest = digest(plan, &self.actor, &self.change);
        verify(&self.device.0, &digest, &self.signature)
    }
}

/// This device's vouches for the latest change of each of its actors.
pub fn for_all(
    key: &DeviceKey,
    plan: &PlanId,
    authored: impl IntoIterator<Item = (ActorId, ChangeHash)>,
) -> Vec<Vouch> {
    authored
        .into_iter()
        .map(|(actor, change)| Vouch::make(key, plan, actor, change))
        .collect()
}

/// Those of the vouches that hold. One that doesn't is left out, so that what
/// it spoke for shows as vouched for by no one.
pub(crate) fn that_hold(mut vouches: Vec<Vouch>, plan: &PlanId) -> Vec<Vouch> {
    vouches.retain(|vouch| vouch.holds(plan));
    vouches
}

fn digest(plan: &PlanId, actor: &ActorId, change: &ChangeHash) -> [u8; 32] {
    label::hash(label::VOUCH, &[&plan.0, &actor.0, &change.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: PlanId = PlanId([1; 32]);

    fn vouch() -> Vouch {
        let key = DeviceKey::from_bytes(&[5; 32]);
        Vouch::make(&key, &PLAN, ActorId(vec![1, 2]), ChangeHash([6; 32]))
    }

    #[test]
    fn holds_for_what_was_signed() {
        assert!(vouch().holds(&PLAN));
    }

    #[test]
    fn holds_under_new_keys_if_it_names_the_plan_it_was_made_for() {
        let kept = vouch().from_before(PLAN);
        assert!(kept.holds(&PlanId([2; 32])) && kept.holds(&PLAN));
        assert_eq!(kept.clone().from_before(PlanId([3; 32])), kept);
        assert!(!vouch().from_before(PlanId([3; 32])).holds(&PLAN));
    }

    #[test]
    fn does_not_hold_for_anything_else() {
        assert!(!vouch().holds(&PlanId([2; 32])));
        let other = DeviceKey::from_bytes(&[4; 32]).id();
        for change in [
            Vouch {
                device: other,
                ..vouch()
            },
            Vouch {
                actor: ActorId(vec![1]),
                ..vouch()
            },
            Vouch {
                change: ChangeHash([7; 32]),
                ..vouch()
            },
        ] {
            assert!(!change.holds(&PLAN));
        }
    }
}
