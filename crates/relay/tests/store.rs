//! What every store must hold to: each test runs over each of the two.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use relay::{
    AppendError, DatabaseUrl, NewChunk, OpenError, PAGE_BYTES, Policy, PostgresStore, SqliteStore,
    Store,
};
use sync::ids::{ChunkHash, Cursor, PlanId};
use tempfile::TempDir;
use test_postgres::Server;

const PLAN: PlanId = PlanId([1; 32]);
const OTHER_PLAN: PlanId = PlanId([2; 32]);
const NO_GRACE: Policy = Policy {
    grace: Duration::ZERO,
    plan_bytes: u64::MAX,
};

/// A store that can be closed and opened again.
trait Fixture {
    async fn open(&self, policy: Policy) -> impl Store + use<Self>;

    /// Another one, empty.
    fn another(&self) -> Self;
}

struct Directory(TempDir);

impl Directory {
    fn new() -> Option<Self> {
        Some(Self(TempDir::new().unwrap()))
    }
}

impl Fixture for Directory {
    async fn open(&self, policy: Policy) -> impl Store + use<> {
        SqliteStore::open(self.0.path(), policy).unwrap()
    }

    fn another(&self) -> Self {
        Self(TempDir::new().unwrap())
    }
}

struct Database {
    server: &'static Server,
    url: String,
}

impl Database {
    /// `None` where PostgreSQL is not installed.
    fn new() -> Option<Self> {
        let server = Server::shared()?;
        let url = server.database();
        Some(Self { server, url })
    }

    fn url(&self) -> DatabaseUrl {
        self.url.parse().unwrap()
    }
}

impl Fixture for Database {
    async fn open(&self, policy: Policy) -> impl Store + use<> {
        PostgresStore::open(&self.url(), policy).await.unwrap()
    }

    fn another(&self) -> Self {
        let url = self.server.database();
        Self { url, ..*self }
    }
}

/// Makes each of these a test over each store.
macro_rules! over_every_store {
    ($($test:ident,)+) => {
        mod over_sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Directory::new().unwrap()).await;
            })+
        }

        mod over_postgres {
            $(#[tokio::test]
            async fn $test() {
                if let Some(database) = super::Database::new() {
                    super::$test(database).await;
                }
            })+
        }
    };
}

over_every_store! {
    a_log_reads_back_in_order_from_any_cursor,
    an_unknown_plan_is_an_empty_log,
    a_repeated_append_keeps_its_place,
    plans_do_not_see_each_other,
    a_store_opened_again_has_everything_and_the_same_name,
    another_store_has_another_name,
    appends_at_once_get_each_their_own_place,
    a_long_log_comes_in_pages,
    a_chunk_larger_than_a_page_is_a_page,
    a_newcomer_begins_with_the_latest_snapshot,
    a_snapshot_that_comes_late_does_not_replace_a_fuller_one,
    a_snapshot_cannot_cover_what_came_after_it,
    what_two_snapshots_supersede_goes_after_the_grace_time,
    nothing_is_deleted_within_the_grace_time,
    a_cursor_beyond_the_end_reads_from_the_beginning,
    a_full_plan_takes_no_more_and_others_go_on,
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

async fn a_log_reads_back_in_order_from_any_cursor(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
    fill(&store, 4).await;
    assert_eq!(read(&store, 0).await, [1, 2, 3, 4]);
    assert_eq!(read(&store, 2).await, [3, 4]);
    assert_eq!(read(&store, 4).await, [0u8; 0]);
    assert_eq!(store.last_cursor(PLAN).await.unwrap(), Cursor(4));
}

async fn an_unknown_plan_is_an_empty_log(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
    assert_eq!(read(&store, 0).await, [0u8; 0]);
    assert_eq!(store.last_cursor(PLAN).await.unwrap(), Cursor::START);
}

async fn a_repeated_append_keeps_its_place(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
    fill(&store, 3).await;
    assert_eq!(store.append(PLAN, chunk(2)).await.unwrap(), Cursor(2));
    assert_eq!(read(&store, 0).await, [1, 2, 3]);
}

async fn plans_do_not_see_each_other(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
    fill(&store, 2).await;
    assert_eq!(store.append(OTHER_PLAN, chunk(1)).await.unwrap(), Cursor(1));
    assert_eq!(read(&store, 0).await, [1, 2]);
    assert_eq!(store.last_cursor(OTHER_PLAN).await.unwrap(), Cursor(1));
}

async fn a_store_opened_again_has_everything_and_the_same_name(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
    let log_id = store.log_id();
    fill(&store, 3).await;
    drop(store);

    let store = fixture.open(Policy::default()).await;
    assert_eq!(store.log_id(), log_id);
    assert_eq!(read(&store, 0).await, [1, 2, 3]);
    assert_eq!(store.append(PLAN, chunk(4)).await.unwrap(), Cursor(4));
}

async fn another_store_has_another_name(fixture: impl Fixture) {
    let (one, other) = (
        fixture.open(Policy::default()).await,
        fixture.another().open(Policy::default()).await,
    );
    assert_ne!(one.log_id(), other.log_id());
}

async fn appends_at_once_get_each_their_own_place(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
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

async fn a_long_log_comes_in_pages(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
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

async fn a_chunk_larger_than_a_page_is_a_page(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
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

async fn a_newcomer_begins_with_the_latest_snapshot(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
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

async fn a_snapshot_that_comes_late_does_not_replace_a_fuller_one(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
    fill(&store, 5).await;
    store.append(PLAN, snapshot(100, 5)).await.unwrap();
    store.append(PLAN, snapshot(101, 2)).await.unwrap();
    assert_eq!(read(&store, 0).await, [100, 100, 101]);
}

async fn a_snapshot_cannot_cover_what_came_after_it(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
    fill(&store, 2).await;
    store.append(PLAN, snapshot(100, 50)).await.unwrap();
    store.append(PLAN, snapshot(101, 0)).await.unwrap();
    assert_eq!(read(&store, 0).await, [1, 2, 100, 101]);
}

async fn what_two_snapshots_supersede_goes_after_the_grace_time(fixture: impl Fixture) {
    let store = fixture.open(NO_GRACE).await;
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
        Cursor(7),
        "a deleted chunk that is sent again is stored again"
    );
}

async fn nothing_is_deleted_within_the_grace_time(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
    fill(&store, 3).await;
    store.append(PLAN, snapshot(100, 3)).await.unwrap();
    store.append(PLAN, snapshot(101, 4)).await.unwrap();
    assert_eq!(read(&store, 1).await, [2, 3, 100, 101]);
}

async fn a_cursor_beyond_the_end_reads_from_the_beginning(fixture: impl Fixture) {
    let store = fixture.open(Policy::default()).await;
    fill(&store, 2).await;
    assert_eq!(read(&store, 3).await, [1, 2]);
    assert_eq!(read(&store, u64::MAX).await, [1, 2]);
}

async fn a_full_plan_takes_no_more_and_others_go_on(fixture: impl Fixture) {
    let policy = Policy {
        plan_bytes: 25,
        ..Policy::default()
    };
    let store = fixture.open(policy).await;
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
        let fixture = Directory::new().unwrap();
        let _first = fixture.open(Policy::default()).await;
        let second = SqliteStore::open(fixture.0.path(), Policy::default());
        assert!(matches!(second, Err(OpenError::InUse(_))));
    }

    #[tokio::test]
    async fn a_newer_database_is_left_alone() {
        let fixture = Directory::new().unwrap();
        drop(fixture.open(Policy::default()).await);
        let path = fixture.0.path().join("relay.sqlite");
        let connection = rusqlite::Connection::open(path).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        drop(connection);
        let opened = SqliteStore::open(fixture.0.path(), Policy::default());
        assert!(matches!(
            opened,
            Err(OpenError::NewerSchema { found: 99, .. })
        ));
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_an_error() {
        let fixture = Directory::new().unwrap();
        let path = fixture.0.path().join("relay.sqlite");
        std::fs::write(&path, [b'x'; 5000]).unwrap();
        let opened = SqliteStore::open(fixture.0.path(), Policy::default());
        assert!(matches!(opened, Err(OpenError::Sqlite(_))));
        assert_eq!(std::fs::read(path).unwrap(), [b'x'; 5000]);
    }
}
