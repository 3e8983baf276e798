//! The relay: stores sealed chunks, wakes those who wait for them, and serves
//! the app.
//!
//! It can neither read nor forge what it carries. What it checks of a frame is
//! in `sync::admit`; what passes its socket is specified in `docs/protocol.md`.
//!
//! # How it is organised
//!
//! ```text
//!            ┌──────────── server: routes, start, stop ────────────┐
//!            │                                                     │
//!   app: static files, headers          door: how many sockets, by address
//!                                                                  │
//!                                       connection: one socket ◀───┘
//!                                         ├─ handshake: challenge, proof, welcome
//!                                         ├─ inbound:   append ─▶ store ─▶ wake the room
//!                                         └─ outbound:  woken ─▶ read on from the store
//!                                                │                     │
//!                                  room: who is on a plan        store: the log
//! ```
//!
//! - [`Store`] is the log of each plan. [`SqliteStore`] is the embedded one,
//!   [`PostgresStore`] the one that several relays may share.
//! - `room` wakes; it carries no chunks. Every subscriber reads from the store at
//!   its own pace, so nothing grows when one of them is slow.
//! - `bus` is what relays over one store tell each other; `follow` acts on it.
//! - `connection` is one socket from its challenge to its end.
//! - [`Limits`] bounds what strangers can ask for; [`Proxies`] says whose address
//!   they have.
//! - `metrics` counts. [`transfer`] moves a store elsewhere.
//! - [`Relay`] puts all of it on a listener, and drains it at the end.
//!
//! # What must stay true
//!
//! - An acknowledgement is sent after the commit, never before: the device
//!   forgets its copy of the queue on it.
//! - Appending twice is harmless: a chunk is named by its hash.
//! - One socket's trouble (garbage, a flood, slowness) ends that socket at most.
//! - A log line holds no content, no key and no link; plan ids are shortened.

#![warn(missing_docs)]

mod app;
mod bus;
mod connection;
mod door;
mod follow;
mod limits;
mod metrics;
mod proxies;
mod room;
mod server;
mod store;

pub use bus::{Bus, Heard, Members, RelayId, Voice};
pub use limits::Limits;
pub use proxies::{ForwardedHeader, Proxies, ProxyNetwork};
pub use server::{Options, Relay, ServeError};
pub use store::{
    AppendError, CommitMetrics, DatabaseUrl, Location, Moved, NewChunk, OpenError, PAGE_BYTES,
    Page, Policy, PostgresStore, SqliteStore, Store, StoredChunk, StoredSnapshot, TransferError,
    Unavailable, rename, transfer,
};
