//! The relays of one plan: which of them a device meets, which it may leave, and
//! what it can say of them together.
//!
//! A [`Session`](crate::session::Session) is one device at one relay. A device
//! that keeps a plan at several has a session for each, over the same document,
//! each with a saved state of its own. They need not know of each other: what a
//! relay lacks is derived from the document, so a device carries over what it
//! had from one to the other by being at both. A host does three things:
//!
//! - After one session has applied something, it gives the others a
//!   [`LocalChange`](crate::session::Event::LocalChange).
//! - It has one session for each *log*, not for each address. A relay may be
//!   reached by two, and two sessions there would number their chunks alike. So
//!   once [`Session::log`](crate::session::Session::log) is another session's,
//!   it ends this one before carrying out what it asked for. A log's id is the
//!   relay's own word: the address by which it was known first goes first, and
//!   only where that fails does this one go on with that one's state.
//! - It keeps to [`to_meet`] and [`to_leave`].
//!
//! How a plan names its relays is up to the document. A name is one member's
//! word, so it is tried and never trusted: at the wrong relay there is nothing,
//! and nothing can be read there.

use crate::{
    ids::DeviceId,
    relay_url::RelayUrl,
    session::{Connection, Status},
};

/// The most relays that are met for one plan. Whoever can write can name relays
/// without end, and each costs every device a connection.
pub const MAX_RELAYS: usize = 8;

/// The relays to meet: those the device has kept, such as the one in its link,
/// then those the plan names, each once. Names that are no addresses are passed
/// over.
pub fn to_meet<'a>(
    kept: impl IntoIterator<Item = &'a RelayUrl>,
    named: impl IntoIterator<Item = impl AsRef<str>>,
) -> Vec<RelayUrl> {
    let mut relays: Vec<RelayUrl> = Vec::new();
    for relay in kept.into_iter().cloned().chain(addresses(named)) {
        if relays.len() < MAX_RELAYS && !relays.contains(&relay) {
            relays.push(relay);
        }
    }
    relays
}

/// Those of the kept relays that the device need not meet any more.
///
/// A device leaves a relay that the plan does not name, as it was taken out or
/// stood in an old link, once all of the document is at one that the plan names.
/// So nothing is ever only at a relay that is being left, and nothing depends on
/// that relay being there. Where the plan names none, none is left.
pub fn to_leave<'a>(
    kept: impl IntoIterator<Item = &'a RelayUrl>,
    named: impl IntoIterator<Item = impl AsRef<str>>,
    together: &Together,
) -> Vec<RelayUrl> {
    let named: Vec<RelayUrl> = addresses(named).collect();
    if !together.at.iter().any(|relay| named.contains(relay)) {
        return Vec::new();
    }
    let kept = kept.into_iter().cloned();
    kept.filter(|relay| !named.contains(relay)).collect()
}

/// The names that are addresses.
pub fn addresses(
    named: impl IntoIterator<Item = impl AsRef<str>>,
) -> impl Iterator<Item = RelayUrl> {
    let named = named.into_iter();
    named.filter_map(|name| RelayUrl::parse(name.as_ref()).ok())
}

/// What the sessions of one device over one document come to. It holds while all
/// of them have been told of the document as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    /// The best of the connections; none is better than any that is stopped.
    pub connection: Connection,
    /// The relays where all of the document is stored.
    pub at: Vec<RelayUrl>,
    /// The relays where some of it is not, as far as this device knows.
    pub lacking: Vec<RelayUrl>,
    /// Chunks that wait for their way to the first relay; none once all of the
    /// document is at one.
    pub waiting: usize,
    /// The devices that are known to have all of the document, by whichever
    /// relay.
    pub seen_by: Vec<DeviceId>,
    /// Whether a partner has changes that have come by no relay.
    pub missing: bool,
    /// Other sockets in the plan's fullest room: whoever is at two relays is in
    /// two rooms.
    pub peers: u32,
    /// Whether any of the sessions could not save.
    pub save_failing: bool,
}

impl Together {
    /// Joins the statuses of sessions at these relays.
    pub fn of<'a>(sessions: impl IntoIterator<Item = (&'a RelayUrl, &'a Status)>) -> Self {
        let mut together = Self::default();
        let mut best: Option<Connection> = None;
        let mut least_waiting: Option<usize> = None;
        for (relay, status) in sessions {
            let best = best.get_or_insert(status.connection);
            if rank(status.connection) > rank(*best) {
                *best = status.connection;
            }
            let place = match status.at_relay {
                true => &mut together.at,
                false => &mut together.lacking,
            };
            place.push(relay.clone());
            let least = least_waiting.get_or_insert(status.waiting);
            *least = status.waiting.min(*least);
            together.seen_by.extend(&status.seen_by);
            together.missing |= status.missing;
            together.peers = together.peers.max(status.peers);
            together.save_failing |= status.save_failing;
        }
        together.connection = best.unwrap_or_default();
        together.seen_by.sort_unstable();
        together.seen_by.dedup();
        if together.at.is_empty() {
            together.waiting = least_waiting.unwrap_or_default();
        }
        together
    }

    /// Whether all of the document is stored at a relay.
    pub fn is_at_one(&self) -> bool {
        !self.at.is_empty()
    }

    /// Whether all of it is stored at every relay.
    pub fn is_at_all(&self) -> bool {
        self.is_at_one() && self.lacking.is_empty()
    }
}

/// Which connection says more. A session that waits to try again may still get
/// through, one that has stopped may not.
fn rank(connection: Connection) -> u8 {
    match connection {
        Connection::Stopped(_) => 0,
        Connection::Offline => 1,
        Connection::Connecting => 2,
        Connection::CatchingUp => 3,
        Connection::Live => 4,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::session::StopReason;

    fn relays<const N: usize>(names: [&str; N]) -> [RelayUrl; N] {
        names.map(|name| format!("https://{name}.example").parse().unwrap())
    }

    fn at(relay: &RelayUrl) -> Together {
        Together {
            at: vec![relay.clone()],
            ..Together::default()
        }
    }

    #[test]
    fn kept_relays_come_first_and_each_is_met_once() {
        let [a, b, c] = relays(["a", "b", "c"]);
        let named = ["https://c.example/", "no address", "HTTPS://a.example"];
        assert_eq!(to_meet([&b, &a], named), [b, a, c]);
    }

    #[test]
    fn no_plan_makes_a_device_meet_relays_without_end() {
        let named = (0..1000).map(|number| format!("https://r{number}.example"));
        assert_eq!(to_meet([], named).len(), MAX_RELAYS);
    }

    #[test]
    fn a_relay_is_left_once_all_is_at_one_that_the_plan_names() {
        let [old, new] = relays(["old", "new"]);
        let kept = [&old, &new];
        let named = [new.as_str()];
        assert_eq!(to_leave(kept, named, &at(&new)), std::slice::from_ref(&old));
        for not_yet in [Together::default(), at(&old)] {
            assert_eq!(to_leave(kept, named, &not_yet), []);
        }
        let none: [&str; 0] = [];
        assert_eq!(to_leave(kept, none, &at(&new)), []);
    }

    #[test]
    fn what_sessions_come_to_is_the_best_that_is_true() {
        let [one, other] = relays(["one", "other"]);
        let [ada, bo] = [DeviceId([1; 32]), DeviceId([2; 32])];
        let live = Status {
            connection: Connection::Live,
            at_relay: true,
            seen_by: vec![bo, ada],
            peers: 2,
            ..Status::default()
        };
        let gone = Status {
            waiting: 3,
            seen_by: vec![ada],
            missing: true,
            ..Status::default()
        };
        let together = Together::of([(&one, &gone), (&other, &live)]);
        assert_eq!(together.connection, Connection::Live);
        assert_eq!(
            (&together.at, &together.lacking),
            (&vec![other], &vec![one.clone()])
        );
        assert_eq!((together.waiting, together.peers), (0, 2));
        assert_eq!(together.seen_by, [ada, bo]);
        assert!(together.missing && together.is_at_one() && !together.is_at_all());

        let alone = Together::of([(&one, &gone)]);
        assert_eq!((alone.waiting, alone.is_at_one()), (3, false));
    }

    #[test]
    fn one_that_has_stopped_does_not_hide_one_that_tries() {
        let [one, other] = relays(["one", "other"]);
        let stopped = Status {
            connection: Connection::Stopped(StopReason::KeysRefused),
            ..Status::default()
        };
        let offline = Status::default();
        let both = Together::of([(&one, &stopped), (&other, &offline)]);
        assert_eq!(both.connection, Connection::Offline);
        let alone = Together::of([(&one, &stopped)]);
        assert_eq!(alone.connection, stopped.connection);
    }
}
