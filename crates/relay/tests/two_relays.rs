//! Devices of one plan at two relays over one database.

#![allow(clippy::unwrap_used)]

mod harness;

use harness::{Device, TestRelay, get, noise, plan};
use sync::{
    frame::{ClientFrame, ErrorCode, RelayFrame},
    ids::Cursor,
};
use test_postgres::Server;

/// One device at each of two relays, which have found each other.
struct Apart {
    database: String,
    relays: [TestRelay; 2],
    devices: [Device; 2],
}

impl Apart {
    async fn over(server: &Server) -> Self {
        let database = server.database();
        let relays = [
            TestRelay::over_database(&database).await,
            TestRelay::over_database(&database).await,
        ];
        let mut devices = [
            Device::join(&relays[0], &plan(1), 1, 0).await,
            Device::join(&relays[1], &plan(1), 2, 0).await,
        ];
        for device in &mut devices {
            device.wait_for_peers(1).await;
        }
        Self {
            database,
            relays,
            devices,
        }
    }
}

async fn send_ephemeral(from: &mut Device, text: &str) -> Vec<u8> {
    let envelope = from.seal_ephemeral(text).to_bytes();
    let frame = ClientFrame::Ephemeral {
        envelope: envelope.clone(),
    };
    from.socket.send(&frame).await;
    envelope
}

/// Waits for a chunk, past those the device has sent itself.
async fn wait_for_chunk(device: &mut Device, cursor: u64, text: &str) {
    let mut chunk = device.chunk().await;
    while chunk.0 < cursor {
        chunk = device.chunk().await;
    }
    assert_eq!(chunk, (cursor, text.into()));
}

#[tokio::test]
async fn what_one_appends_reaches_the_device_at_the_other_relay() {
    let Some(server) = Server::shared() else {
        return;
    };
    let Apart {
        relays: _relays,
        mut devices,
        ..
    } = Apart::over(server).await;
    let [one, two] = &mut devices;
    for cursor in [1, 3] {
        let envelope = one.seal("a");
        assert_eq!(one.append(&envelope).await, Cursor(cursor));
        wait_for_chunk(two, cursor, "a").await;
        let envelope = two.seal("answer");
        assert_eq!(two.append(&envelope).await, Cursor(cursor + 1));
        wait_for_chunk(one, cursor + 1, "answer").await;
    }
}

#[tokio::test]
async fn messages_of_every_size_reach_the_device_at_the_other_relay_and_nobody_else() {
    let Some(server) = Server::shared() else {
        return;
    };
    let Apart {
        relays,
        mut devices,
        ..
    } = Apart::over(server).await;
    let mut elsewhere = Device::join(&relays[1], &plan(2), 3, 0).await;
    elsewhere.catch_up().await;
    let [one, two] = &mut devices;
    for text in ["here", &noise(6_000), &noise(50_000)] {
        let sent = send_ephemeral(one, text).await;
        assert_eq!(two.ephemeral().await, sent);
    }
    // The next thing that others hear, and the sender too, is something else.
    let envelope = elsewhere.seal("x");
    assert_eq!(elsewhere.append(&envelope).await, Cursor(1));
    let answer = send_ephemeral(two, "answer").await;
    assert_eq!(one.ephemeral().await, answer);
}

#[tokio::test]
async fn peers_are_those_at_all_relays_and_go_with_their_relay() {
    let Some(server) = Server::shared() else {
        return;
    };
    let Apart {
        relays: [_first, second],
        devices: [mut one, mut two],
        ..
    } = Apart::over(server).await;
    let mut three = Device::join(&second, &plan(1), 3, 0).await;
    three.wait_for_peers(2).await;
    one.wait_for_peers(2).await;
    two.wait_for_peers(2).await;
    drop(three);
    one.wait_for_peers(1).await;
    tokio::join!(second.stop(), two.socket.end());
    one.wait_for_peers(0).await;
}

/// What was appended while the line between the relays was down is found when it
/// is there again, and so is who is where.
#[tokio::test]
async fn a_line_that_was_cut_is_made_anew_and_nothing_is_missed() {
    let Some(server) = Server::shared() else {
        return;
    };
    let Apart {
        database,
        relays: _relays,
        mut devices,
    } = Apart::over(server).await;
    let [one, two] = &mut devices;
    for round in 1..=3 {
        for device in [&mut *one, &mut *two] {
            device.peers.clear();
        }
        let cut = server.sql(
            &database,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_locks
             WHERE locktype = 'advisory' AND mode = 'ShareLock'
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        );
        assert_eq!(cut, "2");
        let envelope = one.seal("a");
        assert_eq!(one.append(&envelope).await, Cursor(round));
        wait_for_chunk(two, round, "a").await;
        // Each relay has lost count of the other, and has found it again.
        for device in [&mut *one, &mut *two] {
            device.wait_for_peers(1).await;
        }
        let sent = send_ephemeral(one, "here").await;
        assert_eq!(two.ephemeral().await, sent);
    }
}

#[tokio::test]
async fn while_the_database_is_gone_nothing_is_acknowledged_and_afterwards_all_goes_on() {
    let Some(server) = Server::start() else {
        return;
    };
    let Apart {
        relays,
        mut devices,
        ..
    } = Apart::over(&server).await;
    let [one, two] = &mut devices;
    let first = one.seal("before");
    one.append(&first).await;
    wait_for_chunk(two, 1, "before").await;

    server.kill();
    let second = one.seal("meanwhile");
    one.send_append(&second).await;
    // It is said of the chunk, or of the socket where to read on fails first.
    let (code, _) = one.next_error().await;
    assert_eq!(code, ErrorCode::Unavailable);
    let alive = get(relays[0].address, "/healthz").await;
    assert!(alive.starts_with("HTTP/1.1 200"), "{alive}");
    let ready = get(relays[0].address, "/readyz").await;
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");

    server.start_again();
    // Until it is back for the relays too, they say that they are not ready.
    for relay in &relays {
        while !get(relay.address, "/readyz")
            .await
            .starts_with("HTTP/1.1 200")
        {
            tokio::task::yield_now().await;
        }
    }
    let mut one = Device::join(&relays[0], &plan(1), 1, 1).await;
    let mut two = Device::join(&relays[1], &plan(1), 2, 1).await;
    one.send_append(&second).await;
    let cursor = loop {
        if let RelayFrame::Ack { cursor, .. } = one.next().await {
            break cursor;
        }
    };
    assert_eq!(cursor, Cursor(2));
    wait_for_chunk(&mut two, 2, "meanwhile").await;
}
