//! All plans with their keys in one file under a passphrase, and back.

use sync::backup::{self, BackupError, Derivation, Entry, PassphraseKey, SealedBackup};
use sync::ids::ChangeHash;
use sync::keys::DeviceKey;
use sync::vouch::{self, ActorId};

use super::file::bring;
use super::open::OpenError;
use super::opened::document;
use super::sync_host::device_name;
use super::vouches::Vouches;
use crate::app::App;
use crate::device::{Journal, PlanRecord, Storage, StorageError, derive_key, entropy};

/// A backup to hand out.
pub struct Backup {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many plans are in it.
    pub plans: usize,
    /// How many are on this device and could not be read.
    pub left_out: usize,
}

/// Why there is no backup, or none that can be opened.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    /// The browser keeps nothing, or a plan could not be kept.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// More than fits.
    #[error(transparent)]
    TooLarge(#[from] BackupError),
    /// The file, or its passphrase.
    #[error(transparent)]
    Sealed(#[from] backup::OpenError),
    /// The browser's own cryptography is not there.
    #[error("the browser derives no key from a passphrase")]
    NoDerivation,
}

impl From<StorageError> for BackupFault {
    fn from(error: StorageError) -> Self {
        Self::Open(error.into())
    }
}

/// Puts all plans of this device into a backup.
///
/// # Errors
/// When none can be made.
pub async fn back_up(app: App, passphrase: &str) -> Result<Backup, BackupFault> {
    let storage = app.storage();
    let device = storage.device_key().await?;
    let kept = storage.plans().await?;
    let mut left_out = kept.damaged;
    let mut entries = Vec::new();
    for record in kept.records {
        match entry(&storage, &device, record).await {
            Ok(entry) => entries.push(entry),
            Err(_) => left_out += 1,
        }
    }
    let derivation = Derivation::generate(&mut entropy);
    let key = key(passphrase, &derivation).await?;
    Ok(Backup {
        bytes: backup::seal(&entries, &derivation, &key, &mut entropy)?,
        plans: entries.len(),
        left_out,
    })
}

/// A plan with all that belongs to it.
pub(super) async fn entry(
    storage: &Storage,
    device: &DeviceKey,
    record: PlanRecord,
) -> Result<Entry, OpenError> {
    let id = record.id();
    let journal = Journal::new(storage, id);
    let mut doc = document(&journal, &device_name(&device.id())).await?;
    let own = doc.latest_by(&device_name(&device.id()), &[]).into_iter();
    let own = own.map(|(actor, change)| (ActorId(actor), ChangeHash(change)));
    let mut known = Vouches::default();
    known.take(&storage.vouches(id).await?, &mut doc);
    known.take(&vouch::for_all(device, &id, own), &mut doc);
    Ok(Entry {
        keys: record.keys,
        relay: record.relay,
        document: doc.save(),
        vouches: known.all(),
    })
}

/// What came of a backup's plans.
#[derive(Default)]
pub struct Restored {
    /// How many are here now.
    pub plans: usize,
    /// How many of the backup's can't be used.
    pub damaged: usize,
}

/// Brings the plans of a backup to this device. One that is here already is
/// merged with what the backup has of it.
///
/// # Errors
/// When it can't be opened, or a plan can't be kept; those before it are here.
pub async fn restore(app: App, bytes: &[u8], passphrase: &str) -> Result<Restored, BackupFault> {
    let sealed = SealedBackup::parse(bytes)?;
    let key = key(passphrase, &sealed.derivation()).await?;
    let mut restored = Restored::default();
    for entry in sealed.entries(&key)? {
        let brought = match entry {
            Ok(entry) => bring(app, entry).await,
            Err(_) => Err(OpenError::Missing),
        };
        match brought {
            Ok(_) => restored.plans += 1,
            Err(OpenError::Missing | OpenError::Damaged(_)) => restored.damaged += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(restored)
}

async fn key(passphrase: &str, derivation: &Derivation) -> Result<PassphraseKey, BackupFault> {
    let derived = derive_key(passphrase, derivation.salt(), derivation.rounds()).await;
    derived
        .map(PassphraseKey::from_bytes)
        .ok_or(BackupFault::NoDerivation)
}
