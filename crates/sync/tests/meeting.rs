//! Devices that write apart and meet at a relay.

#![allow(clippy::unwrap_used)]

mod world;

use sync::{
    envelope::Kind,
    session::{Connection, Event},
};
use world::World;

#[test]
fn six_devices_write_offline_and_meet() {
    for seed in 0..20 {
        let mut world = World::new(seed, 6);
        for round in 0..3 {
            for device in 0..6 {
                world.devices[device].edit(&format!("device {device} writes {round}"));
            }
            world.run_for(1_000);
        }
        assert!(!world.devices[0].status().at_relay);

        world.all_online();
        world.run_for(20_000);
        world.assert_met();
        assert_eq!(world.devices[0].document.texts().len(), 18);
        for device in &world.devices {
            assert_eq!(device.status().connection, Connection::Live);
            assert_eq!(device.status().peers, 5);
            assert_eq!(device.status().seen_by.len(), 5, "seed {seed}");
            assert!(device.status().gaps.is_empty());
        }
    }
}

#[test]
fn weeks_offline_become_one_chunk() {
    let mut world = World::new(1, 1);
    for day in 0..100 {
        world.devices[0].edit(&format!("day {day}"));
        world.run_for(24 * 3600 * 1000);
    }
    world.all_online();
    world.run_for(5_000);
    world.assert_met();
    assert_eq!(world.relay.chunks.len(), 1);
}

#[test]
fn typing_is_gathered_for_a_moment_only() {
    let mut world = World::online(1, 2);
    for letter in ["a", "b", "c", "d"] {
        world.devices[0].edit(letter);
        world.run_for(50);
    }
    assert_eq!(world.relay.chunks.len(), 0);
    world.run_for(100);
    assert_eq!(world.relay.chunks.len(), 1);
    assert!(world.has(1, "d"));
}

#[test]
fn alone_there_is_no_hurry() {
    let mut world = World::online(1, 1);
    world.devices[0].edit("alone");
    world.run_for(1_900);
    assert_eq!(world.relay.chunks.len(), 0);
    world.run_for(200);
    assert_eq!(world.relay.chunks.len(), 1);
}

#[test]
fn a_hidden_page_sends_at_once() {
    let mut world = World::online(1, 1);
    world.devices[0].edit("leaving");
    world.devices[0].tell(Event::Flush);
    world.run_for(0);
    assert_eq!(world.relay.chunks.len(), 1);
}

#[test]
fn what_is_at_the_relay_is_told_from_what_is_not() {
    let mut world = World::online(1, 2);
    world.go_offline(1);
    world.devices[0].edit("new");
    world.run_for(1);
    assert!(!world.devices[0].status().at_relay);
    world.run_for(5_000);
    assert!(world.devices[0].status().at_relay);
    let (zero, one) = (world.devices[0].id(), world.devices[1].id());
    assert_eq!(world.devices[0].status().seen_by, []);

    world.go_online(1);
    world.run_for(5_000);
    assert_eq!(world.devices[0].status().seen_by, [one]);
    assert_eq!(world.devices[1].status().seen_by, [zero]);

    world.devices[0].edit("newer");
    world.run_for(1);
    assert_eq!(world.devices[0].status().seen_by, []);
}

#[test]
fn a_reader_receives_all_and_sends_nothing() {
    let mut world = World::online(1, 1);
    world.devices[0].edit("for all to read");
    let reader = world.add_reader();
    world.go_online(reader);
    world.run_for(5_000);
    assert!(world.has(reader, "for all to read"));
    assert!(world.devices[reader].status().at_relay);

    let before = (world.relay.appends, world.relay.ephemerals);
    world.devices[reader].edit("a reader's own note");
    world.devices[reader].tell(Event::Present(b"here".to_vec()));
    world.devices[reader].tell(Event::Flush);
    world.run_for(60_000);
    assert_eq!((world.relay.appends, world.relay.ephemerals), before);
    assert!(!world.devices[reader].status().at_relay);
}

#[test]
fn presence_reaches_who_is_there() {
    let mut world = World::online(1, 3);
    world.devices[1].tell(Event::Present(b"chapter 2".to_vec()));
    world.run_for(1_000);
    let from = world.devices[1].id();
    for other in [0, 2] {
        let heard = &world.devices[other].presences;
        assert_eq!(heard, &[(from, b"chapter 2".to_vec())]);
    }
    assert!(world.devices[1].presences.is_empty());
}

#[test]
fn authorship_comes_along() {
    let mut world = World::online(1, 2);
    world.devices[0].edit("mine");
    world.run_for(5_000);
    assert_eq!(world.devices[1].vouched, 1);
}

#[test]
fn a_large_document_goes_in_several_chunks() {
    let mut world = World::new(1, 2);
    world.relay.max_frame = 200 * 1024;
    for part in 0..20 {
        world.devices[0].edit(&format!("{part} {}", "x".repeat(50 * 1024)));
    }
    world.all_online();
    world.run_for(20_000);
    world.assert_met();
    assert_eq!(world.devices[1].document.texts().len(), 20);
    assert!(world.relay.chunks.len() >= 10);
}

#[test]
fn a_long_log_gets_a_snapshot_and_newcomers_begin_with_it() {
    let mut world = World::online(1, 2);
    for edit in 0..70 {
        world.devices[edit % 2].edit(&format!("edit {edit}"));
        world.run_for(3_000);
    }
    let snapshots = |world: &World| {
        let kinds = world.relay.kinds();
        kinds.iter().filter(|kind| **kind == Kind::Snapshot).count()
    };
    assert_eq!(snapshots(&world), 1);

    // The relay keeps only what the snapshot does not cover.
    let at = world
        .relay
        .kinds()
        .iter()
        .position(|kind| *kind == Kind::Snapshot);
    world.relay.withheld = (1..=at.unwrap() as u64).collect();
    world.relay.begins_with_snapshot = true;
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(20_000);
    world.assert_met();
    assert_eq!(snapshots(&world), 1);

    // And from then on the newcomer resumes where it is.
    world.drop_socket(newcomer);
    world.devices[0].edit("later");
    world.run_for(20_000);
    world.assert_met();
    assert_eq!(world.devices[newcomer].status().set_aside, 0);
}
