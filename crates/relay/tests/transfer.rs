//! A store that is moved is the same log at another place.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    future::{Future, poll_fn},
    path::Path,
    task::Poll,
    time::Duration,
};

use relay::{
    Location, Moved, NewChunk, Page, Policy, PostgresStore, SqliteStore, Store, TransferError,
    transfer,
};
use sync::ids::{ChunkHash, Cursor, LogId, PlanId};
use tempfile::TempDir;
use test_postgres::Server;

const PLANS: [PlanId; 3] = [PlanId([1; 32]), PlanId([2; 32]), PlanId([3; 32])];
const NO_GRACE: Policy = Policy {
    grace: Duration::ZERO,
    plan_bytes: u64::MAX,
};

fn chunk(number: u8, covers: Option<u64>) -> NewChunk {
    NewChunk {
        hash: ChunkHash([number; 32]),
        envelope: vec![number; 1_000],
        covers: covers.map(Cursor),
    }
}

/// A plan with chunks, one that has deleted what snapshots supersede, and one
/// that is larger than a page.
async fn fill(store: &impl Store) {
    for number in 1..=3 {
        store.append(PLANS[0], chunk(number, None)).await.unwrap();
        store.append(PLANS[1], chunk(number, None)).await.unwrap();
    }
    store.append(PLANS[1], chunk(4, Some(3))).await.unwrap();
    store.append(PLANS[1], chunk(5, Some(4))).await.unwrap();
    for number in 1..=3 {
        let large = NewChunk {
            envelope: vec![number; 6_000_000],
            ..chunk(number, None)
        };
        store.append(PLANS[2], large).await.unwrap();
    }
}

/// All that a device can see of a store.
async fn seen(store: &impl Store) -> (LogId, Vec<Page>) {
    let mut pages = Vec::new();
    for plan in PLANS {
        for after in 0..=4 {
            pages.push(store.read_after(plan, Cursor(after)).await.unwrap());
        }
        // The second plan has no other chunk that no snapshot has superseded.
        let held = if plan == PLANS[1] { 5 } else { 2 };
        let repeated = store.append(plan, chunk(held, None)).await.unwrap();
        let place = Cursor(u64::from(held));
        assert_eq!(repeated, place, "what is there keeps its place");
    }
    (store.log_id(), pages)
}

/// A store on a disk with something in it, and what is seen of it.
async fn filled() -> (TempDir, (LogId, Vec<Page>)) {
    let home = TempDir::new().unwrap();
    let store = sqlite(home.path());
    fill(&store).await;
    let seen = seen(&store).await;
    (home, seen)
}

fn directory(path: &Path) -> Location {
    Location::Directory(path.to_owned())
}

fn database(url: &str) -> Location {
    Location::Database(url.parse().unwrap())
}

fn sqlite(path: &Path) -> SqliteStore {
    SqliteStore::open(path, NO_GRACE).unwrap()
}

async fn postgres(url: &str) -> PostgresStore {
    PostgresStore::open(&url.parse().unwrap(), NO_GRACE)
        .await
        .unwrap()
}

/// Moves as soon as the database has noticed that whoever used it has gone.
async fn moved(from: &Location, to: &Location) -> Moved {
    loop {
        match transfer(from, to).await {
            Ok(moved) => return moved,
            Err(TransferError::InUse(_)) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn there_and_back_everything_is_as_it_was() {
    let Some(server) = Server::shared() else {
        return;
    };
    let (url, back) = (server.database(), TempDir::new().unwrap());
    let (home, before) = filled().await;

    let count = moved(&directory(home.path()), &database(&url)).await;
    assert_eq!((count.plans, count.chunks), (3, 8));
    let store = postgres(&url).await;
    assert_eq!(seen(&store).await, before);
    drop(store);

    assert_eq!(moved(&database(&url), &directory(back.path())).await, count);
    assert_eq!(seen(&sqlite(back.path())).await, before);
    // What stayed behind has the content under names of its own.
    let left = seen(&sqlite(home.path())).await;
    assert_eq!(left.1, before.1);
    let left_there = postgres(&url).await.log_id();
    assert!(before.0 != left.0 && before.0 != left_there && left.0 != left_there);
}

#[tokio::test]
async fn a_place_that_holds_something_is_refused_and_left_alone() {
    let Some(server) = Server::shared() else {
        return;
    };
    let url = server.database();
    let (home, here) = filled().await;
    let store = postgres(&url).await;
    store.append(PLANS[0], chunk(2, None)).await.unwrap();
    let name = store.log_id();
    let refused = transfer(&directory(home.path()), &database(&url)).await;
    assert!(
        matches!(refused, Err(TransferError::InUse(_))),
        "{refused:?}"
    );
    drop(store);
    for (from, to) in [
        (directory(home.path()), database(&url)),
        (database(&url), directory(home.path())),
    ] {
        let refused = loop {
            match transfer(&from, &to).await {
                Err(TransferError::InUse(_)) => tokio::task::yield_now().await,
                other => break other,
            }
        };
        assert!(
            matches!(refused, Err(TransferError::NotEmpty(_))),
            "{refused:?}"
        );
    }
    assert_eq!(seen(&sqlite(home.path())).await, here);
    assert_eq!(postgres(&url).await.log_id(), name);
}

/// The one moment at which an interruption leaves something behind: all is at
/// the target, and the source has not got its new name.
#[tokio::test]
async fn a_move_that_lacks_only_its_end_is_brought_to_it() {
    let Some(server) = Server::shared() else {
        return;
    };
    let url = server.database();
    let (home, before) = filled().await;
    let file = home.path().join("relay.sqlite");
    let as_it_was = fs::read(&file).unwrap();
    let count = moved(&directory(home.path()), &database(&url)).await;
    fs::write(&file, as_it_was).unwrap();

    assert_eq!(moved(&directory(home.path()), &database(&url)).await, count);
    assert_ne!(sqlite(home.path()).log_id(), before.0);
    assert_eq!(seen(&postgres(&url).await).await, before);
}

/// Broken off after ever more steps, until one comes to its end: before that,
/// nothing has changed.
#[tokio::test]
async fn a_move_that_is_broken_off_has_done_nothing() {
    let Some(server) = Server::shared() else {
        return;
    };
    let url = server.database();
    let (home, before) = filled().await;
    let (from, to) = (directory(home.path()), database(&url));
    let mut steps = 1;
    let mut broken_off = 0;
    loop {
        match first_steps(transfer(&from, &to), steps).await {
            Outcome::BrokenOff => {
                broken_off += 1;
                steps += 2;
                assert_eq!(sqlite(home.path()).log_id(), before.0);
            }
            Outcome::Ended(Err(TransferError::InUse(_))) => tokio::task::yield_now().await,
            Outcome::Ended(result) => {
                result.unwrap();
                break;
            }
        }
    }
    assert!(broken_off > 3);
    assert_ne!(sqlite(home.path()).log_id(), before.0);
    assert_eq!(seen(&postgres(&url).await).await, before);
}

enum Outcome {
    BrokenOff,
    Ended(Result<Moved, TransferError>),
}

/// Lets a move go on so many times, and then no further.
async fn first_steps(
    work: impl Future<Output = Result<Moved, TransferError>>,
    steps: u32,
) -> Outcome {
    let mut work = std::pin::pin!(work);
    let mut taken = 0;
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Outcome::Ended(result)),
        Poll::Pending => {
            taken += 1;
            if taken >= steps {
                Poll::Ready(Outcome::BrokenOff)
            } else {
                Poll::Pending
            }
        }
    })
    .await
}
