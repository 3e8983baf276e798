//! An open page of the plan: its own copy of the document, and what it knows of
//! the journal that all pages of a device share. One page of a device leads: it
//! has the session.

use std::collections::{BTreeSet, VecDeque};

use sync::{
    ids::ChangeHash,
    session::{ApplyId, Event, Received, Save, Session},
};

use crate::{
    chance::Chance,
    device::Progress,
    disk::{Disk, Durability, EntryName, Record, Refused},
    replica::Replica,
};

/// Something the host of a session has been asked to do, or has yet to tell it.
#[derive(Debug)]
pub(crate) enum Todo {
    /// Make durable, then say so.
    Save(Save),
    /// Merge, make durable, then say so.
    Apply(Received),
    /// Make durable what was merged in memory alone.
    WriteMerged,
    /// Put one entry in the place of many, as they were known when it was begun.
    Compact(Compaction),
    /// Tell the session.
    Tell(Event),
}

/// A whole document, and the entries that it holds.
#[derive(Debug)]
pub(crate) struct Compaction {
    document: Vec<u8>,
    replaces: BTreeSet<EntryName>,
}

/// What the page that leads has.
#[derive(Debug)]
pub(crate) struct Lead {
    pub(crate) session: Session,
    pub(crate) todo: VecDeque<Todo>,
    /// When the session wants to be woken, on the world's clock.
    pub(crate) wake_at: Option<u64>,
    /// The world's time at which this page's own clock began.
    pub(crate) began: u64,
    /// Merged in memory and not yet on the disk.
    pub(crate) merged: Vec<ApplyId>,
    /// How far it has come with a move to new keys.
    pub(crate) progress: Progress,
}

/// An open page.
#[derive(Debug)]
pub struct Tab<D> {
    /// Its copy of the document.
    pub document: D,
    /// The entries whose content the document has.
    known: BTreeSet<EntryName>,
    /// What of the document the disk is known to have.
    saved_heads: Vec<ChangeHash>,
    /// Edits that were not called saved yet.
    unsaved: Vec<ChangeHash>,
    /// When they are to be saved.
    pub(crate) save_at: Option<u64>,
    /// What the other pages have told of, and this one has not yet looked at.
    pub(crate) heard: VecDeque<Vec<Vec<u8>>>,
    pub(crate) lead: Option<Lead>,
}

/// What a save made durable.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    /// The edits that are now called saved.
    pub(crate) edits: Vec<ChangeHash>,
    /// The changes, for the other pages.
    pub(crate) parts: Vec<Vec<u8>>,
}

impl<D: Replica> Tab<D> {
    /// A page that has just read the disk.
    pub(crate) fn open(document: D, disk: &Disk) -> Self {
        let mut tab = Self {
            document,
            known: BTreeSet::new(),
            saved_heads: Vec::new(),
            unsaved: Vec::new(),
            save_at: None,
            heard: VecDeque::new(),
            lead: None,
        };
        tab.catch_up(disk);
        tab
    }

    /// Reads the entries that this page does not know.
    pub(crate) fn catch_up(&mut self, disk: &Disk) {
        for (name, parts) in &disk.contents().entries {
            if self.known.insert(*name) {
                self.merge_saved(parts);
            }
        }
    }

    /// Merges what the disk has already.
    pub(crate) fn merge_saved(&mut self, parts: &[Vec<u8>]) {
        let was_saved = self.is_saved();
        assert!(self.document.merge(parts), "an entry can't be read");
        if was_saved {
            self.saved_heads = self.document.heads();
        }
    }

    /// Writes something, in memory for now.
    pub(crate) fn edit(&mut self, words: &str, at: i64, chance: &mut Chance) -> bool {
        let edit = self.document.edit(words, at, chance);
        self.unsaved.extend(edit);
        edit.is_some()
    }

    pub(crate) fn is_saved(&mut self) -> bool {
        self.document.heads() == self.saved_heads
    }

    /// Makes all of the document durable.
    pub(crate) fn flush(&mut self, disk: &mut Disk, chance: &mut Chance) -> Result<Saved, Refused> {
        let parts = self.document.changes_since(&self.saved_heads).changes;
        if self.is_saved() || parts.is_empty() {
            return Ok(Saved::default());
        }
        self.append(&parts, disk, Durability::Strict, chance)?;
        self.saved_heads = self.document.heads();
        let edits = std::mem::take(&mut self.unsaved);
        Ok(Saved { edits, parts })
    }

    /// Merges what came from the relay, and makes it as durable as it need be:
    /// the relay has it too.
    pub(crate) fn take(
        &mut self,
        received: &Received,
        disk: &mut Disk,
        chance: &mut Chance,
    ) -> Result<bool, Refused> {
        let was_saved = self.is_saved();
        if !self.document.merge(&received.changes) {
            return Ok(false);
        }
        let heads = self.document.heads();
        self.append(&received.changes, disk, Durability::Relaxed, chance)?;
        if was_saved {
            self.saved_heads = heads;
        }
        Ok(true)
    }

    /// Writes the whole document in the place of the one before, as a file is.
    pub(crate) fn write_whole(
        &mut self,
        disk: &mut Disk,
        chance: &mut Chance,
    ) -> Result<Saved, Refused> {
        let compaction = self.begin_compaction();
        let heads = self.document.heads();
        self.finish_compaction(compaction, disk, chance)?;
        self.saved_heads = heads;
        let edits = std::mem::take(&mut self.unsaved);
        Ok(Saved {
            edits,
            parts: Vec::new(),
        })
    }

    /// The whole document as it is now, and the entries known now.
    pub(crate) fn begin_compaction(&mut self) -> Compaction {
        Compaction {
            document: self.document.save(),
            replaces: self.known.clone(),
        }
    }

    /// Writes what was begun; what became known meanwhile stays.
    pub(crate) fn finish_compaction(
        &mut self,
        compaction: Compaction,
        disk: &mut Disk,
        chance: &mut Chance,
    ) -> Result<(), Refused> {
        let name = disk.fresh_name();
        let Compaction { document, replaces } = compaction;
        let record = Record::Compact {
            name,
            document,
            replaces: replaces.clone(),
        };
        disk.write(record, Durability::Strict, chance)?;
        self.known.retain(|entry| !replaces.contains(entry));
        self.known.insert(name);
        Ok(())
    }

    /// How many entries make up the document.
    pub(crate) fn entries(&self) -> usize {
        self.known.len()
    }

    fn append(
        &mut self,
        parts: &[Vec<u8>],
        disk: &mut Disk,
        durability: Durability,
        chance: &mut Chance,
    ) -> Result<(), Refused> {
        let name = disk.fresh_name();
        let parts = parts.to_vec();
        disk.write(Record::Append { name, parts }, durability, chance)?;
        self.known.insert(name);
        Ok(())
    }
}
