//! What could not be used, with the reason, for whoever wants to look into it.

use indexed_db_futures::{
    BuildPrimitive, object_store::ObjectStore, query_source::QuerySource, transaction::Transaction,
};
use minicbor::{Decode, Encode, bytes::ByteVec};
use sync::{ids::PlanId, session::SetAside};
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    stores::{Store, all_of, bytes, key_in, name_in, record},
};
use crate::device::cbor;

/// Records kept for each plan. Whoever sends garbage without end must not fill
/// the disk.
const MAX_RECORDS: u32 = 100;

/// Something that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideRecord {
    /// A chunk's hash or its place at the relay, or an entry of this device.
    pub name: String,
    /// Why, in English: for whoever looks into it.
    pub reason: String,
    /// What it was.
    pub bytes: Vec<u8>,
}

#[derive(Encode, Decode)]
struct Kept {
    #[n(0)]
    reason: String,
    #[n(1)]
    bytes: ByteVec,
}

impl Storage {
    /// Keeps a chunk that could not be used.
    ///
    /// # Errors
    /// When it could not be kept, which harms nothing else.
    pub async fn set_chunk_aside(
        &self,
        plan: PlanId,
        aside: &SetAside,
    ) -> Result<(), StorageError> {
        let name = match aside.hash {
            Some(hash) => hash.to_string(),
            None => format!("chunk {}", aside.cursor),
        };
        let reason = aside.reason.to_string();
        self.database
            .write(
                &[Store::SetAside],
                Durability::Relaxed,
                async |transaction| {
                    put(transaction, plan, &name, &reason, aside.envelope.clone()).await?;
                    Ok(())
                },
            )
            .await
    }

    /// What of a plan could not be used.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn set_aside(&self, plan: PlanId) -> Result<Vec<SetAsideRecord>, StorageError> {
        self.database
            .read(&[Store::SetAside], async |transaction| {
                let store = transaction.object_store(Store::SetAside.name())?;
                let keys = store
                    .get_all_keys::<JsValue>()
                    .with_query(all_of(plan))
                    .primitive()?;
                let records = store
                    .get_all::<JsValue>()
                    .with_query(all_of(plan))
                    .primitive()?;
                let keys = keys.await?.collect::<Result<Vec<_>, _>>()?;
                let records = records.await?.collect::<Result<Vec<_>, _>>()?;
                Ok(keys.iter().zip(&records).filter_map(read).collect())
            })
            .await
    }
}

/// Puts something aside within a transaction that has [`Store::SetAside`] in
/// its scope, unless there is no more room for it; says whether it did.
pub(super) async fn put(
    transaction: &Transaction<'_>,
    plan: PlanId,
    name: &str,
    reason: &str,
    bytes: Vec<u8>,
) -> Result<bool, StorageError> {
    let store = transaction.object_store(Store::SetAside.name())?;
    if is_full(&store, plan).await? {
        return Ok(false);
    }
    let kept = cbor::encode(&Kept {
        reason: reason.to_owned(),
        bytes: bytes.into(),
    });
    let key = key_in(plan, [name.into()]);
    store
        .put(record(&kept))
        .with_key(key)
        .without_key_type()
        .await?;
    Ok(true)
}

async fn is_full(store: &ObjectStore<'_>, plan: PlanId) -> Result<bool, StorageError> {
    Ok(store.count().with_query(all_of(plan)).await? >= MAX_RECORDS)
}

fn read((key, record): (&JsValue, &JsValue)) -> Option<SetAsideRecord> {
    let kept: Kept = cbor::decode(&bytes(record)?)?;
    Some(SetAsideRecord {
        name: name_in(key)?,
        reason: kept.reason,
        bytes: kept.bytes.into(),
    })
}
