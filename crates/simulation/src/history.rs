//! One random history: devices that write, and all that can go wrong meanwhile.
//! In the end everything may talk, and everything must be there.

mod act;
mod ending;
mod moving;
mod tally;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use act::{Act, TROUBLES};
use sync::{frame::ErrorCode, ids::PlanId};
pub use tally::Tally;

use crate::{
    chance::Chance,
    device::Host,
    disk::{Contents, Mood},
    relay::Relay,
    replica::Replica,
    story::Story,
    world::{Network, RelayCopy, World},
};

/// Devices that move the plan to new keys.
const MOST_MOVERS: usize = 3;

/// More devices than this are not needed to show what two or three do.
const MOST_DEVICES: usize = 5;

/// Plays the history of a seed.
///
/// # Panics
/// When a promise is broken. The same seed then always breaks it in the same
/// way.
pub fn play<D: Replica>(seed: u64, story: Story) -> Tally {
    let mut history = History::<D>::begin(seed, story);
    history.go_on();
    history.heal();
    history.check();
    history.tally
}

struct History<D> {
    world: World<D>,
    acts: Vec<Act>,
    length: usize,
    written: usize,
    disk_copies: BTreeMap<usize, Contents>,
    relay_copies: BTreeMap<usize, RelayCopy>,
    /// How many relays there are.
    addresses: usize,
    /// The devices that have begun to move the plan to new keys.
    movers: BTreeSet<usize>,
    /// In the end, one for each plan: who has only what the relay holds.
    newcomers: BTreeMap<PlanId, usize>,
    /// Whether nothing was destroyed or moved for which numbers may be missing.
    is_plain: bool,
    tally: Tally,
}

impl<D: Replica> History<D> {
    fn begin(seed: u64, story: Story) -> Self {
        let mut world = World::<D>::new(seed, 0);
        world.story = story;
        let chance = &mut world.chance;
        let troubles = TROUBLES.iter().filter(|_| chance.one_in(3));
        let troubles: Vec<Act> = troubles.flat_map(|acts| acts.iter().copied()).collect();
        let writes = 4 + troubles.len();
        let acts = [vec![Act::Write; writes], vec![Act::Wait; 2], troubles].concat();
        let length = 40 + [60, 120, 400][chance.below(3)];
        let network = Network {
            latency: [0, 0, 50, 2_000][chance.below(4)],
            duplicates: [0, 0, 0, 30][chance.below(4)],
        };
        let relays = if acts.contains(&Act::Move) { 2 } else { 1 };
        world.relays = (0..relays).map(|name| relay(name, chance)).collect();
        world.network = network;
        world.watch();
        let mut history = Self {
            world,
            acts,
            length,
            written: 0,
            disk_copies: BTreeMap::new(),
            relay_copies: BTreeMap::new(),
            addresses: relays,
            movers: BTreeSet::new(),
            newcomers: BTreeMap::new(),
            is_plain: relays == 1,
            tally: Tally::default(),
        };
        for _ in 0..2 + history.world.chance.below(2) {
            history.join(false);
        }
        if history.world.chance.one_in(4) {
            history.join(true);
        }
        if history.world.chance.one_in(8) {
            history.world.make_old(0);
            history.is_plain = false;
            history.tally.add("an old version", 1);
        }
        history
    }

    fn go_on(&mut self) {
        for _ in 0..self.length {
            if self.world.chance.one_in(6) {
                let act = self.acts[self.world.chance.below(self.acts.len())];
                self.act(act);
            } else if self.world.step() {
                let moment = self.world.chance.time_below(10);
                self.world.pass(moment);
            } else {
                let moment = self.world.chance.time_below(500);
                self.world.run_for(moment);
            }
        }
    }

    fn act(&mut self, act: Act) {
        let world = &mut self.world;
        let device = world.chance.below(world.devices.len());
        let relay = world.chance.below(self.addresses);
        let tabs = world.devices[device].tabs.len();
        let is_possible = match act {
            Act::Write => tabs > 0 && world.devices[device].keys_in_use().can_write(),
            Act::OpenTab => tabs < 2 && world.devices[device].host != Host::CommandLine,
            Act::CloseTab | Act::Kill | Act::CutPower => tabs > 0,
            Act::RestoreDisk => self.disk_copies.contains_key(&device),
            Act::SetBackRelay => self.relay_copies.contains_key(&relay),
            Act::Join => world.devices.len() < MOST_DEVICES,
            Act::ChangeKeys => self.movers.len() < MOST_MOVERS,
            _ => true,
        };
        if !is_possible {
            return;
        }
        if act != Act::Write && act != Act::Wait {
            world.story.tell(world.now, || {
                format!("{act:?} (device {device}, relay {relay})")
            });
        }
        let was_moving = world.devices[device].is_moving();
        self.happens(act, device, relay);
        if was_moving && act.is_a_stop() {
            self.tally.add("a move interrupted", 1);
        }
    }

    fn happens(&mut self, act: Act, device: usize, relay: usize) {
        let world = &mut self.world;
        match act {
            Act::Write => self.write(device),
            Act::Wait => {
                let most = [1_000, 5_000, 60_000][world.chance.below(3)];
                let while_ = world.chance.time_below(most);
                world.run_for(while_);
            }
            Act::OpenTab => {
                world.open_tab(device);
                self.tally.add("a second page", 1);
            }
            Act::CloseTab => {
                let tab = world.chance.below(world.devices[device].tabs.len());
                world.close_tab(device, tab);
                self.tally.add("a page closed", 1);
                self.open_again(device);
            }
            Act::Kill => {
                world.kill(device);
                self.tally.add("a device killed", 1);
                self.open_again(device);
            }
            Act::CutPower => {
                world.cut_power(device);
                self.tally.add("a device without power", 1);
                self.open_again(device);
            }
            Act::CopyDisk => {
                let copy = world.devices[device].disk.copy();
                self.disk_copies.insert(device, copy);
            }
            Act::RestoreDisk => {
                let copy = self.disk_copies[&device].clone();
                world.restore(device, copy);
                self.is_plain = false;
                self.tally.add("a disk restored", 1);
                self.open_again(device);
            }
            Act::DiskFull => self.mood(device, Mood::Full, "a disk full"),
            Act::DiskFails => self.mood(device, Mood::Failing, "a disk failing"),
            Act::DiskWell => self.mood(device, Mood::Well, "a disk well again"),
            Act::Offline => world.go_offline(device),
            Act::Online => world.go_online(device),
            Act::StayAway => {
                world.go_offline(device);
                let while_ = 600_000 + world.chance.time_below(3_000_000);
                world.run_for(while_);
                self.tally.add("a device long away", 1);
            }
            Act::Break => world.drop_socket(device),
            Act::BreakHalfOpen => {
                world.drop_socket_half_open(device);
                self.tally.add("a connection half open", 1);
            }
            Act::RelayDies => {
                world.kill_relay();
                world.relay_is_up = world.chance.one_in(2);
                self.tally.add("a relay killed", 1);
            }
            Act::RelayComesBack => world.relay_is_up = true,
            Act::RelayRefuses => {
                let codes = [ErrorCode::Unavailable, ErrorCode::Limited];
                let room = world.room_of(device);
                world.relays[room].fail_next = Some(codes[world.chance.below(2)]);
                self.tally.add("a relay that can't store", 1);
            }
            Act::CopyRelay => {
                let copy = world.copy_relay(relay);
                self.relay_copies.insert(relay, copy);
            }
            Act::SetBackRelay => {
                let copy = self.relay_copies[&relay].clone();
                world.set_back_relay(relay, Some(copy));
                self.is_plain = false;
                self.tally.add("a relay set back", 1);
            }
            Act::ReplaceRelay => {
                world.set_back_relay(relay, None);
                self.relay_copies.remove(&relay);
                self.is_plain = false;
                self.tally.add("a relay replaced", 1);
            }
            Act::Move => {
                world.move_to_relay(device, relay);
                self.is_plain = false;
                self.tally.add("a move to another relay", 1);
            }
            Act::ClockJumps => {
                world.devices[device].clock_error = jump(&mut world.chance);
                self.tally.add("a clock jumps", 1);
            }
            Act::RelayClockJumps => world.relays[relay].clock_error = jump(&mut world.chance),
            Act::Freeze => {
                let while_ = world.chance.time_below(30_000);
                world.devices[device].idle_until = world.now + while_;
                self.tally.add("a device frozen", 1);
            }
            Act::Join => self.join(false),
            Act::ChangeKeys => self.change_keys(),
        }
    }

    fn write(&mut self, device: usize) {
        let world = &mut self.world;
        let tab = world.chance.below(world.devices[device].tabs.len());
        self.written += 1;
        let words = format!("e{} ", self.written);
        world.story.tell(world.now, || {
            format!("device {device} writes {words}on page {tab}")
        });
        world.devices[device].write(tab, &words, world.now, &mut world.chance);
    }

    fn mood(&mut self, device: usize, mood: Mood, what: &'static str) {
        self.world.devices[device].disk.mood = mood;
        self.tally.add(what, 1);
    }

    /// Whoever uses the device opens the plan again, at once or later.
    fn open_again(&mut self, device: usize) {
        let world = &mut self.world;
        if !world.devices[device].tabs.is_empty() {
            return;
        }
        if world.chance.one_in(4) {
            let while_ = world.chance.time_below(60_000);
            world.run_for(while_);
        }
        world.open_tab(device);
    }

    fn join(&mut self, as_reader: bool) {
        let keys = self.link();
        let world = &mut self.world;
        let number = match as_reader {
            true => world.add(keys.to_read_only()),
            false => world.add(keys),
        };
        let hosts = [Host::Scattered, Host::App, Host::App, Host::CommandLine];
        let device = &mut world.devices[number];
        device.follows = true;
        device.host = hosts[world.chance.below(hosts.len())];
        device.compact_above = 1 + world.chance.below(12);
        device.snapshot_after = Some(2 + world.chance.below(8) as u32);
        world.crash(number);
        if !world.chance.one_in(4) {
            world.go_online(number);
        }
        self.tally.add("devices", 1);
    }
}

/// A relay as any may be.
fn relay(name: usize, chance: &mut Chance) -> Relay {
    let mut relay = Relay::new(10 * (name as u8 + 1));
    relay.echoes = chance.one_in(2);
    relay.page = [usize::MAX, 1, 3][chance.below(3)];
    relay.grace = [0, 10_000, 600_000][chance.below(3)];
    relay
}

/// Seconds or milliseconds by which a wall clock is wrong from now on.
fn jump(chance: &mut Chance) -> i64 {
    chance.time_below(1_000_000_000).cast_signed() - 500_000_000
}
