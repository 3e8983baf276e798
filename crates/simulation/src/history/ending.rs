//! The end of a history: all is well again, and everything must be there.

use sync::session::Connection;

use super::History;
use crate::{disk::Mood, replica::Replica, world::Network};

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
        // All meet at each relay, in the end at the first.
        for relay in (0..world.relays.len()).rev() {
            for device in 0..world.devices.len() {
                world.move_to_relay(device, relay);
                world.go_online(device);
            }
            world.run_for(100_000);
            for device in &mut world.devices {
                device.come_back();
            }
            world.run_for(100_000);
        }
        // Whoever is new has nothing but what the relay holds.
        let newcomer = world.add_device();
        world.go_online(newcomer);
        world.run_for(20_000);
        for device in &mut world.devices {
            device.come_back();
        }
        world.run_for(20_000);
    }

    pub(super) fn check(&mut self) {
        let world = &mut self.world;
        let ledger = world.ledger.as_ref().expect("a history is watched");
        let newcomer = world.devices.len() - 1;
        let heads = world.devices[newcomer].document().heads();
        let content = world.devices[newcomer].document().content();
        for index in 0..world.devices.len() {
            if world.is_old(index) {
                continue;
            }
            let device = &mut world.devices[index];
            // A reader may keep what was destroyed everywhere else.
            let must_be_equal = self.is_plain || device.keys.can_write();
            for tab in 0..device.tabs.len() {
                let who = format!("page {tab} of device {index}");
                let document = &mut device.tabs[tab].document;
                ledger.assert_holds_all(&who, document);
                if must_be_equal {
                    assert_eq!(document.heads(), heads, "{who} has another plan");
                    assert_eq!(document.content(), content, "{who} shows another plan");
                }
            }
            let mut on_disk = device.document_on_disk();
            ledger.assert_holds_all(&format!("the disk of device {index}"), &mut on_disk);
            let status = device.status();
            assert_eq!(status.connection, Connection::Live, "device {index}");
            assert!(
                (status.at_relay || !must_be_equal)
                    && status.waiting == 0
                    && status.refused.is_empty()
                    && !status.missing
                    && !status.save_failing,
                "device {index} does not know that all is well: {status:?}"
            );
            if self.is_plain {
                assert!(status.gaps.is_empty(), "device {index}: {:?}", status.gaps);
                assert!(
                    status.forks.is_empty(),
                    "device {index}: {:?}",
                    status.forks
                );
                assert_eq!(status.set_aside, 0, "device {index}");
            }
        }
        if self.is_plain {
            world.relays[0].log.assert_no_fork();
        }
        self.tally.add("edits", ledger.expected());
        self.tally.add("snapshots", ledger.snapshots);
        for relay in &world.relays {
            self.tally.add("chunks", relay.log.len());
            self.tally.add("chunks deleted", relay.log.deleted());
        }
    }
}
