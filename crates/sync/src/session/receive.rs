//! Chunks that come: verified, opened, applied or set aside.

use super::{ApplyId, Document, Effect, Received, Session, SetAside, arrivals::Applying, before};
use crate::{
    content::Content,
    envelope::{ChunkError, Envelope, Header, Kind},
    ids::{ChunkHash, Cursor},
    seal, vouch,
};

impl Session {
    pub(super) fn chunk(
        &mut self,
        cursor: Cursor,
        bytes: Vec<u8>,
        now: u64,
        document: &mut dyn Document,
    ) {
        if self.arrivals.is_full() {
            return self.hang_up(now);
        }
        if self.arrivals.is_applying(cursor) {
            self.arrivals.receive(cursor, None);
            return;
        }
        match Envelope::parse(&bytes) {
            Ok(envelope) => match seal::open(&self.keys, &envelope) {
                Ok(content) => self.opened(cursor, &envelope, content, document),
                Err(reason) => self.set_aside(cursor, Some(&envelope), reason, bytes),
            },
            Err(reason) => self.set_aside(cursor, None, reason, bytes),
        }
        self.saving.needed();
        self.advance(document);
    }

    fn opened(
        &mut self,
        cursor: Cursor,
        envelope: &Envelope,
        content: Content,
        document: &mut dyn Document,
    ) {
        let header = envelope.header();
        let hash = envelope.hash();
        if self.is_late(cursor) {
            return self.arrivals.receive(cursor, header.covers);
        }
        if self.outbox.number_of(&hash).is_some() {
            // The acknowledgement got lost, the chunk did not.
            self.arrivals.receive(cursor, header.covers);
            return self.acknowledged(&hash, cursor, document);
        }
        self.remember_own(header, hash);
        self.arrivals.receive(cursor, header.covers);
        if self
            .state
            .chains
            .knows(&header.device, header.number, &hash)
        {
            if header.device != self.device.id() {
                self.state.replays = self.state.replays.saturating_add(1);
            }
            return;
        }
        if let Some(closing) = content.closing {
            self.note_closed(header.device, cursor, closing);
        }
        if !content.heads.is_empty() {
            self.state.chains.declare(header.device, &content.heads);
        }
        let id = self.arrivals.begin_applying(Applying {
            cursor,
            hash,
            header: header.clone(),
            heads: content.heads.clone(),
        });
        let plan = self.keys.id();
        self.effects.push(Effect::Apply(Received {
            id,
            cursor,
            from: header.device,
            kind: header.kind,
            changes: content.changes.into_iter().map(Vec::from).collect(),
            heads: content.heads,
            vouches: vouch::that_hold(content.vouches, &plan),
        }));
    }

    /// An own chunk this device does not remember: its disk was restored from
    /// a copy. It goes on after the number it finds, so as not to make another
    /// chunk of the same number, and seals anew what it had not yet sent.
    fn remember_own(&mut self, header: &Header, hash: ChunkHash) {
        if header.device == self.device.id() && header.number >= self.state.next_number {
            self.state.next_number = header.number.saturating_add(1);
            self.state.previous = Some(hash);
            self.state.restored = true;
            self.discard_outbox();
        }
    }

    fn set_aside(
        &mut self,
        cursor: Cursor,
        envelope: Option<&Envelope>,
        reason: ChunkError,
        bytes: Vec<u8>,
    ) {
        self.arrivals.receive(
            cursor,
            envelope.and_then(|envelope| envelope.header().covers),
        );
        if let ChunkError::NewerVersion(version) = reason {
            self.state.note_too_new(version, before(cursor));
        }
        self.state.set_aside = self.state.set_aside.saturating_add(1);
        self.state.used_all = false;
        self.effects.push(Effect::SetAside(SetAside {
            cursor,
            hash: envelope.map(Envelope::hash),
            reason,
            envelope: bytes,
        }));
    }

    pub(super) fn applied(&mut self, id: ApplyId, document: &mut dyn Document) {
        let Some(applied) = self.arrivals.done(id) else {
            return;
        };
        let header = &applied.header;
        self.state
            .chains
            .sight(header.device, header.number, applied.hash, header.previous);
        self.count_for_snapshot(header.kind);
        self.heads = Some(document.heads());
        // Only what arrived in full counts as being at the relay: a chunk whose
        // ground is missing must not keep this device from sending that.
        let present = applied.heads.into_iter().filter(|head| document.has(head));
        self.state.relay_heads.extend(present);
        self.keep_fewest_relay_heads();
        self.saving.needed();
        self.advance(document);
        self.partners_changed(document);
    }

    pub(super) fn rejected(&mut self, id: ApplyId, document: &mut dyn Document) {
        if self.arrivals.done(id).is_some() {
            self.state.set_aside = self.state.set_aside.saturating_add(1);
            self.state.used_all = false;
            self.saving.needed();
            self.advance(document);
        }
    }

    fn count_for_snapshot(&mut self, kind: Kind) {
        if kind == Kind::Snapshot {
            self.state.since_snapshot = 0;
            self.state.used_all = true;
        } else {
            self.state.since_snapshot = self.state.since_snapshot.saturating_add(1);
        }
    }
}
