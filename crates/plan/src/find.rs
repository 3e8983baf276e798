//! Finding words in a plan.

use crate::case::lowercase;
use crate::id::{EntityRef, Id};
use crate::schema::{EntityKind, Goal, PLAN_ID};
use crate::value::TableKind;
use crate::view::PlanView;

/// Letters that are shown before what was found.
const BEFORE: usize = 32;
/// Letters that are shown after it.
const AFTER: usize = 64;

/// A place where the words stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whose title or text it is.
    pub entity: EntityRef,
    /// What stands before the words, shortened.
    pub before: String,
    /// The words as they stand there.
    pub words: String,
    /// What stands after them, shortened.
    pub after: String,
}

impl PlanView {
    /// Where `words` stand in titles and texts, in the order in which the plan
    /// is read, however they are capitalised; no more than `most` places. Words
    /// that go over the end of a paragraph are not found.
    pub fn find(&self, words: &str, most: usize) -> Vec<Found> {
        let wanted = lowercase(words.trim());
        let mut found = Vec::new();
        if wanted.is_empty() {
            return found;
        }
        for entity in self.in_reading_order() {
            for line in self.lines(&entity) {
                // In lower case every letter is as many bytes long.
                for (at, _) in lowercase(&line).match_indices(&wanted) {
                    if found.len() == most {
                        return found;
                    }
                    let (before, rest) = line.split_at(at);
                    let (words, after) = rest.split_at(wanted.len());
                    found.push(Found {
                        entity: entity.clone(),
                        before: last_of(before),
                        words: words.to_owned(),
                        after: first_of(after),
                    });
                }
            }
        }
        found
    }

    /// What the plan's page shows, from top to bottom.
    pub(crate) fn in_reading_order(&self) -> Vec<EntityRef> {
        let mut order = vec![EntityRef::new(EntityKind::Plan, PLAN_ID)];
        for (_, chapter) in self.chapters() {
            order.push(EntityRef::new(EntityKind::Chapter, chapter.id.as_str()));
            if chapter.tables.contains(&TableKind::Measures) {
                for goal in self.goals(None) {
                    self.push_goal(&mut order, &goal.id);
                }
            }
        }
        order
    }

    fn push_goal(&self, order: &mut Vec<EntityRef>, goal: &Id<Goal>) {
        order.push(EntityRef::new(EntityKind::Goal, goal.as_str()));
        for measure in self.measures(goal) {
            order.push(EntityRef::new(EntityKind::Measure, measure.id.as_str()));
            let sections = self.sections(&measure.id).into_iter();
            order.extend(sections.map(|s| EntityRef::new(EntityKind::Section, s.id.as_str())));
        }
    }
}

fn last_of(text: &str) -> String {
    match text.char_indices().rev().nth(BEFORE) {
        Some((at, _)) => format!("…{}", &text[at..]),
        None => text.to_owned(),
    }
}

fn first_of(text: &str) -> String {
    match text.char_indices().nth(AFTER) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
