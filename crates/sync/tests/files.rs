//! Devices that exchange sealed files, with and without a relay.

#![allow(clippy::unwrap_used)]

use simulation::{World, plan_keys, replica::Replica as _};
use sync::{
    envelope::{ChunkError, Envelope},
    file::{self, SealedPlan},
    ids::ChangeHash,
};

const ROUNDS: usize = 5;

/// The whole of a device's plan as a file.
fn write_file(world: &mut World, device: usize) -> Vec<u8> {
    let mut entropy = world.chance.entropy();
    let device = &mut world.devices[device];
    let (keys, key) = (device.keys.clone(), device.key.clone());
    file::seal_whole(&keys, &key, device.document(), &mut *entropy).unwrap()
}

/// What is new to who made the file `since`.
fn answer_file(world: &mut World, device: usize, since: &[u8]) -> Vec<u8> {
    let heads = declared(since);
    let mut entropy = world.chance.entropy();
    let device = &mut world.devices[device];
    let (keys, key) = (device.keys.clone(), device.key.clone());
    file::seal_since(&keys, &key, device.document(), &heads, [], &mut *entropy).unwrap()
}

/// Merges a file, as a host does.
fn open_file(world: &mut World, device: usize, file: &[u8]) {
    let device = &mut world.devices[device];
    let keys = device.keys.clone();
    for part in SealedPlan::parse(file).unwrap().parts(&keys).unwrap() {
        let part = part.unwrap();
        device.vouched += part.vouches.len();
        assert!(device.document().merge(&part.changes));
    }
    device.save(0, world.now, &mut world.chance).unwrap();
}

fn have_the_same(world: &mut World) -> bool {
    let first = world.devices[0].document().content();
    let mut devices = world.devices.iter_mut();
    devices.all(|device| device.document().content() == first)
}

fn declared(file: &[u8]) -> Vec<ChangeHash> {
    let keys = plan_keys();
    let parts = SealedPlan::parse(file).unwrap().parts(&keys).unwrap();
    parts.flat_map(|part| part.unwrap().heads).collect()
}

/// Both write, then each opens the other's latest file; the second answers by
/// what is new only.
fn exchange(world: &mut World, round: usize) {
    world.edit(0, &format!("Fyresdal {round}"));
    world.edit(1, &format!("Vinje {round}"));
    let whole = write_file(world, 0);
    open_file(world, 1, &whole);
    let answer = answer_file(world, 1, &whole);
    open_file(world, 0, &answer);
}

#[test]
fn two_who_never_reach_a_relay_stay_in_step_by_files() {
    let mut world = World::new(1, 2);
    for round in 0..ROUNDS {
        exchange(&mut world, round);
        assert!(have_the_same(&mut world));
    }
    assert_eq!(world.devices[0].document().texts().len(), 2 * ROUNDS);
    assert!(world.devices.iter().all(|device| device.vouched > 0));
}

#[test]
fn an_answer_holds_only_what_is_new() {
    let mut world = World::new(1, 2);
    for round in 0..ROUNDS {
        exchange(&mut world, round);
    }
    let whole = write_file(&mut world, 0);
    world.edit(1, "one thing more");
    let answer = answer_file(&mut world, 1, &whole);
    let keys = plan_keys();
    let parts = SealedPlan::parse(&answer).unwrap().parts(&keys).unwrap();
    let changes: Vec<_> = parts.flat_map(|part| part.unwrap().changes).collect();
    assert_eq!(changes.len(), 1);
}

#[test]
fn order_and_repetition_of_files_do_not_matter() {
    let mut world = World::new(1, 2);
    let empty = write_file(&mut world, 1);
    let files: Vec<_> = (0..3)
        .map(|edit| {
            world.edit(0, &format!("edit {edit}"));
            let file = answer_file(&mut world, 0, &empty);
            (file, write_file(&mut world, 0))
        })
        .collect();
    for (since, whole) in files.iter().rev().chain(&files) {
        open_file(&mut world, 1, since);
        open_file(&mut world, 1, whole);
        assert!(have_the_same(&mut world));
    }
}

#[test]
fn what_came_by_file_goes_on_to_the_relay_by_itself() {
    let mut world = World::new(1, 3);
    for round in 0..ROUNDS {
        exchange(&mut world, round);
    }
    // Only one of the two meets the relay, and only a third who has seen no file
    // listens.
    world.go_online(1);
    world.run_for(10_000);
    assert!(world.devices[1].status().at_relay);
    world.go_online(2);
    world.run_for(10_000);
    assert!(have_the_same(&mut world));
    world.go_online(0);
    world.run_for(10_000);
    world.assert_met();
}

#[test]
fn files_show_as_no_gap_and_no_fork() {
    let mut world = World::online(1, 2);
    for round in 0..ROUNDS {
        // From the same state twice, as from a disk and its copy.
        write_file(&mut world, 0);
        let file = write_file(&mut world, 0);
        open_file(&mut world, 1, &file);
        world.edit(0, &format!("edit {round}"));
        world.run_for(5_000);
        world.crash(0);
        world.run_for(5_000);
    }
    world.assert_met();
    for device in &world.devices {
        let status = device.status();
        assert_eq!((&status.gaps, &status.forks), (&vec![], &vec![]));
        assert_eq!((status.set_aside, status.restored), (0, false));
    }
}

#[test]
fn a_part_taken_out_of_a_file_is_no_chunk_on_the_wire() {
    let mut world = World::online(1, 2);
    world.edit(0, "in a file");
    let file = write_file(&mut world, 0);
    // The file has one record, and that is its end.
    let part = (0..file.len())
        .map(|begin| file[begin..].to_vec())
        .find(|bytes| Envelope::parse(bytes).is_ok())
        .unwrap();
    world.relays[0].push(part);
    world.run_for(10_000);
    let aside = &world.devices[1].set_aside;
    assert_eq!(aside[0].reason, ChunkError::WrongKind);
}
