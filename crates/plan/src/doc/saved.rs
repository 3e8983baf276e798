//! A plan's bytes, as any automerge library opens them: a document, and after it
//! the changes that wait for others.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{AutoCommit, AutomergeError, Change, LoadOptions, TextEncoding};

/// The type byte of an automerge chunk follows its magic and its checksum.
const CHUNK_TYPE_AT: usize = 8;
const DOCUMENT_CHUNK: u8 = 0;

/// What automerge makes of bytes or changes from elsewhere. Version 0.12 panics on
/// some that are damaged on purpose; where a panic can be caught, which is not so
/// in the browser, that is told as any other damage.
pub(super) fn caught<T>(
    attempt: impl FnOnce() -> Result<T, AutomergeError>,
) -> Result<T, AutomergeError> {
    catch_unwind(AssertUnwindSafe(attempt)).unwrap_or(Err(AutomergeError::Fail))
}

/// Opens a document, and reads the changes that wait for others.
pub(super) fn load(bytes: &[u8]) -> Result<(AutoCommit, Vec<Change>), AutomergeError> {
    let after = if is_whole(bytes) {
        after_chunk(bytes)
    } else {
        bytes
    };
    let document = &bytes[..bytes.len() - after.len()];
    let options = LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
    let doc = caught(|| AutoCommit::load_with_options(document, options))?;
    Ok((doc, read_changes(after)?))
}

/// Whether these bytes begin with a document, and not with a change.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    bytes.get(CHUNK_TYPE_AT) == Some(&DOCUMENT_CHUNK)
}

/// Reads changes that stand one after the other.
pub(super) fn read_changes(mut bytes: &[u8]) -> Result<Vec<Change>, AutomergeError> {
    let mut changes = Vec::new();
    while !bytes.is_empty() {
        let after = after_chunk(bytes);
        let change = &bytes[..bytes.len() - after.len()];
        changes.push(caught(|| Ok(Change::from_bytes(change.to_vec())?))?);
        bytes = after;
    }
    Ok(changes)
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
