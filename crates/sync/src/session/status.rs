//! What a device knows of its plan's synchronisation.

use super::chain::Gap;
use crate::{
    frame::ErrorCode,
    ids::{ChunkHash, DeviceId},
};

/// Where things stand. All of it is what this device can prove or has seen;
/// nothing is taken on the relay's word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// The connection to the relay.
    pub connection: Connection,
    /// Whether all of this device's document is stored at the relay.
    pub at_relay: bool,
    /// Chunks that are sealed but not yet acknowledged.
    pub waiting: usize,
    /// The devices that are known to have all of this device's document.
    pub seen_by: Vec<DeviceId>,
    /// Whether a partner has changes that have not arrived though all the relay
    /// gave has been taken.
    pub missing: bool,
    /// Other sockets in the plan's room now.
    pub peers: u32,
    /// Runs of chunk numbers that never came.
    pub gaps: Vec<(DeviceId, Gap)>,
    /// Devices that have made two different chunks under one number, or whose
    /// chunks don't follow each other, with the latest such number. A copied or
    /// restored disk does this.
    pub forks: Vec<(DeviceId, u64)>,
    /// Received chunks that could not be used.
    pub set_aside: u32,
    /// Chunks that were received once more and passed over.
    pub replays: u32,
    /// Own chunks the relay won't take, or that are too large to send.
    pub refused: Vec<Refused>,
    /// Whether this device found own chunks at the relay that it did not
    /// remember, as after its disk was restored from a copy.
    pub restored: bool,
    /// Whether the last attempt to save failed. Nothing unsaved is sent.
    pub save_failing: bool,
    /// The device that closed the plan, if one did: see
    /// [`Session::closed`](super::Session::closed). Nothing is sent any more.
    pub closed_by: Option<DeviceId>,
    /// Chunks that came after the plan was closed, and were passed over.
    pub late: u32,
}

/// The connection to the relay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not connected; the next attempt comes by itself once the host has said
    /// [`Online`](super::Event::Online).
    #[default]
    Offline,
    /// A socket is being opened or greeted.
    Connecting,
    /// Receiving what is stored.
    CatchingUp,
    /// All that was stored has been received and applied.
    Live,
    /// Given up; trying again would give the same answer.
    Stopped(StopReason),
}

/// Why a session gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StopReason {
    /// The relay speaks no version this device does.
    #[error("the relay speaks another version of the protocol; update Samskriv or the relay")]
    Version,
    /// The relay did not take the proof of the plan's keys.
    #[error("the relay did not accept this plan's keys; join again by a working link")]
    KeysRefused,
}

/// An own chunk that is not going out. What it holds is safe on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Which chunk; none if it was too large to be sealed.
    pub hash: Option<ChunkHash>,
    /// What was wrong with it.
    pub code: ErrorCode,
}
