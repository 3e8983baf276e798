//! Which of a plan's relays is met.
//!
//! One at a time, and all devices the same one: the first of the plan's that
//! answers. So whoever is online is together, and a relay that is gone costs the
//! time of an attempt. Each device has the whole plan, hence whatever one relay
//! has of it comes to the next by those who go there.

use sync::relay_url::RelayUrl;

/// Who meets another relay than the first looks whether that is back after so
/// long, in milliseconds.
const LOOK_AFTER: u64 = 5 * 60_000;

/// The relay that is met now, or was last.
#[derive(Default)]
pub(super) struct Met {
    relay: Option<RelayUrl>,
    /// Since when, on the clock of the session.
    since: u64,
    /// Attempts in a row that came to nothing.
    misses: usize,
}

impl Met {
    /// Chooses whom to meet next, of the plan's relays in their order.
    pub(super) fn next(&mut self, relays: &[RelayUrl], now: u64) -> Option<RelayUrl> {
        let place = self.misses.checked_rem(relays.len())?;
        self.relay = Some(relays[place].clone());
        self.since = now;
        // Until it has answered.
        self.misses += 1;
        self.relay.clone()
    }

    /// It is there, and has sent all it has.
    pub(super) fn has_answered(&mut self) {
        self.misses = 0;
    }

    /// Whether it is time to go to the first again.
    pub(super) fn is_to_leave(&self, relays: &[RelayUrl], now: u64) -> bool {
        let place = relays
            .iter()
            .position(|relay| Some(relay) == self.relay.as_ref());
        match place {
            Some(0) => false,
            Some(_) => now.saturating_sub(self.since) >= LOOK_AFTER,
            // The plan has moved on.
            None => self.relay.is_some() && !relays.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relays<const N: usize>(hosts: [&str; N]) -> [RelayUrl; N] {
        hosts.map(|host| {
            format!("https://{host}.example")
                .parse()
                .expect("an address")
        })
    }

    #[test]
    fn one_that_does_not_answer_is_followed_by_the_next() {
        let all = relays(["first", "second"]);
        let mut met = Met::default();
        assert_eq!(met.next(&[], 0), None);
        assert_eq!(met.next(&all, 0).as_ref(), Some(&all[0]));
        assert_eq!(met.next(&all, 0).as_ref(), Some(&all[1]));
        assert_eq!(met.next(&all, 0).as_ref(), Some(&all[0]));
        met.has_answered();
        assert_eq!(met.next(&all, 0).as_ref(), Some(&all[0]));
    }

    #[test]
    fn the_first_is_looked_for_again_after_a_while() {
        let all = relays(["first", "second"]);
        let mut met = Met::default();
        assert!(!met.is_to_leave(&all, 9 * LOOK_AFTER));
        met.next(&all, 1_000);
        assert!(!met.is_to_leave(&all, 9 * LOOK_AFTER));
        met.next(&all, 2_000);
        met.has_answered();
        assert!(!met.is_to_leave(&all, 1_999 + LOOK_AFTER));
        assert!(met.is_to_leave(&all, 2_000 + LOOK_AFTER));
        assert_eq!(met.next(&all, 3_000).as_ref(), Some(&all[0]));
    }

    #[test]
    fn one_that_the_plan_no_longer_names_is_left_at_once() {
        let mut met = Met::default();
        met.next(&relays(["first"]), 1_000);
        assert!(met.is_to_leave(&relays(["second"]), 1_000));
        assert!(!met.is_to_leave(&[], 1_000));
    }
}
