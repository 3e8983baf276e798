//! What the host of a session does: it saves, merges, and tells the session what
//! came of it. The app does so in `src/device/sync_task/` and
//! `src/document/persist.rs`, the command line in `crates/cli/src/exchange.rs`.

use sync::{
    envelope::Envelope,
    frame::ClientFrame,
    session::{Effect, Event, Received, Save},
};

use super::{Device, Host, Wish};
use crate::{
    chance::Chance,
    disk::{Disk, Durability, Record, Refused},
    replica::Replica,
    tab::{Saved, Todo},
};

/// What the disk did not take is tried again after so long, in milliseconds.
pub(super) const TRY_AGAIN_AFTER: u64 = 3_000;

impl<D: Replica> Device<D> {
    /// Saves what a page has, tells the others, and tells the session.
    ///
    /// # Errors
    /// When the disk did not take it. It stays in the page, and the session
    /// hears nothing until it is saved.
    pub fn save(&mut self, tab: usize, now: u64, chance: &mut Chance) -> Result<(), Refused> {
        let page = &mut self.tabs[tab];
        page.save_at = None;
        let saved = match self.host {
            Host::CommandLine if !page.is_saved() => page.write_whole(&mut self.disk, chance),
            _ => page.flush(&mut self.disk, chance),
        };
        match saved {
            Ok(saved) => {
                if !(saved.parts.is_empty() && saved.edits.is_empty()) {
                    self.after_save(tab, saved, chance);
                }
                Ok(())
            }
            Err(refused) => {
                self.tabs[tab].save_at = Some(now + TRY_AGAIN_AFTER);
                self.idle_until = self.idle_until.max(match tab {
                    0 => now + TRY_AGAIN_AFTER,
                    _ => 0,
                });
                Err(refused)
            }
        }
    }

    fn after_save(&mut self, tab: usize, saved: Saved, chance: &mut Chance) {
        self.newly_saved.extend(saved.edits);
        self.tell_other_tabs(tab, &saved.parts, chance);
        if tab == 0 {
            self.tell(Event::LocalChange);
        }
    }

    fn tell_other_tabs(&mut self, from: usize, parts: &[Vec<u8>], chance: &mut Chance) {
        for (other, tab) in self.tabs.iter_mut().enumerate() {
            // A page that is frozen or was just opened may miss it.
            if other != from && !chance.one_in(20) {
                tab.heard.push_back(parts.to_vec());
            }
        }
    }

    /// A page looks at what another has told of.
    pub(crate) fn listen(&mut self, tab: usize) {
        let page = &mut self.tabs[tab];
        if let Some(parts) = page.heard.pop_front() {
            page.merge_saved(&parts);
            if tab == 0 {
                self.tell(Event::LocalChange);
            }
        }
    }

    /// Whether there is something that can be done now.
    pub(crate) fn has_todo(&self, now: u64) -> bool {
        let lead = self.tabs.first().and_then(|tab| tab.lead.as_ref());
        now >= self.idle_until && lead.is_some_and(|lead| !lead.todo.is_empty())
    }

    /// When something is next due by this device's own clocks.
    pub(crate) fn next_due(&self) -> Option<u64> {
        let saves = self.tabs.iter().filter_map(|tab| tab.save_at);
        let next = saves.chain(self.wake_at()).min()?;
        Some(next.max(self.idle_until))
    }

    /// Does what is due by this device's own clocks.
    pub(crate) fn ring(&mut self, now: u64, chance: &mut Chance) {
        if now < self.idle_until {
            return;
        }
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].save_at.is_some_and(|at| at <= now) {
                // What the disk refuses is tried again.
                let _ = self.save(tab, now, chance);
            }
        }
        if let Some(lead) = self.lead_mut()
            && lead.wake_at.take_if(|at| *at <= now).is_some()
        {
            self.tell(Event::Tick);
        }
    }

    /// Does one of the things to do.
    pub(crate) fn work(&mut self, now: u64, chance: &mut Chance) -> Vec<Wish> {
        // Saved before sent: the session sees only what is durable.
        if self.save(0, now, chance).is_err() {
            return Vec::new();
        }
        let scattered = self.host == Host::Scattered;
        let Some(lead) = self.lead_mut() else {
            return Vec::new();
        };
        let which = if scattered {
            chance.below(lead.todo.len().max(1))
        } else {
            0
        };
        match lead.todo.remove(which) {
            Some(Todo::Tell(event)) => return self.hear(event, now),
            Some(todo) => {
                if let Some(todo) = self.carry_out(todo, chance) {
                    // The rest waits for it.
                    self.idle_until = now + TRY_AGAIN_AFTER;
                    if let Some(lead) = self.lead_mut() {
                        lead.todo.push_front(todo);
                    }
                }
            }
            None => {}
        }
        Vec::new()
    }

    /// What the disk did not take and must be tried again, if so.
    fn carry_out(&mut self, todo: Todo, chance: &mut Chance) -> Option<Todo> {
        match todo {
            Todo::Save(save) => {
                if !self.lead().merged.is_empty() && self.write_merged(chance).is_err() {
                    return Some(Todo::Save(save));
                }
                self.save_session(save, chance);
                None
            }
            Todo::Apply(received) => self.apply(received, chance),
            Todo::WriteMerged => {
                let refused = self.write_merged(chance).is_err();
                refused.then_some(Todo::WriteMerged)
            }
            Todo::Compact(compaction) => {
                // If it fails, all is as it was.
                let _ = self.tabs[0].finish_compaction(compaction, &mut self.disk, chance);
                None
            }
            Todo::Tell(_) => unreachable!("told above"),
        }
    }

    fn save_session(&mut self, save: Save, chance: &mut Chance) {
        let id = save.id;
        let plan = self.session().keys().id();
        let record = Record::Sync { plan, save };
        let written = self.disk.write(record, Durability::Strict, chance);
        match written {
            Ok(()) => self.tell(Event::Saved(id)),
            Err(Refused) => self.tell(Event::SaveFailed(id)),
        }
    }

    fn apply(&mut self, received: Received, chance: &mut Chance) -> Option<Todo> {
        let tab = &mut self.tabs[0];
        let taken = match self.host {
            Host::CommandLine => Ok(tab.document.merge(&received.changes)),
            _ => tab.take(&received, &mut self.disk, chance),
        };
        match taken {
            Ok(true) if self.host == Host::CommandLine => {
                if let Some(lead) = self.lead_mut() {
                    lead.merged.push(received.id);
                    lead.todo.push_back(Todo::WriteMerged);
                }
            }
            Ok(true) => {
                self.tell(Event::Applied(received.id));
                self.tell_other_tabs(0, &received.changes, chance);
                self.compact_if_long();
            }
            Ok(false) => self.tell(Event::Rejected(received.id)),
            Err(Refused) => return Some(Todo::Apply(received)),
        }
        self.vouched += received.vouches.len();
        None
    }

    fn compact_if_long(&mut self) {
        let tab = &mut self.tabs[0];
        if tab.entries() > self.compact_above {
            let compaction = tab.begin_compaction();
            if let Some(lead) = self.lead_mut() {
                lead.todo.push_back(Todo::Compact(compaction));
            }
        }
    }

    /// Writes the file, and answers for all that was merged into it.
    fn write_merged(&mut self, chance: &mut Chance) -> Result<(), Refused> {
        let saved = self.tabs[0].write_whole(&mut self.disk, chance)?;
        self.newly_saved.extend(saved.edits);
        if let Some(lead) = self.lead_mut() {
            for id in std::mem::take(&mut lead.merged) {
                lead.todo.push_back(Todo::Tell(Event::Applied(id)));
            }
        }
        Ok(())
    }

    /// Of what waits to be written, the first may be on the disk already when a
    /// page dies, though its session never heard so.
    pub(super) fn finish_a_write(&mut self, chance: &mut Chance) {
        let first = self.lead_mut().and_then(|lead| lead.todo.pop_front());
        if let Some(todo) = first
            && !matches!(todo, Todo::Tell(_))
            && chance.one_in(2)
        {
            // If it is not written, it is lost with the page.
            drop(self.carry_out(todo, chance));
        }
    }

    /// Hands an event to the session and takes its effects.
    pub(crate) fn hear(&mut self, event: Event, now: u64) -> Vec<Wish> {
        let mut wishes = Vec::new();
        let Some(tab) = self.tabs.first_mut() else {
            return wishes;
        };
        let Some(lead) = &mut tab.lead else {
            return wishes;
        };
        lead.progress.hears();
        let effects = lead
            .session
            .handle(event, now - lead.began, &mut tab.document);
        for effect in effects {
            match effect {
                Effect::Connect => wishes.push(Wish::Connect),
                Effect::Close => wishes.push(Wish::Close),
                Effect::Send(frame) => {
                    assert_saved_before_sent(&frame, &self.disk);
                    wishes.push(Wish::Send(frame));
                }
                Effect::Save(save) => lead.todo.push_back(Todo::Save(save)),
                Effect::Apply(received) => lead.todo.push_back(Todo::Apply(received)),
                Effect::SetAside(chunk) => self.set_aside.push(chunk),
                Effect::Presence { from, payload } => self.presences.push((from, payload)),
                Effect::StatusChanged(status) => {
                    assert_eq!(&status, lead.session.status());
                    self.status_changed = true;
                }
                Effect::WakeAt(at) => lead.wake_at = Some(at + lead.began),
            }
        }
        wishes
    }
}

/// A chunk is on the disk, under its number and so that a power cut leaves it
/// there, before it goes out.
fn assert_saved_before_sent(frame: &[u8], disk: &Disk) {
    let frame = ClientFrame::parse(frame).expect("a session sends frames");
    if let ClientFrame::Append { envelope } = frame {
        let parsed = Envelope::parse(&envelope).expect("a session sends chunks");
        let number = parsed.header().number;
        let saved = disk.durable().saved_of(parsed.header().plan);
        let kept = saved.outbox.get(&number);
        assert!(
            kept.is_some_and(|kept| holds(kept, &envelope)),
            "chunk {number} was sent before it was saved"
        );
    }
}

/// Whether a record has an envelope in it, which is mostly its end.
fn holds(record: &[u8], envelope: &[u8]) -> bool {
    record.ends_with(envelope) || record.windows(envelope.len()).any(|part| part == envelope)
}
