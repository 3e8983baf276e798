//! What the notifications of a session mean.

use std::time::Instant;

use super::super::{
    fellows::Fellows,
    notice::{Assembly, Notice, Said},
};
use crate::bus::{Heard, Members, RelayId};

/// Understands what a session hears.
pub(super) struct Ear {
    me: RelayId,
    fellows: Fellows,
    assembly: Assembly,
}

impl Ear {
    pub(super) fn new(me: RelayId) -> Self {
        Self {
            me,
            fellows: Fellows::new(me, Instant::now()),
            assembly: Assembly::default(),
        }
    }

    /// Whether the session hears at all.
    pub(super) fn hears(&self) -> bool {
        self.fellows.hears(Instant::now())
    }

    /// The relays that have been silent for too long; each is told of once.
    pub(super) fn gone(&mut self) -> Vec<RelayId> {
        let gone = self.fellows.gone(Instant::now());
        for relay in &gone {
            self.assembly.forget(*relay);
        }
        gone
    }

    /// What a relay should hear of a notification.
    pub(super) fn hear(&mut self, payload: &str) -> Option<Heard> {
        let Some(Notice { from, said, .. }) = Notice::decode(payload) else {
            tracing::debug!("passed over a notification that is not understood");
            return None;
        };
        self.fellows.heard(from, Instant::now());
        match said {
            Said::Grown { plan, cursor } => Some(Heard::Grown { plan, cursor }),
            _ if from == self.me => None,
            Said::Beat => None,
            Said::Members { plan, count, ask } => Some(Heard::Members {
                from,
                members: Members { plan, count, ask },
            }),
            Said::Part {
                plan,
                part,
                parts,
                bytes,
            } => self
                .assembly
                .add(from, plan, (part, parts), &bytes)
                .map(|envelope| Heard::Ephemeral { plan, envelope }),
            Said::Leave => {
                self.fellows.left(from);
                self.assembly.forget(from);
                Some(Heard::Gone(from))
            }
        }
    }
}
