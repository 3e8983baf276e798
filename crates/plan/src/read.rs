//! Readers of an entity's parts. What is missing or of another type than the
//! schema says reads as empty: a plan opens as far as it can be read.

use std::collections::BTreeSet;

use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, Value};
use serde::de::DeserializeOwned;

use crate::attribution::Attribution;
use crate::id::EntityRef;
use crate::order::OrderKey;
use crate::register;
use crate::schema::{DELETED_KEY, ORDER_KEY};
use crate::text::{self, RichText};

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

pub(crate) fn order(doc: &AutoCommit, map: &ObjId) -> OrderKey {
    register::read(doc, map, ORDER_KEY)
        .value
        .unwrap_or_default()
}

pub(crate) fn deleted(doc: &AutoCommit, map: &ObjId) -> Option<Attribution> {
    let (value, op) = doc.get(map, DELETED_KEY).ok()??;
    (value.as_bool() == Some(true)).then(|| Attribution::of_op(doc, &op))
}

pub(crate) fn title(doc: &AutoCommit, map: &ObjId, key: &str) -> String {
    object(doc, map, key, ObjType::Text)
        .map(|text| text::read_title(doc, &text))
        .unwrap_or_default()
}

pub(crate) fn text(doc: &AutoCommit, map: &ObjId, key: &str) -> RichText {
    object(doc, map, key, ObjType::Text)
        .map(|text| text::read(doc, &text))
        .unwrap_or_default()
}

/// JSON text as a `T`. By way of a [`Value`](serde_json::Value), so that the code
/// that reads text is in the app once and not for each type.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text).and_then(serde_json::from_value)
}

pub(crate) fn set<M: Ord + DeserializeOwned>(
    doc: &AutoCommit,
    map: &ObjId,
    key: &str,
) -> BTreeSet<M> {
    let Some(set) = object(doc, map, key, ObjType::Map) else {
        return BTreeSet::new();
    };
    let members = doc.keys(&set);
    members
        .filter_map(|member| serde_json::from_value(member.into()).ok())
        .collect()
}
