//! Who this device is, and which database this is.

use sync::keys::DeviceKey;
use wasm_bindgen::JsValue;
use web_sys::{IdbDatabase, IdbObjectStore};

use super::{
    Durability, Storage, StorageError,
    request::answer,
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
                async |scope| match scope.get(Store::Identity, DEVICE_KEY.into()).await? {
                    Some(kept) => {
                        let kept = bytes(&kept).and_then(|bytes| bytes.try_into().ok());
                        let kept = kept.ok_or(StorageError::Damaged(Store::Identity.name()))?;
                        Ok(DeviceKey::from_bytes(&kept))
                    }
                    None => {
                        scope.put(Store::Identity, DEVICE_KEY.into(), fresh.expose())?;
                        Ok(fresh.clone())
                    }
                },
            )
            .await
    }
}

/// Gives a new database its name, while it is made.
pub(super) fn name_database(identity: &IdbObjectStore) -> Result<(), JsValue> {
    let mut name = DatabaseName::default();
    crate::device::entropy(&mut name);
    // Done with the upgrade, which waits for it.
    identity.put_with_key(&record(&name), &DATABASE.into())?;
    Ok(())
}

/// The name of a database.
pub(super) async fn database_name(database: &IdbDatabase) -> Result<DatabaseName, StorageError> {
    let transaction = database.transaction_with_str(Store::Identity.name())?;
    let store = transaction.object_store(Store::Identity.name())?;
    let name = answer(&store.get(&DATABASE.into())?).await?;
    let name = bytes(&name).and_then(|name| name.try_into().ok());
    name.ok_or(StorageError::Damaged(Store::Identity.name()))
}
