//! Appends that wait for one commit together: a disk flush costs the same for
//! one chunk as for fifty.

use sync::ids::{Cursor, PlanId};
use tokio::sync::{mpsc, oneshot};

use super::{AppendError, NewChunk, Unavailable};

/// Appends that may wait before a socket that wants to append one more waits.
const QUEUE: usize = 256;

/// One commit takes at most about this many bytes, so that those at the head of
/// a long queue get their answer soon. Also bounds how much a commit can lose
/// to an error that concerns only one of its chunks.
const GROUP_BYTES: usize = 32 * 1024 * 1024;

/// What became of one append.
pub(super) type Appended = Result<Cursor, AppendError>;

/// An append that waits for its commit.
pub(super) struct Job {
    pub(super) plan: PlanId,
    pub(super) chunk: NewChunk,
    answer: oneshot::Sender<Appended>,
}

/// The way to whoever writes. Without it, the writer finishes what waits and
/// ends.
pub(super) struct Queue(mpsc::Sender<Job>);

/// A queue, and the end from which a writer takes the appends.
pub(super) fn queue() -> (Queue, mpsc::Receiver<Job>) {
    let (sender, jobs) = mpsc::channel(QUEUE);
    (Queue(sender), jobs)
}

impl Queue {
    /// Waits for its turn, then for the commit.
    pub(super) async fn append(&self, plan: PlanId, chunk: NewChunk) -> Appended {
        let stopped = || Unavailable::new("the store has stopped");
        let (answer, answered) = oneshot::channel();
        let job = Job {
            plan,
            chunk,
            answer,
        };
        self.0.send(job).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

/// Takes what already waits behind `first`, without waiting for more.
pub(super) fn gather(first: Job, jobs: &mut mpsc::Receiver<Job>) -> Vec<Job> {
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

/// Tells each of a group what became of it: what its commit made of it, or why
/// there was no commit.
pub(super) fn answer<E: ToString>(group: Vec<Job>, committed: Result<Vec<Appended>, E>) {
    // Nobody waits any more when the socket has gone: the chunk is stored, and
    // the device will ask again.
    match committed {
        Ok(results) => {
            for (job, result) in group.into_iter().zip(results) {
                let _ = job.answer.send(result);
            }
        }
        Err(error) => {
            let error = error.to_string();
            tracing::error!(%error, chunks = group.len(), "could not store");
            for job in group {
                let failed = Unavailable::new(error.clone());
                let _ = job.answer.send(Err(failed.into()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;

    use sync::ids::ChunkHash;
    use tokio::task::JoinHandle;

    use super::*;

    fn append(queue: &Arc<Queue>, number: u8, bytes: usize) -> JoinHandle<Appended> {
        let queue = queue.clone();
        let chunk = NewChunk {
            hash: ChunkHash([number; 32]),
            envelope: vec![number; bytes],
            covers: None,
        };
        tokio::spawn(async move { queue.append(PlanId([1; 32]), chunk).await })
    }

    /// The runtime has one thread, so all appends wait before the test goes on.
    #[tokio::test]
    async fn all_that_wait_are_one_group_and_each_gets_its_own_answer() {
        let (queue, mut jobs) = queue();
        let queue = Arc::new(queue);
        let appends = [1, 2, 3].map(|number| append(&queue, number, 10));
        let first = jobs.recv().await.unwrap();
        let group = gather(first, &mut jobs);
        assert_eq!(group.len(), 3);
        let places = [7, 8, 9].map(|place| Ok(Cursor(place)));
        answer::<&str>(group, Ok(places.into()));
        for (append, place) in appends.into_iter().zip(7..) {
            assert_eq!(append.await.unwrap().unwrap(), Cursor(place));
        }
    }

    #[tokio::test]
    async fn a_commit_that_failed_has_stored_nothing_of_its_group() {
        let (queue, mut jobs) = queue();
        let queue = Arc::new(queue);
        let appends = [1, 2].map(|number| append(&queue, number, 10));
        let first = jobs.recv().await.unwrap();
        answer(gather(first, &mut jobs), Err("the disk is full"));
        for append in appends {
            let error = append.await.unwrap().unwrap_err();
            assert!(matches!(error, AppendError::Unavailable(_)), "{error}");
        }
    }

    #[tokio::test]
    async fn a_group_ends_when_it_is_large() {
        let (queue, mut jobs) = queue();
        let queue = Arc::new(queue);
        let _appends = [1, 2, 3].map(|number| append(&queue, number, GROUP_BYTES / 2));
        let first = jobs.recv().await.unwrap();
        assert_eq!(gather(first, &mut jobs).len(), 2);
    }
}
