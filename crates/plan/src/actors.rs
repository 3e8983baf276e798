//! A guard before automerge: changes that name an actor of whom nothing they
//! build on knows.
//!
//! No automerge makes such a change, but a member who wants harm can, and
//! automerge 0.12 panics when it applies one. In the browser that would end the
//! app of everybody who opens the plan.

use std::collections::BTreeSet;

use automerge::{ActorId, AutoCommit, AutomergeError, Change};

/// The actors known to have written in a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Actors(BTreeSet<ActorId>);

impl Actors {
    /// Whether each of these changes, which come in the order in which they can be
    /// applied, names only actors who have written by then.
    pub(crate) fn check(
        &mut self,
        doc: &mut AutoCommit,
        changes: &[Change],
    ) -> Result<(), AutomergeError> {
        for change in changes {
            for actor in change.other_actor_ids() {
                if !self.knows(doc, actor) {
                    return Err(AutomergeError::InvalidActorId(actor.to_string()));
                }
            }
            self.0.insert(change.actor_id().clone());
        }
        Ok(())
    }

    /// Others may have come in since it was last asked, by an edit: so the
    /// document has the last word.
    fn knows(&mut self, doc: &mut AutoCommit, actor: &ActorId) -> bool {
        if !self.0.contains(actor) {
            let changes = doc.get_changes_meta(&[]).into_iter();
            self.0
                .extend(changes.map(|change| change.actor.into_owned()));
        }
        self.0.contains(actor)
    }
}
