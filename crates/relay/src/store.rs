//! What the relay needs of a store, whichever database is behind it.
//!
//! A store keeps, for each plan, an append-only log of sealed chunks. It knows
//! nothing of what is in them, and checks nothing: what reaches it has passed
//! `sync::admit`. One rule matters above all others: [`Store::append`] answers
//! only once the chunk is durable, because the device throws away its own place
//! in the queue on that answer.
//!
//! The tests in `tests/store.rs` are written against this trait, and run over
//! both stores.

use std::{error::Error, future::Future};

use sync::ids::{ChunkHash, Cursor, LogId, PlanId};

mod group;
mod metrics;
mod open_error;
mod policy;
mod postgres;
mod sql;
mod sqlite;
mod transfer;

pub use metrics::CommitMetrics;
pub use open_error::OpenError;
pub use policy::Policy;
pub use postgres::{DatabaseUrl, PostgresStore};
pub use sqlite::SqliteStore;
pub use transfer::{Location, Moved, TransferError, rename, transfer};

use crate::bus::Bus;

/// An append-only log of sealed chunks for each plan.
///
/// Implementations are shared by all sockets, and are cheap to call at once
/// from many tasks.
pub trait Store: Send + Sync + 'static {
    /// Names this log. It changes when the store is replaced by another, and
    /// tells devices that their cursors mean nothing here.
    fn log_id(&self) -> LogId;

    /// Puts a chunk at the end of a plan's log and answers its place there.
    ///
    /// The answer comes after the chunk is durable, never before. A chunk whose
    /// hash is already in the log keeps the place it has, so repeating an append
    /// is harmless.
    fn append(
        &self,
        plan: PlanId,
        chunk: NewChunk,
    ) -> impl Future<Output = Result<Cursor, AppendError>> + Send;

    /// The place of the newest chunk in a plan's log; zero if it has none.
    fn last_cursor(&self, plan: PlanId)
    -> impl Future<Output = Result<Cursor, Unavailable>> + Send;

    /// Reads on after a cursor, at most about [`PAGE_BYTES`].
    ///
    /// From zero, and from a place whose successors have been deleted because a
    /// snapshot supersedes them, the page begins with the latest snapshot and
    /// goes on after what that covers. A cursor beyond the end of the log (it
    /// was restored from an older copy) is read as zero.
    fn read_after(
        &self,
        plan: PlanId,
        after: Cursor,
    ) -> impl Future<Output = Result<Page, Unavailable>> + Send;

    /// Whether the store can take and give chunks now.
    fn check(&self) -> impl Future<Output = Result<(), Unavailable>> + Send;

    /// The way to the other relays over this store, for the first who asks.
    /// A store that only one relay can use has none.
    fn bus(&self) -> Option<Bus> {
        None
    }

    /// What the store counts of its commits, if it does.
    fn commits(&self) -> Option<CommitMetrics> {
        None
    }
}

/// About how much one page holds; a page always holds at least one chunk when
/// there is one. It bounds what one slow reader can keep in memory.
pub const PAGE_BYTES: usize = 1024 * 1024;

/// A chunk on its way into the log.
#[derive(Clone, Debug)]
pub struct NewChunk {
    /// SHA-256 over the envelope: the chunk's name.
    pub hash: ChunkHash,
    /// The whole envelope, as the device sealed it.
    pub envelope: Vec<u8>,
    /// For a snapshot, the last cursor whose content it holds.
    pub covers: Option<Cursor>,
}

/// A chunk as the log holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChunk {
    /// The chunk's place in its plan's log, counted from 1.
    pub cursor: Cursor,
    /// The whole envelope, byte for byte as it was appended.
    pub envelope: Vec<u8>,
}

/// The snapshot a reader begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSnapshot {
    /// The snapshot's own place in the log.
    pub cursor: Cursor,
    /// Who has the snapshot has everything up to here, and reads on from here.
    /// Always smaller than `cursor`: chunks may have come in between.
    pub covers: Cursor,
    /// The whole envelope.
    pub envelope: Vec<u8>,
}

/// A stretch of a plan's log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Present when the reader must begin with it.
    pub snapshot: Option<StoredSnapshot>,
    /// What follows, in the order of the log.
    pub chunks: Vec<StoredChunk>,
    /// Who has this page has everything up to here.
    pub through: Cursor,
    /// The newest chunk of the log when the page was read.
    pub last: Cursor,
}

/// The store could not do what was asked now. Nothing it has acknowledged is
/// lost; asking again later is right.
#[derive(Debug, thiserror::Error)]
#[error("the store is not available: {0}")]
pub struct Unavailable(#[source] Box<dyn Error + Send + Sync>);

impl Unavailable {
    /// Wraps whatever the database said.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

/// Why a chunk was not stored.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The plan's log has reached the size this relay allows.
    #[error("the plan has reached this relay's limit of {limit} bytes")]
    PlanFull {
        /// The limit, in bytes of envelopes.
        limit: u64,
    },
    /// The chunk was not stored; the device should send it again later.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}
