//! How what a store holds is written in a database, whichever it is.

use sync::ids::{Cursor, LogId};

use super::{NewChunk, OpenError};

/// A name for a new log.
pub(super) fn new_log_id() -> Result<LogId, OpenError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(OpenError::Entropy)?;
    Ok(LogId(bytes))
}

/// A cursor as a database's integer. One past `i64::MAX` is no cursor a store
/// has ever given; it stays beyond the end of every log.
pub(super) fn as_sql(cursor: Cursor) -> i64 {
    i64::try_from(cursor.0).unwrap_or(i64::MAX)
}

/// A database's integer as a cursor. The tables hold none below zero.
pub(super) fn as_cursor(value: i64) -> Cursor {
    Cursor(u64::try_from(value).unwrap_or(0))
}

/// The size of a chunk's envelope, in bytes.
pub(super) fn size(chunk: &NewChunk) -> i64 {
    i64::try_from(chunk.envelope.len()).unwrap_or(i64::MAX)
}

/// What a chunk at `cursor` covers, if it is a snapshot that can stand for the
/// log's beginning.
///
/// A snapshot can only cover what came before it. One that says otherwise was
/// made against another log; it is kept as a chunk like any other.
pub(super) fn covers(chunk: &NewChunk, cursor: i64) -> Option<i64> {
    chunk
        .covers
        .map(as_sql)
        .filter(|covers| (1..cursor).contains(covers))
}
