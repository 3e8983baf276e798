//! One save at a time, and none lost.

use super::{
    Effect, Save, SaveId, Session,
    timers::{SAVE_AGAIN_AFTER, start, take_due},
};

/// What is to be saved and what is being saved.
#[derive(Debug, Default)]
pub(super) struct Saving {
    needed: bool,
    removed: Vec<u64>,
    in_flight: Option<InFlight>,
    last_id: u64,
    failing: bool,
}

#[derive(Debug)]
struct InFlight {
    id: SaveId,
    removed: Vec<u64>,
}

impl Saving {
    /// The state has changed.
    pub(super) fn needed(&mut self) {
        self.needed = true;
    }

    /// A chunk need be kept no longer.
    pub(super) fn remove(&mut self, number: u64) {
        self.removed.push(number);
        self.needed = true;
    }

    pub(super) fn is_failing(&self) -> bool {
        self.failing
    }
}

impl Session {
    /// Asks for a save if one is needed, none is under way, and the last did
    /// not just fail.
    pub(super) fn save(&mut self, now: u64) {
        if take_due(&mut self.timers.save, now) {
            self.saving.needed = true;
        }
        let wanted = self.saving.needed || self.outbox.has_sealed();
        if !wanted || self.saving.in_flight.is_some() || self.timers.save.is_some() {
            return;
        }
        self.saving.needed = false;
        self.saving.last_id += 1;
        let id = SaveId(self.saving.last_id);
        let removed = std::mem::take(&mut self.saving.removed);
        self.effects.push(Effect::Save(Save {
            id,
            state: self.state.to_bytes(),
            put: self.outbox.begin_save(),
            remove: removed.clone(),
        }));
        self.saving.in_flight = Some(InFlight { id, removed });
    }

    pub(super) fn saved(&mut self, id: SaveId) {
        if self
            .saving
            .in_flight
            .take_if(|save| save.id == id)
            .is_some()
        {
            self.saving.failing = false;
            self.outbox.end_save(true);
        }
    }

    pub(super) fn save_failed(&mut self, id: SaveId, now: u64) {
        if let Some(save) = self.saving.in_flight.take_if(|save| save.id == id) {
            self.saving.failing = true;
            self.saving.removed.extend(save.removed);
            self.outbox.end_save(false);
            start(&mut self.timers.save, now + SAVE_AGAIN_AFTER);
        }
    }
}
