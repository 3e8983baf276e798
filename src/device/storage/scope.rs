//! One transaction, and what is done in it.

use indexed_db_futures::{
    BuildPrimitive, object_store::ObjectStore, query_source::QuerySource, transaction::Transaction,
};
use wasm_bindgen::JsValue;

use super::{
    StorageError,
    identity::DatabaseName,
    stores::{Store, record},
};

/// A transaction that is open, with the stores it was opened for.
pub(super) struct Scope<'a> {
    transaction: &'a Transaction<'a>,
    database: DatabaseName,
}

impl<'a> Scope<'a> {
    pub(super) fn new(transaction: &'a Transaction<'a>, database: DatabaseName) -> Self {
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
        let store = self.store(store)?;
        let put = store.put(record(bytes)).with_key(key);
        drop(put.without_key_type().primitive()?);
        Ok(())
    }

    /// Asks for a record, or a range of them, to be deleted; as [`Scope::put`].
    pub(super) fn delete(&self, store: Store, key: JsValue) -> Result<(), StorageError> {
        drop(self.store(store)?.delete(key).primitive()?);
        Ok(())
    }

    /// A record.
    pub(super) async fn get(
        &self,
        store: Store,
        key: JsValue,
    ) -> Result<Option<JsValue>, StorageError> {
        Ok(self.store(store)?.get(key).await?)
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
            .map(|(name, key)| Ok((name, store.get::<JsValue, _, _>(key).primitive()?)))
            .collect::<Result<Vec<_>, StorageError>>()?;
        let mut records = Vec::with_capacity(asked.len());
        for (name, record) in asked {
            records.extend(record.await?.map(|record| (name, record)));
        }
        Ok(records)
    }

    /// The keys in a range.
    pub(super) async fn keys(
        &self,
        store: Store,
        range: JsValue,
    ) -> Result<Vec<JsValue>, StorageError> {
        let store = self.store(store)?;
        let keys = store.get_all_keys::<JsValue>().with_query(range).await?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// The records in a range, with their keys.
    pub(super) async fn all(
        &self,
        store: Store,
        range: JsValue,
    ) -> Result<Vec<(JsValue, JsValue)>, StorageError> {
        let store = self.store(store)?;
        let keys = store
            .get_all_keys::<JsValue>()
            .with_query(range.clone())
            .primitive()?;
        let records = store.get_all::<JsValue>().with_query(range).primitive()?;
        let keys = keys.await?.collect::<Result<Vec<_>, _>>()?;
        let records = records.await?.collect::<Result<Vec<_>, _>>()?;
        // Within a transaction both are of one moment and in one order.
        Ok(keys.into_iter().zip(records).collect())
    }

    /// The records of a whole store.
    pub(super) async fn whole(&self, store: Store) -> Result<Vec<JsValue>, StorageError> {
        let records = self.store(store)?.get_all::<JsValue>().await?;
        Ok(records.collect::<Result<_, _>>()?)
    }

    /// How many records there are in a range.
    pub(super) async fn count(&self, store: Store, range: JsValue) -> Result<u32, StorageError> {
        Ok(self.store(store)?.count().with_query(range).await?)
    }

    fn store(&self, store: Store) -> Result<ObjectStore<'_>, StorageError> {
        Ok(self.transaction.object_store(store.name())?)
    }
}
