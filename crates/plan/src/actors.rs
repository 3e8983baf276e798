//! A guard before automerge: changes that name an actor of whom nothing they
//! build on knows.
//!
//! No automerge makes such a change, but a member who wants harm can, and
//! automerge 0.12 panics when it applies one. In the browser that would end the
//! app of everybody who opens the plan.

use std::collections::BTreeSet;

use automerge::{ActorId, AutoCommit, AutomergeError, Change, ChangeHash};

/// The actors known to have written in a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Actors(BTreeSet<ActorId>);

impl Actors {
    /// Whether each of these changes, as far as what it builds on is here, names
    /// only actors who have written by then. What still waits for others is left
    /// to wait.
    pub(crate) fn check(
        &mut self,
        doc: &mut AutoCommit,
        changes: &[Change],
    ) -> Result<(), AutomergeError> {
        let mut taken: BTreeSet<ChangeHash> = BTreeSet::new();
        let mut waiting: Vec<&Change> = changes.iter().collect();
        loop {
            let before = waiting.len();
            let mut still_waiting = Vec::new();
            for change in waiting {
                let mut deps = change.deps().iter();
                let is_here = |dep: &ChangeHash| taken.contains(dep);
                if !deps.all(|dep| is_here(dep) || doc.get_change_meta_by_hash(dep).is_some()) {
                    still_waiting.push(change);
                    continue;
                }
                for actor in change.other_actor_ids() {
                    if !self.knows(doc, actor) {
                        return Err(AutomergeError::InvalidActorId(actor.to_string()));
                    }
                }
                taken.insert(change.hash());
                self.0.insert(change.actor_id().clone());
            }
            if still_waiting.len() == before {
                return Ok(());
            }
            waiting = still_waiting;
        }
    }

    /// Others may have come in since it was last asked, by an edit or out of
    /// automerge's queue: so the document has the last word.
    fn knows(&mut self, doc: &mut AutoCommit, actor: &ActorId) -> bool {
        if !self.0.contains(actor) {
            let changes = doc.get_changes_meta(&[]).into_iter();
            self.0
                .extend(changes.map(|change| change.actor.into_owned()));
        }
        self.0.contains(actor)
    }
}
