//! Who wrote a value, and when they say it was.

use std::sync::Arc;

use automerge::{Author, AutoCommit, Change, ChangeMetadata, ObjId, ReadDoc};
use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::schema::Person;
use crate::value::UnixSeconds;

/// The device that made a change, as it names itself: its public key in hex.
///
/// The document only *claims* this; the signed chunks that carry a change
/// between devices prove it. The plan's `people` are kept by the same key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeviceName(Arc<str>);

impl DeviceName {
    /// The name of the device with this public key.
    pub fn from_public_key(key: &[u8]) -> Self {
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::from_hex(&hex)
    }

    /// The name as it was written.
    pub(crate) fn from_hex(hex: &str) -> Self {
        Self(Arc::from(hex))
    }

    /// The public key in hex, which is also its key among the plan's people.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The plan's people go by their devices' names.
    pub(crate) fn of_person(id: &Id<Person>) -> Self {
        Self::from_hex(id.as_str())
    }

    pub(crate) fn to_author(&self) -> Author<'static> {
        Author::from(self.0.as_bytes().to_vec())
    }

    fn from_author(author: &Author<'_>) -> Option<Self> {
        std::str::from_utf8(author.as_bytes())
            .ok()
            .map(|hex| Self(Arc::from(hex)))
    }
}

/// Whose hand set a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Attribution {
    /// The device, unless the change names none (shared beginnings do not).
    pub device: Option<DeviceName>,
    /// The time by that device's clock, unless none was given.
    pub at: Option<UnixSeconds>,
}

impl Attribution {
    /// automerge writes the author into an actor's first change only and knows
    /// it for all others of that actor, so the document is asked, not the change.
    pub(crate) fn of_change(doc: &AutoCommit, change: &Change) -> Self {
        let author = doc.get_author_for_actor(change.actor_id());
        Self {
            device: author.as_ref().and_then(DeviceName::from_author),
            at: Some(change.timestamp()).filter(|at| *at != 0),
        }
    }

    /// The same of what is known of a change, which names its actor's author.
    pub(crate) fn of_metadata(change: &ChangeMetadata<'_>) -> Self {
        Self {
            device: change.author.as_ref().and_then(DeviceName::from_author),
            at: Some(change.timestamp).filter(|at| *at != 0),
        }
    }

    /// The hand behind one operation. An operation not yet committed has no
    /// change to ask; its hand is the document's own device.
    pub(crate) fn of_op(doc: &AutoCommit, op: &ObjId) -> Self {
        match doc
            .hash_for_opid(op)
            .and_then(|hash| doc.get_change_by_hash(&hash))
        {
            Some(change) => Self::of_change(doc, &change),
            None => Self {
                device: doc.get_author().and_then(DeviceName::from_author),
                at: None,
            },
        }
    }
}
