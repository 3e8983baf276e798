//! Who wrote what, as the devices signed it.

use sync::{ids::PlanId, vouch::Vouch};
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    stores::{Store, all_of, bytes, key_in},
};
use crate::device::cbor;

impl Storage {
    /// Keeps vouches, each in place of the one before of the same device for
    /// the same actor.
    ///
    /// # Errors
    /// When they could not be kept.
    pub async fn put_vouches(&self, plan: PlanId, vouches: &[Vouch]) -> Result<(), StorageError> {
        if vouches.is_empty() {
            return Ok(());
        }
        // Others have them too: lost ones come again with the next snapshot.
        self.database
            .write(&[Store::Vouches], Durability::Relaxed, async |scope| {
                for vouch in vouches {
                    scope.put(Store::Vouches, key(plan, vouch), &cbor::encode(vouch))?;
                }
                Ok(())
            })
            .await
    }

    /// A plan's vouches. Damaged ones are left out: what they spoke for shows
    /// as vouched for by no one.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn vouches(&self, plan: PlanId) -> Result<Vec<Vouch>, StorageError> {
        let records = self
            .database
            .read(&[Store::Vouches], async |scope| {
                scope.all(Store::Vouches, all_of(plan)).await
            })
            .await?;
        let read = |(_, record)| cbor::decode(&bytes(&record)?);
        Ok(records.into_iter().filter_map(read).collect())
    }
}

fn key(plan: PlanId, vouch: &Vouch) -> JsValue {
    let actor: String = vouch
        .actor
        .0
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    key_in(plan, [vouch.device.to_string().into(), actor.into()])
}
