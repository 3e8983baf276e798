//! What concerns the database, and several relays over it.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use relay::{AppendError, DatabaseUrl, NewChunk, OpenError, Policy, PostgresStore, Store};
use sync::ids::{ChunkHash, Cursor, PlanId};
use test_postgres::Server;

fn url(database: &str) -> DatabaseUrl {
    database.parse().unwrap()
}

async fn open(database: &str) -> PostgresStore {
    PostgresStore::open(&url(database), Policy::default())
        .await
        .unwrap()
}

async fn refused(database: &str) -> OpenError {
    let opened = PostgresStore::open(&url(database), Policy::default()).await;
    opened.err().expect("the store must not open")
}

fn plan(number: u8) -> PlanId {
    PlanId([number; 32])
}

fn chunk(writer: u8, number: u8) -> NewChunk {
    let mut hash = [writer; 32];
    hash[0] = number;
    NewChunk {
        hash: ChunkHash(hash),
        envelope: vec![number; 10],
        covers: None,
    }
}

#[tokio::test]
async fn relays_that_start_at_once_make_one_store() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let opening: Vec<_> = (0..4)
        .map(|_| {
            let database = database.clone();
            tokio::spawn(async move { open(&database).await.log_id() })
        })
        .collect();
    let mut names = BTreeSet::new();
    for opened in opening {
        names.insert(opened.await.unwrap());
    }
    assert_eq!(names.len(), 1);
}

/// Both write to the same plans, in groups and in different orders: cursors stay
/// without a gap, and neither waits for the other for ever.
#[tokio::test(flavor = "multi_thread")]
async fn two_relays_give_out_each_cursor_once() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let (one, two) = (open(&database).await, open(&database).await);
    let stores = [std::sync::Arc::new(one), std::sync::Arc::new(two)];
    let appends: Vec<_> = (0..100u8)
        .flat_map(|number| {
            stores.iter().zip(1u8..).map(move |(store, writer)| {
                let store = store.clone();
                let plan = plan(if writer == 1 {
                    number % 3
                } else {
                    2 - number % 3
                });
                tokio::spawn(async move {
                    (
                        plan,
                        store.append(plan, chunk(writer, number)).await.unwrap(),
                    )
                })
            })
        })
        .collect();
    let mut places = BTreeSet::new();
    for append in appends {
        assert!(
            places.insert(append.await.unwrap()),
            "a place was given twice"
        );
    }
    for number in 0..3 {
        let last = stores[0].last_cursor(plan(number)).await.unwrap();
        let mine = places.iter().filter(|(of, _)| *of == plan(number));
        assert!(mine.map(|(_, cursor)| cursor.0).eq(1..=last.0));
    }
}

/// The same chunk sent to two relays, as a device does that lost one of them
/// before it heard the acknowledgement.
#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_that_reaches_two_relays_has_one_place() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let (one, two) = (open(&database).await, open(&database).await);
    for number in 1..=20 {
        let (at_one, at_two) = tokio::join!(
            one.append(plan(1), chunk(1, number)),
            two.append(plan(1), chunk(1, number)),
        );
        assert_eq!(at_one.unwrap(), Cursor(number.into()));
        assert_eq!(at_two.unwrap(), Cursor(number.into()));
    }
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    drop(open(&database).await);
    server.sql(&database, "UPDATE samskriv.log SET version = 99");
    let error = refused(&database).await;
    assert!(matches!(error, OpenError::NewerSchema { found: 99, .. }));
}

#[tokio::test]
async fn a_database_that_would_forget_is_refused() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let store = open(&database).await;
    let (_, name) = database.rsplit_once('/').unwrap();
    server.sql(
        &database,
        &format!("ALTER DATABASE {name} SET synchronous_commit = off"),
    );
    let error = refused(&database).await;
    assert!(error.to_string().contains("synchronous_commit"), "{error}");
    // Its own sessions are as they began, and new ones are found out.
    let error = store.check().await.unwrap_err().to_string();
    assert!(error.contains("synchronous_commit"), "{error}");
}

#[tokio::test]
async fn a_database_that_is_not_there_says_so_without_its_password() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database().replace("samskriv@", "samskriv:hunter2@");
    let error = refused(&format!("{database}-not")).await.to_string();
    assert!(error.contains("does not exist"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}

/// The database goes in the middle and comes back: what was acknowledged is
/// there, what was not can be sent again, and nothing is started anew.
#[tokio::test]
async fn a_database_that_went_is_used_again_when_it_is_back() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = open(&server.database()).await;
    store.append(plan(1), chunk(1, 1)).await.unwrap();
    for (number, end) in [(2, Server::kill as fn(&Server)), (3, Server::stop)] {
        end(&server);
        let failed = store.append(plan(1), chunk(1, number)).await.unwrap_err();
        assert!(matches!(failed, AppendError::Unavailable(_)), "{failed}");
        assert!(store.check().await.is_err());
        server.start_again();
        store.check().await.unwrap();
        let cursor = store.append(plan(1), chunk(1, number)).await.unwrap();
        assert_eq!(cursor, Cursor(number.into()));
    }
    let page = store.read_after(plan(1), Cursor::START).await.unwrap();
    assert_eq!(page.chunks.len(), 3);
}

/// Sessions that broke without the store having asked for anything meanwhile
/// cost nobody an answer.
#[tokio::test]
async fn a_database_that_was_started_anew_between_two_appends_takes_the_second() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = open(&server.database()).await;
    store.append(plan(1), chunk(1, 1)).await.unwrap();
    server.stop();
    server.start_again();
    // The end of the old sessions may be heard a moment later; a device that is
    // told to wait sends again.
    let cursor = loop {
        match store.append(plan(1), chunk(1, 2)).await {
            Ok(cursor) => break cursor,
            Err(AppendError::Unavailable(_)) => {}
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(cursor, Cursor(2));
}

#[tokio::test]
async fn a_relay_stores_nothing_in_another_log_than_it_opened() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let store = open(&database).await;
    server.sql(
        &database,
        "UPDATE samskriv.log SET id = decode(repeat('ab', 16), 'hex')",
    );
    let error = store.append(plan(1), chunk(1, 1)).await.unwrap_err();
    assert!(error.to_string().contains("another log"), "{error}");
    assert_eq!(
        server.sql(&database, "SELECT count(*) FROM samskriv.chunks"),
        "0"
    );
}
