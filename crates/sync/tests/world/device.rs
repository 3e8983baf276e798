//! A device: a session, a document, and a disk that survives it.

use std::collections::VecDeque;

use sync::{
    envelope::Envelope,
    frame::ClientFrame,
    ids::DeviceId,
    keys::{DeviceKey, PlanKeys},
    session::{
        Document as _, Effect, Event, Received, Save, SavedState, Session, SetAside, Status,
    },
};

use super::{chance::Chance, graph::Graph};

/// What is on disk, and so there after a crash.
#[derive(Clone)]
pub struct Disk {
    pub document: Graph,
    pub saved: SavedState,
}

/// Something the host has been asked to do, or has yet to tell the session.
enum Todo {
    Save(Save),
    Apply(Received),
    Tell(Event),
}

/// What a device wants of its socket.
pub enum Wish {
    Connect,
    Close,
    Send(Vec<u8>),
}

pub struct Device {
    pub keys: PlanKeys,
    pub key: DeviceKey,
    pub document: Graph,
    pub disk: Disk,
    pub session: Session,
    todo: VecDeque<Todo>,
    pub wake_at: Option<u64>,
    pub set_aside: Vec<SetAside>,
    pub presences: Vec<(DeviceId, Vec<u8>)>,
    pub vouched: usize,
    pub disk_full: bool,
}

impl Device {
    pub fn new(number: u8, keys: PlanKeys, chance: &mut Chance) -> Self {
        let key = DeviceKey::from_bytes(&[number + 100; 32]);
        let disk = Disk {
            document: Graph::new(number),
            saved: SavedState::default(),
        };
        let session = start(&keys, &key, &disk, chance);
        Self {
            keys,
            key,
            document: disk.document.clone(),
            disk,
            session,
            todo: VecDeque::new(),
            wake_at: None,
            set_aside: Vec::new(),
            presences: Vec::new(),
            vouched: 0,
            disk_full: false,
        }
    }

    pub fn id(&self) -> DeviceId {
        self.key.id()
    }

    pub fn status(&self) -> &Status {
        self.session.status()
    }

    /// Loses all that is not on disk.
    pub fn crash(&mut self, chance: &mut Chance) {
        self.session = start(&self.keys, &self.key, &self.disk, chance);
        self.document = self.disk.document.clone();
        self.todo.clear();
        self.wake_at = None;
    }

    /// Types something; the edit itself is on disk at once, as the host keeps
    /// it there.
    pub fn edit(&mut self, text: &str) {
        self.document.edit(text);
        self.disk.document = self.document.clone();
        self.tell(Event::LocalChange);
    }

    /// Merges another's document, as from a file.
    pub fn merge_file(&mut self, from: &mut Graph) {
        for batch in from.changes_since(&[]).changes {
            assert!(self.document.merge(&batch));
        }
        self.disk.document = self.document.clone();
        self.tell(Event::LocalChange);
    }

    pub fn tell(&mut self, event: Event) {
        self.todo.push_back(Todo::Tell(event));
    }

    pub fn has_todo(&self) -> bool {
        !self.todo.is_empty()
    }

    /// Does one of the things to do. Which one is up to chance, as disks and
    /// documents take their own time.
    pub fn work(&mut self, now: u64, chance: &mut Chance) -> Vec<Wish> {
        let which = chance.below(self.todo.len().max(1));
        match self.todo.remove(which) {
            Some(Todo::Tell(event)) => return self.hear(event, now),
            Some(Todo::Save(save)) if self.disk_full => self.tell(Event::SaveFailed(save.id)),
            Some(Todo::Save(save)) => {
                self.disk.saved.apply(&save);
                self.tell(Event::Saved(save.id));
            }
            Some(Todo::Apply(received)) => {
                self.vouched += received.vouches.len();
                let mut batches = received.changes.iter();
                let taken = batches.all(|batch| self.document.merge(batch));
                self.disk.document = self.document.clone();
                self.tell(match taken {
                    true => Event::Applied(received.id),
                    false => Event::Rejected(received.id),
                });
            }
            None => {}
        }
        Vec::new()
    }

    /// Hands an event to the session and takes its effects.
    pub fn hear(&mut self, event: Event, now: u64) -> Vec<Wish> {
        let mut wishes = Vec::new();
        for effect in self.session.handle(event, now, &mut self.document) {
            match effect {
                Effect::Connect => wishes.push(Wish::Connect),
                Effect::Close => wishes.push(Wish::Close),
                Effect::Send(frame) => {
                    self.assert_saved_before_sent(&frame);
                    wishes.push(Wish::Send(frame));
                }
                Effect::Save(save) => self.todo.push_back(Todo::Save(save)),
                Effect::Apply(received) => self.todo.push_back(Todo::Apply(received)),
                Effect::SetAside(chunk) => self.set_aside.push(chunk),
                Effect::Presence { from, payload } => self.presences.push((from, payload)),
                Effect::StatusChanged(status) => assert_eq!(&status, self.session.status()),
                Effect::WakeAt(at) => self.wake_at = Some(at),
            }
        }
        wishes
    }

    fn assert_saved_before_sent(&self, frame: &[u8]) {
        if let ClientFrame::Append { envelope } = ClientFrame::parse(frame).unwrap() {
            let number = Envelope::parse(&envelope).unwrap().header().number;
            assert!(
                self.disk.saved.outbox.contains_key(&number),
                "chunk {number} was sent before it was saved"
            );
        }
    }
}

fn start(keys: &PlanKeys, key: &DeviceKey, disk: &Disk, chance: &mut Chance) -> Session {
    Session::new(keys.clone(), key.clone(), &disk.saved, chance.entropy()).unwrap()
}
