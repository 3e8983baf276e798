//! The embedded store as something to move.

use std::{fs::File, path::Path};

use rusqlite::{Connection, Row, params};
use sync::ids::{ChunkHash, LogId, PlanId};

use super::{DATABASE, open_alone};
use crate::store::transfer::{
    Archive, ChunkRecord, Location, PAGE_BYTES, PAGE_CHUNKS, PlanRecord, TransferError,
};

/// The whole file, in one transaction, with the directory locked.
pub(in crate::store) struct SqliteArchive {
    log_id: LogId,
    connection: Connection,
    // Let go after the connection: fields drop in the order they stand.
    _lock: File,
}

impl SqliteArchive {
    /// Opens a store that must be there.
    pub(in crate::store) fn existing(directory: &Path) -> Result<Self, TransferError> {
        if !directory.join(DATABASE).is_file() {
            let location = Location::Directory(directory.to_owned());
            return Err(TransferError::Missing(location));
        }
        Self::open(directory)
    }

    /// Opens a store, and makes it when it is not there.
    pub(in crate::store) fn open(directory: &Path) -> Result<Self, TransferError> {
        let (lock, connection, log_id) = open_alone(directory)?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Self {
            log_id,
            connection,
            _lock: lock,
        })
    }
}

impl Archive for SqliteArchive {
    fn log_id(&self) -> LogId {
        self.log_id
    }

    async fn plans(&mut self) -> Result<Vec<PlanRecord>, TransferError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT plan, last_cursor, pruned_through, bytes FROM plans ORDER BY plan",
        )?;
        let plans = statement.query_map([], |row| {
            Ok(PlanRecord {
                plan: PlanId(row.get(0)?),
                last_cursor: row.get(1)?,
                pruned_through: row.get(2)?,
                bytes: row.get(3)?,
            })
        })?;
        Ok(plans.collect::<rusqlite::Result<_>>()?)
    }

    async fn chunks(
        &mut self,
        plan: PlanId,
        after: i64,
    ) -> Result<Vec<ChunkRecord>, TransferError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT cursor, hash, covers, stored_at, envelope FROM chunks
             WHERE plan = (SELECT id FROM plans WHERE plan = ?1) AND cursor > ?2
             ORDER BY cursor",
        )?;
        let mut rows = statement.query(params![plan.as_bytes(), after])?;
        let mut chunks = Vec::new();
        let mut bytes = 0;
        while bytes < PAGE_BYTES
            && chunks.len() < PAGE_CHUNKS
            && let Some(row) = rows.next()?
        {
            let chunk = chunk(row)?;
            bytes += chunk.envelope.as_ref().map_or(0, Vec::len);
            chunks.push(chunk);
        }
        Ok(chunks)
    }

    async fn put_plan(&mut self, plan: &PlanRecord) -> Result<(), TransferError> {
        self.connection
            .prepare_cached(
                "INSERT INTO plans (plan, last_cursor, pruned_through, bytes)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                plan.plan.as_bytes(),
                plan.last_cursor,
                plan.pruned_through,
                plan.bytes
            ])?;
        Ok(())
    }

    async fn put_chunks(
        &mut self,
        plan: PlanId,
        chunks: Vec<ChunkRecord>,
    ) -> Result<(), TransferError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO chunks (plan, cursor, hash, covers, stored_at, envelope)
             VALUES ((SELECT id FROM plans WHERE plan = ?1), ?2, ?3, ?4, ?5, ?6)",
        )?;
        for chunk in chunks {
            statement.execute(params![
                plan.as_bytes(),
                chunk.cursor,
                chunk.hash.as_bytes(),
                chunk.covers,
                chunk.stored_at,
                chunk.envelope
            ])?;
        }
        Ok(())
    }

    async fn finish(self, log_id: LogId) -> Result<(), TransferError> {
        self.connection
            .execute("UPDATE log SET id = ?1", [log_id.as_bytes()])?;
        self.connection.execute_batch("COMMIT")?;
        Ok(())
    }
}

fn chunk(row: &Row<'_>) -> rusqlite::Result<ChunkRecord> {
    Ok(ChunkRecord {
        cursor: row.get(0)?,
        hash: ChunkHash(row.get(1)?),
        covers: row.get(2)?,
        stored_at: row.get(3)?,
        envelope: row.get(4)?,
    })
}
