//! The relay's store: what `crates/relay/src/store/sqlite` does, in memory.

use std::collections::BTreeMap;

use sync::{
    envelope::{Envelope, Kind},
    ids::{ChunkHash, Cursor, DeviceId},
};

/// A chunk in the log.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its name, if it is a chunk at all.
    pub hash: Option<ChunkHash>,
    /// None once it was superseded and deleted.
    pub envelope: Option<Vec<u8>>,
    /// For a snapshot that can stand for the log's beginning: what it covers.
    pub covers: Option<Cursor>,
    /// When it came, by the relay's wall clock.
    pub stored_at: i64,
    /// The socket that brought it.
    pub from: Option<u64>,
}

/// A stretch of the log, as a reader gets it.
#[derive(Debug, Default)]
pub struct Page {
    /// Chunks with their cursors; a snapshot that the reader begins with comes first.
    pub chunks: Vec<(Cursor, Stored)>,
    /// The own place of that snapshot.
    pub snapshot: Option<Cursor>,
    /// Who has this page has everything up to here.
    pub through: Cursor,
}

/// One plan's log. A copy of it is what a backup holds.
#[derive(Debug, Clone, Default)]
pub struct Log {
    chunks: Vec<Stored>,
    pruned_through: Cursor,
}

impl Log {
    /// How many chunks were ever stored.
    pub fn len(&self) -> usize {
        self.chunks.len()
    }

    /// Whether nothing was ever stored.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The place of the newest chunk.
    pub fn last(&self) -> Cursor {
        Cursor(self.chunks.len() as u64)
    }

    /// What is stored at a place.
    pub fn at(&self, cursor: Cursor) -> Option<&Stored> {
        self.chunks
            .get(usize::try_from(cursor.0).ok()?.checked_sub(1)?)
    }

    /// Everything, with its place.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (Cursor, &Stored)> {
        (1..)
            .map(Cursor)
            .zip(&self.chunks)
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Where a chunk is, or last was, if it was ever stored.
    pub fn find(&self, hash: &ChunkHash) -> Option<Cursor> {
        let mut all = self.all().rev();
        all.find(|(_, stored)| stored.hash.as_ref() == Some(hash))
            .map(|(cursor, _)| cursor)
    }

    /// Where a chunk is that is still there.
    pub fn find_held(&self, hash: &ChunkHash) -> Option<Cursor> {
        self.find(hash).filter(|cursor| {
            self.at(*cursor)
                .is_some_and(|stored| stored.envelope.is_some())
        })
    }

    /// How many were deleted.
    pub fn deleted(&self) -> usize {
        let chunks = self.chunks.iter();
        chunks.filter(|chunk| chunk.envelope.is_none()).count()
    }

    /// Puts anything at the end. A snapshot deletes what two snapshots
    /// supersede and what was stored no later than `delete_before`.
    pub fn push(
        &mut self,
        envelope: Vec<u8>,
        from: Option<u64>,
        now: i64,
        delete_before: i64,
    ) -> Cursor {
        let cursor = self.last().next();
        let parsed = Envelope::parse(&envelope).ok();
        let covers = parsed
            .as_ref()
            .and_then(|parsed| parsed.header().covers)
            .filter(|covers| (Cursor(1)..cursor).contains(covers));
        self.chunks.push(Stored {
            hash: parsed.map(|parsed| parsed.hash()),
            envelope: Some(envelope),
            covers,
            stored_at: now,
            from,
        });
        if covers.is_some() {
            self.prune(delete_before);
        }
        cursor
    }

    /// As `retention.rs` does.
    fn prune(&mut self, delete_before: i64) {
        let Some((_, _, covered)) = self.snapshots().nth(1) else {
            return;
        };
        for (place, chunk) in (1..).map(Cursor).zip(&mut self.chunks) {
            let is_old = place <= covered && chunk.stored_at <= delete_before;
            if is_old && chunk.envelope.take().is_some() {
                self.pruned_through = self.pruned_through.max(place);
            }
        }
    }

    /// The snapshots that are there, from the one that covers most.
    fn snapshots(&self) -> impl Iterator<Item = (Cursor, &Stored, Cursor)> {
        let mut snapshots: Vec<_> = self
            .all()
            .filter(|(_, stored)| stored.envelope.is_some())
            .filter_map(|(cursor, stored)| Some((cursor, stored, stored.covers?)))
            .collect();
        snapshots.sort_by_key(|(cursor, _, covers)| std::cmp::Reverse((*covers, *cursor)));
        snapshots.into_iter()
    }

    /// Reads on after a cursor, at most so many chunks. From zero, and from a
    /// place whose successors are deleted, it begins with the latest snapshot.
    pub fn read_after(&self, after: Cursor, most: usize) -> Page {
        let after = if after > self.last() {
            Cursor::START
        } else {
            after
        };
        let snapshot = if after == Cursor::START || after < self.pruned_through {
            self.snapshots().next()
        } else {
            None
        };
        let after = snapshot.map_or(after, |(_, _, covers)| covers);
        let mut following = self
            .all()
            .filter(|(cursor, stored)| *cursor > after && stored.envelope.is_some());
        let rest: Vec<_> = following.by_ref().take(most).collect();
        let through = match (following.next(), rest.last()) {
            (Some(_), Some((cursor, _))) => *cursor,
            _ => self.last(),
        };
        let first = snapshot.map(|(cursor, stored, _)| (cursor, stored));
        Page {
            snapshot: first.map(|(cursor, _)| cursor),
            chunks: first
                .into_iter()
                .chain(rest)
                .map(|(cursor, stored)| (cursor, stored.clone()))
                .collect(),
            through,
        }
    }

    /// The kinds of the chunks that are there.
    pub fn kinds(&self) -> Vec<Kind> {
        let parsed = self.parsed();
        parsed.map(|envelope| envelope.header().kind).collect()
    }

    /// No device has used a number for two chunks.
    ///
    /// # Panics
    /// When one has.
    pub fn assert_no_fork(&self) {
        let mut seen: BTreeMap<(DeviceId, u64), ChunkHash> = BTreeMap::new();
        for envelope in self.parsed() {
            let (device, number) = (envelope.header().device, envelope.header().number);
            let hash = *seen.entry((device, number)).or_insert(envelope.hash());
            assert_eq!(hash, envelope.hash(), "{device:?} used {number} twice");
        }
    }

    fn parsed(&self) -> impl Iterator<Item = Envelope> {
        let envelopes = self.chunks.iter().filter_map(|c| c.envelope.as_ref());
        envelopes.filter_map(|envelope| Envelope::parse(envelope).ok())
    }
}
