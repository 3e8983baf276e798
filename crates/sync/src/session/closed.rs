//! A plan that moves to new keys: this log is closed for good.
//!
//! The place of the record in the log divides: what stands before is part of the
//! plan, what comes after is not, whoever made it. Nothing of the chosen is lost
//! by that, as each of them carries its whole document over to the new keys. Of
//! two that close at once, the relay's order decides.

use minicbor::{Decode, Encode};

use super::{Document, Session, saved::State};
use crate::{
    closing::Closing,
    content::Content,
    ids::{Cursor, DeviceId},
    keys::{DeviceKey, PlanKeys},
    seal,
};

/// The cursor of a closing whose place in this log is not known.
const SOMEWHERE: Cursor = Cursor(u64::MAX);

/// That a plan is closed: its keys are used no more.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Closed {
    /// The device that closed it.
    #[n(0)]
    pub by: DeviceId,
    #[n(1)]
    cursor: Cursor,
    #[n(2)]
    closing: Closing,
    /// Chunks after it, which were passed over.
    #[n(3)]
    pub(super) late: u32,
}

impl Closed {
    /// The new keys, if this device is among those chosen to follow. `keys` are
    /// the ones that are used no more.
    pub fn open(&self, keys: &PlanKeys, device: &DeviceKey) -> Option<PlanKeys> {
        self.closing.open(&keys.id(), &self.by, device)
    }

    /// Another log has the record elsewhere, or not yet.
    pub(super) fn forget_place(&mut self) {
        self.cursor = SOMEWHERE;
    }
}

impl State {
    pub(super) fn closed(&self) -> Option<&Closed> {
        let closed = self.closed.as_ref()?;
        let has_all_before = self.cursor.next() >= closed.cursor;
        (has_all_before || closed.cursor == SOMEWHERE).then_some(closed)
    }
}

impl Session {
    /// That the plan is closed, if it is, once all that stands before that in the
    /// log is in the document. It is kept over restarts, so a host that stopped
    /// before it had kept the new keys asks again.
    pub fn closed(&self) -> Option<&Closed> {
        self.state.closed()
    }

    /// Seals the record that closes the plan. Not while anything of the document
    /// is not at the relay, or of the log not here.
    pub(super) fn close(&mut self, closing: Closing, document: &mut dyn Document) {
        self.heads = Some(document.heads());
        if !self.can_send() || !self.at_relay() || !self.arrivals.is_empty() {
            return;
        }
        let content = Content {
            heads: self.heads().to_vec(),
            closing: Some(closing.clone()),
            ..Content::default()
        };
        let (place, entropy) = (self.next_place(), &mut *self.entropy);
        let sealed = seal::seal_changes(&self.keys, &self.device, place, &content, entropy);
        // One that is too large leaves the plan open, and the host sees that.
        if let Ok(envelope) = sealed
            && envelope.fits(self.max_chunk)
        {
            self.post(&envelope, content.heads);
            self.outbox.mark_closing(place.number, closing);
        }
    }

    /// The record has this place in the log.
    pub(super) fn note_closed(&mut self, by: DeviceId, cursor: Cursor, closing: Closing) {
        let closed = self.state.closed.as_ref();
        if closed.is_some_and(|closed| closed.cursor <= cursor) {
            return;
        }
        self.state.closed = Some(Closed {
            by,
            cursor,
            closing,
            late: 0,
        });
        // What came after it does not count, though it was acknowledged.
        if self.state.has_places_after(cursor) {
            self.state.relay_heads.clear();
        }
        // What is left here goes by the new keys, out of the document.
        self.discard_outbox();
        self.timers.stop_sending();
        self.saving.needed();
    }

    /// Counts and passes over what comes after the record.
    pub(super) fn is_late(&mut self, cursor: Cursor) -> bool {
        match &mut self.state.closed {
            Some(closed) if cursor > closed.cursor => {
                closed.late = closed.late.saturating_add(1);
                true
            }
            _ => false,
        }
    }
}
