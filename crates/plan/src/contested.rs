//! Where hands met without knowing of each other: texts that two parties wrote
//! in, and entities that one deleted while another edited them.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{AutoCommit, ChangeHash, ObjId, Patch, PatchAction, ReadDoc};
use serde::Serialize;

use crate::attribution::Attribution;
use crate::doc::entity_of;
use crate::id::EntityRef;
use crate::schema::{DELETED_KEY, Entities, Section};

/// A text that was changed on both sides of a merge. It merges by character
/// and may read oddly: the page marks it «les gjennom» until someone has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContestedText {
    /// The entity that holds it.
    pub entity: EntityRef,
    /// The text's key in the entity.
    pub text: String,
    /// For running text: the number (from 0) of each block both sides wrote
    /// in, as the text stands after the merge. For a title: 0.
    pub blocks: Vec<usize>,
    /// How the text read on this side before the merge, and on the other.
    pub versions: [String; 2],
    /// Whose hands.
    pub by: BTreeSet<Attribution>,
}

/// An entity that is deleted, although someone edited it without knowing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContestedDeletion {
    /// Who deleted it.
    pub deleted_by: Attribution,
    /// Who edited it meanwhile.
    pub edited_by: BTreeSet<Attribution>,
}

/// The texts that changed both on the way to `before` and in what was merged
/// in since.
pub(crate) fn texts(doc: &mut AutoCommit, before: &[ChangeHash]) -> Vec<ContestedText> {
    let theirs = links(doc, before);
    if theirs.is_empty() {
        return Vec::new();
    }
    let their_hashes: BTreeSet<ChangeHash> = theirs.iter().map(|(hash, _)| *hash).collect();
    let built_on: BTreeSet<ChangeHash> =
        theirs.iter().flat_map(|(_, deps)| deps).copied().collect();
    let their_heads: Vec<ChangeHash> = their_hashes.difference(&built_on).copied().collect();
    let ours = links(doc, &their_heads);
    if ours.is_empty() {
        return Vec::new();
    }
    // The last version both sides knew: what either builds on and neither made.
    let our_hashes: BTreeSet<ChangeHash> = ours.iter().map(|(hash, _)| *hash).collect();
    let deps = theirs.iter().chain(&ours).flat_map(|(_, deps)| deps);
    let base: Vec<ChangeHash> = deps
        .filter(|hash| !their_hashes.contains(hash) && !our_hashes.contains(hash))
        .copied()
        .collect();

    let our_edits = text_edits(&doc.diff(&base, before));
    let their_edits = text_edits(&doc.diff(&base, &their_heads));
    let mut contested = Vec::new();
    for (object, our_edit) in our_edits {
        let Some(their_edit) = their_edits.get(&object) else {
            continue;
        };
        let (entity, text) = (our_edit.entity, our_edit.text);
        let ours = blocks_at(doc, &object, &our_edit.positions, before);
        let theirs = blocks_at(doc, &object, &their_edit.positions, &their_heads);
        let blocks: Vec<usize> = ours.intersection(&theirs).copied().collect();
        if blocks.is_empty() {
            continue;
        }
        let version =
            |heads: &[ChangeHash]| plain(&doc.text_at(&object, heads).unwrap_or_default());
        let versions = [version(before), version(&their_heads)];
        contested.push(ContestedText {
            entity,
            text,
            blocks,
            versions,
            by: BTreeSet::new(),
        });
    }
    if !contested.is_empty() {
        let hands = [hands(doc, before), hands(doc, &their_heads)].concat();
        let by = BTreeSet::from_iter(hands);
        for text in &mut contested {
            text.by.clone_from(&by);
        }
    }
    contested
}

/// The changes that heads don't know, each with what it builds on. A change
/// itself would be put together anew, which takes long for thousands.
fn links(doc: &mut AutoCommit, heads: &[ChangeHash]) -> Vec<(ChangeHash, Vec<ChangeHash>)> {
    let changes = doc.get_changes_meta(heads).into_iter();
    changes.map(|change| (change.hash, change.deps)).collect()
}

/// Who made the changes that heads don't know.
fn hands(doc: &mut AutoCommit, heads: &[ChangeHash]) -> Vec<Attribution> {
    let changes = doc.get_changes_meta(heads);
    let hands = changes.iter().map(Attribution::of_metadata);
    hands.filter(|by| by.device.is_some()).collect()
}

/// automerge shows a block marker as this character.
const MARKER: char = '\u{fffc}';

fn plain(text: &str) -> String {
    text.trim_start_matches(MARKER).replace(MARKER, "\n")
}

struct TextEdit {
    entity: EntityRef,
    text: String,
    /// Sequence positions in the version the edit leads to.
    positions: Vec<usize>,
}

fn text_edits(patches: &[Patch]) -> BTreeMap<ObjId, TextEdit> {
    let mut edits: BTreeMap<ObjId, TextEdit> = BTreeMap::new();
    for patch in patches {
        let index = match &patch.action {
            PatchAction::SpliceText { index, .. } | PatchAction::DeleteSeq { index, .. } => *index,
            _ => continue,
        };
        let (Some(entity), Some((_, automerge::Prop::Map(text)))) =
            (entity_of(patch), patch.path.last())
        else {
            continue;
        };
        let edit = edits.entry(patch.obj.clone()).or_insert_with(|| TextEdit {
            entity,
            text: text.clone(),
            positions: Vec::new(),
        });
        edit.positions.push(index);
    }
    edits
}

/// The blocks of the present text that hold these positions of version `at`.
fn blocks_at(
    doc: &AutoCommit,
    text: &ObjId,
    positions: &[usize],
    at: &[ChangeHash],
) -> BTreeSet<usize> {
    let now = doc.text(text).unwrap_or_default();
    let markers: Vec<usize> = now
        .encode_utf16()
        .enumerate()
        .filter(|(_, unit)| *unit == MARKER as u16)
        .map(|(index, _)| index)
        .collect();
    let leading = usize::from(markers.first() == Some(&0));
    let length = doc.length_at(text, at);
    let present = positions.iter().filter_map(|position| {
        // A deletion at the very end has no element to point at: its neighbour
        // before it stands in the same block.
        let position = (*position).min(length.checked_sub(1)?);
        let cursor = doc.get_cursor(text, position, Some(at)).ok()?;
        doc.get_cursor_position(text, &cursor, None).ok()
    });
    present
        .map(|position| {
            markers
                .iter()
                .filter(|marker| **marker <= position)
                .count()
                .saturating_sub(leading)
        })
        .collect()
}

/// The deleted entities that someone edited without knowing of the deletion,
/// their sections included.
pub(crate) fn deletions(
    doc: &mut AutoCommit,
    entities: &Entities,
) -> BTreeMap<EntityRef, ContestedDeletion> {
    let deleted: Vec<_> = entities
        .iter()
        .filter_map(|(entity, any)| Some((entity.clone(), any.deleted()?.clone())))
        .collect();
    let mut contested = BTreeMap::new();
    for (entity, deleted_by) in deleted {
        let Some(deletion) = deletion_change(doc, &entity) else {
            continue;
        };
        let edited_by = edited_since(doc, entities, &entity, deletion);
        if !edited_by.is_empty() {
            contested.insert(
                entity,
                ContestedDeletion {
                    deleted_by,
                    edited_by,
                },
            );
        }
    }
    contested
}

fn deletion_change(doc: &AutoCommit, entity: &EntityRef) -> Option<ChangeHash> {
    let map = crate::read::entity(doc, entity)?;
    let (_, op) = doc.get(&map, DELETED_KEY).ok()??;
    doc.hash_for_opid(&op)
}

/// Who edited the entity in changes that the deletion does not build on.
fn edited_since(
    doc: &mut AutoCommit,
    entities: &Entities,
    entity: &EntityRef,
    deletion: ChangeHash,
) -> BTreeSet<Attribution> {
    let heads = doc.get_heads();
    let touches = |patches: &[Patch]| patches.iter().any(|patch| touches(patch, entities, entity));
    if !touches(&doc.diff(&[deletion], &heads)) {
        return BTreeSet::new();
    }
    let changes = doc.get_changes(&[deletion]);
    let edits = changes.iter().filter(|change| {
        let patches = doc.diff(change.deps(), &[change.hash()]);
        touches(&patches)
    });
    let edits: Vec<_> = edits.collect();
    let hands = edits.into_iter();
    hands
        .map(|change| Attribution::of_change(doc, change))
        .collect()
}

/// Whether a patch changes the entity or a section of it, other than by
/// deleting or bringing back.
fn touches(patch: &Patch, entities: &Entities, entity: &EntityRef) -> bool {
    if matches!(&patch.action, PatchAction::PutMap { key, .. } if key == DELETED_KEY) {
        return false;
    }
    let Some(touched) = entity_of(patch) else {
        return false;
    };
    let section = (touched.kind == crate::schema::EntityKind::Section)
        .then(|| entities.get(&crate::Id::<Section>::new(&touched.id)))
        .flatten();
    let parent = section.and_then(|section| section.measure.value.as_ref());
    touched == *entity
        || parent.is_some_and(|measure| {
            entity.kind == crate::schema::EntityKind::Measure && measure.as_str() == &*entity.id
        })
}
