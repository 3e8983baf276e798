//! What a session keeps over restarts.

use indexed_db_futures::{BuildPrimitive, query_source::QuerySource, transaction::Transaction};
use sync::{
    ids::PlanId,
    session::{Save, SavedState},
};
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    stores::{Store, all_of, bytes, key_in, number_in, plan_key, record},
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
                async |transaction| {
                    let state = transaction.object_store(Store::Sync.name())?;
                    let outbox = transaction.object_store(Store::Outbox.name())?;
                    for number in &save.remove {
                        outbox.delete(chunk_key(plan, *number)).await?;
                    }
                    for (number, chunk) in &save.put {
                        let key = chunk_key(plan, *number);
                        outbox
                            .put(record(chunk))
                            .with_key(key)
                            .without_key_type()
                            .await?;
                    }
                    state
                        .put(record(&save.state))
                        .with_key(plan_key(plan))
                        .without_key_type()
                        .await?;
                    Ok(())
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
        self.database
            .read(&[Store::Sync, Store::Outbox], async |transaction| {
                let state = transaction.object_store(Store::Sync.name())?;
                let state = state.get::<JsValue, _, _>(plan_key(plan)).await?;
                let mut saved = SavedState {
                    state: state.and_then(|state| bytes(&state)).map(Into::into),
                    ..SavedState::default()
                };
                for (number, chunk) in outbox(transaction, plan).await? {
                    saved.outbox.insert(number, chunk.into());
                }
                Ok(saved)
            })
            .await
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
                async |transaction| {
                    transaction
                        .object_store(Store::Sync.name())?
                        .delete(plan_key(plan))
                        .await?;
                    transaction
                        .object_store(Store::Outbox.name())?
                        .delete(all_of(plan))
                        .await?;
                    Ok(())
                },
            )
            .await
    }
}

async fn outbox(
    transaction: &Transaction<'_>,
    plan: PlanId,
) -> Result<Vec<(u64, Vec<u8>)>, StorageError> {
    let store = transaction.object_store(Store::Outbox.name())?;
    // Both are asked for before either is waited for; they come in the same order.
    let keys = store
        .get_all_keys::<JsValue>()
        .with_query(all_of(plan))
        .primitive()?;
    let chunks = store
        .get_all::<JsValue>()
        .with_query(all_of(plan))
        .primitive()?;
    let keys = keys.await?.collect::<Result<Vec<_>, _>>()?;
    let chunks = chunks.await?.collect::<Result<Vec<_>, _>>()?;
    let whole = |(key, chunk): (&JsValue, &JsValue)| Some((number_in(key)?, bytes(chunk)?));
    Ok(keys.iter().zip(&chunks).filter_map(whole).collect())
}

/// Numbers count one device's chunks of one plan, far below the 2^53 that a
/// key of the database counts exactly.
fn chunk_key(plan: PlanId, number: u64) -> JsValue {
    key_in(plan, [(number as f64).into()])
}
