//! The plan as plain values, and who hears of what changes in it.
//!
//! While someone types, one text of one entity changes at each key, and nothing
//! else may be done anew: a plan may hold thousands of measures. So whoever
//! reads an entity hears of that entity alone, and whoever reads the plan as a
//! whole hears of everything but titles and texts.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use plan::schema::SharedEntity;
use plan::{EntityRef, PlanDoc, PlanView};

/// A handle to the view.
#[derive(Clone, Copy)]
pub struct LiveView {
    view: StoredValue<PlanView>,
    structure: Trigger,
    entities: StoredValue<BTreeMap<EntityRef, ArcTrigger>>,
}

impl LiveView {
    /// A view that no one has read yet.
    pub fn new(view: PlanView) -> Self {
        Self {
            view: StoredValue::new(view),
            structure: Trigger::new(),
            entities: StoredValue::default(),
        }
    }

    /// Reads the view. Who does is told of every change to come, unless only
    /// titles and texts change: these are read by [`entity`](Self::entity).
    pub fn with<R>(self, read: impl FnOnce(&PlanView) -> R) -> R {
        self.structure.track();
        self.view.with_value(read)
    }

    /// Reads the view as it is now.
    pub fn with_untracked<R>(self, read: impl FnOnce(&PlanView) -> R) -> R {
        self.view.with_value(read)
    }

    /// An entity with its texts. Who reads it is told when it changes.
    pub fn entity(self, entity: &EntityRef) -> Option<SharedEntity> {
        self.trigger(entity).track();
        self.view.with_value(|view| view.shared(entity))
    }

    fn trigger(self, entity: &EntityRef) -> ArcTrigger {
        let known = self
            .entities
            .with_value(|triggers| triggers.get(entity).cloned());
        known.unwrap_or_else(|| {
            let trigger = ArcTrigger::new();
            self.entities.update_value(|triggers| {
                triggers.insert(entity.clone(), trigger.clone());
            });
            trigger
        })
    }

    /// Puts another view in its place.
    pub fn replace(self, view: PlanView) {
        self.view.set_value(view);
        self.entities
            .with_value(|triggers| triggers.values().for_each(ArcTrigger::notify));
        self.structure.notify();
    }

    /// Brings the view up to date, and tells those who read what is not as it was.
    pub fn refresh(self, doc: &mut PlanDoc, changed: &BTreeSet<EntityRef>) {
        let refreshed = self
            .view
            .try_update_value(|view| doc.refresh(view, changed));
        let Some(refreshed) = refreshed else { return };
        self.entities.with_value(|triggers| {
            let followed = refreshed
                .changed
                .iter()
                .filter_map(|entity| triggers.get(entity));
            followed.for_each(ArcTrigger::notify);
        });
        if refreshed.structure {
            self.structure.notify();
        }
    }
}
