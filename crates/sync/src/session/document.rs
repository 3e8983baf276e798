//! What a session asks of the document: hashes and bytes, never meaning.

use crate::{
    ids::ChangeHash,
    vouch::{ActorId, Vouch},
};

/// The open document, as the session sees it.
///
/// It is asked, not told: what to send is always derived from what the document
/// holds and what the relay is known to hold, so no edit is lost by an event
/// that never came. All methods take `&mut self` because libraries commit
/// pending edits when asked for their heads.
pub trait Document {
    /// The hashes of the changes no other change builds on.
    fn heads(&mut self) -> Vec<ChangeHash>;

    /// Whether the change, and so all it builds on, is in the document.
    fn has(&mut self, change: &ChangeHash) -> bool;

    /// All changes that are neither `since` nor built on by them. Each of
    /// `since` is in the document.
    fn changes_since(&mut self, since: &[ChangeHash]) -> Collected;

    /// The whole document, and what waits in it for changes yet to come.
    fn snapshot(&mut self) -> Snapshot;

    /// The heads that another device's snapshot really has by itself, which need
    /// not be those that it declares. None where the host can't tell, and the
    /// declared ones are taken.
    fn heads_of(&mut self, snapshot: &[u8]) -> Option<Vec<ChangeHash>> {
        let _ = snapshot;
        None
    }
}

/// Changes to be sealed and sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// Batches of changes as the document's library writes them, each applied
    /// alone by the receiver. Many small batches can be split over chunks; one
    /// above a relay's limit (16 MiB) can't be sent.
    pub changes: Vec<Vec<u8>>,
    /// For each actor of *this* device among the changes: its latest one.
    pub authored: Vec<(ActorId, ChangeHash)>,
    /// The other devices' vouches for changes among these. What a device carries
    /// from one relay to another, or from a file, is so still known as theirs.
    pub vouches: Vec<Vouch>,
}

/// The whole document, to be sealed and sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// As the document's library writes it.
    pub bytes: Vec<u8>,
    /// For each actor this device has written as: its latest change.
    pub authored: Vec<(ActorId, ChangeHash)>,
    /// The other devices' latest vouches, as [`Received`](super::Received)
    /// brought them.
    pub vouches: Vec<Vouch>,
}
