//! Taking in what was made elsewhere: single changes, and whole saved plans.

use std::collections::BTreeSet;

use automerge::{AutoCommit, AutomergeError, Change, ChangeHash};

use super::waiting::{self, Waiting};
use super::{PlanDoc, changes_of, entity_of, has, hashes_since, read_schema, saved};
use crate::actors::Actors;
use crate::contested::{self, ContestedText};
use crate::id::EntityRef;
use crate::schema::genesis_hash;

/// Changes from elsewhere could not be taken in; the plan is as it was.
#[derive(Debug, thiserror::Error)]
#[error("the changes are damaged or do not belong to a plan")]
pub struct MergeError(#[from] AutomergeError);

/// What a merge did.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Merged {
    /// The entities that are not as they were; all of them, where a plan that
    /// had yet to arrive was taken in whole.
    pub changed: BTreeSet<EntityRef>,
    /// Texts that two parties had written in without knowing of each other.
    pub contested: Vec<ContestedText>,
}

impl PlanDoc {
    /// Takes in changes made elsewhere. Each part is one change, or a whole
    /// saved plan. Changes already here do nothing; those whose dependencies
    /// are missing wait for them.
    ///
    /// # Errors
    /// When a part is damaged. Nothing is then taken in.
    pub fn merge<P: AsRef<[u8]>>(
        &mut self,
        parts: impl IntoIterator<Item = P>,
    ) -> Result<Merged, MergeError> {
        let parts: Vec<P> = parts.into_iter().collect();
        self.merge_parts(parts.iter().map(AsRef::as_ref).collect())
    }

    fn merge_parts(&mut self, mut parts: Vec<&[u8]>) -> Result<Merged, MergeError> {
        self.commit();
        let before = self.doc.get_heads();
        let blank = self.begin_with_whole(&mut parts);
        if let Err(error) = self.take_in(&parts) {
            // Nothing of it is here, and so nobody new.
            self.actors = Actors::default();
            if let Some((doc, waiting)) = blank {
                (self.doc, self.waiting) = (doc, waiting);
            }
            return Err(error.into());
        }
        let patches = self.doc.diff_incremental();
        let changed = patches.iter().filter_map(entity_of).collect();
        let contested = contested::texts(&mut self.doc, &before);
        self.doc.update_diff_cursor();
        // A partner with a newer version may have moved the plan on.
        self.schema = read_schema(&self.doc).unwrap_or(self.schema);
        Ok(Merged { changed, contested })
    }

    /// Where a plan has yet to arrive, opens the first whole one among the parts
    /// in its place: to apply its changes one by one would take many times as
    /// long. The document as it was with what waited, if so.
    fn begin_with_whole(&mut self, parts: &mut Vec<&[u8]>) -> Option<(AutoCommit, Waiting)> {
        if !self.is_blank() {
            return None;
        }
        let at = parts.iter().position(|part| saved::is_whole(part))?;
        let (mut whole, waiting) = saved::load(parts[at]).ok()?;
        if !has(&mut whole, &genesis_hash().ok()?) {
            return None;
        }
        parts.swap_remove(at);
        whole.set_author(self.doc.get_author().cloned());
        whole.set_actor(self.doc.get_actor().clone());
        let blank = std::mem::replace(&mut self.doc, whole);
        let waited = self.waiting.clone();
        self.waiting.extend(waiting);
        Some((blank, waited))
    }

    /// Takes in what these parts bring, all of it or nothing, and then what
    /// waited for it.
    fn take_in(&mut self, parts: &[&[u8]]) -> Result<(), AutomergeError> {
        let known = self.doc.get_heads();
        let mut brought = Vec::new();
        for part in parts {
            brought.extend(changes_in(part, &known)?);
        }
        let (ready, wait) = waiting::sort(&mut self.doc, brought);
        self.apply(ready)?;
        self.waiting.extend(wait);
        self.take_in_what_waited();
        Ok(())
    }

    /// Takes in what waits no longer. What can't be applied is thrown away: it
    /// must not keep out what it waited for.
    pub(super) fn take_in_what_waited(&mut self) {
        loop {
            let ready = self.waiting.take_ready(&mut self.doc);
            if ready.is_empty() {
                return;
            }
            if self.apply(ready.clone()).is_err() {
                for change in ready {
                    let (ready, wait) = waiting::sort(&mut self.doc, vec![change]);
                    self.waiting.extend(wait);
                    // One that is thrown away.
                    let _ = self.apply(ready);
                }
            }
        }
    }

    /// Applies changes that are ready for it, or none of them: where a panic can be
    /// caught, also after one.
    fn apply(&mut self, changes: Vec<Change>) -> Result<(), AutomergeError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.actors.check(&mut self.doc, &changes)?;
        if cfg!(not(panic = "unwind")) {
            return apply_kept(&mut self.doc, changes);
        }
        let mut trial = self.doc.clone();
        saved::caught(|| apply_kept(&mut trial, changes))?;
        self.doc = trial;
        Ok(())
    }
}

/// Applies changes, or none of them if one would not be kept as it was made. A
/// saved document holds no changes but what they did, out of which they are put
/// together when it is opened; one made to harm may come out as another, and then
/// nothing of the document opens.
fn apply_kept(doc: &mut AutoCommit, changes: Vec<Change>) -> Result<(), AutomergeError> {
    let before = doc.get_heads();
    let applied = doc.apply_changes(changes);
    let came = hashes_since(doc, &before);
    let kept = changes_of(doc, &before, &came);
    let kept = BTreeSet::from_iter(kept.iter().map(Change::hash));
    let came = BTreeSet::from_iter(came);
    if came.is_empty() || applied.is_ok() && came == kept {
        return applied;
    }
    let mut earlier = doc.fork_at(&before)?;
    earlier.set_author(doc.get_author().cloned());
    earlier.update_diff_cursor();
    *doc = earlier;
    applied.and(Err(AutomergeError::Fail))
}

/// The changes in a saved plan that `known` does not cover, with those that waited
/// for others when it was saved, or the one change.
fn changes_in(part: &[u8], known: &[ChangeHash]) -> Result<Vec<Change>, AutomergeError> {
    if !saved::is_whole(part) {
        return saved::read_changes(part);
    }
    let (mut other, waiting) = saved::load(part)?;
    let known = known.iter().copied();
    let shared: Vec<_> = known.filter(|hash| has(&mut other, hash)).collect();
    let mut changes = other.get_changes(&shared);
    changes.extend(waiting);
    Ok(changes)
}
