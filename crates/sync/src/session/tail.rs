//! When it is time for a snapshot.
//!
//! A snapshot spares newcomers the chunks before it, and lets the relay delete
//! them; but a large plan takes long to send over a weak line. So the chunks
//! since the last one must be many, and together a good part of its size, unless
//! they are so many that opening them takes longer than opening it.

use minicbor::{Decode, Encode};

/// The chunks since a snapshot are at least this part of its size. So snapshots
/// are at most four times what all that is written takes to send, and a log
/// with two of them and what comes after is below three times the snapshot.
const PART_OF_SNAPSHOT: u64 = 4;
/// So many times the least number of chunks is enough, however small they are.
const MANY: u32 = 16;

/// The log since the last snapshot in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Tail {
    #[n(0)]
    chunks: u32,
    /// Bytes of these chunks.
    #[n(1)]
    size: u64,
    /// Bytes of the snapshot; none is zero.
    #[n(2)]
    snapshot: u64,
}

impl Tail {
    /// There is one more chunk.
    pub(super) fn push(&mut self, size: usize) {
        self.chunks = self.chunks.saturating_add(1);
        self.size = self.size.saturating_add(size as u64);
    }

    /// There is another snapshot.
    pub(super) fn begin(&mut self, snapshot: usize) {
        *self = Self {
            snapshot: snapshot as u64,
            ..Self::default()
        };
    }

    /// Waits as long again: a snapshot is under way, or can't be made.
    pub(super) fn put_off(&mut self) {
        self.chunks = 0;
        self.size = 0;
    }

    /// Whether the log has grown enough for another snapshot, where there are to
    /// be `least` chunks at the least.
    pub(super) fn is_long(&self, least: u32) -> bool {
        let is_large = self.size.saturating_mul(PART_OF_SNAPSHOT) >= self.snapshot;
        let enough = if is_large {
            least
        } else {
            least.saturating_mul(MANY)
        };
        self.chunks >= enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(snapshot: usize, chunks: u32, size: usize) -> Tail {
        let mut tail = Tail::default();
        tail.begin(snapshot);
        for _ in 0..chunks {
            tail.push(size);
        }
        tail
    }

    #[test]
    fn the_first_snapshot_comes_after_so_many_chunks() {
        assert!(!tail(0, 63, 300).is_long(64));
        assert!(tail(0, 64, 300).is_long(64));
    }

    #[test]
    fn a_large_plan_is_not_sent_anew_for_a_few_words() {
        let megabyte = 1_000_000;
        assert!(!tail(megabyte, 64, 300).is_long(64));
        assert!(!tail(megabyte, 800, 300).is_long(64));
        assert!(tail(megabyte, 834, 300).is_long(64));
        assert!(tail(megabyte, 64, 4_000).is_long(64));
    }

    #[test]
    fn so_many_chunks_are_enough_however_small() {
        assert!(!tail(8_000_000, 1_023, 300).is_long(64));
        assert!(tail(8_000_000, 1_024, 300).is_long(64));
    }
}
