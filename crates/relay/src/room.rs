//! Rooms: one for each plan that somebody is connected to.
//!
//! A room holds no chunks. It says only *that* the log has grown (a [`watch`]
//! value, which can't overflow), and each subscriber reads on from the store at
//! its own pace; so a slow reader costs the others nothing. Ephemeral messages
//! pass through a short queue and are lost to those who fall behind, as they may.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::body::Bytes;
use sync::ids::{Cursor, PlanId};
use tokio::sync::{broadcast, watch};

/// Ephemeral messages a subscriber may lag behind before it loses some.
const EPHEMERAL_QUEUE: usize = 64;

/// All rooms that have somebody in them.
// A `std` mutex and not tokio's, because it is never held across an await.
#[derive(Clone, Default)]
pub(crate) struct Rooms(Arc<Mutex<HashMap<PlanId, Room>>>);

struct Room {
    members: watch::Sender<usize>,
    /// For telling members apart, so that nobody hears their own echo.
    next_member: u64,
    log: watch::Sender<Cursor>,
    ephemerals: broadcast::Sender<Ephemeral>,
}

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
    /// How many are in the room, the listener included.
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
    /// Enters a plan's room, and makes it for the first.
    pub(crate) fn enter(&self, plan: PlanId, most: usize) -> Result<(Member, Listener), Full> {
        let mut rooms = self.lock();
        let room = rooms.entry(plan).or_insert_with(Room::new);
        if *room.members.borrow() >= most {
            return Err(Full);
        }
        room.members.send_modify(|members| *members += 1);
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

    fn lock(&self) -> MutexGuard<'_, HashMap<PlanId, Room>> {
        // No code that holds the lock can leave a room half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn new() -> Self {
        Self {
            members: watch::Sender::new(0),
            next_member: 0,
            log: watch::Sender::new(Cursor::START),
            ephemerals: broadcast::Sender::new(EPHEMERAL_QUEUE),
        }
    }
}

impl Member {
    /// Passes a message on to the others in the room.
    pub(crate) fn send_ephemeral(&self, envelope: Bytes) {
        if let Some(room) = self.rooms.lock().get(&self.plan) {
            // An error means that nobody listens.
            let _ = room.ephemerals.send(Ephemeral {
                from: self.id,
                envelope,
            });
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
            room.members.send_modify(|members| *members -= 1);
            if *room.members.borrow() == 0 {
                rooms.remove(&self.plan);
            }
        }
    }
}
