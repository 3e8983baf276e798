//! Moving all of a store to another place.
//!
//! What is moved keeps its log's name and every cursor, so devices go on as if
//! nothing had happened. The source keeps its content under a new name: were a
//! relay started on it by mistake, devices would take it for what it then is,
//! another log, and not continue the one that lives elsewhere.
//!
//! Source and target are each one transaction. The target's is committed first,
//! so that a move which is interrupted has either done nothing, or lacks only the
//! source's new name; repeating it does the rest.

use std::{fmt, path::PathBuf};

use sync::ids::{ChunkHash, LogId, PlanId};

use super::{
    DatabaseUrl, OpenError, postgres::PostgresArchive, sql::new_log_id, sqlite::SqliteArchive,
};

/// Where a store is.
#[derive(Clone, Debug)]
pub enum Location {
    /// A data directory, with SQLite's file in it.
    Directory(PathBuf),
    /// A PostgreSQL database.
    Database(DatabaseUrl),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => path.display().fmt(f),
            Self::Database(url) => url.fmt(f),
        }
    }
}

/// What is at the target after a move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Plans.
    pub plans: u64,
    /// Their chunks, those included of which only the place is kept.
    pub chunks: u64,
    /// Bytes of envelopes.
    pub bytes: u64,
}

/// Why a store was not moved.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// There is nothing to move.
    #[error("{0} holds no store")]
    Missing(Location),
    /// A relay is there.
    #[error("a relay is using {0}; stop it first")]
    InUse(Location),
    /// Two logs can't become one.
    #[error("{0} holds chunks of its own already; choose an empty place")]
    NotEmpty(Location),
    /// The copy lacks something. It was not kept.
    #[error("the copy did not become what the original is")]
    Differs,
    /// A store can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// SQLite failed.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A row is not as this code writes it.
    #[error("a name in the tables is cut; restore them from a copy")]
    Damaged,
    /// All is at the target, but the source has still the same name.
    #[error("all has been copied, but the old store could not be given its new name: {0}")]
    NotRenamed(#[source] Box<TransferError>),
}

/// A plan's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlanRecord {
    pub(super) plan: PlanId,
    pub(super) last_cursor: i64,
    pub(super) pruned_through: i64,
    pub(super) bytes: i64,
}

/// A chunk's row, but for its plan.
pub(super) struct ChunkRecord {
    pub(super) cursor: i64,
    pub(super) hash: ChunkHash,
    pub(super) covers: Option<i64>,
    pub(super) stored_at: i64,
    /// `None` once pruned.
    pub(super) envelope: Option<Vec<u8>>,
}

/// A page of chunks is read until it holds so much.
pub(super) const PAGE_BYTES: usize = 8 * 1024 * 1024;

/// A page of chunks holds so many at most.
pub(super) const PAGE_CHUNKS: usize = 1_000;

/// A store that nobody else uses, in one transaction. Dropping it leaves it as
/// it was.
pub(super) trait Archive: Sized {
    fn log_id(&self) -> LogId;

    /// All plans, in the order of their ids.
    async fn plans(&mut self) -> Result<Vec<PlanRecord>, TransferError>;

    /// Chunks of a plan after a cursor, in their order; none at the end.
    async fn chunks(&mut self, plan: PlanId, after: i64)
    -> Result<Vec<ChunkRecord>, TransferError>;

    async fn put_plan(&mut self, plan: &PlanRecord) -> Result<(), TransferError>;

    async fn put_chunks(
        &mut self,
        plan: PlanId,
        chunks: Vec<ChunkRecord>,
    ) -> Result<(), TransferError>;

    /// Gives the log a name and commits.
    async fn finish(self, log_id: LogId) -> Result<(), TransferError>;
}

/// Moves a store. It must be used by no relay, and the target must be empty or
/// not there yet; only a move that was interrupted finds its own copy there.
///
/// SQLite is waited for without giving way to other tasks: this is for a process
/// that does nothing else.
///
/// # Errors
///
/// [`TransferError`]. But for [`TransferError::NotRenamed`], both are as they were.
pub async fn transfer(from: &Location, to: &Location) -> Result<Moved, TransferError> {
    match (from, to) {
        (Location::Directory(source), Location::Directory(target)) => {
            let source = SqliteArchive::existing(source)?;
            carry(source, SqliteArchive::open(target)?, to).await
        }
        (Location::Directory(source), Location::Database(target)) => {
            let source = SqliteArchive::existing(source)?;
            carry(source, PostgresArchive::open(target).await?, to).await
        }
        (Location::Database(source), Location::Directory(target)) => {
            let source = PostgresArchive::existing(source).await?;
            carry(source, SqliteArchive::open(target)?, to).await
        }
        (Location::Database(source), Location::Database(target)) => {
            let source = PostgresArchive::existing(source).await?;
            carry(source, PostgresArchive::open(target).await?, to).await
        }
    }
}

/// Gives a store that was restored from a copy a new name, by which devices see
/// that it is another log, and send what it lacks.
///
/// Under its old name only a device that had been sent more than the copy holds
/// would see that, and only until others have made the log as long as it was.
///
/// # Errors
///
/// [`TransferError`]; the store is then as it was.
pub async fn rename(store: &Location) -> Result<(), TransferError> {
    let name = new_log_id()?;
    match store {
        Location::Directory(path) => SqliteArchive::existing(path)?.finish(name).await,
        Location::Database(url) => PostgresArchive::existing(url).await?.finish(name).await,
    }
}

async fn carry(
    mut source: impl Archive,
    mut target: impl Archive,
    to: &Location,
) -> Result<Moved, TransferError> {
    let log_id = source.log_id();
    let next_name = new_log_id()?;
    let plans = source.plans().await?;
    let held = target.plans().await?;
    let is_repeated = target.log_id() == log_id && held == plans;
    if !held.is_empty() && !is_repeated {
        return Err(TransferError::NotEmpty(to.clone()));
    }
    let mut moved = Moved::default();
    for plan in &plans {
        if held.is_empty() {
            target.put_plan(plan).await?;
        }
        let mut after = 0;
        loop {
            let chunks = source.chunks(plan.plan, after).await?;
            let Some(last) = chunks.last() else {
                break;
            };
            after = last.cursor;
            moved.chunks += count(chunks.len());
            if held.is_empty() {
                target.put_chunks(plan.plan, chunks).await?;
            }
        }
        if after != plan.last_cursor {
            return Err(TransferError::Differs);
        }
        moved.plans += 1;
        moved.bytes += u64::try_from(plan.bytes).unwrap_or(0);
    }
    if target.plans().await? != plans {
        return Err(TransferError::Differs);
    }
    target.finish(log_id).await?;
    source
        .finish(next_name)
        .await
        .map_err(|error| TransferError::NotRenamed(Box::new(error)))?;
    Ok(moved)
}

fn count(records: usize) -> u64 {
    u64::try_from(records).unwrap_or(u64::MAX)
}
