//! A relay in memory, with the failures of a real one: it forgets what it had
//! not committed when it is killed, it can't store now and then, and it may be
//! made to lie.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sync::{
    admit::{self, Admitted},
    envelope::Envelope,
    frame::{ClientFrame, ErrorCode, MAX_FRAME, RelayFrame},
    ids::{ChunkHash, Cursor, LogId, Nonce},
};

use crate::{chance::Chance, log::Log};

/// Which device a socket belongs to.
pub type Peer = usize;

/// Frames that don't belong, until a socket is closed; as the real relay.
const MOST_BAD_FRAMES: u32 = 2;

/// One end of a connection, and what is on its way on it.
#[derive(Debug)]
pub struct Socket {
    serial: u64,
    admitted: Option<Admitted>,
    nonce: Nonce,
    reading: Option<Reading>,
    bad_frames: u32,
    /// On the way from the device.
    pub to_relay: VecDeque<Vec<u8>>,
    /// On the way to the device.
    pub to_device: VecDeque<Vec<u8>>,
    /// The line is slow: the next frame arrives no sooner.
    pub(crate) quiet_until: u64,
}

/// How far a socket was sent the log.
#[derive(Debug)]
struct Reading {
    after: Cursor,
    snapshot: Option<Cursor>,
    caught_up: bool,
}

/// Where a chunk came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Origin {
    peer: Peer,
    serial: u64,
}

/// A relay.
#[derive(Debug)]
pub struct Relay {
    /// The log's name.
    pub id: LogId,
    /// What is durable.
    pub log: Log,
    uncommitted: Vec<(Origin, Envelope, Vec<u8>)>,
    /// Open sockets.
    pub sockets: BTreeMap<Peer, Socket>,
    /// Sockets whose device has gone without a word; what it sent before may
    /// still come.
    half_open: Vec<(Peer, Socket)>,
    sockets_opened: u64,
    /// The largest frame it takes.
    pub max_frame: u32,
    /// How many chunks it reads at once.
    pub page: usize,
    /// Whether it sends a device's own chunks back to it.
    pub echoes: bool,
    /// How long superseded chunks are kept, in milliseconds.
    pub grace: i64,
    /// By how much its wall clock is wrong, in milliseconds.
    pub clock_error: i64,
    /// Answer the next append so, and don't take it.
    pub fail_next: Option<ErrorCode>,
    /// Cursors that are never sent.
    pub withheld: BTreeSet<u64>,
    /// The chunks it has ever acknowledged.
    pub acknowledged: BTreeSet<ChunkHash>,
    /// How many appends came.
    pub appends: usize,
    /// How many ephemeral messages came.
    pub ephemerals: usize,
}

impl Relay {
    /// A relay with an empty store.
    pub fn new(name: u8) -> Self {
        Self {
            id: LogId([name; 16]),
            log: Log::default(),
            uncommitted: Vec::new(),
            sockets: BTreeMap::new(),
            half_open: Vec::new(),
            sockets_opened: 0,
            max_frame: MAX_FRAME as u32,
            page: usize::MAX,
            echoes: false,
            grace: i64::MAX,
            clock_error: 0,
            fail_next: None,
            withheld: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
            appends: 0,
            ephemerals: 0,
        }
    }

    /// `kill -9` and a new start: what was committed is there.
    pub fn kill(&mut self) {
        self.uncommitted.clear();
        self.sockets.clear();
        self.half_open.clear();
    }

    /// A device has opened a socket.
    pub fn open(&mut self, peer: Peer) {
        self.sockets_opened += 1;
        let serial = self.sockets_opened;
        let nonce = Nonce(std::array::from_fn(|at| (serial >> (at % 8)) as u8));
        let challenge = RelayFrame::Challenge {
            versions: vec![1],
            nonce,
            max_frame: self.max_frame,
        };
        let socket = Socket {
            serial,
            admitted: None,
            nonce,
            reading: None,
            bad_frames: 0,
            to_relay: VecDeque::new(),
            to_device: VecDeque::from([challenge.to_bytes()]),
            quiet_until: 0,
        };
        self.sockets.insert(peer, socket);
    }

    /// A device has closed its socket.
    pub fn close(&mut self, peer: Peer) {
        self.sockets.remove(&peer);
        self.tell_peers();
    }

    /// A device has gone without a word, and the relay does not know it yet.
    pub fn leave_half_open(&mut self, peer: Peer) {
        if let Some(socket) = self.sockets.remove(&peer) {
            self.half_open.push((peer, socket));
        }
    }

    pub(crate) fn half_open(&self) -> usize {
        self.half_open.len()
    }

    /// Takes the next frame from a socket whose device has gone, or finds out
    /// that it has.
    pub(crate) fn receive_half_open(&mut self, which: usize) {
        let (peer, socket) = self.half_open.swap_remove(which);
        // For one frame it stands as it stood.
        let present = self.sockets.insert(peer, socket);
        let is_over = self.sockets[&peer].to_relay.is_empty();
        self.receive(peer);
        let socket = self.sockets.remove(&peer);
        if let Some(present) = present {
            self.sockets.insert(peer, present);
        }
        match socket {
            Some(socket) if !is_over => self.half_open.push((peer, socket)),
            _ => self.tell_peers(),
        }
    }

    /// Whether there are appends that wait for a commit.
    pub fn has_uncommitted(&self) -> bool {
        !self.uncommitted.is_empty()
    }

    /// Takes the next frame from a socket.
    pub fn receive(&mut self, peer: Peer) {
        let Some(socket) = self.sockets.get_mut(&peer) else {
            return;
        };
        let Some(bytes) = socket.to_relay.pop_front() else {
            return;
        };
        let origin = Origin {
            peer,
            serial: socket.serial,
        };
        let frame = ClientFrame::parse(&bytes).expect("a session sends frames");
        match (frame, socket.admitted) {
            (ClientFrame::Hello(hello), None) => {
                let admitted = admit::verify_hello(&hello, &socket.nonce);
                socket.admitted = Some(admitted.expect("a session proves its keys"));
                let (log, last) = (self.id, self.log.last());
                self.send(peer, &RelayFrame::Welcome { log, last });
                self.tell_peers();
            }
            (ClientFrame::Subscribe { after }, Some(_)) if socket.reading.is_none() => {
                socket.reading = Some(Reading {
                    after,
                    snapshot: None,
                    caught_up: false,
                });
            }
            (ClientFrame::Append { envelope }, Some(admitted)) => {
                self.append(origin, admitted, envelope);
            }
            (ClientFrame::Ephemeral { envelope }, Some(admitted)) => {
                self.ephemerals += 1;
                let verified = admitted.verify_ephemeral(&envelope);
                verified.expect("a session seals what it sends");
                for (other, socket) in &mut self.sockets {
                    if socket.reading.is_some() && *other != peer {
                        let envelope = envelope.clone();
                        let frame = RelayFrame::Ephemeral { envelope };
                        socket.to_device.push_back(frame.to_bytes());
                    }
                }
            }
            // A line that repeats itself.
            _ => self.bad_frame(peer),
        }
    }

    fn append(&mut self, origin: Origin, admitted: Admitted, envelope: Vec<u8>) {
        self.appends += 1;
        let parsed = admitted.verify_append(&envelope);
        let parsed = parsed.expect("a session seals what it sends");
        if let Some(code) = self.fail_next.take() {
            let error = RelayFrame::Error {
                code,
                about: Some(parsed.hash()),
                detail: String::new(),
            };
            return self.answer(origin, &error);
        }
        self.uncommitted.push((origin, parsed, envelope));
    }

    fn bad_frame(&mut self, peer: Peer) {
        let error = RelayFrame::Error {
            code: ErrorCode::BadFrame,
            about: None,
            detail: String::new(),
        };
        self.send(peer, &error);
        if let Some(socket) = self.sockets.get_mut(&peer) {
            socket.bad_frames += 1;
            // The device closes it on that answer, and then finds it closed.
            if socket.bad_frames >= MOST_BAD_FRAMES {
                socket.to_relay.clear();
            }
        }
    }

    /// Makes durable all that waits, then acknowledges it. What was newly stored.
    pub fn commit(&mut self, now: u64) -> Vec<(Cursor, Envelope)> {
        let mut stored = Vec::new();
        let mut answers = Vec::new();
        for (origin, parsed, envelope) in std::mem::take(&mut self.uncommitted) {
            let hash = parsed.hash();
            let cursor = match self.log.find_held(&hash) {
                Some(cursor) => cursor,
                None => {
                    let now = self.wall_clock(now);
                    let before = now.saturating_sub(self.grace);
                    let cursor = self.log.push(envelope, Some(origin.serial), now, before);
                    stored.push((cursor, parsed));
                    cursor
                }
            };
            answers.push((origin, RelayFrame::Ack { hash, cursor }));
            self.acknowledged.insert(hash);
        }
        for (origin, ack) in answers {
            self.answer(origin, &ack);
        }
        stored
    }

    /// Puts any bytes into the log, as a relay that lies would.
    pub fn push(&mut self, envelope: Vec<u8>) -> Cursor {
        self.log.push(envelope, None, 0, i64::MIN)
    }

    fn wall_clock(&self, now: u64) -> i64 {
        now.cast_signed() + self.clock_error
    }

    /// The sockets that have not yet been sent all of the log.
    pub(crate) fn behind(&self) -> impl Iterator<Item = Peer> {
        let sockets = self.sockets.iter();
        sockets.filter_map(|(peer, socket)| {
            let reading = socket.reading.as_ref()?;
            let is_behind = !reading.caught_up || self.log.last() > reading.after;
            is_behind.then_some(*peer)
        })
    }

    /// Reads on for a socket, one page.
    pub(crate) fn read(&mut self, peer: Peer, chance: &mut Chance) {
        let Some(socket) = self.sockets.get_mut(&peer) else {
            return;
        };
        let Some(reading) = &mut socket.reading else {
            return;
        };
        let most = match self.page {
            usize::MAX => usize::MAX,
            most => 1 + chance.below(most),
        };
        let page = self.log.read_after(reading.after, most);
        if page.snapshot.is_some() {
            reading.snapshot = page.snapshot;
        }
        for (at, (cursor, stored)) in page.chunks.into_iter().enumerate() {
            let is_own = !self.echoes && stored.from == Some(socket.serial);
            let comes_first = at == 0 && page.snapshot.is_some();
            let has_it = !comes_first && reading.snapshot == Some(cursor);
            if is_own || has_it || self.withheld.contains(&cursor.0) {
                continue;
            }
            if let Some(envelope) = stored.envelope {
                let frame = RelayFrame::Chunk { cursor, envelope };
                socket.to_device.push_back(frame.to_bytes());
            }
        }
        reading.after = page.through;
        if !reading.caught_up && page.through >= self.log.last() {
            reading.caught_up = true;
            let cursor = page.through;
            let frame = RelayFrame::CaughtUp { cursor };
            socket.to_device.push_back(frame.to_bytes());
        }
    }

    /// Sends a chunk once more, or out of its turn.
    pub fn send_chunk(&mut self, peer: Peer, cursor: Cursor) {
        let envelope = self
            .log
            .at(cursor)
            .and_then(|stored| stored.envelope.clone());
        if let Some(envelope) = envelope {
            self.send(peer, &RelayFrame::Chunk { cursor, envelope });
        }
    }

    /// Sends anything.
    pub fn send(&mut self, peer: Peer, frame: &RelayFrame) {
        self.send_bytes(peer, frame.to_bytes());
    }

    /// Sends any bytes.
    pub fn send_bytes(&mut self, peer: Peer, bytes: Vec<u8>) {
        if let Some(socket) = self.sockets.get_mut(&peer) {
            socket.to_device.push_back(bytes);
        }
    }

    /// Answers on the socket that asked, and on no later one.
    fn answer(&mut self, origin: Origin, frame: &RelayFrame) {
        let socket = self.sockets.get(&origin.peer);
        if socket.is_some_and(|socket| socket.serial == origin.serial) {
            self.send(origin.peer, frame);
        }
    }

    fn tell_peers(&mut self) {
        let gone = self.half_open.iter().filter(|(_, s)| s.admitted.is_some());
        let gone = gone.count();
        let admitted = self.sockets.values_mut().filter(|s| s.admitted.is_some());
        let admitted: Vec<_> = admitted.collect();
        let count = (admitted.len() + gone).saturating_sub(1) as u32;
        for socket in admitted {
            let frame = RelayFrame::Peers { count };
            socket.to_device.push_back(frame.to_bytes());
        }
    }
}
