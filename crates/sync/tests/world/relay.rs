//! A relay in memory, with the failures of a real one: it forgets what it had
//! not committed when it is killed, and it may be made to lie.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sync::{
    admit::{self, Admitted},
    envelope::{Envelope, Kind},
    frame::{ClientFrame, ErrorCode, MAX_FRAME, RelayFrame},
    ids::{ChunkHash, Cursor, DeviceId, LogId, Nonce},
};

/// Which device a socket belongs to.
pub type Peer = usize;

pub struct Socket {
    admitted: Option<Admitted>,
    nonce: Nonce,
    subscribed: bool,
    /// On the way from the device.
    pub to_relay: VecDeque<Vec<u8>>,
    /// On the way to the device.
    pub to_device: VecDeque<Vec<u8>>,
}

pub struct Relay {
    pub log: LogId,
    pub chunks: Vec<Vec<u8>>,
    uncommitted: Vec<(Peer, Vec<u8>)>,
    pub sockets: BTreeMap<Peer, Socket>,
    pub max_frame: u32,
    /// Answer the next append so, and don't take it.
    pub fail_next: Option<ErrorCode>,
    /// Begin a subscription from 0 with the latest snapshot.
    pub begins_with_snapshot: bool,
    /// Cursors that are never sent.
    pub withheld: BTreeSet<u64>,
    pub acknowledged: BTreeSet<ChunkHash>,
    pub appends: usize,
    pub ephemerals: usize,
}

impl Relay {
    pub fn new(name: u8) -> Self {
        Self {
            log: LogId([name; 16]),
            chunks: Vec::new(),
            uncommitted: Vec::new(),
            sockets: BTreeMap::new(),
            max_frame: MAX_FRAME as u32,
            fail_next: None,
            begins_with_snapshot: false,
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
    }

    pub fn open(&mut self, peer: Peer) {
        let nonce = Nonce([peer as u8 + 1; 32]);
        let challenge = RelayFrame::Challenge {
            versions: vec![1],
            nonce,
            max_frame: self.max_frame,
        };
        let socket = Socket {
            admitted: None,
            nonce,
            subscribed: false,
            to_relay: VecDeque::new(),
            to_device: VecDeque::from([challenge.to_bytes()]),
        };
        self.sockets.insert(peer, socket);
    }

    pub fn close(&mut self, peer: Peer) {
        self.sockets.remove(&peer);
        self.tell_peers();
    }

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
        match (ClientFrame::parse(&bytes).unwrap(), socket.admitted) {
            (ClientFrame::Hello(hello), None) => {
                socket.admitted = Some(admit::verify_hello(&hello, &socket.nonce).unwrap());
                let (log, last) = (self.log, Cursor(self.chunks.len() as u64));
                self.send(peer, &RelayFrame::Welcome { log, last });
                self.tell_peers();
            }
            (ClientFrame::Subscribe { after }, Some(_)) => {
                socket.subscribed = true;
                self.replay(peer, after);
            }
            (ClientFrame::Append { envelope }, Some(admitted)) => {
                self.appends += 1;
                let parsed = admitted.verify_append(&envelope).unwrap();
                if let Some(code) = self.fail_next.take() {
                    let about = Some(parsed.hash());
                    let detail = String::new();
                    let error = RelayFrame::Error {
                        code,
                        about,
                        detail,
                    };
                    return self.send(peer, &error);
                }
                self.uncommitted.push((peer, envelope));
            }
            (ClientFrame::Ephemeral { envelope }, Some(admitted)) => {
                self.ephemerals += 1;
                admitted.verify_ephemeral(&envelope).unwrap();
                self.broadcast(Some(peer), &RelayFrame::Ephemeral { envelope });
            }
            (frame, admitted) => panic!("{frame:?} in the wrong place ({admitted:?})"),
        }
    }

    /// Makes durable, then acknowledges and forwards.
    pub fn commit(&mut self) {
        for (peer, envelope) in std::mem::take(&mut self.uncommitted) {
            let hash = Envelope::parse(&envelope).unwrap().hash();
            let cursor = match self.cursor_of(&hash) {
                Some(cursor) => cursor,
                None => self.push(envelope, Some(peer)),
            };
            self.acknowledged.insert(hash);
            self.send(peer, &RelayFrame::Ack { hash, cursor });
        }
    }

    /// Puts any bytes into the log, as a relay that lies would.
    pub fn push(&mut self, envelope: Vec<u8>, from: Option<Peer>) -> Cursor {
        self.chunks.push(envelope.clone());
        let cursor = Cursor(self.chunks.len() as u64);
        if !self.withheld.contains(&cursor.0) {
            self.broadcast(from, &RelayFrame::Chunk { cursor, envelope });
        }
        cursor
    }

    fn cursor_of(&self, hash: &ChunkHash) -> Option<Cursor> {
        let index = self.chunks.iter().position(|chunk| {
            Envelope::parse(chunk).is_ok_and(|envelope| envelope.hash() == *hash)
        })?;
        Some(Cursor(index as u64 + 1))
    }

    fn replay(&mut self, peer: Peer, after: Cursor) {
        let mut after = after;
        if self.begins_with_snapshot && after == Cursor::START {
            let latest = self
                .chunks
                .iter()
                .enumerate()
                .rev()
                .find_map(|(index, chunk)| {
                    let covers = Envelope::parse(chunk).ok()?.header().covers?;
                    Some((Cursor(index as u64 + 1), covers))
                });
            if let Some((cursor, covers)) = latest {
                self.send_chunk(peer, cursor);
                after = covers;
            }
        }
        for cursor in after.0 + 1..=self.chunks.len() as u64 {
            if !self.withheld.contains(&cursor) {
                self.send_chunk(peer, Cursor(cursor));
            }
        }
        let cursor = Cursor(self.chunks.len() as u64);
        self.send(peer, &RelayFrame::CaughtUp { cursor });
    }

    pub fn send_chunk(&mut self, peer: Peer, cursor: Cursor) {
        let envelope = self.chunks[cursor.0 as usize - 1].clone();
        self.send(peer, &RelayFrame::Chunk { cursor, envelope });
    }

    pub fn send(&mut self, peer: Peer, frame: &RelayFrame) {
        if let Some(socket) = self.sockets.get_mut(&peer) {
            socket.to_device.push_back(frame.to_bytes());
        }
    }

    fn broadcast(&mut self, from: Option<Peer>, frame: &RelayFrame) {
        for (peer, socket) in &mut self.sockets {
            if socket.subscribed && Some(*peer) != from {
                socket.to_device.push_back(frame.to_bytes());
            }
        }
    }

    fn tell_peers(&mut self) {
        let admitted = self.sockets.values_mut().filter(|s| s.admitted.is_some());
        let admitted: Vec<_> = admitted.collect();
        let count = admitted.len().saturating_sub(1) as u32;
        for socket in admitted {
            socket
                .to_device
                .push_back(RelayFrame::Peers { count }.to_bytes());
        }
    }

    /// The kinds of the stored chunks.
    pub fn kinds(&self) -> Vec<Kind> {
        self.parsed()
            .map(|envelope| envelope.header().kind)
            .collect()
    }

    /// No device has used a number for two chunks.
    pub fn assert_no_fork(&self) {
        let mut seen: BTreeMap<(DeviceId, u64), ChunkHash> = BTreeMap::new();
        for envelope in self.parsed() {
            let (device, number) = (envelope.header().device, envelope.header().number);
            let hash = *seen.entry((device, number)).or_insert(envelope.hash());
            assert_eq!(hash, envelope.hash(), "{device:?} used {number} twice");
        }
    }

    fn parsed(&self) -> impl Iterator<Item = Envelope> {
        self.chunks
            .iter()
            .filter_map(|chunk| Envelope::parse(chunk).ok())
    }
}
