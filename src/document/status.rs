//! What the page may say of a plan's safety: only what is known.

use plan::value::UnixSeconds;
use sync::ids::DeviceId;
use sync::session::{Connection, Status};

use crate::device::{StorageError, SyncStatus};

/// Whether all that is written is durable on this device.
#[derive(Clone, Debug, Default)]
pub enum SaveState {
    /// All of it.
    #[default]
    Saved,
    /// Some of it is on its way.
    Saving,
    /// The browser refuses; what is written lives only as long as the page.
    Failed(StorageError),
}

/// Where the plan stands, for the words in the bar.
#[derive(Clone, Debug, Default)]
pub struct PlanStatus {
    /// On this device.
    pub saving: SaveState,
    /// At the relay and with partners, as the session knows it.
    pub sync: Option<Status>,
    /// When the relay was last known to have all of it.
    pub at_relay_since: Option<UnixSeconds>,
    /// Whether the plan is kept at a relay at all.
    pub has_relay: bool,
}

impl PlanStatus {
    /// Takes in what the session says, at this time.
    pub fn take_sync(&mut self, status: &SyncStatus, now: UnixSeconds) {
        let status = &status.session;
        let connected = status.connection == Connection::Live;
        if status.at_relay && connected {
            self.at_relay_since = Some(now);
        }
        self.sync = Some(status.clone());
    }

    /// The same, but what `shown` says is still to be done is not done yet.
    pub fn no_better_than(mut self, shown: &Self) -> Self {
        let is_saved = |status: &Self| matches!(status.saving, SaveState::Saved);
        if is_saved(&self) && !is_saved(shown) {
            self.saving = SaveState::Saving;
        }
        if let (Some(sync), Some(shown)) = (&mut self.sync, &shown.sync) {
            sync.at_relay &= shown.at_relay;
        }
        self
    }

    /// Whether the relay that is being met has all that is here.
    pub fn is_at_relay(&self) -> bool {
        let sync = self.sync.as_ref();
        sync.is_some_and(|sync| sync.at_relay && sync.connection == Connection::Live)
    }

    /// Whether nothing more will come of waiting: the relay has all, or is not to
    /// be had.
    pub fn needs_no_waiting(&self) -> bool {
        let hopeless =
            |connection| matches!(connection, Connection::Offline | Connection::Stopped(_));
        let sync = self.sync.as_ref();
        !self.has_relay || self.is_at_relay() || sync.is_some_and(|sync| hopeless(sync.connection))
    }

    /// Whoever closed the plan, which goes on under new keys.
    pub fn closed_by(&self) -> Option<DeviceId> {
        self.sync.as_ref().and_then(|sync| sync.closed_by)
    }

    /// Whether something written here is not known to be at the relay.
    pub fn is_waiting(&self) -> bool {
        self.has_relay && !self.sync.as_ref().is_some_and(|sync| sync.at_relay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(saving: SaveState, at_relay: bool) -> PlanStatus {
        let sync = Status {
            at_relay,
            ..Status::default()
        };
        PlanStatus {
            saving,
            sync: Some(sync),
            ..PlanStatus::default()
        }
    }

    fn is_saved_and_sent(status: &PlanStatus) -> (bool, bool) {
        let is_sent = status.sync.as_ref().is_some_and(|sync| sync.at_relay);
        (matches!(status.saving, SaveState::Saved), is_sent)
    }

    #[test]
    fn what_got_worse_is_shown_and_what_got_better_is_not() {
        let (good, bad) = (
            status(SaveState::Saved, true),
            status(SaveState::Saving, false),
        );
        let both = |now: &PlanStatus, shown: &PlanStatus| {
            is_saved_and_sent(&now.clone().no_better_than(shown))
        };
        assert_eq!(both(&good, &bad), (false, false));
        assert_eq!(both(&bad, &good), (false, false));
        assert_eq!(both(&good, &good), (true, true));
        // Before anything of a relay was shown there is nothing to wait for.
        assert_eq!(both(&good, &PlanStatus::default()), (true, true));
    }

    #[test]
    fn a_failure_is_shown_at_once_and_not_taken_for_saved_until_one_rests() {
        let failed = status(SaveState::Failed(StorageError::Full), true);
        let saved = status(SaveState::Saved, true);
        let shown = failed.clone().no_better_than(&saved);
        assert!(matches!(shown.saving, SaveState::Failed(_)));
        let shown = saved.no_better_than(&failed);
        assert!(matches!(shown.saving, SaveState::Saving));
    }
}
