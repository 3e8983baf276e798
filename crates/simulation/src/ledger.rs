//! What must be true, noted while it happens by one who sees all devices and
//! relays at once.

use std::collections::{BTreeMap, BTreeSet};

use sync::{
    content::Content,
    envelope::Envelope,
    frame::{ClientFrame, RelayFrame},
    ids::{ChangeHash, ChunkHash, Cursor, DeviceId},
    keys::PlanKeys,
    seal,
    session::Connection,
};

use crate::{device::Device, relay::Relay, replica::Replica};

/// What a relay's log holds, as one sees it who reads all of it.
#[derive(Debug)]
struct AtRelay<D> {
    /// All of it in one document, deleted chunks too.
    document: D,
    /// For each place of the log: the heads that are in the document from here
    /// on, with all they build on.
    heads: Vec<Vec<ChangeHash>>,
    /// Heads that were declared, and what they build on is not there yet.
    incomplete: Vec<ChangeHash>,
    /// Whether the store was ever another: devices find out only once they have
    /// been sent something.
    was_replaced: bool,
}

impl<D: Replica> AtRelay<D> {
    fn new() -> Self {
        Self {
            document: blank(),
            heads: Vec::new(),
            incomplete: Vec::new(),
            was_replaced: false,
        }
    }

    fn add(&mut self, parts: &[Vec<u8>], heads: Vec<ChangeHash>) {
        self.document.merge(parts);
        self.incomplete.extend(heads);
        let (here, not_yet) = std::mem::take(&mut self.incomplete)
            .into_iter()
            .partition(|head| self.document.has(head));
        self.incomplete = not_yet;
        self.heads.push(here);
    }

    /// The heads that whoever has the log up to a cursor must have.
    fn up_to(&self, cursor: Cursor) -> impl Iterator<Item = (usize, &ChangeHash)> {
        let places = (1..).zip(&self.heads);
        places
            .take_while(move |(place, _)| *place as u64 <= cursor.0)
            .flat_map(|(place, heads)| heads.iter().map(move |head| (place, head)))
    }
}

/// What has been promised so far.
#[derive(Debug)]
pub(crate) struct Ledger<D> {
    keys: PlanKeys,
    /// Edits that a device has called saved, and that are somewhere still.
    saved: BTreeSet<ChangeHash>,
    /// Each chunk that went out, by who made it.
    numbers: BTreeMap<(DeviceId, u64), ChunkHash>,
    at_relay: Vec<AtRelay<D>>,
    /// All that a device has ever had when it spoke to others.
    had: BTreeMap<DeviceId, D>,
    /// Up to where a device was sent all, when it last was.
    caught_up: BTreeMap<DeviceId, Cursor>,
    /// Snapshots that came.
    pub(crate) snapshots: usize,
}

impl<D: Replica> Ledger<D> {
    pub(crate) fn new(keys: PlanKeys, relays: usize) -> Self {
        Self {
            keys,
            saved: BTreeSet::new(),
            numbers: BTreeMap::new(),
            at_relay: (0..relays).map(|_| AtRelay::new()).collect(),
            had: BTreeMap::new(),
            caught_up: BTreeMap::new(),
            snapshots: 0,
        }
    }

    /// Edits were called saved.
    pub(crate) fn saved(&mut self, edits: Vec<ChangeHash>) {
        self.saved.extend(edits);
    }

    /// How many edits must be there in the end.
    pub(crate) fn expected(&self) -> usize {
        self.saved.len()
    }

    /// A device sends a frame.
    pub(crate) fn sent(
        &mut self,
        device: &mut Device<D>,
        is_old: bool,
        relay: usize,
        frame: &[u8],
    ) {
        match ClientFrame::parse(frame).expect("a session sends frames") {
            ClientFrame::Append { envelope } => {
                self.note_what_it_has(device);
                let envelope = Envelope::parse(&envelope).expect("a session sends chunks");
                let (hash, number) = (envelope.hash(), envelope.header().number);
                let known = *self.numbers.entry((device.id(), number)).or_insert(hash);
                assert!(
                    known == hash || device.was_restored,
                    "number {number} was used for two chunks"
                );
            }
            // An old version has set aside what was too new for it.
            ClientFrame::Subscribe { after } if !is_old && !self.at_relay[relay].was_replaced => {
                self.check_cursor(device, relay, after);
            }
            ClientFrame::Ephemeral { .. } => self.note_what_it_has(device),
            ClientFrame::Subscribe { .. } | ClientFrame::Hello(_) => {}
        }
    }

    /// A cursor says that all up to it is in the document, durably.
    fn check_cursor(&mut self, device: &mut Device<D>, relay: usize, after: Cursor) {
        let mut on_disk = device.document_on_disk();
        for (place, head) in self.at_relay[relay].up_to(after) {
            assert!(
                on_disk.has(head),
                "the cursor {after} is beyond chunk {place}, which is not in the document"
            );
        }
    }

    /// A frame of a relay arrives.
    pub(crate) fn arrives(&mut self, device: &Device<D>, relay: &Relay, frame: &[u8]) {
        match RelayFrame::parse(frame) {
            Ok(RelayFrame::Ack { hash, .. }) => assert!(
                relay.log.find(&hash).is_some(),
                "a chunk was acknowledged that is not stored"
            ),
            Ok(RelayFrame::CaughtUp { cursor }) => {
                self.caught_up.insert(device.id(), cursor);
            }
            _ => {}
        }
    }

    /// A relay has stored a chunk.
    pub(crate) fn stored(&mut self, which: usize, relay: &Relay, cursor: Cursor, chunk: &Envelope) {
        let Ok(content) = seal::open(&self.keys, chunk) else {
            return;
        };
        let parts: Vec<Vec<u8>> = content.changes.into_iter().map(Vec::from).collect();
        if let Some(covers) = relay.log.at(cursor).and_then(|stored| stored.covers) {
            self.snapshots += 1;
            self.check_snapshot(which, covers, &parts);
        }
        self.at_relay[which].add(&parts, content.heads);
    }

    /// A snapshot holds all that it covers, or a relay that deletes by it
    /// deletes edits.
    fn check_snapshot(&self, relay: usize, covers: Cursor, parts: &[Vec<u8>]) {
        let mut snapshot: D = blank();
        assert!(snapshot.merge(parts), "a snapshot can't be read");
        for (place, head) in self.at_relay[relay].up_to(covers) {
            assert!(
                snapshot.has(head),
                "a snapshot says that it covers {covers}, and lacks chunk {place}"
            );
        }
    }

    /// A device says something new of itself.
    pub(crate) fn check_status(
        &mut self,
        device: &mut Device<D>,
        is_old: bool,
        relay: Option<usize>,
    ) {
        let status = device.status().clone();
        let heads = device.document().heads();
        if status.at_relay
            && status.connection == Connection::Live
            && let Some(relay) = relay
        {
            if !is_old && let Some(cursor) = self.caught_up.remove(&device.id()) {
                self.check_cursor(device, relay, cursor);
            }
            for head in &heads {
                assert!(
                    self.at_relay[relay].document.has(head),
                    "all is said to be at the relay, and it is not"
                );
            }
        }
        for partner in &status.seen_by {
            let had = self.had.get_mut(partner);
            assert!(
                had.is_some_and(|had| heads.iter().all(|head| had.has(head))),
                "{} is said to have seen what it never had",
                partner.short()
            );
        }
    }

    /// A device is about to tell others what it has.
    fn note_what_it_has(&mut self, device: &mut Device<D>) {
        let had = self.had.entry(device.id()).or_insert_with(blank);
        let document = device.document();
        if !document.heads().iter().all(|head| had.has(head)) {
            had.merge(&[document.save()]);
        }
    }

    /// A relay's store is another now.
    pub(crate) fn store_changed(&mut self, which: usize, relay: &Relay) {
        // What is deleted by now is not there to be read; what takes its place is.
        let mut at_relay = AtRelay::new();
        at_relay.was_replaced = true;
        for (_, stored) in relay.log.all() {
            let content = stored.envelope.as_ref().and_then(|bytes| self.open(bytes));
            let content = content.unwrap_or_default();
            let parts: Vec<Vec<u8>> = content.changes.into_iter().map(Vec::from).collect();
            at_relay.add(&parts, content.heads);
        }
        self.at_relay[which] = at_relay;
    }

    fn open(&self, envelope: &[u8]) -> Option<Content> {
        seal::open(&self.keys, &Envelope::parse(envelope).ok()?).ok()
    }

    /// Something was destroyed from outside: what is nowhere any more, or with
    /// readers only, who can't hand it on, can't be asked for.
    pub(crate) fn forget_what_is_nowhere(&mut self, devices: &mut [Device<D>]) {
        let writers = devices.iter_mut().filter(|device| device.keys.can_write());
        let mut places: Vec<D> = writers.map(Device::document_on_disk).collect();
        places.extend(
            self.at_relay
                .iter()
                .map(|at_relay| at_relay.document.clone()),
        );
        self.saved
            .retain(|edit| places.iter_mut().any(|place| place.has(edit)));
    }

    /// All that was called saved and not destroyed is here.
    pub(crate) fn assert_holds_all(&self, who: &str, document: &mut D) {
        let lacking = self.saved.iter().filter(|edit| !document.has(edit)).count();
        assert_eq!(
            lacking, 0,
            "edits that were saved are lost: {who} lacks them"
        );
    }
}

fn blank<D: Replica>() -> D {
    D::blank(&[0; 32], u64::MAX)
}
