//! One entity of the open plan, as the page follows it.

use std::marker::PhantomData;

use crate::derived::Derived;
use plan::schema::{Entity, SharedEntity};
use plan::{Choice, EntityRef, Field, Id, Register};

use super::OpenPlan;

/// A register whatever its type, so that what shows it is there once.
#[derive(Clone, PartialEq)]
pub struct FieldValue {
    /// The register with its current value.
    pub field: Field,
    /// The values between which it stands; empty where hands did not collide.
    pub clash: Vec<Choice>,
}

/// An entity that is read anew only when it changes. It forgets its type until
/// it is read, so that the code that follows it is there once and not for each
/// kind of entity.
pub struct EntitySignal<E> {
    found: Derived<Option<SharedEntity>>,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for EntitySignal<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for EntitySignal<E> {}

impl<E: Entity> EntitySignal<E> {
    pub(super) fn new(plan: OpenPlan, id: &Id<E>) -> Self {
        let entity = EntityRef::new(E::KIND, id.as_str());
        Self {
            found: Derived::new(move || plan.view.entity(&entity)),
            entity: PhantomData,
        }
    }

    /// Something of the entity; the default where the plan has none.
    pub fn read<R: Default>(self, read: impl FnOnce(&E) -> R) -> R {
        self.found.with(|found| {
            found
                .as_ref()
                .and_then(SharedEntity::get)
                .map(read)
                .unwrap_or_default()
        })
    }

    /// One of its registers without its type, to be followed.
    pub fn value<T: Clone + 'static>(
        self,
        register: fn(&E) -> &Register<T>,
        field: fn(Option<T>) -> Field,
    ) -> Derived<FieldValue> {
        Derived::new(move || {
            let value = self.read(|entity| {
                let register = register(entity);
                Some(FieldValue {
                    field: field(register.value.clone()),
                    clash: register.choices(field),
                })
            });
            value.unwrap_or_else(|| FieldValue {
                field: field(None),
                clash: Vec::new(),
            })
        })
    }

    /// Something of the entity, to be followed.
    pub fn signal<R: Default + PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&E) -> R + Send + Sync + 'static,
    ) -> Derived<R> {
        Derived::new(move || self.read(&read))
    }
}
