//! Texts in the document: reading them, and writing by the smallest change.

use std::collections::HashMap;
use std::sync::Arc;

use automerge::iter::Span;
use automerge::marks::{ExpandMark, Mark as RangeMark, MarkSet, UpdateSpansConfig};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, AutomergeError, ObjId, ObjType, ReadDoc, ScalarValue, hydrate};

use super::{Block, BlockKind, Mark, RichText, Run};

const BLOCK_TYPE: &str = "type";
const BLOCK_LEVEL: &str = "level";

/// Gives a new running text its first, empty paragraph.
pub(crate) fn begin(doc: &mut AutoCommit, text: &ObjId) -> Result<(), AutomergeError> {
    split(doc, text, 0, BlockKind::Paragraph)
}

pub(crate) fn read_title(doc: &AutoCommit, text: &ObjId) -> String {
    doc.text(text).unwrap_or_default()
}

pub(crate) fn read(doc: &AutoCommit, text: &ObjId) -> RichText {
    let mut blocks: Vec<Block> = Vec::new();
    let mut opens_with_marker = false;
    let Ok(spans) = doc.spans(text) else {
        return RichText::default();
    };
    for (index, span) in spans.enumerate() {
        match span {
            Span::Block(block) => {
                opens_with_marker |= index == 0;
                blocks.push(Block {
                    kind: read_kind(&block),
                    runs: Vec::new(),
                });
            }
            Span::Text { text, marks } => {
                let marks = marks.iter().flat_map(|set| set.iter());
                let marks = marks
                    .filter_map(|(name, value)| Mark::from_stored(name, value))
                    .collect();
                let run = Run { text, marks };
                match blocks.last_mut() {
                    Some(block) => block.runs.push(run),
                    None => blocks.push(Block {
                        kind: BlockKind::Paragraph,
                        runs: vec![run],
                    }),
                }
            }
        }
    }
    RichText {
        blocks,
        opens_with_marker,
    }
}

fn read_kind(block: &hydrate::Map) -> BlockKind {
    let name = match block.get(BLOCK_TYPE) {
        Some(hydrate::Value::Scalar(ScalarValue::Str(name))) => name.as_str(),
        _ => "paragraph",
    };
    let level = match block.get(BLOCK_LEVEL) {
        Some(hydrate::Value::Scalar(ScalarValue::Int(level))) => u8::try_from(*level).unwrap_or(1),
        _ => 1,
    };
    BlockKind::from_type_and_level(name, level)
}

/// The sequence index of position 0 of the plain text.
pub(super) fn offset(doc: &AutoCommit, text: &ObjId) -> usize {
    usize::from(is_marker(doc, text, 0))
}

/// Replaces `delete` units at position `at` of the plain text by `insert`. A
/// line break in either stands for a block marker: inserting one splits the
/// block, deleting one joins two.
pub(crate) fn splice(
    doc: &mut AutoCommit,
    text: &ObjId,
    at: usize,
    delete: usize,
    insert: &str,
) -> Result<(), AutomergeError> {
    let length = doc.length(text);
    let mut index = at.saturating_add(offset(doc, text)).min(length);
    let delete = delete.min(length - index);
    doc.splice_text(text, index, delete as isize, "")?;
    for (number, line) in insert.split('\n').enumerate() {
        if number > 0 {
            let kind = kind_at(doc, text, index).next();
            split(doc, text, index, kind)?;
            index += 1;
        }
        let line = line.trim_end_matches('\r');
        doc.splice_text(text, index, 0, line)?;
        index += utf16_len(line);
    }
    Ok(())
}

/// Splices a title: line breaks become spaces, since a title is one line.
pub(crate) fn splice_title(
    doc: &mut AutoCommit,
    text: &ObjId,
    at: usize,
    delete: usize,
    insert: &str,
) -> Result<(), AutomergeError> {
    let length = doc.length(text);
    let at = at.min(length);
    let line = insert.replace(['\n', '\r'], " ");
    doc.splice_text(text, at, delete.min(length - at) as isize, &line)
}

/// Puts a mark over, or takes it off, `from..to` of the plain text.
pub(crate) fn mark(
    doc: &mut AutoCommit,
    text: &ObjId,
    from: usize,
    to: usize,
    mark: &Mark,
    on: bool,
) -> Result<(), AutomergeError> {
    let offset = offset(doc, text);
    let length = doc.length(text);
    let [from, to] = [from, to].map(|at| at.saturating_add(offset).min(length));
    if from >= to {
        return Ok(());
    }
    if on {
        let range = RangeMark::new(mark.name().to_owned(), mark.value(), from, to);
        doc.mark(text, range, mark.expand())
    } else {
        doc.unmark(text, mark.name(), from, to, mark.expand())
    }
}

/// Makes the block around position `at` of the plain text one of `kind`.
pub(crate) fn set_block(
    doc: &mut AutoCommit,
    text: &ObjId,
    at: usize,
    kind: BlockKind,
) -> Result<(), AutomergeError> {
    let index = at.saturating_add(offset(doc, text));
    match marker_before(doc, text, index).map(|marker| doc.get(text, marker)) {
        Some(block) => match block? {
            Some((_, block)) => write_kind(doc, &block, kind),
            None => Ok(()),
        },
        None => split(doc, text, 0, kind),
    }
}

/// Changes the text into `blocks` by the smallest difference, so that what
/// others write meanwhile in the parts that stay is merged.
pub(crate) fn update(
    doc: &mut AutoCommit,
    text: &ObjId,
    blocks: &[Block],
) -> Result<(), AutomergeError> {
    let mut spans = Vec::new();
    for block in blocks {
        let (name, level) = block.kind.type_and_level();
        let mut marker = HashMap::new();
        marker.insert(
            BLOCK_TYPE,
            hydrate::Value::Scalar(ScalarValue::Str(name.into())),
        );
        marker.insert(
            BLOCK_LEVEL,
            hydrate::Value::Scalar(ScalarValue::Int(level.into())),
        );
        spans.push(Span::Block(hydrate::Map::from(marker)));
        for run in block.runs.iter().filter(|run| !run.text.is_empty()) {
            let marks: MarkSet = run
                .marks
                .iter()
                .map(|mark| (mark.name().to_owned(), mark.value()))
                .collect();
            spans.push(Span::Text {
                text: run.text.replace(['\n', '\r'], " "),
                marks: (!run.marks.is_empty()).then(|| Arc::new(marks)),
            });
        }
    }
    let config = UpdateSpansConfig::default()
        .with_default_expand(ExpandMark::After)
        .with_mark_expand("link", ExpandMark::None);
    doc.update_spans(text, config, spans)
}

fn split(
    doc: &mut AutoCommit,
    text: &ObjId,
    index: usize,
    kind: BlockKind,
) -> Result<(), AutomergeError> {
    let block = doc.split_block(text, index)?;
    write_kind(doc, &block, kind)
}

fn write_kind(doc: &mut AutoCommit, block: &ObjId, kind: BlockKind) -> Result<(), AutomergeError> {
    let (name, level) = kind.type_and_level();
    doc.put(block, BLOCK_TYPE, name)?;
    doc.put(block, BLOCK_LEVEL, i64::from(level))
}

fn marker_before(doc: &AutoCommit, text: &ObjId, index: usize) -> Option<usize> {
    (0..index.min(doc.length(text)))
        .rev()
        .find(|index| is_marker(doc, text, *index))
}

fn is_marker(doc: &AutoCommit, text: &ObjId, index: usize) -> bool {
    matches!(
        doc.get(text, index),
        Ok(Some((automerge::Value::Object(ObjType::Map), _)))
    )
}

/// The kind of the block that position `index` of the sequence lies in.
fn kind_at(doc: &AutoCommit, text: &ObjId, index: usize) -> BlockKind {
    let Some(marker) = marker_before(doc, text, index) else {
        return BlockKind::Paragraph;
    };
    let Ok(Some((_, block))) = doc.get(text, marker) else {
        return BlockKind::Paragraph;
    };
    let word = |key| doc.get(&block, key).ok().flatten().map(|(value, _)| value);
    let name = word(BLOCK_TYPE).and_then(|value| value.as_str().map(str::to_owned));
    let level = word(BLOCK_LEVEL).and_then(|value| value.as_i64());
    BlockKind::from_type_and_level(
        name.as_deref().unwrap_or("paragraph"),
        level
            .and_then(|level| u8::try_from(level).ok())
            .unwrap_or(1),
    )
}

pub(crate) fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}
