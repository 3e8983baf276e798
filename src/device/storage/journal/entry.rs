//! One entry of the journal.

use minicbor::{Decode, Encode, bytes::ByteVec};

use crate::device::{cbor, entropy};

/// What one tab wrote at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub(super) name: EntryName,
    /// Each is a change, or the whole document.
    pub parts: Vec<Vec<u8>>,
}

/// An entry's name: when it was written and a random number. Names sort by
/// time, so that changes are mostly read before those that build on them; with
/// a wrong clock they only wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntryName(String);

impl EntryName {
    /// A name that no other tab makes.
    pub(super) fn fresh() -> Self {
        let mut random = [0; 8];
        entropy(&mut random);
        let milliseconds = js_sys::Date::now() as u64;
        Self(format!(
            "{milliseconds:013}-{:016x}",
            u64::from_be_bytes(random)
        ))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for EntryName {
    fn from(name: String) -> Self {
        Self(name)
    }
}

#[derive(Encode, Decode)]
struct Kept {
    #[n(0)]
    parts: Vec<ByteVec>,
}

/// The record of an entry.
pub(super) fn write<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    let parts = parts
        .iter()
        .map(|part| part.as_ref().to_vec().into())
        .collect();
    cbor::encode(&Kept { parts })
}

impl Entry {
    /// The entry, or nothing if the record is none.
    pub(super) fn read(name: &EntryName, record: &[u8]) -> Option<Self> {
        let kept: Kept = cbor::decode(record)?;
        let parts = kept.parts.into_iter().map(Vec::from).collect();
        Some(Self {
            name: name.clone(),
            parts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_comes_back_part_by_part() {
        let name = EntryName::from(String::from("0001760000000-00"));
        let parts = vec![vec![1, 2, 3], vec![], vec![4]];
        let entry = Entry::read(&name, &write(&parts)).expect("as it was written");
        assert_eq!(entry, Entry { name, parts });
    }

    #[test]
    fn garbage_is_no_entry() {
        let name = EntryName::from(String::from("0001760000000-00"));
        for garbage in [&b""[..], b"{}", &[0x81], &[0xff; 40]] {
            assert_eq!(Entry::read(&name, garbage), None);
        }
    }
}
