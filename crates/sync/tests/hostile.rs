//! Relays and members that lie: each lie has its own name and stops nothing.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use simulation::{World, graph, plan_keys, replica::Replica as _};
use sync::{
    content::Content,
    envelope::{ChunkError, Envelope, Kind},
    frame::RelayFrame,
    ids::Cursor,
    keys::{DeviceKey, EditSecret, PlanKeys},
    seal::{Place, seal_changes, seal_snapshot},
    session::{Connection, Document as _, Event, Gap},
};

fn stranger() -> DeviceKey {
    DeviceKey::from_bytes(&[66; 32])
}

fn sealed_by(keys: &PlanKeys, device: &DeviceKey, number: u64, text: &str) -> Envelope {
    let (batch, hash) = graph::batch(text, vec![]);
    let content = Content {
        changes: vec![batch.into()],
        heads: vec![hash],
        vouches: vec![],
        closing: None,
    };
    let place = Place {
        number,
        previous: None,
    };
    let mut entropy = |bytes: &mut [u8]| bytes.fill(7);
    seal_changes(keys, device, place, &content, &mut entropy).unwrap()
}

/// The bytes of a good chunk with one changed, counted from the end.
fn changed(from_end: usize) -> Vec<u8> {
    let mut bytes = sealed_by(&plan_keys(), &stranger(), 1, "changed").to_bytes();
    let at = bytes.len() - from_end;
    bytes[at] ^= 1;
    bytes
}

#[track_caller]
fn is_set_aside_as(bytes: Vec<u8>, reason: ChunkError) {
    let mut world = World::online(1, 2);
    world.edit(0, "before");
    world.run_for(5_000);
    world.relays[0].push(bytes.clone());
    world.edit(1, "after");
    world.run_for(10_000);

    world.assert_met();
    assert!(world.has(0, "after"));
    for device in &world.devices {
        assert_eq!(device.status().set_aside, 1);
        let [chunk] = device.set_aside.as_slice() else {
            panic!("{:?}", device.set_aside);
        };
        assert_eq!(chunk.reason, reason);
        assert_eq!(chunk.cursor, Cursor(2));
        assert_eq!(chunk.envelope, bytes);
    }
    // It is not asked for again.
    world.crash(0);
    world.run_for(10_000);
    assert_eq!(world.devices[0].set_aside.len(), 1);
}

#[test]
fn garbage_is_set_aside() {
    is_set_aside_as(b"garbage".to_vec(), ChunkError::Malformed);
}

#[test]
fn a_chunk_of_another_plan_is_set_aside() {
    let other = PlanKeys::edit(EditSecret::from_bytes([43; 32]));
    let bytes = sealed_by(&other, &stranger(), 1, "other plan").to_bytes();
    is_set_aside_as(bytes, ChunkError::OtherPlan);
}

#[test]
fn a_forged_write_signature_is_set_aside() {
    is_set_aside_as(changed(1), ChunkError::ForgedWrite);
}

#[test]
fn a_damaged_content_is_set_aside() {
    // Before both signatures, and so under neither.
    is_set_aside_as(changed(2 * 66 + 1), ChunkError::ForgedWrite);
}

#[test]
fn a_chunk_in_anothers_name_is_set_aside() {
    // The device's signature stands before the write signature.
    is_set_aside_as(changed(66 + 1), ChunkError::ForgedDevice);
}

#[test]
fn a_chunk_of_a_newer_version_is_set_aside() {
    let mut bytes = sealed_by(&plan_keys(), &stranger(), 1, "newer").to_bytes();
    // An array of four; the header's byte string; its array; its version.
    assert_eq!(bytes[..5], [0x84, 0x58, bytes[2], 0x87, 1]);
    bytes[4] = 2;
    is_set_aside_as(bytes, ChunkError::NewerVersion(2));
}

#[test]
fn what_the_document_cannot_take_is_set_aside() {
    let mut world = World::online(1, 2);
    let content = Content {
        changes: vec![b"no batch".to_vec().into()],
        ..Content::default()
    };
    let place = Place {
        number: 1,
        previous: None,
    };
    let mut entropy = |bytes: &mut [u8]| bytes.fill(7);
    let chunk = seal_changes(&plan_keys(), &stranger(), place, &content, &mut entropy).unwrap();
    world.relays[0].push(chunk.to_bytes());
    world.edit(0, "after");
    world.run_for(10_000);
    world.assert_met();
    assert_eq!(world.devices[1].status().set_aside, 1);
}

#[test]
fn who_could_not_use_a_chunk_makes_no_snapshot_in_its_place() {
    let mut world = World::online(1, 2);
    for device in 0..2 {
        world.devices[device].snapshot_after = Some(2);
        world.crash(device);
    }
    world.edit(0, "before");
    world.run_for(5_000);
    world.relays[0].push(b"too new, perhaps".to_vec());
    // A snapshot that comes later, and was made before.
    let heads = world.devices[0].document().heads();
    let content = Content {
        changes: vec![world.devices[0].document().save().into()],
        heads,
        vouches: vec![],
        closing: None,
    };
    let place = Place {
        number: 1,
        previous: None,
    };
    let mut entropy = |bytes: &mut [u8]| bytes.fill(7);
    let covers = Cursor(1);
    let snapshot = seal_snapshot(
        &plan_keys(),
        &stranger(),
        place,
        covers,
        &content,
        &mut entropy,
    );
    world.relays[0].push(snapshot.unwrap().to_bytes());
    for edit in 0..10 {
        world.edit(edit % 2, &format!("edit {edit}"));
        world.run_for(5_000);
    }
    world.assert_met();
    let kinds = world.relays[0].log.kinds();
    let snapshots = kinds.iter().filter(|kind| **kind == Kind::Snapshot);
    assert_eq!(snapshots.count(), 1);
}

#[test]
fn a_replayed_chunk_is_passed_over_and_counted() {
    let mut world = World::online(1, 2);
    world.edit(0, "once");
    world.run_for(5_000);
    let first = world.relays[0].log.at(Cursor(1)).unwrap();
    let again = first.envelope.clone().unwrap();
    world.relays[0].push(again);
    world.edit(0, "more");
    world.run_for(10_000);
    world.assert_met();
    assert_eq!(world.devices[1].status().replays, 1);
    assert_eq!(world.devices[1].status().set_aside, 0);
    // To its own device it is no news either.
    assert_eq!(world.devices[0].status().replays, 0);
}

#[test]
fn a_withheld_chunk_shows_as_a_gap_and_as_missing() {
    let mut world = World::online(1, 2);
    world.edit(0, "first");
    world.run_for(5_000);
    world.relays[0].withheld.insert(2);
    world.edit(0, "withheld");
    world.run_for(5_000);
    world.edit(0, "third");
    world.run_for(10_000);

    let author = world.devices[0].id();
    let status = world.devices[1].status();
    assert_eq!(status.gaps, [(author, Gap { from: 2, to: 2 })]);
    assert!(status.missing);
    // What it builds on is not here, so the third is not shown either.
    assert!(!world.has(1, "third"));
    assert!(
        !world.devices[0]
            .status()
            .seen_by
            .contains(&world.devices[1].id())
    );

    world.relays[0].withheld.clear();
    world.relays[0].send_chunk(1, Cursor(2));
    world.run_for(10_000);
    world.assert_met();
    assert_eq!(world.devices[1].status().gaps, []);
}

#[test]
fn a_withheld_end_shows_as_missing() {
    let mut world = World::online(1, 2);
    world.relays[0].withheld.insert(1);
    world.edit(0, "withheld");
    world.run_for(10_000);
    assert!(world.devices[1].status().missing);
    assert_eq!(world.devices[0].status().seen_by, []);
}

#[test]
fn heads_that_run_ahead_of_their_chunk_are_not_yet_missing() {
    for seed in 0..30 {
        let mut world = World::online(seed, 3);
        for edit in 0..5 {
            world.edit(0, &format!("edit {edit}"));
            while world.step() {
                assert!(world.devices.iter().all(|device| !device.status().missing));
            }
            world.run_for(300);
        }
    }
}

#[test]
fn two_chunks_of_one_number_are_a_fork_and_both_are_applied() {
    let mut world = World::online(1, 2);
    for text in ["one", "two"] {
        let chunk = sealed_by(&plan_keys(), &stranger(), 1, text);
        world.relays[0].push(chunk.to_bytes());
        world.run_for(1_000);
    }
    assert!(world.has(0, "one") && world.has(0, "two"));
    assert_eq!(world.devices[0].status().forks, [(stranger().id(), 1)]);
}

#[test]
fn a_relay_that_talks_nonsense_is_left_and_tried_again() {
    let mut world = World::online(1, 2);
    let socket = world.relays[0].sockets.get_mut(&0).unwrap();
    socket.to_device.push_back(b"nonsense".to_vec());
    world.run_for(0);
    assert_eq!(world.devices[0].status().connection, Connection::Offline);
    world.edit(0, "later");
    world.run_for(10_000);
    world.assert_met();
}

#[test]
fn an_acknowledgement_of_something_else_means_nothing() {
    let mut world = World::online(1, 1);
    let hash = sealed_by(&plan_keys(), &stranger(), 1, "x").hash();
    let ack = RelayFrame::Ack {
        hash,
        cursor: Cursor(9),
    };
    world.relays[0].send(0, &ack);
    world.edit(0, "mine");
    world.run_for(5_000);
    world.assert_met();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_bytes_at_any_time_make_a_session_panic(
        seed in any::<u64>(),
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 1..20),
    ) {
        let mut world = World::new(seed, 2);
        world.edit(0, "kept");
        world.all_online();
        for frame in frames {
            for _ in 0..world.chance.below(20) {
                world.step();
            }
            world.hear(0, Event::Frame(frame));
        }
        world.run_for(200_000);
        world.assert_met();
    }

    #[test]
    fn a_changed_byte_in_the_log_harms_that_chunk_only(
        at in any::<prop::sample::Index>(),
        flip in 1_u8..,
    ) {
        let mut world = World::online(1, 2);
        let mut bytes = sealed_by(&plan_keys(), &stranger(), 1, "changed").to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        world.relays[0].push(bytes);
        world.edit(0, "kept");
        world.run_for(10_000);
        world.assert_met();
        prop_assert!(!world.has(1, "changed"));
        prop_assert_eq!(world.devices[1].status().set_aside, 1);
    }
}
