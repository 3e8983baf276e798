//! What drives the session: a disk and a document that answer when they are
//! told to.

use std::collections::VecDeque;

use sync::{
    envelope::Envelope,
    frame::ClientFrame,
    ids::ChunkHash,
    keys::DeviceKey,
    session::{Effect, Event, Received, Save, SavedState, Session},
};

use crate::{
    set::Set,
    wire::{device, entropy, keys},
};

pub(super) struct Host {
    pub(super) session: Session,
    pub(super) now: u64,
    /// The chunks that have been sent.
    pub(super) sent: Vec<ChunkHash>,
    document: Set,
    /// What of it a restart leaves.
    on_disk: Set,
    saved: SavedState,
    saves: VecDeque<Save>,
    applies: VecDeque<Received>,
}

/// The device this is; others have other numbers, unless they lie.
fn own_key() -> DeviceKey {
    device(200)
}

fn begin(saved: &SavedState) -> Session {
    Session::new(keys().clone(), own_key(), saved, Box::new(entropy))
        .expect("what a session saved it can read")
}

impl Host {
    pub(super) fn new() -> Self {
        let saved = SavedState::default();
        Self {
            session: begin(&saved),
            now: 0,
            sent: Vec::new(),
            document: Set::default(),
            on_disk: Set::default(),
            saved,
            saves: VecDeque::new(),
            applies: VecDeque::new(),
        }
    }

    /// As after a crash: what was not durable is gone.
    pub(super) fn restart(&mut self) {
        self.saves.clear();
        self.applies.clear();
        self.sent.clear();
        self.document = self.on_disk.clone();
        let bytes = self.saved.to_bytes();
        self.saved = SavedState::from_bytes(&bytes).expect("it reads as it was written");
        self.session = begin(&self.saved);
    }

    pub(super) fn edit(&mut self, change: u8) {
        self.document.insert(change);
        self.on_disk.insert(change);
    }

    pub(super) fn hear(&mut self, event: Event) {
        for effect in self.session.handle(event, self.now, &mut self.document) {
            match effect {
                Effect::Send(frame) => self.note_sent(&frame),
                Effect::Save(save) => self.saves.push_back(save),
                Effect::Apply(received) => self.applies.push_back(received),
                Effect::Connect
                | Effect::Close
                | Effect::SetAside(_)
                | Effect::Presence { .. }
                | Effect::StatusChanged(_)
                | Effect::WakeAt(_) => {}
            }
        }
    }

    fn note_sent(&mut self, frame: &[u8]) {
        let frame = ClientFrame::parse(frame).expect("a session sends frames");
        if let ClientFrame::Append { envelope } = frame {
            let envelope = Envelope::parse(&envelope).expect("a session appends chunks");
            let number = envelope.header().number;
            assert!(
                self.saved.outbox.contains_key(&number),
                "sent before it was saved"
            );
            self.sent.push(envelope.hash());
        }
    }

    pub(super) fn answer_save(&mut self, well: bool) {
        let Some(save) = self.saves.pop_front() else {
            return;
        };
        if well {
            self.saved.apply(&save);
        }
        self.hear(match well {
            true => Event::Saved(save.id),
            false => Event::SaveFailed(save.id),
        });
    }

    pub(super) fn answer_apply(&mut self, well: bool) {
        let Some(received) = self.applies.pop_front() else {
            return;
        };
        let mut batches = received.changes.iter();
        let taken = well && batches.all(|batch| self.document.merge(batch));
        self.on_disk = self.document.clone();
        self.hear(match taken {
            true => Event::Applied(received.id),
            false => Event::Rejected(received.id),
        });
    }

    /// Answers all there is to answer, and what that leads to.
    pub(super) fn answer_all(&mut self) {
        while !self.saves.is_empty() || !self.applies.is_empty() {
            self.answer_save(true);
            self.answer_apply(true);
        }
    }
}
