//! Devices, relays, a network between and a clock, all driven by one seed.
//! Whatever can happen next happens in an order that chance decides, except that
//! a socket keeps its own order.

mod rooms;
mod steps;

pub use rooms::RelayCopy;

use sync::{
    keys::{EditSecret, PlanKeys},
    session::Event,
};

use crate::{
    chance::Chance, device::Device, disk::Contents, graph::Graph, ledger::Ledger, relay::Relay,
    replica::Replica, story::Story,
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
    address: usize,
    /// Which room there, of the keys that it uses.
    room: usize,
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
    rooms: rooms::Rooms,
    pub(crate) ledger: Option<Ledger<D>>,
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
            rooms: rooms::Rooms::new(),
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

    /// One more device, with the keys of a link.
    pub(crate) fn add(&mut self, keys: PlanKeys) -> usize {
        let number = self.devices.len();
        self.devices
            .push(Device::new(number as u8, keys, &mut self.chance));
        self.places.push(Place {
            offline: true,
            ..Place::default()
        });
        self.enter_room(number);
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
        let relay = &mut self.relays[self.places[device].room];
        if relay.sockets.contains_key(&device) {
            relay.close(device);
            self.devices[device].tell(Event::Disconnected);
        }
    }

    /// The connection breaks, and the relay finds out later.
    pub fn drop_socket_half_open(&mut self, device: usize) {
        let relay = &mut self.relays[self.places[device].room];
        if relay.sockets.contains_key(&device) {
            relay.leave_half_open(device);
            self.devices[device].tell(Event::Disconnected);
        }
    }

    /// The device talks to another relay from now on.
    pub fn move_to_relay(&mut self, device: usize, relay: usize) {
        self.drop_socket(device);
        self.places[device].address = relay;
        self.enter_room(device);
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
        self.stores_changed(&[0]);
    }

    fn stores_changed(&mut self, rooms: &[usize]) {
        if let Some(ledger) = &mut self.ledger {
            for room in rooms {
                ledger.store_changed(*room, &self.relays[*room]);
            }
            ledger.forget_what_is_nowhere(&mut self.devices);
        }
    }

    /// A device dies and begins again at once.
    pub fn crash(&mut self, device: usize) {
        self.relays[self.places[device].room].close(device);
        self.devices[device].crash(self.now, &mut self.chance);
        self.enter_room(device);
        if !self.places[device].offline {
            self.devices[device].tell(Event::Online);
        }
    }

    /// A page dies; another leads, if it was the first and there is another.
    pub fn close_tab(&mut self, device: usize, tab: usize) {
        if tab == 0 {
            self.relays[self.places[device].room].leave_half_open(device);
        }
        self.devices[device].close_tab(tab, self.now, &mut self.chance);
        self.enter_room(device);
        self.devices[device].tell(Event::Online);
    }

    /// All pages die.
    pub fn kill(&mut self, device: usize) {
        self.relays[self.places[device].room].leave_half_open(device);
        self.devices[device].kill(self.now, &mut self.chance);
        self.note_device(device);
    }

    /// The power goes.
    pub fn cut_power(&mut self, device: usize) {
        self.relays[self.places[device].room].leave_half_open(device);
        self.devices[device].cut_power(self.now, &mut self.chance);
        self.note_device(device);
    }

    /// A page is opened.
    pub fn open_tab(&mut self, device: usize) {
        self.devices[device].open_tab(self.now, &mut self.chance);
        self.enter_room(device);
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
