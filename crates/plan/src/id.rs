//! Stable identifiers. A number like «tiltak 2» is derived from the order and
//! changes when things move; an id never does.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::schema::EntityKind;

/// The id of an entity of type `E`, unique within its collection of one plan.
///
/// Ids from [`Id::from_entropy`] are made by one device and never collide.
/// Ids that several devices must agree on without meeting (the section
/// «Utfordring» of one measure, the municipality of Tokke) are derived from
/// what they name: see [`crate::Shared`].
pub struct Id<E>(Arc<str>, PhantomData<fn() -> E>);

impl<E> Id<E> {
    /// An id from its text form, as it stands in a document or an edit.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(Arc::from(text.as_ref()), PhantomData)
    }

    /// A fresh id. The bytes come from the host's source of randomness; eighty
    /// bits make two equal ids in one plan unthinkable.
    pub fn from_entropy(bytes: [u8; 10]) -> Self {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::new(hex)
    }

    /// The text form, which is also the key in the document.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// Written out, because derives would ask the same of `E`.
impl<E> Clone for Id<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}
impl<E> PartialEq for Id<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<E> Eq for Id<E> {}
impl<E> PartialOrd for Id<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Id<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<E> std::hash::Hash for Id<E> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<E> fmt::Debug for Id<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.0)
    }
}
impl<E> fmt::Display for Id<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<E> Serialize for Id<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
impl<'de, E> Deserialize<'de> for Id<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(String::deserialize(deserializer)?))
    }
}

/// Any entity of the plan: its kind and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityRef {
    /// Which collection it lives in.
    pub kind: EntityKind,
    /// Its key in that collection.
    pub id: Arc<str>,
}

impl EntityRef {
    /// The entity of `kind` with this id.
    pub fn new(kind: EntityKind, id: impl AsRef<str>) -> Self {
        Self {
            kind,
            id: Arc::from(id.as_ref()),
        }
    }

    /// How a note names the entity it stands by: `collection/id`.
    pub fn anchor(&self) -> String {
        format!("{}/{}", self.kind.collection(), self.id)
    }

    /// The inverse of [`anchor`](Self::anchor).
    pub fn from_anchor(anchor: &str) -> Option<Self> {
        let (collection, id) = anchor.split_once('/')?;
        let mut kinds = EntityKind::ALL.iter();
        let kind = kinds.find(|kind| kind.collection() == collection)?;
        Some(Self::new(*kind, id))
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.collection(), self.id)
    }
}
