//! The plans on this device: what opens them, and what the list shows.

use minicbor::{Decode, Encode};
use plan::value::UnixSeconds;
use sync::{
    closing::Access,
    ids::{DeviceId, PlanId, PublicKey},
    keys::{EditSecret, PlanKeys, ReadSecret},
    relay_url::RelayUrl,
};
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    scope::Scope,
    stores::{Store, all_of, bytes, plan_key},
};
use crate::device::cbor;

/// A plan on this device.
#[derive(Debug, Clone)]
pub struct PlanRecord {
    /// All the plan's keys, or those for reading.
    pub keys: PlanKeys,
    /// The relay it is kept at, if at any.
    pub relay: Option<RelayUrl>,
    /// The plan's title when it was last open.
    pub title: String,
    /// When it last changed here.
    pub changed_at: UnixSeconds,
    /// When it came to this device.
    pub joined_at: UnixSeconds,
    /// The plan that goes on in its place, under new keys. What is still written
    /// here can be brought there.
    pub moved_to: Option<PlanId>,
    /// A move to new keys that was begun here and is not done.
    pub moving: Option<Moving>,
}

/// A move to new keys that is under way. It is kept before anything is done, so
/// that it can be gone on with after a stop at any point.
#[derive(Debug, Clone)]
pub struct Moving {
    /// What the new keys come from.
    pub secret: EditSecret,
    /// The devices that are to follow by themselves.
    pub chosen: Vec<(DeviceId, Access)>,
    /// Whether the old log may say already that the plan has moved. From then on
    /// the move can't be given up.
    pub is_announced: bool,
}

/// The plans on this device.
#[derive(Debug, Clone, Default)]
pub struct Plans {
    /// Those that can be opened, in no order.
    pub records: Vec<PlanRecord>,
    /// How many can't: their keys are damaged. They stay where they are.
    pub damaged: usize,
}

impl PlanRecord {
    /// The plan's id.
    pub fn id(&self) -> PlanId {
        self.keys.id()
    }

    /// The plan under new keys, where a move to them is not done.
    pub fn comes_as(&self) -> Option<PlanId> {
        let moving = self.moving.as_ref().filter(|_| self.moved_to.is_none())?;
        Some(moving.keys().id())
    }
}

impl Moving {
    /// The new keys.
    pub fn keys(&self) -> PlanKeys {
        PlanKeys::edit(self.secret.clone())
    }
}

impl Storage {
    /// All plans.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn plans(&self) -> Result<Plans, StorageError> {
        let records = self
            .database
            .read(&[Store::Plans], async |scope| {
                scope.whole(Store::Plans).await
            })
            .await?;
        let mut plans = Plans::default();
        for record in records {
            match read(&record) {
                Some(record) => plans.records.push(record),
                None => plans.damaged += 1,
            }
        }
        Ok(plans)
    }

    /// One plan, if it is here.
    ///
    /// # Errors
    /// When the database can't be read, or the record is damaged.
    pub async fn plan(&self, plan: PlanId) -> Result<Option<PlanRecord>, StorageError> {
        self.database
            .read(&[Store::Plans], async |scope| kept_plan(scope, plan).await)
            .await
    }

    /// Keeps a plan's record, in place of the one before.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub async fn put_plan(&self, plan: &PlanRecord) -> Result<(), StorageError> {
        let kept = write(plan);
        self.database
            .write(&[Store::Plans], Durability::Strict, async |scope| {
                scope.put(Store::Plans, plan_key(plan.id()), &kept)
            })
            .await
    }

    /// Changes a plan's record, such as its title; nothing if it is not here.
    /// Read and written in one transaction, so that tabs don't undo each
    /// other's.
    ///
    /// # Errors
    /// When it could not be made durable, or the record is damaged.
    pub async fn update_plan(
        &self,
        plan: PlanId,
        change: impl Fn(&mut PlanRecord),
    ) -> Result<(), StorageError> {
        self.database
            .write(&[Store::Plans], Durability::Strict, async |scope| {
                let Some(mut kept) = kept_plan(scope, plan).await? else {
                    return Ok(());
                };
                change(&mut kept);
                scope.put(Store::Plans, plan_key(plan), &write(&kept))
            })
            .await
    }

    /// Takes a plan off this device, with all that is known of it. What is at
    /// the relay and on other devices stays.
    ///
    /// # Errors
    /// When it could not be done; then all of it is still here.
    pub async fn delete_plan(&self, plan: PlanId) -> Result<(), StorageError> {
        self.database
            .write(&Store::ALL, Durability::Strict, async |scope| {
                for store in [Store::Plans, Store::Sync] {
                    scope.delete(store, plan_key(plan))?;
                }
                for store in Store::OF_A_PLAN {
                    scope.delete(store, all_of(plan))?;
                }
                Ok(())
            })
            .await
    }
}

async fn kept_plan(scope: &Scope<'_>, plan: PlanId) -> Result<Option<PlanRecord>, StorageError> {
    let kept = scope.get(Store::Plans, plan_key(plan)).await?;
    kept.map(|kept| read(&kept).ok_or(StorageError::Damaged(Store::Plans.name())))
        .transpose()
}

/// The record as it is on the disk.
#[derive(Encode, Decode)]
struct Kept {
    #[n(0)]
    keys: KeptKeys,
    #[n(1)]
    relay: Option<String>,
    #[n(2)]
    title: String,
    #[n(3)]
    changed_at: UnixSeconds,
    #[n(4)]
    joined_at: UnixSeconds,
    #[n(5)]
    moved_to: Option<PlanId>,
    #[n(6)]
    moving: Option<KeptMoving>,
}

#[derive(Encode, Decode)]
struct KeptMoving {
    #[n(0)]
    secret: EditSecret,
    /// Each with whether it may write.
    #[n(1)]
    chosen: Vec<(DeviceId, bool)>,
    #[n(2)]
    is_announced: bool,
}

impl From<&Moving> for KeptMoving {
    fn from(moving: &Moving) -> Self {
        let chosen = moving.chosen.iter();
        Self {
            secret: moving.secret.clone(),
            chosen: chosen
                .map(|(device, access)| (*device, *access == Access::Write))
                .collect(),
            is_announced: moving.is_announced,
        }
    }
}

impl From<KeptMoving> for Moving {
    fn from(kept: KeptMoving) -> Self {
        let access = |may_write| match may_write {
            true => Access::Write,
            false => Access::Read,
        };
        let chosen = kept.chosen.into_iter();
        Self {
            secret: kept.secret,
            chosen: chosen
                .map(|(device, may_write)| (device, access(may_write)))
                .collect(),
            is_announced: kept.is_announced,
        }
    }
}

#[derive(Encode, Decode)]
enum KeptKeys {
    #[n(0)]
    Edit(#[n(0)] EditSecret),
    #[n(1)]
    Read(#[n(0)] ReadSecret, #[n(1)] PublicKey),
}

fn write(plan: &PlanRecord) -> Vec<u8> {
    let keys = match plan.keys.edit_secret() {
        Some(secret) => KeptKeys::Edit(secret.clone()),
        None => KeptKeys::Read(plan.keys.read_secret().clone(), plan.keys.write_public()),
    };
    cbor::encode(&Kept {
        keys,
        relay: plan.relay.as_ref().map(ToString::to_string),
        title: plan.title.clone(),
        changed_at: plan.changed_at,
        joined_at: plan.joined_at,
        moved_to: plan.moved_to,
        moving: plan.moving.as_ref().map(KeptMoving::from),
    })
}

fn read(record: &JsValue) -> Option<PlanRecord> {
    read_bytes(&bytes(record)?)
}

fn read_bytes(bytes: &[u8]) -> Option<PlanRecord> {
    let kept: Kept = cbor::decode(bytes)?;
    Some(PlanRecord {
        keys: match kept.keys {
            KeptKeys::Edit(secret) => PlanKeys::edit(secret),
            KeptKeys::Read(secret, write_public) => PlanKeys::read(secret, write_public),
        },
        relay: kept.relay.map(|relay| relay.parse()).transpose().ok()?,
        title: kept.title,
        changed_at: kept.changed_at,
        joined_at: kept.joined_at,
        moved_to: kept.moved_to,
        moving: kept.moving.map(Moving::from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(keys: PlanKeys) -> PlanRecord {
        PlanRecord {
            keys,
            relay: Some("https://relay.example".parse().expect("an address")),
            title: String::from("Handlingsplan"),
            changed_at: 1_760_000_000,
            joined_at: 1_750_000_000,
            moved_to: Some(PlanId([3; 32])),
            moving: Some(Moving {
                secret: EditSecret::from_bytes([8; 32]),
                chosen: vec![
                    (DeviceId([1; 32]), Access::Write),
                    (DeviceId([2; 32]), Access::Read),
                ],
                is_announced: true,
            }),
        }
    }

    #[test]
    fn a_record_comes_back_with_the_keys_it_had() {
        let edit = PlanKeys::edit(EditSecret::from_bytes([7; 32]));
        for keys in [edit.clone(), edit.to_read_only()] {
            let kept = record(keys.clone());
            let back = read_bytes(&write(&kept)).expect("as it was written");
            assert_eq!(
                (back.id(), back.keys.can_write()),
                (keys.id(), keys.can_write())
            );
            assert_eq!((back.relay, back.title), (kept.relay, kept.title));
            assert_eq!(
                (back.changed_at, back.joined_at, back.moved_to),
                (kept.changed_at, kept.joined_at, kept.moved_to)
            );
            let (back, kept) = (back.moving.expect("kept"), kept.moving.expect("kept"));
            assert_eq!(
                (back.secret.expose(), back.chosen, back.is_announced),
                (kept.secret.expose(), kept.chosen, kept.is_announced)
            );
        }
    }

    #[test]
    fn a_cut_record_is_none() {
        let kept = write(&record(PlanKeys::edit(EditSecret::from_bytes([7; 32]))));
        for length in 0..kept.len() {
            assert!(read_bytes(&kept[..length]).is_none());
        }
    }
}
