//! The line to a relay: closed, opening or open, and what comes over it.

use std::{future::pending, pin::Pin};

use sync::relay_url::RelayUrl;

use crate::socket::{self, Socket};

/// A line to a relay.
pub enum Line {
    Closed,
    Opening(Pin<Box<dyn Future<Output = Result<Socket, String>>>>),
    Open(Box<Socket>),
}

/// What a line has to tell.
pub enum Happened {
    Opened(Box<Socket>),
    Came(Vec<u8>),
    /// Could not be opened, or closed; the reason is for a person to read.
    Broke(String),
}

impl Line {
    /// Begins to open a line.
    pub fn opening(relay: &RelayUrl) -> Self {
        Self::Opening(Box::pin(socket::open(relay.clone())))
    }

    /// Waits for what happens next; for ever on a closed line.
    pub async fn next(&mut self) -> Happened {
        match self {
            Self::Closed => pending().await,
            Self::Opening(opening) => match opening.await {
                Ok(socket) => Happened::Opened(Box::new(socket)),
                Err(cause) => Happened::Broke(cause),
            },
            Self::Open(socket) => match socket.next().await {
                Some(frame) => Happened::Came(frame),
                None => Happened::Broke("it closed the connection".into()),
            },
        }
    }
}
