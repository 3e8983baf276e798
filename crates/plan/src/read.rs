//! Readers of an entity's parts. What is missing or of another type than the
//! schema says reads as empty: a plan opens as far as it can be read. What is
//! there and could not be read is noted.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, Value};
use serde::de::DeserializeOwned;

use crate::attribution::Attribution;
use crate::id::EntityRef;
use crate::order::OrderKey;
use crate::register::{self, Register, Values};
use crate::schema::{DELETED_KEY, ORDER_KEY};
use crate::text::{self, RichText};
use crate::unreadable::{Unreadable, UnreadableReason};

/// The object of `kind` at `key`.
pub(crate) fn object(doc: &AutoCommit, map: &ObjId, key: &str, kind: ObjType) -> Option<ObjId> {
    match doc.get(map, key) {
        Ok(Some((Value::Object(found), id))) if found == kind => Some(id),
        _ => None,
    }
}

/// The map that holds an entity.
pub(crate) fn entity(doc: &AutoCommit, entity: &EntityRef) -> Option<ObjId> {
    let collection = object(doc, &ROOT, entity.kind.collection(), ObjType::Map)?;
    object(doc, &collection, &entity.id, ObjType::Map)
}

/// What an entity's fields are read from, each in its turn: all kinds of entities read
/// theirs in the order in which they have them.
pub(crate) trait Fields {
    /// Who deleted the entity, while it is deleted.
    fn deleted(&self) -> Option<Attribution>;
    /// The values of a register, where it was ever set.
    fn values(&self, key: &str) -> Option<Values>;
    /// So many of the values came out as none.
    fn note_unset(&self, key: &str, unset: usize);
    /// A one-line text.
    fn title(&self, key: &str) -> String;
    /// A running text.
    fn text(&self, key: &str) -> RichText;
    /// The members of a set.
    fn members(&self, key: &str) -> Vec<String>;
}

impl dyn Fields + '_ {
    pub(crate) fn order(&self) -> OrderKey {
        self.register(ORDER_KEY).value.unwrap_or_default()
    }

    pub(crate) fn register<T: DeserializeOwned>(&self, key: &str) -> Register<T> {
        let Some(values) = self.values(key) else {
            return Register::default();
        };
        let register = values.typed();
        self.note_unset(key, register.unset());
        register
    }

    pub(crate) fn set<M: Ord + DeserializeOwned>(&self, key: &str) -> BTreeSet<M> {
        let members = self.members(key).into_iter();
        members
            .filter_map(|member| serde_json::from_value(member.into()).ok())
            .collect()
    }
}

/// An entity's map, read in one pass: to look each key up would search the whole
/// document each time, and opening a large plan reads a hundred thousand keys.
pub(crate) struct EntityMap<'a> {
    doc: &'a AutoCommit,
    map: &'a ObjId,
    entries: Vec<Entry<'a>>,
    unreadable: RefCell<Vec<(String, UnreadableReason)>>,
}

struct Entry<'a> {
    key: Cow<'a, str>,
    value: Value<'a>,
    op: ObjId,
    /// Whether hands collided, so that there are more values than this one.
    conflict: bool,
}

impl<'a> EntityMap<'a> {
    pub(crate) fn read(doc: &'a AutoCommit, map: &'a ObjId) -> Self {
        let entries = doc.map_range(map, ..).map(|item| Entry {
            op: item.id(),
            conflict: item.conflict,
            key: item.key,
            value: item.value.into_value(),
        });
        Self {
            doc,
            map,
            entries: entries.collect(),
            unreadable: RefCell::default(),
        }
    }

    /// What was asked for, is there, and could not be read.
    pub(crate) fn unreadable(self, entity: &EntityRef) -> Vec<Unreadable> {
        let unreadable = self.unreadable.into_inner().into_iter();
        let in_entity = |(key, reason)| Unreadable {
            place: format!("{entity}/{key}"),
            reason,
        };
        unreadable.map(in_entity).collect()
    }

    fn note(&self, key: &str, reason: UnreadableReason) {
        self.unreadable.borrow_mut().push((key.to_owned(), reason));
    }

    fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    fn object(&self, key: &str, kind: ObjType) -> Option<&ObjId> {
        let entry = self.entry(key)?;
        if entry.conflict {
            self.note(key, UnreadableReason::Covered);
        }
        let found = matches!(entry.value, Value::Object(found) if found == kind);
        if !found {
            self.note(key, UnreadableReason::WrongType);
        }
        found.then_some(&entry.op)
    }
}

impl Fields for EntityMap<'_> {
    fn deleted(&self) -> Option<Attribution> {
        let entry = self.entry(DELETED_KEY)?;
        let deleted = entry.value.as_bool();
        if deleted.is_none() {
            self.note(DELETED_KEY, UnreadableReason::WrongType);
        }
        (deleted == Some(true)).then(|| Attribution::of_op(self.doc, &entry.op))
    }

    fn values(&self, key: &str) -> Option<Values> {
        Some(match self.entry(key)? {
            Entry { conflict: true, .. } => register::read(self.doc, self.map, key),
            entry => Values::certain(&entry.value),
        })
    }

    fn note_unset(&self, key: &str, unset: usize) {
        if unset == 0 && !self.entry(key).is_some_and(|entry| entry.conflict) {
            return;
        }
        let values = self.doc.get_all(self.map, key).unwrap_or_default();
        if values.iter().any(|(value, _)| value.is_object()) {
            self.note(key, UnreadableReason::WrongType);
        } else if unset > usize::from(values.iter().any(|(value, _)| value.is_null())) {
            self.note(key, UnreadableReason::WrongValue);
        }
    }

    fn title(&self, key: &str) -> String {
        let text = self.object(key, ObjType::Text);
        text.map(|text| text::read_title(self.doc, text))
            .unwrap_or_default()
    }

    fn text(&self, key: &str) -> RichText {
        let text = self.object(key, ObjType::Text);
        text.map(|text| text::read(self.doc, text))
            .unwrap_or_default()
    }

    fn members(&self, key: &str) -> Vec<String> {
        let set = self.object(key, ObjType::Map);
        set.map(|set| self.doc.keys(set).collect())
            .unwrap_or_default()
    }
}

/// The order key of the entity in `map`.
pub(crate) fn order(doc: &AutoCommit, map: &ObjId) -> OrderKey {
    register::read(doc, map, ORDER_KEY)
        .typed()
        .value
        .unwrap_or_default()
}

/// JSON text as a `T`. By way of a [`Value`](serde_json::Value), so that the code
/// that reads text is in the app once and not for each type.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text).and_then(serde_json::from_value)
}
