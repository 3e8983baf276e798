//! One socket, from its challenge to its end.
//!
//! After the handshake two halves run side by side: `inbound` reads frames and
//! acts on them, `outbound` alone writes. What inbound wants said goes to
//! outbound through a short queue, so a device that does not read is soon not
//! read from either.

use std::{
    pin::pin,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures_util::StreamExt;
use sync::frame::{ClientFrame, ErrorCode, FrameError, RelayFrame};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};
use tokio_tungstenite::tungstenite;

use crate::{Store, metrics::Metrics, server::Shared};

mod handshake;
mod inbound;
mod outbound;

/// Frames that wait for a reader. Small: an append is not taken before the
/// answer to an earlier one has a place here. They are boxed, as the channel sets
/// aside room for 32 of what it carries.
const REPLIES: usize = 16;

/// How long a socket is kept after its close frame has been sent. The other
/// side may still be sending; were the socket dropped with unread bytes, the
/// system would reset the connection, and the reason could be lost on the way.
const LINGER: Duration = Duration::from_secs(1);

/// Why a socket ends.
#[derive(Debug)]
enum End {
    /// The device closed it, or it broke.
    Gone,
    /// The relay closes it, and says why.
    Close(u16, &'static str),
}

impl End {
    const STOPPING: Self = Self::Close(close_code::AWAY, "the relay is stopping");
    const TOO_LARGE: Self = Self::Close(close_code::SIZE, "the message is too large");
    const BAD_FRAMES: Self = Self::Close(close_code::PROTOCOL, "not frames of this protocol");
    const REFUSED: Self = Self::Close(close_code::POLICY, "refused");
    const SLOW: Self = Self::Close(close_code::POLICY, "reads too slowly");
    const SILENT: Self = Self::Close(close_code::POLICY, "no sign of life");
    const TROUBLE: Self = Self::Close(close_code::ERROR, "the store is not available");
}

/// Serves one socket until it ends.
pub(crate) async fn run<S: Store>(mut socket: WebSocket, shared: Arc<Shared<S>>) {
    let mut frames = Frames::new(shared.limits.bad_frames);
    // Boxed, as is the end: a task is as large as its largest step, and nearly all
    // of a socket's life is between the two.
    let greeted = Box::pin(timeout(
        shared.limits.handshake,
        handshake::run(&mut socket, &mut frames, &shared),
    ));
    let (session, subscription) = match greeted.await {
        Ok(Ok(greeted)) => greeted,
        Ok(Err(end)) => return Box::pin(close(socket, end, &shared.metrics)).await,
        Err(_) => return Box::pin(close(socket, End::SILENT, &shared.metrics)).await,
    };
    let plan = session.admitted.plan();
    tracing::debug!(plan = plan.short(), after = %subscription.after, "subscribed");

    let (mut sink, mut stream) = socket.split();
    let (replies, waiting) = mpsc::channel(REPLIES);
    let heard = AtomicBool::new(true);
    let end = {
        // Each where it stays: moved once they are made, they would take their
        // room in the task twice.
        let mut inbound = pin!(inbound::run(
            &mut stream,
            &mut frames,
            &session,
            &shared,
            replies,
            &heard
        ));
        let mut outbound = pin!(outbound::run(
            &mut sink,
            plan,
            subscription,
            waiting,
            &shared,
            &heard
        ));
        tokio::select! {
            end = &mut outbound => end,
            end = &mut inbound => {
                // The queue has no sender any more: outbound ends when it has
                // sent what waits.
                match outbound.await {
                    End::Gone => end,
                    earlier => earlier,
                }
            }
        }
    };
    drop(session);
    tracing::debug!(plan = plan.short(), ?end, "ended");
    match sink.reunite(stream) {
        Ok(socket) => Box::pin(close(socket, end, &shared.metrics)).await,
        Err(_) => tracing::error!("the halves of one socket did not fit"),
    }
}

/// Says why, and gives the other side a moment to hear it.
async fn close(mut socket: WebSocket, end: End, metrics: &Metrics) {
    let End::Close(code, reason) = end else {
        return;
    };
    metrics.closed(reason);
    let frame = CloseFrame {
        code,
        reason: Utf8Bytes::from_static(reason),
    };
    let goodbye = async {
        if socket.send(Message::Close(Some(frame))).await.is_err() {
            return;
        }
        loop {
            match socket.recv().await {
                Some(Ok(_)) => {}
                // After a message that was too large nothing more can be read,
                // though the other side is there and may be listening.
                Some(Err(error)) if is_too_large(&error) => {}
                Some(Err(_)) => return,
                None if code == close_code::SIZE => sleep(LINGER).await,
                None => return,
            }
        }
    };
    // Either it has ended, or it has had its time.
    let _ = timeout(LINGER, goodbye).await;
}

/// Reads frames, and counts what is none.
struct Frames {
    bad: u32,
    most_bad: u32,
}

/// What came from the socket.
enum Incoming {
    Frame(ClientFrame),
    /// Something else, to be answered with this error.
    Bad(RelayFrame),
    /// A ping or a pong.
    SignOfLife,
}

impl Frames {
    fn new(most_bad: u32) -> Self {
        Self { bad: 0, most_bad }
    }

    /// Sorts one message of the socket.
    fn sort(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<Incoming, End> {
        match message {
            Some(Ok(Message::Binary(bytes))) => match ClientFrame::parse(&bytes) {
                Ok(frame) => Ok(Incoming::Frame(frame)),
                Err(error) => self.count_bad(&error),
            },
            Some(Ok(Message::Text(_))) => self.count_bad(&FrameError::Malformed),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Incoming::SignOfLife),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            Some(Err(error)) if is_too_large(&error) => Err(End::TOO_LARGE),
            Some(Err(_)) => Err(End::Gone),
        }
    }

    /// A frame that has no place here, or is none. Its sender gets to know once;
    /// who goes on is not speaking this protocol.
    fn count_bad(&mut self, why: &impl ToString) -> Result<Incoming, End> {
        self.bad += 1;
        if self.bad >= self.most_bad {
            return Err(End::BAD_FRAMES);
        }
        Ok(Incoming::Bad(error(ErrorCode::BadFrame, why)))
    }
}

/// An error frame that is about no chunk.
fn error(code: ErrorCode, detail: &(impl ToString + ?Sized)) -> RelayFrame {
    RelayFrame::Error {
        code,
        about: None,
        detail: detail.to_string(),
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    // axum hands on what tungstenite says, wrapped once.
    let cause = std::error::Error::source(error);
    matches!(
        cause.and_then(|cause| cause.downcast_ref()),
        Some(tungstenite::Error::Capacity(_))
    )
}
