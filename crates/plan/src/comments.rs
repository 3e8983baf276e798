//! What people say about parts of the plan, beside it.

use std::collections::BTreeMap;

use crate::id::EntityRef;
use crate::schema::Note;
use crate::value::NoteKind;
use crate::view::PlanView;

/// A part of the plan with what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread<'a> {
    /// The part.
    pub about: EntityRef,
    /// What is said, the oldest first.
    pub comments: Vec<&'a Note>,
}

impl PlanView {
    /// The comments that are not settled, by the part they are about, in the
    /// order in which the plan is read. Comments on what the page does not show
    /// come last.
    pub fn comments(&self) -> Vec<Thread<'_>> {
        let mut threads: BTreeMap<EntityRef, Vec<&Note>> = BTreeMap::new();
        for note in self.all::<Note>() {
            let about = note
                .anchor
                .value
                .as_deref()
                .and_then(EntityRef::from_anchor);
            if let Some(about) = about.filter(|_| note.kind.value == Some(NoteKind::Comment)) {
                threads.entry(about).or_default().push(note);
            }
        }
        if threads.is_empty() {
            return Vec::new();
        }
        let order = self.in_reading_order();
        let mut ordered: Vec<Thread<'_>> = order
            .into_iter()
            .filter_map(|about| {
                threads
                    .remove(&about)
                    .map(|comments| Thread { about, comments })
            })
            .collect();
        let rest = threads.into_iter();
        ordered.extend(rest.map(|(about, comments)| Thread { about, comments }));
        ordered
    }
}
