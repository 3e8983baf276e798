//! What a device is sent: the log from its cursor on, answers, messages of the
//! others, and a ping when there is nothing to say.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::ws::{Message, WebSocket},
};
use futures_util::{SinkExt, stream::SplitSink};
use sync::{
    frame::{ErrorCode, RelayFrame},
    ids::{Cursor, PlanId},
};
use tokio::{
    sync::mpsc::{self, error::TryRecvError},
    time::{Interval, MissedTickBehavior, interval_at, timeout},
};

use super::{End, error, handshake::Subscription};
use crate::{Limits, Page, Store, metrics::Metrics, room::Listener, server::Shared};

/// Pings without any answer until the socket is taken for dead.
const MISSED_PINGS: u32 = 3;

/// Writes until inbound has ended and its last answer is sent ([`End::Gone`]),
/// or until writing has no more use.
pub(super) async fn run<S: Store>(
    sink: &mut SplitSink<WebSocket, Message>,
    plan: PlanId,
    subscription: Subscription,
    mut replies: mpsc::Receiver<Box<RelayFrame>>,
    shared: &Shared<S>,
    heard: &AtomicBool,
) -> End {
    let Subscription {
        mut listener,
        after,
    } = subscription;
    let mut writer = Writer {
        sink,
        limits: &shared.limits,
        metrics: &shared.metrics,
    };
    let mut reader = LogReader {
        after,
        snapshot: None,
        caught_up: false,
    };
    let mut pings = Pings::new(shared.limits.ping);
    let ended: Result<std::convert::Infallible, End> = async {
        let members = *listener.members.borrow_and_update();
        writer.send(&peers(members)).await?;
        loop {
            if reader.is_behind(&mut listener) {
                // Boxed, for it is large, and seldom so.
                let reading =
                    reader.catch_up(plan, shared, &mut listener, &mut replies, &mut writer);
                Box::pin(reading).await?;
            }
            match next(&mut replies, &mut listener, &mut pings).await {
                Next::Reply(frame) => writer.send(&frame).await?,
                Next::InboundEnded => return Err(End::Gone),
                Next::LogGrew => {}
                Next::Members(count) => writer.send(&peers(count)).await?,
                Next::Ephemeral(envelope) => {
                    writer
                        .send(&RelayFrame::Ephemeral {
                            envelope: envelope.into(),
                        })
                        .await?;
                }
                Next::PingDue => {
                    pings.count(heard.swap(false, Ordering::Relaxed))?;
                    writer.ping().await?;
                }
            }
        }
    }
    .await;
    match ended {
        Err(end) => end,
    }
}

/// What happens next on a socket that is up to date.
enum Next {
    Reply(Box<RelayFrame>),
    InboundEnded,
    LogGrew,
    Members(usize),
    Ephemeral(Bytes),
    PingDue,
}

async fn next(
    replies: &mut mpsc::Receiver<Box<RelayFrame>>,
    listener: &mut Listener,
    pings: &mut Pings,
) -> Next {
    // The room outlives its members, so `changed` has no error to tell of.
    tokio::select! {
        reply = replies.recv() => reply.map_or(Next::InboundEnded, Next::Reply),
        _ = listener.log.changed() => Next::LogGrew,
        _ = listener.members.changed() => Next::Members(*listener.members.borrow_and_update()),
        envelope = listener.ephemerals.next() => Next::Ephemeral(envelope),
        _ = pings.interval.tick() => Next::PingDue,
    }
}

/// How many others there are.
fn peers(members: usize) -> RelayFrame {
    RelayFrame::Peers {
        count: u32::try_from(members.saturating_sub(1)).unwrap_or(u32::MAX),
    }
}

/// How far the device has been sent the log.
struct LogReader {
    after: Cursor,
    /// The own place of the snapshot the device began with: it has that one.
    snapshot: Option<Cursor>,
    caught_up: bool,
}

impl LogReader {
    fn is_behind(&self, listener: &mut Listener) -> bool {
        !self.caught_up || *listener.log.borrow_and_update() > self.after
    }

    /// Sends the log as far as it goes; answers take turns with its pages.
    async fn catch_up<S: Store>(
        &mut self,
        plan: PlanId,
        shared: &Shared<S>,
        listener: &mut Listener,
        replies: &mut mpsc::Receiver<Box<RelayFrame>>,
        writer: &mut Writer<'_>,
    ) -> Result<(), End> {
        while self.is_behind(listener) {
            loop {
                match replies.try_recv() {
                    Ok(reply) => writer.send(&reply).await?,
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return Err(End::Gone),
                }
            }
            match shared.store.read_after(plan, self.after).await {
                Ok(page) => self.send(page, writer).await?,
                Err(cause) => {
                    tracing::error!(plan = plan.short(), %cause, "could not read a log");
                    let trouble = "the store is not available";
                    writer.send(&error(ErrorCode::Unavailable, trouble)).await?;
                    return Err(End::TROUBLE);
                }
            }
        }
        Ok(())
    }

    async fn send(&mut self, page: Page, writer: &mut Writer<'_>) -> Result<(), End> {
        if let Some(snapshot) = page.snapshot {
            self.snapshot = Some(snapshot.cursor);
            // It comes before its turn: chunks that were stored while it was on
            // its way follow now, from what it covers on.
            let (cursor, envelope) = (snapshot.cursor, snapshot.envelope);
            writer.send(&RelayFrame::Chunk { cursor, envelope }).await?;
        }
        for chunk in page.chunks {
            if self.snapshot != Some(chunk.cursor) {
                let (cursor, envelope) = (chunk.cursor, chunk.envelope);
                writer.send(&RelayFrame::Chunk { cursor, envelope }).await?;
            }
        }
        self.after = page.through;
        if !self.caught_up && page.through >= page.last {
            self.caught_up = true;
            writer
                .send(&RelayFrame::CaughtUp {
                    cursor: page.through,
                })
                .await?;
        }
        Ok(())
    }
}

/// The only one who writes to the socket.
struct Writer<'a> {
    sink: &'a mut SplitSink<WebSocket, Message>,
    limits: &'a Limits,
    metrics: &'a Metrics,
}

impl Writer<'_> {
    async fn send(&mut self, frame: &RelayFrame) -> Result<(), End> {
        self.send_bytes(frame.to_bytes().into(), Message::Binary)
            .await?;
        self.metrics.sent(frame);
        Ok(())
    }

    async fn ping(&mut self) -> Result<(), End> {
        self.send_bytes(Bytes::new(), Message::Ping).await
    }

    /// Waits for a slow reader, but not for ever.
    async fn send_bytes(&mut self, bytes: Bytes, kind: fn(Bytes) -> Message) -> Result<(), End> {
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let patience =
            self.limits.send + Duration::from_secs(1) * size / self.limits.slowest.max(1);
        match timeout(patience, self.sink.send(kind(bytes))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::SLOW),
        }
    }
}

/// Finds sockets whose other end has vanished without a word. The count stands
/// still while a long message leaves: that has a time limit of its own.
struct Pings {
    interval: Interval,
    missed: u32,
}

impl Pings {
    fn new(period: Duration) -> Self {
        let mut interval = interval_at(tokio::time::Instant::now() + period, period);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            interval,
            missed: 0,
        }
    }

    /// Called before each ping: has anything been heard since the last one?
    fn count(&mut self, heard: bool) -> Result<(), End> {
        self.missed = if heard { 0 } else { self.missed + 1 };
        if self.missed >= MISSED_PINGS {
            Err(End::SILENT)
        } else {
            Ok(())
        }
    }
}
