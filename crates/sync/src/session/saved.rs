//! What a session keeps over restarts, as bytes for the host to store.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode, bytes::ByteVec};

use super::{Closed, chain::Chains, tail::Tail};
use crate::{
    cbor,
    envelope::CHUNK_VERSION,
    ids::{ChangeHash, ChunkHash, Cursor, DeviceId, LogId, PlanId},
};

const STATE_VERSION: u8 = 1;

/// Names one request to save.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SaveId(pub(super) u64);

/// Something to make durable, all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Save {
    /// To be named in the answer.
    pub id: SaveId,
    /// Replaces the state kept before.
    pub state: Vec<u8>,
    /// Sealed chunks to keep under their number.
    pub put: Vec<(u64, Vec<u8>)>,
    /// Chunks to keep no longer.
    pub remove: Vec<u64>,
}

/// All that a session's saves come to.
///
/// A host with a database keeps the state as one record and each chunk as
/// another, and puts them together here when it starts; one with files keeps
/// the whole by [`SavedState::apply`] and [`SavedState::to_bytes`].
///
/// To lose it is safe: `SavedState::default()` begins anew, receives all of the
/// plan once more and sends what the relay lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct SavedState {
    /// The latest [`Save::state`].
    #[n(0)]
    pub state: Option<ByteVec>,
    /// The chunks put and not removed.
    #[n(1)]
    pub outbox: BTreeMap<u64, ByteVec>,
}

impl SavedState {
    /// Does what a save asks for, in memory.
    pub fn apply(&mut self, save: &Save) {
        self.state = Some(save.state.clone().into());
        for number in &save.remove {
            self.outbox.remove(number);
        }
        for (number, chunk) in &save.put {
            self.outbox.insert(*number, chunk.clone().into());
        }
    }

    /// The relay's log that the state is of, if it is of any.
    pub fn log(&self) -> Option<LogId> {
        self.read()?.log
    }

    /// Whether it is known that the plan is closed.
    pub fn is_closed(&self) -> bool {
        self.read().is_some_and(|state| state.closed.is_some())
    }

    /// As [`Session::closed`](super::Session::closed), of the session that saved it.
    pub fn closed(&self) -> Option<Closed> {
        self.read()?.closed().cloned()
    }

    fn read(&self) -> Option<State> {
        cbor::decode(self.state.as_deref()?).ok()
    }

    /// The whole as one byte string.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Reads what [`SavedState::to_bytes`] wrote.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SavedStateError> {
        cbor::decode(bytes).map_err(|_| SavedStateError::Malformed)
    }
}

/// Why a saved state can't be taken up again. Beginning anew with
/// `SavedState::default()` is safe in each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SavedStateError {
    /// Not what a session saved.
    #[error("the saved state of synchronisation is damaged")]
    Malformed,
    /// Saved by a newer version.
    #[error("the saved state of synchronisation is of version {0}, made by a newer Samskriv")]
    NewerVersion(u8),
    /// Saved for another plan or by another device.
    #[error("the saved state of synchronisation belongs to another plan or device")]
    Other,
}

/// The state itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct State {
    #[n(0)]
    version: u8,
    #[n(1)]
    plan: PlanId,
    #[n(2)]
    device: DeviceId,
    /// The relay's log all cursors are of.
    #[n(3)]
    pub(super) log: Option<LogId>,
    /// Everything up to here is in the document, or set aside.
    #[n(4)]
    pub(super) cursor: Cursor,
    /// With all they build on, these changes are at the relay.
    #[n(5)]
    pub(super) relay_heads: BTreeSet<ChangeHash>,
    /// The number of this device's next chunk.
    #[n(6)]
    pub(super) next_number: u64,
    /// This device's latest chunk.
    #[n(7)]
    pub(super) previous: Option<ChunkHash>,
    #[n(8)]
    pub(super) chains: Chains,
    /// The last chunk that could not be used and that no snapshot covers.
    #[cbor(n(16), default)]
    pub(super) unusable: Option<Cursor>,
    #[n(11)]
    pub(super) set_aside: u32,
    #[n(12)]
    pub(super) replays: u32,
    #[n(13)]
    pub(super) restored: bool,
    /// The first chunk that was too new for the version that met it.
    #[n(14)]
    newer: Option<TooNew>,
    /// Chunks whose place in the log is known: the one at the cursor, and own
    /// ones beyond it. Another in such a place means that the relay was set back
    /// to an older copy.
    #[cbor(n(15), default)]
    pub(super) places: BTreeMap<Cursor, ChunkHash>,
    /// That the plan is closed.
    #[n(17)]
    pub(super) closed: Option<Closed>,
    /// The log since the last snapshot.
    #[cbor(n(18), default)]
    pub(super) tail: Tail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
struct TooNew {
    #[n(0)]
    version: u8,
    #[n(1)]
    after: Cursor,
}

impl State {
    pub(super) fn new(plan: PlanId, device: DeviceId) -> Self {
        Self {
            version: STATE_VERSION,
            plan,
            device,
            log: None,
            cursor: Cursor::START,
            relay_heads: BTreeSet::new(),
            next_number: 1,
            previous: None,
            chains: Chains::default(),
            unusable: None,
            set_aside: 0,
            replays: 0,
            restored: false,
            newer: None,
            places: BTreeMap::new(),
            closed: None,
            tail: Tail::default(),
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    pub(super) fn from_bytes(
        bytes: &[u8],
        plan: PlanId,
        device: DeviceId,
    ) -> Result<Self, SavedStateError> {
        match cbor::leading_u8(bytes) {
            Ok(STATE_VERSION) => {}
            Ok(newer) if newer > STATE_VERSION => {
                return Err(SavedStateError::NewerVersion(newer));
            }
            _ => return Err(SavedStateError::Malformed),
        }
        let mut state: Self = cbor::decode(bytes).map_err(|_| SavedStateError::Malformed)?;
        if state.plan != plan || state.device != device {
            return Err(SavedStateError::Other);
        }
        state.return_to_what_was_too_new(CHUNK_VERSION);
        Ok(state)
    }

    /// Remembers a chunk of a newer version, so that the app, once updated,
    /// asks for it again.
    pub(super) fn note_too_new(&mut self, version: u8, cursor: Cursor) {
        let after = Cursor(cursor.0.saturating_sub(1));
        self.newer.get_or_insert(TooNew { version, after });
    }

    fn return_to_what_was_too_new(&mut self, readable: u8) {
        if let Some(newer) = self.newer.take_if(|newer| newer.version <= readable) {
            self.cursor = self.cursor.min(newer.after);
        }
    }

    /// Begins anew with a log of which nothing is known. The device's own
    /// numbers go on, as its partners remember them.
    pub(super) fn begin_log(&mut self, log: LogId) {
        self.log = Some(log);
        self.cursor = Cursor::START;
        self.relay_heads.clear();
        self.chains.forget_numbers();
        self.tail = Tail::default();
        self.unusable = None;
        self.newer = None;
        self.places.clear();
        // Another log does not open a plan again.
        if let Some(closed) = &mut self.closed {
            closed.forget_place();
        }
    }

    /// A chunk could not be used.
    pub(super) fn note_unusable(&mut self, cursor: Cursor) {
        self.set_aside = self.set_aside.saturating_add(1);
        self.unusable = self.unusable.max(Some(cursor));
    }

    /// Moves the cursor to where `chunk` stands, if that is known.
    pub(super) fn move_cursor(&mut self, cursor: Cursor, chunk: Option<ChunkHash>) {
        self.cursor = cursor;
        self.places = self.places.split_off(&cursor);
        if let Some(chunk) = chunk {
            self.places.insert(cursor, chunk);
        }
    }

    /// Whether another chunk is known to stand in this place.
    pub(super) fn contradicts(&self, cursor: Cursor, chunk: &ChunkHash) -> bool {
        self.places.get(&cursor).is_some_and(|known| known != chunk)
    }

    /// Whether chunks are known to stand after this place.
    pub(super) fn has_places_after(&self, cursor: Cursor) -> bool {
        let known = self.places.last_key_value();
        known.is_some_and(|(known, _)| *known > cursor)
    }

    /// Whether a log that ends at `last` is older than what is known of it.
    pub(super) fn ends_before_known(&self, last: Cursor) -> bool {
        last < self.cursor || self.has_places_after(last)
    }

    /// From where to ask for the log: where it is known which chunk stands at
    /// the cursor, that one is asked for once more, to see whether it still does.
    pub(super) fn ask_after(&self) -> Cursor {
        if self.places.contains_key(&self.cursor) {
            super::before(self.cursor)
        } else {
            self.cursor
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const PLAN: PlanId = PlanId([1; 32]);
    const DEVICE: DeviceId = DeviceId([2; 32]);

    #[test]
    fn a_state_comes_back_as_it_was() {
        let mut state = State::new(PLAN, DEVICE);
        state.log = Some(LogId([3; 16]));
        state.relay_heads.insert(ChangeHash([4; 32]));
        state.chains.sight(DEVICE, 3, ChunkHash([5; 32]), None);
        let bytes = state.to_bytes();
        assert_eq!(State::from_bytes(&bytes, PLAN, DEVICE), Ok(state));
    }

    #[test]
    fn each_wrong_state_has_its_own_error() {
        let mut state = State::new(PLAN, DEVICE);
        let other = State::from_bytes(&state.to_bytes(), PlanId([9; 32]), DEVICE);
        assert_eq!(other, Err(SavedStateError::Other));

        state.version = 4;
        let newer = State::from_bytes(&state.to_bytes(), PLAN, DEVICE);
        assert_eq!(newer, Err(SavedStateError::NewerVersion(4)));

        let garbage = State::from_bytes(b"{}", PLAN, DEVICE);
        assert_eq!(garbage, Err(SavedStateError::Malformed));
    }

    #[test]
    fn an_updated_app_goes_back_to_what_was_too_new() {
        let mut state = State::new(PLAN, DEVICE);
        state.cursor = Cursor(40);
        state.note_too_new(2, Cursor(17));
        state.note_too_new(2, Cursor(30));

        state.return_to_what_was_too_new(1);
        assert_eq!(state.cursor, Cursor(40));
        state.return_to_what_was_too_new(2);
        assert_eq!(state.cursor, Cursor(16));
    }

    #[test]
    fn a_log_that_was_set_back_contradicts_what_is_known_of_it() {
        let (own, received) = (ChunkHash([6; 32]), ChunkHash([7; 32]));
        let mut state = State::new(PLAN, DEVICE);
        assert_eq!(state.ask_after(), Cursor(0));
        state.move_cursor(Cursor(4), Some(received));
        state.places.insert(Cursor(9), own);

        assert_eq!(state.ask_after(), Cursor(3));
        assert!(!state.contradicts(Cursor(4), &received));
        assert!(state.contradicts(Cursor(4), &own));
        assert!(state.contradicts(Cursor(9), &received));
        assert!(!state.ends_before_known(Cursor(9)));
        assert!(state.ends_before_known(Cursor(8)));

        state.move_cursor(Cursor(10), None);
        assert!(!state.contradicts(Cursor(9), &received));
        assert_eq!(state.ask_after(), Cursor(10));
    }

    #[test]
    fn saves_add_up() {
        let mut saved = SavedState::default();
        saved.apply(&Save {
            id: SaveId(1),
            state: vec![1],
            put: vec![(1, vec![10]), (2, vec![20])],
            remove: vec![],
        });
        saved.apply(&Save {
            id: SaveId(2),
            state: vec![2],
            put: vec![],
            remove: vec![1],
        });
        assert_eq!(saved.state, Some(vec![2].into()));
        assert_eq!(saved.outbox.keys().copied().collect::<Vec<_>>(), [2]);
        assert_eq!(SavedState::from_bytes(&saved.to_bytes()), Ok(saved));
    }
}
