//! What a document holds where the schema expects something else.

use std::fmt;

use serde::Serialize;

/// Something in the document that is there and does not show as it stands.
/// Another program wrote it, or a hand that wanted harm. It stays in the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// Where: `measures`, `measures/ID` or `measures/ID/time_frame`.
    pub place: String,
    /// Why.
    pub reason: UnreadableReason,
}

/// Why something in the document does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadableReason {
    /// Of another type than the schema says: a list for a map, a string for a text.
    WrongType,
    /// No value of this field: an amount for a date.
    WrongValue,
    /// Several were made apart in this one place, and one covers the others.
    Covered,
}

impl fmt::Display for UnreadableReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WrongType => "it is not of the type that belongs there",
            Self::WrongValue => "it is no value of this field",
            Self::Covered => "something else was made in the same place and covers it",
        })
    }
}
