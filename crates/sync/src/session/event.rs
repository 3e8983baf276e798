//! What goes into a session and what comes out.

use super::{Save, SaveId, Status};
use crate::{
    closing::Closing,
    envelope::{ChunkError, Kind},
    ids::{ChangeHash, ChunkHash, Cursor, DeviceId},
    vouch::Vouch,
};

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The relay may be within reach: at the start, and whenever the system
    /// says that the network is back. Ends any waiting.
    Online,
    /// The socket asked for by [`Effect::Connect`] is open.
    Connected,
    /// The socket closed, or could not be opened.
    Disconnected,
    /// A binary message came. Other messages count as garbage: hand them in too.
    Frame(Vec<u8>),
    /// The document has new edits of this device, already saved by the host.
    LocalChange,
    /// Send what there is without waiting for more, as when a page is hidden.
    Flush,
    /// Close the plan: all of it is at the relay under new keys. Passed over
    /// unless this device is live and all it has is at this relay too; done once
    /// [`Session::closed`](super::Session::closed) says so.
    Close(Closing),
    /// Tell the others where this device is; dropped when no one is there.
    Present(Vec<u8>),
    /// The save is durable.
    Saved(SaveId),
    /// The save did not happen; the session asks again after a while.
    SaveFailed(SaveId),
    /// What [`Effect::Apply`] brought is in the document, and durably so.
    Applied(ApplyId),
    /// What [`Effect::Apply`] brought is nothing the document can take.
    Rejected(ApplyId),
    /// The time of [`Effect::WakeAt`] has come. Early or extra ticks do no harm.
    Tick,
}

/// Something is to be done, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket to the relay; answer `Connected` or `Disconnected`.
    Connect,
    /// Close the socket; nothing more of it is handed in, and no answer is
    /// waited for.
    Close,
    /// Send a binary message.
    Send(Vec<u8>),
    /// Make durable, all or nothing, then answer `Saved` or `SaveFailed`.
    Save(Save),
    /// Take into the document, make durable, then answer `Applied` or
    /// `Rejected`. Until then the relay is asked for it again at each start.
    Apply(Received),
    /// A chunk can't be used. The rest goes on without it.
    SetAside(SetAside),
    /// Another device says where it is.
    Presence {
        /// Which device.
        from: DeviceId,
        /// What its host gave to `Present`.
        payload: Vec<u8>,
    },
    /// What is known of the plan's synchronisation has changed.
    StatusChanged(Status),
    /// Hand in a `Tick` at this time (milliseconds, on the clock given to
    /// [`Session::handle`](super::Session::handle)); replaces the one before.
    WakeAt(u64),
}

/// Names one request to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApplyId(pub(super) u64);

/// Changes that came from the relay, verified and opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// To be named in the answer.
    pub id: ApplyId,
    /// Its place in the relay's log.
    pub cursor: Cursor,
    /// The device that sent it.
    pub from: DeviceId,
    /// Changes or snapshot; both are merged.
    pub kind: Kind,
    /// Batches as the document's library wrote them.
    pub changes: Vec<Vec<u8>>,
    /// The heads the sender says it leads to; may be empty.
    pub heads: Vec<ChangeHash>,
    /// Who wrote what, as proved by signature. One that does not hold is left
    /// out, so what it spoke for shows as vouched for by no one.
    pub vouches: Vec<Vouch>,
}

/// A chunk that can't be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its place in the relay's log.
    pub cursor: Cursor,
    /// Its name, if that could be read.
    pub hash: Option<ChunkHash>,
    /// Why.
    pub reason: ChunkError,
    /// The bytes, for whoever wants to look into it.
    pub envelope: Vec<u8>,
}
