//! What could not be used, with the reason, for whoever wants to look into it.

use minicbor::{Decode, Encode, bytes::ByteVec};
use sync::{ids::PlanId, session::SetAside};

use super::{
    Durability, Storage, StorageError,
    scope::Scope,
    stores::{Store, all_of, key_in},
};
use crate::device::cbor;

/// Records kept for each plan. Whoever sends garbage without end must not fill
/// the disk.
const MAX_RECORDS: u32 = 100;

/// The record as it is on the disk. Its name is a chunk's hash or place at the
/// relay, or an entry of this device's own.
#[derive(Encode, Decode)]
struct Kept {
    /// In English, for whoever looks into it.
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
