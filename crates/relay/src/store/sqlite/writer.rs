//! The one thread that writes. It takes all appends that wait, commits them
//! together, and answers each after the commit: a disk flush costs the same for
//! one chunk as for fifty.

use std::thread::{self, JoinHandle};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sync::ids::PlanId;
use tokio::sync::mpsc;

use super::retention;
use crate::store::{
    AppendError, CommitMetrics, NewChunk, Policy, Unavailable,
    group::{self, Appended, Job, Queue},
    policy::unix_millis,
    sql,
};

/// The way to the writer thread. Dropping it lets the thread finish what waits
/// and end.
pub(super) struct Writer {
    queue: Option<Queue>,
    thread: Option<JoinHandle<()>>,
    commits: CommitMetrics,
}

impl Writer {
    pub(super) fn start(connection: Connection, policy: Policy) -> std::io::Result<Self> {
        let (queue, jobs) = group::queue();
        let commits = CommitMetrics::default();
        let thread = thread::Builder::new().name("store-writer".into()).spawn({
            let commits = commits.clone();
            move || run(connection, &policy, &commits, jobs)
        })?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            commits,
        })
    }

    pub(super) async fn append(&self, plan: PlanId, chunk: NewChunk) -> Appended {
        match &self.queue {
            Some(queue) => queue.append(plan, chunk).await,
            None => Err(Unavailable::new("the store has stopped").into()),
        }
    }

    pub(super) fn commits(&self) -> CommitMetrics {
        self.commits.clone()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's writer thread had panicked");
        }
    }
}

fn run(
    mut connection: Connection,
    policy: &Policy,
    commits: &CommitMetrics,
    mut jobs: mpsc::Receiver<Job>,
) {
    while let Some(first) = jobs.blocking_recv() {
        let group = group::gather(first, &mut jobs);
        let begun = commits.begin(group.len());
        let committed = commit(&mut connection, policy, &group);
        commits.end(begun);
        group::answer(group, committed);
    }
}

/// Stores all of a group, or nothing of it.
fn commit(
    connection: &mut Connection,
    policy: &Policy,
    group: &[Job],
) -> rusqlite::Result<Vec<Appended>> {
    let now = unix_millis();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let results = group
        .iter()
        .map(|job| append(&transaction, policy, job.plan, &job.chunk, now))
        .collect::<rusqlite::Result<Vec<_>>>()?;
    transaction.commit()?;
    Ok(results)
}

/// One chunk inside the group's transaction. The outer error ends the whole
/// group, the inner one concerns this chunk alone.
fn append(
    transaction: &Transaction<'_>,
    policy: &Policy,
    plan: PlanId,
    chunk: &NewChunk,
    now: i64,
) -> rusqlite::Result<Appended> {
    let (plan, last, bytes): (i64, i64, i64) = transaction
        .prepare_cached(
            // The update that changes nothing makes RETURNING answer for old rows too.
            "INSERT INTO plans (plan) VALUES (?1) ON CONFLICT (plan) DO UPDATE SET plan = plan
             RETURNING id, last_cursor, bytes",
        )?
        .query_row([plan.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;

    let known = transaction
        .prepare_cached("SELECT cursor FROM chunks WHERE plan = ?1 AND hash = ?2")?
        .query_row(params![plan, chunk.hash.as_bytes()], |row| row.get(0))
        .optional()?;
    if let Some(cursor) = known {
        return Ok(Ok(sql::as_cursor(cursor)));
    }

    let size = sql::size(chunk);
    if !policy.has_room(bytes, size) {
        return Ok(Err(AppendError::PlanFull {
            limit: policy.plan_bytes,
        }));
    }

    let cursor = last + 1;
    let covers = sql::covers(chunk, cursor);
    if let Some(covers) = covers {
        retention::prune(transaction, plan, covers, policy.stored_before(now))?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO chunks (plan, cursor, hash, covers, stored_at, envelope)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            plan,
            cursor,
            chunk.hash.as_bytes(),
            covers,
            now,
            chunk.envelope
        ])?;
    transaction
        .prepare_cached("UPDATE plans SET last_cursor = ?2, bytes = bytes + ?3 WHERE id = ?1")?
        .execute([plan, cursor, size])?;
    Ok(Ok(sql::as_cursor(cursor)))
}
