//! A move to new keys, as `samskriv rekey` does it, and what a device does when
//! another has moved the plan.
//!
//! Each step is durable before the next: the new keys are kept, the plan is put
//! at the relay under them, it is kept that the old log may say so, the old log
//! is closed, the new keys are used. Whoever leads after a stop goes on from what
//! the disk has.

use sync::{
    closing::{Access, Closing},
    ids::{DeviceId, PlanId},
    keys::{EditSecret, PlanKeys},
    session::{Connection, Event},
};

use super::{Device, Wish, host::TRY_AGAIN_AFTER};
use crate::{
    chance::Chance,
    disk::{Durability, Moving, Record, Refused},
    replica::Replica,
    tab::Lead,
};

/// After a stop it takes up to so long, in milliseconds, until someone asks the
/// device to go on. Till then it works under the keys that it has.
const ASKED_WITHIN: u64 = 30_000;

/// How far the page that leads has come with a move. It forgets this when it
/// dies.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// It goes on no sooner.
    not_before: u64,
    /// All of the plan is at the relay under the new keys.
    has_met: bool,
    /// The session was told to close the plan, and has heard nothing since.
    has_asked: bool,
    /// The plan is closed, and not for this device to follow.
    is_left_out: bool,
}

impl Progress {
    /// The session has heard something, and may now do what it could not before.
    pub(super) fn hears(&mut self) {
        self.has_asked = false;
    }
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Meet,
    Announce,
    Close,
    Finish,
    Follow,
}

/// What a device did about new keys.
#[derive(Debug)]
pub(crate) enum Went {
    /// Nothing could be done.
    Nowhere,
    /// The disk said that it did not take it, and the host began again.
    Refused,
    /// It puts the plan at the relay under the new keys.
    Meets,
    /// The plan is there, and the old log is closed next.
    Announces,
    /// The session was told to close the old log in favour of a plan.
    Closes(Closing, PlanId, Vec<Wish>),
    /// Its own new keys are in use.
    Finishes,
    /// Another's new keys are in use.
    Follows,
    /// The plan is closed, and it can't follow.
    IsLeftOut,
}

impl<D: Replica> Device<D> {
    /// The keys that the device uses now.
    pub fn keys_in_use(&self) -> &PlanKeys {
        self.disk.contents().keys.as_ref().unwrap_or(&self.keys)
    }

    /// The plans whose keys the device has.
    pub(crate) fn plans(&self) -> impl Iterator<Item = PlanId> {
        let moving = self.disk.contents().moving.as_ref();
        let moving = moving.map(|moving| moving.keys.id());
        [self.keys.id(), self.keys_in_use().id()]
            .into_iter()
            .chain(moving)
    }

    /// Whether a move to new keys is under way.
    pub fn is_moving(&self) -> bool {
        self.disk.contents().moving.is_some()
    }

    /// Whether a move may begin: this device and the relay have the same, and
    /// nothing is known to be lacking. Nor does a device that can't read some
    /// chunks move the plan away from them.
    pub(crate) fn may_begin_move(&self) -> bool {
        let Some(lead) = self.tabs.first().and_then(|tab| tab.lead.as_ref()) else {
            return false;
        };
        let status = lead.session.status();
        self.keys_in_use().can_write()
            && !self.is_moving()
            && lead.is_at_one()
            && !status.missing
            && status.closed_by.is_none()
            && status.set_aside == 0
    }

    /// Begins a move: the new keys are kept.
    ///
    /// # Errors
    /// When the disk says that it did not take them. They may be there all the
    /// same, and then the move goes on.
    pub(crate) fn begin_move(
        &mut self,
        chosen: Vec<(DeviceId, Access)>,
        chance: &mut Chance,
    ) -> Result<(), Refused> {
        let secret = EditSecret::generate(&mut *chance.entropy());
        let moving = Moving {
            keys: PlanKeys::edit(secret),
            chosen,
            saved: Default::default(),
            is_announced: false,
        };
        let record = Record::BeginMove(Box::new(moving));
        self.disk.write(record, Durability::Strict, chance)
    }

    /// Until when the page that leads leaves a move alone.
    pub(crate) fn goes_on_at(&self) -> Option<u64> {
        let lead = self.tabs.first()?.lead.as_ref()?;
        self.is_moving().then_some(lead.progress.not_before)
    }

    /// Whether there is a next step about new keys that can be done now.
    pub(crate) fn can_go_on(&self, now: u64) -> bool {
        self.next_step(now).is_some()
    }

    fn next_step(&self, now: u64) -> Option<Step> {
        let lead = self.tabs.first()?.lead.as_ref()?;
        let (session, progress) = (&lead.session, &lead.progress);
        if !self.follows || now < self.idle_until.max(progress.not_before) {
            return None;
        }
        let moving = self.disk.contents().moving.as_ref();
        if moving.is_some_and(|moving| moving.keys.id() == session.keys().id()) {
            // Under the new keys the plan may be closed in turn, by one who
            // followed before this device knew that it had closed the old log.
            let is_there = lead.is_at_one() || session.closed().is_some();
            return is_there.then_some(Step::Announce);
        }
        let closed = session.closed();
        if let Some(closed) = closed {
            if closed.by == self.id() && moving.is_some() {
                return Some(Step::Finish);
            }
            if !progress.is_left_out {
                return Some(Step::Follow);
            }
        }
        match (moving?, closed) {
            _ if !progress.has_met => Some(Step::Meet),
            // No one follows by themselves.
            (_, Some(_)) => Some(Step::Finish),
            (_, None) => (lead.is_at_one() && !progress.has_asked).then_some(Step::Close),
        }
    }

    /// Does the next step.
    pub(crate) fn go_on(&mut self, now: u64, chance: &mut Chance) -> Went {
        // What was typed meanwhile counts as the rest of the document does.
        if self.save(0, now, chance).is_err() {
            return Went::Nowhere;
        }
        match self.next_step(now) {
            None => Went::Nowhere,
            Some(Step::Meet) => self.meet(now, chance),
            Some(Step::Announce) => self.announce(now, chance),
            Some(Step::Close) => self.close(now, chance),
            Some(Step::Finish) => self.change_keys(Record::FinishMove, Went::Finishes, now, chance),
            Some(Step::Follow) => self.follow(now, chance),
        }
    }

    fn meet(&mut self, now: u64, chance: &mut Chance) -> Went {
        if let Some(moving) = &self.disk.contents().moving {
            let keys = moving.keys.clone();
            self.lead_under(keys, Progress::default(), now, chance);
        }
        Went::Meets
    }

    fn announce(&mut self, now: u64, chance: &mut Chance) -> Went {
        let went = self.change_keys(Record::AnnounceMove, Went::Announces, now, chance);
        if let (Went::Announces, Some(lead)) = (&went, self.lead_mut()) {
            lead.progress = Progress {
                has_met: true,
                ..Progress::default()
            };
        }
        went
    }

    fn close(&mut self, now: u64, chance: &mut Chance) -> Went {
        let Some(moving) = &self.disk.contents().moving else {
            return Went::Nowhere;
        };
        let new = moving.keys.id();
        let closing = Closing::make(
            &self.keys_in_use().id(),
            &self.id(),
            &moving.keys,
            moving.chosen.iter().copied(),
            &mut *chance.entropy(),
        );
        let wishes = self.hear(Event::Close(closing.clone()), now);
        if let Some(lead) = self.lead_mut() {
            lead.progress.has_asked = true;
        }
        Went::Closes(closing, new, wishes)
    }

    fn follow(&mut self, now: u64, chance: &mut Chance) -> Went {
        let session = self.session();
        let closed = session.closed();
        let new = closed.and_then(|closed| closed.open(session.keys(), &self.key));
        match (new, self.lead_mut()) {
            (Some(new), _) => {
                let record = Record::UseKeys(Box::new(new));
                self.change_keys(record, Went::Follows, now, chance)
            }
            (None, Some(lead)) => {
                lead.progress.is_left_out = true;
                Went::IsLeftOut
            }
            (None, None) => Went::Nowhere,
        }
    }

    /// Writes a record about keys, and begins again with what the disk then has:
    /// so does a host to which the disk says that it did not take it.
    fn change_keys(&mut self, record: Record, went: Went, now: u64, chance: &mut Chance) -> Went {
        let written = self.disk.write(record, Durability::Strict, chance);
        self.tabs[0].lead = None;
        self.take_the_lead(now, chance);
        match written {
            Ok(()) => went,
            Err(Refused) => {
                self.idle_until = now + TRY_AGAIN_AFTER;
                Went::Refused
            }
        }
    }

    /// How a page begins that finds a move under way, or none.
    pub(super) fn progress_at_start(&self, now: u64, chance: &mut Chance) -> Progress {
        let pause = match self.is_moving() {
            true => chance.time_below(ASKED_WITHIN),
            false => 0,
        };
        Progress {
            not_before: now + pause,
            ..Progress::default()
        }
    }
}

impl Lead {
    /// Whether this device and the relay have the same, as far as is known, and
    /// nothing waits.
    fn is_at_one(&self) -> bool {
        let status = self.session.status();
        status.connection == Connection::Live
            && status.at_relay
            && status.waiting == 0
            && status.refused.is_empty()
            && self.todo.is_empty()
            && self.merged.is_empty()
    }
}
