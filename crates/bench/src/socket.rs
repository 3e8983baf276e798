//! A WebSocket to the relay that counts its bytes.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use sync::frame::{ClientFrame, RelayFrame};
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

/// An open socket.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// Bytes of WebSocket messages that were sent, their headers included.
    pub sent: usize,
    /// Bytes of WebSocket messages that came, their headers included.
    pub received: usize,
}

impl Socket {
    pub async fn open(address: &str) -> Result<Self> {
        let tcp = TcpStream::connect(address).await?;
        // As browsers do: a small message does not wait for the one before it.
        tcp.set_nodelay(true)?;
        let (stream, _) = client_async(format!("ws://{address}/sync"), tcp).await?;
        Ok(Self {
            stream,
            sent: 0,
            received: 0,
        })
    }

    pub async fn send_bytes(&mut self, bytes: Vec<u8>) -> Result<()> {
        // What a client sends is masked by four bytes.
        self.sent += header(bytes.len()) + 4 + bytes.len();
        self.stream.send(Message::Binary(bytes.into())).await?;
        Ok(())
    }

    pub async fn send(&mut self, frame: &ClientFrame) -> Result<()> {
        self.send_bytes(frame.to_bytes()).await
    }

    /// The next binary message; pings are answered on the way.
    pub async fn next_bytes(&mut self) -> Result<Vec<u8>> {
        loop {
            match self.stream.next().await.context("the relay hung up")?? {
                Message::Binary(bytes) => {
                    self.received += header(bytes.len()) + bytes.len();
                    return Ok(bytes.into());
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => bail!("the relay said {other}"),
            }
        }
    }

    pub async fn next(&mut self) -> Result<RelayFrame> {
        Ok(RelayFrame::parse(&self.next_bytes().await?)?)
    }
}

/// The length of a WebSocket message's header without its mask (RFC 6455, 5.2).
fn header(payload: usize) -> usize {
    match payload {
        0..126 => 2,
        126..65_536 => 4,
        _ => 10,
    }
}
