//! The session of one device for one plan at one relay: a state machine.
//!
//! [`Event`]s go in, [`Effect`]s come out, and nothing else happens: no socket,
//! no disk, no clock. The browser, the command line and the tests drive the same
//! one. What it promises:
//!
//! - **Saved before sent.** A sealed chunk goes out only once the host has said
//!   that it is durable, so a restart never seals another under its number.
//! - **Sent before shown as synchronised.** A chunk leaves the outbox only when
//!   the relay has acknowledged it, and is sent again until then; the relay
//!   knows it by its hash, so a repeat is harmless.
//! - **Derived, not counted.** What to send is always «what the document has and
//!   the relay is not known to have», asked anew each time. An event that got
//!   lost, a relay whose store was replaced or a state file that is gone cost
//!   time, never an edit.
//! - **No snapshot takes anything away.** What one lacks, though the log that it
//!   covers had it, is sent again by whoever has it.
//! - **One bad chunk stops nothing.** It is set aside with its reason, the
//!   cursor moves on.
//! - **Closed is closed.** In a plan that moved to new keys nothing is sent any
//!   more, and nothing taken that came after.
//!
//! # A host's loop
//!
//! ```
//! use sync::session::{Effect, Event, Session};
//! # use sync::session::{Document, Collected, Snapshot, SavedState};
//! # use sync::{keys::{DeviceKey, EditSecret, PlanKeys}, ids::ChangeHash};
//! # struct Plan;
//! # impl Document for Plan {
//! #     fn heads(&mut self) -> Vec<ChangeHash> { vec![] }
//! #     fn has(&mut self, _: &ChangeHash) -> bool { false }
//! #     fn changes_since(&mut self, _: &[ChangeHash]) -> Collected { Collected::default() }
//! #     fn snapshot(&mut self) -> Snapshot { Snapshot::default() }
//! # }
//! # struct Host { saved: SavedState }
//! # impl Host {
//! #     fn next_event(&mut self) -> Option<Event> { None }
//! #     fn now_ms(&self) -> u64 { 0 }
//! # }
//! fn run(mut session: Session, plan: &mut Plan, host: &mut Host) {
//!     let mut events = std::collections::VecDeque::from([Event::Online]);
//!     while let Some(event) = events.pop_front().or_else(|| host.next_event()) {
//!         for effect in session.handle(event, host.now_ms(), plan) {
//!             match effect {
//!                 Effect::Connect => { /* open the socket */ }
//!                 Effect::Close => { /* drop the socket */ }
//!                 Effect::Send(_frame) => { /* send on the socket */ }
//!                 Effect::Save(save) => {
//!                     host.saved.apply(&save); // and write it to the disk
//!                     events.push_back(Event::Saved(save.id));
//!                 }
//!                 Effect::Apply(received) => {
//!                     // merge received.changes into the plan, write it to the disk
//!                     events.push_back(Event::Applied(received.id));
//!                 }
//!                 Effect::SetAside(_chunk) => { /* note it for the page */ }
//!                 Effect::Presence { .. } => { /* show who is where */ }
//!                 Effect::StatusChanged(_status) => { /* show it */ }
//!                 Effect::WakeAt(_ms) => { /* set the one timer: Event::Tick */ }
//!             }
//!         }
//!     }
//! }
//! # let keys = PlanKeys::edit(EditSecret::from_bytes([1; 32]));
//! # let device = DeviceKey::from_bytes(&[2; 32]);
//! # let mut host = Host { saved: SavedState::default() };
//! # let entropy = Box::new(|bytes: &mut [u8]| bytes.fill(0));
//! # let session = Session::new(keys, device, &host.saved, entropy).expect("an empty state");
//! # run(session, &mut Plan, &mut host);
//! ```

mod arrivals;
mod backoff;
mod chain;
mod closed;
mod connect;
mod document;
mod event;
mod log_heads;
mod outbox;
mod partners;
mod receive;
mod restore;
mod saved;
mod saving;
mod status;
mod tail;
mod timers;
mod upload;

use arrivals::{Arrivals, Committed};
use backoff::Backoff;
use connect::Line;
use log_heads::LogHeads;
use outbox::Outbox;
use partners::Partners;
use restore::Restoring;
use saved::State;
use saving::Saving;
use timers::{Timers, take_due};

pub use chain::Gap;
pub use closed::Closed;
pub use document::{Collected, Document, Snapshot};
pub use event::{ApplyId, Effect, Event, Received, SetAside};
pub use saved::{Save, SaveId, SavedState, SavedStateError};
pub use status::{Connection, Refused, Status, StopReason};

use crate::{
    entropy::Entropy,
    envelope::MAX_CHUNK,
    ids::{ChangeHash, Cursor, LogId},
    keys::{DeviceKey, PlanKeys},
};

/// One device, one plan, one relay.
pub struct Session {
    keys: PlanKeys,
    device: DeviceKey,
    entropy: Box<dyn Entropy + Send>,
    state: State,
    outbox: Outbox,
    saving: Saving,
    line: Line,
    backoff: Backoff,
    arrivals: Arrivals,
    partners: Partners,
    log_heads: LogHeads,
    restoring: Restoring,
    timers: Timers,
    /// The document's heads, as of the last event that may have moved them.
    heads: Option<Vec<ChangeHash>>,
    /// The heads at which there was nothing to seal but what is in the outbox.
    collected_at: Option<Vec<ChangeHash>>,
    /// Whether the last collection held something too large for a chunk.
    too_large: bool,
    /// The most bytes a chunk may have at this relay.
    max_chunk: usize,
    /// After how many chunks the device whose chunk it was makes a snapshot.
    snapshot_after: u32,
    /// Whether it was this device's chunk.
    is_its_turn: bool,
    effects: Vec<Effect>,
    status: Status,
    wake_at: Option<u64>,
}

impl Session {
    /// Takes up the work where `saved` left it.
    ///
    /// # Errors
    /// See [`SavedStateError`]; `SavedState::default()` always works.
    pub fn new(
        keys: PlanKeys,
        device: DeviceKey,
        saved: &SavedState,
        entropy: Box<dyn Entropy + Send>,
    ) -> Result<Self, SavedStateError> {
        let state = match &saved.state {
            Some(bytes) => State::from_bytes(bytes, keys.id(), device.id())?,
            None => State::new(keys.id(), device.id()),
        };
        let mut outbox = Outbox::default();
        let mut saving = Saving::default();
        for (number, stored) in &saved.outbox {
            // One that can't be read is dropped: the document has what it
            // holds, and it is collected anew.
            if outbox.restore(stored).is_err() {
                saving.remove(*number);
            }
        }
        let mut log_heads = LogHeads::default();
        log_heads.begin(state.cursor, state.relay_heads.iter().copied());
        Ok(Self {
            keys,
            device,
            entropy,
            state,
            outbox,
            saving,
            line: Line::default(),
            backoff: Backoff::default(),
            arrivals: Arrivals::default(),
            partners: Partners::default(),
            log_heads,
            restoring: Restoring::default(),
            timers: Timers::default(),
            heads: None,
            collected_at: None,
            too_large: false,
            max_chunk: MAX_CHUNK,
            snapshot_after: upload::SNAPSHOT_AFTER,
            is_its_turn: false,
            effects: Vec::new(),
            status: Status::default(),
            wake_at: None,
        })
    }

    /// Makes a snapshot after so many chunks in place of 64, if the last was this
    /// device's, and after twice as many in any case.
    pub fn snapshot_after(&mut self, chunks: u32) {
        self.snapshot_after = chunks;
    }

    /// What is known of the plan's synchronisation.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The relay's log, as of the last welcome. Where two addresses lead to one
    /// log, one session is enough: see [`relays`](crate::relays).
    pub fn log(&self) -> Option<LogId> {
        self.state.log
    }

    /// The plan's keys.
    pub fn keys(&self) -> &PlanKeys {
        &self.keys
    }

    /// Takes an event and says what is to be done about it, in order.
    ///
    /// `now_ms` is milliseconds on a clock that does not run backwards; where it
    /// begins does not matter.
    pub fn handle(
        &mut self,
        event: Event,
        now_ms: u64,
        document: &mut dyn Document,
    ) -> Vec<Effect> {
        if self.heads.is_none() {
            self.heads = Some(document.heads());
        }
        self.take(event, now_ms, document);
        self.run_timers(now_ms, document);
        self.settle(now_ms, document);
        std::mem::take(&mut self.effects)
    }

    fn take(&mut self, event: Event, now: u64, document: &mut dyn Document) {
        match event {
            Event::Online => self.connect_now(now),
            Event::Connected => self.connected(now),
            Event::Disconnected => self.disconnected(now),
            Event::Frame(bytes) => self.frame(&bytes, now, document),
            Event::LocalChange => self.local_change(document),
            Event::Flush => self.collect(document),
            Event::Close(closing) => self.close(closing, document),
            Event::Present(payload) => self.present(payload),
            Event::Saved(id) => self.saved(id),
            Event::SaveFailed(id) => self.save_failed(id, now),
            Event::Applied(id) => self.applied(id, document),
            Event::Rejected(id) => self.rejected(id, document),
            // The host's one timer is used up, maybe a little early.
            Event::Tick => self.wake_at = None,
        }
    }

    fn run_timers(&mut self, now: u64, document: &mut dyn Document) {
        if take_due(&mut self.timers.reconnect, now) {
            self.connect_now(now);
        }
        if take_due(&mut self.timers.greeting, now) || take_due(&mut self.timers.acknowledge, now) {
            self.hang_up(now);
        }
        if take_due(&mut self.timers.resend, now) {
            self.outbox.unsend();
        }
        if take_due(&mut self.timers.gather, now) {
            self.collect(document);
        }
        if take_due(&mut self.timers.missing, now) {
            self.partners.confirm_missing();
        }
    }

    /// Does what has become possible, whatever the event was.
    fn settle(&mut self, now: u64, document: &mut dyn Document) {
        self.gather(now);
        self.snapshot_if_due(document);
        self.send_outbox(now);
        self.announce(now);
        self.watch_for_missing(now);
        self.save(now);
        self.report();
        self.ask_to_be_woken();
    }

    fn heads(&self) -> &[ChangeHash] {
        self.heads.as_deref().unwrap_or_default()
    }

    /// Whether all of the document is at the relay, as far as acknowledgements
    /// and received chunks prove.
    fn at_relay(&self) -> bool {
        self.state.log.is_some()
            && self.outbox.is_empty()
            && !self.too_large
            && self
                .heads()
                .iter()
                .all(|head| self.state.relay_heads.contains(head))
    }

    fn report(&mut self) {
        let mut refused = self.outbox.refused();
        if self.too_large {
            refused.push(Refused {
                hash: None,
                code: crate::frame::ErrorCode::TooLarge,
            });
        }
        let status = Status {
            connection: self.line.as_connection(),
            at_relay: self.at_relay(),
            waiting: self.outbox.waiting(),
            seen_by: self.partners.seen_by(),
            missing: self.partners.is_missing() && self.line == Line::Live,
            peers: self.partners.present,
            gaps: self.state.chains.gaps().collect(),
            forks: self.state.chains.forks().collect(),
            set_aside: self.state.set_aside,
            replays: self.state.replays,
            refused,
            restored: self.state.restored,
            save_failing: self.saving.is_failing(),
            closed_by: self.closed().map(|closed| closed.by),
            late: self.closed().map_or(0, |closed| closed.late),
        };
        if status != self.status {
            self.status = status.clone();
            self.effects.push(Effect::StatusChanged(status));
        }
    }

    fn ask_to_be_woken(&mut self) {
        let next = self.timers.next();
        if next != self.wake_at {
            self.wake_at = next;
            self.effects.extend(next.map(Effect::WakeAt));
        }
    }

    /// Moves the cursor past what is done, and goes live once all is.
    fn advance(&mut self, document: &mut dyn Document) {
        if let Some(Committed { reaches, declared }) = self.arrivals.commit() {
            for declared in declared {
                self.log_holds(declared, document);
            }
            if reaches > self.state.cursor {
                self.state.move_cursor(reaches, self.arrivals.at(reaches));
            }
            self.saving.needed();
        }
        if self.line == (Line::CatchingUp { sent_all: true }) && self.arrivals.is_empty() {
            self.go_live(document);
        }
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("plan", &self.keys.id())
            .field("device", &self.device.id())
            .field("cursor", &self.state.cursor)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The place before `cursor`.
fn before(cursor: Cursor) -> Cursor {
    Cursor(cursor.0.saturating_sub(1))
}
