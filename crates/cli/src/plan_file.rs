//! A plan on disk: `FILE`, a plain automerge document that any automerge
//! library opens, and `FILE.keys` beside it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use plan::{DeviceName, PlanDoc};
use sync::{
    ids::{ChangeHash, PlanId},
    keys::{DeviceKey, PlanKeys},
    vouch::{self, ActorId, Vouch},
};

use crate::{
    atomic_file::{self, Readers},
    entropy,
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
                let keys = KeysFile::new(entropy::new_device_key()?);
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
        Self::in_memory(path, make)
    }

    /// A plan that is in memory alone and may never be written, as `path` may be
    /// another's.
    pub fn in_memory(
        path: &Path,
        make: impl FnOnce(&DeviceName) -> PlanDoc,
    ) -> Result<Self, Failure> {
        let keys = KeysFile::new(entropy::new_device_key()?);
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
        create(&self.path, &self.doc.save(), Readers::Usual)?;
        let keys_path = KeysFile::path_beside(&self.path);
        self.keys
            .create(&keys_path)
            .map_err(|cause| write_failure(&keys_path, cause))
    }

    /// Makes all of it durable, in its files or in new ones.
    pub fn keep(mut self) -> Result<(), Failure> {
        match self.on_disk {
            OnDisk::NotYet => self.create(),
            OnDisk::Yes { .. } => {
                self.save()?;
                self.save_keys()
            }
        }
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

    /// Keeps other devices' words for what they wrote, as they came under a plan's
    /// name: of each actor the latest, as an older file brings older ones.
    pub fn keep_vouches(&mut self, name: PlanId, vouches: Vec<Vouch>) {
        let is_own_name = self.keys.is_of(name);
        for vouch in vouches {
            // One that came under other keys, as in a move, has to say so.
            let vouch = match is_own_name {
                true => vouch,
                false => vouch.from_before(name),
            };
            let key = (vouch.device, vouch.actor.clone());
            let held = self.keys.vouches.get(&key);
            let held = held.and_then(|held| self.doc.number_by_actor(&held.change.0));
            if self.doc.number_by_actor(&vouch.change.0) >= held {
                self.keys.vouches.insert(key, vouch);
            }
        }
    }

    /// The latest word of each device for what it wrote, this one's own first.
    pub fn vouches(&mut self, keys: &PlanKeys) -> Vec<Vouch> {
        let own = self.doc.latest_by(&self.device_name(), &[]).into_iter();
        let own = own.map(|(actor, change)| (ActorId(actor), ChangeHash(change)));
        let mut vouches = vouch::for_all(&self.keys.device, &keys.id(), own);
        vouches.extend(self.keys.vouches.values().cloned());
        vouches
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

/// Writes into a new file.
pub fn create(path: &Path, content: &[u8], readers: Readers) -> Result<(), Failure> {
    atomic_file::create(path, content, readers).map_err(|cause| write_failure(path, cause))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use plan::Edit;
    use tempfile::TempDir;

    use super::*;
    use crate::sessions::Sessions;

    #[test]
    fn an_older_file_takes_back_no_vouch() {
        let directory = TempDir::new().unwrap();
        let mut plan = PlanFile::begin(&directory.path().join("p"), PlanDoc::create).unwrap();
        let keys = entropy::new_plan_keys().unwrap();
        plan.keys.plan = Some(keys.clone());
        let [older, newer] = ["c1", "c2"].map(|chapter| {
            let add = format!(
                r#"{{"add": {{"entity": {{"kind": "chapter", "id": "{chapter}"}}, "fields": []}}}}"#
            );
            let add: Edit = serde_json::from_str(&add).unwrap();
            plan.doc.edit(&add, 100).unwrap();
            plan.doc.commit();
            plan.vouches(&keys)
        });
        for order in [[&older, &newer], [&newer, &older]] {
            plan.keys.vouches.clear();
            for vouches in order {
                plan.keep_vouches(keys.id(), vouches.clone());
            }
            let kept: Vec<&Vouch> = plan.keys.vouches.values().collect();
            assert_eq!(kept, [&newer[0]]);
        }
        // Under other keys it still holds, in the name it was made for.
        let other = entropy::new_plan_keys().unwrap();
        plan.keys.switch(other.clone(), Sessions::default());
        let kept: Vec<&Vouch> = plan.keys.vouches.values().collect();
        assert!(kept.iter().all(|vouch| vouch.holds(&other.id())));
        plan.keep_vouches(keys.id(), newer.clone());
        assert!(
            plan.keys
                .vouches
                .values()
                .all(|vouch| vouch.holds(&other.id()))
        );
    }
}
