//! The socket to a relay.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use sync::relay_url::RelayUrl;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message},
};

/// How long a connection may take to open.
const PATIENCE: Duration = Duration::from_secs(15);

/// An open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// Opens a socket; the error is for a person to read.
pub async fn open(relay: RelayUrl) -> Result<Socket, String> {
    // Another call may have installed it before; both are the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match timeout(PATIENCE, connect_async(relay.socket_url())).await {
        Ok(Ok((socket, _))) => Ok(Socket(socket)),
        Ok(Err(tungstenite::Error::Http(answer))) => Err(format!(
            "it answers {}, which is not how a relay answers",
            answer.status()
        )),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it does not answer".into()),
    }
}

impl Socket {
    /// The next message; none when the socket has closed.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.0.next().await? {
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Ok(Message::Close(_)) | Err(_) => return None,
                // A text is no frame; the session will say so.
                Ok(message) => return Some(message.into_data().into()),
            }
        }
    }

    /// Sends a message; false when the socket has closed.
    pub async fn send(&mut self, frame: Vec<u8>) -> bool {
        self.0.send(Message::Binary(frame.into())).await.is_ok()
    }

    /// Says goodbye, so that the relay does not take it for a break.
    pub async fn close(mut self) {
        // There is nobody to tell if it fails.
        let _ = timeout(Duration::from_secs(1), self.0.close(None)).await;
    }
}
