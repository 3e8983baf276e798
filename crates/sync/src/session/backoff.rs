//! Waiting before the next attempt: longer each time, and not all at once.

use crate::entropy::{self, Entropy};

const FIRST: u64 = 1_000;
const LONGEST: u64 = 60_000;

/// How many attempts have failed.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failed: u32,
}

impl Backoff {
    pub(super) fn reset(&mut self) {
        self.failed = 0;
    }

    /// The relay asked for patience: the next wait is no short one.
    pub(super) fn be_patient(&mut self) {
        self.failed = self.failed.max(5);
    }

    /// Milliseconds to wait: from half to the whole of a time that doubles from
    /// 1 s to 60 s. The jitter spreads the devices of a relay that came back.
    pub(super) fn next(&mut self, entropy: &mut (impl Entropy + ?Sized)) -> u64 {
        let whole = FIRST.saturating_mul(1 << self.failed.min(16)).min(LONGEST);
        self.failed = self.failed.saturating_add(1);
        let jitter = u64::from(u32::from_be_bytes(entropy::random(entropy)));
        whole / 2 + jitter * (whole / 2) / u64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute_and_begin_again() {
        let mut longest = |bytes: &mut [u8]| bytes.fill(0xFF);
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..8).map(|_| backoff.next(&mut longest)).collect();
        assert_eq!(
            waits,
            [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]
        );
        backoff.reset();
        let mut shortest = |bytes: &mut [u8]| bytes.fill(0);
        assert_eq!(backoff.next(&mut shortest), 500);
    }
}
