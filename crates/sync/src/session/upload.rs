//! Chunks that go: collected, sealed, sent, acknowledged.

use super::{
    Document, Restoring, Session,
    connect::Line,
    timers::{ACKNOWLEDGE, GATHER_ALONE, GATHER_WITH_PEERS, RESEND_AFTER, start},
};
use crate::{
    content::{Content, MAX_ITEMS},
    envelope::Envelope,
    frame::ClientFrame,
    ids::{ChangeHash, ChunkHash, Cursor},
    parts,
    seal::{self, Place, SealError},
    vouch::{self, ActorId, Vouch},
};

/// After so many chunks, the device whose chunk it was makes a snapshot. After
/// twice as many any device does: the one whose turn it was may be gone.
pub(super) const SNAPSHOT_AFTER: u32 = 64;

impl Session {
    pub(super) fn local_change(&mut self, document: &mut dyn Document) {
        let heads = document.heads();
        if self.heads.as_ref() != Some(&heads) {
            self.heads = Some(heads);
            if self.restoring.wait.take().is_some() {
                // The edit goes as soon as any, and what is lacking with it.
                self.timers.gather = None;
            }
            self.partners
                .document_grew(&self.state.chains, self.heads.as_deref());
            if self.partners.lacks_any() {
                // A file may have brought what was missing.
                self.partners_changed(document);
            }
        }
    }

    /// Waits a little for more edits, if there are any to send.
    pub(super) fn gather(&mut self, now: u64) {
        if self.can_send() && self.has_uncollected() {
            let wait = match (self.restoring.wait, self.partners.present) {
                (Some(wait), _) => wait,
                (None, 0) => GATHER_ALONE,
                (None, _) => GATHER_WITH_PEERS,
            };
            start(&mut self.timers.gather, now.saturating_add(wait));
        }
    }

    pub(super) fn can_send(&self) -> bool {
        self.line == Line::Live && self.keys.can_write() && self.state.closed.is_none()
    }

    fn has_uncollected(&self) -> bool {
        self.heads.is_some()
            && self.heads != self.collected_at
            && !self.heads().iter().all(|head| {
                self.state.relay_heads.contains(head) || self.outbox.heads().any(|h| h == head)
            })
    }

    /// Seals all that is neither at the relay nor on its way there.
    pub(super) fn collect(&mut self, document: &mut dyn Document) {
        self.timers.gather = None;
        if !self.can_send() {
            return;
        }
        self.local_change(document);
        if !self.has_uncollected() {
            return;
        }
        let heads = self.heads().to_vec();
        let since = self.on_the_way(document);
        let collected = document.changes_since(&since);
        if collected.changes.is_empty() {
            self.too_large = false;
            if self.outbox.is_empty() {
                self.state.relay_heads = heads.iter().copied().collect();
                self.saving.needed();
            }
        } else {
            let mut vouches = self.vouch(collected.authored);
            vouches.extend(collected.vouches);
            let parts = parts::split(collected.changes, &heads, vouches, self.max_chunk);
            self.too_large = self.seal_parts(parts).is_err();
        }
        self.collected_at = Some(heads);
        self.restoring = Restoring::default();
    }

    /// Where all of the document is at the relay, its heads say so by
    /// themselves.
    pub(super) fn keep_fewest_relay_heads(&mut self) {
        let relay_heads = &self.state.relay_heads;
        if self
            .heads
            .iter()
            .flatten()
            .all(|head| relay_heads.contains(head))
        {
            self.state.relay_heads = self.heads.iter().flatten().copied().collect();
        }
    }

    /// The heads at the relay or in the outbox, as far as the document has
    /// them.
    fn on_the_way(&self, document: &mut dyn Document) -> Vec<ChangeHash> {
        let mut heads: Vec<ChangeHash> = self.state.relay_heads.iter().copied().collect();
        heads.extend(self.outbox.heads());
        heads.retain(|head| document.has(head));
        heads
    }

    fn vouch(&self, authored: Vec<(ActorId, ChangeHash)>) -> Vec<Vouch> {
        vouch::for_all(&self.device, &self.keys.id(), authored)
    }

    /// Seals the parts, all or none: heads and vouches go with the last, and
    /// would claim too much if one before it were lacking.
    fn seal_parts(&mut self, parts: Vec<Content>) -> Result<(), SealError> {
        let mut place = self.next_place();
        let mut sealed = Vec::with_capacity(parts.len());
        for content in parts {
            let entropy = &mut *self.entropy;
            let envelope = seal::seal_changes(&self.keys, &self.device, place, &content, entropy)?;
            if !envelope.fits(self.max_chunk) {
                return Err(SealError::TooLarge);
            }
            place = after(&envelope);
            sealed.push((envelope, content.heads));
        }
        for (envelope, heads) in sealed {
            self.post(&envelope, heads);
        }
        Ok(())
    }

    /// Makes a snapshot when it is time: all of the log was opened, nothing of
    /// this device's own is missing from it, and it has grown long. Nor does it
    /// hold anything whose place is beyond what it covers, or that has none yet:
    /// something between may have closed the plan.
    pub(super) fn snapshot_if_due(&mut self, document: &mut dyn Document) {
        let after = match self.is_its_turn {
            true => self.snapshot_after,
            false => self.snapshot_after.saturating_mul(2),
        };
        let due = self.state.tail.is_long(after);
        let used_all = self.state.unusable.is_none();
        let covers_all = !self.state.has_places_after(self.state.cursor);
        if !due || !used_all || !covers_all || !self.arrivals.is_empty() || !self.can_send() {
            return;
        }
        // The document may hold an edit that the session was not told of yet.
        self.local_change(document);
        if !self.at_relay() {
            return;
        }
        let snapshot = document.snapshot();
        let mut vouches = self.vouch(snapshot.authored);
        vouches.extend(snapshot.vouches);
        vouches.truncate(MAX_ITEMS);
        let content = Content {
            changes: vec![snapshot.bytes.into()],
            heads: self.heads().to_vec(),
            vouches,
            closing: None,
        };
        let place = self.next_place();
        let (covers, entropy) = (self.state.cursor, &mut *self.entropy);
        let sealed =
            seal::seal_snapshot(&self.keys, &self.device, place, covers, &content, entropy);
        // One that is too large is left for a later time; the chunks are there.
        self.state.tail.put_off();
        self.is_its_turn = false;
        if let Ok(envelope) = sealed
            && envelope.fits(self.max_chunk)
        {
            self.post(&envelope, content.heads);
        }
    }

    pub(super) fn next_place(&self) -> Place {
        Place {
            number: self.state.next_number,
            previous: self.state.previous,
        }
    }

    pub(super) fn post(&mut self, envelope: &Envelope, heads: Vec<ChangeHash>) {
        let next = after(envelope);
        self.state.next_number = next.number;
        self.state.previous = next.previous;
        self.outbox.add(envelope, heads);
    }

    /// Sends what is durable. Not before all the log has come: it may show that
    /// this device's numbers have to be others.
    pub(super) fn send_outbox(&mut self, now: u64) {
        if !self.can_send() || self.timers.resend.is_some() {
            return;
        }
        if let Some(envelope) = self.outbox.begin_send() {
            self.send(&ClientFrame::Append { envelope });
        }
        if self.outbox.any_sent() {
            start(
                &mut self.timers.acknowledge,
                now.saturating_add(ACKNOWLEDGE),
            );
        } else {
            self.timers.acknowledge = None;
        }
    }

    pub(super) fn resend_later(&mut self, now: u64) {
        self.timers.acknowledge = None;
        start(&mut self.timers.resend, now.saturating_add(RESEND_AFTER));
    }

    pub(super) fn acknowledged(
        &mut self,
        hash: &ChunkHash,
        cursor: Cursor,
        document: &mut dyn Document,
    ) {
        let Some(number) = self.outbox.number_of(hash) else {
            return;
        };
        // Each acknowledgement is a sign of life.
        self.timers.acknowledge = None;
        if let Some((mut entry, heads)) = self.outbox.acknowledge(number) {
            self.log_heads.note(cursor, heads.iter().copied());
            self.state.relay_heads.extend(heads);
            self.keep_fewest_relay_heads();
            let device = self.device.id();
            self.state
                .chains
                .sight(device, number, *hash, entry.previous);
            match entry.is_snapshot {
                true => self.state.tail.begin(entry.envelope.len()),
                false => self.state.tail.push(entry.envelope.len()),
            }
            if self.state.tail.is_long(self.snapshot_after) {
                self.is_its_turn = true;
            }
            if let Some(closing) = entry.closing.take() {
                self.note_closed(device, cursor, closing);
            }
        }
        self.saving.remove(number);
        if self.outbox.is_empty() {
            self.collected_at = None;
        }
        if cursor > self.state.cursor {
            // That it is there must show again, until the cursor is past it.
            self.state.places.insert(cursor, *hash);
        }
        self.arrivals.own(cursor, *hash);
        self.advance(document);
    }

    /// Drops what is sealed; the document has it, and it is collected anew.
    pub(super) fn discard_outbox(&mut self) {
        for number in self.outbox.clear() {
            self.saving.remove(number);
        }
        self.collected_at = None;
    }
}

/// The place after a chunk.
fn after(envelope: &Envelope) -> Place {
    Place {
        number: envelope.header().number.saturating_add(1),
        previous: Some(envelope.hash()),
    }
}
