//! The one task that writes. It takes all appends that wait, commits them in one
//! transaction, and answers each after the commit. A group of fifty takes as
//! many statements as one chunk.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use deadpool_postgres::{GenericClient, Pool, Transaction};
use sync::ids::{ChunkHash, LogId, PlanId};
use tokio::sync::mpsc;

use super::{
    Trouble, in_time, lock,
    notice::{NOTIFY, Notice, Said, channel},
    placing::{Known, Placed, PlanRow, place},
    retention,
};
use crate::{
    bus::RelayId,
    store::{
        CommitMetrics, NewChunk, Policy,
        group::{self, Appended, Job, Queue},
        sql,
    },
};

/// The way to the writing task. Dropping it lets the task finish what waits and
/// end.
pub(super) struct Writer {
    queue: Queue,
    commits: CommitMetrics,
}

impl Writer {
    pub(super) fn start(pool: Pool, policy: Policy, log_id: LogId, me: RelayId) -> Self {
        let (queue, jobs) = group::queue();
        let commits = CommitMetrics::default();
        let task = Task {
            pool,
            policy,
            log_id,
            me,
            commits: commits.clone(),
        };
        tokio::spawn(task.run(jobs));
        Self { queue, commits }
    }

    pub(super) async fn append(&self, plan: PlanId, chunk: NewChunk) -> Appended {
        self.queue.append(plan, chunk).await
    }

    pub(super) fn commits(&self) -> CommitMetrics {
        self.commits.clone()
    }
}

struct Task {
    pool: Pool,
    policy: Policy,
    log_id: LogId,
    me: RelayId,
    commits: CommitMetrics,
}

impl Task {
    async fn run(self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(first) = jobs.recv().await {
            let group = group::gather(first, &mut jobs);
            let begun = self.commits.begin(group.len());
            let committed = in_time(&self.pool, self.commit(&group)).await;
            self.commits.end(begun);
            group::answer(group, committed);
        }
    }

    /// Stores all of a group, or nothing of it.
    ///
    /// When the connection breaks during the commit itself, nobody knows whether
    /// it happened; the device is told that it did not, sends again, and gets
    /// the place that the chunk has.
    async fn commit(&self, group: &[Job]) -> Result<Vec<Appended>, Trouble> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        let now = lock::log(&transaction, self.log_id).await?;
        let mut plans = lock::plans(&transaction, group).await?;
        let mut known = known(&transaction, group, &plans).await?;
        let (answers, placed) = place(group, &mut plans, &mut known, &self.policy);
        if !placed.is_empty() {
            insert(&transaction, &placed, now).await?;
            grow(&transaction, &placed).await?;
            let snapshots = placed.iter().filter(|chunk| chunk.covers.is_some());
            for plan in snapshots.map(|chunk| chunk.plan).collect::<BTreeSet<_>>() {
                retention::prune(&transaction, plan, self.policy.stored_before(now)).await?;
            }
            self.notify(&transaction, &placed, &plans).await?;
        }
        transaction.commit().await?;
        Ok(answers)
    }

    /// Tells every relay which logs have grown, with the commit and not without it.
    async fn notify(
        &self,
        transaction: &Transaction<'_>,
        placed: &[Placed<'_>],
        plans: &HashMap<PlanId, PlanRow>,
    ) -> Result<(), Trouble> {
        let grown: BTreeSet<_> = placed.iter().map(|chunk| chunk.plan).collect();
        let payloads: Vec<_> = plans
            .iter()
            .filter(|(_, row)| grown.contains(&row.id))
            .map(|(plan, row)| {
                let cursor = sql::as_cursor(row.last);
                Notice::new(
                    self.me,
                    0,
                    Said::Grown {
                        plan: *plan,
                        cursor,
                    },
                )
                .encode()
            })
            .collect();
        let statement = transaction.prepare_cached(NOTIFY).await?;
        transaction
            .execute(&statement, &[&channel(self.log_id), &payloads])
            .await?;
        Ok(())
    }
}

/// Which chunks of a group are in the log already.
async fn known(
    transaction: &Transaction<'_>,
    group: &[Job],
    plans: &HashMap<PlanId, PlanRow>,
) -> Result<Known, Trouble> {
    let (ids, hashes): (Vec<_>, Vec<_>) = group
        .iter()
        .filter_map(|job| Some((plans.get(&job.plan)?.id, &job.chunk.hash.as_bytes()[..])))
        .unzip();
    let statement = transaction
        .prepare_cached(
            "SELECT plan, hash, cursor FROM samskriv.chunks
             JOIN unnest($1::bigint[], $2::bytea[]) AS asked (plan, hash) USING (plan, hash)",
        )
        .await?;
    let rows = transaction.query(&statement, &[&ids, &hashes]).await?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            let hash = <[u8; 32]>::try_from(row.get::<_, &[u8]>(1)).ok()?;
            Some(((row.get(0), ChunkHash(hash)), row.get(2)))
        })
        .collect())
}

async fn insert(
    transaction: &Transaction<'_>,
    placed: &[Placed<'_>],
    now: i64,
) -> Result<(), Trouble> {
    let plans: Vec<_> = placed.iter().map(|chunk| chunk.plan).collect();
    let cursors: Vec<_> = placed.iter().map(|chunk| chunk.cursor).collect();
    let hashes: Vec<_> = placed
        .iter()
        .map(|chunk| &chunk.chunk.hash.as_bytes()[..])
        .collect();
    let covers: Vec<_> = placed.iter().map(|chunk| chunk.covers).collect();
    let envelopes: Vec<_> = placed
        .iter()
        .map(|chunk| chunk.chunk.envelope.as_slice())
        .collect();
    let statement = transaction
        .prepare_cached(
            "INSERT INTO samskriv.chunks (plan, cursor, hash, covers, stored_at, envelope)
             SELECT plan, cursor, hash, covers, $6, envelope FROM unnest(
                 $1::bigint[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bytea[]
             ) AS new (plan, cursor, hash, covers, envelope)",
        )
        .await?;
    transaction
        .execute(
            &statement,
            &[&plans, &cursors, &hashes, &covers, &envelopes, &now],
        )
        .await?;
    Ok(())
}

/// Writes in the plans' rows how far their logs go now and what they hold.
async fn grow(transaction: &Transaction<'_>, placed: &[Placed<'_>]) -> Result<(), Trouble> {
    let mut grown: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for chunk in placed {
        let (last, bytes) = grown.entry(chunk.plan).or_default();
        *last = chunk.cursor;
        *bytes += sql::size(chunk.chunk);
    }
    let plans: Vec<_> = grown.keys().copied().collect();
    let (last, bytes): (Vec<_>, Vec<_>) = grown.into_values().unzip();
    let statement = transaction
        .prepare_cached(
            "UPDATE samskriv.plans SET last_cursor = new.last, bytes = plans.bytes + new.bytes
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS new (id, last, bytes)
             WHERE plans.id = new.id",
        )
        .await?;
    transaction
        .execute(&statement, &[&plans, &last, &bytes])
        .await?;
    Ok(())
}
