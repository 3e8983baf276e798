//! What relays over one store tell each other.
//!
//! One relay alone needs none of this. Several over one database would each wake
//! only their own sockets, so a store that can be shared gives each of them a
//! [`Bus`]: it hears when any of them has stored a chunk, how many sockets the
//! others have in a plan's room, and the ephemeral messages sent there.
//!
//! Nothing that passes here must arrive: chunks are in the store, and whoever
//! hears [`Heard::Gap`] looks there. Counts are told anew after a gap; ephemeral
//! messages may be lost anyway.

use axum::body::Bytes;
use minicbor::{Decode, Encode};
use sync::ids::{Cursor, PlanId};
use tokio::sync::{mpsc, oneshot};

/// Ephemeral messages that may wait for the way to the other relays; when it
/// holds no more, further ones are dropped.
const EPHEMERALS: usize = 256;

/// Events that may wait for a relay before it is read no further.
const HEARD: usize = 256;

/// Names one run of one relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct RelayId(#[n(0)] pub u64);

/// What one relay tells the others of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Members {
    /// The room's plan.
    pub plan: PlanId,
    /// Sockets that this relay has in it.
    pub count: u32,
    /// Whether the others should tell theirs.
    pub ask: bool,
}

/// What a relay hears of the others, and of itself by way of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A plan's log has grown.
    Grown {
        /// The plan.
        plan: PlanId,
        /// Its newest chunk.
        cursor: Cursor,
    },
    /// Another relay tells how many sockets it has in a room.
    Members {
        /// Which relay.
        from: RelayId,
        /// What it tells.
        members: Members,
    },
    /// A sealed message for the sockets in a room.
    Ephemeral {
        /// The room's plan.
        plan: PlanId,
        /// The message.
        envelope: Bytes,
    },
    /// Another relay has stopped, or has not been heard for too long.
    Gone(RelayId),
    /// Anything may have been missed before this, and what others told of their
    /// rooms no longer holds.
    Gap,
}

/// A relay's end of the bus.
#[derive(Debug)]
pub struct Bus {
    /// The way to the others.
    pub voice: Voice,
    /// What comes from them.
    pub heard: mpsc::Receiver<Heard>,
}

/// The way to the other relays. Speaking never waits.
#[derive(Clone, Debug)]
pub struct Voice {
    // No bound: a count is a few bytes and must not be lost before it is sent;
    // how many there are is bounded by how fast sockets come and go.
    words: mpsc::UnboundedSender<Word>,
    ephemerals: mpsc::Sender<(PlanId, Bytes)>,
}

/// What must be told, in this order.
#[derive(Debug)]
pub(crate) enum Word {
    Members(Members),
    /// This relay stops; the answer comes when the others have been told.
    Leave(oneshot::Sender<()>),
}

/// The store's end of the bus.
pub(crate) struct Carrier {
    pub(crate) words: mpsc::UnboundedReceiver<Word>,
    pub(crate) ephemerals: mpsc::Receiver<(PlanId, Bytes)>,
    pub(crate) heard: mpsc::Sender<Heard>,
}

/// Both ends of a bus.
pub(crate) fn bus() -> (Bus, Carrier) {
    let (word_sender, words) = mpsc::unbounded_channel();
    let (ephemeral_sender, ephemerals) = mpsc::channel(EPHEMERALS);
    let (heard_sender, heard) = mpsc::channel(HEARD);
    let voice = Voice {
        words: word_sender,
        ephemerals: ephemeral_sender,
    };
    let carrier = Carrier {
        words,
        ephemerals,
        heard: heard_sender,
    };
    (Bus { voice, heard }, carrier)
}

impl Voice {
    /// Tells how many sockets are in a room here.
    pub(crate) fn members(&self, members: Members) {
        // An error means that the store has ended, and with it the others' interest.
        let _ = self.words.send(Word::Members(members));
    }

    /// Passes a message on to the room's sockets at other relays, or drops it
    /// when too many wait.
    pub(crate) fn ephemeral(&self, plan: PlanId, envelope: Bytes) {
        let _ = self.ephemerals.try_send((plan, envelope));
    }

    /// Tells the others that this relay's sockets are gone, and waits until that
    /// is said.
    pub(crate) async fn leave(&self) {
        let (done, said) = oneshot::channel();
        if self.words.send(Word::Leave(done)).is_ok() {
            let _ = said.await;
        }
    }
}
