//! Relays that die, disks that fail, devices that crash: nothing is lost and
//! nothing is said too early.

#![allow(clippy::unwrap_used)]

mod world;

use sync::{
    frame::{ErrorCode, RelayFrame},
    session::{Connection, Event, SavedState, StopReason},
};
use world::{World, relay::Relay};

#[test]
fn a_relay_killed_in_the_middle_loses_nothing_it_acknowledged() {
    for seed in 0..60 {
        let mut world = World::new(seed, 3);
        for device in 0..3 {
            world.devices[device].edit(&format!("offline {device}"));
        }
        world.all_online();
        for _ in 0..world.chance.below(60) {
            world.step();
        }
        let acknowledged = world.relay.acknowledged.len();
        let stored = world.relay.chunks.len();
        world.kill_relay();
        world.run_for(500);
        assert!(acknowledged <= stored, "acknowledged but not stored");
        world.devices[0].edit("while the relay is down");
        world.run_for(1_500);
        world.relay_is_up = true;
        world.run_for(120_000);
        world.assert_met();
        assert_eq!(world.devices[2].document.texts().len(), 4, "seed {seed}");
    }
}

#[test]
fn a_crash_at_any_point_loses_nothing_and_uses_no_number_twice() {
    for steps in 0..150 {
        let mut world = World::new(steps, 2);
        world.devices[0].edit("before");
        world.devices[1].edit("elsewhere");
        world.all_online();
        for step in 0..steps {
            if step == 20 {
                world.devices[0].edit("during");
                world.devices[0].tell(Event::Flush);
            }
            if !world.step() {
                world.run_for(250);
            }
        }
        world.crash(0);
        world.devices[0].edit("after");
        world.run_for(60_000);
        world.assert_met();
        assert!(world.has(1, "before") && world.has(1, "after"));
    }
}

#[test]
fn everything_at_once() {
    for seed in 0..40 {
        let mut world = World::new(seed, 4);
        world.all_online();
        let mut edits = 0;
        for _ in 0..400 {
            let device = world.chance.below(4);
            match world.chance.below(40) {
                0 => world.crash(device),
                1 => world.drop_socket(device),
                2 => world.go_offline(device),
                3 => world.go_online(device),
                4 => {
                    world.kill_relay();
                    world.relay_is_up = true;
                }
                5..10 => {
                    edits += 1;
                    world.devices[device].edit(&format!("edit {edits}"));
                }
                10 => {
                    let pause = world.chance.below(3_000) as u64;
                    world.run_for(pause);
                }
                _ => {
                    world.step();
                }
            }
        }
        world.all_online();
        world.run_for(200_000);
        world.assert_met();
        assert_eq!(
            world.devices[0].document.texts().len(),
            edits,
            "seed {seed}"
        );
    }
}

#[test]
fn another_relay_gets_all_of_it() {
    for seed in 0..10 {
        let mut world = World::online(seed, 3);
        for device in 0..3 {
            world.devices[device].edit(&format!("old relay {device}"));
        }
        world.run_for(10_000);
        world.go_offline(1);
        world.devices[0].edit("seen by the old relay only");
        world.run_for(10_000);

        world.replace_relay(Relay::new(2));
        world.go_online(1);
        world.run_for(120_000);
        world.assert_met();
        assert_eq!(world.devices[1].document.texts().len(), 4);
        // To anyone new, the new relay alone is enough.
        let newcomer = world.add_device();
        world.go_online(newcomer);
        world.run_for(10_000);
        world.assert_met();
    }
}

#[test]
fn another_relay_gets_what_the_sealed_chunks_build_on() {
    let mut world = World::online(1, 1);
    world.devices[0].edit("acknowledged by the old relay");
    world.run_for(5_000);
    world.devices[0].edit("sent, but never acknowledged");
    world.devices[0].tell(Event::Flush);
    while !world.relay.has_uncommitted() {
        assert!(world.step());
    }
    world.replace_relay(Relay::new(2));
    world.run_for(10_000);
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(10_000);
    world.assert_met();
    assert!(world.has(newcomer, "acknowledged by the old relay"));
}

#[test]
fn what_a_relay_lost_comes_back_from_whoever_has_it() {
    let mut world = World::online(1, 2);
    world.devices[0].edit("first");
    world.run_for(5_000);
    world.relay.withheld.insert(2);
    for text in ["lost by the relay", "built on that"] {
        world.devices[0].edit(text);
        world.run_for(5_000);
    }
    assert!(world.devices[1].status().missing);

    let mut file = world.devices[0].document.clone();
    world.go_offline(0);
    world.devices[1].merge_file(&mut file);
    world.run_for(10_000);
    assert!(!world.devices[1].status().missing);
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(10_000);
    assert!(world.has(newcomer, "built on that"));
}

#[test]
fn a_relay_set_back_to_an_older_copy_gets_the_rest_again() {
    let mut world = World::online(1, 2);
    world.devices[0].edit("in the copy");
    world.run_for(5_000);
    let copy = world.relay.chunks.clone();
    world.devices[0].edit("after the copy");
    world.run_for(5_000);

    let mut older = Relay::new(1);
    older.chunks = copy;
    world.replace_relay(older);
    world.run_for(120_000);
    world.assert_met();
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(10_000);
    assert!(world.has(newcomer, "after the copy"));
}

#[test]
fn a_disk_restored_from_a_copy_goes_on_after_its_latest_chunk() {
    let mut world = World::online(1, 2);
    world.devices[0].edit("in the copy");
    world.run_for(5_000);
    let copy = world.devices[0].disk.clone();
    world.devices[0].edit("after the copy");
    world.run_for(5_000);

    world.devices[0].disk = copy;
    world.crash(0);
    world.devices[0].edit("after the restoring");
    world.run_for(10_000);
    world.assert_met();
    assert!(world.has(0, "after the copy"));
    assert!(world.devices[0].status().restored);
    assert!(world.devices[1].status().forks.is_empty());
}

#[test]
fn a_document_that_lost_what_it_had_receives_it_again() {
    let mut world = World::online(1, 2);
    world.devices[0].edit("here");
    world.run_for(5_000);
    // The state survives, the document does not.
    world.devices[1].disk.document = world::graph::Graph::new(1);
    world.crash(1);
    world.run_for(10_000);
    world.assert_met();
    assert!(world.has(1, "here"));
}

#[test]
fn a_lost_state_costs_a_download_only() {
    let mut world = World::online(1, 2);
    world.devices[0].edit("here");
    world.run_for(5_000);
    world.devices[0].disk.saved = SavedState::default();
    world.crash(0);
    world.devices[0].edit("more");
    world.run_for(10_000);
    world.assert_met();
    assert_eq!(world.relay.chunks.len(), 2);
}

#[test]
fn a_full_disk_sends_nothing_and_says_so() {
    let mut world = World::online(1, 2);
    world.devices[0].disk_full = true;
    world.devices[0].edit("unsaved");
    world.run_for(20_000);
    assert!(world.devices[0].status().save_failing);
    assert!(!world.devices[0].status().at_relay);
    assert_eq!(world.relay.appends, 0);

    world.devices[0].disk_full = false;
    world.run_for(5_000);
    assert!(!world.devices[0].status().save_failing);
    world.assert_met();
}

#[test]
fn a_relay_that_cannot_store_is_asked_again() {
    let mut world = World::online(1, 1);
    world.relay.fail_next = Some(ErrorCode::Unavailable);
    world.devices[0].edit("patience");
    world.run_for(4_000);
    assert!(!world.devices[0].status().at_relay);
    assert_eq!(world.devices[0].status().refused, []);
    world.run_for(10_000);
    world.assert_met();
}

#[test]
fn a_refused_chunk_is_shown_and_tried_on_the_next_socket() {
    let mut world = World::online(1, 1);
    world.relay.fail_next = Some(ErrorCode::TooLarge);
    world.devices[0].edit("refused");
    world.run_for(60_000);
    let status = world.devices[0].status();
    assert!(!status.at_relay);
    assert_eq!(status.refused.len(), 1);
    assert_eq!(status.refused[0].code, ErrorCode::TooLarge);
    assert_eq!(world.relay.appends, 1);

    world.drop_socket(0);
    world.run_for(60_000);
    world.assert_met();
    assert_eq!(world.devices[0].status().refused, []);
}

#[test]
fn an_edit_too_large_for_the_relay_is_said() {
    let mut world = World::new(1, 2);
    world.relay.max_frame = 100 * 1024;
    // Not compressible: digits of a power of three, as it were.
    let noise: String = (0..400_000)
        .map(|_| char::from(33 + world.chance.below(90) as u8))
        .collect();
    world.devices[0].edit(&noise);
    world.all_online();
    world.run_for(60_000);
    let status = world.devices[0].status();
    assert!(!status.at_relay);
    assert_eq!(status.refused.len(), 1);
    assert_eq!(status.refused[0].hash, None);
    assert_eq!(world.relay.appends, 0);
}

#[test]
fn waits_grow_while_the_relay_is_down() {
    let mut world = World::new(1, 1);
    world.relay_is_up = false;
    world.go_online(0);
    let mut attempts = Vec::new();
    for _ in 0..10 {
        world.run_for(0);
        let at = world.devices[0].wake_at.unwrap();
        attempts.push(at - world.now);
        world.run_for(at - world.now);
    }
    assert!(attempts[0] <= 1_000);
    assert!(attempts.iter().all(|wait| (500..=60_000).contains(wait)));
    assert!(attempts[9] >= 30_000);
}

#[test]
fn a_relay_that_never_acknowledges_is_left() {
    let mut world = World::online(1, 1);
    world.devices[0].edit("into the void");
    world.run_for(1_990);
    // All that comes from the device vanishes.
    for _ in 0..200 {
        world.run_for(200);
        if let Some(socket) = world.relay.sockets.get_mut(&0) {
            socket.to_relay.clear();
        } else {
            break;
        }
    }
    world.run_for(120_000);
    world.assert_met();
}

#[track_caller]
fn stops_with(code: ErrorCode, reason: StopReason) {
    let mut world = World::online(1, 1);
    let error = RelayFrame::Error {
        code,
        about: None,
        detail: String::new(),
    };
    world.relay.send(0, &error);
    world.run_for(300_000);
    let connection = world.devices[0].status().connection;
    assert_eq!(connection, Connection::Stopped(reason));
    assert!(world.relay.sockets.is_empty());
}

#[test]
fn a_relay_of_another_version_or_without_trust_is_not_asked_again() {
    stops_with(ErrorCode::UnsupportedVersion, StopReason::Version);
    stops_with(ErrorCode::BadProof, StopReason::KeysRefused);
    stops_with(ErrorCode::WrongPlan, StopReason::KeysRefused);
}
