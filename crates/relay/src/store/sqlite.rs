//! The embedded store: one SQLite file, one writer thread, a few readers.
//!
//! ```text
//! append ─▶ queue ─▶ writer thread ─▶ one commit for all that wait ─▶ answers
//! read   ─▶ one of a few read-only connections, beside the writer (WAL)
//! ```

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use rusqlite::Connection;
use sync::ids::{Cursor, LogId, PlanId};

use self::{reader::Readers, writer::Writer};
use super::{
    AppendError, CommitMetrics, NewChunk, OpenError, Page, Policy, Store, Unavailable,
    sql::new_log_id,
};

mod archive;
mod reader;
mod retention;
mod schema;
mod writer;

pub(super) use archive::SqliteArchive;

/// The database's name in the data directory.
const DATABASE: &str = "relay.sqlite";
/// Locked for as long as a relay uses the directory.
const LOCK: &str = "relay.lock";

/// A [`Store`] in one SQLite file.
pub struct SqliteStore {
    log_id: LogId,
    writer: Writer,
    readers: Readers,
    // Held until the writer is done: fields drop in the order they stand.
    _lock: File,
}

impl SqliteStore {
    /// Opens the store in `directory`, and makes both when they don't exist.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; an existing database is not changed by a failed opening.
    pub fn open(directory: &Path, policy: Policy) -> Result<Self, OpenError> {
        let (lock, connection, log_id) = open_alone(directory)?;
        let writer = Writer::start(connection, policy).map_err(io(directory))?;
        Ok(Self {
            log_id,
            writer,
            readers: Readers::new(directory.join(DATABASE)),
            _lock: lock,
        })
    }
}

/// Opens the database for this process alone, and makes directory and tables
/// when they don't exist.
fn open_alone(directory: &Path) -> Result<(File, Connection, LogId), OpenError> {
    fs::create_dir_all(directory).map_err(io(directory))?;
    let lock_path = directory.join(LOCK);
    let lock = File::create(&lock_path).map_err(io(&lock_path))?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => OpenError::InUse(directory.to_owned()),
        TryLockError::Error(cause) => io(&lock_path)(cause),
    })?;
    let mut connection = Connection::open(directory.join(DATABASE))?;
    schema::configure_writer(&connection)?;
    let log_id = schema::prepare(&mut connection, new_log_id)?;
    Ok((lock, connection, log_id))
}

/// Names what could not be opened.
fn io(path: &Path) -> impl Fn(std::io::Error) -> OpenError + use<> {
    let path = path.to_owned();
    move |cause| OpenError::Io {
        path: path.clone(),
        cause,
    }
}

impl Store for SqliteStore {
    fn log_id(&self) -> LogId {
        self.log_id
    }

    async fn append(&self, plan: PlanId, chunk: NewChunk) -> Result<Cursor, AppendError> {
        self.writer.append(plan, chunk).await
    }

    async fn last_cursor(&self, plan: PlanId) -> Result<Cursor, Unavailable> {
        self.readers
            .run(move |transaction| reader::last_cursor(transaction, plan))
            .await
    }

    async fn read_after(&self, plan: PlanId, after: Cursor) -> Result<Page, Unavailable> {
        self.readers
            .run(move |transaction| reader::page(transaction, plan, after))
            .await
    }

    async fn check(&self) -> Result<(), Unavailable> {
        self.readers
            .run(|transaction| transaction.query_row("SELECT 1", [], |_| Ok(())))
            .await
    }

    fn commits(&self) -> Option<CommitMetrics> {
        Some(self.writer.commits())
    }
}
