//! The tables, and the settings every connection opens with.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sync::ids::LogId;

use crate::store::OpenError;

/// Written to `PRAGMA user_version`; raised with every change of the tables.
const SCHEMA_VERSION: i64 = 1;

/// Written to `PRAGMA application_id`, so that `file(1)` and an administrator
/// can tell whose database this is: «Smsk».
const APPLICATION_ID: i64 = 0x536d_736b;

/// How long a connection waits for another one's lock. WAL readers never wait
/// for the writer; this covers the short moments of a checkpoint.
const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

const TABLES: &str = "
    -- One row: the name of this log.
    CREATE TABLE log (id BLOB NOT NULL);

    CREATE TABLE plans (
        id             INTEGER PRIMARY KEY,
        plan           BLOB    NOT NULL UNIQUE,
        last_cursor    INTEGER NOT NULL DEFAULT 0,
        -- Chunks up to here may be gone: readers from before it begin with a snapshot.
        pruned_through INTEGER NOT NULL DEFAULT 0,
        -- The size of the envelopes held.
        bytes          INTEGER NOT NULL DEFAULT 0
    );

    CREATE TABLE chunks (
        plan      INTEGER NOT NULL REFERENCES plans (id),
        cursor    INTEGER NOT NULL,
        hash      BLOB    NOT NULL,
        -- For a snapshot that can stand for the log's beginning: what it covers.
        covers    INTEGER,
        -- Milliseconds since 1970 by the relay's clock; used for the grace time only.
        stored_at INTEGER NOT NULL,
        -- NULL in rows that earlier versions left of what was superseded.
        envelope  BLOB,
        UNIQUE (plan, cursor),
        UNIQUE (plan, hash)
    );

    CREATE INDEX snapshots ON chunks (plan, covers) WHERE covers IS NOT NULL;
";

/// Applies the settings of a connection that writes.
///
/// WAL lets readers go on beside the writer; `synchronous = FULL` makes each
/// commit reach the disk before it returns, which an acknowledgement promises
/// (`NORMAL` may lose the last commits of a WAL when the power goes).
pub(super) fn configure_writer(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)
}

/// Applies the settings of a connection that only reads.
pub(super) fn configure_reader(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "query_only", true)
}

/// Makes the tables in an empty database, and answers the log's name.
///
/// `new_log_id` is only called for a new database.
pub(super) fn prepare(
    connection: &mut Connection,
    new_log_id: impl FnOnce() -> Result<LogId, OpenError>,
) -> Result<LogId, OpenError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => {
            transaction.execute_batch(TABLES)?;
            transaction.execute(
                "INSERT INTO log (id) VALUES (?1)",
                [new_log_id()?.as_bytes()],
            )?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        }
        SCHEMA_VERSION => {}
        newer => {
            return Err(OpenError::NewerSchema {
                found: newer,
                known: SCHEMA_VERSION,
            });
        }
    }
    let id = transaction
        .query_row("SELECT id FROM log", [], |row| row.get::<_, [u8; 16]>(0))
        .optional()?
        .ok_or(OpenError::NoLogId)?;
    transaction.commit()?;
    Ok(LogId(id))
}
