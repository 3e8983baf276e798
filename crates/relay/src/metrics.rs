//! What the relay counts, in the text format that Prometheus reads.
//!
//! Nothing here names a plan, a device or an address: the numbers are sums over
//! all. They still tell how much is written and when, so they have a listener of
//! their own and are not on the one that the world reaches.

use std::{io, sync::Arc};

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use sync::frame::{ErrorCode, RelayFrame};
use tokio::net::TcpListener;

use crate::CommitMetrics;

/// The media type of OpenMetrics' text format.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Why something was refused or has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

/// The relay's counters; clones count together.
#[derive(Clone, Default)]
pub(crate) struct Metrics {
    pub(crate) appends: Counter,
    pub(crate) append_bytes: Counter,
    pub(crate) ephemerals: Counter,
    acks: Counter,
    chunks_sent: Counter,
    chunk_bytes_sent: Counter,
    ephemerals_sent: Counter,
    errors: Family<Reason, Counter>,
    turned_away: Family<Reason, Counter>,
    closed: Family<Reason, Counter>,
}

/// What is read off at the moment somebody asks.
pub(crate) struct Now {
    pub(crate) sockets: usize,
    pub(crate) rooms: usize,
}

impl Metrics {
    /// Counts a frame that has been sent.
    pub(crate) fn sent(&self, frame: &RelayFrame) {
        match frame {
            RelayFrame::Chunk { envelope, .. } => {
                self.chunks_sent.inc();
                self.chunk_bytes_sent.inc_by(size(envelope));
            }
            RelayFrame::Ack { .. } => {
                self.acks.inc();
            }
            RelayFrame::Ephemeral { .. } => {
                self.ephemerals_sent.inc();
            }
            RelayFrame::Error { code, .. } => {
                let reason = name(*code);
                self.errors.get_or_create(&Reason { reason }).inc();
            }
            _ => {}
        }
    }

    /// Counts an append that has come in.
    pub(crate) fn append(&self, envelope: &[u8]) {
        self.appends.inc();
        self.append_bytes.inc_by(size(envelope));
    }

    /// Counts a socket that was not let in.
    pub(crate) fn turned_away(&self, reason: &'static str) {
        self.turned_away.get_or_create(&Reason { reason }).inc();
    }

    /// Counts a socket that the relay has closed.
    pub(crate) fn closed(&self, reason: &'static str) {
        self.closed.get_or_create(&Reason { reason }).inc();
    }

    fn registry(&self, now: &Now, commits: Option<&CommitMetrics>) -> Registry {
        let mut registry = Registry::with_prefix("samskriv");
        let gauge = |value: usize| {
            let gauge: Gauge = Gauge::default();
            gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
            gauge
        };
        registry.register("sockets", "Open sockets", gauge(now.sockets));
        registry.register("rooms", "Plans somebody is connected to", gauge(now.rooms));
        for (name, help, counter) in [
            ("appends", "Appends that came in", &self.appends),
            (
                "append_bytes",
                "Bytes of their envelopes",
                &self.append_bytes,
            ),
            ("acks", "Acknowledgements sent", &self.acks),
            (
                "chunks_sent",
                "Chunks sent to subscribers",
                &self.chunks_sent,
            ),
            (
                "chunk_bytes_sent",
                "Bytes of their envelopes",
                &self.chunk_bytes_sent,
            ),
            (
                "ephemerals",
                "Ephemeral messages that came in",
                &self.ephemerals,
            ),
            (
                "ephemerals_sent",
                "Ephemeral messages passed on",
                &self.ephemerals_sent,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
        for (name, help, family) in [
            ("errors", "Error frames sent", &self.errors),
            (
                "sockets_turned_away",
                "Sockets not let in",
                &self.turned_away,
            ),
            (
                "sockets_closed",
                "Sockets closed by the relay",
                &self.closed,
            ),
        ] {
            registry.register(name, help, family.clone());
        }
        if let Some(commits) = commits {
            let (seconds, chunks) = (commits.seconds.clone(), commits.chunks.clone());
            registry.register(
                "commit_seconds",
                "How long commits of appends took",
                seconds,
            );
            registry.register("commit_chunks", "Appends in one commit", chunks);
        }
        registry
    }
}

/// Answers `/metrics` on a listener of its own, until the task is ended.
pub(crate) async fn serve(
    listener: TcpListener,
    metrics: Metrics,
    commits: Option<CommitMetrics>,
    now: impl Fn() -> Option<Now> + Send + Sync + 'static,
) -> io::Result<()> {
    let show = move || {
        let shown = now().and_then(|now| {
            let mut text = String::new();
            text::encode(&mut text, &metrics.registry(&now, commits.as_ref())).ok()?;
            Some(text)
        });
        match shown {
            Some(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
            None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    };
    let show = Arc::new(show);
    let router = Router::new().route(
        "/metrics",
        get(move || {
            let show = show.clone();
            async move { show() }
        }),
    );
    axum::serve(listener, router).await
}

fn size(envelope: &[u8]) -> u64 {
    u64::try_from(envelope.len()).unwrap_or(u64::MAX)
}

/// What an error's code is called in the metrics.
fn name(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::UnsupportedVersion => "unsupported_version",
        ErrorCode::BadProof => "bad_proof",
        ErrorCode::BadFrame => "bad_frame",
        ErrorCode::Forged => "forged",
        ErrorCode::WrongPlan => "wrong_plan",
        ErrorCode::TooLarge => "too_large",
        ErrorCode::Limited => "limited",
        ErrorCode::Unavailable => "unavailable",
        ErrorCode::Other(_) => "other",
    }
}
