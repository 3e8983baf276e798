//! What an editor of one running text needs besides the edits themselves.

use automerge::{AutoCommit, Cursor, CursorPosition, MoveCursor, ObjId, ReadDoc};
use serde::{Deserialize, Serialize};

use super::{Block, Mark, document};
use crate::edit::Edit;
use crate::schema::TextField;

/// One change to the text that an editor stands for. Positions count as in
/// [`Edit::Splice`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TextChange {
    /// See [`Edit::Splice`].
    Splice {
        /// Start of the range.
        at: usize,
        /// Its length.
        delete: usize,
        /// What stands there instead.
        insert: String,
    },
    /// See [`Edit::Mark`].
    Mark {
        /// Start of the range.
        from: usize,
        /// End of the range.
        to: usize,
        /// The mark.
        mark: Mark,
        /// On or off.
        on: bool,
    },
    /// See [`Edit::Write`].
    Write {
        /// What the text shall be.
        blocks: Vec<Block>,
    },
}

impl TextChange {
    /// The edit that makes this change to the text `text` of the entity `id`.
    pub fn of(self, id: &str, text: TextField) -> Edit {
        let id = id.to_owned();
        match self {
            Self::Splice { at, delete, insert } => Edit::Splice {
                id,
                text,
                at,
                delete,
                insert,
            },
            Self::Mark { from, to, mark, on } => Edit::Mark {
                id,
                text,
                from,
                to,
                mark,
                on,
            },
            Self::Write { blocks } => Edit::Write { id, text, blocks },
        }
    }
}

/// A place in a text that stays with the character before it, on every device
/// that has that character.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldCaret(Cursor);

impl HeldCaret {
    /// As another device can hold it too.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// The inverse of [`to_bytes`](Self::to_bytes).
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        Cursor::try_from(bytes).ok().map(Self)
    }

    /// The position as it stands now, where the text has the character.
    pub(crate) fn now(&self, doc: &AutoCommit, text: &ObjId) -> Option<usize> {
        if self.0 == Cursor::Start {
            return Some(0);
        }
        let index = doc.get_cursor_position(text, &self.0, None).ok()?;
        Some((index + 1).saturating_sub(document::offset(doc, text)))
    }
}

/// A selection that stays with its words, whatever is merged. Each end keeps to
/// the character before it: what another writes at one's caret comes after it.
#[derive(Clone, Debug)]
pub struct HeldSelection {
    ends: [HeldCaret; 2],
    /// The head's position when it was taken.
    head: usize,
}

impl HeldSelection {
    pub(crate) fn take(doc: &AutoCommit, text: &ObjId, anchor: usize, head: usize) -> Option<Self> {
        let ends = [caret(doc, text, anchor)?, caret(doc, text, head)?];
        Some(Self { ends, head })
    }

    /// Anchor and head as they stand now.
    pub(crate) fn now(&self, doc: &AutoCommit, text: &ObjId) -> [usize; 2] {
        [0, 1].map(|end| self.ends[end].now(doc, text).unwrap_or_default())
    }

    /// The end that moves.
    pub fn caret(&self) -> &HeldCaret {
        &self.ends[1]
    }

    /// Where a position of the text as it was when the selection was taken has
    /// gone, by its distance to the head.
    pub(crate) fn carry(&self, doc: &AutoCommit, text: &ObjId, position: usize) -> usize {
        let [_, head] = self.now(doc, text);
        position.saturating_add(head).saturating_sub(self.head)
    }
}

fn caret(doc: &AutoCommit, text: &ObjId, position: usize) -> Option<HeldCaret> {
    let offset = document::offset(doc, text);
    let index = position.saturating_add(offset).min(doc.length(text));
    let before = match index.checked_sub(1) {
        Some(before) => CursorPosition::Index(before),
        None => CursorPosition::Start,
    };
    let cursor = doc.get_cursor_moving(text, before, None, MoveCursor::Before);
    cursor.ok().map(HeldCaret)
}
