//! What every store must hold to. The tests take the store from [`Fixture`], so
//! that a second one joins by a second fixture.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use relay::{AppendError, NewChunk, OpenError, PAGE_BYTES, Policy, SqliteStore, Store};
use sync::ids::{ChunkHash, Cursor, PlanId};
use tempfile::TempDir;

const PLAN: PlanId = PlanId([1; 32]);
const OTHER_PLAN: PlanId = PlanId([2; 32]);
const NO_GRACE: Policy = Policy {
    grace: Duration::ZERO,
    plan_bytes: u64::MAX,
};

/// A store that can be closed and opened again.
struct Fixture {
    directory: TempDir,
    policy: Policy,
}

impl Fixture {
    fn new(policy: Policy) -> Self {
        Self {
            directory: TempDir::new().unwrap(),
            policy,
        }
    }

    fn open(&self) -> impl Store + use<> {
        SqliteStore::open(self.directory.path(), self.policy).unwrap()
    }
}

fn store() -> (Fixture, impl Store) {
    let fixture = Fixture::new(Policy::default());
    let store = fixture.open();
    (fixture, store)
}

/// A chunk whose name and content follow from one number.
fn chunk(number: u8) -> NewChunk {
    NewChunk {
        hash: ChunkHash([number; 32]),
        envelope: vec![number; 10],
        covers: None,
    }
}

fn snapshot(number: u8, covers: u64) -> NewChunk {
    NewChunk {
        covers: Some(Cursor(covers)),
        ..chunk(number)
    }
}

/// Appends chunks 1..=last, which get the cursors 1..=last.
async fn fill(store: &impl Store, last: u8) {
    for number in 1..=last {
        let cursor = store.append(PLAN, chunk(number)).await.unwrap();
        assert_eq!(cursor, Cursor(number.into()));
    }
}

/// The first byte of each envelope after `after`, snapshot first.
async fn read(store: &impl Store, after: u64) -> Vec<u8> {
    let page = store.read_after(PLAN, Cursor(after)).await.unwrap();
    let snapshot = page.snapshot.iter().map(|snapshot| snapshot.envelope[0]);
    snapshot
        .chain(page.chunks.iter().map(|chunk| chunk.envelope[0]))
        .collect()
}

#[tokio::test]
async fn a_log_reads_back_in_order_from_any_cursor() {
    let (_fixture, store) = store();
    fill(&store, 4).await;
    assert_eq!(read(&store, 0).await, [1, 2, 3, 4]);
    assert_eq!(read(&store, 2).await, [3, 4]);
    assert_eq!(read(&store, 4).await, [0u8; 0]);
    assert_eq!(store.last_cursor(PLAN).await.unwrap(), Cursor(4));
}

#[tokio::test]
async fn an_unknown_plan_is_an_empty_log() {
    let (_fixture, store) = store();
    assert_eq!(read(&store, 0).await, [0u8; 0]);
    assert_eq!(store.last_cursor(PLAN).await.unwrap(), Cursor::START);
}

#[tokio::test]
async fn a_repeated_append_keeps_its_place() {
    let (_fixture, store) = store();
    fill(&store, 3).await;
    assert_eq!(store.append(PLAN, chunk(2)).await.unwrap(), Cursor(2));
    assert_eq!(read(&store, 0).await, [1, 2, 3]);
}

#[tokio::test]
async fn plans_do_not_see_each_other() {
    let (_fixture, store) = store();
    fill(&store, 2).await;
    assert_eq!(store.append(OTHER_PLAN, chunk(1)).await.unwrap(), Cursor(1));
    assert_eq!(read(&store, 0).await, [1, 2]);
    assert_eq!(store.last_cursor(OTHER_PLAN).await.unwrap(), Cursor(1));
}

#[tokio::test]
async fn a_store_opened_again_has_everything_and_the_same_name() {
    let fixture = Fixture::new(Policy::default());
    let store = fixture.open();
    let log_id = store.log_id();
    fill(&store, 3).await;
    drop(store);

    let store = fixture.open();
    assert_eq!(store.log_id(), log_id);
    assert_eq!(read(&store, 0).await, [1, 2, 3]);
    assert_eq!(store.append(PLAN, chunk(4)).await.unwrap(), Cursor(4));
}

#[tokio::test]
async fn another_store_has_another_name() {
    assert_ne!(store().1.log_id(), store().1.log_id());
}

#[tokio::test]
async fn appends_at_once_get_each_their_own_place() {
    let (_fixture, store) = store();
    let store = std::sync::Arc::new(store);
    let appends: Vec<_> = (1..=100)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.append(PLAN, chunk(number)).await.unwrap() })
        })
        .collect();
    let mut cursors = Vec::new();
    for append in appends {
        cursors.push(append.await.unwrap());
    }
    cursors.sort_unstable();
    assert_eq!(cursors, (1..=100).map(Cursor).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_long_log_comes_in_pages() {
    let (_fixture, store) = store();
    for number in 1..=5 {
        let large = NewChunk {
            envelope: vec![number; PAGE_BYTES / 2],
            ..chunk(number)
        };
        store.append(PLAN, large).await.unwrap();
    }
    let mut after = Cursor::START;
    let mut seen = Vec::new();
    let mut pages = 0;
    while after < Cursor(5) {
        let page = store.read_after(PLAN, after).await.unwrap();
        assert_eq!(page.last, Cursor(5));
        assert!(page.through > after, "a page goes on");
        seen.extend(page.chunks.iter().map(|chunk| chunk.cursor.0));
        after = page.through;
        pages += 1;
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
    assert_eq!(pages, 3);
}

#[tokio::test]
async fn a_chunk_larger_than_a_page_is_a_page() {
    let (_fixture, store) = store();
    let large = NewChunk {
        envelope: vec![7; PAGE_BYTES * 2],
        ..chunk(7)
    };
    store.append(PLAN, large.clone()).await.unwrap();
    store.append(PLAN, chunk(8)).await.unwrap();
    let page = store.read_after(PLAN, Cursor::START).await.unwrap();
    assert_eq!(page.chunks.len(), 1);
    assert_eq!(page.chunks[0].envelope, large.envelope);
    assert_eq!(read(&store, page.through.0).await, [8]);
}

#[tokio::test]
async fn a_newcomer_begins_with_the_latest_snapshot() {
    let (_fixture, store) = store();
    fill(&store, 3).await;
    // Chunk 3 came while the snapshot of 1 and 2 was on its way.
    store.append(PLAN, snapshot(100, 2)).await.unwrap();
    store.append(PLAN, chunk(5)).await.unwrap();

    let page = store.read_after(PLAN, Cursor::START).await.unwrap();
    let snapshot = page.snapshot.unwrap();
    assert_eq!((snapshot.cursor, snapshot.covers), (Cursor(4), Cursor(2)));
    let cursors: Vec<_> = page.chunks.iter().map(|chunk| chunk.cursor.0).collect();
    assert_eq!(cursors, [3, 4, 5]);
    assert_eq!(
        read(&store, 1).await,
        [2, 3, 100, 5],
        "others read the log as it is"
    );
}

#[tokio::test]
async fn a_snapshot_that_comes_late_does_not_replace_a_fuller_one() {
    let (_fixture, store) = store();
    fill(&store, 5).await;
    store.append(PLAN, snapshot(100, 5)).await.unwrap();
    store.append(PLAN, snapshot(101, 2)).await.unwrap();
    assert_eq!(read(&store, 0).await, [100, 100, 101]);
}

#[tokio::test]
async fn a_snapshot_cannot_cover_what_came_after_it() {
    let (_fixture, store) = store();
    fill(&store, 2).await;
    store.append(PLAN, snapshot(100, 50)).await.unwrap();
    store.append(PLAN, snapshot(101, 0)).await.unwrap();
    assert_eq!(read(&store, 0).await, [1, 2, 100, 101]);
}

#[tokio::test]
async fn what_two_snapshots_supersede_goes_after_the_grace_time() {
    let fixture = Fixture::new(NO_GRACE);
    let store = fixture.open();
    fill(&store, 3).await;
    store.append(PLAN, snapshot(100, 3)).await.unwrap(); // cursor 4
    assert_eq!(
        read(&store, 1).await,
        [2, 3, 100],
        "one snapshot deletes nothing"
    );

    store.append(PLAN, chunk(5)).await.unwrap();
    store.append(PLAN, snapshot(101, 5)).await.unwrap(); // cursor 6
    assert_eq!(
        read(&store, 3).await,
        [100, 5, 101],
        "the older snapshot and its tail stay"
    );
    assert_eq!(
        read(&store, 1).await,
        [101, 101],
        "who is behind begins with the newest"
    );
    assert_eq!(read(&store, 0).await, [101, 101]);
    assert_eq!(
        store.append(PLAN, chunk(2)).await.unwrap(),
        Cursor(2),
        "a deleted chunk keeps its place"
    );
}

#[tokio::test]
async fn nothing_is_deleted_within_the_grace_time() {
    let (_fixture, store) = store();
    fill(&store, 3).await;
    store.append(PLAN, snapshot(100, 3)).await.unwrap();
    store.append(PLAN, snapshot(101, 4)).await.unwrap();
    assert_eq!(read(&store, 1).await, [2, 3, 100, 101]);
}

#[tokio::test]
async fn a_cursor_beyond_the_end_reads_from_the_beginning() {
    let (_fixture, store) = store();
    fill(&store, 2).await;
    assert_eq!(read(&store, 3).await, [1, 2]);
    assert_eq!(read(&store, u64::MAX).await, [1, 2]);
}

#[tokio::test]
async fn a_full_plan_takes_no_more_and_others_go_on() {
    let fixture = Fixture::new(Policy {
        plan_bytes: 25,
        ..Policy::default()
    });
    let store = fixture.open();
    fill(&store, 2).await;
    let refused = store.append(PLAN, chunk(3)).await.unwrap_err();
    assert!(matches!(refused, AppendError::PlanFull { limit: 25 }));
    assert_eq!(
        store.append(PLAN, chunk(1)).await.unwrap(),
        Cursor(1),
        "repeats are answered"
    );
    assert_eq!(store.append(OTHER_PLAN, chunk(3)).await.unwrap(), Cursor(1));
    assert_eq!(read(&store, 0).await, [1, 2]);
}

mod sqlite {
    //! What concerns the data directory, and so this store only.

    use super::*;

    #[tokio::test]
    async fn two_relays_cannot_share_a_directory() {
        let fixture = Fixture::new(Policy::default());
        let _first = fixture.open();
        let second = SqliteStore::open(fixture.directory.path(), Policy::default());
        assert!(matches!(second, Err(OpenError::InUse(_))));
    }

    #[tokio::test]
    async fn a_newer_database_is_left_alone() {
        let fixture = Fixture::new(Policy::default());
        drop(fixture.open());
        let path = fixture.directory.path().join("relay.sqlite");
        let connection = rusqlite::Connection::open(path).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        drop(connection);
        let opened = SqliteStore::open(fixture.directory.path(), Policy::default());
        assert!(matches!(
            opened,
            Err(OpenError::NewerSchema { found: 99, .. })
        ));
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_an_error() {
        let fixture = Fixture::new(Policy::default());
        let path = fixture.directory.path().join("relay.sqlite");
        std::fs::write(&path, [b'x'; 5000]).unwrap();
        let opened = SqliteStore::open(fixture.directory.path(), Policy::default());
        assert!(matches!(opened, Err(OpenError::Sqlite(_))));
        assert_eq!(std::fs::read(path).unwrap(), [b'x'; 5000]);
    }
}
