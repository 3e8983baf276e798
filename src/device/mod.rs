//! What the browser gives to the app.
//!
//! Everything that touches the browser outside of the page's own elements is
//! here, each behind types of our own:
//!
//! - [`storage`]: IndexedDB. Keys, plans, changes, the session's state. Records
//!   are only added and have names of their own, so every tab writes its edits
//!   itself and a repeat does no harm.
//! - [`locks`]: Web Locks, which choose the one tab that leads a plan.
//! - [`tabs`]: a `BroadcastChannel` for each plan, by which the tabs follow each
//!   other.
//! - [`socket`]: the WebSocket to the relay.
//! - [`page_events`]: the network comes and goes, the page is hidden and shown.
//! - [`passphrase`]: a key from a passphrase.
//! - [`profile`]: the reader's few settings, in `localStorage`.
//! - [`clock`]: what time it is, for people and for timers.
//! - [`drawing`]: the page has been drawn, or the browser has nothing to do.
//! - [`sync_task`]: puts the above together around a [`sync::session`], for one
//!   open plan.
//!
//! All of it lives in one thread: handles are `Rc` inside and not `Send`.

mod cbor;
mod clock;
mod drawing;
mod hand_out;
mod locks;
mod page_events;
mod passphrase;
mod profile;
mod socket;
mod storage;
mod sync_task;
mod tabs;

pub use cbor::{decode as from_cbor, encode as to_cbor};
pub use clock::{elapsed_ms, now, today};
pub use drawing::{drawn, idle};
pub use hand_out::{chosen_file, copy_text, download};
pub use passphrase::derive_key;
pub use profile::Profile;
pub use socket::answers;
pub use storage::{
    Durability, Entry, Estimate, Journal, Moving, Persistence, PlanRecord, Storage, StorageError,
};
pub use sync_task::{MergeFailure, SyncHandle, SyncHost, SyncStatus, SyncTask};
pub use tabs::TabChanges;

/// A fresh id for an entity of a plan.
pub fn new_id() -> String {
    let mut bytes = [0; 10];
    entropy(&mut bytes);
    plan::Id::<()>::from_entropy(bytes).to_string()
}

/// Random bytes that are fit for keys.
pub fn entropy(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("every browser that runs wasm has crypto.getRandomValues");
}
