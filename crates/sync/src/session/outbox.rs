//! Own chunks on their way: sealed, saved, sent, acknowledged.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::Refused;
use crate::{
    cbor,
    closing::Closing,
    envelope::{ChunkError, Envelope, Kind},
    frame::ErrorCode,
    ids::{ChangeHash, ChunkHash},
};

/// How far a chunk has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Sealed, and known to this session only.
    Sealed,
    /// Handed to the host to save.
    Saving,
    /// Durable, so it may be sent.
    Ready,
    /// Sent on the present socket.
    Sent,
    /// The relay won't have it.
    Refused(ErrorCode),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) hash: ChunkHash,
    pub(super) previous: Option<ChunkHash>,
    pub(super) is_snapshot: bool,
    pub(super) envelope: Vec<u8>,
    /// What is known to be at the relay once this, and all before it, is.
    pub(super) heads: Vec<ChangeHash>,
    /// That the plan is closed once this is at the relay.
    pub(super) closing: Option<Closing>,
    pub(super) stage: Stage,
}

/// An entry as the host keeps it.
#[derive(Encode, Decode)]
struct Stored {
    #[n(0)]
    heads: Vec<ChangeHash>,
    #[cbor(n(1), with = "minicbor::bytes")]
    envelope: Vec<u8>,
    #[n(2)]
    closing: Option<Closing>,
}

/// Own chunks by their number.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    pub(super) entries: BTreeMap<u64, Entry>,
}

impl Outbox {
    pub(super) fn add(&mut self, envelope: &Envelope, heads: Vec<ChangeHash>) {
        let entry = Entry {
            hash: envelope.hash(),
            previous: envelope.header().previous,
            is_snapshot: envelope.header().kind == Kind::Snapshot,
            envelope: envelope.to_bytes(),
            heads,
            closing: None,
            stage: Stage::Sealed,
        };
        self.entries.insert(envelope.header().number, entry);
    }

    /// Takes back an entry that was kept.
    pub(super) fn restore(&mut self, stored: &[u8]) -> Result<(), ChunkError> {
        let stored: Stored = cbor::decode(stored).map_err(|_| ChunkError::Malformed)?;
        let envelope = Envelope::parse(&stored.envelope)?;
        self.add(&envelope, stored.heads);
        if let Some(entry) = self.entries.get_mut(&envelope.header().number) {
            entry.stage = Stage::Ready;
            entry.closing = stored.closing;
        }
        Ok(())
    }

    /// Says of an entry that it closes the plan.
    pub(super) fn mark_closing(&mut self, number: u64, closing: Closing) {
        if let Some(entry) = self.entries.get_mut(&number) {
            entry.closing = Some(closing);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn number_of(&self, hash: &ChunkHash) -> Option<u64> {
        let mut entries = self.entries.iter();
        entries
            .find(|(_, entry)| entry.hash == *hash)
            .map(|(number, _)| *number)
    }

    /// Takes out an acknowledged entry; the heads now known to be at the relay.
    ///
    /// An entry's heads build on those before it. While one of those is still
    /// here, the heads are handed down to it.
    pub(super) fn acknowledge(&mut self, number: u64) -> Option<(Entry, Vec<ChangeHash>)> {
        let mut entry = self.entries.remove(&number)?;
        let heads = std::mem::take(&mut entry.heads);
        match self.entries.range_mut(..number).next_back() {
            Some((_, earlier)) => {
                earlier.heads.extend(heads);
                Some((entry, Vec::new()))
            }
            None => Some((entry, heads)),
        }
    }

    /// What is new since the last save, to be kept by the host.
    pub(super) fn begin_save(&mut self) -> Vec<(u64, Vec<u8>)> {
        self.in_stage(Stage::Sealed, Stage::Saving)
            .map(|(number, entry)| {
                let stored = Stored {
                    heads: entry.heads.clone(),
                    envelope: entry.envelope.clone(),
                    closing: entry.closing.clone(),
                };
                (number, cbor::encode(&stored))
            })
            .collect()
    }

    pub(super) fn end_save(&mut self, saved: bool) {
        let after = if saved { Stage::Ready } else { Stage::Sealed };
        self.in_stage(Stage::Saving, after).for_each(drop);
    }

    /// The envelope that is to be sent now. Each waits until the one before it is
    /// acknowledged: so the relay's log, and any older copy of it, holds no chunk
    /// without what it builds on.
    pub(super) fn begin_send(&mut self) -> Option<Vec<u8>> {
        let mut first = self.entries.first_entry()?;
        let entry = first.get_mut();
        (entry.stage == Stage::Ready).then(|| {
            entry.stage = Stage::Sent;
            entry.envelope.clone()
        })
    }

    /// The socket is gone, and what was not acknowledged on it is sent again.
    pub(super) fn unsend(&mut self) {
        self.in_stage(Stage::Sent, Stage::Ready).for_each(drop);
    }

    /// Marks a chunk the relay won't take; false if it is not here.
    pub(super) fn refuse(&mut self, hash: &ChunkHash, code: ErrorCode) -> bool {
        let mut entries = self.entries.values_mut();
        match entries.find(|entry| entry.hash == *hash) {
            Some(entry) => {
                entry.stage = Stage::Refused(code);
                true
            }
            None => false,
        }
    }

    pub(super) fn refused(&self) -> Vec<Refused> {
        self.entries
            .values()
            .filter_map(|entry| match entry.stage {
                Stage::Refused(code) => Some(Refused {
                    hash: Some(entry.hash),
                    code,
                }),
                _ => None,
            })
            .collect()
    }

    /// How many chunks are on their way.
    pub(super) fn waiting(&self) -> usize {
        self.entries.len() - self.refused().len()
    }

    /// Takes out everything; the numbers that were here.
    pub(super) fn clear(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.entries).into_keys().collect()
    }

    /// Gives refused chunks another try, as on a new socket.
    pub(super) fn retry_refused(&mut self) {
        for entry in self.entries.values_mut() {
            if matches!(entry.stage, Stage::Refused(_)) {
                entry.stage = Stage::Ready;
            }
        }
    }

    pub(super) fn any_sent(&self) -> bool {
        self.entries
            .values()
            .any(|entry| entry.stage == Stage::Sent)
    }

    pub(super) fn has_sealed(&self) -> bool {
        self.entries
            .values()
            .any(|entry| entry.stage == Stage::Sealed)
    }

    pub(super) fn heads(&self) -> impl Iterator<Item = &ChangeHash> {
        self.entries.values().flat_map(|entry| &entry.heads)
    }

    fn in_stage(&mut self, from: Stage, to: Stage) -> impl Iterator<Item = (u64, &Entry)> {
        self.entries
            .iter_mut()
            .filter(move |(_, entry)| entry.stage == from)
            .map(move |(number, entry)| {
                entry.stage = to;
                (*number, &*entry)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Content,
        ids::ChangeHash,
        keys::{DeviceKey, EditSecret, PlanKeys},
        seal::{Place, seal_changes},
    };

    const HEAD: ChangeHash = ChangeHash([1; 32]);

    fn envelope(number: u64) -> Envelope {
        let keys = PlanKeys::edit(EditSecret::from_bytes([1; 32]));
        let device = DeviceKey::from_bytes(&[2; 32]);
        let place = Place {
            number,
            previous: None,
        };
        let mut entropy = |bytes: &mut [u8]| bytes.fill(3);
        seal_changes(&keys, &device, place, &Content::default(), &mut entropy)
            .expect("a writer can seal")
    }

    fn acknowledge(outbox: &mut Outbox, number: u64) -> Vec<ChangeHash> {
        let (_, heads) = outbox.acknowledge(number).expect("it is there");
        heads
    }

    #[test]
    fn heads_count_once_all_before_them_is_acknowledged() {
        let mut outbox = Outbox::default();
        outbox.add(&envelope(1), vec![]);
        outbox.add(&envelope(2), vec![]);
        outbox.add(&envelope(3), vec![HEAD]);
        assert_eq!(acknowledge(&mut outbox, 3), []);
        assert_eq!(acknowledge(&mut outbox, 1), []);
        assert_eq!(acknowledge(&mut outbox, 2), [HEAD]);
    }

    #[test]
    fn a_chunk_is_sent_once_it_is_saved_and_again_on_a_new_socket() {
        let mut outbox = Outbox::default();
        outbox.add(&envelope(1), vec![]);
        assert_eq!(outbox.begin_send(), None);
        assert_eq!(outbox.begin_save().len(), 1);
        outbox.end_save(false);
        assert_eq!(outbox.begin_send(), None);
        assert_eq!(outbox.begin_save().len(), 1);
        outbox.end_save(true);
        assert!(outbox.begin_send().is_some());
        assert_eq!(outbox.begin_send(), None);
        outbox.unsend();
        assert!(outbox.begin_send().is_some());
    }

    #[test]
    fn a_chunk_waits_for_the_one_before_it() {
        let mut outbox = Outbox::default();
        outbox.add(&envelope(1), vec![]);
        outbox.add(&envelope(2), vec![HEAD]);
        outbox.begin_save();
        outbox.end_save(true);
        assert_eq!(outbox.begin_send(), Some(envelope(1).to_bytes()));
        assert_eq!(outbox.begin_send(), None);
        acknowledge(&mut outbox, 1);
        assert_eq!(outbox.begin_send(), Some(envelope(2).to_bytes()));
    }

    #[test]
    fn an_entry_comes_back_as_it_was_kept() {
        let mut outbox = Outbox::default();
        outbox.add(&envelope(4), vec![HEAD]);
        let stored = outbox.begin_save();
        let mut restored = Outbox::default();
        assert_eq!(restored.restore(&stored[0].1), Ok(()));
        assert_eq!(restored.begin_send(), Some(envelope(4).to_bytes()));
        assert_eq!(acknowledge(&mut restored, 4), [HEAD]);
        assert_eq!(restored.restore(b"x"), Err(ChunkError::Malformed));
    }
}
