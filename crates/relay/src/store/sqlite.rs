//! The embedded store: one SQLite file, one writer thread, a few readers.
//!
//! ```text
//! append ─▶ queue ─▶ writer thread ─▶ one commit for all that wait ─▶ answers
//! read   ─▶ one of a few read-only connections, beside the writer (WAL)
//! ```

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::Connection;
use sync::ids::{Cursor, LogId, PlanId};

use self::{reader::Readers, writer::Writer};
use super::{AppendError, NewChunk, Page, Store, Unavailable};

mod reader;
mod retention;
mod schema;
mod writer;

/// The database's name in the data directory.
const DATABASE: &str = "relay.sqlite";
/// Locked for as long as a relay uses the directory.
const LOCK: &str = "relay.lock";

/// What the store keeps and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How long a chunk is kept at least, also when two snapshots supersede it.
    pub grace: Duration,
    /// The most that one plan may hold, in bytes of envelopes.
    pub plan_bytes: u64,
}

impl Default for Policy {
    /// Thirty days: longer than a holiday, so that whoever comes back meets the
    /// chunks themselves. Two gigabytes: thousands of times a plan's size.
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(30 * 24 * 60 * 60),
            plan_bytes: 2 * 1024 * 1024 * 1024,
        }
    }
}

/// A [`Store`] in one SQLite file.
pub struct SqliteStore {
    log_id: LogId,
    writer: Writer,
    readers: Readers,
    // Held until the writer is done: fields drop in the order they stand.
    _lock: File,
}

/// Why a data directory can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory or a file in it can't be made or opened.
    #[error("{path}: {cause}", path = path.display())]
    Io {
        /// What could not be opened.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Two relays on one directory would each wake only their own sockets.
    #[error("another relay is using {path}; stop it first, or choose another directory", path = .0.display())]
    InUse(PathBuf),
    /// A newer version of the relay has written the database. It is untouched.
    #[error("the database is of version {found}, and this relay knows {known}; use a newer relay")]
    NewerSchema {
        /// The version found.
        found: i64,
        /// The version this code writes.
        known: i64,
    },
    /// The database lacks the row every new one gets.
    #[error("the database has lost its log's name; restore it from a copy")]
    NoLogId,
    /// The system gave no random bytes for a new log's name.
    #[error("the system gives no random bytes: {0}")]
    Entropy(getrandom::Error),
    /// SQLite could not open or prepare the file.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl SqliteStore {
    /// Opens the store in `directory`, and makes both when they don't exist.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; an existing database is not changed by a failed opening.
    pub fn open(directory: &Path, policy: Policy) -> Result<Self, OpenError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |cause| OpenError::Io { path, cause }
        };
        fs::create_dir_all(directory).map_err(io(directory))?;
        let lock_path = directory.join(LOCK);
        let lock = File::create(&lock_path).map_err(io(&lock_path))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::InUse(directory.to_owned()),
            TryLockError::Error(cause) => OpenError::Io {
                path: lock_path,
                cause,
            },
        })?;

        let path = directory.join(DATABASE);
        let mut connection = Connection::open(&path)?;
        schema::configure_writer(&connection)?;
        let log_id = schema::prepare(&mut connection, new_log_id)?;
        let writer = Writer::start(connection, policy).map_err(io(directory))?;
        Ok(Self {
            log_id,
            writer,
            readers: Readers::new(path),
            _lock: lock,
        })
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
}

fn new_log_id() -> Result<LogId, OpenError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(OpenError::Entropy)?;
    Ok(LogId(bytes))
}

/// A cursor as SQLite's integer. One past `i64::MAX` is no cursor this store has
/// ever given; it stays beyond the end of every log.
fn as_sql(cursor: Cursor) -> i64 {
    i64::try_from(cursor.0).unwrap_or(i64::MAX)
}

/// SQLite's integer as a cursor. The tables hold none below zero.
fn as_cursor(value: i64) -> Cursor {
    Cursor(u64::try_from(value).unwrap_or(0))
}
