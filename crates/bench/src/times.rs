//! Many durations, told by their percentiles.

use std::{fmt, time::Duration};

/// Durations in rising order.
pub struct Times(Vec<Duration>);

impl Times {
    /// At least one duration.
    pub fn new(mut times: Vec<Duration>) -> Self {
        assert!(!times.is_empty(), "nothing was timed");
        times.sort_unstable();
        Self(times)
    }

    /// The duration that so many of a hundred do not exceed, in milliseconds.
    pub fn percentile_ms(&self, hundredths: usize) -> f64 {
        self.0[(self.0.len() - 1) * hundredths / 100].as_secs_f64() * 1000.0
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |hundredths| self.percentile_ms(hundredths);
        write!(
            f,
            "{:.1} ms in the middle, {:.1} at the 95th percentile, {:.1} at the 99th, {:.1} at most",
            at(50),
            at(95),
            at(99),
            at(100)
        )
    }
}
