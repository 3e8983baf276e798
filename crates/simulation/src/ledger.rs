//! What must be true, noted while it happens by one who sees all devices and
//! relays at once.

mod at_relay;
mod closings;

use std::collections::{BTreeMap, BTreeSet};

use at_relay::AtRelay;
use closings::Moves;
use sync::{
    envelope::Envelope,
    frame::{ClientFrame, RelayFrame},
    ids::{ChangeHash, ChunkHash, Cursor, DeviceId, PlanId},
    keys::PlanKeys,
    seal,
    session::Connection,
};

use crate::{device::Device, relay::Relay, replica::Replica};

/// What has been promised so far.
#[derive(Debug)]
pub(crate) struct Ledger<D> {
    /// Edits that a device has called saved, and that are somewhere still, by who
    /// wrote them. A shared beginning is the same whoever makes it.
    saved: BTreeMap<ChangeHash, BTreeSet<DeviceId>>,
    /// Each chunk that went out, by who made it for which plan.
    numbers: BTreeMap<(PlanId, DeviceId, u64), ChunkHash>,
    /// Each room's log.
    at_relay: Vec<AtRelay<D>>,
    /// All that a device has ever had when it spoke to others.
    had: BTreeMap<DeviceId, D>,
    /// Up to where a device was sent all, when it last was.
    caught_up: BTreeMap<DeviceId, Cursor>,
    /// Snapshots that came.
    pub(crate) snapshots: usize,
    /// Moves to new keys.
    pub(crate) moves: Moves,
}

impl<D: Replica> Ledger<D> {
    pub(crate) fn new(keys: PlanKeys, relays: usize) -> Self {
        Self {
            saved: BTreeMap::new(),
            numbers: BTreeMap::new(),
            at_relay: (0..relays).map(|_| AtRelay::new(keys.clone())).collect(),
            had: BTreeMap::new(),
            caught_up: BTreeMap::new(),
            snapshots: 0,
            moves: Moves::default(),
        }
    }

    /// Edits were called saved.
    pub(crate) fn saved(&mut self, by: DeviceId, edits: Vec<ChangeHash>) {
        for edit in edits {
            self.saved.entry(edit).or_default().insert(by);
        }
    }

    /// How many edits must be there in the end.
    pub(crate) fn expected(&self) -> usize {
        self.saved.len()
    }

    /// A plan has come to a relay for the first time.
    pub(crate) fn add_room(&mut self, keys: PlanKeys) {
        self.at_relay.push(AtRelay::new(keys));
    }

    /// A device talks to another room.
    pub(crate) fn changes_room(&mut self, device: DeviceId) {
        self.caught_up.remove(&device);
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
                assert_eq!(
                    device.status().closed_by,
                    None,
                    "something is sent to a plan that is closed"
                );
                self.note_what_it_has(device);
                let envelope = Envelope::parse(&envelope).expect("a session sends chunks");
                let (hash, number) = (envelope.hash(), envelope.header().number);
                let place = (envelope.header().plan, device.id(), number);
                let known = *self.numbers.entry(place).or_insert(hash);
                assert!(
                    known == hash || device.was_restored,
                    "number {number} was used for two chunks"
                );
            }
            // An old version has set aside what was too new for it.
            ClientFrame::Subscribe { after } if !is_old && !self.at_relay[relay].was_replaced() => {
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

    /// A relay has stored a chunk, of a device whose disk was once set back or
    /// not.
    pub(crate) fn stored(
        &mut self,
        which: usize,
        relay: &Relay,
        cursor: Cursor,
        chunk: &Envelope,
        was_restored: bool,
    ) {
        let Ok(content) = seal::open(self.at_relay[which].keys(), chunk) else {
            return;
        };
        if let Some(covers) = relay.log.at(cursor).and_then(|stored| stored.covers) {
            self.snapshots += 1;
            // It may be one from before both were set back; whoever sees that
            // brings back what it lacks.
            let is_of_another_time = was_restored && self.at_relay[which].was_replaced();
            if !is_of_another_time {
                self.check_snapshot(which, covers, &at_relay::parts(&content));
            }
        }
        if content.closing.is_some() {
            self.moves.closing_stored(self.at_relay[which].is_closed());
        }
        self.at_relay[which].add(chunk.header().device, content);
    }

    /// A snapshot holds all that it covers, or a relay that deletes by it
    /// deletes edits; and nothing that has no place in the log, or it brings
    /// along what may come after a closing.
    fn check_snapshot(&mut self, relay: usize, covers: Cursor, parts: &[Vec<u8>]) {
        let mut snapshot: D = blank();
        assert!(snapshot.merge(parts), "a snapshot can't be read");
        let at_relay = &mut self.at_relay[relay];
        for head in snapshot.heads() {
            assert!(
                at_relay.was_replaced() || at_relay.all().has(&head),
                "a snapshot holds what has no place in the log"
            );
        }
        for (place, head) in at_relay.up_to(covers) {
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
            let at_relay = &mut self.at_relay[relay];
            let there = match status.closed_by {
                Some(_) => at_relay.counted(),
                None => at_relay.all(),
            };
            for head in &heads {
                assert!(
                    there.has(head),
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
        let was = &mut self.at_relay[which];
        let log = relay.log.all();
        let at_relay = was.replaced(log.map(|(_, stored)| stored.envelope.as_deref()));
        self.moves.has_lost_any |= was.is_closed() && !at_relay.is_closed();
        self.at_relay[which] = at_relay;
    }

    /// Something was destroyed from outside: what is nowhere any more, or with
    /// readers only, who can't hand it on, or under keys that no one has, can't
    /// be asked for.
    pub(crate) fn forget_what_is_nowhere(&mut self, devices: &mut [Device<D>]) {
        let writers = devices
            .iter_mut()
            .filter(|device| device.keys_in_use().can_write());
        let mut places: Vec<D> = writers.map(Device::document_on_disk).collect();
        let mut plans = self.led_to();
        plans.extend(devices.iter().flat_map(Device::plans));
        // What came after a closing is taken by no one, so it is not there to be
        // asked for.
        let logs = self.at_relay.iter_mut();
        let logs = logs.filter(|log| plans.contains(&log.keys().id()));
        places.extend(logs.map(|log| log.counted().clone()));
        self.saved
            .retain(|edit, _| places.iter_mut().any(|place| place.has(edit)));
    }
}

/// All these edits are here.
///
/// # Panics
/// When one is not.
pub(crate) fn assert_holds<D: Replica>(who: &str, document: &mut D, edits: &[ChangeHash]) {
    let lacking = edits.iter().filter(|edit| !document.has(edit)).count();
    assert_eq!(
        lacking, 0,
        "edits that were saved are lost: {who} lacks them"
    );
}

fn blank<D: Replica>() -> D {
    D::blank(&[0; 32], u64::MAX)
}
