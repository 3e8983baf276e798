//! The one thread that writes. It takes all appends that wait, commits them
//! together, and answers each after the commit: a disk flush costs the same for
//! one chunk as for fifty.

use std::{
    thread::{self, JoinHandle},
    time::{SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sync::ids::{Cursor, PlanId};
use tokio::sync::{mpsc, oneshot};

use super::{Policy, as_cursor, as_sql, retention};
use crate::store::{AppendError, NewChunk, Unavailable};

/// Appends that may wait before a socket that wants to append one more waits.
const QUEUE: usize = 256;

/// One commit takes at most about this many bytes, so that those at the head of
/// a long queue get their answer soon. Also bounds how much a commit can lose
/// to an error that concerns only one of its chunks.
const GROUP_BYTES: usize = 32 * 1024 * 1024;

/// An append that waits for its commit.
struct Job {
    plan: PlanId,
    chunk: NewChunk,
    answer: oneshot::Sender<Result<Cursor, AppendError>>,
}

/// The way to the writer thread. Dropping it lets the thread finish what waits
/// and end.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, policy: Policy) -> std::io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || run(connection, &policy, jobs))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(super) async fn append(
        &self,
        plan: PlanId,
        chunk: NewChunk,
    ) -> Result<Cursor, AppendError> {
        let stopped = || Unavailable::new("the store has stopped");
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        let (answer, answered) = oneshot::channel();
        queue
            .send(Job {
                plan,
                chunk,
                answer,
            })
            .await
            .map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
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

fn run(mut connection: Connection, policy: &Policy, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        let group = gather(first, &mut jobs);
        match commit(&mut connection, policy, &group) {
            Ok(results) => {
                for (job, result) in group.into_iter().zip(results) {
                    // Nobody waits any more when the socket has gone: the chunk
                    // is stored, and the device will ask again.
                    let _ = job.answer.send(result);
                }
            }
            Err(error) => {
                tracing::error!(%error, chunks = group.len(), "could not store");
                for job in group {
                    let _ = job
                        .answer
                        .send(Err(Unavailable::new(error.to_string()).into()));
                }
            }
        }
    }
}

/// Takes what already waits behind `first`, without waiting for more.
fn gather(first: Job, jobs: &mut mpsc::Receiver<Job>) -> Vec<Job> {
    let mut bytes = first.chunk.envelope.len();
    let mut group = vec![first];
    while bytes < GROUP_BYTES
        && let Ok(job) = jobs.try_recv()
    {
        bytes += job.chunk.envelope.len();
        group.push(job);
    }
    group
}

/// Stores all of a group, or nothing of it.
fn commit(
    connection: &mut Connection,
    policy: &Policy,
    group: &[Job],
) -> rusqlite::Result<Vec<Result<Cursor, AppendError>>> {
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
) -> rusqlite::Result<Result<Cursor, AppendError>> {
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
        return Ok(Ok(as_cursor(cursor)));
    }

    let size = i64::try_from(chunk.envelope.len()).unwrap_or(i64::MAX);
    let limit = i64::try_from(policy.plan_bytes).unwrap_or(i64::MAX);
    if bytes.saturating_add(size) > limit {
        return Ok(Err(AppendError::PlanFull {
            limit: policy.plan_bytes,
        }));
    }

    let cursor = last + 1;
    // A snapshot can only cover what came before it. One that says otherwise was
    // made against another log; it is kept as a chunk like any other.
    let covers = chunk
        .covers
        .map(as_sql)
        .filter(|covers| (1..cursor).contains(covers));
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
    if covers.is_some() {
        let grace = i64::try_from(policy.grace.as_millis()).unwrap_or(i64::MAX);
        retention::prune(transaction, plan, now.saturating_sub(grace))?;
    }
    Ok(Ok(as_cursor(cursor)))
}

/// Milliseconds since 1970. Only the grace time depends on it: a wrong clock
/// makes the relay keep chunks longer, or not as long as meant.
fn unix_millis() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
