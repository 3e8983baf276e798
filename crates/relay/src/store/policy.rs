//! What a store keeps and for how long.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What the store keeps and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How long a chunk is kept at least, also when two snapshots supersede it.
    pub grace: Duration,
    /// The most that one plan may hold, in bytes of envelopes.
    pub plan_bytes: u64,
}

impl Default for Policy {
    /// Thirty days: longer than a holiday, so that whoever comes back meets the
    /// chunks themselves. Two gigabytes: thousands of times a plan's size.
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(30 * 24 * 60 * 60),
            plan_bytes: 2 * 1024 * 1024 * 1024,
        }
    }
}

impl Policy {
    /// What was stored no later than this may go, when snapshots supersede it.
    /// Both are milliseconds since 1970.
    pub(super) fn stored_before(&self, now: i64) -> i64 {
        let grace = i64::try_from(self.grace.as_millis()).unwrap_or(i64::MAX);
        now.saturating_sub(grace)
    }

    /// Whether a plan of so many bytes can take so many more.
    pub(super) fn has_room(&self, held: i64, more: i64) -> bool {
        let limit = i64::try_from(self.plan_bytes).unwrap_or(i64::MAX);
        held.saturating_add(more) <= limit
    }
}

/// Milliseconds since 1970. Only the grace time depends on it: a wrong clock
/// makes the relay keep chunks longer, or not as long as meant.
pub(super) fn unix_millis() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
