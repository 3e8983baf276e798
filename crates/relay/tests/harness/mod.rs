//! A real relay on a free port, and devices that speak its protocol.

// Each test file is a program of its own and uses its own part of this.
#![allow(dead_code, clippy::unwrap_used)]

use std::{net::SocketAddr, path::Path, time::Duration};

use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use minicbor::bytes::ByteVec;
use relay::{Limits, Options, Policy, PostgresStore, Relay, ServeError, SqliteStore, Store};
use sync::{
    content::{Content, Ephemeral},
    envelope::Envelope,
    frame::{ClientFrame, ErrorCode, Hello, RelayFrame},
    ids::{ChunkHash, Cursor, LogId, Nonce},
    keys::{DeviceKey, EditSecret, PlanKeys},
    seal::{self, Place},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async, tungstenite,
    tungstenite::{Message, protocol::CloseFrame},
};

/// Only to end a test that hangs; no test depends on how long a thing takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A relay that serves in the background.
pub struct TestRelay {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), ServeError>>,
    directory: TempDir,
}

impl TestRelay {
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with_limits(limits: Limits) -> Self {
        Self::with(Options {
            limits,
            ..Options::default()
        })
        .await
    }

    pub async fn with(options: Options) -> Self {
        let directory = TempDir::new().unwrap();
        let store = open(directory.path());
        Self::over(store, directory, options).await
    }

    pub async fn over(store: impl Store, directory: TempDir, options: Options) -> Self {
        let relay = Relay::new(store, options).await.unwrap();
        Self::serve(relay, directory).await
    }

    /// One of several relays over a database.
    pub async fn over_database(database: &str) -> Self {
        let url = database.parse().unwrap();
        let store = PostgresStore::open(&url, Policy::default()).await.unwrap();
        Self::over(store, TempDir::new().unwrap(), Options::default()).await
    }

    /// Serves on a free port.
    pub async fn serve(relay: Relay<impl Store>, directory: TempDir) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(relay.serve(listener, async { stopped.await.unwrap() }));
        Self {
            address,
            stop,
            serving,
            directory,
        }
    }

    /// Stops cleanly and waits for the end.
    pub async fn stop(self) -> TempDir {
        self.stop.send(()).unwrap();
        timeout(PATIENCE, self.serving)
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        self.directory
    }
}

pub fn open(directory: &Path) -> SqliteStore {
    SqliteStore::open(directory, Policy::default()).unwrap()
}

/// The whole answer to a request, on a connection of its own.
pub async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// The keys of a plan that follows from one number.
pub fn plan(number: u8) -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes([number; 32]))
}

/// A WebSocket to the relay, before or after its handshake.
pub struct Socket(Stream);

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Socket {
    pub async fn open(relay: &TestRelay) -> Self {
        let (socket, _) = connect_async(format!("ws://{}/sync", relay.address))
            .await
            .unwrap();
        Self(socket)
    }

    /// A socket whose system takes in little that has not been read.
    pub async fn open_narrow(relay: &TestRelay) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(64 * 1024).unwrap();
        let stream = MaybeTlsStream::Plain(socket.connect(relay.address).await.unwrap());
        let (socket, _) = client_async(format!("ws://{}/sync", relay.address), stream)
            .await
            .unwrap();
        Self(socket)
    }

    pub async fn send(&mut self, frame: &ClientFrame) {
        self.send_raw(Message::Binary(frame.to_bytes().into()))
            .await
            .unwrap();
    }

    pub async fn send_raw(&mut self, message: Message) -> Result<(), tungstenite::Error> {
        self.0.send(message).await
    }

    /// The next message, pings aside.
    async fn next(&mut self) -> Option<Result<Message, tungstenite::Error>> {
        loop {
            match timeout(PATIENCE, self.0.next())
                .await
                .expect("the relay says nothing")
            {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => return other,
            }
        }
    }

    /// The next frame.
    pub async fn frame(&mut self) -> RelayFrame {
        match self.next().await {
            Some(Ok(Message::Binary(bytes))) => RelayFrame::parse(&bytes).unwrap(),
            other => panic!("expected a frame, got {}", short(&other)),
        }
    }

    /// The nonce of the relay's challenge.
    pub async fn challenge(&mut self) -> Nonce {
        match self.frame().await {
            RelayFrame::Challenge { nonce, .. } => nonce,
            other => panic!("expected a challenge, got {}", short(&other)),
        }
    }

    /// The error the relay answers with.
    pub async fn error(&mut self) -> (ErrorCode, Option<ChunkHash>) {
        match self.frame().await {
            RelayFrame::Error { code, about, .. } => (code, about),
            other => panic!("expected an error, got {}", short(&other)),
        }
    }

    /// Reads on to the end and answers how it came.
    pub async fn end(&mut self) -> Option<CloseFrame> {
        end_of(&mut self.0).await
    }

    /// Both directions, to be used at once.
    pub fn split(self) -> (SplitSink<Stream, Message>, SplitStream<Stream>) {
        self.0.split()
    }
}

/// Reads a socket to its end and answers how it came.
pub async fn end_of(
    mut messages: impl futures_util::Stream<Item = Result<Message, tungstenite::Error>> + Unpin,
) -> Option<CloseFrame> {
    let mut close = None;
    while let Some(Ok(message)) = timeout(PATIENCE, messages.next())
        .await
        .expect("no end comes")
    {
        if let Message::Close(frame) = message {
            close = frame;
        }
    }
    close
}

/// A device that is subscribed to a plan.
pub struct Device {
    pub socket: Socket,
    pub keys: PlanKeys,
    pub key: DeviceKey,
    pub log: LogId,
    /// The end of the log when the device came.
    pub last: Cursor,
    place: Place,
    /// Frames other than those about chunks, in the order they came.
    pub peers: Vec<u32>,
}

impl Device {
    /// Connects and subscribes from a cursor. The number is the device's key.
    pub async fn join(relay: &TestRelay, keys: &PlanKeys, number: u8, after: u64) -> Self {
        Self::join_by(Socket::open(relay).await, keys, number, after).await
    }

    /// Subscribes over a socket that is open.
    pub async fn join_by(mut socket: Socket, keys: &PlanKeys, number: u8, after: u64) -> Self {
        let nonce = socket.challenge().await;
        socket
            .send(&ClientFrame::Hello(Hello::new(keys, &nonce)))
            .await;
        let RelayFrame::Welcome { log, last } = socket.frame().await else {
            panic!("expected a welcome");
        };
        socket
            .send(&ClientFrame::Subscribe {
                after: Cursor(after),
            })
            .await;
        Self {
            socket,
            keys: keys.clone(),
            key: DeviceKey::from_bytes(&[number; 32]),
            log,
            last,
            place: Place {
                number: 1,
                previous: None,
            },
            peers: Vec::new(),
        }
    }

    /// Seals the device's next chunk.
    pub fn seal(&mut self, text: &str) -> Envelope {
        let content = content(text);
        let envelope =
            seal::seal_changes(&self.keys, &self.key, self.place, &content, &mut entropy).unwrap();
        self.place = Place {
            number: self.place.number + 1,
            previous: Some(envelope.hash()),
        };
        envelope
    }

    /// Seals a snapshot of what stands up to a cursor.
    pub fn seal_snapshot(&mut self, covers: u64, text: &str) -> Envelope {
        let (keys, key, place) = (&self.keys, &self.key, self.place);
        let covers = Cursor(covers);
        let envelope =
            seal::seal_snapshot(keys, key, place, covers, &content(text), &mut entropy).unwrap();
        self.place = Place {
            number: self.place.number + 1,
            previous: Some(envelope.hash()),
        };
        envelope
    }

    /// Seals a message that is not stored.
    pub fn seal_ephemeral(&self, text: &str) -> Envelope {
        let presence = Some(ByteVec::from(text.as_bytes().to_vec()));
        let message = Ephemeral {
            heads: None,
            presence,
        };
        seal::seal_ephemeral(&self.keys, &self.key, &message, &mut entropy).unwrap()
    }

    pub async fn send_append(&mut self, envelope: &Envelope) {
        self.socket
            .send(&ClientFrame::Append {
                envelope: envelope.to_bytes(),
            })
            .await;
    }

    /// Appends and waits for the acknowledgement.
    pub async fn append(&mut self, envelope: &Envelope) -> Cursor {
        self.send_append(envelope).await;
        let wanted = envelope.hash();
        loop {
            match self.next().await {
                RelayFrame::Ack { hash, cursor } if hash == wanted => return cursor,
                RelayFrame::Chunk { .. } | RelayFrame::CaughtUp { .. } => {}
                other => panic!("expected an acknowledgement, got {}", short(&other)),
            }
        }
    }

    /// The next frame; how many peers there are is noted aside.
    pub async fn next(&mut self) -> RelayFrame {
        loop {
            match self.socket.frame().await {
                RelayFrame::Peers { count } => self.peers.push(count),
                frame => return frame,
            }
        }
    }

    /// The next error, whatever else is said before it.
    pub async fn next_error(&mut self) -> (ErrorCode, Option<ChunkHash>) {
        loop {
            if let RelayFrame::Error { code, about, .. } = self.next().await {
                return (code, about);
            }
        }
    }

    /// The texts of all chunks with their cursors, until the device is caught up.
    pub async fn catch_up(&mut self) -> Vec<(u64, String)> {
        let mut chunks = Vec::new();
        loop {
            match self.next().await {
                RelayFrame::Chunk { cursor, envelope } => {
                    chunks.push((cursor.0, self.open(&envelope)));
                }
                RelayFrame::CaughtUp { .. } => return chunks,
                other => panic!("expected a chunk, got {}", short(&other)),
            }
        }
    }

    /// The next ephemeral message, whatever else is said before it.
    pub async fn ephemeral(&mut self) -> Vec<u8> {
        loop {
            if let RelayFrame::Ephemeral { envelope } = self.next().await {
                return envelope;
            }
        }
    }

    /// The next chunk's text and cursor.
    pub async fn chunk(&mut self) -> (u64, String) {
        loop {
            match self.next().await {
                RelayFrame::Chunk { cursor, envelope } => {
                    return (cursor.0, self.open(&envelope));
                }
                RelayFrame::CaughtUp { .. } => {}
                other => panic!("expected a chunk, got {}", short(&other)),
            }
        }
    }

    /// Reads what has arrived of a socket that was cut, which may end in the middle
    /// of a frame; the last cursor.
    pub async fn read_to_the_end(&mut self) -> u64 {
        let mut last = 0;
        while let Some(Ok(message)) = self.socket.next().await {
            let frame = message.is_binary().then(|| message.into_data());
            if let Some(Ok(RelayFrame::Chunk { cursor, .. })) =
                frame.map(|bytes| RelayFrame::parse(&bytes))
            {
                last = cursor.0;
            }
        }
        last
    }

    /// Waits until the relay has told that there are so many others.
    pub async fn wait_for_peers(&mut self, wanted: u32) {
        while self.peers.last() != Some(&wanted) {
            match self.socket.frame().await {
                RelayFrame::Peers { count } => self.peers.push(count),
                RelayFrame::Chunk { .. } | RelayFrame::CaughtUp { .. } => {}
                other => panic!("expected peers, got {}", short(&other)),
            }
        }
    }

    fn open(&self, envelope: &[u8]) -> String {
        let envelope = Envelope::parse(envelope).unwrap();
        let content = seal::open(&self.keys, &envelope).unwrap();
        String::from_utf8(content.changes[0].to_vec()).unwrap()
    }
}

fn content(text: &str) -> Content {
    Content {
        changes: vec![ByteVec::from(text.as_bytes().to_vec())],
        ..Content::default()
    }
}

pub fn entropy(bytes: &mut [u8]) {
    getrandom::fill(bytes).unwrap();
}

/// The beginning of what a failed test has to show: chunks are long.
fn short(shown: &impl std::fmt::Debug) -> String {
    format!("{shown:?}").chars().take(200).collect()
}

/// A text of so many bytes that hardly compresses.
pub fn noise(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    entropy(&mut random);
    for byte in &mut random {
        *byte = b'0' + (*byte & 63);
    }
    String::from_utf8(random).unwrap()
}
