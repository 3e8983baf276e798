//! Challenge, proof, welcome, subscription: who may listen, and from where.

use axum::extract::ws::{Message, WebSocket};
use sync::{
    admit::{Admitted, verify_hello},
    frame::{ClientFrame, ErrorCode, Hello, PROTOCOL_VERSION, RelayFrame},
    ids::{Cursor, Nonce},
};

use super::{End, Frames, Incoming, error};
use crate::{
    Store,
    room::{Listener, Member},
    server::Shared,
};

/// A device that is in its plan's room.
pub(super) struct Session {
    pub(super) admitted: Admitted,
    pub(super) member: Member,
}

/// What the device wants to be sent.
pub(super) struct Subscription {
    pub(super) listener: Listener,
    /// It has everything up to here.
    pub(super) after: Cursor,
}

/// Lets a device in, or says why not.
pub(super) async fn run<S: Store>(
    socket: &mut WebSocket,
    frames: &mut Frames,
    shared: &Shared<S>,
) -> Result<(Session, Subscription), End> {
    let mut stopping = shared.stopping.clone();
    tokio::select! {
        session = greet(socket, frames, shared) => session,
        _ = stopping.wait_for(|stop| *stop) => Err(End::STOPPING),
    }
}

async fn greet<S: Store>(
    socket: &mut WebSocket,
    frames: &mut Frames,
    shared: &Shared<S>,
) -> Result<(Session, Subscription), End> {
    let nonce = nonce()?;
    send(
        socket,
        RelayFrame::Challenge {
            versions: vec![PROTOCOL_VERSION],
            nonce,
            max_frame: u32::try_from(shared.limits.frame_bytes).unwrap_or(u32::MAX),
        },
    )
    .await?;

    let hello = expect(socket, frames, hello).await?;
    let admitted = match verify_hello(&hello, &nonce) {
        Ok(admitted) => admitted,
        Err(refusal) => {
            tracing::info!(plan = hello.plan.short(), %refusal, "refused a hello");
            return refuse(
                socket,
                shared,
                error(refusal.code(), &refusal),
                End::REFUSED,
            )
            .await;
        }
    };
    let plan = admitted.plan();
    let Ok((member, listener)) = shared.rooms.enter(plan, shared.limits.room_sockets) else {
        let full = error(ErrorCode::Limited, "the plan's room is full");
        return refuse(socket, shared, full, End::REFUSED).await;
    };
    let last = match shared.store.last_cursor(plan).await {
        Ok(last) => last,
        Err(cause) => {
            tracing::error!(plan = plan.short(), %cause, "could not read a log");
            let trouble = error(ErrorCode::Unavailable, "the store is not available");
            return refuse(socket, shared, trouble, End::TROUBLE).await;
        }
    };
    send(
        socket,
        RelayFrame::Welcome {
            log: shared.store.log_id(),
            last,
        },
    )
    .await?;

    let after = expect(socket, frames, subscription).await?;
    Ok((
        Session { admitted, member },
        Subscription { listener, after },
    ))
}

fn hello(frame: ClientFrame) -> Option<Hello> {
    match frame {
        ClientFrame::Hello(hello) => Some(hello),
        _ => None,
    }
}

fn subscription(frame: ClientFrame) -> Option<Cursor> {
    match frame {
        ClientFrame::Subscribe { after } => Some(after),
        _ => None,
    }
}

/// Waits for the one frame that may come now.
async fn expect<T>(
    socket: &mut WebSocket,
    frames: &mut Frames,
    wanted: fn(ClientFrame) -> Option<T>,
) -> Result<T, End> {
    loop {
        let mut incoming = frames.sort(socket.recv().await)?;
        if let Incoming::Frame(frame) = incoming {
            match wanted(frame) {
                Some(value) => return Ok(value),
                None => incoming = frames.count_bad(&"another frame is expected now")?,
            }
        }
        if let Incoming::Bad(answer) = incoming {
            send(socket, answer).await?;
        }
    }
}

async fn send(socket: &mut WebSocket, frame: RelayFrame) -> Result<(), End> {
    // No timeout of its own: the whole handshake has one.
    socket
        .send(Message::Binary(frame.to_bytes().into()))
        .await
        .map_err(|_| End::Gone)
}

async fn refuse<S, T>(
    socket: &mut WebSocket,
    shared: &Shared<S>,
    answer: RelayFrame,
    end: End,
) -> Result<T, End> {
    shared.metrics.sent(&answer);
    send(socket, answer).await?;
    Err(end)
}

fn nonce() -> Result<Nonce, End> {
    let mut bytes = [0; 32];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(Nonce(bytes)),
        Err(error) => {
            tracing::error!(%error, "the system gives no random bytes");
            Err(End::TROUBLE)
        }
    }
}
