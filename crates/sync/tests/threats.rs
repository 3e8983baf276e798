//! What a relay or a member who wants harm can do beyond single bad chunks, as
//! `docs/threat-model.md` tells it.

#![allow(clippy::unwrap_used)]

use simulation::{World, graph::Graph, plan_keys};
use sync::{
    content::Content,
    envelope::Envelope,
    ids::Cursor,
    keys::DeviceKey,
    seal::{Place, seal_snapshot},
    session::Document as _,
};

/// A snapshot of `held`, made by a member who says that it covers the log up to
/// `covers`.
fn snapshot_of(held: &mut Graph, covers: u64) -> Envelope {
    let content = Content {
        changes: vec![held.snapshot().bytes.into()],
        heads: held.heads(),
        vouches: vec![],
        closing: None,
    };
    let member = DeviceKey::from_bytes(&[66; 32]);
    let place = Place {
        number: 1,
        previous: None,
    };
    let mut entropy = |bytes: &mut [u8]| bytes.fill(7);
    let covers = Cursor(covers);
    seal_snapshot(&plan_keys(), &member, place, covers, &content, &mut entropy).unwrap()
}

/// Devices that have what both the first and the second wrote, and the document
/// as it was before the second did.
fn with_a_document_from_before(devices: usize) -> (World, Graph) {
    let mut world = World::online(1, devices);
    world.edit(1, "first");
    world.run_for(5_000);
    let before = world.devices[1].document().clone();
    world.edit(0, "second");
    world.run_for(5_000);
    world.assert_met();
    (world, before)
}

#[track_caller]
fn a_newcomer_gets_all(world: &mut World) {
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(10_000);
    assert!(world.has(newcomer, "first") && world.has(newcomer, "second"));
}

#[test]
fn what_a_snapshot_drops_is_sent_again_by_who_wrote_it() {
    let (mut world, mut before) = with_a_document_from_before(2);
    world.relays[0].push(snapshot_of(&mut before, 2).to_bytes());
    world.run_for(5_000);
    world.assert_met();
    assert_eq!(world.relays[0].log.len(), 4, "once, and by one device");
    a_newcomer_gets_all(&mut world);
}

#[test]
fn what_a_snapshot_drops_is_sent_again_by_who_was_away() {
    let (mut world, mut before) = with_a_document_from_before(2);
    world.go_offline(0);
    world.go_offline(1);
    world.relays[0].push(snapshot_of(&mut before, 2).to_bytes());
    world.run_for(5_000);
    world.crash(0);
    world.go_online(0);
    world.run_for(5_000);
    a_newcomer_gets_all(&mut world);
}

#[test]
fn what_a_snapshot_drops_of_someone_gone_is_sent_again_by_another_once() {
    let (mut world, mut before) = with_a_document_from_before(5);
    world.go_offline(0);
    // The one who wrote the other part is in the snapshot, and not concerned.
    world.relays[0].push(snapshot_of(&mut before, 2).to_bytes());
    world.run_for(60_000);
    assert_eq!(world.relays[0].log.len(), 4, "once, and by one device");
    a_newcomer_gets_all(&mut world);
}

#[test]
fn what_a_newcomer_was_not_given_is_not_lost_by_the_next_snapshot() {
    let (mut world, mut before) = with_a_document_from_before(2);
    world.go_offline(0);
    world.go_offline(1);
    world.relays[0].push(snapshot_of(&mut before, 2).to_bytes());
    let deceived = world.add_device();
    world.go_online(deceived);
    world.run_for(5_000);
    assert!(!world.has(deceived, "second"));
    // Its own document is all it has to make a snapshot of.
    let mut poor = world.devices[deceived].document().clone();
    world.relays[0].push(snapshot_of(&mut poor, 3).to_bytes());
    world.go_online(0);
    world.run_for(60_000);
    a_newcomer_gets_all(&mut world);
    assert!(world.has(deceived, "second"));
}

#[test]
fn a_snapshot_that_lacks_only_what_came_after_its_place_is_sound() {
    let (mut world, mut before) = with_a_document_from_before(2);
    world.relays[0].push(snapshot_of(&mut before, 1).to_bytes());
    world.run_for(60_000);
    world.assert_met();
    assert_eq!(world.relays[0].log.len(), 3, "nothing was sent again");
    a_newcomer_gets_all(&mut world);
}

#[test]
fn chunks_in_the_wrong_order_end_in_the_same_document() {
    let mut world = World::online(1, 2);
    world.relays[0].withheld.extend([1, 2, 3]);
    for text in ["one", "two", "three"] {
        world.edit(0, text);
        world.run_for(5_000);
    }
    world.relays[0].withheld.clear();
    for cursor in [3, 1, 2] {
        world.relays[0].send_chunk(1, Cursor(cursor));
    }
    world.run_for(10_000);
    world.assert_met();
    assert_eq!(world.devices[1].status().gaps, []);
}

#[test]
fn a_relay_that_shows_two_devices_different_logs_shows_as_missing() {
    let mut world = World::online(1, 3);
    world.relays[0].withheld.insert(1);
    world.edit(0, "shown to one only");
    world.run_for(1_000);
    world.relays[0].send_chunk(1, Cursor(1));
    world.run_for(10_000);
    assert!(!world.devices[1].status().missing);
    assert!(world.devices[2].status().missing);
    // Who has it knows who was not shown it.
    let [shown, not_shown] = [1, 2].map(|device| world.devices[device].id());
    assert_eq!(world.devices[0].status().seen_by, [shown]);
    assert!(!world.devices[1].status().seen_by.contains(&not_shown));
}
