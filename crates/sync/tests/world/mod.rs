//! A small world: a relay, devices, a network between, and a clock, all driven
//! by one seed. Whatever can happen next happens in an order that chance
//! decides, except that a socket keeps its own order.

#![allow(dead_code, reason = "each test file uses its own part of the world")]

pub mod chance;
pub mod device;
pub mod graph;
pub mod relay;

use sync::{
    keys::{EditSecret, PlanKeys},
    session::{Document as _, Event},
};

use chance::Chance;
use device::{Device, Wish};
use relay::Relay;

pub struct World {
    pub now: u64,
    pub chance: Chance,
    pub relay: Relay,
    pub relay_is_up: bool,
    pub devices: Vec<Device>,
    /// Devices without a network.
    pub offline: Vec<bool>,
}

enum Next {
    Work(usize),
    Deliver(usize),
    Receive(usize),
    Commit,
}

pub fn plan_keys() -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes([42; 32]))
}

impl World {
    /// Devices that all may write, not yet connected.
    pub fn new(seed: u64, devices: usize) -> Self {
        let mut chance = Chance::new(seed);
        let device = |number| Device::new(number as u8, plan_keys(), &mut chance);
        Self {
            devices: (0..devices).map(device).collect(),
            now: 1_000_000,
            chance,
            relay: Relay::new(1),
            relay_is_up: true,
            offline: vec![true; devices],
        }
    }

    /// Devices that are connected and have met.
    pub fn online(seed: u64, devices: usize) -> Self {
        let mut world = Self::new(seed, devices);
        world.all_online();
        world.run_for(10_000);
        world
    }

    pub fn add_reader(&mut self) -> usize {
        let number = self.devices.len();
        let keys = plan_keys().to_read_only();
        let reader = Device::new(number as u8, keys, &mut self.chance);
        self.devices.push(reader);
        self.offline.push(true);
        number
    }

    pub fn add_device(&mut self) -> usize {
        let number = self.devices.len();
        let device = Device::new(number as u8, plan_keys(), &mut self.chance);
        self.devices.push(device);
        self.offline.push(true);
        number
    }

    pub fn go_online(&mut self, device: usize) {
        self.offline[device] = false;
        self.devices[device].tell(Event::Online);
    }

    pub fn all_online(&mut self) {
        for device in 0..self.devices.len() {
            self.go_online(device);
        }
    }

    pub fn go_offline(&mut self, device: usize) {
        self.offline[device] = true;
        self.drop_socket(device);
    }

    pub fn drop_socket(&mut self, device: usize) {
        if self.relay.sockets.contains_key(&device) {
            self.relay.close(device);
            self.devices[device].tell(Event::Disconnected);
        }
    }

    pub fn kill_relay(&mut self) {
        for device in 0..self.devices.len() {
            self.drop_socket(device);
        }
        self.relay.kill();
        self.relay_is_up = false;
    }

    /// Another relay at the same address.
    pub fn replace_relay(&mut self, relay: Relay) {
        self.kill_relay();
        self.relay = relay;
        self.relay_is_up = true;
    }

    pub fn crash(&mut self, device: usize) {
        self.relay.close(device);
        self.devices[device].crash(&mut self.chance);
        if !self.offline[device] {
            self.devices[device].tell(Event::Online);
        }
    }

    /// Lets one thing happen; false if nothing can without time passing.
    pub fn step(&mut self) -> bool {
        let mut nexts = Vec::new();
        for (index, device) in self.devices.iter().enumerate() {
            if device.has_todo() {
                nexts.push(Next::Work(index));
            }
            if let Some(socket) = self.relay.sockets.get(&index) {
                if !socket.to_device.is_empty() {
                    nexts.push(Next::Deliver(index));
                }
                if !socket.to_relay.is_empty() {
                    nexts.push(Next::Receive(index));
                }
            }
        }
        if self.relay.has_uncommitted() {
            nexts.push(Next::Commit);
        }
        if nexts.is_empty() {
            return false;
        }
        match nexts.swap_remove(self.chance.below(nexts.len())) {
            Next::Work(index) => {
                let wishes = self.devices[index].work(self.now, &mut self.chance);
                self.fulfil(index, wishes);
            }
            Next::Deliver(index) => {
                let socket = self.relay.sockets.get_mut(&index).unwrap();
                let frame = socket.to_device.pop_front().unwrap();
                self.hear(index, Event::Frame(frame));
            }
            Next::Receive(index) => self.relay.receive(index),
            Next::Commit => self.relay.commit(),
        }
        true
    }

    pub fn hear(&mut self, index: usize, event: Event) {
        let wishes = self.devices[index].hear(event, self.now);
        self.fulfil(index, wishes);
    }

    fn fulfil(&mut self, index: usize, wishes: Vec<Wish>) {
        for wish in wishes {
            match wish {
                Wish::Connect if self.relay_is_up && !self.offline[index] => {
                    self.hear(index, Event::Connected);
                    self.relay.open(index);
                }
                Wish::Connect => self.devices[index].tell(Event::Disconnected),
                Wish::Close => self.relay.close(index),
                Wish::Send(frame) => {
                    if let Some(socket) = self.relay.sockets.get_mut(&index) {
                        socket.to_relay.push_back(frame);
                    }
                }
            }
        }
    }

    /// Lets everything happen that does within so many milliseconds.
    pub fn run_for(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds;
        loop {
            while self.step() {}
            let wakes = self.devices.iter().filter_map(|device| device.wake_at);
            match wakes.min() {
                Some(at) if at <= end => {
                    self.now = self.now.max(at);
                    self.ring();
                }
                _ => break,
            }
        }
        self.now = end;
    }

    fn ring(&mut self) {
        for device in &mut self.devices {
            if device.wake_at.take_if(|at| *at <= self.now).is_some() {
                device.tell(Event::Tick);
            }
        }
    }

    /// All devices hold the same, and know it.
    pub fn assert_met(&mut self) {
        let texts = self.devices[0].document.texts();
        for device in &self.devices {
            assert_eq!(device.document.texts(), texts);
            assert!(device.status().at_relay, "{:?}", device.status());
            assert!(!device.status().missing);
            assert_eq!(device.status().waiting, 0);
            assert!(device.disk.saved.outbox.is_empty());
        }
        let heads = self.devices[0].document.heads();
        for device in &mut self.devices {
            assert_eq!(device.document.heads(), heads);
        }
        self.relay.assert_no_fork();
    }

    pub fn has(&self, device: usize, text: &str) -> bool {
        self.devices[device].document.texts().contains(text)
    }
}
