//! What a journal's entries read as.

use std::collections::BTreeSet;

use minicbor::{
    Decode, Encode,
    bytes::{ByteArray, ByteVec},
};
use plan::Hash;

use super::entry::{Entry, EntryName};
use crate::device::cbor;

/// A view that was kept, and what it is of.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeptView {
    #[n(0)]
    entries: Vec<String>,
    #[n(1)]
    heads: Vec<ByteArray<32>>,
    #[n(2)]
    view: ByteVec,
}

impl KeptView {
    /// The view, or nothing if the record is none.
    pub(super) fn read(record: &[u8]) -> Option<Self> {
        cbor::decode(record)
    }

    /// Whether it is what exactly these entries read as.
    pub fn is_of(&self, entries: &[Entry]) -> bool {
        let names = entries.iter().map(|entry| entry.name.as_str());
        BTreeSet::from_iter(names) == self.entries.iter().map(String::as_str).collect()
    }

    /// The heads of the document that they make up.
    pub fn heads(&self) -> Vec<Hash> {
        self.heads.iter().map(|head| **head).collect()
    }

    /// The view as it was handed over.
    pub fn bytes(&self) -> &[u8] {
        &self.view
    }
}

/// The record of a view.
pub(super) fn write(entries: &BTreeSet<EntryName>, heads: &[Hash], view: Vec<u8>) -> Vec<u8> {
    cbor::encode(&KeptView {
        entries: entries
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        heads: heads.iter().map(|head| (*head).into()).collect(),
        view: view.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: &[&str]) -> Vec<Entry> {
        let names = names.iter().map(|name| EntryName::from((*name).to_owned()));
        let entries =
            names.map(|name| Entry::read(&name, &super::super::entry::write::<&[u8]>(&[])));
        entries
            .map(|entry| entry.expect("as it was written"))
            .collect()
    }

    #[test]
    fn a_view_is_of_the_entries_it_was_kept_of_and_no_others() {
        let names = ["1", "2"].map(|name| EntryName::from(name.to_owned()));
        let record = write(&names.into(), &[[7; 32]], vec![1, 2, 3]);
        let kept = KeptView::read(&record).expect("as it was written");
        assert_eq!(
            (kept.heads(), kept.bytes()),
            (vec![[7; 32]], &[1, 2, 3][..])
        );
        assert!(kept.is_of(&entries(&["2", "1"])));
        for others in [&[][..], &["1"], &["1", "2", "3"], &["1", "3"]] {
            assert!(!kept.is_of(&entries(others)), "{others:?}");
        }
    }
}
