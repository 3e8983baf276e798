//! A device: a disk, the pages that are open on it, and the keys of its plan.

mod host;
mod moving;

pub(crate) use moving::{Progress, Went};

use sync::{
    ids::{ChangeHash, DeviceId},
    keys::{DeviceKey, PlanKeys},
    session::{Event, Session, SetAside, Status},
};

use crate::{
    chance::Chance,
    disk::{Contents, Disk},
    replica::Replica,
    tab::{Lead, Tab, Todo},
};

/// What is written is saved after so long, in milliseconds.
const SAVE_AFTER: u64 = 500;

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
    /// The plan's keys that the device joined with, a reader's or a writer's.
    pub keys: PlanKeys,
    /// The device's own key.
    pub key: DeviceKey,
    /// What survives.
    pub disk: Disk,
    /// The open pages; the first leads.
    pub tabs: Vec<Tab<D>>,
    /// Which host drives the session.
    pub host: Host,
    /// Whether its host goes on with a move to new keys, and follows another's.
    pub follows: bool,
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
            follows: false,
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

    /// The keys of the session, if a page is open.
    pub fn session_keys(&self) -> Option<&PlanKeys> {
        let lead = self.tabs.first()?.lead.as_ref()?;
        Some(lead.session.keys())
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
        let keys = self.keys_in_use().clone();
        let progress = self.progress_at_start(now, chance);
        self.lead_under(keys, progress, now, chance);
    }

    /// The first page leads under these keys, with a session of their own.
    fn lead_under(&mut self, keys: PlanKeys, progress: Progress, now: u64, chance: &mut Chance) {
        let saved = self.disk.contents().saved_of(keys.id());
        let session = Session::new(keys, self.key.clone(), &saved, chance.entropy());
        let mut session = session.expect("a session takes up what it has saved");
        if let Some(chunks) = self.snapshot_after {
            session.snapshot_after(chunks);
        }
        if let Some(tab) = self.tabs.first_mut() {
            tab.lead = Some(Lead {
                session,
                todo: Default::default(),
                wake_at: None,
                began: now,
                merged: Vec::new(),
                progress,
            });
        }
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
}
