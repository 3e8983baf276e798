//! Who this device is, and which database this is.

use indexed_db_futures::{
    BuildPrimitive, error::Error, object_store::ObjectStore, query_source::QuerySource,
    transaction::Transaction,
};
use sync::keys::DeviceKey;
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    stores::{Store, bytes, record},
};

const DEVICE_KEY: &str = "device key";
const DATABASE: &str = "database";

/// Names one database at random. One that was thrown away and made anew has
/// another name.
pub(super) type DatabaseName = [u8; 16];

impl Storage {
    /// This device's key, made at the first need.
    ///
    /// # Errors
    /// When the database can't be used, or the key in it is damaged.
    pub async fn device_key(&self) -> Result<DeviceKey, StorageError> {
        let fresh = DeviceKey::generate(&mut crate::device::entropy);
        // Looked for and made in one transaction, so that two tabs that both
        // open for the first time get the same one.
        self.database
            .write(
                &[Store::Identity],
                Durability::Strict,
                async |transaction| {
                    let store = transaction.object_store(Store::Identity.name())?;
                    match store.get::<JsValue, _, _>(DEVICE_KEY).await? {
                        Some(kept) => {
                            let kept =
                                bytes(&kept).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
                            let kept = kept.ok_or(StorageError::Damaged(Store::Identity.name()))?;
                            Ok(DeviceKey::from_bytes(&kept))
                        }
                        None => {
                            store
                                .put(record(fresh.expose()))
                                .with_key(DEVICE_KEY)
                                .without_key_type()
                                .await?;
                            Ok(fresh.clone())
                        }
                    }
                },
            )
            .await
    }
}

/// Gives a new database its name, while it is made.
pub(super) fn name_database(identity: &ObjectStore<'_>) -> Result<(), Error> {
    let mut name = DatabaseName::default();
    crate::device::entropy(&mut name);
    // Done with the upgrade, which waits for it.
    let _ = identity
        .put(record(&name))
        .with_key(DATABASE)
        .without_key_type()
        .primitive()?;
    Ok(())
}

/// The name of the database that a transaction is in; it has
/// [`Store::Identity`] in its scope.
pub(super) async fn database_name(
    transaction: &Transaction<'_>,
) -> Result<DatabaseName, StorageError> {
    let store = transaction.object_store(Store::Identity.name())?;
    let name = store.get::<JsValue, _, _>(DATABASE).await?;
    let name = name.and_then(|name| bytes(&name)?.try_into().ok());
    name.ok_or(StorageError::Damaged(Store::Identity.name()))
}
