//! The end of a history: all is well again, and everything must be there.

use std::collections::BTreeMap;

use sync::{ids::PlanId, keys::PlanKeys};

use super::History;
use crate::{
    device::Device,
    disk::Mood,
    replica::Replica,
    world::{Network, World},
};

impl<D: Replica> History<D> {
    /// All that was wrong is right again.
    pub(super) fn heal(&mut self) {
        let world = &mut self.world;
        world.story.tell(world.now, || "from here on all is well");
        world.network = Network::default();
        world.relay_is_up = true;
        for relay in &mut world.relays {
            relay.fail_next = None;
        }
        for device in 0..world.devices.len() {
            world.devices[device].disk.mood = Mood::Well;
            world.devices[device].idle_until = world.now;
            if world.devices[device].tabs.is_empty() {
                world.open_tab(device);
            }
        }
        // Whoever was led to new keys may find at the other relay that these were
        // closed in turn.
        while self.meet_everywhere() {}
        // Whoever is new to a plan has nothing but what the relay holds.
        self.newcomers = self
            .plans_in_use()
            .into_iter()
            .map(|keys| {
                let newcomer = self.world.add(keys.clone());
                self.world.go_online(newcomer);
                (keys.id(), newcomer)
            })
            .collect();
        let world = &mut self.world;
        world.run_for(20_000);
        for device in &mut world.devices {
            device.come_back();
        }
        world.run_for(20_000);
    }

    /// All meet at each relay, in the end at the first. Whether there were
    /// several, and someone was led to new keys.
    fn meet_everywhere(&mut self) -> bool {
        let world = &mut self.world;
        let in_use = |world: &World<D>| -> Vec<PlanId> {
            let keys = world.devices.iter().map(Device::keys_in_use);
            keys.map(PlanKeys::id).collect()
        };
        let before = in_use(world);
        for address in (0..self.addresses).rev() {
            for device in 0..world.devices.len() {
                world.move_to_relay(device, address);
                world.go_online(device);
            }
            world.run_for(100_000);
            for device in &mut world.devices {
                device.come_back();
            }
            world.run_for(100_000);
        }
        self.addresses > 1 && in_use(world) != before
    }

    /// The keys of the plans that someone can still write.
    fn plans_in_use(&self) -> Vec<PlanKeys> {
        let mut plans: BTreeMap<PlanId, PlanKeys> = BTreeMap::new();
        for device in &self.world.devices {
            let keys = device.keys_in_use();
            if keys.can_write() && device.status().closed_by.is_none() {
                plans.insert(keys.id(), keys.clone());
            }
        }
        plans.into_values().collect()
    }
}
