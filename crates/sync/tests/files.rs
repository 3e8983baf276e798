//! Devices that exchange sealed files, with and without a relay.

#![allow(clippy::unwrap_used)]

mod world;

use sync::{
    envelope::{ChunkError, Envelope},
    file::{self, SealedPlan},
    ids::ChangeHash,
    session::Event,
};
use world::{World, plan_keys};

const ROUNDS: usize = 5;

impl World {
    /// The whole of a device's plan as a file.
    fn write_file(&mut self, device: usize) -> Vec<u8> {
        let mut entropy = self.chance.entropy();
        let device = &mut self.devices[device];
        file::seal_whole(
            &device.keys,
            &device.key,
            &mut device.document,
            &mut *entropy,
        )
        .unwrap()
    }

    /// What is new to who made the file `since`.
    fn answer_file(&mut self, device: usize, since: &[u8]) -> Vec<u8> {
        let heads = declared(since);
        let mut entropy = self.chance.entropy();
        let device = &mut self.devices[device];
        file::seal_since(
            &device.keys,
            &device.key,
            &mut device.document,
            &heads,
            [],
            &mut *entropy,
        )
        .unwrap()
    }

    /// Merges a file, as a host does.
    fn open_file(&mut self, device: usize, file: &[u8]) {
        let device = &mut self.devices[device];
        for part in SealedPlan::parse(file)
            .unwrap()
            .parts(&device.keys)
            .unwrap()
        {
            let part = part.unwrap();
            device.vouched += part.vouches.len();
            for batch in &part.changes {
                assert!(device.document.merge(batch));
            }
        }
        device.disk.document = device.document.clone();
        device.tell(Event::LocalChange);
    }

    fn have_the_same(&self) -> bool {
        let texts = self.devices[0].document.texts();
        self.devices
            .iter()
            .all(|device| device.document.texts() == texts)
    }
}

fn declared(file: &[u8]) -> Vec<ChangeHash> {
    let keys = plan_keys();
    let parts = SealedPlan::parse(file).unwrap().parts(&keys).unwrap();
    parts.flat_map(|part| part.unwrap().heads).collect()
}

/// Both write, then each opens the other's latest file; the second answers by
/// what is new only.
fn exchange(world: &mut World, round: usize) {
    world.devices[0].edit(&format!("Fyresdal {round}"));
    world.devices[1].edit(&format!("Vinje {round}"));
    let whole = world.write_file(0);
    world.open_file(1, &whole);
    let answer = world.answer_file(1, &whole);
    world.open_file(0, &answer);
}

#[test]
fn two_who_never_reach_a_relay_stay_in_step_by_files() {
    let mut world = World::new(1, 2);
    for round in 0..ROUNDS {
        exchange(&mut world, round);
        assert!(world.have_the_same());
    }
    assert_eq!(world.devices[0].document.texts().len(), 2 * ROUNDS);
    assert!(world.devices.iter().all(|device| device.vouched > 0));
}

#[test]
fn an_answer_holds_only_what_is_new() {
    let mut world = World::new(1, 2);
    for round in 0..ROUNDS {
        exchange(&mut world, round);
    }
    let whole = world.write_file(0);
    world.devices[1].edit("one thing more");
    let answer = world.answer_file(1, &whole);
    let keys = plan_keys();
    let parts = SealedPlan::parse(&answer).unwrap().parts(&keys).unwrap();
    let changes: Vec<_> = parts.flat_map(|part| part.unwrap().changes).collect();
    assert_eq!(changes.len(), 1);
}

#[test]
fn order_and_repetition_of_files_do_not_matter() {
    let mut world = World::new(1, 2);
    let empty = world.write_file(1);
    let files: Vec<_> = (0..3)
        .map(|edit| {
            world.devices[0].edit(&format!("edit {edit}"));
            let file = world.answer_file(0, &empty);
            (file, world.write_file(0))
        })
        .collect();
    for (since, whole) in files.iter().rev().chain(&files) {
        world.open_file(1, since);
        world.open_file(1, whole);
        assert!(world.have_the_same());
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
    assert!(world.have_the_same());
    world.go_online(0);
    world.run_for(10_000);
    world.assert_met();
}

#[test]
fn files_show_as_no_gap_and_no_fork() {
    let mut world = World::online(1, 2);
    for round in 0..ROUNDS {
        // From the same state twice, as from a disk and its copy.
        world.write_file(0);
        let file = world.write_file(0);
        world.open_file(1, &file);
        world.devices[0].edit(&format!("edit {round}"));
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
    world.devices[0].edit("in a file");
    let file = world.write_file(0);
    // The file has one record, and that is its end.
    let part = (0..file.len())
        .map(|begin| file[begin..].to_vec())
        .find(|bytes| Envelope::parse(bytes).is_ok())
        .unwrap();
    world.relay.push(part, None);
    world.run_for(10_000);
    let aside = &world.devices[1].set_aside;
    assert_eq!(aside[0].reason, ChunkError::WrongKind);
}
