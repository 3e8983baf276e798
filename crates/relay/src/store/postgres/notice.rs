//! What passes the database's notifications, and how it is written there.
//!
//! A payload is text of fewer than 8,000 bytes (PostgreSQL's documentation of
//! NOTIFY), so a notice is CBOR in base64, and an ephemeral message that is
//! larger travels in parts. Chunks never travel: only word that there are some.

use std::collections::HashMap;

use axum::body::Bytes;
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use minicbor::{Decode, Encode, bytes::ByteVec};
use sync::ids::{Cursor, LogId, PlanId};

use crate::bus::RelayId;

/// Sends all of the payloads `$2` on the channel `$1`, in their order.
pub(super) const NOTIFY: &str = "SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload";

/// How many bytes of a message fit in one notice: 7,999 bytes of text are 5,999
/// bytes, of which the rest of the notice takes less than 100.
const PART_BYTES: usize = 5_800;

/// A message in more parts than this is none of ours: 1.4 MB, where a relay
/// takes 64 KiB.
const MOST_PARTS: u32 = 256;

/// One store's channel: it has the log's name in it, so that relays over two
/// stores in one database don't hear each other.
pub(super) fn channel(log_id: LogId) -> String {
    format!("samskriv_{log_id}")
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Notice {
    /// Which relay says it.
    #[n(0)]
    pub(super) from: RelayId,
    /// Tells notices of one relay apart: of two payloads that are the same in
    /// one transaction, PostgreSQL delivers one.
    #[n(1)]
    number: u64,
    #[n(2)]
    pub(super) said: Said,
}

/// What can be said.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) enum Said {
    /// A plan's log has grown. Said by the commit itself.
    #[n(0)]
    Grown {
        #[n(0)]
        plan: PlanId,
        #[n(1)]
        cursor: Cursor,
    },
    /// The relay is there. Said every few seconds.
    #[n(1)]
    Beat,
    /// How many sockets the relay has in a room.
    #[n(2)]
    Members {
        #[n(0)]
        plan: PlanId,
        #[n(1)]
        count: u32,
        #[n(2)]
        ask: bool,
    },
    /// A part of an ephemeral message. The parts of one follow each other.
    #[n(3)]
    Part {
        #[n(0)]
        plan: PlanId,
        /// Which part, from 0.
        #[n(1)]
        part: u32,
        /// Of how many.
        #[n(2)]
        parts: u32,
        #[n(3)]
        bytes: ByteVec,
    },
    /// The relay stops.
    #[n(4)]
    Leave,
}

impl Notice {
    pub(super) fn new(from: RelayId, number: u64, said: Said) -> Self {
        Self { from, number, said }
    }

    pub(super) fn encode(&self) -> String {
        let bytes = minicbor::to_vec(self).expect("writing to memory does not fail");
        STANDARD_NO_PAD.encode(bytes)
    }

    /// `None` for what is no notice, or one of a kind that only newer relays know.
    pub(super) fn decode(payload: &str) -> Option<Self> {
        let bytes = STANDARD_NO_PAD.decode(payload).ok()?;
        minicbor::decode(&bytes).ok()
    }
}

/// An ephemeral message in as many parts as it takes.
pub(super) fn parts(plan: PlanId, envelope: &[u8]) -> impl Iterator<Item = Said> {
    let parts = envelope.chunks(PART_BYTES);
    let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    (0..).zip(parts).map(move |(part, bytes)| Said::Part {
        plan,
        part,
        parts: count,
        bytes: bytes.to_vec().into(),
    })
}

/// Puts the parts of messages together again, one message of each relay at a
/// time. A message that lacks a part is dropped, as ephemeral messages may be.
#[derive(Default)]
pub(super) struct Assembly(HashMap<RelayId, Begun>);

struct Begun {
    plan: PlanId,
    next: u32,
    bytes: Vec<u8>,
}

impl Assembly {
    /// Takes the next part; the message, when it is whole.
    pub(super) fn add(
        &mut self,
        from: RelayId,
        plan: PlanId,
        (part, parts): (u32, u32),
        bytes: &[u8],
    ) -> Option<Bytes> {
        if part == 0 {
            let begun = Begun {
                plan,
                next: 0,
                bytes: Vec::new(),
            };
            self.0.insert(from, begun);
        }
        let begun = self.0.get_mut(&from)?;
        if begun.plan != plan || begun.next != part || parts > MOST_PARTS {
            self.0.remove(&from);
            return None;
        }
        begun.bytes.extend_from_slice(bytes);
        begun.next += 1;
        if begun.next < parts {
            return None;
        }
        self.0.remove(&from).map(|begun| begun.bytes.into())
    }

    /// The relay is gone, and with it the rest of what it had begun.
    pub(super) fn forget(&mut self, from: RelayId) {
        self.0.remove(&from);
    }
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
