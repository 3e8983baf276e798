//! One plan as an open automerge document.

mod lineage;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::CommitOptions;
use automerge::{
    ActorId, AutoCommit, AutomergeError, Change, ChangeHash, LoadOptions, Patch, PatchAction, Prop,
    ROOT, ReadDoc, TextEncoding,
};

use crate::actors::Actors;
use crate::apply::{self, EditError};
use crate::attribution::{Attribution, DeviceName};
use crate::contested::{self, ContestedText};
use crate::edit::Edit;
use crate::id::EntityRef;
use crate::read;
use crate::register;
use crate::schema::{
    Approval, BEGUN_LATER, EntityKind, PLAN_ID, SCHEMA, SCHEMA_KEY, TextField, genesis,
    genesis_hash,
};
use crate::text::{self, HeldCaret, HeldSelection, RichText};
use crate::value::{NoteKind, UnixSeconds};
use crate::view::{PlanView, Refreshed};

/// The hash of a change (SHA-256), which names it and all it builds on.
pub type Hash = [u8; 32];

/// An open plan: the document, and the device that edits it.
///
/// Edits gather in one change until [`commit`](PlanDoc::commit), so that a
/// line of typing costs one change and not one for each key.
#[derive(Debug, Clone)]
pub struct PlanDoc {
    doc: AutoCommit,
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
        let mut doc = load(bytes).map_err(LoadError::NotAutomerge)?;
        let schema = read_schema(&doc).ok_or(LoadError::NotAPlan)?;
        let begins_as_plan = genesis_hash().is_ok_and(|hash| has(&mut doc, &hash));
        if schema <= SCHEMA && !begins_as_plan {
            return Err(LoadError::NotAPlan);
        }
        Ok(Self::open(doc, schema, device))
    }

    fn open(mut doc: AutoCommit, schema: u32, device: &DeviceName) -> Self {
        // A fresh actor for every opening: one that is used again after a disk
        // was restored would fork history. The author tells who it was.
        doc.set_actor(ActorId::random());
        doc.set_author(Some(device.to_author()));
        doc.update_diff_cursor();
        Self {
            doc,
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
        plan.map(|plan| read::EntityMap::read(&self.doc, &plan).set(BEGUN_LATER))
            .unwrap_or_default()
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
        self.commit();
        let before = self.doc.get_heads();
        let mut parts: Vec<P> = parts.into_iter().collect();
        let mut blank = self.begin_with_whole(&mut parts);
        let waiting = blank.as_mut().map(AutoCommit::save);
        let parts = parts.iter().map(AsRef::as_ref).chain(waiting.as_deref());
        if let Err(error) = self.take_in(parts) {
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
    fn begin_with_whole<P: AsRef<[u8]>>(&mut self, parts: &mut Vec<P>) -> Option<AutoCommit> {
        if !self.is_blank() {
            return None;
        }
        let at = parts.iter().position(|part| is_whole(part.as_ref()))?;
        let mut whole = load(parts[at].as_ref()).ok()?;
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

    /// The whole plan with its history, as any automerge library opens it.
    pub fn save(&mut self) -> Vec<u8> {
        self.commit();
        self.doc.save()
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
        let heads = load(saved)
            .map(|mut doc| doc.get_heads())
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
        let changes = self.doc.get_changes_meta(&known);
        changes.iter().map(|change| change.hash.0).collect()
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

    /// What an approval given now is bound to: the heads, in hex.
    pub fn version_to_approve(&mut self) -> Vec<String> {
        self.commit();
        let mut heads: Vec<String> = self
            .doc
            .get_heads()
            .iter()
            .map(ToString::to_string)
            .collect();
        heads.sort_unstable();
        heads
    }

    /// Whether the plan's content is another than when this approval was
    /// given. Approvals, log rows, comments, people who join and the relays it
    /// is kept at are not content.
    pub fn changed_since(&mut self, approval: &Approval) -> bool {
        self.commit();
        let heads = approval.heads.value.iter().flatten();
        let approved: Vec<ChangeHash> = heads.filter_map(|hash| hash.parse().ok()).collect();
        if approved.is_empty() || !approved.iter().all(|hash| has(&mut self.doc, hash)) {
            return true;
        }
        let now = self.doc.get_heads();
        let patches = self.doc.diff(&approved, &now);
        let of_content = patches.iter().filter(|patch| !is_about_relays(patch));
        let touched = of_content.filter_map(entity_of);
        let beside = [
            EntityKind::Approval,
            EntityKind::LogEntry,
            EntityKind::Person,
        ];
        touched
            .into_iter()
            .any(|entity| !beside.contains(&entity.kind) && !self.is_comment(&entity))
    }

    fn is_comment(&self, entity: &EntityRef) -> bool {
        let map = read::entity(&self.doc, entity).filter(|_| entity.kind == EntityKind::Note);
        map.is_some_and(|map| {
            let kind = register::read(&self.doc, &map, "kind");
            kind.value == Some(NoteKind::Comment)
        })
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

/// Opens a document. automerge 0.12 panics on some that are damaged on purpose;
/// where a panic can be caught, which is not so in the browser, that is told as
/// any other damage.
fn load(bytes: &[u8]) -> Result<AutoCommit, AutomergeError> {
    let options = LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
    let load = || AutoCommit::load_with_options(bytes, options);
    catch_unwind(AssertUnwindSafe(load)).unwrap_or(Err(AutomergeError::Fail))
}

/// Applies changes to a copy, so that the document stays as it was where they
/// can't be taken: where automerge 0.12 panics, as it does on some that are made
/// to harm (a panic can't be caught in the browser), and where it would save the
/// document so that it never opens again.
fn apply_changes(doc: &mut AutoCommit, changes: Vec<Change>) -> Result<(), AutomergeError> {
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
    let came = doc.get_changes_meta(before).into_iter();
    let came: BTreeSet<ChangeHash> = came.map(|change| change.hash).collect();
    let kept = changes_since(doc, before);
    came == kept.iter().map(Change::hash).collect()
}

/// The changes that are not among these heads and what they build on, in an order
/// in which they can be applied.
fn changes_since(doc: &mut AutoCommit, heads: &[ChangeHash]) -> Vec<Change> {
    let new = doc.get_changes_meta(heads).into_iter();
    let new: Vec<ChangeHash> = new.map(|change| change.hash).collect();
    if new.len() > FEW_CHANGES {
        return doc.get_changes(heads);
    }
    let changes = new.iter().map(|hash| doc.get_change_by_hash(hash));
    changes.flatten().collect()
}

fn read_schema(doc: &AutoCommit) -> Option<u32> {
    let (number, _) = doc.get(ROOT, SCHEMA_KEY).ok()??;
    u32::try_from(number.as_i64()?).ok()
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

/// Whether a patch touches the set of relays, or makes it.
fn is_about_relays(patch: &Patch) -> bool {
    let plan = entity_of(patch).is_some_and(|entity| entity.kind == EntityKind::Plan);
    let field = match (patch.path.get(2), &patch.action) {
        (Some((_, Prop::Map(key))), _) | (None, PatchAction::PutMap { key, .. }) => Some(key),
        _ => None,
    };
    plan && field.is_some_and(|key| key == BEGUN_LATER)
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
