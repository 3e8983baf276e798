//! Each relay keeps a log for each plan, and a plan that moves to new keys is
//! another one to it. So a relay is a room for each plan, all at one address; a
//! device talks to the room of the keys that its session has.

use std::collections::BTreeMap;

use sync::{
    closing::Access,
    ids::{DeviceId, PlanId},
    keys::PlanKeys,
    session::Event,
};

use super::{World, plan_keys};
use crate::{device::Went, log::Log, relay::Relay, replica::Replica};

/// Names of logs for plans that moved begin here, after those of the first.
const FIRST_NAME: u8 = 100;

/// A copy of all that a relay keeps, by its rooms.
pub type RelayCopy = BTreeMap<usize, Log>;

/// The rooms of plans other than the first, whose rooms are the addresses
/// themselves.
pub(super) type Rooms = BTreeMap<(usize, PlanId), usize>;

impl<D: Replica> World<D> {
    /// A copy of all that the relay at an address keeps.
    pub fn copy_relay(&self, address: usize) -> RelayCopy {
        let rooms = self.rooms_at(address).into_iter();
        rooms
            .map(|room| (room, self.relays[room].log.clone()))
            .collect()
    }

    /// A relay with an older copy of its own store, or an empty one of another
    /// name.
    pub fn set_back_relay(&mut self, address: usize, copy: Option<RelayCopy>) {
        self.kill_relay();
        let mut copy = copy.unwrap_or_default();
        let rooms = self.rooms_at(address);
        for room in &rooms {
            let relay = &mut self.relays[*room];
            match copy.remove(room) {
                Some(log) => relay.log = log,
                None => {
                    relay.log = Log::default();
                    relay.id.0[1] += 1;
                }
            }
        }
        self.relay_is_up = true;
        self.stores_changed(&rooms);
    }

    fn rooms_at(&self, address: usize) -> Vec<usize> {
        let others = self.rooms.iter().filter(|((at, _), _)| *at == address);
        let others = others.map(|(_, room)| *room);
        std::iter::once(address).chain(others).collect()
    }

    /// The room of a plan at an address, which is made when someone first comes.
    fn room(&mut self, address: usize, keys: &PlanKeys) -> usize {
        let plan = keys.id();
        if plan == plan_keys().id() {
            return address;
        }
        if let Some(room) = self.rooms.get(&(address, plan)) {
            return *room;
        }
        let room = self.relays.len();
        let like = &self.relays[address];
        let mut relay = Relay::new(FIRST_NAME.wrapping_add(room as u8));
        relay.echoes = like.echoes;
        relay.page = like.page;
        relay.grace = like.grace;
        relay.clock_error = like.clock_error;
        self.relays.push(relay);
        self.rooms.insert((address, plan), room);
        if let Some(ledger) = &mut self.ledger {
            ledger.add_room(keys.clone());
        }
        room
    }

    /// Which room a device talks to.
    pub fn room_of(&self, device: usize) -> usize {
        self.places[device].room
    }

    /// The device talks to the room of the keys that its session has.
    pub(super) fn enter_room(&mut self, device: usize) {
        let Some(keys) = self.devices[device].session_keys().cloned() else {
            return;
        };
        let room = self.room(self.places[device].address, &keys);
        if room != self.places[device].room {
            self.leave_socket(device);
            self.places[device].room = room;
            if let Some(ledger) = &mut self.ledger {
                ledger.changes_room(self.devices[device].id());
            }
        }
    }

    /// The device's socket is over, and the relay finds out now or later.
    fn leave_socket(&mut self, device: usize) {
        let relay = &mut self.relays[self.places[device].room];
        match self.chance.one_in(2) {
            true => relay.close(device),
            false => relay.leave_half_open(device),
        }
    }

    /// A device begins to move the plan to new keys.
    pub(crate) fn begin_move(&mut self, device: usize, chosen: Vec<(DeviceId, Access)>) {
        // What the disk refuses has not begun, or shows when it is read again.
        let _ = self.devices[device].begin_move(chosen, &mut self.chance);
    }

    /// A device does its next step about new keys.
    pub(super) fn go_on(&mut self, index: usize) {
        let went = self.devices[index].go_on(self.now, &mut self.chance);
        self.story.tell(self.now, || {
            let what = match &went {
                Went::Nowhere => "comes no further with new keys",
                Went::Refused => "can't keep what it does about new keys",
                Went::Meets => "puts the plan at the relay under new keys",
                Went::Announces => "is about to close the old log",
                Went::Closes(..) => "closes the old log",
                Went::Finishes => "uses its new keys",
                Went::Follows => "follows to new keys",
                Went::IsLeftOut => "can't follow to new keys",
            };
            format!("device {index} {what}")
        });
        if let Some(ledger) = &mut self.ledger {
            ledger.went(&went);
        }
        match went {
            Went::Closes(_, _, wishes) => self.fulfil(index, wishes),
            Went::Nowhere | Went::IsLeftOut => self.note_device(index),
            Went::Meets | Went::Announces | Went::Finishes | Went::Follows | Went::Refused => {
                self.note_device(index);
                self.leave_socket(index);
                self.enter_room(index);
                self.devices[index].tell(Event::Online);
            }
        }
    }
}
