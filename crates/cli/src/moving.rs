//! A move to new keys that was begun and is not done: kept in the keys file, so
//! that it can be gone on with after a stop at any point.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use sync::{
    closing::Access,
    ids::DeviceId,
    keys::{EditSecret, PlanKeys},
};
use zeroize::Zeroizing;

use crate::sessions::{self, Sessions};

/// A move that is under way.
#[derive(Debug)]
pub struct Moving {
    /// The new keys.
    pub keys: PlanKeys,
    /// The devices that are to follow by themselves.
    pub chosen: Vec<(DeviceId, Access)>,
    /// How far the plan has come under the new keys.
    pub sessions: Sessions,
    /// Whether the old log may say already that the plan has moved. From then on
    /// the move can't be given up.
    pub is_announced: bool,
}

/// A move as it is written. Bytes are base64.
#[derive(Serialize, Deserialize)]
pub struct Stored {
    secret: String,
    chosen: Vec<StoredDevice>,
    sessions: Vec<sessions::Stored>,
    is_announced: bool,
}

#[derive(Serialize, Deserialize)]
struct StoredDevice {
    id: String,
    may_write: bool,
}

impl Moving {
    /// Begins a move.
    pub fn begin(secret: EditSecret, chosen: Vec<(DeviceId, Access)>) -> Self {
        Self {
            keys: PlanKeys::edit(secret),
            chosen,
            sessions: Sessions::default(),
            is_announced: false,
        }
    }

    /// As it is written; nothing for keys that can't write, which no move has.
    pub fn to_stored(&self) -> Option<Stored> {
        let chosen = self.chosen.iter().map(|(id, access)| StoredDevice {
            id: id.to_string(),
            may_write: *access == Access::Write,
        });
        Some(Stored {
            secret: BASE64.encode(self.keys.edit_secret()?.expose()),
            chosen: chosen.collect(),
            sessions: self.sessions.to_stored(),
            is_announced: self.is_announced,
        })
    }

    /// Reads what was written; nothing if it is damaged.
    pub fn from_stored(stored: &Stored) -> Option<Self> {
        let secret = Zeroizing::new(BASE64.decode(&stored.secret).ok()?);
        let chosen = stored.chosen.iter().map(|device| {
            let access = match device.may_write {
                true => Access::Write,
                false => Access::Read,
            };
            Some((device.id.parse().ok()?, access))
        });
        let sessions = stored.sessions.iter();
        let sessions = sessions.map(|stored| (stored.relay.as_str(), stored.session.as_str()));
        Some(Self {
            keys: PlanKeys::edit(EditSecret::from_bytes(secret.as_slice().try_into().ok()?)),
            chosen: chosen.collect::<Option<_>>()?,
            sessions: Sessions::from_stored(sessions).ok()?,
            is_announced: stored.is_announced,
        })
    }
}
