//! Reads, each on a connection of its own kind, beside the writer.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};
use sync::ids::{Cursor, PlanId};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::store::{
    PAGE_BYTES, Page, StoredChunk, StoredSnapshot, Unavailable,
    sql::{as_cursor, as_sql},
};

/// How many reads run at once; further ones wait. More would not make one disk
/// faster, and each holds up to a page in memory.
const CONNECTIONS: usize = 4;

/// Connections that only read, opened when first needed and then kept.
#[derive(Clone)]
pub(super) struct Readers {
    path: Arc<Path>,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path: path.into(),
            idle: Arc::default(),
            permits: Arc::new(Semaphore::new(CONNECTIONS)),
        }
    }

    /// Runs `query` in one read transaction, on a thread that may block.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let permit = self
            .permits
            .clone()
            .acquire_owned()
            .await
            .map_err(Unavailable::new)?;
        let readers = self.clone();
        spawn_blocking(move || {
            let _permit = permit;
            let mut connection = readers.take()?;
            let transaction = connection.transaction()?;
            let answer = query(&transaction)?;
            transaction.finish()?;
            // A connection that failed is dropped above instead of being kept.
            readers.keep(connection);
            Ok::<_, rusqlite::Error>(answer)
        })
        .await
        .map_err(Unavailable::new)?
        .map_err(Unavailable::new)
    }

    fn take(&self) -> rusqlite::Result<Connection> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        // Read-write, because a WAL reader may have to rebuild the shared index;
        // `query_only` keeps it from changing anything else.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        super::schema::configure_reader(&connection)?;
        Ok(connection)
    }

    fn keep(&self, connection: Connection) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
    }
}

/// One plan's row.
struct PlanRow {
    id: i64,
    last: i64,
    pruned_through: i64,
}

fn plan_row(transaction: &Transaction<'_>, plan: PlanId) -> rusqlite::Result<Option<PlanRow>> {
    transaction
        .prepare_cached("SELECT id, last_cursor, pruned_through FROM plans WHERE plan = ?1")?
        .query_row([plan.as_bytes()], |row| {
            Ok(PlanRow {
                id: row.get(0)?,
                last: row.get(1)?,
                pruned_through: row.get(2)?,
            })
        })
        .optional()
}

pub(super) fn last_cursor(transaction: &Transaction<'_>, plan: PlanId) -> rusqlite::Result<Cursor> {
    Ok(as_cursor(
        plan_row(transaction, plan)?.map_or(0, |row| row.last),
    ))
}

/// See [`crate::Store::read_after`].
pub(super) fn page(
    transaction: &Transaction<'_>,
    plan: PlanId,
    after: Cursor,
) -> rusqlite::Result<Page> {
    let Some(plan) = plan_row(transaction, plan)? else {
        return Ok(Page::default());
    };
    let after = Some(as_sql(after))
        .filter(|after| *after <= plan.last)
        .unwrap_or(0);
    let snapshot = if after == 0 || after < plan.pruned_through {
        latest_snapshot(transaction, plan.id)?
    } else {
        None
    };
    let after = snapshot
        .as_ref()
        .map_or(after, |snapshot| as_sql(snapshot.covers));
    let budget = PAGE_BYTES.saturating_sub(snapshot.as_ref().map_or(0, |s| s.envelope.len()));

    let mut statement = transaction.prepare_cached(
        "SELECT cursor, envelope FROM chunks
         WHERE plan = ?1 AND cursor > ?2 AND envelope IS NOT NULL ORDER BY cursor",
    )?;
    let mut rows = statement.query(params![plan.id, after])?;
    let last = as_cursor(plan.last);
    let mut chunks: Vec<StoredChunk> = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let chunk = StoredChunk {
            cursor: as_cursor(row.get(0)?),
            envelope: row.get(1)?,
        };
        let through = chunk.cursor;
        bytes += chunk.envelope.len();
        chunks.push(chunk);
        if bytes >= budget {
            return Ok(Page {
                snapshot,
                chunks,
                through,
                last,
            });
        }
    }
    Ok(Page {
        snapshot,
        chunks,
        through: last,
        last,
    })
}

fn latest_snapshot(
    transaction: &Transaction<'_>,
    plan: i64,
) -> rusqlite::Result<Option<StoredSnapshot>> {
    transaction
        .prepare_cached(
            "SELECT cursor, covers, envelope FROM chunks
             WHERE plan = ?1 AND covers IS NOT NULL AND envelope IS NOT NULL
             ORDER BY covers DESC, cursor DESC LIMIT 1",
        )?
        .query_row([plan], |row| {
            Ok(StoredSnapshot {
                cursor: as_cursor(row.get(0)?),
                covers: as_cursor(row.get(1)?),
                envelope: row.get(2)?,
            })
        })
        .optional()
}
