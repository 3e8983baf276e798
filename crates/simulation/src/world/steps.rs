//! One thing after the other, and time between.

use sync::{envelope::Envelope, frame::RelayFrame, session::Event};

use super::World;
use crate::{
    device::{Device, Wish},
    replica::Replica,
    tell,
};

/// What can happen without time passing.
enum Next {
    Work(usize),
    GoOn(usize),
    Listen(usize, usize),
    Deliver(usize),
    Receive(usize, usize),
    ReceiveHalfOpen(usize, usize),
    Read(usize, usize),
    Commit(usize),
}

impl<D: Replica> World<D> {
    /// Lets one thing happen; false if nothing can without time passing.
    pub fn step(&mut self) -> bool {
        let mut nexts = self.possible();
        if nexts.is_empty() {
            return false;
        }
        match nexts.swap_remove(self.chance.below(nexts.len())) {
            Next::Work(index) => {
                let wishes = self.devices[index].work(self.now, &mut self.chance);
                self.fulfil(index, wishes);
            }
            Next::GoOn(index) => self.go_on(index),
            Next::Listen(index, tab) => self.devices[index].listen(tab),
            Next::Deliver(index) => self.deliver(index),
            Next::Receive(relay, peer) => {
                let latency = self.latency();
                self.relays[relay].receive(peer);
                if let Some(socket) = self.relays[relay].sockets.get_mut(&peer) {
                    socket.quiet_until = self.now + latency;
                }
            }
            Next::ReceiveHalfOpen(relay, which) => self.relays[relay].receive_half_open(which),
            Next::Read(relay, peer) => self.relays[relay].read(peer, &mut self.chance),
            Next::Commit(relay) => self.commit(relay),
        }
        true
    }

    fn possible(&self) -> Vec<Next> {
        let mut nexts = Vec::new();
        for (index, device) in self.devices.iter().enumerate() {
            if device.has_todo(self.now) {
                nexts.push(Next::Work(index));
            }
            if device.can_go_on(self.now) {
                nexts.push(Next::GoOn(index));
            }
            for (tab, page) in device.tabs.iter().enumerate() {
                if !page.heard.is_empty() && self.now >= device.idle_until {
                    nexts.push(Next::Listen(index, tab));
                }
            }
        }
        for (index, relay) in self.relays.iter().enumerate() {
            for (peer, socket) in &relay.sockets {
                let arrives = socket.quiet_until <= self.now;
                let listens = self.now >= self.devices[*peer].idle_until;
                if arrives && listens && !socket.to_device.is_empty() {
                    nexts.push(Next::Deliver(*peer));
                }
                if arrives && !socket.to_relay.is_empty() {
                    nexts.push(Next::Receive(index, *peer));
                }
            }
            nexts.extend((0..relay.half_open()).map(|which| Next::ReceiveHalfOpen(index, which)));
            nexts.extend(relay.behind().map(|peer| Next::Read(index, peer)));
            if relay.has_uncommitted() {
                nexts.push(Next::Commit(index));
            }
        }
        nexts
    }

    fn latency(&mut self) -> u64 {
        match self.network.latency {
            0 => 0,
            most => self.chance.time_below(most),
        }
    }

    fn comes_twice(&mut self) -> bool {
        self.network.duplicates > 0 && self.chance.one_in(self.network.duplicates)
    }

    fn deliver(&mut self, index: usize) {
        // The session sees only what is durable.
        if self.devices[index]
            .save(0, self.now, &mut self.chance)
            .is_err()
        {
            return;
        }
        let latency = self.latency();
        let twice = self.comes_twice();
        let relay = &mut self.relays[self.places[index].room];
        let Some(socket) = relay.sockets.get_mut(&index) else {
            return;
        };
        let Some(frame) = socket.to_device.pop_front() else {
            return;
        };
        if twice {
            socket.to_device.push_front(frame.clone());
        }
        socket.quiet_until = self.now + latency;
        if let Some(ledger) = &mut self.ledger {
            ledger.arrives(&self.devices[index], relay, &frame);
        }
        let frame = self.as_read_by(index, frame);
        self.story.tell(self.now, || tell::delivered(index, &frame));
        self.hear(index, Event::Frame(frame));
    }

    /// A chunk that is too new for the device says so by its version.
    fn as_read_by(&self, index: usize, frame: Vec<u8>) -> Vec<u8> {
        if !self.places[index].is_old {
            return frame;
        }
        let Ok(RelayFrame::Chunk {
            cursor,
            mut envelope,
        }) = RelayFrame::parse(&frame)
        else {
            return frame;
        };
        let Ok(parsed) = Envelope::parse(&envelope) else {
            return frame;
        };
        let is_own = parsed.header().device == self.devices[index].id();
        if is_own || !parsed.hash().0[0].is_multiple_of(4) {
            return frame;
        }
        // An array of four; the header's byte string; its array; its version.
        envelope[4] = 2;
        RelayFrame::Chunk { cursor, envelope }.to_bytes()
    }

    fn commit(&mut self, which: usize) {
        let relay = &mut self.relays[which];
        for (cursor, chunk) in relay.commit(self.now) {
            self.story
                .tell(self.now, || tell::stored(which, cursor, &chunk));
            if let Some(ledger) = &mut self.ledger {
                let maker = chunk.header().device;
                let mut devices = self.devices.iter();
                let was_restored =
                    devices.any(|device| device.id() == maker && device.was_restored);
                ledger.stored(which, &self.relays[which], cursor, &chunk, was_restored);
            }
        }
    }

    /// Hands an event to a device's session, and does what it wishes.
    pub fn hear(&mut self, index: usize, event: Event) {
        let wishes = self.devices[index].hear(event, self.now);
        self.fulfil(index, wishes);
    }

    pub(super) fn fulfil(&mut self, index: usize, wishes: Vec<Wish>) {
        self.note_device(index);
        for wish in wishes {
            let place = self.places[index];
            match wish {
                Wish::Connect if self.relay_is_up && !place.offline => {
                    self.hear(index, Event::Connected);
                    self.relays[place.room].open(index);
                }
                Wish::Connect => self.devices[index].tell(Event::Disconnected),
                Wish::Close => self.relays[place.room].close(index),
                Wish::Send(frame) => self.send(index, place.room, frame),
            }
        }
    }

    fn send(&mut self, index: usize, relay: usize, frame: Vec<u8>) {
        self.story.tell(self.now, || tell::sent(index, &frame));
        let twice = self.comes_twice();
        if let Some(ledger) = &mut self.ledger {
            let is_old = self.places[index].is_old;
            ledger.sent(&mut self.devices[index], is_old, relay, &frame);
        }
        if let Some(socket) = self.relays[relay].sockets.get_mut(&index) {
            if twice {
                socket.to_relay.push_back(frame.clone());
            }
            socket.to_relay.push_back(frame);
        }
    }

    /// Takes note of what a device has done and says of itself.
    pub(super) fn note_device(&mut self, index: usize) {
        let device = &mut self.devices[index];
        let saved = std::mem::take(&mut device.newly_saved);
        let relay = self.places[index].room;
        let is_connected = self.relays[relay].sockets.contains_key(&index);
        let says_something = std::mem::take(&mut device.status_changed);
        if let Some(ledger) = &mut self.ledger {
            ledger.saved(device.id(), saved);
            if says_something && !device.tabs.is_empty() && device.is_up_to_date() {
                let is_old = self.places[index].is_old;
                ledger.check_status(device, is_old, is_connected.then_some(relay));
            }
        }
    }

    /// Lets everything happen that does within so many milliseconds.
    pub fn run_for(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds;
        loop {
            while self.step() {}
            match self.next_due() {
                Some(at) if at <= end => {
                    self.now = self.now.max(at);
                    for device in &mut self.devices {
                        device.ring(self.now, &mut self.chance);
                    }
                }
                _ => break,
            }
        }
        self.now = end;
    }

    /// Time passes, and nothing happens but what clocks do.
    pub fn pass(&mut self, milliseconds: u64) {
        self.now += milliseconds;
        for device in &mut self.devices {
            device.ring(self.now, &mut self.chance);
        }
    }

    fn next_due(&self) -> Option<u64> {
        let own = self.devices.iter().filter_map(Device::next_due);
        let idle = self.devices.iter().map(|device| device.idle_until);
        let sockets = self.relays.iter().flat_map(|relay| relay.sockets.values());
        let lines = sockets.map(|socket| socket.quiet_until);
        let moves = self.devices.iter().filter_map(Device::goes_on_at);
        let waits = idle.chain(lines).chain(moves).filter(|at| *at > self.now);
        own.chain(waits).min()
    }
}
