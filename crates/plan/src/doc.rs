//! One plan as an open automerge document.

mod approved;
mod lineage;
mod merge;
mod saved;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::CommitOptions;
use automerge::{
    ActorId, AutoCommit, AutomergeError, Change, ChangeHash, Patch, PatchAction, Prop, ROOT,
    ReadDoc,
};

use crate::actors::Actors;
use crate::apply::{self, EditError};
use crate::attribution::{Attribution, DeviceName};
use crate::edit::Edit;
use crate::id::EntityRef;
use crate::read::{self, Fields};
use crate::schema::{
    BEGUN_LATER, EntityKind, PLAN_ID, SCHEMA, SCHEMA_KEY, TextField, genesis, genesis_hash,
};
use crate::text::{self, HeldCaret, HeldSelection, RichText};
use crate::value::UnixSeconds;
use crate::view::{PlanView, Refreshed};

use waiting::Waiting;

pub use merge::{MergeError, Merged};

/// The hash of a change (SHA-256), which names it and all it builds on.
pub type Hash = [u8; 32];

/// An open plan: the document, and the device that edits it.
///
/// Edits gather in one change until [`commit`](PlanDoc::commit), so that a
/// line of typing costs one change and not one for each key.
#[derive(Debug, Clone)]
pub struct PlanDoc {
    doc: AutoCommit,
    waiting: Waiting,
    actors: Actors,
    schema: u32,
    last_edit_at: UnixSeconds,
}

/// The bytes are no plan that this version can open.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Not an automerge document, or a damaged one.
    #[error("this is no automerge document, or it is damaged")]
    NotAutomerge(#[source] AutomergeError),
    /// An automerge document of something else.
    #[error("this is an automerge document, but it does not hold a Samskriv plan")]
    NotAPlan,
}

impl PlanDoc {
    /// A new, empty plan.
    pub fn create(device: &DeviceName) -> Self {
        let doc = genesis().expect("the first change is the same every time, and tests make it");
        Self::open(doc, SCHEMA, device)
    }

    /// Opens a saved plan. One of a newer schema opens for reading only: see
    /// [`PlanDoc::newer_schema`].
    ///
    /// # Errors
    /// When the bytes are no automerge document, or hold no plan.
    pub fn load(bytes: &[u8], device: &DeviceName) -> Result<Self, LoadError> {
        let (doc, waiting) = saved::load(bytes).map_err(LoadError::NotAutomerge)?;
        let mut plan = Self::open(doc, SCHEMA, device);
        plan.waiting.extend(waiting);
        plan.take_in_what_waited();
        plan.doc.update_diff_cursor();
        plan.schema = read_schema(&plan.doc).ok_or(LoadError::NotAPlan)?;
        let begins_as_plan = genesis_hash().is_ok_and(|hash| has(&mut plan.doc, &hash));
        if plan.newer_schema().is_none() && !begins_as_plan {
            return Err(LoadError::NotAPlan);
        }
        Ok(plan)
    }

    fn open(mut doc: AutoCommit, schema: u32, device: &DeviceName) -> Self {
        // A fresh actor for every opening: one that is used again after a disk
        // was restored would fork history. The author tells who it was.
        doc.set_actor(ActorId::random());
        doc.set_author(Some(device.to_author()));
        doc.update_diff_cursor();
        Self {
            doc,
            waiting: Waiting::default(),
            actors: Actors::default(),
            schema,
            last_edit_at: 0,
        }
    }

    /// Writes as a given actor in place of a fresh one, for tests that must make
    /// the same bytes each time. The actor must not have written before.
    #[must_use]
    pub fn writing_as(mut self, actor: &[u8]) -> Self {
        self.doc.set_actor(ActorId::from(actor));
        self
    }

    /// The plan's schema, when it is newer than this version can write.
    pub fn newer_schema(&self) -> Option<u32> {
        (self.schema > SCHEMA).then_some(self.schema)
    }

    /// Carries out an edit. It is in the document at once and in a change with
    /// the next [`commit`](PlanDoc::commit), which bears the time `at` of the
    /// last edit in it.
    ///
    /// # Errors
    /// When the edit names something that is not there, or the schema is
    /// newer. The document is then as it was.
    pub fn edit(&mut self, edit: &Edit, at: UnixSeconds) -> Result<BTreeSet<EntityRef>, EditError> {
        if let Some(schema) = self.newer_schema() {
            return Err(EditError::NewerSchema(schema));
        }
        if let Edit::Ensure(shared) = edit {
            // A shared beginning is a change of its own, on top of the first.
            self.commit();
            apply::ensure(&mut self.doc, shared)?;
        } else {
            if apply::lacks_set(&self.doc, edit) {
                // Its beginning is a change of its own, too.
                self.commit();
                apply::begin_set(&mut self.doc)?;
            }
            apply::edit(&mut self.doc, edit)?;
            self.last_edit_at = at;
        }
        if matches!(edit, Edit::Delete(_) | Edit::Restore(_)) {
            self.commit();
        }
        Ok(apply::touched(edit))
    }

    /// Whose hand began an entity, and when. It is looked up in history.
    pub fn begun_by(&self, entity: &EntityRef) -> Option<Attribution> {
        let map = read::entity(&self.doc, entity)?;
        Some(Attribution::of_op(&self.doc, &map))
    }

    /// A running text as it stands; empty where the plan has none.
    pub fn text(&self, id: &str, text: TextField) -> RichText {
        apply::find_text(&self.doc, id, text)
            .map(|text| text::read(&self.doc, &text))
            .unwrap_or_default()
    }

    /// The addresses of the relays that the plan names.
    pub fn relays(&self) -> BTreeSet<String> {
        let plan = read::entity(&self.doc, &EntityRef::new(EntityKind::Plan, PLAN_ID));
        let read = plan.map(|plan| {
            let fields: &dyn Fields = &read::EntityMap::read(&self.doc, &plan);
            fields.set(BEGUN_LATER)
        });
        read.unwrap_or_default()
    }

    /// Keeps hold of a selection in a text, by positions as in [`Edit::Splice`].
    pub fn hold(
        &self,
        id: &str,
        text: TextField,
        anchor: usize,
        head: usize,
    ) -> Option<HeldSelection> {
        let text = apply::find_text(&self.doc, id, text).ok()?;
        HeldSelection::take(&self.doc, &text, anchor, head)
    }

    /// Anchor and head of a held selection as they stand now.
    pub fn held(&self, id: &str, text: TextField, held: &HeldSelection) -> [usize; 2] {
        apply::find_text(&self.doc, id, text)
            .map(|text| held.now(&self.doc, &text))
            .unwrap_or_default()
    }

    /// Where another device's caret stands now, if its text is here so far.
    pub fn caret(&self, id: &str, text: TextField, caret: &HeldCaret) -> Option<usize> {
        let text = apply::find_text(&self.doc, id, text).ok()?;
        caret.now(&self.doc, &text)
    }

    /// Where a position of the text as it was when `held` was taken has gone,
    /// by its distance to the selection's head.
    pub fn carry(&self, id: &str, text: TextField, held: &HeldSelection, at: usize) -> usize {
        apply::find_text(&self.doc, id, text).map_or(at, |text| held.carry(&self.doc, &text, at))
    }

    /// Whether there is nothing but the first change, which all plans share:
    /// a plan that has yet to arrive.
    pub fn is_blank(&mut self) -> bool {
        let heads = self.heads();
        genesis_hash().is_ok_and(|first| heads == [first.0])
    }

    /// Closes the change that edits are gathered in. Returns its hash, or
    /// `None` when there were none.
    pub fn commit(&mut self) -> Option<Hash> {
        // automerge would enter this opening's actor into every column, and
        // take it out again, to commit nothing.
        if !self.has_uncommitted() {
            return None;
        }
        let options = CommitOptions::default().with_time(self.last_edit_at);
        self.doc.commit_with(options).map(|hash| hash.0)
    }

    /// Whether there are edits that no change holds yet.
    pub fn has_uncommitted(&self) -> bool {
        automerge::transaction::Transactable::pending_ops(&self.doc) > 0
    }

    /// The whole plan with its history, as any automerge library opens it.
    pub fn save(&mut self) -> Vec<u8> {
        self.commit();
        let mut saved = self.doc.save();
        saved.extend(self.waiting.bytes());
        saved
    }

    /// The hashes of the changes that nothing yet builds on, sorted. Equal
    /// heads mean equal plans.
    pub fn heads(&mut self) -> Vec<Hash> {
        self.commit();
        let mut heads: Vec<Hash> = self
            .doc
            .get_heads()
            .into_iter()
            .map(|hash| hash.0)
            .collect();
        heads.sort_unstable();
        heads
    }

    /// The heads that a saved plan has by itself; none where it can't be read.
    pub fn heads_of(saved: &[u8]) -> Vec<Hash> {
        let heads = saved::load(saved)
            .map(|(mut doc, _)| doc.get_heads())
            .unwrap_or_default();
        heads.into_iter().map(|hash| hash.0).collect()
    }

    /// Every change that is not among `heads` and what they build on, each as
    /// its own bytes, in an order in which they can be applied. Heads that
    /// are not known here are passed over.
    pub fn changes_since(&mut self, heads: &[Hash]) -> Vec<Vec<u8>> {
        self.commit();
        let known = self.known(heads);
        let changes = changes_since(&mut self.doc, &known);
        let bytes = changes.iter().map(|change| change.raw_bytes().to_vec());
        bytes.collect()
    }

    /// The hashes of the changes that [`changes_since`](Self::changes_since)
    /// gives.
    pub fn hashes_since(&mut self, heads: &[Hash]) -> BTreeSet<Hash> {
        self.commit();
        let known = self.known(heads);
        let new = hashes_since(&mut self.doc, &known).into_iter();
        new.map(|hash| hash.0).collect()
    }

    /// Whether every one of these changes is here.
    pub fn contains(&mut self, hashes: &[Hash]) -> bool {
        self.commit();
        hashes
            .iter()
            .all(|hash| has(&mut self.doc, &ChangeHash(*hash)))
    }

    /// For each actor that wrote under `device`'s name in the changes that are
    /// not among `since` and what they build on: the actor and the hash of its
    /// latest change. Signing these vouches for all they wrote before.
    pub fn latest_by(&mut self, device: &DeviceName, since: &[Hash]) -> Vec<(Vec<u8>, Hash)> {
        self.commit();
        let (author, since) = (device.to_author(), self.known(since));
        let mut latest = BTreeMap::new();
        for change in self.doc.get_changes_meta(&since) {
            if change.author.as_ref() == Some(&author) {
                latest.insert(change.actor.to_bytes().to_vec(), change.hash.0);
            }
        }
        latest.into_iter().collect()
    }

    /// Those of `heads` that are here.
    fn known(&mut self, heads: &[Hash]) -> Vec<ChangeHash> {
        let hashes = heads.iter().map(|hash| ChangeHash(*hash));
        hashes.filter(|hash| has(&mut self.doc, hash)).collect()
    }

    /// Every change with who made it and when, oldest first.
    pub fn history(&mut self) -> Vec<(Hash, Attribution)> {
        self.commit();
        let changes: Vec<Change> = self.doc.get_changes(&[]);
        changes
            .iter()
            .map(|change| (change.hash().0, Attribution::of_change(&self.doc, change)))
            .collect()
    }

    /// The plan as plain values.
    pub fn view(&mut self) -> PlanView {
        PlanView::read(&mut self.doc)
    }

    /// Brings a view up to date with the document, given which entities are
    /// not as they were. What did not change keeps its pointers.
    pub fn refresh(&mut self, view: &mut PlanView, changed: &BTreeSet<EntityRef>) -> Refreshed {
        // No commit: typing goes on gathering. Looking into history, for which
        // automerge closes the change, happens only after deleting.
        view.refresh(&mut self.doc, changed)
    }
}

/// So many changes are put together one by one. Of several together automerge
/// looks at all operations from the first's number to the last's: a shared
/// beginning's are as low as those of the plan's first day, so that a few letters
/// in a new section would cost a look at all of the plan.
const FEW_CHANGES: usize = 16;

/// Whether a change is here. Asked for its metadata, which automerge keeps: the
/// change itself it would have to put together out of its columns.
fn has(doc: &mut AutoCommit, change: &ChangeHash) -> bool {
    doc.get_change_meta_by_hash(change).is_some()
}

/// The changes that are not among these heads and what they build on, in an order
/// in which they can be applied.
fn changes_since(doc: &mut AutoCommit, heads: &[ChangeHash]) -> Vec<Change> {
    let new = hashes_since(doc, heads);
    changes_of(doc, heads, &new)
}

/// The same where their hashes are known.
fn changes_of(doc: &mut AutoCommit, heads: &[ChangeHash], new: &[ChangeHash]) -> Vec<Change> {
    if new.len() > FEW_CHANGES {
        return doc.get_changes(heads);
    }
    let changes = new.iter().map(|hash| doc.get_change_by_hash(hash));
    changes.flatten().collect()
}

/// The hashes of these changes, by their metadata.
fn hashes_since(doc: &mut AutoCommit, heads: &[ChangeHash]) -> Vec<ChangeHash> {
    let new = doc.get_changes_meta(heads).into_iter();
    new.map(|change| change.hash).collect()
}

fn read_schema(doc: &AutoCommit) -> Option<u32> {
    let (number, _) = doc.get(ROOT, SCHEMA_KEY).ok()??;
    u32::try_from(number.as_i64()?).ok()
}

/// The entity that a patch touches. A path reads: root key, entity id, …
pub(crate) fn entity_of(patch: &Patch) -> Option<EntityRef> {
    let key = |prop: &Prop| match prop {
        Prop::Map(key) => Some(key.clone()),
        Prop::Seq(_) => None,
    };
    let collection = key(&patch.path.first()?.1)?;
    let kind = *EntityKind::ALL
        .iter()
        .find(|kind| kind.collection() == collection)?;
    let id = match (patch.path.get(1), &patch.action) {
        (Some((_, prop)), _) => key(prop)?,
        (None, PatchAction::PutMap { key, .. } | PatchAction::DeleteMap { key }) => key.clone(),
        (None, PatchAction::Conflict { prop }) => key(prop)?,
        (None, _) => return None,
    };
    Some(EntityRef::new(kind, id))
}
