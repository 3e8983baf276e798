//! What a store counts of its commits.

use std::time::Instant;

use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

/// How long commits take and how many chunks share one. Clones count together.
#[derive(Clone, Debug)]
pub struct CommitMetrics {
    /// From the first statement to the answer, in seconds; also of those that failed.
    pub seconds: Histogram,
    /// Appends that were in one commit.
    pub chunks: Histogram,
}

impl Default for CommitMetrics {
    /// Half a millisecond, what a fast disk needs, to 16 seconds; 1 to 256
    /// chunks, which is what the queue holds.
    fn default() -> Self {
        Self {
            seconds: Histogram::new(exponential_buckets(0.000_5, 2.0, 16)),
            chunks: Histogram::new(exponential_buckets(1.0, 2.0, 9)),
        }
    }
}

impl CommitMetrics {
    /// A commit of so many chunks begins.
    pub(super) fn begin(&self, chunks: usize) -> Instant {
        self.chunks
            .observe(u32::try_from(chunks).map_or(f64::INFINITY, f64::from));
        Instant::now()
    }

    /// The commit that began then has ended.
    pub(super) fn end(&self, begun: Instant) {
        self.seconds.observe(begun.elapsed().as_secs_f64());
    }
}
