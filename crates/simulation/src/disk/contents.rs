//! What is on a disk, and the records by which it gets there.

use std::collections::{BTreeMap, BTreeSet};

use sync::{
    closing::Access,
    ids::{DeviceId, PlanId},
    keys::PlanKeys,
    session::{Save, SavedState},
};

/// Names an entry of the journal.
pub type EntryName = u64;

/// One record, as it is written.
#[derive(Debug, Clone)]
pub enum Record {
    /// Changes are added to the plan's journal.
    Append {
        /// Under a name that nobody else makes.
        name: EntryName,
        /// As the document writes them.
        parts: Vec<Vec<u8>>,
    },
    /// The whole document takes the place of entries.
    Compact {
        /// Under a name that nobody else makes.
        name: EntryName,
        /// As the document writes it.
        document: Vec<u8>,
        /// The entries that it holds.
        replaces: BTreeSet<EntryName>,
    },
    /// What the session under these keys wants kept.
    Sync {
        /// The plan that the keys make.
        plan: PlanId,
        /// What the session asks for.
        save: Save,
    },
    /// A move to new keys begins.
    BeginMove(Box<Moving>),
    /// From now on the old log may say that the plan has moved.
    AnnounceMove,
    /// The new keys of the move under way are used from now on.
    FinishMove,
    /// Keys that another device made are used from now on. The log that belongs
    /// to them is known anew.
    UseKeys(Box<PlanKeys>),
}

/// A move to new keys that was begun and is not done.
#[derive(Debug, Clone)]
pub struct Moving {
    /// The new keys.
    pub keys: PlanKeys,
    /// The devices that are to follow, and what they may do then.
    pub chosen: Vec<(DeviceId, Access)>,
    /// What the session under the new keys has saved.
    pub saved: SavedState,
    /// Whether the old log may say already that the plan has moved.
    pub is_announced: bool,
}

/// All that is on a disk.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The plan's journal.
    pub entries: BTreeMap<EntryName, Vec<Vec<u8>>>,
    /// The keys in use, once they are others than those the device joined with.
    pub keys: Option<PlanKeys>,
    /// What the session under the keys in use has saved.
    pub saved: SavedState,
    /// A move to new keys that is under way.
    pub moving: Option<Moving>,
}

impl Contents {
    /// What the session of a plan has saved.
    pub fn saved_of(&self, plan: PlanId) -> SavedState {
        match &self.moving {
            Some(moving) if moving.keys.id() == plan => moving.saved.clone(),
            _ if self.keys.as_ref().is_some_and(|keys| keys.id() != plan) => SavedState::default(),
            _ => self.saved.clone(),
        }
    }

    pub(super) fn apply(&mut self, record: &Record) {
        match record {
            Record::Append { name, parts } => {
                self.entries.insert(*name, parts.clone());
            }
            Record::Compact {
                name,
                document,
                replaces,
            } => {
                self.entries.retain(|entry, _| !replaces.contains(entry));
                self.entries.insert(*name, vec![document.clone()]);
            }
            Record::Sync { plan, save } => self.keep(*plan, save),
            Record::BeginMove(moving) => self.moving = Some((**moving).clone()),
            Record::AnnounceMove => {
                if let Some(moving) = &mut self.moving {
                    moving.is_announced = true;
                }
            }
            Record::FinishMove => {
                if let Some(moving) = self.moving.take() {
                    self.keys = Some(moving.keys);
                    self.saved = moving.saved;
                }
            }
            Record::UseKeys(keys) => {
                self.keys = Some((**keys).clone());
                self.saved = SavedState::default();
                self.moving = None;
            }
        }
    }

    fn keep(&mut self, plan: PlanId, save: &Save) {
        match &mut self.moving {
            Some(moving) if moving.keys.id() == plan => moving.saved.apply(save),
            // Of keys that are used no more nothing is kept.
            _ if self.keys.as_ref().is_some_and(|keys| keys.id() != plan) => {}
            _ => self.saved.apply(save),
        }
    }
}
