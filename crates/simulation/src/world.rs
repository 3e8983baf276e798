//! Devices, relays, a network between and a clock, all driven by one seed.
//! Whatever can happen next happens in an order that chance decides, except that
//! a socket keeps its own order.

use sync::{
    envelope::Envelope,
    frame::RelayFrame,
    keys::{EditSecret, PlanKeys},
    session::Event,
};

use crate::{
    chance::Chance,
    device::{Device, Wish},
    disk::Contents,
    graph::Graph,
    ledger::Ledger,
    log::Log,
    relay::Relay,
    replica::Replica,
    story::Story,
    tell,
};

/// How the lines are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Network {
    /// A frame takes up to so many milliseconds.
    pub latency: u64,
    /// One frame in so many arrives twice; none if zero.
    pub duplicates: usize,
}

/// Where a device stands to the network, and what it can read.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    offline: bool,
    /// Which relay it talks to.
    relay: usize,
    /// It is an old version, for which some chunks of others are too new.
    is_old: bool,
}

/// The world.
#[derive(Debug)]
pub struct World<D = Graph> {
    /// Milliseconds on a clock that no one else sees.
    pub now: u64,
    /// What decides.
    pub chance: Chance,
    /// The relays; devices talk to the first unless they are moved.
    pub relays: Vec<Relay>,
    /// Whether the relays can be reached.
    pub relay_is_up: bool,
    /// The devices.
    pub devices: Vec<Device<D>>,
    /// The lines.
    pub network: Network,
    /// Where to tell what happens.
    pub story: Story,
    places: Vec<Place>,
    pub(crate) ledger: Option<Ledger<D>>,
}

enum Next {
    Work(usize),
    Listen(usize, usize),
    Deliver(usize),
    Receive(usize, usize),
    ReceiveHalfOpen(usize, usize),
    Read(usize, usize),
    Commit(usize),
}

/// The keys of the plan that all devices have.
pub fn plan_keys() -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes([42; 32]))
}

impl<D: Replica> World<D> {
    /// Devices that all may write, not yet connected, and one relay.
    pub fn new(seed: u64, devices: usize) -> Self {
        let mut world = Self {
            now: 1_000_000,
            chance: Chance::new(seed),
            relays: vec![Relay::new(1)],
            relay_is_up: true,
            devices: Vec::new(),
            network: Network::default(),
            story: Story::default(),
            places: Vec::new(),
            ledger: None,
        };
        for _ in 0..devices {
            world.add_device();
        }
        world
    }

    /// Devices that are connected and have met.
    pub fn online(seed: u64, devices: usize) -> Self {
        let mut world = Self::new(seed, devices);
        world.all_online();
        world.run_for(10_000);
        world
    }

    /// From now on it is watched that all promises are kept. Not for a world in
    /// which a relay lies.
    pub(crate) fn watch(&mut self) {
        self.ledger = Some(Ledger::new(plan_keys(), self.relays.len()));
    }

    /// One more device that may write, with nothing of the plan.
    pub fn add_device(&mut self) -> usize {
        self.add(plan_keys())
    }

    /// One more device, which may only read.
    pub fn add_reader(&mut self) -> usize {
        self.add(plan_keys().to_read_only())
    }

    fn add(&mut self, keys: PlanKeys) -> usize {
        let number = self.devices.len();
        self.devices
            .push(Device::new(number as u8, keys, &mut self.chance));
        self.places.push(Place {
            offline: true,
            ..Place::default()
        });
        number
    }

    /// The device has a network.
    pub fn go_online(&mut self, device: usize) {
        self.places[device].offline = false;
        self.devices[device].tell(Event::Online);
    }

    /// All devices have.
    pub fn all_online(&mut self) {
        for device in 0..self.devices.len() {
            self.go_online(device);
        }
    }

    /// The device has no network any more.
    pub fn go_offline(&mut self, device: usize) {
        self.places[device].offline = true;
        self.drop_socket(device);
    }

    /// The connection breaks.
    pub fn drop_socket(&mut self, device: usize) {
        let relay = &mut self.relays[self.places[device].relay];
        if relay.sockets.contains_key(&device) {
            relay.close(device);
            self.devices[device].tell(Event::Disconnected);
        }
    }

    /// The connection breaks, and the relay finds out later.
    pub fn drop_socket_half_open(&mut self, device: usize) {
        let relay = &mut self.relays[self.places[device].relay];
        if relay.sockets.contains_key(&device) {
            relay.leave_half_open(device);
            self.devices[device].tell(Event::Disconnected);
        }
    }

    /// The device talks to another relay from now on.
    pub fn move_to_relay(&mut self, device: usize, relay: usize) {
        self.drop_socket(device);
        self.places[device].relay = relay;
        self.devices[device].tell(Event::Online);
    }

    /// For this device some chunks of others are too new, and stay so.
    pub fn make_old(&mut self, device: usize) {
        self.places[device].is_old = true;
    }

    /// Whether some chunks are too new for this device.
    pub fn is_old(&self, device: usize) -> bool {
        self.places[device].is_old
    }

    /// All relays die, with what they had not committed.
    pub fn kill_relay(&mut self) {
        for device in 0..self.devices.len() {
            self.drop_socket(device);
        }
        for relay in &mut self.relays {
            relay.kill();
        }
        self.relay_is_up = false;
    }

    /// Another relay at the same address.
    pub fn replace_relay(&mut self, relay: Relay) {
        self.kill_relay();
        self.relays[0] = relay;
        self.relay_is_up = true;
        self.store_changed(0);
    }

    /// A relay with an older copy of its own store, or an empty one of another
    /// name.
    pub fn set_back_relay(&mut self, relay: usize, copy: Option<Log>) {
        self.kill_relay();
        let old = &mut self.relays[relay];
        match copy {
            Some(copy) => old.log = copy,
            None => {
                old.log = Log::default();
                old.id.0[1] += 1;
            }
        }
        self.relay_is_up = true;
        self.store_changed(relay);
    }

    fn store_changed(&mut self, which: usize) {
        if let Some(ledger) = &mut self.ledger {
            ledger.store_changed(which, &self.relays[which]);
            ledger.forget_what_is_nowhere(&mut self.devices);
        }
    }

    /// A device dies and begins again at once.
    pub fn crash(&mut self, device: usize) {
        self.relays[self.places[device].relay].close(device);
        self.devices[device].crash(self.now, &mut self.chance);
        if !self.places[device].offline {
            self.devices[device].tell(Event::Online);
        }
    }

    /// A page dies; another leads, if it was the first and there is another.
    pub fn close_tab(&mut self, device: usize, tab: usize) {
        if tab == 0 {
            self.relays[self.places[device].relay].leave_half_open(device);
        }
        self.devices[device].close_tab(tab, self.now, &mut self.chance);
        self.devices[device].tell(Event::Online);
    }

    /// All pages die.
    pub fn kill(&mut self, device: usize) {
        self.relays[self.places[device].relay].leave_half_open(device);
        self.devices[device].kill(self.now, &mut self.chance);
        self.note_device(device);
    }

    /// The power goes.
    pub fn cut_power(&mut self, device: usize) {
        self.relays[self.places[device].relay].leave_half_open(device);
        self.devices[device].cut_power(self.now, &mut self.chance);
        self.note_device(device);
    }

    /// A page is opened.
    pub fn open_tab(&mut self, device: usize) {
        self.devices[device].open_tab(self.now, &mut self.chance);
        self.devices[device].tell(Event::Online);
    }

    /// The disk is set back to an older copy, while nothing is open.
    pub fn restore(&mut self, device: usize, copy: Contents) {
        self.kill(device);
        self.devices[device].restore(copy);
        if let Some(ledger) = &mut self.ledger {
            ledger.forget_what_is_nowhere(&mut self.devices);
        }
    }

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
        let relay = &mut self.relays[self.places[index].relay];
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
                ledger.stored(which, &self.relays[which], cursor, &chunk);
            }
        }
    }

    /// Hands an event to a device's session, and does what it wishes.
    pub fn hear(&mut self, index: usize, event: Event) {
        let wishes = self.devices[index].hear(event, self.now);
        self.fulfil(index, wishes);
    }

    fn fulfil(&mut self, index: usize, wishes: Vec<Wish>) {
        self.note_device(index);
        for wish in wishes {
            let place = self.places[index];
            match wish {
                Wish::Connect if self.relay_is_up && !place.offline => {
                    self.hear(index, Event::Connected);
                    self.relays[place.relay].open(index);
                }
                Wish::Connect => self.devices[index].tell(Event::Disconnected),
                Wish::Close => self.relays[place.relay].close(index),
                Wish::Send(frame) => self.send(index, place.relay, frame),
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
    fn note_device(&mut self, index: usize) {
        let device = &mut self.devices[index];
        let saved = std::mem::take(&mut device.newly_saved);
        let relay = self.places[index].relay;
        let is_connected = self.relays[relay].sockets.contains_key(&index);
        let says_something = std::mem::take(&mut device.status_changed);
        if let Some(ledger) = &mut self.ledger {
            ledger.saved(saved);
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
        let waits = idle.chain(lines).filter(|at| *at > self.now);
        own.chain(waits).min()
    }

    /// All devices hold the same, and know it.
    ///
    /// # Panics
    /// When they don't.
    pub fn assert_met(&mut self) {
        let heads = self.devices[0].document().heads();
        let content = self.devices[0].document().content();
        for device in &mut self.devices {
            assert_eq!(device.document().heads(), heads);
            assert_eq!(device.document().content(), content);
            assert!(device.status().at_relay, "{:?}", device.status());
            assert!(!device.status().missing);
            assert_eq!(device.status().waiting, 0);
            assert!(device.disk.contents().saved.outbox.is_empty());
        }
        for relay in &self.relays {
            relay.log.assert_no_fork();
        }
    }
}

impl World<Graph> {
    /// Types something on a device's first page, and saves it at once.
    pub fn edit(&mut self, device: usize, text: &str) {
        let (now, chance) = (self.now, &mut self.chance);
        let device = &mut self.devices[device];
        device.write(0, text, now, chance);
        device.save(0, now, chance).expect("the disk takes it");
    }

    /// Merges another's document into a device's, as from a file.
    pub fn merge_file(&mut self, device: usize, file: &mut Graph) {
        let tab = &mut self.devices[device].tabs[0];
        assert!(tab.document.merge(&[file.save()]), "a file can be read");
        let saved = self.devices[device].save(0, self.now, &mut self.chance);
        saved.expect("the disk takes it");
    }

    /// Whether a device has a text.
    pub fn has(&mut self, device: usize, text: &str) -> bool {
        self.devices[device].document().texts().contains(text)
    }
}
