//! Changes that wait for those they build on. automerge has a queue for them too;
//! theirs is not used, since one that it must not apply could not be taken out.

use std::collections::BTreeSet;

use automerge::{AutoCommit, Change, ChangeHash};

use super::has;

/// The changes that wait.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting(Vec<Change>);

impl Waiting {
    /// These wait too.
    pub(super) fn extend(&mut self, changes: impl IntoIterator<Item = Change>) {
        let mut known: BTreeSet<ChangeHash> = self.0.iter().map(Change::hash).collect();
        let changes = changes.into_iter();
        self.0
            .extend(changes.filter(|change| known.insert(change.hash())));
    }

    /// Takes out what waits no longer, in an order in which it can be applied.
    pub(super) fn take_ready(&mut self, doc: &mut AutoCommit) -> Vec<Change> {
        let (ready, waiting) = sort(doc, std::mem::take(&mut self.0));
        self.0 = waiting;
        ready
    }

    /// All of them as they are saved.
    pub(super) fn bytes(&self) -> impl Iterator<Item = u8> {
        self.0
            .iter()
            .flat_map(|change| change.raw_bytes().iter().copied())
    }
}

/// Those that can be applied, in an order in which they can, and those that build
/// on what is neither here nor among them. What is here already is left out.
pub(super) fn sort(doc: &mut AutoCommit, changes: Vec<Change>) -> (Vec<Change>, Vec<Change>) {
    let mut taken = BTreeSet::new();
    let (mut ready, mut waiting) = (Vec::new(), changes);
    waiting.retain(|change| !has(doc, &change.hash()));
    loop {
        let before = waiting.len();
        let mut still = Vec::new();
        for change in waiting {
            let mut deps = change.deps().iter();
            if deps.all(|dep| taken.contains(dep) || has(doc, dep)) {
                if taken.insert(change.hash()) {
                    ready.push(change);
                }
            } else {
                still.push(change);
            }
        }
        if still.len() == before {
            return (ready, still);
        }
        waiting = still;
    }
}
