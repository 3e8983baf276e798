//! What could not be used, with the reason, for whoever wants to look into it.

use minicbor::{Decode, Encode, bytes::ByteVec};
use sync::{ids::PlanId, session::SetAside};
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    scope::Scope,
    stores::{Store, all_of, bytes, key_in, name_in},
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
            .write(&[Store::SetAside], Durability::Relaxed, async |scope| {
                put(scope, plan, &name, &reason, &aside.envelope).await?;
                Ok(())
            })
            .await
    }

    /// What of a plan could not be used.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn set_aside(&self, plan: PlanId) -> Result<Vec<SetAsideRecord>, StorageError> {
        let records = self
            .database
            .read(&[Store::SetAside], async |scope| {
                scope.all(Store::SetAside, all_of(plan)).await
            })
            .await?;
        Ok(records.iter().filter_map(read).collect())
    }
}

/// Puts something aside within a transaction that has [`Store::SetAside`] in
/// its scope, unless there is no more room for it; says whether it did.
pub(super) async fn put(
    scope: &Scope<'_>,
    plan: PlanId,
    name: &str,
    reason: &str,
    bytes: &[u8],
) -> Result<bool, StorageError> {
    if scope.count(Store::SetAside, all_of(plan)).await? >= MAX_RECORDS {
        return Ok(false);
    }
    let kept = cbor::encode(&Kept {
        reason: reason.to_owned(),
        bytes: bytes.to_vec().into(),
    });
    scope.put(Store::SetAside, key_in(plan, [name.into()]), &kept)?;
    Ok(true)
}

fn read((key, record): &(JsValue, JsValue)) -> Option<SetAsideRecord> {
    let kept: Kept = cbor::decode(&bytes(record)?)?;
    Some(SetAsideRecord {
        name: name_in(key)?,
        reason: kept.reason,
        bytes: kept.bytes.into(),
    })
}
