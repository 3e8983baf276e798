//! What must be true at the end of a history.

use std::collections::{BTreeMap, BTreeSet};

use sync::{
    ids::{ChangeHash, DeviceId, PlanId},
    session::Connection,
};

use super::History;
use crate::{device::Device, ledger::assert_holds, replica::Replica};

/// What everyone must have who writes one plan.
struct Expected {
    edits: Vec<ChangeHash>,
    /// As the newcomer has them.
    heads: Vec<ChangeHash>,
    content: String,
}

impl<D: Replica> History<D> {
    pub(super) fn check(&mut self) {
        let expected = self.expected();
        for index in 0..self.world.devices.len() {
            // An old version may have set aside the very chunk that closed the
            // plan, or that brought what it lacks.
            if self.world.is_old(index) {
                continue;
            }
            self.check_own_edits(index);
            self.check_whereabouts(index);
            let plan = self.world.devices[index].keys_in_use().id();
            match expected.get(&plan) {
                _ if self.is_closed(index) => {}
                Some(expected) => {
                    self.check_documents(index, expected);
                    self.check_status(index);
                }
                // No one is left who writes it.
                None => assert!(!self.world.devices[index].keys_in_use().can_write()),
            }
        }
        if self.is_plain {
            for relay in &self.world.relays {
                relay.log.assert_no_fork();
            }
        }
        self.count();
    }

    fn is_closed(&self, index: usize) -> bool {
        self.world.devices[index].status().closed_by.is_some()
    }

    /// By the plan that they are of.
    fn expected(&mut self) -> BTreeMap<PlanId, Expected> {
        let newcomers = std::mem::take(&mut self.newcomers);
        let expected = newcomers.into_iter().map(|(plan, newcomer)| {
            let authors = self.authors_of(plan);
            let forgetful = self.forgetful(plan, newcomer);
            let ledger = self.world.ledger.as_mut();
            let ledger = ledger.expect("a history is watched");
            let edits = ledger.expected_in(plan, &authors, &forgetful);
            let document = self.world.devices[newcomer].document();
            let expected = Expected {
                edits,
                heads: document.heads(),
                content: document.content(),
            };
            (plan, expected)
        });
        expected.collect()
    }

    /// Those who may have closed a plan for this one, and not have put here what
    /// stood before that: their disk has lost it. Others bring it if they read
    /// the closed log, which those may never do who were led here by the other
    /// relay.
    fn forgetful(&self, plan: PlanId, newcomer: usize) -> BTreeSet<DeviceId> {
        let ledger = self.world.ledger.as_ref();
        let is_put_again = ledger.is_some_and(|ledger| ledger.was_replaced(plan));
        let may_lack = self.addresses > 1 || is_put_again && !self.is_brought_along(plan, newcomer);
        let devices = self.world.devices.iter();
        let forgetful = devices.filter(|device| may_lack && device.was_restored);
        forgetful.map(Device::id).collect()
    }

    /// Whether someone writes a plan who can read all logs that led there, and
    /// has lost nothing of them.
    fn is_brought_along(&self, plan: PlanId, newcomer: usize) -> bool {
        let mut devices = self.world.devices.iter().enumerate();
        devices.any(|(index, device)| {
            let reads_all = !device.was_restored && !self.world.is_old(index);
            self.writes(index, plan) && index != newcomer && reads_all
        })
    }

    /// Those whose edits must be in a plan, as they write it themselves.
    fn authors_of(&self, plan: PlanId) -> BTreeSet<DeviceId> {
        let ledger = self.world.ledger.as_ref();
        let has_moved = ledger.is_some_and(|ledger| ledger.moves.closed > 0);
        let mut authors = BTreeSet::new();
        for (index, device) in self.world.devices.iter().enumerate() {
            // What a disk lost that was set back may be nowhere but after a
            // closing, or with one who was left out: no one may bring it then.
            if self.writes(index, plan) && !(has_moved && device.was_restored) {
                authors.insert(device.id());
            }
        }
        authors
    }

    fn writes(&self, index: usize, plan: PlanId) -> bool {
        let keys = self.world.devices[index].keys_in_use();
        keys.id() == plan && keys.can_write() && !self.is_closed(index)
    }

    /// Whatever became of the plan, a device keeps what it wrote.
    fn check_own_edits(&mut self, index: usize) {
        let ledger = self.world.ledger.as_ref().expect("a history is watched");
        let device = &mut self.world.devices[index];
        if device.was_restored {
            return;
        }
        let own = ledger.saved_by(device.id());
        for tab in &mut device.tabs {
            assert_holds(
                &format!("its writer, device {index},"),
                &mut tab.document,
                &own,
            );
        }
        let mut on_disk = device.document_on_disk();
        assert_holds(
            &format!("the disk of its writer, device {index},"),
            &mut on_disk,
            &own,
        );
    }

    /// A device uses the keys to which the closings lead that counted, or knows
    /// that it can't.
    fn check_whereabouts(&mut self, index: usize) {
        let room = self.world.room_of(index);
        let ledger = self.world.ledger.as_mut().expect("a history is watched");
        let device = &self.world.devices[index];
        let plan = device.keys_in_use().id();
        assert!(
            !device.is_moving(),
            "device {index} has not moved to the end"
        );
        let known = device.status().closed_by;
        // A closing that is gone with its relay was met by some and by others
        // not: they can't come together again by themselves.
        let has_lost_closings = ledger.moves.has_lost_any;
        // At two relays either may have been closed, or each by another.
        let is_one_log = self.addresses == 1 && !has_lost_closings;
        match (ledger.closed_by(room), known) {
            (None, Some(_)) => assert!(
                !is_one_log,
                "device {index} takes the plan for closed, and it is not"
            ),
            (Some(by), known) => assert!(
                known == Some(by) || known.is_some() && !is_one_log,
                "device {index} does not know who closed the plan"
            ),
            (None, None) => {}
        }
        let should = ledger.whereabouts(device.keys.id(), &device.key);
        // A disk that was set back has lost the new keys that its device made, or
        // has others, and no one can tell it the ones that counted.
        let has_lost_keys = should.has_closed && device.was_restored;
        if has_lost_closings || has_lost_keys || should.is_divided {
            return;
        }
        let goes_on_alone =
            should.may_write_until == Some(should.plan) && self.movers.contains(&index);
        assert!(
            plan == should.plan || goes_on_alone,
            "device {index} is not where the closings lead it"
        );
        if let Some(closed) = should.may_write_until
            // At two relays what one closes may be written at the other.
            && self.addresses == 1
        {
            ledger.assert_left_out(device.id(), closed);
        }
    }

    fn check_documents(&mut self, index: usize, expected: &Expected) {
        let device = &mut self.world.devices[index];
        // A reader may keep what was destroyed everywhere else, and one who may
        // only read from now on what it could not send before.
        let was_writer = device.keys.can_write() && !device.keys_in_use().can_write();
        let must_be_equal = device.keys_in_use().can_write() || self.is_plain && !was_writer;
        for tab in 0..device.tabs.len() {
            let who = format!("page {tab} of device {index}");
            let document = &mut device.tabs[tab].document;
            assert_holds(&who, document, &expected.edits);
            if must_be_equal {
                assert_eq!(document.heads(), expected.heads, "{who} has another plan");
                assert_eq!(
                    document.content(),
                    expected.content,
                    "{who} shows another plan"
                );
            }
        }
        let mut on_disk = device.document_on_disk();
        assert_holds(
            &format!("the disk of device {index}"),
            &mut on_disk,
            &expected.edits,
        );
    }

    /// Each device knows that all is well.
    fn check_status(&self, index: usize) {
        let device = &self.world.devices[index];
        let can_send = device.keys_in_use().can_write();
        let status = device.status();
        assert_eq!(status.connection, Connection::Live, "device {index}");
        assert!(
            (status.at_relay || !can_send)
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

    fn count(&mut self) {
        let ledger = self.world.ledger.as_ref().expect("a history is watched");
        let moves = &ledger.moves;
        for (what, times) in [
            ("edits", ledger.expected()),
            ("snapshots", ledger.snapshots),
            ("a plan closed", moves.closed),
            ("a closing that came second", moves.second),
            ("a device with its own new keys", moves.finished),
            ("a device that follows", moves.followed),
            ("a device left out", moves.left_out),
        ] {
            self.tally.add(what, times);
        }
        for relay in &self.world.relays {
            self.tally.add("chunks", relay.log.len());
            self.tally.add("chunks deleted", relay.log.deleted());
        }
    }
}
