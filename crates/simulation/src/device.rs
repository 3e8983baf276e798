//! A device: a disk, the pages that are open on it, and the keys of its plan.

use sync::{
    envelope::Envelope,
    frame::ClientFrame,
    ids::{ChangeHash, DeviceId},
    keys::{DeviceKey, PlanKeys},
    session::{Effect, Event, Received, Save, Session, SetAside, Status},
};

use crate::{
    chance::Chance,
    disk::{Contents, Disk, Durability, Record, Refused},
    replica::Replica,
    tab::{Lead, Saved, Tab, Todo},
};

/// What is written is saved after so long, in milliseconds.
const SAVE_AFTER: u64 = 500;
/// What the disk did not take is tried again after so long.
const TRY_AGAIN_AFTER: u64 = 3_000;

/// Which host drives the session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Host {
    /// A host whose disk and document each take their own time, so that answers
    /// come in any order. No real host does all that this one does.
    #[default]
    Scattered,
    /// The app: one thing after the other.
    App,
    /// The command line: what comes is merged in memory, and written as one file
    /// before the session's state is.
    CommandLine,
}

/// What a device wants of its socket.
#[derive(Debug)]
pub enum Wish {
    /// A new one.
    Connect,
    /// None any more.
    Close,
    /// A message on its way.
    Send(Vec<u8>),
}

/// A device.
#[derive(Debug)]
pub struct Device<D> {
    /// The plan's keys, a reader's or a writer's.
    pub keys: PlanKeys,
    /// The device's own key.
    pub key: DeviceKey,
    /// What survives.
    pub disk: Disk,
    /// The open pages; the first leads.
    pub tabs: Vec<Tab<D>>,
    /// Which host drives the session.
    pub host: Host,
    /// How many chunks make it make a snapshot, if not as many as usual.
    pub snapshot_after: Option<u32>,
    /// The journal is made one entry when it has more than this.
    pub compact_above: usize,
    /// Whether the disk was ever set back to an older copy.
    pub was_restored: bool,
    /// By how much its wall clock is wrong, in seconds.
    pub clock_error: i64,
    /// The disk failed, or the page is frozen: nothing happens until then.
    pub idle_until: u64,
    /// What could not be used.
    pub set_aside: Vec<SetAside>,
    /// Who said to be where.
    pub presences: Vec<(DeviceId, Vec<u8>)>,
    /// How many vouches came.
    pub vouched: usize,
    /// Edits that were called saved since this was last asked for.
    pub(crate) newly_saved: Vec<ChangeHash>,
    /// Whether the session has said something new of itself.
    pub(crate) status_changed: bool,
    copies: u64,
}

impl<D: Replica> Device<D> {
    /// A device on which the plan was just opened for the first time.
    pub fn new(number: u8, keys: PlanKeys, chance: &mut Chance) -> Self {
        let mut device = Self {
            keys,
            key: DeviceKey::from_bytes(&[number + 100; 32]),
            disk: Disk::default(),
            tabs: Vec::new(),
            host: Host::default(),
            snapshot_after: None,
            compact_above: 200,
            was_restored: false,
            clock_error: 0,
            idle_until: 0,
            set_aside: Vec::new(),
            presences: Vec::new(),
            vouched: 0,
            newly_saved: Vec::new(),
            status_changed: false,
            copies: u64::from(number) << 32,
        };
        device.open_tab(0, chance);
        device
    }

    /// The device's public key, by which others know it.
    pub fn id(&self) -> DeviceId {
        self.key.id()
    }

    /// The session that the page which leads has.
    ///
    /// # Panics
    /// When no page is open.
    pub fn session(&self) -> &Session {
        &self.lead().session
    }

    /// What the session says of itself.
    ///
    /// # Panics
    /// When no page is open.
    pub fn status(&self) -> &Status {
        self.lead().session.status()
    }

    /// The document of the page that leads.
    ///
    /// # Panics
    /// When no page is open.
    pub fn document(&mut self) -> &mut D {
        &mut self.tabs[0].document
    }

    /// The document as the disk alone has it.
    pub fn document_on_disk(&mut self) -> D {
        let document = self.blank();
        Tab::open(document, &self.disk).document
    }

    /// When the session wants to be woken.
    pub fn wake_at(&self) -> Option<u64> {
        self.tabs.first()?.lead.as_ref()?.wake_at
    }

    fn lead(&self) -> &Lead {
        let lead = self.tabs[0].lead.as_ref();
        lead.expect("the first page leads")
    }

    fn lead_mut(&mut self) -> Option<&mut Lead> {
        self.tabs.first_mut()?.lead.as_mut()
    }

    fn blank(&mut self) -> D {
        self.copies += 1;
        D::blank(self.key.id().as_bytes(), self.copies)
    }

    /// Opens one more page.
    pub fn open_tab(&mut self, now: u64, chance: &mut Chance) {
        let document = self.blank();
        self.tabs.push(Tab::open(document, &self.disk));
        self.take_the_lead(now, chance);
    }

    /// Closes or kills a page. Something that was being written is on the disk,
    /// or it is not; nobody hears of it.
    pub fn close_tab(&mut self, tab: usize, now: u64, chance: &mut Chance) {
        if tab == 0 {
            self.finish_a_write(chance);
        }
        if chance.one_in(2) {
            // Saved, but never called so.
            let _ = self.tabs[tab].flush(&mut self.disk, chance);
        }
        self.tabs.remove(tab);
        self.take_the_lead(now, chance);
    }

    /// The power goes: all pages, and what the disk had not yet made sure of.
    pub fn cut_power(&mut self, now: u64, chance: &mut Chance) {
        self.kill(now, chance);
        self.disk.cut_power(chance);
    }

    /// Kills all pages.
    pub fn kill(&mut self, now: u64, chance: &mut Chance) {
        while let Some(last) = self.tabs.len().checked_sub(1) {
            self.close_tab(last, now, chance);
        }
    }

    /// Loses all that is not on the disk, and begins again.
    pub fn crash(&mut self, now: u64, chance: &mut Chance) {
        self.tabs.clear();
        self.open_tab(now, chance);
    }

    /// Puts an older copy of the disk in the place of what is there.
    pub fn restore(&mut self, copy: Contents) {
        self.tabs.clear();
        self.disk.restore(copy);
        self.was_restored = true;
    }

    /// The first page leads, if any is open. It reads what the others have
    /// written before it takes the session up.
    fn take_the_lead(&mut self, now: u64, chance: &mut Chance) {
        let Some(tab) = self.tabs.first_mut() else {
            return;
        };
        if tab.lead.is_some() {
            return;
        }
        tab.catch_up(&self.disk);
        let saved = &self.disk.contents().saved;
        let session = Session::new(self.keys.clone(), self.key.clone(), saved, chance.entropy());
        let mut session = session.expect("a session takes up what it has saved");
        if let Some(chunks) = self.snapshot_after {
            session.snapshot_after(chunks);
        }
        tab.lead = Some(Lead {
            session,
            todo: Default::default(),
            wake_at: None,
            began: now,
            merged: Vec::new(),
        });
    }

    /// Hands an event to the session, when its turn comes.
    pub fn tell(&mut self, event: Event) {
        if let Some(lead) = self.lead_mut() {
            lead.todo.push_back(Todo::Tell(event));
        }
    }

    /// Writes something; it is saved a little later.
    pub fn write(&mut self, tab: usize, words: &str, now: u64, chance: &mut Chance) -> bool {
        let at = (now / 1_000).cast_signed() + self.clock_error;
        let tab = &mut self.tabs[tab];
        let written = tab.edit(words, at, chance);
        tab.save_at.get_or_insert(now + SAVE_AFTER);
        written
    }

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

    /// The reader comes back to the device: its pages read what they missed, and
    /// the session tries the network.
    pub fn come_back(&mut self) {
        for tab in &mut self.tabs {
            tab.catch_up(&self.disk);
        }
        self.tell(Event::LocalChange);
        self.tell(Event::Online);
    }

    /// Whether the session has been told of all that is in its document. Until
    /// then what it says is of the document as it was.
    pub(crate) fn is_up_to_date(&self) -> bool {
        let moves_heads =
            |todo: &Todo| matches!(todo, Todo::Tell(Event::LocalChange | Event::Applied(_)));
        let lead = self.lead();
        lead.merged.is_empty() && !lead.todo.iter().any(moves_heads)
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
                if let Err(todo) = self.carry_out(todo, chance) {
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

    /// Gives back what the disk did not take and must be tried again.
    fn carry_out(&mut self, todo: Todo, chance: &mut Chance) -> Result<(), Todo> {
        match todo {
            Todo::Save(save) => {
                if !self.lead().merged.is_empty() && self.write_merged(chance).is_err() {
                    return Err(Todo::Save(save));
                }
                self.save_session(save, chance);
                Ok(())
            }
            Todo::Apply(received) => self.apply(received, chance),
            Todo::WriteMerged => self.write_merged(chance).map_err(|_| Todo::WriteMerged),
            Todo::Compact(compaction) => {
                // If it fails, all is as it was.
                let _ = self.tabs[0].finish_compaction(compaction, &mut self.disk, chance);
                Ok(())
            }
            Todo::Tell(_) => unreachable!("told above"),
        }
    }

    fn save_session(&mut self, save: Save, chance: &mut Chance) {
        let id = save.id;
        let written = self
            .disk
            .write(Record::Sync(save), Durability::Strict, chance);
        match written {
            Ok(()) => self.tell(Event::Saved(id)),
            Err(Refused) => self.tell(Event::SaveFailed(id)),
        }
    }

    fn apply(&mut self, received: Received, chance: &mut Chance) -> Result<(), Todo> {
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
            Err(Refused) => return Err(Todo::Apply(received)),
        }
        self.vouched += received.vouches.len();
        Ok(())
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
    fn finish_a_write(&mut self, chance: &mut Chance) {
        let first = self.lead_mut().and_then(|lead| lead.todo.pop_front());
        if let Some(todo) = first
            && !matches!(todo, Todo::Tell(_))
            && chance.one_in(2)
        {
            let _ = self.carry_out(todo, chance);
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
        let kept = disk.durable().saved.outbox.get(&number);
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
