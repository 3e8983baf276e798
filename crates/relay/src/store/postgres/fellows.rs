//! Which other relays are there, by when each was last heard.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use crate::bus::RelayId;

/// How often a relay says that it is there.
pub(super) const BEAT: Duration = Duration::from_secs(5);

/// After how long a silence a relay is taken for gone: three beats.
pub(super) const SILENCE: Duration = BEAT.saturating_mul(3);

/// When each relay was last heard; this one too, whose own beats come back to it
/// as long as its session hears anything.
pub(super) struct Fellows {
    me: RelayId,
    heard: HashMap<RelayId, Instant>,
}

impl Fellows {
    /// Nobody but this relay has been heard yet.
    pub(super) fn new(me: RelayId, now: Instant) -> Self {
        Self {
            me,
            heard: HashMap::from([(me, now)]),
        }
    }

    pub(super) fn heard(&mut self, from: RelayId, now: Instant) {
        self.heard.insert(from, now);
    }

    /// A relay has said that it stops.
    pub(super) fn left(&mut self, from: RelayId) {
        self.heard.remove(&from);
    }

    /// Whether this relay hears itself.
    pub(super) fn hears(&self, now: Instant) -> bool {
        self.heard
            .get(&self.me)
            .is_some_and(|heard| now - *heard < SILENCE)
    }

    /// The others that have been silent for too long; each is told of once.
    pub(super) fn gone(&mut self, now: Instant) -> Vec<RelayId> {
        let me = self.me;
        self.heard
            .extract_if(|from, heard| *from != me && now - *heard >= SILENCE)
            .map(|(from, _)| from)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: RelayId = RelayId(1);
    const OTHER: RelayId = RelayId(2);

    #[test]
    fn who_is_silent_for_three_beats_is_gone_once() {
        let start = Instant::now();
        let mut fellows = Fellows::new(ME, start);
        fellows.heard(OTHER, start + BEAT);
        assert_eq!(fellows.gone(start + SILENCE), []);
        assert_eq!(fellows.gone(start + BEAT + SILENCE), [OTHER]);
        assert_eq!(fellows.gone(start + BEAT + SILENCE), []);
    }

    #[test]
    fn who_has_left_is_not_gone_once_more() {
        let start = Instant::now();
        let mut fellows = Fellows::new(ME, start);
        fellows.heard(OTHER, start);
        fellows.left(OTHER);
        assert_eq!(fellows.gone(start + SILENCE), []);
    }

    #[test]
    fn a_relay_that_does_not_hear_itself_hears_nobody() {
        let start = Instant::now();
        let mut fellows = Fellows::new(ME, start);
        fellows.heard(OTHER, start + SILENCE);
        assert!(fellows.hears(start + SILENCE - BEAT));
        assert!(!fellows.hears(start + SILENCE));
        fellows.heard(ME, start + SILENCE);
        assert!(fellows.hears(start + SILENCE));
    }
}
