//! What the session waits for, in milliseconds of the host's clock.

/// Edits are gathered this long while others are there to see them.
pub(super) const GATHER_WITH_PEERS: u64 = 250;
/// Edits are gathered this long while no one is.
pub(super) const GATHER_ALONE: u64 = 2_000;
/// Heads are announced at most this often.
pub(super) const ANNOUNCE_EVERY: u64 = 1_000;
/// A socket must be open and greeted within this time.
pub(super) const GREETING: u64 = 30_000;
/// A chunk must be acknowledged within this time.
pub(super) const ACKNOWLEDGE: u64 = 30_000;
/// A relay that can't store now is asked again after this time.
pub(super) const RESEND_AFTER: u64 = 5_000;
/// A save that failed is tried again after this time.
pub(super) const SAVE_AGAIN_AFTER: u64 = 3_000;
/// Heads announced by a partner may run ahead of their chunks by this much
/// before they count as missing.
pub(super) const MISSING_AFTER: u64 = 3_000;

/// When each thing is due, if it is waited for at all.
#[derive(Debug, Default)]
pub(super) struct Timers {
    pub(super) reconnect: Option<u64>,
    pub(super) greeting: Option<u64>,
    pub(super) acknowledge: Option<u64>,
    pub(super) gather: Option<u64>,
    pub(super) announce: Option<u64>,
    pub(super) resend: Option<u64>,
    pub(super) save: Option<u64>,
    pub(super) missing: Option<u64>,
}

impl Timers {
    /// The next thing due.
    pub(super) fn next(&self) -> Option<u64> {
        [
            self.reconnect,
            self.greeting,
            self.acknowledge,
            self.gather,
            self.announce,
            self.resend,
            self.save,
            self.missing,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Stops what only makes sense while there is something to send.
    pub(super) fn stop_sending(&mut self) {
        self.gather = None;
        self.resend = None;
        self.acknowledge = None;
    }

    /// Stops what only makes sense on an open socket.
    pub(super) fn stop_socket(&mut self) {
        *self = Self {
            save: self.save,
            missing: self.missing,
            ..Self::default()
        };
    }
}

/// Whether the time has come; if so, the timer is stopped.
pub(super) fn take_due(timer: &mut Option<u64>, now: u64) -> bool {
    timer.take_if(|due| *due <= now).is_some()
}

/// Sets the timer unless it is running.
pub(super) fn start(timer: &mut Option<u64>, at: u64) {
    timer.get_or_insert(at);
}
