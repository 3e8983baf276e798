//! Devices that write apart and meet at a relay.

#![allow(clippy::unwrap_used)]

use simulation::{World, graph::Graph};
use sync::{
    envelope::Kind,
    session::{Connection, Event},
};

#[test]
fn six_devices_write_offline_and_meet() {
    for seed in 0..20 {
        let mut world = World::new(seed, 6);
        for round in 0..3 {
            for device in 0..6 {
                world.edit(device, &format!("device {device} writes {round}"));
            }
            world.run_for(1_000);
        }
        assert!(!world.devices[0].status().at_relay);

        world.all_online();
        world.run_for(20_000);
        world.assert_met();
        assert_eq!(world.devices[0].document().texts().len(), 18);
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
        world.edit(0, &format!("day {day}"));
        world.run_for(24 * 3600 * 1000);
    }
    world.all_online();
    world.run_for(5_000);
    world.assert_met();
    assert_eq!(world.relays[0].log.len(), 1);
}

#[test]
fn typing_is_gathered_for_a_moment_only() {
    let mut world = World::online(1, 2);
    for letter in ["a", "b", "c", "d"] {
        world.edit(0, letter);
        world.run_for(50);
    }
    assert_eq!(world.relays[0].log.len(), 0);
    world.run_for(100);
    assert_eq!(world.relays[0].log.len(), 1);
    assert!(world.has(1, "d"));
}

#[test]
fn alone_there_is_no_hurry() {
    let mut world = World::online(1, 1);
    world.edit(0, "alone");
    world.run_for(1_900);
    assert_eq!(world.relays[0].log.len(), 0);
    world.run_for(200);
    assert_eq!(world.relays[0].log.len(), 1);
}

#[test]
fn a_hidden_page_sends_at_once() {
    let mut world = World::online(1, 1);
    world.edit(0, "leaving");
    world.devices[0].tell(Event::Flush);
    world.run_for(0);
    assert_eq!(world.relays[0].log.len(), 1);
}

#[test]
fn what_is_at_the_relay_is_told_from_what_is_not() {
    let mut world = World::online(1, 2);
    world.go_offline(1);
    world.edit(0, "new");
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

    world.edit(0, "newer");
    world.run_for(1);
    assert_eq!(world.devices[0].status().seen_by, []);
}

#[test]
fn a_reader_receives_all_and_sends_nothing() {
    let mut world = World::online(1, 1);
    world.edit(0, "for all to read");
    let reader = world.add_reader();
    world.go_online(reader);
    world.run_for(5_000);
    assert!(world.has(reader, "for all to read"));
    assert!(world.devices[reader].status().at_relay);

    let before = (world.relays[0].appends, world.relays[0].ephemerals);
    world.edit(reader, "a reader's own note");
    world.devices[reader].tell(Event::Present(b"here".to_vec()));
    world.devices[reader].tell(Event::Flush);
    world.run_for(60_000);
    assert_eq!(
        (world.relays[0].appends, world.relays[0].ephemerals),
        before
    );
    assert!(!world.devices[reader].status().at_relay);
}

#[test]
fn presence_reaches_who_is_there() {
    let mut world = World::<Graph>::online(1, 3);
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
    world.edit(0, "mine");
    world.run_for(5_000);
    assert_eq!(world.devices[1].vouched, 1);
}

#[test]
fn a_large_document_goes_in_several_chunks() {
    let mut world = World::new(1, 2);
    world.relays[0].max_frame = 200 * 1024;
    for part in 0..20 {
        world.edit(0, &format!("{part} {}", "x".repeat(50 * 1024)));
    }
    world.all_online();
    world.run_for(20_000);
    world.assert_met();
    assert_eq!(world.devices[1].document().texts().len(), 20);
    assert!(world.relays[0].log.len() >= 10);
}

#[test]
fn a_long_log_gets_a_snapshot_and_newcomers_begin_with_it() {
    let mut world = World::online(1, 2);
    for edit in 0..70 {
        world.edit(edit % 2, &format!("edit {edit}"));
        world.run_for(3_000);
    }
    let snapshots = |world: &World| {
        let kinds = world.relays[0].log.kinds();
        kinds.iter().filter(|kind| **kind == Kind::Snapshot).count()
    };
    assert_eq!(snapshots(&world), 1);

    // The relay keeps only what the snapshot does not cover.
    let kinds = world.relays[0].log.kinds();
    let at = kinds.iter().position(|kind| *kind == Kind::Snapshot);
    world.relays[0].withheld = (1..=at.unwrap() as u64).collect();
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(20_000);
    world.assert_met();
    assert_eq!(snapshots(&world), 1);

    // And from then on the newcomer resumes where it is.
    world.drop_socket(newcomer);
    world.edit(0, "later");
    world.run_for(20_000);
    world.assert_met();
    assert_eq!(world.devices[newcomer].status().set_aside, 0);
}

#[test]
fn numbers_that_a_snapshot_stands_for_are_no_gap() {
    let mut world = World::online(1, 3);
    world.relays[0].grace = 0;
    world.devices[0].snapshot_after = Some(2);
    world.crash(0);
    world.edit(0, "seen by all");
    world.run_for(5_000);
    world.go_offline(2);
    for edit in 0..12 {
        world.edit(0, &format!("edit {edit}"));
        world.run_for(5_000);
    }
    assert!(world.relays[0].log.deleted() > 2);

    world.go_online(2);
    world.run_for(10_000);
    world.assert_met();
    assert_eq!(world.devices[2].status().gaps, []);
}

#[test]
fn no_partner_has_seen_what_came_while_it_was_away() {
    let mut world = World::online(1, 3);
    world.edit(0, "seen by all");
    world.run_for(5_000);
    let away = world.devices[2].id();
    assert!(world.devices[0].status().seen_by.contains(&away));

    world.go_offline(0);
    world.go_offline(2);
    world.edit(1, "new");
    world.run_for(5_000);
    world.go_online(0);
    while world.step() {
        let has_it = world.has(0, "new");
        let status = world.devices[0].status();
        // Until its session was told of the merge, it speaks of before.
        let is_told = status.connection == Connection::Live;
        assert!(!(has_it && is_told && status.seen_by.contains(&away)));
    }
    assert!(world.has(0, "new"));
}

#[test]
fn an_edit_that_is_sealed_before_the_session_was_told_of_it_is_seen_by_no_one() {
    let mut world = World::online(1, 2);
    world.edit(0, "seen");
    world.run_for(5_000);
    world.go_offline(1);
    world.run_for(0);
    assert_eq!(world.devices[0].status().seen_by.len(), 1);

    world.edit(0, "new");
    world.hear(0, Event::Flush);
    world.run_for(5_000);
    assert!(world.devices[0].status().at_relay);
    assert_eq!(world.devices[0].status().seen_by, []);
}
