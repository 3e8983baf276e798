//! Bad input: refused with its own error, and nobody else notices.

#![allow(clippy::unwrap_used)]

mod harness;

use futures_util::SinkExt;
use harness::{Device, Socket, TestRelay, plan};
use relay::Limits;
use sync::{
    envelope::Envelope,
    frame::{ClientFrame, ErrorCode, Hello, RelayFrame},
    ids::{Cursor, Nonce},
};
use tokio_tungstenite::tungstenite::Message;

/// The relay still serves: two devices that were there can reach each other.
async fn assert_serves(one: &mut Device, two: &mut Device) {
    let envelope = one.seal("still here");
    one.append(&envelope).await;
    while two.chunk().await.1 != "still here" {}
}

async fn pair(relay: &TestRelay) -> (Device, Device) {
    let one = Device::join(relay, &plan(1), 1, 0).await;
    let two = Device::join(relay, &plan(1), 2, 0).await;
    (one, two)
}

#[tokio::test]
async fn a_wrong_proof_is_refused() {
    let relay = TestRelay::start().await;
    let (mut one, mut two) = pair(&relay).await;
    let mut stranger = Socket::open(&relay).await;
    stranger.challenge().await;
    let stale = Hello::new(&plan(1), &Nonce([0; 32]));
    stranger.send(&ClientFrame::Hello(stale)).await;
    assert_eq!(stranger.error().await, (ErrorCode::BadProof, None));
    assert_eq!(u16::from(stranger.end().await.unwrap().code), 1008);
    assert_serves(&mut one, &mut two).await;
}

#[tokio::test]
async fn nobody_is_let_in_with_the_keys_of_another_plan() {
    let relay = TestRelay::start().await;
    let mut stranger = Socket::open(&relay).await;
    let nonce = stranger.challenge().await;
    let mut hello = Hello::new(&plan(2), &nonce);
    hello.plan = plan(1).id();
    stranger.send(&ClientFrame::Hello(hello)).await;
    assert_eq!(stranger.error().await, (ErrorCode::WrongPlan, None));
    assert!(stranger.end().await.is_some());
}

#[tokio::test]
async fn another_version_is_told_so() {
    let relay = TestRelay::start().await;
    let mut future = Socket::open(&relay).await;
    let nonce = future.challenge().await;
    let hello = Hello {
        version: 9,
        ..Hello::new(&plan(1), &nonce)
    };
    future.send(&ClientFrame::Hello(hello)).await;
    assert_eq!(future.error().await, (ErrorCode::UnsupportedVersion, None));
}

#[tokio::test]
async fn every_socket_gets_its_own_nonce() {
    let relay = TestRelay::start().await;
    let one = Socket::open(&relay).await.challenge().await;
    let two = Socket::open(&relay).await.challenge().await;
    assert_ne!(one, two);
}

#[tokio::test]
async fn a_forged_chunk_is_named_and_not_stored() {
    let relay = TestRelay::start().await;
    let (mut one, mut two) = pair(&relay).await;
    one.catch_up().await;
    let mut bytes = one.seal("forged").to_bytes();
    // The last byte belongs to the write signature.
    *bytes.last_mut().unwrap() ^= 1;
    let hash = Envelope::parse(&bytes).unwrap().hash();
    one.socket
        .send(&ClientFrame::Append { envelope: bytes })
        .await;
    assert_eq!(one.next_error().await, (ErrorCode::Forged, Some(hash)));
    assert_serves(&mut one, &mut two).await;
    assert_eq!(
        Device::join(&relay, &plan(1), 3, 0)
            .await
            .catch_up()
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn a_chunk_of_another_plan_is_not_stored() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let mut other = Device::join(&relay, &plan(2), 2, 0).await;
    let envelope = other.seal("elsewhere");
    one.send_append(&envelope).await;
    assert_eq!(
        one.next_error().await,
        (ErrorCode::WrongPlan, Some(envelope.hash()))
    );
    assert_eq!(
        Device::join(&relay, &plan(1), 3, 0).await.last,
        Cursor::START
    );
}

#[tokio::test]
async fn an_ephemeral_message_cannot_be_stored_nor_a_chunk_passed_on() {
    let relay = TestRelay::start().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let ephemeral = one.seal_ephemeral("here");
    one.send_append(&ephemeral).await;
    assert_eq!(
        one.next_error().await,
        (ErrorCode::BadFrame, Some(ephemeral.hash()))
    );
    let chunk = one.seal("a");
    one.socket
        .send(&ClientFrame::Ephemeral {
            envelope: chunk.to_bytes(),
        })
        .await;
    assert_eq!(
        one.next_error().await,
        (ErrorCode::BadFrame, Some(chunk.hash()))
    );
}

#[tokio::test]
async fn garbage_is_answered_once_and_ends_its_socket_when_it_goes_on() {
    let relay = TestRelay::start().await;
    let (mut one, mut two) = pair(&relay).await;
    let mut noisy = Device::join(&relay, &plan(1), 3, 0).await;
    noisy
        .socket
        .send_raw(Message::binary(vec![0xff; 1000]))
        .await
        .unwrap();
    assert_eq!(noisy.next_error().await, (ErrorCode::BadFrame, None));

    let envelope = noisy.seal("one slip is forgiven");
    noisy.append(&envelope).await;

    noisy
        .socket
        .send_raw(Message::text("GET / HTTP/1.1"))
        .await
        .unwrap();
    assert_eq!(u16::from(noisy.socket.end().await.unwrap().code), 1002);
    assert_serves(&mut one, &mut two).await;
}

#[tokio::test]
async fn garbage_instead_of_a_hello_ends_the_socket() {
    let relay = TestRelay::start().await;
    let mut noisy = Socket::open(&relay).await;
    noisy.challenge().await;
    noisy
        .send(&ClientFrame::Subscribe {
            after: Cursor::START,
        })
        .await;
    assert_eq!(noisy.error().await, (ErrorCode::BadFrame, None));
    noisy.send_raw(Message::binary(vec![])).await.unwrap();
    assert_eq!(u16::from(noisy.end().await.unwrap().code), 1002);
}

#[tokio::test]
async fn a_frame_of_a_hundred_megabytes_is_refused_and_others_are_served() {
    let relay = TestRelay::start().await;
    let (mut one, mut two) = pair(&relay).await;
    let huge = Device::join(&relay, &plan(1), 3, 0).await;
    let (mut sink, stream) = huge.socket.split();
    // It can't all be sent: the relay closes after its header.
    let sending = tokio::spawn(async move {
        let bytes = vec![0; 100 * 1024 * 1024];
        sink.send(Message::binary(bytes)).await
    });
    let close = harness::end_of(stream).await;
    assert_eq!(u16::from(close.unwrap().code), 1009);
    assert!(sending.await.unwrap().is_err(), "the relay took it all");
    assert_serves(&mut one, &mut two).await;
}

#[tokio::test]
async fn who_says_nothing_is_not_waited_for() {
    let limits = Limits {
        handshake: std::time::Duration::from_millis(20),
        ..Limits::default()
    };
    let relay = TestRelay::with_limits(limits).await;
    let mut silent = Socket::open(&relay).await;
    silent.challenge().await;
    assert_eq!(u16::from(silent.end().await.unwrap().code), 1008);
}

#[tokio::test]
async fn a_full_room_says_so() {
    let relay = TestRelay::with_limits(Limits {
        room_sockets: 1,
        ..Limits::default()
    })
    .await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    one.catch_up().await;
    let mut two = Socket::open(&relay).await;
    let nonce = two.challenge().await;
    two.send(&ClientFrame::Hello(Hello::new(&plan(1), &nonce)))
        .await;
    assert_eq!(two.error().await, (ErrorCode::Limited, None));
    assert!(two.end().await.is_some());
    // Another plan has a room of its own.
    Device::join(&relay, &plan(2), 3, 0).await.catch_up().await;
}

#[tokio::test]
async fn an_address_cannot_open_more_sockets_than_allowed() {
    let relay = TestRelay::with_limits(Limits {
        address_sockets: 1,
        ..Limits::default()
    })
    .await;
    let _one = Socket::open(&relay).await;
    let second = tokio_tungstenite::connect_async(format!("ws://{}/sync", relay.address)).await;
    let error = second.err().unwrap().to_string();
    assert!(error.contains("429"), "{error}");
}

#[tokio::test]
async fn a_flood_of_messages_is_thinned_and_what_is_stored_is_not() {
    let limits = Limits {
        ephemerals_per_second: 0,
        ..Limits::default()
    };
    let relay = TestRelay::with_limits(limits).await;
    let (mut one, mut two) = pair(&relay).await;
    two.catch_up().await;
    for _ in 0..100 {
        let envelope = one.seal_ephemeral("me").to_bytes();
        one.socket.send(&ClientFrame::Ephemeral { envelope }).await;
    }
    let envelope = one.seal("a");
    one.append(&envelope).await;
    let RelayFrame::Chunk { .. } = two.next().await else {
        panic!("a message came through");
    };
}
