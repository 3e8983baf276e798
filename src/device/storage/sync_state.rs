//! What a session keeps over restarts.

use sync::{
    ids::PlanId,
    session::{Save, SavedState},
};
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    stores::{Store, all_of, bytes, key_in, number_in, plan_key},
};

impl Storage {
    /// Does what a session asks to be saved, all or nothing.
    ///
    /// # Errors
    /// When it is not durable. Nothing of it is then kept.
    pub async fn save_sync(&self, plan: PlanId, save: &Save) -> Result<(), StorageError> {
        self.database
            .write(
                &[Store::Sync, Store::Outbox],
                Durability::Strict,
                async |scope| {
                    for number in &save.remove {
                        scope.delete(Store::Outbox, chunk_key(plan, *number))?;
                    }
                    for (number, chunk) in &save.put {
                        scope.put(Store::Outbox, chunk_key(plan, *number), chunk)?;
                    }
                    scope.put(Store::Sync, plan_key(plan), &save.state)
                },
            )
            .await
    }

    /// All that a session has saved. What is damaged is left out; a session
    /// makes it anew from the document.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn sync_state(&self, plan: PlanId) -> Result<SavedState, StorageError> {
        let (state, outbox) = self
            .database
            .read(&[Store::Sync, Store::Outbox], async |scope| {
                let state = scope.get(Store::Sync, plan_key(plan)).await?;
                let outbox = scope.all(Store::Outbox, all_of(plan)).await?;
                Ok((state, outbox))
            })
            .await?;
        let chunk = |(key, chunk)| Some((number_in(&key)?, bytes(&chunk)?.into()));
        Ok(SavedState {
            state: state.and_then(|state| bytes(&state)).map(Into::into),
            outbox: outbox.into_iter().filter_map(chunk).collect(),
        })
    }

    /// Forgets all that a session has saved, to begin anew.
    ///
    /// # Errors
    /// When it could not be done.
    pub async fn clear_sync_state(&self, plan: PlanId) -> Result<(), StorageError> {
        self.database
            .write(
                &[Store::Sync, Store::Outbox],
                Durability::Strict,
                async |scope| {
                    scope.delete(Store::Sync, plan_key(plan))?;
                    scope.delete(Store::Outbox, all_of(plan))
                },
            )
            .await
    }
}

/// Numbers count one device's chunks of one plan, far below the 2^53 that a
/// key of the database counts exactly.
fn chunk_key(plan: PlanId, number: u64) -> JsValue {
    key_in(plan, [(number as f64).into()])
}
