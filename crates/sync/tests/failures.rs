//! Relays that die, disks that fail, devices that crash: nothing is lost and
//! nothing is said too early.

#![allow(clippy::unwrap_used)]

use simulation::{
    World, chance::Chance, disk::Mood, graph::Graph, plan_keys, relay::Relay, replica::Replica as _,
};
use sync::{
    envelope::Envelope,
    frame::{ErrorCode, RelayFrame},
    ids::{Cursor, LogId, Nonce},
    keys::DeviceKey,
    session::{Connection, Effect, Event, SavedState, Session, StopReason},
};

#[test]
fn a_relay_killed_in_the_middle_loses_nothing_it_acknowledged() {
    for seed in 0..60 {
        let mut world = World::new(seed, 3);
        for device in 0..3 {
            world.edit(device, &format!("offline {device}"));
        }
        world.all_online();
        for _ in 0..world.chance.below(60) {
            world.step();
        }
        let acknowledged = world.relays[0].acknowledged.len();
        let stored = world.relays[0].log.len();
        world.kill_relay();
        world.run_for(500);
        assert!(acknowledged <= stored, "acknowledged but not stored");
        world.edit(0, "while the relay is down");
        world.run_for(1_500);
        world.relay_is_up = true;
        world.run_for(120_000);
        world.assert_met();
        assert_eq!(world.devices[2].document().texts().len(), 4, "seed {seed}");
    }
}

#[test]
fn a_crash_at_any_point_loses_nothing_and_uses_no_number_twice() {
    for steps in 0..150 {
        let mut world = World::new(steps, 2);
        world.edit(0, "before");
        world.edit(1, "elsewhere");
        world.all_online();
        for step in 0..steps {
            if step == 20 {
                world.edit(0, "during");
                world.devices[0].tell(Event::Flush);
            }
            if !world.step() {
                world.run_for(250);
            }
        }
        world.crash(0);
        world.edit(0, "after");
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
                    world.edit(device, &format!("edit {edits}"));
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
            world.devices[0].document().texts().len(),
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
            world.edit(device, &format!("old relay {device}"));
        }
        world.run_for(10_000);
        world.go_offline(1);
        world.edit(0, "seen by the old relay only");
        world.run_for(10_000);

        world.replace_relay(Relay::new(2));
        world.go_online(1);
        world.run_for(120_000);
        world.assert_met();
        assert_eq!(world.devices[1].document().texts().len(), 4);
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
    world.edit(0, "acknowledged by the old relay");
    world.run_for(5_000);
    world.edit(0, "sent, but never acknowledged");
    world.devices[0].tell(Event::Flush);
    while !world.relays[0].has_uncommitted() {
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
    world.edit(0, "first");
    world.run_for(5_000);
    world.relays[0].withheld.insert(2);
    for text in ["lost by the relay", "built on that"] {
        world.edit(0, text);
        world.run_for(5_000);
    }
    assert!(world.devices[1].status().missing);

    let mut file = world.devices[0].document().clone();
    world.go_offline(0);
    world.merge_file(1, &mut file);
    world.run_for(10_000);
    assert!(!world.devices[1].status().missing);
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(10_000);
    assert!(world.has(newcomer, "built on that"));
}

#[test]
fn what_came_without_its_ground_does_not_count_as_being_at_the_relay() {
    let mut world = World::online(1, 2);
    world.edit(0, "first");
    world.run_for(5_000);
    world.relays[0].withheld.insert(2);
    world.edit(0, "lost by the relay");
    world.run_for(5_000);
    world.edit(0, "built on that");
    world.hear(0, Event::Flush);
    world.edit(1, "its own, not yet sealed");
    world.run_for(100);

    let mut file = world.devices[0].document().clone();
    world.go_offline(0);
    world.merge_file(1, &mut file);
    world.run_for(10_000);
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(10_000);
    assert!(world.has(newcomer, "built on that"));
}

/// A relay of this log greets a session, which is then caught up to `last`.
fn meet(session: &mut Session, document: &mut Graph, log: u8, last: u64) {
    session.handle(Event::Online, 0, document);
    session.handle(Event::Connected, 0, document);
    let challenge = RelayFrame::Challenge {
        versions: vec![1],
        nonce: Nonce([log; 32]),
        max_frame: 1 << 20,
    };
    let welcome = RelayFrame::Welcome {
        log: LogId([log; 16]),
        last: Cursor(last),
    };
    for frame in [challenge, welcome] {
        session.handle(Event::Frame(frame.to_bytes()), 0, document);
    }
}

#[test]
fn what_is_merged_after_its_log_has_gone_is_sent_to_the_new_one() {
    let mut chance = Chance::new(1);
    let (mut here, mut elsewhere) = (Graph::default(), World::online(1, 1));
    elsewhere.edit(0, "in hand while the relay is replaced");
    elsewhere.run_for(5_000);
    let chunk = elsewhere.relays[0].log.at(Cursor(1)).unwrap();
    let envelope = chunk.envelope.clone().unwrap();

    let device = DeviceKey::from_bytes(&[9; 32]);
    let saved = SavedState::default();
    let session = Session::new(plan_keys(), device, &saved, chance.entropy());
    let mut session = session.unwrap();
    meet(&mut session, &mut here, 1, 1);
    let cursor = Cursor(1);
    let frame = RelayFrame::Chunk { cursor, envelope };
    let effects = session.handle(Event::Frame(frame.to_bytes()), 0, &mut here);
    let received = effects.into_iter().find_map(|effect| match effect {
        Effect::Apply(received) => Some(received),
        _ => None,
    });
    let received = received.unwrap();
    session.handle(Event::Disconnected, 0, &mut here);

    meet(&mut session, &mut here, 2, 0);
    let caught_up = RelayFrame::CaughtUp {
        cursor: Cursor::START,
    };
    session.handle(Event::Frame(caught_up.to_bytes()), 0, &mut here);
    assert!(here.merge(&received.changes));
    session.handle(Event::Applied(received.id), 0, &mut here);
    assert!(!session.status().at_relay);
    session.handle(Event::Flush, 0, &mut here);
    assert_eq!(session.status().waiting, 1);
}

#[test]
fn a_relay_set_back_to_an_older_copy_gets_the_rest_again() {
    let mut world = World::online(1, 2);
    world.edit(0, "in the copy");
    world.run_for(5_000);
    let copy = world.relays[0].log.clone();
    world.edit(0, "after the copy");
    world.run_for(5_000);

    let mut older = Relay::new(1);
    older.log = copy;
    world.replace_relay(older);
    world.run_for(120_000);
    world.assert_met();
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(10_000);
    assert!(world.has(newcomer, "after the copy"));
}

#[test]
fn a_relay_set_back_that_has_grown_again_is_found_out() {
    let mut world = World::online(1, 3);
    world.edit(0, "in the copy");
    world.run_for(5_000);
    let copy = world.copy_relay(0);
    world.go_offline(2);
    world.edit(0, "after the copy");
    world.run_for(5_000);
    world.go_offline(0);
    world.go_offline(1);

    world.set_back_relay(0, Some(copy));
    world.go_online(2);
    for text in ["grown", "grown more"] {
        world.edit(2, text);
        world.run_for(5_000);
    }
    // The log is as long as the devices know it, and is another.
    world.all_online();
    world.run_for(120_000);
    world.assert_met();
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(10_000);
    assert!(world.has(newcomer, "after the copy"));
    assert!(world.has(0, "grown"));
}

#[test]
fn no_chunk_is_stored_before_what_it_builds_on() {
    let mut world = World::online(1, 1);
    world.relays[0].fail_next = Some(ErrorCode::Unavailable);
    for text in ["ground", "built on it", "built on that"] {
        world.edit(0, text);
        world.hear(0, Event::Flush);
    }
    world.run_for(20_000);
    world.assert_met();
    let log = world.relays[0].log.all();
    let numbers = log.map(|(_, stored)| {
        let envelope = Envelope::parse(stored.envelope.as_ref().unwrap()).unwrap();
        envelope.header().number
    });
    assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_disk_restored_from_a_copy_goes_on_after_its_latest_chunk() {
    let mut world = World::online(1, 2);
    world.edit(0, "in the copy");
    world.run_for(5_000);
    let copy = world.devices[0].disk.copy();
    world.edit(0, "after the copy");
    world.run_for(5_000);

    world.restore(0, copy);
    world.open_tab(0);
    world.edit(0, "after the restoring");
    world.run_for(10_000);
    world.assert_met();
    assert!(world.has(0, "after the copy"));
    assert!(world.devices[0].status().restored);
    assert!(world.devices[1].status().forks.is_empty());
}

#[test]
fn a_document_that_lost_what_it_had_receives_it_again() {
    let mut world = World::online(1, 2);
    world.edit(0, "here");
    world.run_for(5_000);
    // The state survives, the document does not.
    world.devices[1].disk.lose_document();
    world.crash(1);
    world.run_for(10_000);
    world.assert_met();
    assert!(world.has(1, "here"));
}

#[test]
fn a_lost_state_costs_a_download_only() {
    let mut world = World::online(1, 2);
    world.edit(0, "here");
    world.run_for(5_000);
    world.devices[0].disk.lose_sync_state();
    world.crash(0);
    world.edit(0, "more");
    world.run_for(10_000);
    world.assert_met();
    assert_eq!(world.relays[0].log.len(), 2);
}

#[test]
fn a_full_disk_sends_nothing_and_says_so() {
    let mut world = World::online(1, 2);
    world.edit(0, "unsaved");
    world.devices[0].disk.mood = Mood::Full;
    world.run_for(20_000);
    assert!(world.devices[0].status().save_failing);
    assert!(!world.devices[0].status().at_relay);
    assert_eq!(world.relays[0].appends, 0);

    world.devices[0].disk.mood = Mood::Well;
    world.run_for(5_000);
    assert!(!world.devices[0].status().save_failing);
    world.assert_met();
}

#[test]
fn a_relay_that_cannot_store_is_asked_again() {
    let mut world = World::online(1, 1);
    world.relays[0].fail_next = Some(ErrorCode::Unavailable);
    world.edit(0, "patience");
    world.run_for(4_000);
    assert!(!world.devices[0].status().at_relay);
    assert_eq!(world.devices[0].status().refused, []);
    world.run_for(10_000);
    world.assert_met();
}

#[test]
fn a_refused_chunk_is_shown_and_tried_on_the_next_socket() {
    let mut world = World::online(1, 1);
    world.relays[0].fail_next = Some(ErrorCode::TooLarge);
    world.edit(0, "refused");
    world.run_for(60_000);
    let status = world.devices[0].status();
    assert!(!status.at_relay);
    assert_eq!(status.refused.len(), 1);
    assert_eq!(status.refused[0].code, ErrorCode::TooLarge);
    assert_eq!(world.relays[0].appends, 1);

    world.drop_socket(0);
    world.run_for(60_000);
    world.assert_met();
    assert_eq!(world.devices[0].status().refused, []);
}

#[test]
fn an_edit_too_large_for_the_relay_is_said() {
    let mut world = World::new(1, 2);
    world.relays[0].max_frame = 100 * 1024;
    // Not compressible: digits of a power of three, as it were.
    let noise: String = (0..400_000)
        .map(|_| char::from(33 + world.chance.below(90) as u8))
        .collect();
    world.edit(0, &noise);
    world.all_online();
    world.run_for(60_000);
    let status = world.devices[0].status();
    assert!(!status.at_relay);
    assert_eq!(status.refused.len(), 1);
    assert_eq!(status.refused[0].hash, None);
    assert_eq!(world.relays[0].appends, 0);
}

#[test]
fn waits_grow_while_the_relay_is_down() {
    let mut world = World::<Graph>::new(1, 1);
    world.relay_is_up = false;
    world.go_online(0);
    let mut attempts = Vec::new();
    for _ in 0..10 {
        world.run_for(0);
        let at = world.devices[0].wake_at().unwrap();
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
    world.edit(0, "into the void");
    world.run_for(1_990);
    // All that comes from the device vanishes.
    for _ in 0..200 {
        world.run_for(200);
        if let Some(socket) = world.relays[0].sockets.get_mut(&0) {
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
    let mut world = World::<Graph>::online(1, 1);
    let error = RelayFrame::Error {
        code,
        about: None,
        detail: String::new(),
    };
    world.relays[0].send(0, &error);
    world.run_for(300_000);
    let connection = world.devices[0].status().connection;
    assert_eq!(connection, Connection::Stopped(reason));
    assert!(world.relays[0].sockets.is_empty());
}

#[test]
fn a_relay_of_another_version_or_without_trust_is_not_asked_again() {
    stops_with(ErrorCode::UnsupportedVersion, StopReason::Version);
    stops_with(ErrorCode::BadProof, StopReason::KeysRefused);
    stops_with(ErrorCode::WrongPlan, StopReason::KeysRefused);
}
