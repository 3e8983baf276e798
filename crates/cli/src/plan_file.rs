//! A plan on disk: `FILE`, a plain automerge document that any automerge
//! library opens, and `FILE.keys` beside it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use plan::{DeviceName, PlanDoc};
use sync::keys::DeviceKey;

use crate::{
    atomic_file::{self, Readers},
    failure::Failure,
    keys_file::KeysFile,
};

/// A plan that is open for changing.
pub struct PlanFile {
    pub path: PathBuf,
    pub doc: PlanDoc,
    pub keys: KeysFile,
    on_disk: OnDisk,
}

enum OnDisk {
    /// Its files are replaced by [`PlanFile::save`]. The lock makes another
    /// command on the same plan wait: each would else write over what the other
    /// has just written.
    Yes { _lock: File },
    /// Nothing is written until [`PlanFile::create`].
    NotYet,
}

impl PlanFile {
    /// Opens a plan, and makes a device key for it if it has none.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        // Read once before the lock, so that a wrong path leaves no lock behind.
        read(path)?;
        let lock = lock(path)?;
        let keys_path = KeysFile::path_beside(path);
        let keys = KeysFile::load(&keys_path).map_err(|cause| Failure::Keys {
            path: keys_path.clone(),
            cause,
        })?;
        let keys = match keys {
            Some(keys) => keys,
            None => {
                let keys = KeysFile::new(new_device()?);
                keys.create(&keys_path)
                    .map_err(|cause| write_failure(&keys_path, cause))?;
                keys
            }
        };
        let doc = load(path, &device_name(&keys.device))?;
        Ok(Self {
            path: path.to_owned(),
            doc,
            keys,
            on_disk: OnDisk::Yes { _lock: lock },
        })
    }

    /// A plan that is in memory alone, for `path`, where nothing may be yet.
    pub fn begin(path: &Path, make: impl FnOnce(&DeviceName) -> PlanDoc) -> Result<Self, Failure> {
        for path in [path, &KeysFile::path_beside(path)] {
            if fs::symlink_metadata(path).is_ok() {
                return Err(Failure::Exists(path.to_owned()));
            }
        }
        let keys = KeysFile::new(new_device()?);
        let doc = make(&device_name(&keys.device));
        Ok(Self {
            path: path.to_owned(),
            doc,
            keys,
            on_disk: OnDisk::NotYet,
        })
    }

    /// Writes a plan that was in memory alone, over no other file.
    pub fn create(mut self) -> Result<(), Failure> {
        create(&self.path, &self.doc.save())?;
        let keys_path = KeysFile::path_beside(&self.path);
        self.keys
            .create(&keys_path)
            .map_err(|cause| write_failure(&keys_path, cause))
    }

    /// Makes the document durable.
    pub fn save(&mut self) -> Result<(), Failure> {
        if let OnDisk::Yes { .. } = self.on_disk {
            atomic_file::replace(&self.path, &self.doc.save(), Readers::Usual)
                .map_err(|cause| write_failure(&self.path, cause))?;
        }
        Ok(())
    }

    /// Makes the keys durable, and how far this device has synchronised. What the
    /// session counts as received must have been [saved](Self::save) before.
    pub fn save_keys(&self) -> Result<(), Failure> {
        if let OnDisk::Yes { .. } = self.on_disk {
            let path = KeysFile::path_beside(&self.path);
            self.keys
                .replace(&path)
                .map_err(|cause| write_failure(&path, cause))?;
        }
        Ok(())
    }

    /// Whether nothing has been written into the plan or fetched yet.
    pub fn is_blank(&self) -> bool {
        matches!(self.on_disk, OnDisk::NotYet)
    }

    /// The name this device writes under.
    pub fn device_name(&self) -> DeviceName {
        device_name(&self.keys.device)
    }
}

/// Opens a plan for reading. What it merges is not written by any device.
pub fn open_to_read(path: &Path) -> Result<PlanDoc, Failure> {
    load(path, &DeviceName::from_public_key(&[]))
}

/// Writes a plan into a new file.
pub fn create(path: &Path, content: &[u8]) -> Result<(), Failure> {
    atomic_file::create(path, content, Readers::Usual).map_err(|cause| write_failure(path, cause))
}

fn load(path: &Path, device: &DeviceName) -> Result<PlanDoc, Failure> {
    PlanDoc::load(&read(path)?, device).map_err(|cause| Failure::NotAPlan {
        path: path.to_owned(),
        cause: cause.into(),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|cause| Failure::Read {
        path: path.to_owned(),
        cause,
    })
}

/// Waits for other commands on the same plan. The file stays afterwards: to
/// remove it would let two commands hold two locks.
fn lock(path: &Path) -> Result<File, Failure> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock_path = PathBuf::from(name);
    let lock = File::create(&lock_path).map_err(|cause| write_failure(&lock_path, cause))?;
    if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
        eprintln!(
            "samskriv: waiting for another command on {}",
            path.display()
        );
        lock.lock()?;
    }
    Ok(lock)
}

fn write_failure(path: &Path, cause: io::Error) -> Failure {
    match cause.kind() {
        io::ErrorKind::AlreadyExists => Failure::Exists(path.to_owned()),
        _ => Failure::Write {
            path: path.to_owned(),
            cause,
        },
    }
}

fn device_name(key: &DeviceKey) -> DeviceName {
    DeviceName::from_public_key(key.id().as_bytes())
}

fn new_device() -> Result<DeviceKey, Failure> {
    let mut secret = zeroize::Zeroizing::new([0; 32]);
    getrandom::fill(secret.as_mut_slice()).map_err(Failure::Entropy)?;
    Ok(DeviceKey::from_bytes(&secret))
}
