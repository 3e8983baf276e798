//! Every entity of a plan as plain values, in one map.
//!
//! The map forgets which type an entity has and asks again when it is read: one
//! map's code instead of two dozen, which is most of what the app downloads of
//! this crate. The kind in the key says the type, so the question always has
//! its answer.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;

use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, Value, ValueRef};

use super::{Entity, EntityKind, read_entity};
use crate::attribution::Attribution;
use crate::id::{EntityRef, Id};
use crate::order::OrderKey;
use crate::read;
use crate::register::Choice;
use crate::unreadable::{Unreadable, UnreadableReason};

/// What can be asked of an entity whatever its kind.
pub trait AnyEntity: Any + Debug + Send + Sync {
    /// Its place among its siblings.
    fn order(&self) -> &OrderKey;
    /// Who deleted it, while it is deleted.
    fn deleted(&self) -> Option<&Attribution>;
    /// The values between which each of its registers with an open clash stands.
    fn clashes(&self) -> Vec<Vec<Choice>>;
    /// The id of the entity it stands below, where its kind has one.
    fn parent(&self) -> Option<&str>;
    /// Its titles, and the blocks of its texts.
    fn lines(&self) -> Vec<String>;
    /// Whether it is the same as another, of whatever kind.
    fn equals(&self, other: &dyn AnyEntity) -> bool;
    /// Whether it differs from another in its titles and texts at most.
    fn equals_but_for_texts(&self, other: &dyn AnyEntity) -> bool;
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
pub(crate) struct Entities {
    found: BTreeMap<EntityRef, Arc<dyn AnyEntity>>,
    /// What can't be read, by the entity or the collection where it is.
    unreadable: BTreeMap<String, Vec<Unreadable>>,
    /// Their order, by kind. It follows from the entities.
    order: BTreeMap<EntityKind, Arc<Order>>,
}

/// The entities of one kind in order, which is asked for much more often than
/// it changes.
#[derive(Debug, Default)]
struct Order {
    present: Vec<EntityRef>,
    deleted: Vec<EntityRef>,
    /// Those present, by parent.
    below: BTreeMap<Option<Arc<str>>, Vec<EntityRef>>,
}

/// How an entity came out of being read anew.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reread {
    /// As it was.
    Same,
    /// Another title or text.
    Text,
    /// Anything else: a value, its place, whether it is there.
    Structure,
}

impl FromIterator<(EntityRef, Arc<dyn AnyEntity>)> for Entities {
    fn from_iter<I: IntoIterator<Item = (EntityRef, Arc<dyn AnyEntity>)>>(found: I) -> Self {
        let mut entities = Self::default();
        // Not collected, which is code of its own that sorts them.
        entities.found.extend(found);
        for kind in EntityKind::ALL {
            entities.put_in_order(*kind);
        }
        entities
    }
}

impl Entities {
    /// Reads every entity.
    pub(crate) fn read(doc: &AutoCommit) -> Self {
        let mut entities = Self::default();
        for kind in EntityKind::ALL {
            let place = kind.collection();
            let Some(found) = Place::find(doc, &ROOT, place) else {
                continue;
            };
            entities.note(place.into(), found.unreadable(place));
            if !found.is_map {
                continue;
            }
            for item in doc.map_range(&found.id, ..) {
                let entity = EntityRef::new(*kind, &item.key);
                let place = Place {
                    is_map: matches!(item.value, ValueRef::Object(ObjType::Map)),
                    is_covering: item.conflict,
                    id: item.id(),
                };
                if let Some(read) = entities.read_at(doc, &entity, &place) {
                    entities.found.insert(entity, read);
                }
            }
            entities.put_in_order(*kind);
        }
        entities
    }

    /// Reads these entities anew, drops those that the document has no longer,
    /// and tells how each came out.
    pub(crate) fn refresh(
        &mut self,
        doc: &AutoCommit,
        changed: &BTreeSet<EntityRef>,
    ) -> Vec<Reread> {
        let reread: Vec<Reread> = changed
            .iter()
            .map(|entity| self.read_anew(doc, entity))
            .collect();
        let moved = changed.iter().zip(&reread);
        let kinds: BTreeSet<EntityKind> = moved
            .filter(|(_, reread)| **reread == Reread::Structure)
            .map(|(entity, _)| entity.kind)
            .collect();
        for kind in kinds {
            self.put_in_order(kind);
        }
        reread
    }

    fn read_anew(&mut self, doc: &AutoCommit, entity: &EntityRef) -> Reread {
        let collection = read::object(doc, &ROOT, entity.kind.collection(), ObjType::Map);
        let place = collection.and_then(|map| Place::find(doc, &map, &entity.id));
        let Some(read) = place.and_then(|place| self.read_at(doc, entity, &place)) else {
            return match self.found.remove(entity) {
                Some(_) => Reread::Structure,
                None => Reread::Same,
            };
        };
        let reread = match self.any(entity) {
            // What did not change keeps its pointer.
            Some(known) if known.equals(&*read) => return Reread::Same,
            Some(known) if known.equals_but_for_texts(&*read) => Reread::Text,
            _ => Reread::Structure,
        };
        self.found.insert(entity.clone(), read);
        reread
    }

    /// Reads the entity that should be in this place, and notes what can't be read.
    fn read_at(
        &mut self,
        doc: &AutoCommit,
        entity: &EntityRef,
        place: &Place,
    ) -> Option<Arc<dyn AnyEntity>> {
        let name = entity.to_string();
        let mut unreadable = place.unreadable(&name);
        let read = place.is_map.then(|| {
            let (read, inside) = read_entity(doc, entity, &place.id);
            unreadable.extend(inside);
            read
        });
        self.note(name, unreadable);
        read
    }

    fn note(&mut self, place: String, unreadable: Vec<Unreadable>) {
        if unreadable.is_empty() {
            self.unreadable.remove(&place);
        } else {
            self.unreadable.insert(place, unreadable);
        }
    }

    /// What could not be read.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = &Unreadable> {
        self.unreadable.values().flatten()
    }

    fn put_in_order(&mut self, kind: EntityKind) {
        let mut all: Vec<(&EntityRef, &dyn AnyEntity)> = self.of_kind(kind).collect();
        all.sort_unstable_by(|(a, x), (b, y)| (x.order(), &a.id).cmp(&(y.order(), &b.id)));
        let mut order = Order::default();
        for (entity, any) in all {
            if any.deleted().is_some() {
                order.deleted.push(entity.clone());
                continue;
            }
            order.present.push(entity.clone());
            let parent = any.parent().map(Arc::from);
            order.below.entry(parent).or_default().push(entity.clone());
        }
        self.order.insert(kind, Arc::new(order));
    }

    /// An entity of whatever kind.
    pub(crate) fn any(&self, entity: &EntityRef) -> Option<&dyn AnyEntity> {
        self.found.get(entity).map(|found| &**found)
    }

    /// The entity with this id.
    pub(crate) fn get<E: Entity>(&self, id: &Id<E>) -> Option<&E> {
        let found: &dyn Any = self.any(&EntityRef::new(E::KIND, id.as_str()))?;
        found.downcast_ref()
    }

    /// An entity of whatever kind, to hold on to.
    pub(crate) fn shared(&self, entity: &EntityRef) -> Option<SharedEntity> {
        self.found.get(entity).cloned().map(SharedEntity)
    }

    /// The entities of a kind, deleted or not as asked, in order.
    pub(crate) fn ordered<E: Entity>(&self, deleted: bool) -> Vec<&E> {
        self.typed(self.order.get(&E::KIND).map_or(&[], |order| {
            if deleted {
                &order.deleted
            } else {
                &order.present
            }
        }))
    }

    /// How many entities of a kind there are that are not deleted.
    pub(crate) fn count(&self, kind: EntityKind) -> usize {
        self.order.get(&kind).map_or(0, |order| order.present.len())
    }

    /// The entities of a kind that stand below `parent` and are not deleted.
    pub(crate) fn below<E: Entity>(&self, parent: Option<&str>) -> Vec<&E> {
        self.typed(self.siblings(E::KIND, parent))
    }

    /// The place of an entity among those with the same parent, from 0. A
    /// deleted one has none.
    pub(crate) fn place(&self, entity: &EntityRef) -> Option<usize> {
        let siblings = self.siblings(entity.kind, self.any(entity)?.parent());
        siblings.iter().position(|sibling| sibling == entity)
    }

    fn siblings(&self, kind: EntityKind, parent: Option<&str>) -> &[EntityRef] {
        let order = self.order.get(&kind);
        let below = order.and_then(|order| order.below.get(&parent.map(Arc::from)));
        below.map_or(&[], Vec::as_slice)
    }

    fn typed<E: Entity>(&self, entities: &[EntityRef]) -> Vec<&E> {
        let found = entities.iter().filter_map(|entity| self.any(entity));
        found
            .filter_map(|any| (any as &dyn Any).downcast_ref())
            .collect()
    }

    /// The entities of a kind by id.
    pub(crate) fn of_kind(
        &self,
        kind: EntityKind,
    ) -> impl Iterator<Item = (&EntityRef, &dyn AnyEntity)> {
        let from = EntityRef::new(kind, "");
        self.found
            .range(from..)
            .take_while(move |(entity, _)| entity.kind == kind)
            .map(|(entity, any)| (entity, &**any))
    }

    /// Every entity in turn.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&EntityRef, &dyn AnyEntity)> {
        self.found.iter().map(|(entity, any)| (entity, &**any))
    }
}

/// What stands where a map should.
struct Place {
    is_map: bool,
    /// Whether something else was made in the same place.
    is_covering: bool,
    id: ObjId,
}

impl Place {
    fn find(doc: &AutoCommit, map: &ObjId, key: &str) -> Option<Self> {
        let mut all = doc.get_all(map, key).ok()?;
        let (value, id) = all.pop()?;
        Some(Self {
            is_map: matches!(value, Value::Object(ObjType::Map)),
            is_covering: !all.is_empty(),
            id,
        })
    }

    fn unreadable(&self, place: &str) -> Vec<Unreadable> {
        let troubles = [
            (self.is_covering, UnreadableReason::Covered),
            (!self.is_map, UnreadableReason::WrongType),
        ];
        let troubles = troubles.into_iter().filter(|(is_so, _)| *is_so);
        troubles
            .map(|(_, reason)| Unreadable {
                place: place.to_owned(),
                reason,
            })
            .collect()
    }
}

impl PartialEq for Entities {
    fn eq(&self, other: &Self) -> bool {
        self.found.len() == other.found.len()
            && self
                .found
                .iter()
                .zip(&other.found)
                .all(|((a, x), (b, y))| a == b && (Arc::ptr_eq(x, y) || x.equals(&**y)))
    }
}
