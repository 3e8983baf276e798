//! A goal's measures and their sections as they stand, without what is in them.
//!
//! Thousands of parts of a page ask for it. Were each to follow the plan as a
//! whole, all would be made anew whenever anything is added anywhere.

use plan::Id;
use plan::schema::{Goal, Measure, Section};

use crate::derived::Derived;
use crate::document::OpenPlan;

/// The measures of one goal, in order.
#[derive(Clone, Copy)]
pub struct GoalShape(Derived<Vec<MeasureShape>>);

#[derive(Clone, PartialEq)]
struct MeasureShape {
    id: Id<Measure>,
    sections: Vec<Id<Section>>,
}

impl GoalShape {
    /// Of this goal.
    pub fn of(plan: OpenPlan, goal: &Id<Goal>) -> Self {
        let goal = goal.clone();
        Self(plan.derive(move |view| {
            let measures = view.measures(&goal).into_iter();
            let shape = measures.map(|measure| MeasureShape {
                id: measure.id.clone(),
                sections: view
                    .sections(&measure.id)
                    .into_iter()
                    .map(|s| s.id.clone())
                    .collect(),
            });
            shape.collect()
        }))
    }

    /// The measures' ids.
    pub fn measures(self) -> Derived<Vec<String>> {
        Derived::new(move || {
            let ids = |shape: &Vec<MeasureShape>| {
                shape.iter().map(|measure| measure.id.to_string()).collect()
            };
            self.0.with(ids)
        })
    }

    /// A measure's number, from 1; 0 where it is gone. Tracked.
    pub fn number(self, id: &Id<Measure>) -> usize {
        let at = |shape: &Vec<MeasureShape>| shape.iter().position(|measure| measure.id == *id);
        self.0.with(at).map_or(0, |at| at + 1)
    }

    /// A measure's sections, in order. Tracked.
    pub fn sections(self, id: &Id<Measure>) -> Vec<Id<Section>> {
        self.0.with(|shape| {
            let measure = shape.iter().find(|measure| measure.id == *id);
            measure
                .map(|measure| measure.sections.clone())
                .unwrap_or_default()
        })
    }

    /// [`number`](Self::number), to be followed.
    pub fn number_of(self, id: &Id<Measure>) -> Derived<usize> {
        let id = id.clone();
        Derived::new(move || self.number(&id))
    }
}
