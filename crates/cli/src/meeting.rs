//! Meets all of a plan's relays, one after the other, until each that can be
//! reached has all of the plan.

use sync::{
    closing::Closing,
    keys::PlanKeys,
    relay_url::RelayUrl,
    relays::{self, Together},
    session::{Closed, Connection, Status},
};

use crate::{
    exchange::{self, Ended, Outcome},
    failure::Failure,
    plan_file::PlanFile,
};

/// How often the relays are gone through. The second time carries what a later
/// one brought to those before it; more are for partners who write meanwhile.
const ROUNDS: usize = 4;

/// What came of meeting a plan's relays.
#[derive(Debug, Default)]
pub struct Meeting {
    /// In the order in which they were met first.
    pub relays: Vec<(RelayUrl, Met)>,
    /// Those that this device meets no more from now on.
    pub left: Vec<RelayUrl>,
    /// What holds of them all now.
    pub together: Together,
}

/// What came of meeting one relay.
#[derive(Debug)]
pub enum Met {
    Exchanged(Box<Outcome>),
    /// It is a relay that was met by this other address.
    SameAs(RelayUrl),
    /// Not reached, or not answered as a relay does.
    Failed(Failure),
}

/// The relays at which to meet: this device's own, and those the plan names.
pub fn relays_of(plan: &PlanFile) -> Vec<RelayUrl> {
    relays::to_meet(plan.keys.sessions.relays(), plan.doc.relays())
}

/// Meets them all. A relay that fails stops no other. With a closing, the plan
/// is closed at each that is reached.
pub async fn run(
    plan: &mut PlanFile,
    keys: &PlanKeys,
    closing: Option<&Closing>,
) -> Result<Meeting, Failure> {
    let mut meeting = Meeting::default();
    for _ in 0..ROUNDS {
        // Those that the plan names may have come from one before.
        let mut is_over = true;
        for relay in relays_of(plan) {
            if meeting.is_to_be_met(&relay, plan, keys) {
                meeting.meet(plan, keys, relay, closing).await?;
                is_over = false;
            }
        }
        if is_over {
            break;
        }
    }
    meeting.conclude(plan, keys)?;
    Ok(meeting)
}

impl Meeting {
    async fn meet(
        &mut self,
        plan: &mut PlanFile,
        keys: &PlanKeys,
        relay: RelayUrl,
        closing: Option<&Closing>,
    ) -> Result<(), Failure> {
        let met = loop {
            match exchange::run(plan, keys, &relay, closing).await {
                Ok(Ended::Exchanged(outcome)) => break exchanged(&relay, outcome),
                // That a relay names another's log is its own word. So the
                // address by which the log is known goes first, and only where
                // it fails is this one taken for the place that it moved to.
                Ok(Ended::SameAs(other)) => match self.met(&other) {
                    None => return Ok(()),
                    Some(Met::Failed(_)) => {
                        let sessions = plan.keys.sessions_of(keys.id());
                        sessions.hand_over(&other, &relay);
                    }
                    Some(Met::Exchanged(_) | Met::SameAs(_)) => break Met::SameAs(other),
                },
                Err(failure @ Failure::Unreachable { .. }) => break Met::Failed(failure),
                Err(failure) => return Err(failure),
            }
        };
        self.note(relay, met);
        Ok(())
    }

    fn met(&self, relay: &RelayUrl) -> Option<&Met> {
        let mut relays = self.relays.iter();
        relays.find(|(known, _)| known == relay).map(|(_, met)| met)
    }

    fn is_to_be_met(&self, relay: &RelayUrl, plan: &mut PlanFile, keys: &PlanKeys) -> bool {
        match self.met(relay) {
            None => true,
            Some(Met::Exchanged(outcome)) => {
                let is_behind = outcome.heads != plan.doc.heads();
                let status = &outcome.status;
                let helps =
                    keys.can_write() && status.refused.is_empty() && outcome.closed.is_none();
                is_behind && (helps || status.missing)
            }
            Some(_) => false,
        }
    }

    /// The relays with which changes were exchanged.
    pub fn outcomes(&self) -> impl Iterator<Item = (&RelayUrl, &Outcome)> {
        self.relays.iter().filter_map(|(relay, met)| match met {
            Met::Exchanged(outcome) => Some((relay, &**outcome)),
            Met::SameAs(_) | Met::Failed(_) => None,
        })
    }

    /// The relays that failed.
    pub fn unreached(&self) -> impl Iterator<Item = &RelayUrl> {
        let failed = |met: &Met| matches!(met, Met::Failed(_));
        let relays = self.relays.iter().filter(move |(_, met)| failed(met));
        relays.map(|(relay, _)| relay)
    }

    /// That the plan is closed under these keys, as the first relay has it.
    pub fn closed(&self) -> Option<Closed> {
        let mut outcomes = self.outcomes();
        outcomes.find_map(|(_, outcome)| outcome.closed.clone())
    }

    /// Why the first relay that failed did.
    pub fn into_failure(self) -> Option<Failure> {
        let mut relays = self.relays.into_iter();
        relays.find_map(|(_, met)| match met {
            Met::Failed(failure) => Some(failure),
            Met::Exchanged(_) | Met::SameAs(_) => None,
        })
    }

    /// Adds to what came of an earlier round.
    fn note(&mut self, relay: RelayUrl, met: Met) {
        match self.relays.iter_mut().find(|(known, _)| *known == relay) {
            None => self.relays.push((relay, met)),
            Some((_, known)) => {
                *known = match (std::mem::replace(known, Met::SameAs(relay)), met) {
                    (Met::Exchanged(before), Met::Exchanged(mut after)) => {
                        after.received += before.received;
                        after.sent += before.sent;
                        after.left_over = before.left_over;
                        after.set_aside.splice(..0, before.set_aside);
                        Met::Exchanged(after)
                    }
                    (_, met) => met,
                };
            }
        }
    }

    /// Says what holds now, and leaves the relays that may be left.
    fn conclude(&mut self, plan: &mut PlanFile, keys: &PlanKeys) -> Result<(), Failure> {
        let heads = plan.doc.heads();
        let gone = Status::default();
        let statuses = self.relays.iter().map(|(relay, met)| {
            let status = match self.outcome_behind(met) {
                Some(outcome) if outcome.heads == heads => &outcome.status,
                _ => &gone,
            };
            (relay, status)
        });
        self.together = Together::of(statuses);
        let named = plan.doc.relays();
        let sessions = plan.keys.sessions_of(keys.id());
        self.left = relays::to_leave(sessions.relays(), named, &self.together);
        for relay in &self.left {
            let is_heir = |(heir, met): &&(RelayUrl, Met)| {
                matches!(met, Met::SameAs(other) if other == relay) && !self.left.contains(heir)
            };
            if let Some((heir, _)) = self.relays.iter().find(is_heir) {
                sessions.hand_over(relay, heir);
            }
            sessions.leave(relay);
        }
        if !self.left.is_empty() {
            plan.save_keys()?;
        }
        Ok(())
    }

    fn outcome_behind<'a>(&'a self, met: &'a Met) -> Option<&'a Outcome> {
        match met {
            Met::Exchanged(outcome) => Some(outcome),
            Met::SameAs(other) => {
                let mut outcomes = self.outcomes();
                let (_, outcome) = outcomes.find(|(relay, _)| *relay == other)?;
                Some(outcome)
            }
            Met::Failed(_) => None,
        }
    }
}

fn exchanged(relay: &RelayUrl, outcome: Box<Outcome>) -> Met {
    match outcome.status.connection {
        Connection::Stopped(reason) => Met::Failed(Failure::Stopped {
            relay: relay.clone(),
            reason,
        }),
        _ => Met::Exchanged(outcome),
    }
}
