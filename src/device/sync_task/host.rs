//! What synchronisation asks of the open plan.

use sync::{
    ids::DeviceId,
    relay_url::RelayUrl,
    session::{Document, Received, SetAside, Status},
};

use crate::device::{storage::StorageError, tabs::TabChanges};

/// The open plan, as synchronisation sees it. A handle: clones are the same
/// plan.
pub trait SyncHost: Clone + 'static {
    /// Commits pending edits and makes all that was edited before the call
    /// durable. Called often, so quick when there is nothing to do; and called
    /// again while it runs, when it must not say «done» before the first is.
    async fn flush(&self) -> Result<(), StorageError>;

    /// The page can't be seen any longer, and may be gone at any time. Makes durable
    /// what is not.
    async fn hidden(&self);

    /// Lends the document.
    fn with_document<R>(&self, use_it: impl FnOnce(&mut dyn Document) -> R) -> R;

    /// Merges verified changes and makes them durable, relaxed: the relay has
    /// them too.
    async fn merge(&self, received: &Received) -> Result<(), MergeFailure>;

    /// Merges what another tab has made durable already.
    fn merge_from_tab(&self, changes: &TabChanges);

    /// Merges what other tabs have written to the database and this one has
    /// not heard of: [`Journal::read_new`](crate::device::Journal::read_new).
    async fn catch_up(&self) -> Result<(), StorageError>;

    /// The plan's relays, in the order in which they are to be tried.
    fn relays(&self) -> Vec<RelayUrl>;

    /// Shows how synchronisation stands.
    fn status(&self, status: &SyncStatus);

    /// Shows where another device is.
    fn presence(&self, from: DeviceId, payload: &[u8]);

    /// Says that a chunk could not be used. It is kept already.
    fn set_aside(&self, aside: &SetAside);
}

/// Why received changes are not in the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeFailure {
    /// They are none the document can take.
    #[error("the changes are damaged or do not belong to the plan")]
    Damaged,
    /// They could not be kept.
    #[error("the changes could not be kept")]
    NotSaved(#[from] StorageError),
}

/// What this tab does for the plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// Another tab leads, or none does yet.
    #[default]
    Following,
    /// This tab holds the socket and compacts the journal.
    Leading,
    /// The browser gives no locks, so no tab may lead and nothing is sent: two
    /// leaders would number their chunks alike.
    Unable,
}

/// How synchronisation stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncStatus {
    /// What this tab does.
    pub role: Role,
    /// What the session says, here or in the tab that leads.
    pub session: Status,
}
