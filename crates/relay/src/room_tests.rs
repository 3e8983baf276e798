#![allow(clippy::unwrap_used)]

use super::*;
use crate::bus::{Carrier, Word, bus};

const PLAN: PlanId = PlanId([1; 32]);
const OTHER: RelayId = RelayId(2);
const THIRD: RelayId = RelayId(3);

/// Rooms whose words to the other relays the test hears.
fn rooms() -> (Rooms, Carrier) {
    let (bus, carrier) = bus();
    (Rooms::new(Some(bus.voice)), carrier)
}

fn members(count: u32, ask: bool) -> Members {
    Members {
        plan: PLAN,
        count,
        ask,
    }
}

/// All that has been told since the last time.
fn told(carrier: &mut Carrier) -> Vec<(u32, bool)> {
    let mut told = Vec::new();
    while let Ok(Word::Members(members)) = carrier.words.try_recv() {
        told.push((members.count, members.ask));
    }
    told
}

#[test]
fn the_first_in_a_room_asks_the_other_relays_and_all_changes_are_told() {
    let (rooms, mut carrier) = rooms();
    let one = rooms.enter(PLAN, 9).unwrap();
    let two = rooms.enter(PLAN, 9).unwrap();
    assert_eq!(told(&mut carrier), [(1, true), (2, false)]);
    drop(two);
    drop(one);
    assert_eq!(told(&mut carrier), [(1, false), (0, false)]);
}

#[test]
fn who_asks_is_answered_and_others_are_not() {
    let (rooms, mut carrier) = rooms();
    rooms.hear_members(OTHER, members(1, true));
    assert_eq!(told(&mut carrier), [], "nobody is here");
    let _one = rooms.enter(PLAN, 9).unwrap();
    told(&mut carrier);
    rooms.hear_members(OTHER, members(1, true));
    rooms.hear_members(OTHER, members(2, false));
    assert_eq!(told(&mut carrier), [(1, false)]);
}

#[test]
fn the_sockets_of_all_relays_are_counted_until_their_relay_is_gone() {
    let (rooms, _carrier) = rooms();
    let (_one, listener) = rooms.enter(PLAN, 9).unwrap();
    let count = || *listener.members.borrow();
    rooms.hear_members(OTHER, members(2, false));
    rooms.hear_members(THIRD, members(3, false));
    assert_eq!(count(), 6);
    rooms.hear_members(OTHER, members(0, false));
    assert_eq!(count(), 4);
    rooms.forget(THIRD);
    assert_eq!(count(), 1);
}

#[test]
fn a_room_is_full_by_its_sockets_here() {
    let (rooms, _carrier) = rooms();
    let _one = rooms.enter(PLAN, 2).unwrap();
    rooms.hear_members(OTHER, members(5, false));
    let _two = rooms.enter(PLAN, 2).unwrap();
    assert!(rooms.enter(PLAN, 2).is_err());
}

#[test]
fn after_a_gap_all_is_asked_anew() {
    let (rooms, mut carrier) = rooms();
    let (_one, listener) = rooms.enter(PLAN, 9).unwrap();
    rooms.hear_members(OTHER, members(2, false));
    told(&mut carrier);
    rooms.ask_anew();
    assert_eq!(*listener.members.borrow(), 1);
    assert_eq!(told(&mut carrier), [(1, true)]);
}

#[tokio::test]
async fn a_message_goes_to_other_relays_only_where_somebody_is_there() {
    let (rooms, mut carrier) = rooms();
    let (one, _listener) = rooms.enter(PLAN, 9).unwrap();
    one.send_ephemeral(Bytes::from_static(b"alone"));
    rooms.hear_members(OTHER, members(1, false));
    one.send_ephemeral(Bytes::from_static(b"together"));
    assert_eq!(carrier.ephemerals.recv().await.unwrap().1, "together");
}

#[tokio::test]
async fn a_message_from_elsewhere_reaches_all_who_are_here() {
    let (rooms, _carrier) = rooms();
    let (_one, mut first) = rooms.enter(PLAN, 9).unwrap();
    let (_two, mut second) = rooms.enter(PLAN, 9).unwrap();
    rooms.hear_ephemeral(PLAN, Bytes::from_static(b"hello"));
    assert_eq!(first.ephemerals.next().await, "hello");
    assert_eq!(second.ephemerals.next().await, "hello");
}
