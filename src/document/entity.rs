//! One entity of the open plan, as the page follows it.

use std::marker::PhantomData;

use leptos::prelude::*;
use plan::schema::{Entity, SharedEntity};
use plan::{EntityRef, Id};

use super::OpenPlan;

/// An entity that is read anew only when it changes. It forgets its type until
/// it is read, so that the code that follows it is there once and not for each
/// kind of entity.
pub struct EntitySignal<E> {
    found: Memo<Option<SharedEntity>>,
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
            found: plan.derive(move |view| view.shared(&entity)),
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

    /// Something of the entity, to be followed.
    pub fn signal<R: Default + Send + Sync + 'static>(
        self,
        read: impl Fn(&E) -> R + Send + Sync + 'static,
    ) -> Signal<R> {
        Signal::derive(move || self.read(&read))
    }
}
