//! Every entity of a plan as plain values, in one map.
//!
//! The map forgets which type an entity has and asks again when it is read: one
//! map's code instead of two dozen, which is most of what the app downloads of
//! this crate. The kind in the key says the type, so the question always has
//! its answer.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use automerge::{AutoCommit, ObjType, ROOT, ReadDoc};

use super::{Entity, EntityKind, read_entity};
use crate::attribution::Attribution;
use crate::id::{EntityRef, Id};
use crate::order::OrderKey;
use crate::read;
use crate::register::Choice;

/// What can be asked of an entity whatever its kind.
pub trait AnyEntity: Any + Debug + Send + Sync {
    /// Its place among its siblings.
    fn order(&self) -> &OrderKey;
    /// Who deleted it, while it is deleted.
    fn deleted(&self) -> Option<&Attribution>;
    /// The values between which each of its registers with an open clash stands.
    fn clashes(&self) -> Vec<Vec<Choice>>;
    /// Whether it is the same as another, of whatever kind.
    fn equals(&self, other: &dyn AnyEntity) -> bool;
}

/// An entity that is held on to. Equal while it is the same and unchanged.
#[derive(Clone, Debug)]
pub struct SharedEntity(Arc<dyn AnyEntity>);

impl SharedEntity {
    /// The entity, if it is of type `E`.
    pub fn get<E: Entity>(&self) -> Option<&E> {
        let any: &dyn Any = &*self.0;
        any.downcast_ref()
    }
}

impl PartialEq for SharedEntity {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The entities of a plan. They are shared, so that a page can hold on to one
/// and see by pointer whether it changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entities(BTreeMap<EntityRef, Arc<dyn AnyEntity>>);

impl Entities {
    /// Reads every entity.
    pub(crate) fn read(doc: &AutoCommit) -> Self {
        let mut entities = Self::default();
        for kind in EntityKind::ALL {
            let Some(map) = read::object(doc, &ROOT, kind.collection(), ObjType::Map) else {
                continue;
            };
            for id in doc.keys(&map) {
                entities.refresh(doc, &EntityRef::new(*kind, id));
            }
        }
        entities
    }

    /// Reads one entity anew, or drops it where the document has none.
    pub(crate) fn refresh(&mut self, doc: &AutoCommit, entity: &EntityRef) {
        match read::entity(doc, entity) {
            Some(map) => {
                let read = read_entity(doc, entity, &map);
                // What did not change keeps its pointer.
                if !self.any(entity).is_some_and(|known| known.equals(&*read)) {
                    self.0.insert(entity.clone(), read);
                }
            }
            None => {
                self.0.remove(entity);
            }
        }
    }

    /// An entity of whatever kind.
    pub(crate) fn any(&self, entity: &EntityRef) -> Option<&dyn AnyEntity> {
        self.0.get(entity).map(|found| &**found)
    }

    /// The entity with this id.
    pub(crate) fn get<E: Entity>(&self, id: &Id<E>) -> Option<&E> {
        let found: &dyn Any = self.any(&EntityRef::new(E::KIND, id.as_str()))?;
        found.downcast_ref()
    }

    /// An entity of whatever kind, to hold on to.
    pub(crate) fn shared(&self, entity: &EntityRef) -> Option<SharedEntity> {
        self.0.get(entity).cloned().map(SharedEntity)
    }

    /// The entities of a kind, deleted or not as asked, in order.
    pub(crate) fn ordered<E: Entity>(&self, deleted: bool) -> Vec<&E> {
        let found = self.ordered_any(E::KIND, deleted).into_iter();
        found
            .filter_map(|any| (any as &dyn Any).downcast_ref())
            .collect()
    }

    fn ordered_any(&self, kind: EntityKind, deleted: bool) -> Vec<&dyn AnyEntity> {
        let mut found: Vec<(&OrderKey, &str, &dyn AnyEntity)> = self
            .of_kind(kind)
            .filter(|(_, any)| any.deleted().is_some() == deleted)
            .map(|(entity, any)| (any.order(), &*entity.id, any))
            .collect();
        found.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        found.into_iter().map(|(_, _, any)| any).collect()
    }

    /// The entities of a kind by id.
    pub(crate) fn of_kind(
        &self,
        kind: EntityKind,
    ) -> impl Iterator<Item = (&EntityRef, &dyn AnyEntity)> {
        let from = EntityRef::new(kind, "");
        self.0
            .range(from..)
            .take_while(move |(entity, _)| entity.kind == kind)
            .map(|(entity, any)| (entity, &**any))
    }

    /// Every entity in turn.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&EntityRef, &dyn AnyEntity)> {
        self.0.iter().map(|(entity, any)| (entity, &**any))
    }
}

impl PartialEq for Entities {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self
                .0
                .iter()
                .zip(&other.0)
                .all(|((a, x), (b, y))| a == b && (Arc::ptr_eq(x, y) || x.equals(&**y)))
    }
}
