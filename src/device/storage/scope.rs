//! One transaction, and what is done in it.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbObjectStore, IdbRequest, IdbTransaction};

use super::{
    StorageError,
    identity::DatabaseName,
    request::answer,
    stores::{Store, record},
};

/// A transaction that is open, with the stores it was opened for.
pub(super) struct Scope<'a> {
    transaction: &'a IdbTransaction,
    database: DatabaseName,
}

impl<'a> Scope<'a> {
    pub(super) fn new(transaction: &'a IdbTransaction, database: DatabaseName) -> Self {
        Self {
            transaction,
            database,
        }
    }

    /// The name of the database it is in.
    pub(super) fn database(&self) -> DatabaseName {
        self.database
    }

    /// Asks for a record to be written. Whether it was, the end of the
    /// transaction tells. Nothing is waited for, so that a page that is about
    /// to go can still say all it has to in one breath.
    pub(super) fn put(&self, store: Store, key: JsValue, bytes: &[u8]) -> Result<(), StorageError> {
        self.store(store)?.put_with_key(&record(bytes), &key)?;
        Ok(())
    }

    /// Asks for a record, or a range of them, to be deleted; as [`Scope::put`].
    pub(super) fn delete(&self, store: Store, key: JsValue) -> Result<(), StorageError> {
        self.store(store)?.delete(&key)?;
        Ok(())
    }

    /// A record.
    pub(super) async fn get(
        &self,
        store: Store,
        key: JsValue,
    ) -> Result<Option<JsValue>, StorageError> {
        record_of(&self.store(store)?.get(&key)?).await
    }

    /// Several records, each with what it was asked for by. Those that are not
    /// there are left out.
    pub(super) async fn get_each<T>(
        &self,
        store: Store,
        keys: impl IntoIterator<Item = (T, JsValue)>,
    ) -> Result<Vec<(T, JsValue)>, StorageError> {
        let store = self.store(store)?;
        // All are asked for before the first is waited for.
        let asked = keys
            .into_iter()
            .map(|(name, key)| Ok((name, store.get(&key)?)))
            .collect::<Result<Vec<_>, StorageError>>()?;
        let mut records = Vec::with_capacity(asked.len());
        for (name, request) in asked {
            records.extend(record_of(&request).await?.map(|record| (name, record)));
        }
        Ok(records)
    }

    /// The keys in a range.
    pub(super) async fn keys(
        &self,
        store: Store,
        range: JsValue,
    ) -> Result<Vec<JsValue>, StorageError> {
        list(&self.store(store)?.get_all_keys_with_key(&range)?).await
    }

    /// The records in a range, with their keys.
    pub(super) async fn all(
        &self,
        store: Store,
        range: JsValue,
    ) -> Result<Vec<(JsValue, JsValue)>, StorageError> {
        let store = self.store(store)?;
        let keys = store.get_all_keys_with_key(&range)?;
        let records = store.get_all_with_key(&range)?;
        let keys = list(&keys).await?;
        let records = list(&records).await?;
        // Within a transaction both are of one moment and in one order.
        Ok(keys.into_iter().zip(records).collect())
    }

    /// The records of a whole store.
    pub(super) async fn whole(&self, store: Store) -> Result<Vec<JsValue>, StorageError> {
        list(&self.store(store)?.get_all()?).await
    }

    /// How many records there are in a range.
    pub(super) async fn count(&self, store: Store, range: JsValue) -> Result<u32, StorageError> {
        let count = answer(&self.store(store)?.count_with_key(&range)?).await?;
        Ok(count.as_f64().unwrap_or_default() as u32)
    }

    fn store(&self, store: Store) -> Result<IdbObjectStore, StorageError> {
        Ok(self.transaction.object_store(store.name())?)
    }
}

/// The record that a request found, if it found one.
async fn record_of(request: &IdbRequest) -> Result<Option<JsValue>, StorageError> {
    let record = answer(request).await?;
    Ok((!record.is_undefined()).then_some(record))
}

/// The list that a request found.
async fn list(request: &IdbRequest) -> Result<Vec<JsValue>, StorageError> {
    let list: Array = answer(request).await?.unchecked_into();
    Ok(list.iter().collect())
}
