//! The database's store as something to move.

use sync::ids::{ChunkHash, LogId, PlanId};
use tokio_postgres::{Client, Row};

use super::{
    causes,
    connector::{Connector, DatabaseUrl},
    schema::{self, IN_USE},
};
use crate::store::{
    OpenError,
    transfer::{
        Archive, ChunkRecord, Location, PAGE_BYTES, PAGE_CHUNKS, PlanRecord, TransferError,
    },
};

/// All tables, in one transaction of a session that holds the store alone.
pub(in crate::store) struct PostgresArchive {
    log_id: LogId,
    client: Client,
}

impl PostgresArchive {
    /// Opens a store that must be there.
    pub(in crate::store) async fn existing(url: &DatabaseUrl) -> Result<Self, TransferError> {
        let (client, _notifications) = Connector::new(url)?.connect().await?;
        if !schema::exists(&client).await? {
            return Err(TransferError::Missing(Location::Database(url.clone())));
        }
        Self::open(url).await
    }

    /// Opens a store, and makes it when it is not there.
    pub(in crate::store) async fn open(url: &DatabaseUrl) -> Result<Self, TransferError> {
        let connector = Connector::new(url)?;
        schema::prepare(&connector).await?;
        let (client, _notifications) = connector.connect().await?;
        // A large store takes its time.
        client
            .batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
            .await?;
        let alone = client
            .query_one("SELECT pg_try_advisory_lock($1)", &[&IN_USE])
            .await?;
        if !alone.get::<_, bool>(0) {
            return Err(TransferError::InUse(Location::Database(url.clone())));
        }
        client
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            .await?;
        let log_id = schema::log_id(&client).await?;
        Ok(Self { log_id, client })
    }
}

impl Archive for PostgresArchive {
    fn log_id(&self) -> LogId {
        self.log_id
    }

    async fn plans(&mut self) -> Result<Vec<PlanRecord>, TransferError> {
        let rows = self
            .client
            .query(
                "SELECT plan, last_cursor, pruned_through, bytes FROM samskriv.plans ORDER BY plan",
                &[],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok(PlanRecord {
                    plan: PlanId(bytes(row, 0)?),
                    last_cursor: row.get(1),
                    pruned_through: row.get(2),
                    bytes: row.get(3),
                })
            })
            .collect()
    }

    async fn chunks(
        &mut self,
        plan: PlanId,
        after: i64,
    ) -> Result<Vec<ChunkRecord>, TransferError> {
        let most = i64::try_from(PAGE_CHUNKS).unwrap_or(i64::MAX);
        let budget = i64::try_from(PAGE_BYTES).unwrap_or(i64::MAX);
        let rows = self
            .client
            .query(
                "SELECT cursor, hash, covers, stored_at, envelope FROM (
                     SELECT *, sum(coalesce(octet_length(envelope), 0)) OVER (ORDER BY cursor)
                                   - coalesce(octet_length(envelope), 0) AS before
                     FROM (
                         SELECT * FROM samskriv.chunks
                         WHERE plan = (SELECT id FROM samskriv.plans WHERE plan = $1)
                           AND cursor > $2
                         ORDER BY cursor LIMIT $3
                     ) AS next
                 ) AS counted
                 WHERE before < $4 ORDER BY cursor",
                &[&&plan.as_bytes()[..], &after, &most, &budget],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok(ChunkRecord {
                    cursor: row.get(0),
                    hash: ChunkHash(bytes(row, 1)?),
                    covers: row.get(2),
                    stored_at: row.get(3),
                    envelope: row.get(4),
                })
            })
            .collect()
    }

    async fn put_plan(&mut self, plan: &PlanRecord) -> Result<(), TransferError> {
        self.client
            .execute(
                "INSERT INTO samskriv.plans (plan, last_cursor, pruned_through, bytes)
                 VALUES ($1, $2, $3, $4)",
                &[
                    &&plan.plan.as_bytes()[..],
                    &plan.last_cursor,
                    &plan.pruned_through,
                    &plan.bytes,
                ],
            )
            .await?;
        Ok(())
    }

    async fn put_chunks(
        &mut self,
        plan: PlanId,
        chunks: Vec<ChunkRecord>,
    ) -> Result<(), TransferError> {
        let cursors: Vec<_> = chunks.iter().map(|chunk| chunk.cursor).collect();
        let hashes: Vec<_> = chunks
            .iter()
            .map(|chunk| &chunk.hash.as_bytes()[..])
            .collect();
        let covers: Vec<_> = chunks.iter().map(|chunk| chunk.covers).collect();
        let stored_at: Vec<_> = chunks.iter().map(|chunk| chunk.stored_at).collect();
        let envelopes: Vec<_> = chunks
            .iter()
            .map(|chunk| chunk.envelope.as_deref())
            .collect();
        self.client
            .execute(
                "INSERT INTO samskriv.chunks (plan, cursor, hash, covers, stored_at, envelope)
                 SELECT (SELECT id FROM samskriv.plans WHERE plan = $1), new.* FROM unnest(
                     $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bytea[]
                 ) AS new",
                &[
                    &&plan.as_bytes()[..],
                    &cursors,
                    &hashes,
                    &covers,
                    &stored_at,
                    &envelopes,
                ],
            )
            .await?;
        Ok(())
    }

    async fn finish(self, log_id: LogId) -> Result<(), TransferError> {
        self.client
            .execute(
                "UPDATE samskriv.log SET id = $1",
                &[&&log_id.as_bytes()[..]],
            )
            .await?;
        self.client.batch_execute("COMMIT").await?;
        Ok(())
    }
}

/// A column of bytes that are always as many.
fn bytes<const N: usize>(row: &Row, column: usize) -> Result<[u8; N], TransferError> {
    row.get::<_, &[u8]>(column)
        .try_into()
        .map_err(|_| TransferError::Damaged)
}

impl From<tokio_postgres::Error> for TransferError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Open(OpenError::Postgres(causes(&error)))
    }
}
