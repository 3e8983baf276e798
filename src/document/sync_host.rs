//! The open plan as synchronisation sees it.

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::task::spawn_local;
use plan::{DeviceName, Hash, Merged, PlanDoc};
use sync::ids::{ChangeHash, DeviceId};
use sync::relay_url::RelayUrl;
use sync::session::{Collected, Document, Received, SetAside, Snapshot};
use sync::vouch::{ActorId, Vouch};

use super::open_plan::{Inner, OpenPlan};
use super::opened::NOT_TAKEN;
use super::status::PlanStatus;
use crate::device::{
    Durability, MergeFailure, StorageError, SyncHost, SyncStatus, SyncTask, TabChanges, drawn,
    idle, now,
};
use crate::seldom;

/// So many changes at once take noticeably longer to open than one document.
pub(super) const MANY: usize = 100;

impl SyncHost for OpenPlan {
    async fn flush(&self) -> Result<(), StorageError> {
        OpenPlan::flush(*self).await
    }

    async fn hidden(&self) {
        // A failure is shown by the status and tried again.
        if OpenPlan::flush(*self).await.is_ok() {
            self.keep_view().await;
        }
    }

    fn with_document<R>(&self, use_it: impl FnOnce(&mut dyn Document) -> R) -> R {
        let used = self.inner.try_update_value(|inner| use_it(inner));
        used.expect("synchronisation stops before the plan is closed")
    }

    async fn merge(&self, received: &Received) -> Result<(), MergeFailure> {
        let turn = self.inner.with_value(|inner| inner.saving_turn.clone());
        let _turn = turn.lock().await;
        let (merged, vouches, journal, heads) = self
            .inner
            .try_update_value(|inner| {
                let was_saved = inner.is_saved();
                let merged = inner
                    .doc
                    .merge(&received.changes)
                    .map_err(|_| MergeFailure::Damaged)?;
                let vouches = inner.take_vouches(&received.vouches);
                let heads = was_saved.then(|| inner.doc.heads());
                Ok::<_, MergeFailure>((merged, vouches, inner.journal.clone(), heads))
            })
            .ok_or(MergeFailure::Damaged)??;
        self.show_merged(merged, Some(&received.from));
        match journal.append(&received.changes, Durability::Relaxed).await {
            Err(StorageError::Emptied) => self.write_anew().await?,
            answer => answer?,
        }
        self.keep_vouches(&vouches).await?;
        self.inner.try_update_value(|inner| {
            if let Some(heads) = heads {
                inner.saved_heads = heads;
            }
        });
        if journal.is_long() || received.changes.len() > MANY {
            // The entries stay readable as they are; the next merge tries again.
            let _ = self.write_whole().await;
        }
        self.keep_view_soon();
        Ok(())
    }

    fn merge_from_tab(&self, changes: &TabChanges) {
        let merged = self.inner.try_update_value(|inner| {
            let merged = inner.merge_saved(changes.parts());
            inner.take_vouches(&changes.vouches);
            merged
        });
        // What is damaged on the way is read from the database the next time.
        if let Some(Some(merged)) = merged {
            self.show_merged(merged, None);
        }
    }

    async fn catch_up(&self) -> Result<(), StorageError> {
        let Some(journal) = self.inner.try_with_value(|inner| inner.journal.clone()) else {
            return Ok(());
        };
        let entries = match journal.read_new().await {
            // All that was there before is gone: what the page has is the plan.
            Err(StorageError::Emptied) => return self.write_anew().await,
            answer => answer?,
        };
        for entry in entries {
            let merged = self
                .inner
                .try_update_value(|inner| inner.merge_saved(&entry.parts));
            match merged {
                Some(Some(merged)) => {
                    journal.merged(&entry);
                    self.show_merged(merged, None);
                    self.keep_view_soon();
                }
                Some(None) => journal.set_aside(&entry, NOT_TAKEN).await?,
                None => return Ok(()),
            }
        }
        Ok(())
    }

    fn relays(&self) -> Vec<RelayUrl> {
        OpenPlan::relays(*self)
    }

    fn status(&self, status: &SyncStatus) {
        let others = |shown: &PlanStatus| shown.sync.as_ref().map_or(0, |sync| sync.peers);
        let before = self.status.try_with_untracked(others);
        self.status
            .try_update(|shown| shown.take_sync(status, now()));
        if before != Some(status.session.peers) {
            self.others_are(status.session.peers);
        }
    }

    fn presence(&self, from: DeviceId, payload: &[u8]) {
        let heard = seldom::hear_of(*self, from, payload.to_vec());
        // Who can't fetch the code for it does not see the others.
        spawn_local(async move { drop(heard.await) });
    }

    fn set_aside(&self, aside: &SetAside) {
        // The status counts it; the reason is for whoever looks into it.
        leptos::logging::warn!("set aside {}: {}", aside.cursor, aside.reason);
    }
}

impl OpenPlan {
    /// Goes on with what can wait until the plan has been drawn: its document, where
    /// only a view of it was kept, and synchronisation.
    pub(super) fn take_up(self, vouches: Vec<Vouch>, sync: SyncTask<Self>) {
        spawn_local(ScopedFuture::new(async move {
            drawn().await;
            // The parts that are not near come first.
            idle().await;
            let was_open = self.inner.try_update_value(|inner| {
                let was_open = inner.is_open();
                inner.take_vouches(&vouches);
                if !inner.doc.contains(&inner.saved_heads) {
                    // The disk has not all that it kept a view of.
                    self.view.replace(inner.doc.view());
                }
                was_open
            });
            let Some(was_open) = was_open else {
                return; // The page was left meanwhile.
            };
            self.settled.notify();
            let handle = sync.start();
            self.inner.update_value(|inner| inner.sync = Some(handle));
            self.begin_presence();
            if was_open {
                self.keep_view_now().await;
            }
        }));
    }

    async fn keep_vouches(self, vouches: &[Vouch]) -> Result<(), StorageError> {
        let Some((storage, id)) = self
            .inner
            .try_with_value(|inner| (inner.storage.clone(), inner.id))
        else {
            return Ok(());
        };
        storage.put_vouches(id, vouches).await
    }
}

impl Inner {
    /// Whether the disk has all that is written.
    pub(super) fn is_saved(&mut self) -> bool {
        self.doc.heads() == self.saved_heads
    }

    /// Merges what the disk has already. `None` when it can't be taken.
    fn merge_saved<P: AsRef<[u8]>>(
        &mut self,
        parts: impl IntoIterator<Item = P>,
    ) -> Option<Merged> {
        let was_saved = self.is_saved();
        let merged = self.doc.merge(parts).ok()?;
        if was_saved {
            self.saved_heads = self.doc.heads();
        }
        Some(merged)
    }

    /// Keeps the latest vouch for each actor; gives back those that are.
    pub(super) fn take_vouches(&mut self, vouches: &[Vouch]) -> Vec<Vouch> {
        self.vouches.take(vouches, &mut self.doc)
    }

    fn authored(&mut self, actors: Vec<(Vec<u8>, Hash)>) -> Vec<(ActorId, ChangeHash)> {
        actors
            .into_iter()
            .map(|(actor, hash)| (ActorId(actor), ChangeHash(hash)))
            .collect()
    }
}

impl Document for Inner {
    fn heads(&mut self) -> Vec<ChangeHash> {
        // A plan that has yet to arrive is nothing to send anybody.
        if self.doc.is_blank() {
            return Vec::new();
        }
        self.doc.heads().into_iter().map(ChangeHash).collect()
    }

    fn has(&mut self, change: &ChangeHash) -> bool {
        self.doc.contains(&[change.0])
    }

    fn changes_since(&mut self, since: &[ChangeHash]) -> Collected {
        let since: Vec<Hash> = since.iter().map(|hash| hash.0).collect();
        let authored = self.doc.latest_by(&self.device.clone(), &since);
        Collected {
            vouches: self.vouches.of(&self.doc.hashes_since(&since)),
            changes: self.doc.changes_since(&since),
            authored: self.authored(authored),
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        let authored = self.doc.latest_by(&self.device.clone(), &[]);
        Snapshot {
            bytes: self.doc.save(),
            authored: self.authored(authored),
            vouches: self.vouches.all(),
        }
    }

    fn heads_of(&mut self, snapshot: &[u8]) -> Option<Vec<ChangeHash>> {
        let heads = PlanDoc::heads_of(snapshot).into_iter();
        Some(heads.map(ChangeHash).collect())
    }
}

/// The name under which a device writes in the plan.
pub fn device_name(device: &DeviceId) -> DeviceName {
    DeviceName::from_public_key(device.as_bytes())
}
