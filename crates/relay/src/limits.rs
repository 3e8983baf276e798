//! How much one socket, room and address may ask of the relay.

use std::time::Duration;

/// Bounds on what strangers can make the relay hold or do.
///
/// The defaults are far above what writing a plan takes, and keep one machine
/// standing when somebody tries more.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest WebSocket message taken, in bytes. A larger one is refused
    /// from its header (close code 1009), before any of it is read.
    pub frame_bytes: usize,
    /// Sockets in one plan's room, at this relay.
    pub room_sockets: usize,
    /// Sockets from one address, or from one IPv6 network of 64 bits. Generous,
    /// because a whole town hall may share one. A reverse proxy has to be named in
    /// [`Proxies`](crate::Proxies): otherwise all sockets have its address.
    pub address_sockets: usize,
    /// Sockets altogether.
    pub sockets: usize,
    /// Frames that can't be read or don't belong, until the socket is closed.
    /// The first is answered with an error frame only: it may be an accident.
    pub bad_frames: u32,
    /// The largest ephemeral message, in bytes. Small, because each room keeps a
    /// short queue of them in memory.
    pub ephemeral_bytes: usize,
    /// Ephemeral messages a socket may send in any one second. The rest are
    /// dropped, as ephemeral messages may be.
    pub ephemerals_per_second: u32,
    /// From the opening of the socket until the device is subscribed.
    pub handshake: Duration,
    /// Between pings to a silent socket; three unanswered ones end it.
    pub ping: Duration,
    /// How long one message may take to leave for a slow reader, beside the time
    /// that [`slowest`](Self::slowest) allows for its size. Then the socket is
    /// cut, and the device resumes from its cursor.
    pub send: Duration,
    /// The slowest line a device may read over, in bytes per second.
    pub slowest: u32,
    /// How long a clean stop waits for sockets to end.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes: sync::frame::MAX_FRAME,
            room_sockets: 1_000,
            address_sockets: 1_000,
            sockets: 10_000,
            bad_frames: 2,
            ephemeral_bytes: 64 * 1024,
            ephemerals_per_second: 50,
            handshake: Duration::from_secs(10),
            ping: Duration::from_secs(30),
            send: Duration::from_secs(30),
            slowest: 8 * 1024,
            drain: Duration::from_secs(10),
        }
    }
}
