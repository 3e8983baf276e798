//! Taking in what was made elsewhere: single changes, and whole saved plans.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{AutoCommit, AutomergeError, Change, ChangeHash};

use super::{PlanDoc, changes_since, entity_of, has, hashes_since, load, read_schema};
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
        let mut blank = self.begin_with_whole(&mut parts);
        let waiting = blank.as_mut().map(AutoCommit::save);
        if let Err(error) = self.take_in(parts.into_iter().chain(waiting.as_deref())) {
            // Nothing of it is here, and so nobody new.
            self.actors = Actors::default();
            if let Some(blank) = blank {
                self.doc = blank;
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
    /// long. The document as it was, if so.
    fn begin_with_whole(&mut self, parts: &mut Vec<&[u8]>) -> Option<AutoCommit> {
        if !self.is_blank() {
            return None;
        }
        let at = parts.iter().position(|part| is_whole(part))?;
        let mut whole = load(parts[at]).ok()?;
        if !has(&mut whole, &genesis_hash().ok()?) {
            return None;
        }
        parts.swap_remove(at);
        whole.set_actor(self.doc.get_actor().clone());
        whole.set_author(self.doc.get_author().cloned());
        Some(std::mem::replace(&mut self.doc, whole))
    }

    fn take_in<'a>(&mut self, parts: impl Iterator<Item = &'a [u8]>) -> Result<(), AutomergeError> {
        let known = self.doc.get_heads();
        let mut changes = Vec::new();
        for part in parts {
            changes.extend(read_changes(part, &known)?);
        }
        self.actors.check(&mut self.doc, &changes)?;
        apply_changes(&mut self.doc, changes)
    }
}

/// Applies changes to a copy, so that the document stays as it was where they
/// can't be taken: where automerge 0.12 panics, as it does on some that are made
/// to harm, and where it would save the document so that it never opens again. In
/// the browser, where no panic can be caught, they are applied as they are: the
/// code to copy a document has no room in the first visit.
fn apply_changes(doc: &mut AutoCommit, changes: Vec<Change>) -> Result<(), AutomergeError> {
    if cfg!(not(panic = "unwind")) {
        return doc.apply_changes(changes);
    }
    if changes.is_empty() {
        return Ok(());
    }
    let before = doc.get_heads();
    let mut trial = doc.clone();
    let apply = || {
        trial.apply_changes(changes)?;
        are_kept(&mut trial, &before)
            .then_some(())
            .ok_or(AutomergeError::Fail)
    };
    catch_unwind(AssertUnwindSafe(apply)).unwrap_or(Err(AutomergeError::Fail))?;
    *doc = trial;
    Ok(())
}

/// Whether what came since is kept as it was made. A saved document holds no
/// changes but what they did, out of which they are put together when it is
/// opened. One made to harm may come out as another, and then nothing of the
/// document opens.
fn are_kept(doc: &mut AutoCommit, before: &[ChangeHash]) -> bool {
    let came = BTreeSet::from_iter(hashes_since(doc, before));
    let kept = changes_since(doc, before);
    came == kept.iter().map(Change::hash).collect()
}

/// The type byte of an automerge chunk follows its magic and its checksum.
const CHUNK_TYPE_AT: usize = 8;
const DOCUMENT_CHUNK: u8 = 0;

/// The changes in a saved plan that `known` does not cover, those among them that
/// waited for others when it was saved, or the one change.
fn read_changes(part: &[u8], known: &[ChangeHash]) -> Result<Vec<Change>, AutomergeError> {
    if is_whole(part) {
        let mut other = load(part)?;
        let known = known.iter().copied();
        let shared: Vec<_> = known.filter(|hash| has(&mut other, hash)).collect();
        let mut changes = other.get_changes(&shared);
        let mut rest = after_chunk(part);
        while !rest.is_empty() {
            let next = after_chunk(rest);
            let waiting = &rest[..rest.len() - next.len()];
            changes.push(Change::from_bytes(waiting.to_vec())?);
            rest = next;
        }
        Ok(changes)
    } else {
        Ok(vec![Change::from_bytes(part.to_vec())?])
    }
}

/// Whether a part is a saved plan, and not one change.
fn is_whole(part: &[u8]) -> bool {
    part.get(CHUNK_TYPE_AT) == Some(&DOCUMENT_CHUNK)
}

/// What follows the first of automerge's chunks: its length stands after its
/// type, seven bits a byte, the lowest first.
fn after_chunk(bytes: &[u8]) -> &[u8] {
    let mut length = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(CHUNK_TYPE_AT + 1).take(5) {
        length |= usize::from(byte & 0x7f) << (7 * (at - CHUNK_TYPE_AT - 1));
        if byte & 0x80 == 0 {
            return bytes
                .get((at + 1).saturating_add(length)..)
                .unwrap_or_default();
        }
    }
    &[]
}
