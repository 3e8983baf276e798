//! Plans that move to new keys: the old log is closed, and the chosen follow.

#![allow(clippy::unwrap_used)]

use simulation::{World, graph, plan_keys, relay::Relay};
use sync::{
    closing::{Access, Closing},
    content::Content,
    ids::{Cursor, DeviceId},
    keys::{DeviceKey, EditSecret, PlanKeys},
    seal::{Place, seal_changes},
    session::Event,
};

fn new_keys() -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes([43; 32]))
}

/// A device's record for these others.
fn closing(world: &mut World, by: usize, chosen: &[usize]) -> Closing {
    let chosen: Vec<(DeviceId, Access)> = chosen
        .iter()
        .map(|device| (world.devices[*device].id(), Access::Write))
        .collect();
    let (old, by) = (plan_keys().id(), world.devices[by].id());
    let mut entropy = world.chance.entropy();
    Closing::make(&old, &by, &new_keys(), chosen, &mut *entropy)
}

fn close(world: &mut World, by: usize, chosen: &[usize]) {
    let closing = closing(world, by, chosen);
    world.devices[by].tell(Event::Close(closing));
}

/// The new keys, as a device finds them.
fn found(world: &World, device: usize) -> Option<PlanKeys> {
    let device = &world.devices[device];
    device.session().closed()?.open(&device.keys, &device.key)
}

/// Three devices that have met and all have one text.
fn world(seed: u64) -> World {
    let mut world = World::online(seed, 3);
    world.edit(0, "before");
    world.run_for(5_000);
    world.assert_met();
    world
}

#[test]
fn the_chosen_find_the_new_keys_and_the_others_see_who_closed() {
    let mut world = world(1);
    close(&mut world, 0, &[1]);
    world.run_for(5_000);
    let by = world.devices[0].id();
    for device in &world.devices {
        assert_eq!(device.status().closed_by, Some(by));
    }
    assert_eq!(found(&world, 1).unwrap().id(), new_keys().id());
    assert!(found(&world, 2).is_none());

    // It is kept: a host that stopped here finds it again.
    world.crash(1);
    assert!(found(&world, 1).is_some());
    // Who comes later sees it in the log.
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(5_000);
    assert_eq!(world.devices[newcomer].status().closed_by, Some(by));
    assert!(world.has(newcomer, "before"));
}

#[test]
fn nothing_is_sent_once_a_plan_is_closed() {
    let mut world = world(2);
    close(&mut world, 0, &[1, 2]);
    world.run_for(5_000);
    let chunks = world.relays[0].log.len();
    for device in 0..3 {
        world.edit(device, "after");
    }
    world.run_for(120_000);
    assert_eq!(world.relays[0].log.len(), chunks);
    for device in &world.devices {
        assert!(!device.status().at_relay, "and it is not said to be");
        assert_eq!(device.status().waiting, 0);
    }
}

#[test]
fn an_edit_made_offline_waits_for_the_new_keys() {
    let mut world = world(3);
    world.go_offline(1);
    world.edit(1, "offline");
    close(&mut world, 0, &[1]);
    world.run_for(5_000);
    let chunks = world.relays[0].log.len();
    world.go_online(1);
    world.run_for(10_000);
    assert_eq!(world.relays[0].log.len(), chunks);
    assert!(found(&world, 1).is_some());

    // The same document at the new keys' log: the edit goes there by itself.
    let device = &mut world.devices[1];
    device.keys = new_keys();
    device.disk.lose_sync_state();
    world.crash(1);
    world.relays[0] = Relay::new(2);
    world.go_online(1);
    world.run_for(5_000);
    assert!(world.devices[1].status().at_relay);
    assert!(world.has(1, "offline") && world.has(1, "before"));
}

/// By someone who has the old keys and knows of no closing, or who was not
/// chosen and goes on.
#[test]
fn what_comes_after_is_taken_by_no_one() {
    let mut world = world(4);
    close(&mut world, 0, &[1]);
    world.run_for(5_000);
    let (batch, hash) = graph::batch("late", vec![]);
    let content = Content {
        changes: vec![batch.into()],
        heads: vec![hash],
        ..Content::default()
    };
    let place = Place {
        number: 1,
        previous: None,
    };
    let stranger = DeviceKey::from_bytes(&[66; 32]);
    let mut entropy = |bytes: &mut [u8]| bytes.fill(7);
    let late = seal_changes(&plan_keys(), &stranger, place, &content, &mut entropy).unwrap();
    world.relays[0].push(late.to_bytes());
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(5_000);
    for device in 0..world.devices.len() {
        assert!(!world.has(device, "late"));
        assert_eq!(world.devices[device].status().late, 1);
    }
}

#[test]
fn of_two_who_close_at_once_the_first_in_the_log_counts() {
    let mut raced = 0;
    for seed in 0..40 {
        let mut world = world(seed);
        let chunks = world.relays[0].log.len();
        close(&mut world, 0, &[1, 2]);
        close(&mut world, 1, &[0, 2]);
        world.run_for(20_000);
        raced += usize::from(world.relays[0].log.len() == chunks + 2);
        let closed = world.devices.iter().map(|device| device.status().closed_by);
        let closed: Vec<_> = closed.collect();
        assert!(closed[0].is_some(), "seed {seed}");
        assert!(closed.iter().all(|by| *by == closed[0]), "seed {seed}");
        assert!(found(&world, 2).is_some());
        let loser = match closed[0] == Some(world.devices[0].id()) {
            true => 1,
            false => 0,
        };
        assert!(found(&world, loser).is_some(), "the other follows, too");
    }
    assert!(raced > 0, "both are in the log at times");
}

/// The acknowledgement may be faster than a partner's chunk that has the place
/// before it. Who closes has to have that, or no one may ever bring it along.
#[test]
fn a_plan_is_not_closed_before_all_that_stands_before_is_here() {
    let mut world = world(8);
    let partners = world.relays[0].log.len() as u64 + 1;
    world.relays[0].withheld.insert(partners);
    world.edit(1, "just before");
    world.run_for(2_000);
    close(&mut world, 0, &[1]);
    world.run_for(2_000);
    assert_eq!(world.relays[0].log.len() as u64, partners + 1);
    assert_eq!(world.devices[0].status().closed_by, None);
    let own = world.devices[0].id();

    world.relays[0].withheld.clear();
    world.relays[0].send_chunk(0, Cursor(partners));
    world.run_for(2_000);
    assert_eq!(world.devices[0].status().closed_by, Some(own));
    assert!(world.has(0, "just before"));
}

#[test]
fn no_plan_is_closed_while_anything_waits() {
    let mut world = World::online(5, 2);
    world.edit(0, "not yet sent");
    close(&mut world, 0, &[1]);
    world.run_for(10_000);
    assert_eq!(world.devices[0].status().closed_by, None);

    world.go_offline(0);
    close(&mut world, 0, &[1]);
    world.run_for(10_000);
    world.go_online(0);
    world.run_for(10_000);
    assert_eq!(world.devices[1].status().closed_by, None);
}

#[test]
fn who_only_reads_closes_nothing() {
    let mut world = world(6);
    let reader = world.add_reader();
    world.go_online(reader);
    world.run_for(5_000);
    close(&mut world, reader, &[1]);
    world.run_for(5_000);
    assert!(world.devices.iter().all(|d| d.status().closed_by.is_none()));
}

#[test]
fn a_stop_at_any_point_closes_once_or_not_at_all() {
    for seed in 0..60 {
        let mut world = world(seed);
        let chunks = world.relays[0].log.len();
        close(&mut world, 0, &[1, 2]);
        for _ in 0..world.chance.below(14) {
            world.step();
        }
        match seed % 3 {
            0 => world.crash(0),
            1 => world.drop_socket(0),
            _ => {
                world.kill_relay();
                world.relay_is_up = true;
            }
        }
        world.run_for(90_000);
        let is_closed = world.devices[0].session().closed().is_some();
        let expected = chunks + usize::from(is_closed);
        assert_eq!(world.relays[0].log.len(), expected, "seed {seed}");
        if !is_closed {
            close(&mut world, 0, &[1, 2]);
            world.run_for(10_000);
        }
        let by = world.devices[0].id();
        for device in &world.devices {
            assert_eq!(device.status().closed_by, Some(by), "seed {seed}");
            assert!(device.disk.contents().saved.outbox.is_empty());
        }
        world.relays[0].log.assert_no_fork();
    }
}

#[test]
fn another_log_does_not_open_a_plan_again() {
    let mut world = world(7);
    close(&mut world, 0, &[1]);
    world.run_for(5_000);
    world.replace_relay(Relay::new(2));
    world.edit(2, "after");
    world.run_for(120_000);
    assert_eq!(world.relays[0].log.len(), 0);
    assert!(found(&world, 1).is_some());
}

/// On the socket that brought it, a device's own chunk does not come again. One
/// that overtook a partner's is reached together with that.
#[test]
fn who_closes_hears_of_it_though_its_own_chunk_overtook_a_partners() {
    let mut world = world(9);
    let partners = world.relays[0].log.len() as u64 + 1;
    world.relays[0].withheld.insert(partners);
    world.edit(1, "overtaken");
    world.run_for(2_000);
    world.edit(0, "own");
    world.run_for(2_000);
    world.relays[0].withheld.clear();
    world.relays[0].send_chunk(0, Cursor(partners));
    world.run_for(2_000);

    close(&mut world, 0, &[1]);
    world.run_for(2_000);
    let own = world.devices[0].id();
    assert_eq!(world.devices[0].status().closed_by, Some(own));
}

/// A device writes on after a closing that has not come to it yet.
fn write_late(world: &mut World, device: usize) {
    let closing = world.relays[0].log.len() as u64 + 1;
    world.relays[0].withheld.insert(closing);
    close(world, 0, &[1]);
    world.run_for(2_000);
    world.edit(device, "late");
    world.run_for(2_000);
    assert!(world.relays[0].log.len() as u64 > closing);
    world.relays[0].withheld.clear();
    world.relays[0].send_chunk(device, Cursor(closing));
    world.run_for(2_000);
    let by = world.devices[0].id();
    assert_eq!(world.devices[device].status().closed_by, Some(by));
}

#[test]
fn what_was_acknowledged_after_the_closing_is_not_said_to_be_at_the_relay() {
    let mut world = world(10);
    write_late(&mut world, 2);
    assert!(!world.devices[2].status().at_relay);
}

#[test]
fn no_snapshot_brings_along_what_came_after_the_closing() {
    let mut world = world(11);
    world.devices[2].snapshot_after = Some(1);
    world.crash(2);
    world.run_for(5_000);
    write_late(&mut world, 2);
    let newcomer = world.add_device();
    world.go_online(newcomer);
    world.run_for(5_000);
    assert!(world.has(newcomer, "before"));
    assert!(!world.has(newcomer, "late"));
}
