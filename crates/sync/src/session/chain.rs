//! Each device's chain of chunks: replays, gaps and forks.
//!
//! A device numbers its chunks and names the one before in each, so what a relay
//! leaves out or repeats shows. Everything noted here is only shown: a chunk
//! that opens is applied whatever its number, because merging has no wrong
//! order and an edit refused for its number would be an edit lost.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::ids::{ChangeHash, ChunkHash, DeviceId};

/// Devices that are kept track of. Whoever can write can make devices without
/// end; those beyond this are heard but not tracked.
const MAX_DEVICES: usize = 512;
/// Of each device, the latest chunks by which replays and forks are known.
const RECENT: usize = 8;
/// Of each device, the latest gaps.
const MAX_GAPS: usize = 16;
/// Of each device, the heads it declares. To keep fewer than all of them only
/// makes this device prove less.
const MAX_HEADS: usize = 64;

/// Chunk numbers that never came, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Gap {
    /// The first number.
    #[n(0)]
    pub from: u64,
    /// The last number.
    #[n(1)]
    pub to: u64,
}

/// What is known of one device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Chain {
    #[n(0)]
    recent: BTreeMap<u64, ChunkHash>,
    #[n(1)]
    gaps: Vec<Gap>,
    #[n(2)]
    forked_at: Option<u64>,
    #[n(3)]
    heads: Vec<ChangeHash>,
}

impl Chain {
    fn sight(&mut self, number: u64, hash: ChunkHash, previous: Option<ChunkHash>) {
        if let Some(known) = self.recent.get(&number) {
            if *known != hash {
                self.forked_at = Some(number);
            }
            return;
        }
        let before = self.recent.get(&number.saturating_sub(1));
        if before.is_some() && before != previous.as_ref() {
            self.forked_at = Some(number);
        }
        match self.recent.last_key_value() {
            Some((&last, _)) if number > last.saturating_add(1) => {
                self.note_gap(last + 1, number - 1);
            }
            // Does nothing for the number that simply follows.
            Some(_) => self.fill(number),
            // The first chunk seen of a device: an older part of its chain may
            // be in a snapshot or in another relay's log.
            None => {}
        }
        self.recent.insert(number, hash);
        while self.recent.len() > RECENT {
            self.recent.pop_first();
        }
    }

    fn note_gap(&mut self, from: u64, to: u64) {
        if self.gaps.len() == MAX_GAPS {
            self.gaps.remove(0);
        }
        self.gaps.push(Gap { from, to });
    }

    fn fill(&mut self, number: u64) {
        let gaps = std::mem::take(&mut self.gaps);
        for gap in gaps {
            if !(gap.from..=gap.to).contains(&number) {
                self.note_gap(gap.from, gap.to);
                continue;
            }
            if gap.from < number {
                self.note_gap(gap.from, number - 1);
            }
            if number < gap.to {
                self.note_gap(number + 1, gap.to);
            }
        }
    }
}

/// All devices' chains.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub(super) struct Chains(#[n(0)] BTreeMap<DeviceId, Chain>);

impl Chains {
    fn chain(&mut self, device: DeviceId) -> Option<&mut Chain> {
        if !self.0.contains_key(&device) && self.0.len() >= MAX_DEVICES {
            return None;
        }
        Some(self.0.entry(device).or_default())
    }

    /// Whether this very chunk was noted, and not long ago.
    pub(super) fn knows(&self, device: &DeviceId, number: u64, hash: &ChunkHash) -> bool {
        let chain = self.0.get(device);
        chain.is_some_and(|chain| chain.recent.get(&number) == Some(hash))
    }

    /// Notes a chunk that is in the document: not before, as it would not be
    /// applied when it comes again after a restart.
    pub(super) fn sight(
        &mut self,
        device: DeviceId,
        number: u64,
        hash: ChunkHash,
        previous: Option<ChunkHash>,
    ) {
        if let Some(chain) = self.chain(device) {
            chain.sight(number, hash, previous);
        }
    }

    /// Notes what a device says it has.
    pub(super) fn declare(&mut self, device: DeviceId, heads: &[ChangeHash]) {
        if let Some(chain) = self.chain(device) {
            chain.heads = heads.iter().take(MAX_HEADS).copied().collect();
        }
    }

    /// Forgets numbers, which in another log begin anywhere; what devices have
    /// declared stays true.
    pub(super) fn forget_numbers(&mut self) {
        for chain in self.0.values_mut() {
            chain.recent.clear();
            chain.gaps.clear();
        }
    }

    /// Each device with the heads it last declared.
    pub(super) fn declared(&self) -> impl Iterator<Item = (&DeviceId, &[ChangeHash])> {
        self.0
            .iter()
            .filter(|(_, chain)| !chain.heads.is_empty())
            .map(|(device, chain)| (device, chain.heads.as_slice()))
    }

    pub(super) fn gaps(&self) -> impl Iterator<Item = (DeviceId, Gap)> {
        self.0
            .iter()
            .flat_map(|(device, chain)| chain.gaps.iter().map(|gap| (*device, *gap)))
    }

    pub(super) fn forks(&self) -> impl Iterator<Item = (DeviceId, u64)> {
        self.0
            .iter()
            .filter_map(|(device, chain)| chain.forked_at.map(|number| (*device, number)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hash(number: u64) -> ChunkHash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        ChunkHash(bytes)
    }

    fn see(chain: &mut Chain, number: u64) {
        let previous = (number > 1).then(|| hash(number - 1));
        chain.sight(number, hash(number), previous);
    }

    #[test]
    fn a_chain_in_order_is_unremarkable() {
        let mut chain = Chain::default();
        for number in 1..100 {
            see(&mut chain, number);
        }
        assert!(chain.gaps.is_empty() && chain.forked_at.is_none());
        see(&mut chain, 99);
        assert!(chain.gaps.is_empty() && chain.forked_at.is_none());
    }

    #[test]
    fn a_chunk_is_known_by_device_number_and_hash() {
        let (ada, bo) = (DeviceId([1; 32]), DeviceId([2; 32]));
        let mut chains = Chains::default();
        chains.sight(ada, 1, hash(1), None);
        assert!(chains.knows(&ada, 1, &hash(1)));
        assert!(!chains.knows(&ada, 2, &hash(1)));
        assert!(!chains.knows(&ada, 1, &hash(2)));
        assert!(!chains.knows(&bo, 1, &hash(1)));
    }

    #[test]
    fn a_jump_is_a_gap_until_what_was_missing_comes() {
        let mut chain = Chain::default();
        see(&mut chain, 1);
        see(&mut chain, 6);
        assert_eq!(chain.gaps, [Gap { from: 2, to: 5 }]);
        see(&mut chain, 3);
        assert_eq!(chain.gaps, [Gap { from: 2, to: 2 }, Gap { from: 4, to: 5 }]);
        for number in [5, 4, 2] {
            see(&mut chain, number);
        }
        assert!(chain.gaps.is_empty());
    }

    #[test]
    fn one_number_with_two_contents_is_a_fork() {
        let mut chain = Chain::default();
        see(&mut chain, 1);
        chain.sight(1, hash(77), None);
        assert_eq!(chain.forked_at, Some(1));
    }

    #[test]
    fn a_chunk_that_follows_another_is_a_fork() {
        let mut chain = Chain::default();
        see(&mut chain, 1);
        chain.sight(2, hash(2), Some(hash(77)));
        assert_eq!(chain.forked_at, Some(2));
    }

    #[test]
    fn devices_without_end_take_no_memory_without_end() {
        let mut chains = Chains::default();
        for number in 0..2000 {
            chains.sight(DeviceId(hash(number).0), 1, hash(number), None);
        }
        assert_eq!(chains.0.len(), MAX_DEVICES);
    }

    proptest! {
        #[test]
        fn any_order_ends_without_gaps(order in Just((1..40_u64).collect::<Vec<_>>()).prop_shuffle()) {
            let mut chain = Chain::default();
            for number in order {
                see(&mut chain, number);
            }
            // All that can be left are numbers whose gaps were crowded out.
            prop_assert!(chain.gaps.len() <= MAX_GAPS);
            prop_assert!(chain.recent.len() <= RECENT);
            prop_assert_eq!(chain.forked_at, None);
        }

        #[test]
        fn any_numbers_never_panic(numbers in prop::collection::vec(any::<u64>(), 0..50)) {
            let mut chain = Chain::default();
            for number in numbers {
                chain.sight(number, hash(number), None);
            }
            prop_assert!(chain.gaps.len() <= MAX_GAPS);
        }
    }
}
