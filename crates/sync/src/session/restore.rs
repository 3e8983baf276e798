//! Snapshots that lack what the log held, and how it gets back there.
//!
//! A member made it so by mistake (a relay had held something back from their
//! device) or with intent. Every device that has what is lacking stops counting
//! it as being at the relay, and so sends it again. The device that wrote it does
//! so at once, whatever others say to have; the others only once that has had
//! time, so that not all of them send the same.

use super::{Document, Session};
use crate::{
    entropy::random,
    ids::{ChangeHash, Cursor},
};

/// The shortest and the longest time that a device waits for the author's.
const OTHERS_AFTER: std::ops::Range<u64> = 10_000..40_000;

/// What a snapshot has taken from the log and this device is to bring back.
#[derive(Debug, Default)]
pub(super) struct Restoring {
    /// Among it are changes of this device: whatever others say to have at the
    /// relay does not count until these are sealed.
    pub(super) own: bool,
    /// It is for others to bring back first; wait so long for them.
    pub(super) wait: Option<u64>,
}

impl Session {
    /// Whether this device can tell what a snapshot has to have that covers the
    /// log up to here, and could bring it back.
    pub(super) fn judges(&self, covers: Cursor) -> bool {
        self.keys.can_write() && !self.log_heads.through(covers).is_empty()
    }

    /// Compares a snapshot, by the heads that it really has, with what the log
    /// was known to hold where it says to cover it.
    pub(super) fn judge_snapshot(
        &mut self,
        covers: Cursor,
        held: &[ChangeHash],
        document: &mut dyn Document,
    ) {
        let mut known = self.log_heads.through(covers);
        known.retain(|head| document.has(head));
        known.extend(held);
        let beyond_snapshot = document.changes_since(held);
        let beyond_both = document.changes_since(&known);
        if beyond_both.changes.len() == beyond_snapshot.changes.len() {
            self.log_heads.superseded(covers, held);
            return;
        }
        self.state.relay_heads = held.iter().copied().collect();
        self.log_heads.begin(covers, held.iter().copied());
        // What is sealed builds on what is lacking.
        self.discard_outbox();
        self.restoring = if beyond_snapshot.authored.is_empty() {
            let shortest = OTHERS_AFTER.start;
            let [low, high] = random(&mut *self.entropy);
            let drawn = u64::from(u16::from_be_bytes([high, low]));
            let wait = shortest + drawn * (OTHERS_AFTER.end - shortest) / u64::from(u16::MAX);
            Restoring {
                own: false,
                wait: Some(wait),
            }
        } else {
            Restoring {
                own: true,
                wait: None,
            }
        };
        self.timers.gather = None;
    }
}
