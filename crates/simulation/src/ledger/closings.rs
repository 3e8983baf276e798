//! Where moves to new keys lead, as one sees it who reads all logs.

use std::collections::BTreeSet;

use sync::{
    closing::Closing,
    ids::{ChangeHash, DeviceId, PlanId},
    keys::{DeviceKey, PlanKeys},
};

use super::{AtRelay, Ledger, at_relay::ClosedBy};
use crate::{device::Went, replica::Replica};

/// How far moves to new keys have come, and how often.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    /// Each closing that was made, and the plan to which it leads.
    made: Vec<(Closing, PlanId)>,
    /// Whether a closing was lost with its relay's store.
    pub(crate) has_lost_any: bool,
    /// Plans that were closed.
    pub(crate) closed: usize,
    /// Closings that came second.
    pub(crate) second: usize,
    /// Devices that began to use the keys they had made.
    pub(crate) finished: usize,
    /// Devices that began to use another's.
    pub(crate) followed: usize,
    /// Devices that could not follow.
    pub(crate) left_out: usize,
}

impl Moves {
    /// A relay has stored a closing.
    pub(super) fn closing_stored(&mut self, was_closed: bool) {
        match was_closed {
            true => self.second += 1,
            false => self.closed += 1,
        }
    }

    /// The plan to which a closing leads.
    fn lead_to(&self, closing: &Closing) -> PlanId {
        let mut made = self.made.iter();
        let (_, plan) = made
            .find(|(known, _)| known == closing)
            .expect("who closes a plan was seen to");
        *plan
    }
}

/// Where a device has to be in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whereabouts {
    /// The plan whose keys it uses.
    pub(crate) plan: PlanId,
    /// The plan whose closing leaves it out, or lets it only read.
    pub(crate) may_write_until: Option<PlanId>,
    /// Whether it made one of the closings by which it got there.
    pub(crate) has_closed: bool,
    /// At two relays another closing came first: two plans go on.
    pub(crate) is_divided: bool,
}

impl<D: Replica> Ledger<D> {
    /// A device has gone a step with new keys.
    pub(crate) fn went(&mut self, went: &Went) {
        match went {
            Went::Closes(closing, plan, _) => self.moves.made.push((closing.clone(), *plan)),
            Went::Finishes => self.moves.finished += 1,
            Went::Follows => self.moves.followed += 1,
            Went::IsLeftOut => self.moves.left_out += 1,
            Went::Nowhere | Went::Refused | Went::Meets | Went::Announces => {}
        }
    }

    /// Where a device that joined with some keys has to be in the end.
    pub(crate) fn whereabouts(&self, joined: PlanId, device: &DeviceKey) -> Whereabouts {
        let mut here = Whereabouts {
            plan: joined,
            may_write_until: None,
            has_closed: false,
            is_divided: false,
        };
        loop {
            let plan = here.plan;
            let Some(closed) = self.closings_of(plan).next() else {
                return here;
            };
            let next = self.moves.lead_to(&closed.closing);
            if self.is_divided(plan) {
                here.is_divided = true;
                return here;
            }
            if closed.device == device.id() {
                here.has_closed = true;
                here.plan = next;
                continue;
            }
            let keys = closed.closing.open(&plan, &closed.device, device);
            if keys.as_ref().is_some_and(PlanKeys::can_write) {
                here.may_write_until = None;
            } else {
                here.may_write_until.get_or_insert(plan);
            }
            if keys.is_none() {
                return here;
            }
            here.plan = next;
        }
    }

    /// Who closed a plan at a relay.
    pub(crate) fn closed_by(&self, room: usize) -> Option<DeviceId> {
        let closed = self.at_relay[room].closed.as_ref();
        closed.map(|closed| closed.device)
    }

    fn closings_of(&self, plan: PlanId) -> impl Iterator<Item = &ClosedBy<D>> {
        let logs = self.at_relay.iter();
        let logs = logs.filter(move |at_relay| at_relay.keys().id() == plan);
        logs.filter_map(|at_relay| at_relay.closed.as_ref())
    }

    /// The plans to which closings lead.
    pub(super) fn led_to(&self) -> BTreeSet<PlanId> {
        let closed = self.at_relay.iter().filter_map(|log| log.closed.as_ref());
        closed
            .map(|closed| self.moves.lead_to(&closed.closing))
            .collect()
    }

    /// Whether at two relays another closing came first.
    fn is_divided(&self, plan: PlanId) -> bool {
        let closings = self.closings_of(plan);
        let leads = closings.map(|closed| self.moves.lead_to(&closed.closing));
        leads.collect::<BTreeSet<_>>().len() > 1
    }

    /// Whether a plan's log was ever lost, or set back.
    pub(crate) fn was_replaced(&self, plan: PlanId) -> bool {
        let mut logs = self.at_relay.iter();
        logs.any(|log| log.keys().id() == plan && log.was_replaced())
    }

    /// The edits that must be in a plan in the end: what these authors called
    /// saved, and what stands before the closings that lead there, but for those
    /// of some devices.
    pub(crate) fn expected_in(
        &mut self,
        plan: PlanId,
        authors: &BTreeSet<DeviceId>,
        but_for: &BTreeSet<DeviceId>,
    ) -> Vec<ChangeHash> {
        let before = self.plans_before(plan);
        let logs = self.at_relay.iter_mut();
        let mut logs: Vec<&mut D> = logs
            .filter(|log| {
                let closed = log.closed.as_ref();
                closed.is_some_and(|closed| !but_for.contains(&closed.device))
                    && before.contains(&log.keys().id())
            })
            .map(AtRelay::counted)
            .collect();
        let saved = self.saved.iter();
        saved
            .filter(|(edit, by)| {
                !authors.is_disjoint(by) || logs.iter_mut().any(|log| log.has(edit))
            })
            .map(|(edit, _)| *edit)
            .collect()
    }

    /// What a device has called saved.
    pub(crate) fn saved_by(&self, author: DeviceId) -> Vec<ChangeHash> {
        let saved = self.saved.iter();
        saved
            .filter(|(_, by)| by.contains(&author))
            .map(|(edit, _)| *edit)
            .collect()
    }

    /// What only a device wrote that a closing left out is nowhere under the new
    /// keys, unless it stood before the closing, or in a log that is no more.
    pub(crate) fn assert_left_out(&mut self, author: DeviceId, closed: PlanId) {
        let mut late = self.saved_by(author);
        late.retain(|edit| self.saved[edit].len() == 1);
        for log in &mut self.at_relay {
            if log.keys().id() == closed {
                late.retain(|edit| !log.ever_counted(edit));
            }
        }
        let after = self.plans_after(closed);
        for log in &mut self.at_relay {
            if after.contains(&log.keys().id()) {
                let leaked = late.iter().filter(|edit| log.all().has(edit)).count();
                assert_eq!(
                    leaked,
                    0,
                    "what {} wrote after the closing of {} is under the new keys",
                    author.short(),
                    closed.short()
                );
            }
        }
    }

    /// The plans that were closed in favour of this one, or of one before it.
    fn plans_before(&self, plan: PlanId) -> BTreeSet<PlanId> {
        self.reached_from(plan, |(from, to)| (to, from))
    }

    /// The plans in favour of which this one was closed, and so on.
    fn plans_after(&self, plan: PlanId) -> BTreeSet<PlanId> {
        self.reached_from(plan, |(from, to)| (from, to))
    }

    fn reached_from(
        &self,
        plan: PlanId,
        turn: impl Fn((PlanId, PlanId)) -> (PlanId, PlanId),
    ) -> BTreeSet<PlanId> {
        let logs = self.at_relay.iter();
        let moves = logs.filter_map(|log| {
            let (from, closed) = (log.keys().id(), log.closed.as_ref()?);
            let to = self.moves.lead_to(&closed.closing);
            (!self.is_divided(from)).then_some(turn((from, to)))
        });
        let moves: Vec<_> = moves.collect();
        let mut reached = BTreeSet::new();
        let mut open = vec![plan];
        while let Some(from) = open.pop() {
            let next = moves.iter().filter(|(one, _)| *one == from);
            open.extend(
                next.map(|(_, other)| *other)
                    .filter(|to| reached.insert(*to)),
            );
        }
        reached
    }
}
