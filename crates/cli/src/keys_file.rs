//! `FILE.keys`: what makes a plan's file a device. It holds secrets, so its
//! owner alone may read it.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use sync::{
    ids::{DeviceId, PlanId, PublicKey},
    keys::{DeviceKey, EditSecret, PlanKeys, ReadSecret},
    relay_url::RelayUrl,
    vouch::{ActorId, Vouch},
};
use zeroize::Zeroizing;

use crate::{
    atomic_file::{self, Readers},
    moving::{self, Moving},
    sessions::{self, Sessions},
};

const VERSION: u32 = 1;

/// A plan's keys and this device's own, and how far it has synchronised.
#[derive(Debug)]
pub struct KeysFile {
    pub device: DeviceKey,
    /// None until the plan is shared.
    pub plan: Option<PlanKeys>,
    /// Where this device meets the plan; none until it is shared. The first is
    /// the one that its link named.
    pub sessions: Sessions,
    /// A move to new keys that is under way.
    pub moving: Option<Moving>,
    /// The other devices' latest words for what they wrote; snapshots carry them.
    pub vouches: BTreeMap<(DeviceId, ActorId), Vouch>,
}

/// Why a keys file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("it can't be read: {0}")]
    Read(#[from] io::Error),
    #[error("it is not a file of keys, or damaged: {0}")]
    Format(#[from] serde_json::Error),
    #[error("it was written by a newer Samskriv (version {0}); update samskriv")]
    NewerVersion(u32),
    #[error("its {0} is damaged")]
    Damaged(&'static str),
}

/// The file as it is written. Bytes are base64.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    device: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<StoredPlan>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relay: Option<String>,
    #[serde(default)]
    session: String,
    /// All relays but the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    more_relays: Vec<sessions::Stored>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moving: Option<moving::Stored>,
    #[serde(default)]
    vouches: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPlan {
    Edit {
        secret: String,
    },
    Read {
        secret: String,
        write_public: String,
    },
}

impl KeysFile {
    /// The keys of a device that is new.
    pub fn new(device: DeviceKey) -> Self {
        Self {
            device,
            plan: None,
            sessions: Sessions::default(),
            moving: None,
            vouches: BTreeMap::new(),
        }
    }

    /// Takes up a plan's keys and relay, where they are more than what is here.
    /// False, and nothing is taken, if they are another plan's.
    #[must_use]
    pub fn take(&mut self, keys: &PlanKeys, relay: Option<RelayUrl>) -> bool {
        let held = self.plan.as_ref();
        if held.is_some_and(|held| held.id() != keys.id()) {
            return false;
        }
        if held.is_none_or(|held| !held.can_write()) {
            self.plan = Some(keys.clone());
        }
        if let Some(relay) = relay {
            self.sessions.at(&relay);
        }
        true
    }

    /// The relays and sessions of this plan: under these keys, or those that it
    /// is moving to.
    pub fn sessions_of(&mut self, plan: PlanId) -> &mut Sessions {
        match &mut self.moving {
            Some(moving) if moving.keys.id() == plan => &mut moving.sessions,
            _ => &mut self.sessions,
        }
    }

    /// Uses other keys from now on, for the same plan. What others have vouched
    /// for is kept.
    pub fn switch(&mut self, keys: PlanKeys, sessions: Sessions) {
        self.name_vouches();
        self.plan = Some(keys);
        self.sessions = sessions;
        self.moving = None;
    }

    /// Makes each vouch say for which plan it was made, so that it holds under
    /// other keys too.
    pub fn name_vouches(&mut self) {
        if let Some(plan) = self.plan.as_ref().map(PlanKeys::id) {
            for vouch in self.vouches.values_mut() {
                *vouch = vouch.clone().from_before(plan);
            }
        }
    }

    /// Whether these are this plan's keys.
    pub fn is_of(&self, plan: PlanId) -> bool {
        self.plan.as_ref().is_some_and(|keys| keys.id() == plan)
    }

    /// Where the keys of a plan's file are.
    pub fn path_beside(file: &Path) -> PathBuf {
        let mut name = file.as_os_str().to_owned();
        name.push(".keys");
        name.into()
    }

    /// Reads a keys file; none if there is none.
    pub fn load(path: &Path) -> Result<Option<Self>, KeysError> {
        let text = match std::fs::read(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        // The version is read alone, before a shape that may be newer.
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let Version { version } = serde_json::from_slice(&text)?;
        if version > VERSION {
            return Err(KeysError::NewerVersion(version));
        }
        Self::from_stored(&serde_json::from_slice(&text)?).map(Some)
    }

    /// Writes the file in the place of the one before.
    pub fn replace(&self, path: &Path) -> io::Result<()> {
        atomic_file::replace(path, &self.to_json()?, Readers::Owner)
    }

    /// Writes a new file, and none over another.
    pub fn create(&self, path: &Path) -> io::Result<()> {
        atomic_file::create(path, &self.to_json()?, Readers::Owner)
    }

    fn to_json(&self) -> io::Result<Zeroizing<Vec<u8>>> {
        let plan = self.plan.as_ref().map(|keys| match keys.edit_secret() {
            Some(secret) => StoredPlan::Edit {
                secret: BASE64.encode(secret.expose()),
            },
            None => StoredPlan::Read {
                secret: BASE64.encode(keys.read_secret().expose()),
                write_public: BASE64.encode(keys.write_public().as_bytes()),
            },
        });
        let vouches: Vec<&Vouch> = self.vouches.values().collect();
        let vouches = minicbor::to_vec(vouches).map_err(io::Error::other)?;
        let mut relays = self.sessions.to_stored().into_iter();
        let (relay, session) = match relays.next() {
            Some(first) => (Some(first.relay), first.session),
            None => (None, String::new()),
        };
        let stored = Stored {
            version: VERSION,
            device: BASE64.encode(self.device.expose()),
            plan,
            relay,
            session,
            more_relays: relays.collect(),
            moving: self.moving.as_ref().and_then(Moving::to_stored),
            vouches: BASE64.encode(vouches),
        };
        Ok(Zeroizing::new(serde_json::to_vec_pretty(&stored)?))
    }

    fn from_stored(stored: &Stored) -> Result<Self, KeysError> {
        let plan = match &stored.plan {
            None => None,
            Some(StoredPlan::Edit { secret }) => Some(PlanKeys::edit(EditSecret::from_bytes(key(
                secret,
                "edit secret",
            )?))),
            Some(StoredPlan::Read {
                secret,
                write_public,
            }) => Some(PlanKeys::read(
                ReadSecret::from_bytes(key(secret, "read secret")?),
                PublicKey(key(write_public, "write key")?),
            )),
        };
        let first = stored.relay.as_deref();
        let first = first.map(|relay| (relay, stored.session.as_str()));
        let more = stored.more_relays.iter();
        let more = more.map(|stored| (stored.relay.as_str(), stored.session.as_str()));
        let sessions = Sessions::from_stored(first.into_iter().chain(more))
            .map_err(|_| KeysError::Damaged("relay's address"))?;
        let moving = match &stored.moving {
            None => None,
            Some(moving) => {
                Some(Moving::from_stored(moving).ok_or(KeysError::Damaged("move to new keys"))?)
            }
        };
        // What only saves time is not worth stopping for.
        let vouches = BASE64.decode(&stored.vouches).unwrap_or_default();
        let vouches: Vec<Vouch> = minicbor::decode(&vouches).unwrap_or_default();
        Ok(Self {
            device: DeviceKey::from_bytes(&key(&stored.device, "device key")?),
            plan,
            sessions,
            moving,
            vouches: vouches
                .into_iter()
                .map(|vouch| ((vouch.device, vouch.actor.clone()), vouch))
                .collect(),
        })
    }
}

fn key(text: &str, what: &'static str) -> Result<[u8; 32], KeysError> {
    let bytes = BASE64.decode(text).map(Zeroizing::new);
    bytes
        .ok()
        .and_then(|bytes| bytes.as_slice().try_into().ok())
        .ok_or(KeysError::Damaged(what))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use sync::{closing::Access, session::SavedState};
    use tempfile::TempDir;

    use super::*;

    fn written(keys: &KeysFile) -> (TempDir, PathBuf) {
        let directory = TempDir::new().unwrap();
        let path = KeysFile::path_beside(&directory.path().join("plan"));
        keys.create(&path).unwrap();
        (directory, path)
    }

    #[test]
    fn keys_come_back_as_they_were() {
        let edit = PlanKeys::edit(EditSecret::from_bytes([1; 32]));
        for plan in [edit.clone(), edit.to_read_only()] {
            let mut keys = KeysFile::new(DeviceKey::from_bytes(&[2; 32]));
            keys.plan = Some(plan.clone());
            for relay in ["https://relay.example", "https://other.example"] {
                let saved = SavedState {
                    state: Some(relay.as_bytes().to_vec().into()),
                    ..SavedState::default()
                };
                *keys.sessions.at(&relay.parse().unwrap()) = saved;
            }
            let vouch = Vouch::make(
                &keys.device,
                &plan.id(),
                ActorId(vec![3]),
                sync::ids::ChangeHash([4; 32]),
            );
            keys.vouches
                .insert((vouch.device, vouch.actor.clone()), vouch);

            let secret = EditSecret::from_bytes([5; 32]);
            let chosen = vec![(DeviceId([6; 32]), Access::Read)];
            let moving = PlanKeys::edit(secret.clone()).id();
            keys.moving = Some(Moving::begin(secret, chosen));

            let (_directory, path) = written(&keys);
            let mut back = KeysFile::load(&path).unwrap().unwrap();
            assert_eq!(back.device.expose(), keys.device.expose());
            assert_eq!(back.plan.as_ref().unwrap().id(), plan.id());
            assert_eq!(back.plan.unwrap().can_write(), plan.can_write());
            assert_eq!(back.vouches, keys.vouches);
            for relay in keys.sessions.relays() {
                let kept = back.sessions.at(relay).state.as_deref().unwrap();
                assert_eq!(kept, relay.as_str().as_bytes());
            }
            assert!(back.sessions.relays().eq(keys.sessions.relays()));
            assert_eq!(back.moving.unwrap().keys.id(), moving);
        }
    }

    #[test]
    fn keys_are_taken_where_they_are_more() {
        let edit = PlanKeys::edit(EditSecret::from_bytes([1; 32]));
        let mut keys = KeysFile::new(DeviceKey::from_bytes(&[2; 32]));
        for (given, can_write) in [
            (edit.to_read_only(), false),
            (edit.clone(), true),
            (edit.to_read_only(), true),
        ] {
            assert!(keys.take(&given, None));
            assert_eq!(keys.plan.as_ref().unwrap().can_write(), can_write);
        }
        let relay: RelayUrl = "https://relay.example".parse().unwrap();
        assert!(keys.take(&edit, Some(relay.clone())));
        let other = PlanKeys::edit(EditSecret::from_bytes([9; 32]));
        assert!(!keys.take(&other, Some("https://other.example".parse().unwrap())));
        assert_eq!(keys.plan.as_ref().unwrap().id(), edit.id());
        assert_eq!(keys.sessions.relays().collect::<Vec<_>>(), [&relay]);
    }

    #[test]
    fn a_file_from_before_there_were_several_relays_is_read() {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("plan.keys");
        let device = BASE64.encode([2; 32]);
        let text = format!(
            r#"{{"version": 1, "device": "{device}", "relay": "https://a.example", "session": ""}}"#
        );
        std::fs::write(&path, text).unwrap();
        let keys = KeysFile::load(&path).unwrap().unwrap();
        let relay: RelayUrl = "https://a.example".parse().unwrap();
        assert_eq!(keys.sessions.relays().collect::<Vec<_>>(), [&relay]);
    }

    #[test]
    fn no_file_is_no_error() {
        let directory = TempDir::new().unwrap();
        assert!(
            KeysFile::load(&directory.path().join("none.keys"))
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn a_newer_or_damaged_file_says_which_it_is() {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("plan.keys");
        let load = |text: &str| {
            std::fs::write(&path, text).unwrap();
            KeysFile::load(&path).unwrap_err()
        };
        assert!(matches!(
            load("{\"version\": 7}"),
            KeysError::NewerVersion(7)
        ));
        assert!(matches!(load("not json"), KeysError::Format(_)));
        let short = "{\"version\": 1, \"device\": \"AAAA\"}";
        assert!(matches!(load(short), KeysError::Damaged("device key")));
    }
}
