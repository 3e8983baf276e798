//! From the document to the disk.
//!
//! Edits gather in one automerge change and are saved half a second after the
//! first of them, when a field is left, and at once when the page is hidden.
//! What is saved is always derived: the changes that the disk is not known to
//! hold. So a save that failed is made good by the next one.

use std::time::Duration;

use leptos::prelude::*;
use plan::value::UnixSeconds;

use super::open_plan::OpenPlan;
use super::status::SaveState;
use crate::device::{Durability, StorageError, elapsed_ms, idle, now};

/// How long typing gathers before it is saved.
pub(super) const GATHER: Duration = Duration::from_millis(500);
/// How often the list hears that a plan is still being written, in seconds.
const NOTE_EVERY: UnixSeconds = 30;
/// How long to wait before a save that failed is tried again.
pub(super) const RETRY: Duration = Duration::from_secs(5);

impl OpenPlan {
    /// Saves within [`GATHER`].
    pub(super) fn save_soon(self) {
        self.inner
            .try_update_value(|inner| inner.written_at_ms = Some(elapsed_ms()));
        self.set_saving(SaveState::Saving);
        self.save_after(GATHER);
    }

    /// Saves what there is, without waiting for more.
    pub fn save_now(self) {
        let has_edits = self
            .inner
            .try_with_value(|inner| inner.is_open() && inner.doc.has_uncommitted());
        if has_edits == Some(true) {
            leptos::task::spawn_local(async move {
                // A failure is shown by the status and tried again.
                let _ = self.flush().await;
            });
        }
    }

    fn save_after(self, wait: Duration) {
        let due_already = self
            .inner
            .try_update_value(|inner| std::mem::replace(&mut inner.save_is_due, true));
        if due_already != Some(false) {
            return;
        }
        set_timeout(
            move || {
                self.inner
                    .try_update_value(|inner| inner.save_is_due = false);
                leptos::task::spawn_local(async move {
                    idle().await;
                    // As above.
                    let _ = self.flush().await;
                });
            },
            wait,
        );
    }

    /// Commits what is written and makes it durable.
    ///
    /// # Errors
    /// When the disk does not take it. It stays in the document, and the save
    /// is tried again.
    pub(super) async fn flush(self) -> Result<(), StorageError> {
        let Some(turn) = self.inner.try_with_value(|inner| inner.saving_turn.clone()) else {
            return Ok(());
        };
        // One save at a time, or two would write the same changes.
        let _turn = turn.lock().await;
        let unsaved = self.inner.try_update_value(|inner| {
            if !inner.is_open() {
                return None;
            }
            let heads = inner.doc.heads();
            let parts = inner.doc.changes_since(&inner.saved_heads);
            Some((parts, heads, inner.journal.clone()))
        });
        let Some(Some((parts, heads, journal))) = unsaved else {
            return Ok(());
        };
        if parts.is_empty() {
            self.set_saving(SaveState::Saved);
            return Ok(());
        }
        let saved = match journal.append(&parts, Durability::Strict).await {
            // All that was there before is gone: what the page has is the plan.
            Err(StorageError::Emptied) => self.write_anew().await,
            answer => answer,
        };
        match saved {
            Ok(()) => {
                self.after_save(heads, &parts);
                Ok(())
            }
            Err(error) => {
                self.set_saving(SaveState::Failed(error.clone()));
                self.save_after(RETRY);
                Err(error)
            }
        }
    }

    fn after_save(self, heads: Vec<plan::Hash>, parts: &[Vec<u8>]) {
        let all_saved = self.inner.try_update_value(|inner| {
            inner.saved_heads = heads;
            if let Some(sync) = &inner.sync {
                sync.local_change(parts);
            }
            !inner.doc.has_uncommitted()
        });
        if all_saved == Some(true) {
            self.set_saving(SaveState::Saved);
        }
        self.settled.notify();
        self.note_in_list();
        self.keep_view_soon();
    }

    /// Writes the whole plan as one entry, in place of many.
    pub(super) async fn write_whole(self) -> Result<(), StorageError> {
        let writing = self.inner.try_update_value(|inner| {
            let document = inner.doc.save();
            inner.journal.compact(document)
        });
        match writing {
            Some(writing) => writing.await,
            None => Ok(()),
        }
    }

    /// Writes everything of the plan anew, after the browser has thrown away
    /// what was kept.
    pub(super) async fn write_anew(self) -> Result<(), StorageError> {
        self.write_whole().await?;
        let kept = self
            .inner
            .try_with_value(|inner| (inner.storage.clone(), inner.record.clone()));
        match kept {
            Some((storage, record)) => storage.put_plan(&record).await,
            None => Ok(()),
        }
    }

    /// The list of plans shows the title and when it was last written: a new title
    /// at once, and the time every [`NOTE_EVERY`], as it takes a write of its own.
    fn note_in_list(self) {
        let title = self
            .view
            .with_untracked(|view| view.plan().map(|plan| plan.title.clone()))
            .unwrap_or_default();
        let changed_at = now();
        let to_note = self.inner.try_update_value(|inner| {
            let is_new = |(noted, at): &(String, UnixSeconds)| {
                *noted != title || changed_at >= at + NOTE_EVERY
            };
            if !inner.noted.as_ref().is_none_or(is_new) {
                return None;
            }
            inner.noted = Some((title.clone(), changed_at));
            Some((inner.storage.clone(), inner.id))
        });
        let Some(Some((storage, id))) = to_note else {
            return;
        };
        leptos::task::spawn_local(async move {
            // The list is a convenience; the plan itself is saved.
            let _ = storage
                .update_plan(id, |record| {
                    record.title.clone_from(&title);
                    record.changed_at = changed_at;
                })
                .await;
        });
    }

    fn set_saving(self, saving: SaveState) {
        let same = self.status.try_with_untracked(|status| {
            std::mem::discriminant(&status.saving) == std::mem::discriminant(&saving)
                && !matches!(saving, SaveState::Failed(_))
        });
        // At each key it is said anew that something is to be saved.
        if same == Some(false) {
            self.status.try_update(|status| status.saving = saving);
        }
    }

    /// What an approval given now is bound to. Commits what is written first.
    pub fn version_to_approve(self) -> Vec<String> {
        self.inner
            .try_update_value(|inner| inner.doc.version_to_approve())
            .unwrap_or_default()
    }

    /// Whether the plan is another than the one approved, as of the last save or
    /// merge; not known before the document is open.
    pub fn changed_since(self, approval: &plan::schema::Approval) -> bool {
        self.settled.track();
        let changed = self
            .inner
            .try_update_value(|inner| inner.is_open() && inner.doc.changed_since(approval));
        changed.unwrap_or(true)
    }
}
