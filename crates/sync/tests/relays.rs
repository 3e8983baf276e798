//! Devices that keep one plan at two relays, and move it from one to the other.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use simulation::{World, relay::Relay};
use sync::{relay_url::RelayUrl, relays::Together, session::Document as _};

const FIRST: usize = 0;
const SECOND: usize = 1;

/// Two worlds with a relay each, and the same devices in both: a session of a
/// device in either, over one document.
struct Both {
    worlds: [World; 2],
}

impl Both {
    /// Devices that are at no relay yet.
    fn new(seed: u64, devices: usize) -> Self {
        let mut worlds = [World::new(seed, devices), World::new(seed + 1000, devices)];
        worlds[SECOND].relays[0] = Relay::new(2);
        Self { worlds }
    }

    /// Brings each device's document up to date in both its sessions, which is
    /// what a host does after one has applied something.
    fn share(&mut self) {
        let [first, second] = &mut self.worlds;
        for device in 0..first.devices.len().min(second.devices.len()) {
            let mut one = first.devices[device].document().clone();
            let mut other = second.devices[device].document().clone();
            if one.heads() != other.heads() {
                first.merge_file(device, &mut other);
                second.merge_file(device, &mut one);
            }
        }
    }

    fn run_for(&mut self, milliseconds: u64) {
        let slice = (milliseconds / 100).max(50);
        for _ in 0..milliseconds.div_ceil(slice) {
            self.share();
            for world in &mut self.worlds {
                world.run_for(slice);
            }
        }
        self.share();
    }

    fn edit(&mut self, device: usize, text: &str) {
        self.worlds[FIRST].edit(device, text);
        self.share();
    }

    fn everyone_at(&mut self, relay: usize) {
        self.worlds[relay].all_online();
    }

    /// What a device can say of its plan.
    fn together(&self, device: usize) -> Together {
        let relays = ["https://first.example", "https://second.example"];
        let relays = relays.map(|relay| relay.parse::<RelayUrl>().unwrap());
        let statuses = self.worlds.each_ref().map(|w| w.devices[device].status());
        Together::of(relays.iter().zip(statuses))
    }

    fn texts(&mut self, device: usize) -> BTreeSet<&str> {
        self.worlds[FIRST].devices[device].document().texts()
    }

    /// Whether nothing shows that would speak of a relay that withholds, or of a
    /// copied disk.
    fn assert_nothing_looks_wrong(&self) {
        for device in self.worlds.iter().flat_map(|world| &world.devices) {
            let status = device.status();
            assert!(
                status.gaps.is_empty() && status.forks.is_empty(),
                "{status:?}"
            );
            assert!(!status.restored && !status.missing, "{status:?}");
            assert_eq!((status.replays, status.set_aside), (0, 0));
        }
    }
}

#[test]
fn a_new_relay_gets_all_from_one_that_is_at_both() {
    let mut both = Both::new(1, 3);
    both.everyone_at(FIRST);
    for (device, text) in ["a", "b", "c"].into_iter().enumerate() {
        both.edit(device, text);
        both.run_for(3_000);
    }
    both.worlds[SECOND].go_online(0);
    both.run_for(5_000);
    assert!(both.together(0).is_at_all());

    let newcomer = both.worlds[SECOND].add_device();
    both.worlds[SECOND].go_online(newcomer);
    both.worlds[SECOND].run_for(5_000);
    for text in ["a", "b", "c"] {
        assert!(both.worlds[SECOND].has(newcomer, text));
    }
}

#[test]
fn kept_at_two_relays_all_is_at_both_and_nothing_looks_wrong() {
    for seed in 0..10 {
        let mut both = Both::new(seed, 3);
        both.everyone_at(FIRST);
        both.everyone_at(SECOND);
        for round in 0..8 {
            both.edit(round % 3, &format!("edit {round}"));
            both.run_for(400);
        }
        both.run_for(20_000);
        for device in 0..3 {
            assert_eq!(both.texts(device).len(), 8);
            let together = both.together(device);
            assert!(together.is_at_all() && together.waiting == 0);
            assert_eq!(together.seen_by.len(), 2, "{together:?}");
        }
        both.assert_nothing_looks_wrong();
        for world in &mut both.worlds {
            world.assert_met();
        }
    }
}

#[test]
fn a_relay_that_is_gone_for_good_costs_nothing() {
    let mut both = Both::new(3, 3);
    both.everyone_at(FIRST);
    both.edit(0, "before");
    both.run_for(5_000);
    // Not even acknowledged when the relay goes.
    both.edit(1, "on the way");
    both.worlds[FIRST].kill_relay();
    both.run_for(5_000);
    assert!(!both.together(1).is_at_one());

    both.everyone_at(SECOND);
    both.edit(2, "after");
    both.run_for(20_000);
    for device in 0..3 {
        assert_eq!(
            both.texts(device),
            BTreeSet::from(["after", "before", "on the way"])
        );
        let together = both.together(device);
        assert!(together.is_at_one() && !together.is_at_all());
        assert_eq!((together.waiting, together.seen_by.len()), (0, 2));
    }
}

#[test]
fn one_who_was_offline_while_the_plan_moved_follows_by_either_relay() {
    for through in [FIRST, SECOND] {
        let mut both = Both::new(4, 3);
        both.everyone_at(FIRST);
        both.edit(0, "before");
        both.run_for(5_000);
        both.worlds[FIRST].go_offline(2);
        both.edit(2, "weeks offline");
        for device in [0, 1] {
            both.worlds[SECOND].go_online(device);
        }
        both.edit(1, "meanwhile");
        both.run_for(10_000);

        both.worlds[through].go_online(2);
        both.run_for(20_000);
        for device in 0..3 {
            assert_eq!(both.texts(device).len(), 3, "through {through}");
        }
        both.assert_nothing_looks_wrong();
    }
}

/// Both carry signatures of the same plan and device, so a relay that got hold
/// of the other's chunks can pass them off as its own. It gains nothing by it
/// but that a number looks odd.
#[test]
fn a_relay_that_plays_the_others_chunks_changes_nothing() {
    let mut both = Both::new(5, 2);
    both.everyone_at(FIRST);
    both.everyone_at(SECOND);
    for round in 0..6 {
        both.edit(round % 2, &format!("edit {round}"));
        both.run_for(3_000);
    }
    let stored: Vec<_> = both.worlds[FIRST].relays[0]
        .log
        .all()
        .map(|(_, chunk)| chunk.clone())
        .collect();
    for chunk in stored.into_iter().filter_map(|chunk| chunk.envelope) {
        both.worlds[SECOND].relays[0].push(chunk);
    }
    both.run_for(5_000);
    both.edit(0, "after");
    both.run_for(20_000);
    for device in 0..2 {
        assert_eq!(both.texts(device).len(), 7);
        assert!(both.together(device).is_at_all());
        assert_eq!(both.together(device).seen_by.len(), 1);
    }
}

#[test]
fn a_second_address_of_one_relay_shows_by_its_log() {
    let mut both = Both::new(6, 1);
    both.worlds[SECOND].relays[0] = Relay::new(1);
    both.everyone_at(FIRST);
    both.everyone_at(SECOND);
    both.run_for(1_000);
    let [first, second] = both.worlds.each_ref().map(|world| &world.devices[0]);
    assert!(first.session().log().is_some());
    assert_eq!(first.session().log(), second.session().log());
    assert_eq!(first.disk.contents().saved.log(), second.session().log());
}

/// Each seed is another story of edits, cut lines, crashes and relays killed.
#[test]
fn whatever_happens_to_two_relays_all_meet_in_the_end() {
    for seed in 0..20 {
        let mut both = Both::new(seed, 3);
        both.everyone_at(FIRST);
        let mut edits = 0;
        for _ in 0..60 {
            let chance = &mut both.worlds[FIRST].chance;
            let (what, device, relay) = (chance.below(8), chance.below(3), chance.below(2));
            let world = &mut both.worlds[relay];
            match what {
                0..=2 => {
                    both.edit(device, &format!("edit {edits}"));
                    edits += 1;
                }
                3 => world.go_offline(device),
                4 | 5 => world.go_online(device),
                6 => world.drop_socket(device),
                _ => {
                    world.kill_relay();
                    world.relay_is_up = true;
                }
            }
            both.run_for(300);
        }
        both.everyone_at(FIRST);
        both.everyone_at(SECOND);
        both.run_for(150_000);
        for device in 0..3 {
            assert_eq!(both.texts(device).len(), edits, "seed {seed}");
            assert!(both.together(device).is_at_all(), "seed {seed}");
        }
        both.assert_nothing_looks_wrong();
        for world in &mut both.worlds {
            world.assert_met();
        }
    }
}
