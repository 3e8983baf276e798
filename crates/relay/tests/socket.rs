//! Devices at a real relay: what they append arrives, once and in order.

#![allow(clippy::unwrap_used)]

mod harness;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use harness::{Device, Socket, TestRelay, noise, open, plan};
use relay::{AppendError, Limits, NewChunk, Options, Page, SqliteStore, Store, Unavailable};
use sync::{
    frame::{ClientFrame, ErrorCode, RelayFrame},
    ids::{Cursor, LogId, PlanId},
};
use tempfile::TempDir;
use tokio::sync::Notify;

#[tokio::test]
async fn what_one_appends_reaches_the_other_at_once() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let mut two = Device::join(&relay, &plan(1), 2, 0).await;
    assert_eq!(two.catch_up().await, []);

    let envelope = one.seal("Tiltak 1");
    assert_eq!(one.append(&envelope).await, Cursor(1));
    assert_eq!(two.chunk().await, (1, "Tiltak 1".into()));
}

#[tokio::test]
async fn a_late_subscriber_gets_the_whole_log_and_one_who_was_here_the_rest() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    for text in ["a", "b", "c"] {
        let envelope = one.seal(text);
        one.append(&envelope).await;
    }
    let mut new = Device::join(&relay, &plan(1), 2, 0).await;
    assert_eq!(new.last, Cursor(3));
    assert_eq!(
        new.catch_up().await,
        [(1, "a".into()), (2, "b".into()), (3, "c".into())]
    );

    let mut returned = Device::join(&relay, &plan(1), 3, 2).await;
    assert_eq!(returned.catch_up().await, [(3, "c".into())]);
}

#[tokio::test]
async fn a_log_of_many_pages_arrives_whole() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let texts: Vec<_> = (0..5).map(|_| noise(900_000)).collect();
    for text in &texts {
        let envelope = one.seal(text);
        one.append(&envelope).await;
    }
    let mut two = Device::join(&relay, &plan(1), 2, 0).await;
    let received: Vec<_> = two
        .catch_up()
        .await
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    assert!(received == texts);
}

#[tokio::test]
async fn appending_twice_gives_the_same_cursor() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let envelope = one.seal("a");
    assert_eq!(one.append(&envelope).await, Cursor(1));
    assert_eq!(one.append(&envelope).await, Cursor(1));
    let mut two = Device::join(&relay, &plan(1), 2, 0).await;
    assert_eq!(two.catch_up().await.len(), 1);
}

#[tokio::test]
async fn a_newcomer_begins_with_the_snapshot_and_can_resume_after_it() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    for text in ["a", "b", "while the snapshot was made"] {
        let envelope = one.seal(text);
        one.append(&envelope).await;
    }
    let snapshot = one.seal_snapshot(2, "a and b");
    assert_eq!(one.append(&snapshot).await, Cursor(4));
    let last = one.seal("d");
    one.append(&last).await;

    let mut new = Device::join(&relay, &plan(1), 2, 0).await;
    let tail = [
        (3, "while the snapshot was made".to_owned()),
        (5, "d".to_owned()),
    ];
    let mut whole = vec![(4, "a and b".to_owned())];
    whole.extend(tail.clone());
    assert_eq!(
        new.catch_up().await,
        whole,
        "the snapshot comes first, and once"
    );

    let mut cut_after_snapshot = Device::join(&relay, &plan(1), 3, 2).await;
    let rest = cut_after_snapshot.catch_up().await;
    assert!(tail.iter().all(|chunk| rest.contains(chunk)), "{rest:?}");
}

#[tokio::test]
async fn messages_are_passed_on_to_the_others_and_never_stored() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let mut two = Device::join(&relay, &plan(1), 2, 0).await;
    let mut elsewhere = Device::join(&relay, &plan(2), 3, 0).await;
    two.catch_up().await;

    let envelope = one.seal_ephemeral("here").to_bytes();
    one.socket
        .send(&ClientFrame::Ephemeral {
            envelope: envelope.clone(),
        })
        .await;
    assert_eq!(two.next().await, RelayFrame::Ephemeral { envelope });

    // Neither the sender, nor another plan, nor a newcomer gets it: the next
    // thing each hears is something else.
    let chunk = one.seal("a");
    one.append(&chunk).await;
    assert_eq!(elsewhere.catch_up().await, []);
    let mut late = Device::join(&relay, &plan(1), 4, 0).await;
    assert_eq!(late.catch_up().await, [(1, "a".into())]);
}

#[tokio::test]
async fn everybody_knows_how_many_others_there_are() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    one.wait_for_peers(0).await;
    let mut two = Device::join(&relay, &plan(1), 2, 0).await;
    two.wait_for_peers(1).await;
    one.wait_for_peers(1).await;
    drop(two);
    one.wait_for_peers(0).await;
}

#[tokio::test]
async fn who_does_not_read_is_cut_and_the_others_go_on() {
    let limits = Limits {
        send: Duration::from_secs(1),
        slowest: u32::MAX,
        ..Limits::default()
    };
    let relay = TestRelay::with_limits(limits).await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    one.catch_up().await;
    // More than the system keeps for a socket that does not read.
    for _ in 0..2 {
        let envelope = one.seal(&noise(8_000_000));
        one.append(&envelope).await;
    }
    let narrow = Socket::open_narrow(&relay).await;
    let _asleep = Device::join_by(narrow, &plan(1), 2, 0).await;
    one.wait_for_peers(1).await;
    one.wait_for_peers(0).await;
    let envelope = one.seal("a");
    assert_eq!(one.append(&envelope).await, Cursor(3));
}

#[tokio::test]
async fn a_clean_stop_says_goodbye_and_keeps_everything() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let mut greeting = Socket::open(&relay).await;
    greeting.challenge().await;
    let envelope = one.seal("a");
    one.append(&envelope).await;
    let log = one.log;

    let (directory, close, greeting) = tokio::join!(relay.stop(), one.socket.end(), greeting.end());
    assert_eq!(u16::from(close.unwrap().code), 1001);
    assert_eq!(u16::from(greeting.unwrap().code), 1001);

    let store = open(directory.path());
    let relay = TestRelay::over(store, directory, Options::default()).await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    assert_eq!(one.log, log);
    assert_eq!(one.catch_up().await, [(1, "a".into())]);
}

/// A store whose appends wait for the test, or fail.
struct Gate {
    inner: SqliteStore,
    called: Arc<Notify>,
    open: Arc<Notify>,
    committed: Arc<AtomicBool>,
    broken: bool,
}

impl Gate {
    fn new(broken: bool) -> (Self, TempDir) {
        let directory = TempDir::new().unwrap();
        let inner = open(directory.path());
        let gate = Self {
            inner,
            called: Arc::default(),
            open: Arc::default(),
            committed: Arc::default(),
            broken,
        };
        (gate, directory)
    }
}

impl Store for Gate {
    fn log_id(&self) -> LogId {
        self.inner.log_id()
    }

    async fn append(&self, plan: PlanId, chunk: NewChunk) -> Result<Cursor, AppendError> {
        if self.broken {
            return Err(Unavailable::new("the disk is full").into());
        }
        self.called.notify_one();
        self.open.notified().await;
        let cursor = self.inner.append(plan, chunk).await?;
        self.committed.store(true, Ordering::SeqCst);
        Ok(cursor)
    }

    async fn last_cursor(&self, plan: PlanId) -> Result<Cursor, Unavailable> {
        self.inner.last_cursor(plan).await
    }

    async fn read_after(&self, plan: PlanId, after: Cursor) -> Result<Page, Unavailable> {
        self.inner.read_after(plan, after).await
    }

    async fn check(&self) -> Result<(), Unavailable> {
        self.inner.check().await
    }
}

#[tokio::test]
async fn an_acknowledgement_waits_for_the_commit() {
    let (gate, directory) = Gate::new(false);
    let (called, open, committed) = (
        gate.called.clone(),
        gate.open.clone(),
        gate.committed.clone(),
    );
    let relay = TestRelay::over(gate, directory, Options::default()).await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    one.catch_up().await;
    let envelope = one.seal("a");
    one.send_append(&envelope).await;
    called.notified().await;

    // Anything said meanwhile would be an answer before the commit. Others going
    // in and out gives it ample time to come.
    let others = async {
        for number in 2..12 {
            Device::join(&relay, &plan(2), number, 0)
                .await
                .catch_up()
                .await;
        }
        open.notify_one();
    };
    let acknowledged = async {
        let answer = one.next().await;
        assert!(
            committed.load(Ordering::SeqCst),
            "{answer:?} came before the commit"
        );
    };
    tokio::join!(others, acknowledged);
}

#[tokio::test]
async fn a_chunk_that_was_not_stored_is_not_acknowledged_and_the_socket_stays() {
    let (gate, directory) = Gate::new(true);
    let relay = TestRelay::over(gate, directory, Options::default()).await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    one.catch_up().await;
    let envelope = one.seal("a");
    for _ in 0..3 {
        one.send_append(&envelope).await;
        assert_eq!(
            one.socket.error().await,
            (ErrorCode::Unavailable, Some(envelope.hash()))
        );
    }
}

#[tokio::test]
async fn a_chunk_wakes_the_room_though_its_sender_has_gone() {
    let (gate, directory) = Gate::new(false);
    let (called, open) = (gate.called.clone(), gate.open.clone());
    let relay = TestRelay::over(gate, directory, Options::default()).await;
    let mut two = Device::join(&relay, &plan(1), 2, 0).await;
    two.catch_up().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    two.wait_for_peers(1).await;
    let envelope = one.seal("a");
    one.send_append(&envelope).await;
    called.notified().await;
    drop(one);
    open.notify_one();
    assert_eq!(two.chunk().await, (1, "a".into()));
}
