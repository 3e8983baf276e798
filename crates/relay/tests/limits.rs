//! How much may be asked of a relay, and by whom it is asked.

#![allow(clippy::unwrap_used)]

mod harness;

use std::time::Duration;

use harness::{Device, Socket, TestRelay, noise, open, plan};
use relay::{ForwardedHeader, Limits, Options, Policy, Proxies, SqliteStore};
use sync::{
    frame::{ClientFrame, ErrorCode},
    ids::Cursor,
};
use tempfile::TempDir;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Error, client::IntoClientRequest},
};

/// The status of an attempt to open a socket, as a proxy passes it on.
async fn status(
    relay: &TestRelay,
    header: &'static str,
    value: &str,
) -> (u16, Option<impl Sized + use<>>) {
    let url = format!("ws://{}/sync", relay.address);
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().append(header, value.parse().unwrap());
    match connect_async(request).await {
        Ok((socket, answer)) => (answer.status().as_u16(), Some(socket)),
        Err(Error::Http(answer)) => (answer.status().as_u16(), None),
        Err(error) => panic!("{error}"),
    }
}

fn one_socket_by_address(proxies: Proxies) -> Options {
    Options {
        limits: Limits {
            address_sockets: 1,
            ..Limits::default()
        },
        proxies,
        ..Options::default()
    }
}

#[tokio::test]
async fn behind_a_proxy_everybody_has_their_own_address() {
    for (header, name, prefix) in [
        (ForwardedHeader::XForwardedFor, "x-forwarded-for", ""),
        (ForwardedHeader::Forwarded, "forwarded", "for="),
    ] {
        let proxies = Proxies {
            networks: vec!["127.0.0.0/8".parse().unwrap()],
            header,
        };
        let relay = TestRelay::with(one_socket_by_address(proxies)).await;
        let from = |client: &str| format!("{prefix}198.51.100.1, {prefix}{client}");
        let (first, _held) = status(&relay, name, &from("192.0.2.1")).await;
        let (again, _) = status(&relay, name, &from("192.0.2.1")).await;
        let (other, _) = status(&relay, name, &from("192.0.2.2")).await;
        assert_eq!((first, again, other), (101, 429, 101));
    }
}

#[tokio::test]
async fn who_is_no_proxy_cannot_claim_another_address() {
    let relay = TestRelay::with(one_socket_by_address(Proxies::default())).await;
    let (first, _held) = status(&relay, "x-forwarded-for", "192.0.2.1").await;
    let (again, _) = status(&relay, "x-forwarded-for", "192.0.2.2").await;
    assert_eq!((first, again), (101, 429));
}

#[tokio::test]
async fn a_relay_that_is_full_lets_nobody_in_until_one_leaves() {
    let limits = Limits {
        sockets: 1,
        ..Limits::default()
    };
    let relay = TestRelay::with_limits(limits).await;
    let (first, held) = status(&relay, "x", "").await;
    let (second, _) = status(&relay, "x", "").await;
    assert_eq!((first, second), (101, 429));
    drop(held);
    while status(&relay, "x", "").await.0 != 101 {}
}

#[tokio::test]
async fn a_full_plan_says_so_and_the_socket_stays() {
    let directory = TempDir::new().unwrap();
    let policy = Policy {
        plan_bytes: 2_000,
        ..Policy::default()
    };
    let store = SqliteStore::open(directory.path(), policy).unwrap();
    let relay = TestRelay::over(store, directory, Options::default()).await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let small = one.seal("a");
    assert_eq!(one.append(&small).await, Cursor(1));
    let large = one.seal(&noise(3_000));
    one.send_append(&large).await;
    let refused = (ErrorCode::Limited, Some(large.hash()));
    assert_eq!(one.next_error().await, refused);
    assert_eq!(one.append(&small).await, Cursor(1));
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused() {
    let limits = Limits {
        ephemeral_bytes: 1_000,
        ..Limits::default()
    };
    let relay = TestRelay::with_limits(limits).await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let envelope = one.seal_ephemeral(&noise(2_000)).to_bytes();
    one.socket.send(&ClientFrame::Ephemeral { envelope }).await;
    assert_eq!(one.next_error().await, (ErrorCode::TooLarge, None));
}

/// Cut in the middle of the log, a device comes again and gets the rest of it.
#[tokio::test]
async fn a_slow_reader_that_was_cut_goes_on_where_it_was() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    let limits = Limits {
        send: Duration::from_secs(1),
        slowest: u32::MAX,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let relay = TestRelay::over(store, directory, options).await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    one.catch_up().await;
    // More than the system keeps for a socket that does not read.
    for _ in 0..4 {
        let envelope = one.seal(&noise(4_000_000));
        one.append(&envelope).await;
    }
    let narrow = Socket::open_narrow(&relay).await;
    let mut slow = Device::join_by(narrow, &plan(1), 2, 0).await;
    one.wait_for_peers(1).await;
    one.wait_for_peers(0).await;
    let had = slow.read_to_the_end().await;
    assert!(had < 4, "it was cut on the way");
    let mut again = Device::join(&relay, &plan(1), 2, had).await;
    let rest: Vec<_> = again.catch_up().await.iter().map(|chunk| chunk.0).collect();
    assert_eq!(rest, (had + 1..=4).collect::<Vec<_>>());
}
