//! Chunks that come: verified, opened, applied or set aside.

use super::{
    ApplyId, Document, Effect, Received, Session, SetAside,
    arrivals::{Applying, Declared},
    before,
};
use crate::{
    content::Content,
    envelope::{ChunkError, Envelope, Header},
    ids::{ChangeHash, ChunkHash, Cursor},
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
        match Envelope::parse(&bytes) {
            Ok(envelope) => {
                let hash = envelope.hash();
                if self.state.contradicts(cursor, &hash) || self.arrivals.contradicts(cursor, &hash)
                {
                    return self.was_set_back(now);
                }
                if self.arrivals.is_applying(cursor) {
                    return self.arrivals.receive(cursor, None);
                }
                if cursor == self.state.cursor {
                    // Asked for once more only to see whether it is there.
                    return;
                }
                self.arrivals.note_place(cursor, hash);
                match seal::open(&self.keys, &envelope) {
                    Ok(content) => self.opened(cursor, &envelope, content, document),
                    Err(reason) => self.set_aside(cursor, Some(&envelope), reason, bytes),
                }
            }
            Err(reason) => self.set_aside(cursor, None, reason, bytes),
        }
        self.saving.needed();
        self.advance(document);
    }

    fn opened(
        &mut self,
        cursor: Cursor,
        envelope: &Envelope,
        mut content: Content,
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
        if self.arrivals.is_out_of_turn(cursor, header.covers) {
            // What it stands for is deleted: numbers that don't come are no gap.
            self.state.chains.forget_numbers();
        }
        self.arrivals.receive(cursor, header.covers);
        if self
            .state
            .chains
            .knows(&header.device, header.number, &hash)
        {
            if header.device != self.device.id() {
                self.state.replays = self.state.replays.saturating_add(1);
            }
            self.arrivals.is_applied(Declared {
                cursor,
                covers: header.covers,
                heads: content.heads,
            });
            return;
        }
        if let Some(closing) = content.closing.take() {
            self.note_closed(header.device, cursor, closing);
        }
        if !content.heads.is_empty() {
            self.state.chains.declare(header.device, &content.heads);
        }
        let id = self.arrivals.begin_applying(Applying {
            cursor,
            hash,
            header: header.clone(),
            size: envelope.size(),
            heads: match header.covers {
                Some(covers) if self.judges(covers) => true_heads(&content, document),
                _ => content.heads.clone(),
            },
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
        self.state.note_unusable(cursor);
        self.effects.push(Effect::SetAside(SetAside {
            cursor,
            hash: envelope.map(Envelope::hash),
            reason,
            envelope: bytes,
        }));
    }

    pub(super) fn applied(&mut self, id: ApplyId, document: &mut dyn Document) {
        let Some(applied) = self.arrivals.applied(id) else {
            // It came from another log; the document has grown by it all the same.
            return self.local_change(document);
        };
        let header = &applied.header;
        if !self.arrivals.is_skipped(applied.cursor) {
            self.state
                .chains
                .sight(header.device, header.number, applied.hash, header.previous);
        }
        self.count_for_snapshot(header.covers, applied.size);
        self.heads = Some(document.heads());
        self.saving.needed();
        self.advance(document);
        self.partners_changed(document);
    }

    /// Counts as being at the relay what a chunk declared. Only what arrived in
    /// full counts: a chunk whose ground is missing must not keep this device
    /// from sending that.
    pub(super) fn log_holds(&mut self, declared: Declared, document: &mut dyn Document) {
        let mut present = declared.heads;
        present.retain(|head| document.has(head));
        if let Some(covers) = declared.covers
            && self.judges(covers)
        {
            self.judge_snapshot(covers, &present, document);
        }
        if !self.restoring.own {
            self.log_heads
                .note(declared.cursor, present.iter().copied());
            self.state.relay_heads.extend(present);
            self.keep_fewest_relay_heads();
        }
    }

    pub(super) fn rejected(&mut self, id: ApplyId, document: &mut dyn Document) {
        if let Some(rejected) = self.arrivals.rejected(id) {
            self.state.note_unusable(rejected.cursor);
            self.saving.needed();
            self.advance(document);
        }
    }

    fn count_for_snapshot(&mut self, covers: Option<Cursor>, size: usize) {
        let Some(covers) = covers else {
            return self.state.tail.push(size);
        };
        self.state.tail.begin(size);
        // What could not be used and came after is still lacking.
        self.state.unusable.take_if(|unusable| *unusable <= covers);
    }
}

/// The heads that a snapshot really has. Its bytes are one part; of more than
/// one, each has its own.
fn true_heads(content: &Content, document: &mut dyn Document) -> Vec<ChangeHash> {
    let parts = content.changes.iter().map(|part| document.heads_of(part));
    match parts.collect::<Option<Vec<_>>>() {
        Some(heads) => heads.into_iter().flatten().collect(),
        None => content.heads.clone(),
    }
}
