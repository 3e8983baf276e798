//! Who wrote what, as the devices signed it.

use indexed_db_futures::query_source::QuerySource;
use sync::{ids::PlanId, vouch::Vouch};
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    stores::{Store, all_of, bytes, key_in, record},
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
            .write(
                &[Store::Vouches],
                Durability::Relaxed,
                async |transaction| {
                    let store = transaction.object_store(Store::Vouches.name())?;
                    for vouch in vouches {
                        let kept = cbor::encode(vouch);
                        store
                            .put(record(&kept))
                            .with_key(key(plan, vouch))
                            .without_key_type()
                            .await?;
                    }
                    Ok(())
                },
            )
            .await
    }

    /// A plan's vouches. Damaged ones are left out: what they spoke for shows
    /// as vouched for by no one.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn vouches(&self, plan: PlanId) -> Result<Vec<Vouch>, StorageError> {
        self.database
            .read(&[Store::Vouches], async |transaction| {
                let store = transaction.object_store(Store::Vouches.name())?;
                let records = store.get_all::<JsValue>().with_query(all_of(plan)).await?;
                let records = records.collect::<Result<Vec<_>, _>>()?;
                Ok(records
                    .iter()
                    .filter_map(|record| cbor::decode(&bytes(record)?))
                    .collect())
            })
            .await
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
