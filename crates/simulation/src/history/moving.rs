//! Moves to new keys, as people begin them.

use sync::{closing::Access, ids::DeviceId, keys::PlanKeys};

use super::History;
use crate::{replica::Replica, world::plan_keys};

impl<D: Replica> History<D> {
    /// Someone moves the plan to new keys, and now and then another at once.
    pub(super) fn change_keys(&mut self) {
        let at_once = match self.world.chance.one_in(2) {
            true => 2,
            false => 1,
        };
        for _ in 0..at_once {
            let devices = self.world.devices.iter().enumerate();
            // Who can't read some chunks could not bring along what is in them.
            let ready = devices
                .filter(|(index, device)| device.may_begin_move() && !self.world.is_old(*index));
            let ready: Vec<usize> = ready.map(|(device, _)| device).collect();
            if ready.is_empty() {
                return;
            }
            let device = ready[self.world.chance.below(ready.len())];
            let chosen = self.choose(device);
            self.world.begin_move(device, chosen);
            self.movers.insert(device);
            self.tally.add("a move to new keys", 1);
        }
    }

    /// Some are to write, some to read, some are not chosen.
    fn choose(&mut self, by: usize) -> Vec<(DeviceId, Access)> {
        let world = &mut self.world;
        let mut chosen = Vec::new();
        for (other, device) in world.devices.iter().enumerate() {
            let access = match world.chance.below(6) {
                0..4 if device.keys_in_use().can_write() => Access::Write,
                0..5 => Access::Read,
                _ => continue,
            };
            if other != by {
                chosen.push((device.id(), access));
            }
        }
        chosen
    }

    /// The keys of a link that one of the devices hands out.
    pub(super) fn link(&mut self) -> PlanKeys {
        let devices = self.world.devices.iter().map(|device| device.keys_in_use());
        let links: Vec<_> = devices.filter(|keys| keys.can_write()).collect();
        match links.len() {
            0 => plan_keys(),
            some => links[self.world.chance.below(some)].clone(),
        }
    }
}
