//! What is known of the relay's log, place by place.
//!
//! Who comes anew begins with the latest snapshot, and gets nothing of the log
//! that it says to cover. So a snapshot that lacks something takes it from them.
//! To see that, a device has to know what the log held at the place up to which
//! a snapshot covers it, which may lie a little back.

use std::collections::VecDeque;

use crate::ids::{ChangeHash, Cursor};

/// Places that are kept: more than there are chunks between two snapshots. What
/// was declared longer ago is nearly always built on by what came later.
const MAX_PLACES: usize = 256;

/// Heads that the log held, by the place where they were declared. Kept in
/// memory only: a session begins with what it knows of the log as a whole.
#[derive(Debug, Default)]
pub(super) struct LogHeads(VecDeque<(Cursor, Vec<ChangeHash>)>);

impl LogHeads {
    /// Begins anew: up to this place the log holds these.
    pub(super) fn begin(&mut self, at: Cursor, heads: impl IntoIterator<Item = ChangeHash>) {
        self.0.clear();
        self.note(at, heads);
    }

    /// Notes what the log holds with the chunk at this place.
    pub(super) fn note(&mut self, at: Cursor, heads: impl IntoIterator<Item = ChangeHash>) {
        if self.0.len() == MAX_PLACES {
            self.0.pop_front();
        }
        self.0.push_back((at, heads.into_iter().collect()));
    }

    /// What the log was known to hold up to this place.
    pub(super) fn through(&self, cursor: Cursor) -> Vec<ChangeHash> {
        let places = self.0.iter().filter(|(at, _)| *at <= cursor);
        places.flat_map(|(_, heads)| heads).copied().collect()
    }

    /// A snapshot stands for all up to this place.
    pub(super) fn superseded(&mut self, through: Cursor, heads: &[ChangeHash]) {
        self.0.retain(|(at, _)| *at > through);
        self.0.push_front((through, heads.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: ChangeHash = ChangeHash([1; 32]);
    const TWO: ChangeHash = ChangeHash([2; 32]);
    const ALL: ChangeHash = ChangeHash([3; 32]);

    #[test]
    fn the_log_is_known_up_to_each_place() {
        let mut heads = LogHeads::default();
        heads.begin(Cursor(4), [ONE]);
        heads.note(Cursor(6), [TWO]);
        assert_eq!(heads.through(Cursor(3)), []);
        assert_eq!(heads.through(Cursor(5)), [ONE]);
        assert_eq!(heads.through(Cursor(6)), [ONE, TWO]);
        heads.superseded(Cursor(5), &[ALL]);
        assert_eq!(heads.through(Cursor(6)), [ALL, TWO]);
    }

    #[test]
    fn a_log_without_end_takes_no_memory_without_end() {
        let mut heads = LogHeads::default();
        for cursor in 0..1000 {
            heads.note(Cursor(cursor), [ONE]);
        }
        assert_eq!(heads.0.len(), MAX_PLACES);
    }
}
