//! A device's disk: records that are written whole or not at all.
//!
//! Both real hosts come down to this. The browser's database commits a
//! transaction or forgets it; the command line puts a whole file under its name
//! or leaves the one before. What was being written when the power went is torn,
//! and is dropped when the disk is read again. What the host wrote with relaxed
//! durability may be lost by a power cut, though never something older while
//! something newer stays.

mod contents;

pub use contents::{Contents, EntryName, Moving, Record};

use sync::session::SavedState;

use crate::chance::Chance;

/// How sure a write must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It survives a power cut.
    Strict,
    /// It survives the end of the program.
    Relaxed,
}

/// The disk did not take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// How a disk treats what it is to write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mood {
    /// All is taken.
    #[default]
    Well,
    /// Nothing is taken.
    Full,
    /// Now one thing is taken, now another is not; and of what is said not to be
    /// taken some is there all the same.
    Failing,
}

/// A disk.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    /// As whoever reads it now finds it.
    contents: Contents,
    /// As it is sure to be after a power cut.
    durable: Contents,
    /// What lies between the two, in order.
    relaxed: Vec<Record>,
    /// How it treats what it is to write.
    pub mood: Mood,
    last_name: EntryName,
}

impl Disk {
    /// What is read from it now.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// What a power cut leaves at least.
    pub fn durable(&self) -> &Contents {
        &self.durable
    }

    /// A name for an entry that no other has.
    pub fn fresh_name(&mut self) -> EntryName {
        self.last_name += 1;
        self.last_name
    }

    /// Writes a record.
    ///
    /// # Errors
    /// When the disk says that it did not take it.
    pub fn write(
        &mut self,
        record: Record,
        durability: Durability,
        chance: &mut Chance,
    ) -> Result<(), Refused> {
        let (taken, told) = match self.mood {
            Mood::Well => (true, true),
            Mood::Full => (false, false),
            Mood::Failing => match chance.below(8) {
                0..4 => (true, true),
                4 => (true, false),
                _ => (false, false),
            },
        };
        if taken {
            self.contents.apply(&record);
            self.relaxed.push(record);
            if durability == Durability::Strict {
                self.flush();
            }
        }
        if told { Ok(()) } else { Err(Refused) }
    }

    /// The power goes: of what was written relaxed, the end may be lost.
    pub fn cut_power(&mut self, chance: &mut Chance) {
        let kept = chance.below(self.relaxed.len() + 1);
        self.relaxed.truncate(kept);
        self.flush();
        self.contents = self.durable.clone();
    }

    /// A copy of all, as a backup takes it.
    pub fn copy(&self) -> Contents {
        self.contents.clone()
    }

    /// Puts a copy in the place of what is there. Names go on, so that an entry
    /// is never taken for another.
    pub fn restore(&mut self, copy: Contents) {
        self.contents = copy.clone();
        self.durable = copy;
        self.relaxed.clear();
    }

    /// Loses the plan and keeps all else.
    pub fn lose_document(&mut self) {
        let mut rest = self.copy();
        rest.entries.clear();
        self.restore(rest);
    }

    /// Loses what the session has saved and keeps all else.
    pub fn lose_sync_state(&mut self) {
        let mut rest = self.copy();
        rest.saved = SavedState::default();
        self.restore(rest);
    }

    fn flush(&mut self) {
        for record in self.relaxed.drain(..) {
            self.durable.apply(&record);
        }
    }
}
