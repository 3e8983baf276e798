//! Rooms: one for each plan that somebody is connected to.
//!
//! A room holds no chunks. It says only *that* the log has grown (a [`watch`]
//! value, which can't overflow), and each subscriber reads on from the store at
//! its own pace; so a slow reader costs the others nothing. Ephemeral messages
//! pass through a short queue and are lost to those who fall behind, as they may.
//!
//! Where several relays share a store, a plan has a room at each of them. What
//! they tell each other ([`crate::bus`]) makes these into one: a wake-up, a
//! message and the number of sockets go to all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::body::Bytes;
use sync::ids::{Cursor, PlanId};
use tokio::sync::{broadcast, watch};

use crate::bus::{Members, RelayId, Voice};

/// Ephemeral messages a subscriber may lag behind before it loses some.
const EPHEMERAL_QUEUE: usize = 64;

/// All rooms that have somebody in them here.
#[derive(Clone)]
pub(crate) struct Rooms {
    // A `std` mutex and not tokio's, because it is never held across an await.
    rooms: Arc<Mutex<HashMap<PlanId, Room>>>,
    /// The way to the other relays, where there may be some.
    voice: Option<Voice>,
}

struct Room {
    /// Sockets at this relay.
    here: usize,
    /// Sockets at each other relay that has told of any.
    elsewhere: HashMap<RelayId, u32>,
    /// All of them.
    members: watch::Sender<usize>,
    /// For telling members apart, so that nobody hears their own echo.
    next_member: u64,
    log: watch::Sender<Cursor>,
    ephemerals: broadcast::Sender<Ephemeral>,
}

/// No member's number: the sender is at another relay.
const FROM_ELSEWHERE: u64 = 0;

/// A sealed message that is passed on and never stored.
#[derive(Clone)]
struct Ephemeral {
    from: u64,
    envelope: Bytes,
}

/// One socket's place in a room. Dropping it leaves the room.
pub(crate) struct Member {
    rooms: Rooms,
    plan: PlanId,
    id: u64,
}

/// What a member hears.
pub(crate) struct Listener {
    /// How many are in the room at all relays, the listener included.
    pub(crate) members: watch::Receiver<usize>,
    /// The end of the log, as far as this relay has been told.
    pub(crate) log: watch::Receiver<Cursor>,
    pub(crate) ephemerals: Ephemerals,
}

/// The messages of the other members.
pub(crate) struct Ephemerals {
    own_id: u64,
    queue: broadcast::Receiver<Ephemeral>,
}

/// The room has as many sockets as this relay allows.
#[derive(Debug)]
pub(crate) struct Full;

impl Rooms {
    /// No rooms yet. With `voice`, the other relays hear what goes on in them.
    pub(crate) fn new(voice: Option<Voice>) -> Self {
        Self {
            rooms: Arc::default(),
            voice,
        }
    }

    /// Enters a plan's room, and makes it for the first. `most` bounds the
    /// sockets at this relay.
    pub(crate) fn enter(&self, plan: PlanId, most: usize) -> Result<(Member, Listener), Full> {
        let mut rooms = self.lock();
        let is_new = !rooms.contains_key(&plan);
        let room = rooms.entry(plan).or_insert_with(Room::new);
        if room.here >= most {
            return Err(Full);
        }
        room.here += 1;
        room.count();
        self.tell(plan, room.here, is_new);
        room.next_member += 1;
        let id = room.next_member;
        let listener = Listener {
            members: room.members.subscribe(),
            log: room.log.subscribe(),
            ephemerals: Ephemerals {
                own_id: id,
                queue: room.ephemerals.subscribe(),
            },
        };
        Ok((
            Member {
                rooms: self.clone(),
                plan,
                id,
            },
            listener,
        ))
    }

    /// How many rooms there are.
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    /// The plans that somebody here is connected to.
    pub(crate) fn plans(&self) -> Vec<PlanId> {
        self.lock().keys().copied().collect()
    }

    /// Wakes a plan's subscribers: its log has grown to `cursor`.
    pub(crate) fn wake(&self, plan: PlanId, cursor: Cursor) {
        if let Some(room) = self.lock().get(&plan) {
            // Two appends may come here in either order.
            room.log.send_if_modified(|last| {
                let grown = cursor > *last;
                *last = cursor.max(*last);
                grown
            });
        }
    }

    /// Another relay tells how many sockets it has in a room.
    pub(crate) fn hear_members(&self, from: RelayId, members: Members) {
        if let Some(room) = self.lock().get_mut(&members.plan) {
            if members.count == 0 {
                room.elsewhere.remove(&from);
            } else {
                room.elsewhere.insert(from, members.count);
            }
            room.count();
            if members.ask {
                self.tell(members.plan, room.here, false);
            }
        }
    }

    /// Passes a message of another relay's socket on to those that are here.
    pub(crate) fn hear_ephemeral(&self, plan: PlanId, envelope: Bytes) {
        if let Some(room) = self.lock().get(&plan) {
            room.pass_on(FROM_ELSEWHERE, envelope);
        }
    }

    /// Another relay's sockets are gone.
    pub(crate) fn forget(&self, relay: RelayId) {
        for room in self.lock().values_mut() {
            room.elsewhere.remove(&relay);
            room.count();
        }
    }

    /// What is known of the other relays no longer holds: they are asked anew.
    pub(crate) fn ask_anew(&self) {
        for (plan, room) in self.lock().iter_mut() {
            room.elsewhere.clear();
            room.count();
            self.tell(*plan, room.here, true);
        }
    }

    /// Tells the other relays how many are in a room here. Only to be called with
    /// the lock held, so that they hear the counts in the order they had.
    fn tell(&self, plan: PlanId, here: usize, ask: bool) {
        if let Some(voice) = &self.voice {
            let count = u32::try_from(here).unwrap_or(u32::MAX);
            voice.members(Members { plan, count, ask });
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PlanId, Room>> {
        // No code that holds the lock can leave a room half changed.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn new() -> Self {
        Self {
            here: 0,
            elsewhere: HashMap::new(),
            members: watch::Sender::new(0),
            next_member: 0,
            log: watch::Sender::new(Cursor::START),
            ephemerals: broadcast::Sender::new(EPHEMERAL_QUEUE),
        }
    }

    /// Tells the listeners how many there are, if that has changed.
    fn count(&mut self) {
        let elsewhere: u64 = self.elsewhere.values().map(|count| u64::from(*count)).sum();
        let all = self.here + usize::try_from(elsewhere).unwrap_or(0);
        self.members
            .send_if_modified(|members| std::mem::replace(members, all) != all);
    }

    fn pass_on(&self, from: u64, envelope: Bytes) {
        // An error means that nobody listens.
        let _ = self.ephemerals.send(Ephemeral { from, envelope });
    }
}

impl Member {
    /// Passes a message on to the others in the room.
    pub(crate) fn send_ephemeral(&self, envelope: Bytes) {
        if let Some(room) = self.rooms.lock().get(&self.plan) {
            if let Some(voice) = &self.rooms.voice
                && !room.elsewhere.is_empty()
            {
                voice.ephemeral(self.plan, envelope.clone());
            }
            room.pass_on(self.id, envelope);
        }
    }
}

impl Ephemerals {
    /// The next message of another member. Never ends while the room stands,
    /// and the room stands as long as its members.
    pub(crate) async fn next(&mut self) -> Bytes {
        loop {
            match self.queue.recv().await {
                Ok(message) if message.from != self.own_id => return message.envelope,
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut rooms = self.rooms.lock();
        if let Some(room) = rooms.get_mut(&self.plan) {
            room.here -= 1;
            room.count();
            let here = room.here;
            self.rooms.tell(self.plan, here, false);
            if here == 0 {
                rooms.remove(&self.plan);
            }
        }
    }
}

#[cfg(test)]
#[path = "room_tests.rs"]
mod tests;
