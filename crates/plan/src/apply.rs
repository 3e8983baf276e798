//! Carrying out edits on the document. What an edit names is looked up before
//! anything is written, so that an edit that fails leaves no half behind.

use std::collections::BTreeSet;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, AutomergeError, ObjId, ObjType, ROOT, ReadDoc};

use crate::edit::{Edit, Place, Shared};
use crate::id::EntityRef;
use crate::order::OrderKey;
use crate::read;
use crate::schema::{
    BEGUN_LATER, DELETED_KEY, EntityKind, Field, Member, ORDER_KEY, PLAN_ID, SCHEMA, TextField,
    create_entity, genesis, shared_actor,
};
use crate::text;

/// An edit that could not be carried out; the plan is as it was.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The plan comes from a newer version.
    #[error(
        "the plan is written by a newer version (schema {0}); it can be read but not edited here"
    )]
    NewerSchema(u32),
    /// There is no such entity.
    #[error("the plan has no {0}")]
    NotFound(EntityRef),
    /// The id is taken.
    #[error("the plan has a {0} already")]
    Exists(EntityRef),
    /// A field of one kind of entity, for an entity of another.
    #[error("a {of:?} has no field of a {field:?}")]
    WrongKind {
        /// The entity's kind.
        of: EntityKind,
        /// The field's kind.
        field: EntityKind,
    },
    /// Blocks and marks belong to running text.
    #[error("«{0}» is a title: it has no blocks or marks")]
    NotRunningText(&'static str),
    /// automerge refused.
    #[error("the edit could not be written")]
    Automerge(#[from] AutomergeError),
}

/// The entities that an edit touches.
pub(crate) fn touched(edit: &Edit) -> BTreeSet<EntityRef> {
    let entity = match edit {
        Edit::Add { entity, .. }
        | Edit::Move { entity, .. }
        | Edit::Delete(entity)
        | Edit::Restore(entity) => entity.clone(),
        Edit::Ensure(shared) => shared.entity(),
        Edit::Set { id, field } => EntityRef::new(field.kind(), id),
        Edit::Include { id, member } | Edit::Exclude { id, member } => {
            EntityRef::new(member.kind(), id)
        }
        Edit::Splice { id, text, .. }
        | Edit::Write { id, text, .. }
        | Edit::Mark { id, text, .. }
        | Edit::SetBlock { id, text, .. } => EntityRef::new(text.kind(), id),
    };
    BTreeSet::from([entity])
}

/// Makes the shared beginning of an entity, unless it is there.
///
/// The change is made on a copy that holds the first change only, by an actor
/// that follows from the entity, at no time and by no author: so it is the
/// same bytes wherever it is made, and automerge knows it for one change.
pub(crate) fn ensure(doc: &mut AutoCommit, shared: &Shared) -> Result<(), EditError> {
    let entity = shared.entity();
    if read::entity(doc, &entity).is_some() {
        return Ok(());
    }
    let mut beginning = genesis()?;
    beginning.set_actor(shared_actor(&format!("schema/{SCHEMA}/{entity}")));
    let order = OrderKey::ranked(shared.rank(), &entity.id);
    let map = add(&mut beginning, &entity, &order, &shared.fields())?;
    debug_assert!(map != ROOT);
    apply_beginning(doc, beginning)
}

/// Whether an edit names the set that is begun later than its entity, and it is
/// not there yet.
pub(crate) fn lacks_set(doc: &AutoCommit, edit: &Edit) -> bool {
    match edit {
        Edit::Include { id, member } | Edit::Exclude { id, member } => {
            let (key, _) = member.key_and_member();
            key == BEGUN_LATER && id == PLAN_ID && find_set(doc, id, member).is_err()
        }
        _ => false,
    }
}

/// Makes the set that is begun later than its entity, the plan's own. As with
/// [`ensure`], all devices make the same bytes.
pub(crate) fn begin_set(doc: &mut AutoCommit) -> Result<(), EditError> {
    let mut beginning = genesis()?;
    beginning.set_actor(shared_actor(&format!("schema/{SCHEMA}/plan/{BEGUN_LATER}")));
    let plan = find(&beginning, EntityKind::Plan, PLAN_ID)?;
    beginning.put_object(&plan, BEGUN_LATER, ObjType::Map)?;
    apply_beginning(doc, beginning)
}

/// Takes in the one change that was made on top of the first.
fn apply_beginning(doc: &mut AutoCommit, mut beginning: AutoCommit) -> Result<(), EditError> {
    beginning.commit_with(CommitOptions::default().with_time(0));
    let change = beginning
        .get_last_local_change()
        .ok_or(AutomergeError::Fail)?;
    doc.apply_changes([change])?;
    Ok(())
}

/// Carries out any edit but [`Edit::Ensure`].
pub(crate) fn edit(doc: &mut AutoCommit, edit: &Edit) -> Result<(), EditError> {
    match edit {
        Edit::Add {
            entity,
            place,
            fields,
        } => {
            if read::entity(doc, entity).is_some() {
                return Err(EditError::Exists(entity.clone()));
            }
            if let Some(field) = fields.iter().find(|field| field.kind() != entity.kind) {
                return Err(EditError::WrongKind {
                    of: entity.kind,
                    field: field.kind(),
                });
            }
            let order = order_at(doc, entity, place)?;
            add(doc, entity, &order, fields)?;
        }
        Edit::Ensure(shared) => ensure(doc, shared)?,
        Edit::Set { id, field } => {
            let map = find(doc, field.kind(), id)?;
            let (key, value) = field.key_and_value();
            doc.put(&map, key, value)?;
        }
        Edit::Include { id, member } => {
            let (set, member) = find_set(doc, id, member)?;
            doc.put(&set, member, true)?;
        }
        Edit::Exclude { id, member } => {
            let (set, member) = find_set(doc, id, member)?;
            if doc.get(&set, member.as_str())?.is_some() {
                doc.delete(&set, member)?;
            }
        }
        Edit::Splice {
            id,
            text: field,
            at,
            delete,
            insert,
        } => {
            let object = find_text(doc, id, *field)?;
            if is_title(*field) {
                text::splice_title(doc, &object, *at, *delete, insert)?;
            } else {
                text::splice(doc, &object, *at, *delete, insert)?;
            }
        }
        Edit::Write {
            id,
            text: field,
            blocks,
        } => {
            let object = find_text(doc, id, *field)?;
            if is_title(*field) {
                let line = blocks
                    .iter()
                    .map(text::Block::text)
                    .collect::<Vec<_>>()
                    .join(" ");
                doc.update_text(&object, line.replace(['\n', '\r'], " "))?;
            } else {
                text::update(doc, &object, blocks)?;
            }
        }
        Edit::Mark {
            id,
            text: field,
            from,
            to,
            mark,
            on,
        } => {
            let object = find_running_text(doc, id, *field)?;
            text::mark(doc, &object, *from, *to, mark, *on)?;
        }
        Edit::SetBlock {
            id,
            text: field,
            at,
            kind,
        } => {
            let object = find_running_text(doc, id, *field)?;
            text::set_block(doc, &object, *at, *kind)?;
        }
        Edit::Move { entity, place } => {
            let map = find(doc, entity.kind, &entity.id)?;
            let order = order_at(doc, entity, place)?;
            doc.put(&map, ORDER_KEY, order.as_str())?;
        }
        Edit::Delete(entity) => set_deleted(doc, entity, true)?,
        Edit::Restore(entity) => set_deleted(doc, entity, false)?,
    }
    Ok(())
}

fn set_deleted(doc: &mut AutoCommit, entity: &EntityRef, deleted: bool) -> Result<(), EditError> {
    let map = find(doc, entity.kind, &entity.id)?;
    // automerge drops a put of the value that already stands. Deleting once
    // more, with an edit by others now known, is a new decision: so the mark
    // is lifted and set.
    doc.put(&map, DELETED_KEY, !deleted)?;
    doc.put(&map, DELETED_KEY, deleted)?;
    Ok(())
}

fn add(
    doc: &mut AutoCommit,
    entity: &EntityRef,
    order: &OrderKey,
    fields: &[Field],
) -> Result<ObjId, EditError> {
    let collection = read::object(doc, &ROOT, entity.kind.collection(), ObjType::Map)
        .ok_or_else(|| EditError::NotFound(entity.clone()))?;
    let map = create_entity(doc, &collection, entity.kind, &entity.id)?;
    doc.put(&map, ORDER_KEY, order.as_str())?;
    for field in fields {
        let (key, value) = field.key_and_value();
        doc.put(&map, key, value)?;
    }
    Ok(map)
}

fn find(doc: &AutoCommit, kind: EntityKind, id: &str) -> Result<ObjId, EditError> {
    let entity = EntityRef::new(kind, id);
    read::entity(doc, &entity).ok_or(EditError::NotFound(entity))
}

fn find_set(doc: &AutoCommit, id: &str, member: &Member) -> Result<(ObjId, String), EditError> {
    let map = find(doc, member.kind(), id)?;
    let (key, member_key) = member.key_and_member();
    let set = read::object(doc, &map, key, ObjType::Map)
        .ok_or_else(|| EditError::NotFound(EntityRef::new(member.kind(), id)))?;
    Ok((set, member_key))
}

pub(crate) fn find_text(doc: &AutoCommit, id: &str, field: TextField) -> Result<ObjId, EditError> {
    let map = find(doc, field.kind(), id)?;
    read::object(doc, &map, field.key(), ObjType::Text)
        .ok_or_else(|| EditError::NotFound(EntityRef::new(field.kind(), id)))
}

fn find_running_text(doc: &AutoCommit, id: &str, field: TextField) -> Result<ObjId, EditError> {
    if is_title(field) {
        return Err(EditError::NotRunningText(field.key()));
    }
    find_text(doc, id, field)
}

fn is_title(field: TextField) -> bool {
    field.kind().titles().contains(&field.key())
}

/// A key that puts `entity` at `place` among all of its kind. Siblings are a
/// part of these, so the order among them comes out right too.
fn order_at(doc: &AutoCommit, entity: &EntityRef, place: &Place) -> Result<OrderKey, EditError> {
    let others = orders(doc, entity);
    let position = |id: &str| {
        let found = others.iter().position(|(_, other)| other == id);
        found.ok_or_else(|| EditError::NotFound(EntityRef::new(entity.kind, id)))
    };
    let next = match place {
        Place::First => 0,
        Place::Last => others.len(),
        Place::Before(id) => position(id)?,
        Place::After(id) => position(id)? + 1,
    };
    let low = next
        .checked_sub(1)
        .and_then(|index| others.get(index))
        .map(|(key, _)| key);
    let high = others.get(next).map(|(key, _)| key);
    Ok(OrderKey::between(low, high, &entity.id))
}

/// The order keys of all entities of this kind but `entity`, in order.
fn orders(doc: &AutoCommit, entity: &EntityRef) -> Vec<(OrderKey, String)> {
    let Some(collection) = read::object(doc, &ROOT, entity.kind.collection(), ObjType::Map) else {
        return Vec::new();
    };
    let others = doc.keys(&collection).filter(|id| **id != *entity.id);
    let mut orders: Vec<(OrderKey, String)> = others
        .filter_map(|id| {
            let map = read::object(doc, &collection, &id, ObjType::Map)?;
            Some((read::order(doc, &map), id))
        })
        .collect();
    orders.sort();
    orders
}
