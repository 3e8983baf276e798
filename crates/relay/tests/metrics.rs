//! What the relay counts.

#![allow(clippy::unwrap_used)]

mod harness;

use std::{collections::HashMap, net::SocketAddr};

use harness::{Device, TestRelay, get, open, plan};
use relay::{Options, Relay};
use sync::frame::{ClientFrame, ErrorCode};
use tempfile::TempDir;
use tokio::net::TcpListener;

async fn relay() -> (TestRelay, SocketAddr) {
    let directory = TempDir::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let metrics = listener.local_addr().unwrap();
    let store = open(directory.path());
    let relay = Relay::new(store, Options::default()).await.unwrap();
    let relay = TestRelay::serve(relay.with_metrics(listener), directory).await;
    (relay, metrics)
}

/// The value of each line.
fn values(answer: &str) -> HashMap<&str, f64> {
    answer
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(name, value)| Some((name, value.parse().ok()?)))
        .collect()
}

#[tokio::test]
async fn what_happens_is_counted() {
    let (relay, metrics) = relay().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let mut two = Device::join(&relay, &plan(1), 2, 0).await;
    one.wait_for_peers(1).await;
    let envelope = one.seal("a");
    one.append(&envelope).await;
    two.chunk().await;
    let ephemeral = one.seal_ephemeral("here").to_bytes();
    one.socket
        .send(&ClientFrame::Ephemeral {
            envelope: ephemeral,
        })
        .await;
    two.ephemeral().await;
    let mut forged = one.seal("b").to_bytes();
    *forged.last_mut().unwrap() ^= 1;
    one.socket
        .send(&ClientFrame::Append { envelope: forged })
        .await;
    assert_eq!(one.next_error().await.0, ErrorCode::Forged);

    let answer = get(metrics, "/metrics").await;
    let values = values(&answer);
    for (name, value) in [
        ("samskriv_sockets", 2.0),
        ("samskriv_rooms", 1.0),
        ("samskriv_appends_total", 2.0),
        ("samskriv_acks_total", 1.0),
        ("samskriv_ephemerals_total", 1.0),
        ("samskriv_ephemerals_sent_total", 1.0),
        ("samskriv_errors_total{reason=\"forged\"}", 1.0),
        ("samskriv_commit_seconds_count", 1.0),
        ("samskriv_commit_chunks_sum", 1.0),
    ] {
        assert_eq!(values.get(name), Some(&value), "{name} in {answer}");
    }
    assert!(
        values["samskriv_append_bytes_total"] > values["samskriv_chunk_bytes_sent_total"] / 2.0
    );
}

#[tokio::test]
async fn the_metrics_name_no_plan_and_are_not_where_the_world_is() {
    let (relay, metrics) = relay().await;
    let mut one = Device::join(&relay, &plan(1), 1, 0).await;
    let envelope = one.seal("a");
    one.append(&envelope).await;
    let answer = get(metrics, "/metrics").await;
    assert!(answer.contains("openmetrics-text"), "{answer}");
    let id = plan(1).id();
    assert!(!answer.contains(&id.short()), "{answer}");
    let public = get(relay.address, "/metrics").await;
    assert!(public.starts_with("HTTP/1.1 404"), "{public}");
    assert!(get(metrics, "/").await.starts_with("HTTP/1.1 404"));
}
