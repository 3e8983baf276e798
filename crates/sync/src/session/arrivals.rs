//! How far into the relay's log this device has come.
//!
//! Chunks are applied by the host in its own time and maybe out of order, but a
//! cursor says «everything up to here». So arrivals wait in line, and the cursor
//! moves only past those at the front that are done.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::ApplyId;
use crate::{
    envelope::Header,
    ids::{ChangeHash, ChunkHash, Cursor},
};

/// Chunks given to the host and not yet answered for. A host that answers for
/// none of so many is not keeping up.
const MAX_WAITING: usize = 16 * 1024;

/// A chunk the host has in hand.
#[derive(Debug)]
pub(super) struct Applying {
    pub(super) cursor: Cursor,
    pub(super) hash: ChunkHash,
    pub(super) header: Header,
    /// Its bytes in the log.
    pub(super) size: usize,
    /// The heads it declares.
    pub(super) heads: Vec<ChangeHash>,
}

#[derive(Debug)]
struct Arrival {
    /// None once there is nothing more to do.
    applying: Option<(ApplyId, Applying)>,
    /// What it says of the log, once it is applied.
    declared: Option<Declared>,
    /// Everything up to here has come, once this and all before it are done.
    reaches: Cursor,
}

/// What a chunk says of the log.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declared {
    /// The chunk's place.
    pub(super) cursor: Cursor,
    /// For a snapshot, what it stands for.
    pub(super) covers: Option<Cursor>,
    /// The log holds these, and all they build on.
    pub(super) heads: Vec<ChangeHash>,
}

/// What is done, with all before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Committed {
    /// Everything up to here is done.
    pub(super) reaches: Cursor,
    /// What it said of the log, in its order.
    pub(super) declared: Vec<Declared>,
}

/// What has come but is not yet applied.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    line: VecDeque<Arrival>,
    /// Where the last arrival reaches to; what comes next is relative to it.
    reached: Cursor,
    /// Which chunk stands where, from where the line begins.
    places: BTreeMap<Cursor, ChunkHash>,
    /// Own chunks that are stored beyond what was reached. On their socket they
    /// don't come again.
    own: BTreeSet<Cursor>,
    /// Up to here a snapshot came in the place of chunks.
    skipped: Cursor,
    last_id: u64,
}

impl Arrivals {
    /// Begins anew, after a subscription from `after`. What the host has in
    /// hand stays in line.
    pub(super) fn resume(&mut self, after: Cursor) {
        self.reached = after;
        self.own.clear();
        self.line.retain(|arrival| arrival.applying.is_some());
        for arrival in &mut self.line {
            arrival.reaches = after;
        }
    }

    /// Forgets all of another log; the host's answers will find nothing.
    pub(super) fn clear(&mut self) {
        self.line.clear();
        self.places.clear();
        self.own.clear();
        self.skipped = Cursor::START;
        self.reached = Cursor::START;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.line.len() >= MAX_WAITING
    }

    /// Whether the host has this chunk in hand, from an earlier socket.
    pub(super) fn is_applying(&self, cursor: Cursor) -> bool {
        let mut applying = self
            .line
            .iter()
            .filter_map(|arrival| arrival.applying.as_ref());
        applying.any(|(_, applying)| applying.cursor == cursor)
    }

    /// Notes which chunk stands at a place.
    pub(super) fn note_place(&mut self, cursor: Cursor, hash: ChunkHash) {
        self.places.insert(cursor, hash);
    }

    /// Which chunk stands at a place that has just been reached.
    pub(super) fn at(&self, cursor: Cursor) -> Option<ChunkHash> {
        self.places.get(&cursor).copied()
    }

    /// Whether another chunk came in this place, as from a log that was set back.
    pub(super) fn contradicts(&self, cursor: Cursor, chunk: &ChunkHash) -> bool {
        self.places.get(&cursor).is_some_and(|known| known != chunk)
    }

    /// Whether chunks came from beyond `last`.
    pub(super) fn ends_after(&self, last: Cursor) -> bool {
        self.places
            .last_key_value()
            .is_some_and(|(known, _)| *known > last)
    }

    /// Whether a snapshot that comes now begins the log in the place of chunks
    /// that don't come.
    pub(super) fn is_out_of_turn(&self, cursor: Cursor, covers: Option<Cursor>) -> bool {
        covers.is_some() && cursor > self.reached.next()
    }

    /// Whether a snapshot came in the place of this chunk and others. Then its
    /// number says nothing of a gap.
    pub(super) fn is_skipped(&self, cursor: Cursor) -> bool {
        cursor <= self.skipped
    }

    /// A chunk came. In the log's order, everything before it has come too; but
    /// a relay may begin with its latest snapshot, and then only what that
    /// covers has come.
    pub(super) fn receive(&mut self, cursor: Cursor, covers: Option<Cursor>) {
        self.reached = match covers {
            Some(covers) if self.is_out_of_turn(cursor, Some(covers)) => {
                self.skipped = self.skipped.max(covers.min(cursor));
                self.reached.max(covers.min(cursor))
            }
            _ => self.reached.max(cursor),
        };
        self.line.push_back(Arrival {
            applying: None,
            declared: None,
            reaches: self.reached,
        });
    }

    /// The chunk that came last is in the document already.
    pub(super) fn is_applied(&mut self, declared: Declared) {
        if let Some(last) = self.line.back_mut() {
            last.declared = Some(declared);
        }
    }

    /// The chunk that came last is given to the host.
    pub(super) fn begin_applying(&mut self, applying: Applying) -> ApplyId {
        self.last_id += 1;
        let id = ApplyId(self.last_id);
        if let Some(last) = self.line.back_mut() {
            last.applying = Some((id, applying));
        }
        id
    }

    /// This device's own chunk got its place. That says nothing of the chunks
    /// before it, so it waits for them.
    pub(super) fn own(&mut self, cursor: Cursor, hash: ChunkHash) {
        self.note_place(cursor, hash);
        self.own.insert(cursor);
    }

    /// Reaches the own chunks that are next.
    fn reach_own(&mut self) {
        self.own = self.own.split_off(&self.reached.next());
        while self.own.remove(&self.reached.next()) {
            self.receive(self.reached.next(), None);
        }
    }

    /// The host has applied a chunk.
    pub(super) fn applied(&mut self, id: ApplyId) -> Option<Applying> {
        let arrival = self.answered(id)?;
        let (_, mut applying) = arrival.applying.take()?;
        arrival.declared = Some(Declared {
            cursor: applying.cursor,
            covers: applying.header.covers,
            heads: std::mem::take(&mut applying.heads),
        });
        Some(applying)
    }

    /// The host can't apply a chunk.
    pub(super) fn rejected(&mut self, id: ApplyId) -> Option<Applying> {
        let (_, applying) = self.answered(id)?.applying.take()?;
        Some(applying)
    }

    fn answered(&mut self, id: ApplyId) -> Option<&mut Arrival> {
        let mut line = self.line.iter_mut();
        line.find(|arrival| matches!(arrival.applying, Some((applying, _)) if applying == id))
    }

    /// Takes those done off the front; what they come to, if any were.
    pub(super) fn commit(&mut self) -> Option<Committed> {
        self.reach_own();
        let mut committed: Option<Committed> = None;
        while let Some(arrival) = self.line.pop_front_if(|arrival| arrival.applying.is_none()) {
            let all = committed.get_or_insert(Committed {
                reaches: arrival.reaches,
                declared: Vec::new(),
            });
            all.reaches = all.reaches.max(arrival.reaches);
            all.declared.extend(arrival.declared);
        }
        if let Some(committed) = &committed {
            self.places = self.places.split_off(&committed.reaches);
        }
        committed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        envelope::Kind,
        ids::{DeviceId, PlanId},
    };

    const START: Cursor = Cursor::START;

    fn reached(arrivals: &mut Arrivals) -> Option<u64> {
        let committed = arrivals.commit()?;
        Some(committed.reaches.0)
    }

    fn give(arrivals: &mut Arrivals, cursor: u64, covers: Option<u64>) -> ApplyId {
        arrivals.receive(Cursor(cursor), covers.map(Cursor));
        arrivals.begin_applying(Applying {
            cursor: Cursor(cursor),
            hash: ChunkHash([0; 32]),
            header: Header {
                version: 1,
                plan: PlanId([0; 32]),
                key_id: 1,
                device: DeviceId([0; 32]),
                number: cursor,
                previous: None,
                kind: Kind::Changes,
                covers: None,
            },
            size: 100,
            heads: vec![ChangeHash([cursor as u8; 32])],
        })
    }

    #[test]
    fn the_cursor_waits_for_the_slowest() {
        let mut arrivals = Arrivals::default();
        let ids = [1, 2, 3].map(|cursor| give(&mut arrivals, cursor, None));
        arrivals.applied(ids[1]);
        arrivals.applied(ids[2]);
        assert_eq!(reached(&mut arrivals), None);
        arrivals.applied(ids[0]);
        assert_eq!(reached(&mut arrivals), Some(3));
        assert!(arrivals.is_empty());
    }

    #[test]
    fn heads_come_with_the_cursor() {
        let mut arrivals = Arrivals::default();
        let ids = [1, 2].map(|cursor| give(&mut arrivals, cursor, None));
        arrivals.applied(ids[1]);
        assert_eq!(arrivals.commit(), None);
        arrivals.applied(ids[0]);
        let heads = [1, 2].map(|cursor| ChangeHash([cursor; 32]));
        let committed = arrivals.commit().into_iter();
        let declared = committed.flat_map(|committed| committed.declared);
        let declared: Vec<_> = declared.flat_map(|declared| declared.heads).collect();
        assert_eq!(declared, heads);
    }

    #[test]
    fn a_snapshot_that_comes_first_reaches_only_what_it_covers() {
        let mut arrivals = Arrivals::default();
        let snapshot = give(&mut arrivals, 100, Some(60));
        arrivals.applied(snapshot);
        assert_eq!(reached(&mut arrivals), Some(60));
        let next = give(&mut arrivals, 61, None);
        arrivals.applied(next);
        assert_eq!(reached(&mut arrivals), Some(61));
    }

    #[test]
    fn a_snapshot_in_its_turn_reaches_itself() {
        let mut arrivals = Arrivals::default();
        arrivals.resume(Cursor(99));
        let snapshot = give(&mut arrivals, 100, Some(60));
        arrivals.applied(snapshot);
        assert_eq!(reached(&mut arrivals), Some(100));
    }

    #[test]
    fn an_own_chunk_passes_no_one_elses() {
        let mut arrivals = Arrivals::default();
        arrivals.own(Cursor(2), ChunkHash([2; 32]));
        assert_eq!(reached(&mut arrivals), None);
        arrivals.own(Cursor(1), ChunkHash([1; 32]));
        assert_eq!(reached(&mut arrivals), Some(2));
    }

    #[test]
    fn an_own_chunk_is_reached_with_the_one_before_it() {
        let mut arrivals = Arrivals::default();
        arrivals.own(Cursor(2), ChunkHash([2; 32]));
        let partners = give(&mut arrivals, 1, None);
        assert_eq!(reached(&mut arrivals), None);
        arrivals.applied(partners);
        assert_eq!(reached(&mut arrivals), Some(2));
    }

    #[test]
    fn what_the_host_has_in_hand_survives_a_new_socket() {
        let mut arrivals = Arrivals::default();
        let first = give(&mut arrivals, 1, None);
        arrivals.resume(START);
        assert!(arrivals.is_applying(Cursor(1)));
        arrivals.receive(Cursor(1), None);
        assert_eq!(reached(&mut arrivals), None);
        arrivals.applied(first);
        assert_eq!(reached(&mut arrivals), Some(1));
    }

    #[test]
    fn another_chunk_in_the_place_of_one_in_hand_is_noticed() {
        let mut arrivals = Arrivals::default();
        arrivals.note_place(Cursor(1), ChunkHash([1; 32]));
        give(&mut arrivals, 1, None);
        arrivals.resume(START);
        assert!(arrivals.contradicts(Cursor(1), &ChunkHash([2; 32])));
        assert!(!arrivals.contradicts(Cursor(1), &ChunkHash([1; 32])));
        assert!(arrivals.ends_after(START));
    }

    #[test]
    fn an_answer_about_another_log_finds_nothing() {
        let mut arrivals = Arrivals::default();
        let old = give(&mut arrivals, 1, None);
        arrivals.clear();
        give(&mut arrivals, 1, None);
        assert!(arrivals.applied(old).is_none());
        assert_eq!(reached(&mut arrivals), None);
    }
}
