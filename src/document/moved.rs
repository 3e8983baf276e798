//! A plan that was moved to new keys, and the way there.

use sync::backup::Entry;
use sync::ids::PlanId;
use sync::keys::PlanKeys;

use super::backup::entry;
use super::file::bring;
use super::open::OpenError;
use super::open_plan::OpenPlan;
use crate::app::App;
use crate::device::PlanRecord;

/// The new keys of a plan that is closed, if this device was chosen to follow.
///
/// # Errors
/// When the plan is not here, or the browser's store can't be read.
pub async fn new_keys(app: App, plan: PlanId) -> Result<Option<PlanKeys>, OpenError> {
    let storage = app.storage();
    let record = storage.plan(plan).await?.ok_or(OpenError::Missing)?;
    let device = storage.device_key().await?;
    let closed = storage.sync_state(plan).await?.closed();
    Ok(closed.and_then(|closed| closed.open(&record.keys, &device)))
}

impl OpenPlan {
    /// Goes on under the new keys, with all that the plan holds here; says its
    /// new name. Done once more, it brings what was written under the old ones
    /// meanwhile.
    ///
    /// # Errors
    /// When it could not be kept; the plan under the old keys is as it was.
    pub async fn follow(self, app: App, keys: PlanKeys) -> Result<PlanId, OpenError> {
        let new = self.bring_to(app, keys).await?;
        let note = |record: &mut PlanRecord| record.moved_to = Some(new);
        app.storage().update_plan(self.id(), note).await?;
        Ok(new)
    }

    /// Keeps all that the plan holds here under these keys; says its name there.
    pub(super) async fn bring_to(self, app: App, keys: PlanKeys) -> Result<PlanId, OpenError> {
        self.flush().await?;
        let storage = app.storage();
        let device = storage.device_key().await?;
        let record = storage.plan(self.id()).await?.ok_or(OpenError::Missing)?;
        let before = entry(&storage, &device, record).await?;
        // What was vouched for under the old name has to say so.
        let vouches = before.vouches.into_iter();
        let moved = Entry {
            keys,
            vouches: vouches.map(|vouch| vouch.from_before(self.id())).collect(),
            ..before
        };
        Ok(bring(app, moved).await?.plan)
    }
}
