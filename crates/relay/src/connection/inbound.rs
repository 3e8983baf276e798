//! What a device sends: chunks to store, and messages to pass on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::extract::ws::WebSocket;
use futures_util::{StreamExt, stream::SplitStream};
use sync::{
    admit::Refusal,
    frame::{ClientFrame, ErrorCode, RelayFrame},
};
use tokio::sync::mpsc;

use super::{End, Frames, Incoming, error, handshake::Session};
use crate::{AppendError, NewChunk, Store, server::Shared};

/// Reads until the socket ends, or the relay stops. What has been read by then
/// is still carried out.
pub(super) async fn run<S: Store>(
    stream: &mut SplitStream<WebSocket>,
    frames: &mut Frames,
    session: &Session,
    shared: &Arc<Shared<S>>,
    replies: mpsc::Sender<Box<RelayFrame>>,
    heard: &AtomicBool,
) -> End {
    let mut stopping = shared.stopping.clone();
    let mut ephemerals = Rate::new(shared.limits.ephemerals_per_second);
    loop {
        let incoming = tokio::select! {
            message = stream.next() => frames.sort(message),
            _ = stopping.wait_for(|stop| *stop) => return End::STOPPING,
        };
        heard.store(true, Ordering::Relaxed);
        let reply = match incoming {
            Err(end) => return end,
            Ok(Incoming::SignOfLife) => None,
            Ok(Incoming::Bad(answer)) => Some(answer),
            Ok(Incoming::Frame(ClientFrame::Append { envelope })) => {
                shared.metrics.append(&envelope);
                Some(append(envelope, session, shared).await)
            }
            Ok(Incoming::Frame(ClientFrame::Ephemeral { envelope })) => {
                shared.metrics.ephemerals.inc();
                if ephemerals.allows(Instant::now()) {
                    pass_on(envelope, session, shared).err()
                } else {
                    None
                }
            }
            Ok(Incoming::Frame(ClientFrame::Hello(_) | ClientFrame::Subscribe { .. })) => {
                match frames.count_bad(&"the device is subscribed already") {
                    Ok(Incoming::Bad(answer)) => Some(answer),
                    Ok(_) => None,
                    Err(end) => return end,
                }
            }
        };
        if let Some(reply) = reply
            && replies.send(Box::new(reply)).await.is_err()
        {
            return End::Gone;
        }
    }
}

/// Stores a chunk and answers what to say: an acknowledgement only when the
/// store has it durably.
async fn append<S: Store>(
    envelope: Vec<u8>,
    session: &Session,
    shared: &Arc<Shared<S>>,
) -> RelayFrame {
    let plan = session.admitted.plan();
    let chunk = match session.admitted.verify_append(&envelope) {
        Ok(verified) => NewChunk {
            hash: verified.hash(),
            covers: verified.header().covers,
            envelope,
        },
        Err(refusal) => return refused(&envelope, &refusal, session),
    };
    let hash = chunk.hash;
    // A task of its own, because a chunk that is in the store must wake the room
    // also when the socket that brought it has gone meanwhile.
    let stored = tokio::spawn({
        let shared = shared.clone();
        async move {
            let cursor = shared.store.append(plan, chunk).await?;
            shared.rooms.wake(plan, cursor);
            Ok::<_, AppendError>(cursor)
        }
    });
    let (code, detail) = match stored.await {
        Ok(Ok(cursor)) => return RelayFrame::Ack { hash, cursor },
        Ok(Err(full @ AppendError::PlanFull { .. })) => {
            tracing::warn!(plan = plan.short(), %full, "refused a chunk");
            (ErrorCode::Limited, full.to_string())
        }
        Ok(Err(AppendError::Unavailable(cause))) => {
            tracing::error!(plan = plan.short(), %cause, "could not store a chunk");
            (
                ErrorCode::Unavailable,
                "the store is not available; try again".into(),
            )
        }
        Err(panic) => {
            tracing::error!(plan = plan.short(), %panic, "storing a chunk ended badly");
            (
                ErrorCode::Unavailable,
                "the store is not available; try again".into(),
            )
        }
    };
    RelayFrame::Error {
        code,
        about: Some(hash),
        detail,
    }
}

/// Passes a message on, unless it is not the plan's.
fn pass_on<S: Store>(
    envelope: Vec<u8>,
    session: &Session,
    shared: &Shared<S>,
) -> Result<(), RelayFrame> {
    if envelope.len() > shared.limits.ephemeral_bytes {
        return Err(error(
            ErrorCode::TooLarge,
            "the ephemeral message is too large",
        ));
    }
    if let Err(refusal) = session.admitted.verify_ephemeral(&envelope) {
        return Err(refused(&envelope, &refusal, session));
    }
    session.member.send_ephemeral(envelope.into());
    Ok(())
}

/// Names the chunk in the answer where it has a name, so that the device knows
/// which one to set aside.
fn refused(envelope: &[u8], refusal: &Refusal, session: &Session) -> RelayFrame {
    tracing::info!(plan = session.admitted.plan().short(), %refusal, "refused a chunk");
    RelayFrame::Error {
        code: refusal.code(),
        about: sync::envelope::Envelope::parse(envelope)
            .ok()
            .map(|envelope| envelope.hash()),
        detail: refusal.to_string(),
    }
}

/// So many in any one second.
struct Rate {
    most: u32,
    count: u32,
    since: Option<Instant>,
}

impl Rate {
    fn new(most: u32) -> Self {
        Self {
            most,
            count: 0,
            since: None,
        }
    }

    fn allows(&mut self, now: Instant) -> bool {
        let fresh = self
            .since
            .is_none_or(|since| now - since >= Duration::from_secs(1));
        if fresh {
            self.since = Some(now);
            self.count = 0;
        }
        self.count += 1;
        self.count <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_to_the_rate_and_the_next_second_is_new() {
        let mut rate = Rate::new(2);
        let start = Instant::now();
        let allowed = |rate: &mut Rate, millis| rate.allows(start + Duration::from_millis(millis));
        assert!(allowed(&mut rate, 0));
        assert!(allowed(&mut rate, 1));
        assert!(!allowed(&mut rate, 2));
        assert!(allowed(&mut rate, 1000));
    }
}
