//! Titles and running text: automerge Text, merged by character.
//!
//! Positions count UTF-16 code units, as the browser does. A running text is
//! made of blocks: a block marker in the sequence (one unit wide) opens each
//! block and says what it is. A text is created with the marker of its first
//! paragraph, so that a block never loses its marker by losing its text.
//! Marks (bold, italic, link) lie over ranges. A title has no blocks.

mod document;
mod editor;

use automerge::ScalarValue;
use automerge::marks::ExpandMark;
use serde::{Deserialize, Serialize};

pub(crate) use document::*;
pub use editor::{HeldCaret, HeldSelection, TextChange};

/// What a block of running text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A plain paragraph.
    #[default]
    Paragraph,
    /// A heading within the section; level 1 is the highest there.
    Heading(u8),
    /// An item of a bullet list, at depth 1 or 2.
    Bullet(u8),
    /// An item of a numbered list, at depth 1 or 2.
    Numbered(u8),
    /// A note set apart («Merk»).
    Note,
    /// A cell of a table: level 1 opens a row, level 2 continues it. Cells that
    /// follow one another are one table; see [`table_rows`].
    Cell(u8),
    /// A cell that heads its column; its levels are those of [`Self::Cell`].
    Head(u8),
}

impl BlockKind {
    /// The name of the type as the document has it, and the level; 1 for a type
    /// that has none.
    pub fn type_and_level(self) -> (&'static str, u8) {
        match self {
            Self::Paragraph => ("paragraph", 1),
            Self::Heading(level) => ("heading", level),
            Self::Bullet(level) => ("bullet", level),
            Self::Numbered(level) => ("numbered", level),
            Self::Note => ("note", 1),
            Self::Cell(level) => ("cell", level),
            Self::Head(level) => ("head", level),
        }
    }

    /// The inverse of [`type_and_level`](Self::type_and_level).
    ///
    /// An unknown type, from a later version or another program, reads as a
    /// paragraph: the text is what must not get lost.
    pub fn from_type_and_level(name: &str, level: u8) -> Self {
        match name {
            "heading" => Self::Heading(level),
            "bullet" => Self::Bullet(level),
            "numbered" => Self::Numbered(level),
            "note" => Self::Note,
            "cell" => Self::Cell(level),
            "head" => Self::Head(level),
            _ => Self::Paragraph,
        }
    }

    /// What Enter at the end of this block begins.
    fn next(self) -> Self {
        match self {
            Self::Bullet(_) | Self::Numbered(_) => self,
            Self::Cell(_) | Self::Head(_) => Self::Cell(2),
            _ => Self::Paragraph,
        }
    }

    /// Whether the block is a cell of a table.
    pub fn is_cell(self) -> bool {
        matches!(self, Self::Cell(_) | Self::Head(_))
    }
}

/// The rows of a table, from its cells. They need not be equally long: two who
/// change a table apart may leave one so. A table whose first cell continues a
/// row that is gone begins with a row all the same.
pub fn table_rows(cells: &[Block]) -> impl Iterator<Item = &[Block]> {
    cells.chunk_by(|_, cell| !matches!(cell.kind, BlockKind::Cell(1) | BlockKind::Head(1)))
}

/// A mark over a range of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// A link: a web address, or `plan:measures/ID` for a place in the plan,
    /// which follows the entity when numbers change.
    Link(String),
}

impl Mark {
    /// The name as the document has it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Italic => "italic",
            Self::Link(_) => "link",
        }
    }

    /// Where a link leads.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Link(target) => Some(target),
            _ => None,
        }
    }

    /// The mark of this name, with a target if it is a link.
    pub fn from_name(name: &str, target: Option<String>) -> Option<Self> {
        match (name, target) {
            ("bold", None) => Some(Self::Bold),
            ("italic", None) => Some(Self::Italic),
            ("link", Some(target)) => Some(Self::Link(target)),
            _ => None,
        }
    }

    fn value(&self) -> ScalarValue {
        match self.target() {
            Some(target) => ScalarValue::Str(target.into()),
            None => ScalarValue::Boolean(true),
        }
    }

    /// Whether text typed at the mark's end carries the mark on.
    fn expand(&self) -> ExpandMark {
        match self {
            Self::Link(_) => ExpandMark::None,
            _ => ExpandMark::After,
        }
    }

    fn from_stored(name: &str, value: &ScalarValue) -> Option<Self> {
        match value {
            ScalarValue::Boolean(true) => Self::from_name(name, None),
            ScalarValue::Str(target) => Self::from_name(name, Some(target.to_string())),
            _ => None,
        }
    }
}

/// A run of text under the same marks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The text, without line breaks.
    pub text: String,
    /// The marks over all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// One block of running text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What the block is.
    #[serde(default)]
    pub kind: BlockKind,
    /// Its text.
    pub runs: Vec<Run>,
}

impl Block {
    /// A block of unmarked text.
    pub fn new(kind: BlockKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            runs: vec![Run {
                text: text.into(),
                marks: Vec::new(),
            }],
        }
    }

    /// The text without its marks.
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

/// A running text as plain values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RichText {
    /// The blocks in order.
    pub blocks: Vec<Block>,
    /// Whether the sequence opens with a block marker, which then stands
    /// before position 0 of [`RichText::plain`].
    #[serde(skip)]
    pub(crate) opens_with_marker: bool,
}

impl RichText {
    /// A text of these blocks.
    pub fn new(blocks: Vec<Block>) -> Self {
        Self {
            blocks,
            opens_with_marker: false,
        }
    }

    /// The text with a line break between blocks. Its positions are those of
    /// [`splice`](crate::Edit::Splice).
    pub fn plain(&self) -> String {
        self.blocks
            .iter()
            .map(Block::text)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.blocks
            .iter()
            .all(|block| block.runs.iter().all(|run| run.text.is_empty()))
    }
}
