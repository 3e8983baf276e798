//! A device: the session that every program has, a plan, and a real socket. Its
//! disk is what a crash leaves.

use std::{
    collections::{BTreeMap, VecDeque},
    future::pending,
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::{SinkExt as _, StreamExt as _};
use plan::{DeviceName, Edit, Hash, PlanDoc};
use sync::{
    frame::{ErrorCode, RelayFrame},
    ids::{ChunkHash, DeviceId},
    keys::{DeviceKey, PlanKeys},
    session::{Connection, Effect, Event, SavedState, Session, Status},
    vouch::{ActorId, Vouch},
};
use tokio::{
    net::TcpStream,
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{sleep_until, timeout},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use super::synced_plan::SyncedPlan;

/// A socket that takes so long has hung.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a device is told to do.
#[derive(Clone, Copy)]
pub enum Order {
    /// Write a measure with this number.
    Write(u32),
    /// The network may be back.
    Online,
    /// Lose all that is not on disk, and start again.
    Crash,
}

/// What a device tells of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub heads: Vec<Hash>,
    pub status: Status,
    /// The chunks that the relay has acknowledged.
    pub acknowledged: Vec<ChunkHash>,
    /// How often the relay could not store.
    pub unavailable: u32,
}

/// A device that works by itself.
pub struct Running {
    pub orders: mpsc::UnboundedSender<Order>,
    pub report: watch::Receiver<Report>,
    working: JoinHandle<PlanDoc>,
}

impl Running {
    pub fn start(number: u8, keys: &PlanKeys, relay: SocketAddr) -> Self {
        let (orders, taken) = mpsc::unbounded_channel();
        let (told, report) = watch::channel(Report::default());
        let device = Device::new(number, keys.clone(), relay, told);
        Self {
            orders,
            report,
            working: tokio::spawn(device.work(taken)),
        }
    }

    pub fn order(&self, order: Order) {
        assert!(self.orders.send(order).is_ok(), "the device has ended");
    }

    /// Ends it; its plan.
    pub async fn stop(self) -> PlanDoc {
        drop(self.orders);
        self.working.await.unwrap()
    }
}

/// What is durable.
#[derive(Default)]
struct Disk {
    changes: Vec<Vec<u8>>,
    saved: SavedState,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

struct Device {
    number: u8,
    keys: PlanKeys,
    key: DeviceKey,
    name: DeviceName,
    relay: SocketAddr,
    doc: PlanDoc,
    session: Session,
    disk: Disk,
    vouches: BTreeMap<(DeviceId, ActorId), Vouch>,
    socket: Option<Socket>,
    started: Instant,
    wake_at: Option<u64>,
    report: Report,
    told: watch::Sender<Report>,
}

/// What a device goes on with.
enum Next {
    Ordered(Option<Order>),
    Heard(Option<Vec<u8>>),
    Due,
}

impl Device {
    fn new(number: u8, keys: PlanKeys, relay: SocketAddr, told: watch::Sender<Report>) -> Self {
        let key = DeviceKey::from_bytes(&[number + 1; 32]);
        let name = DeviceName::from_public_key(key.id().as_bytes());
        let disk = Disk::default();
        Self {
            number,
            doc: PlanDoc::create(&name),
            session: begin(&keys, &key, &disk.saved),
            keys,
            key,
            name,
            relay,
            disk,
            vouches: BTreeMap::new(),
            socket: None,
            started: Instant::now(),
            wake_at: None,
            report: Report::default(),
            told,
        }
    }

    async fn work(mut self, mut orders: mpsc::UnboundedReceiver<Order>) -> PlanDoc {
        self.feed(Event::Online).await;
        loop {
            match self.next(&mut orders).await {
                Next::Ordered(None) => return self.doc,
                Next::Ordered(Some(Order::Online)) => self.feed(Event::Online).await,
                Next::Ordered(Some(Order::Write(number))) => self.write(number).await,
                Next::Ordered(Some(Order::Crash)) => self.crash().await,
                Next::Heard(Some(frame)) => self.hear(frame).await,
                Next::Heard(None) => {
                    self.socket = None;
                    self.feed(Event::Disconnected).await;
                }
                Next::Due => {
                    self.wake_at = None;
                    self.feed(Event::Tick).await;
                }
            }
            self.tell();
        }
    }

    async fn next(&mut self, orders: &mut mpsc::UnboundedReceiver<Order>) -> Next {
        let tick = async {
            match self.wake_at {
                Some(at) => sleep_until((self.started + Duration::from_millis(at)).into()).await,
                None => pending().await,
            }
        };
        let heard = async {
            match &mut self.socket {
                Some(socket) => receive(socket).await,
                None => pending().await,
            }
        };
        tokio::select! {
            order = orders.recv() => Next::Ordered(order),
            frame = heard => Next::Heard(frame),
            () = tick => Next::Due,
        }
    }

    async fn write(&mut self, number: u32) {
        let before = self.doc.heads();
        let id = format!("d{}-{number}", self.number);
        let edits = [
            format!(r#"{{"add": {{"entity": {{"kind": "measure", "id": "{id}"}}}}}}"#),
            format!(
                r#"{{"write": {{"id": "{id}", "text": {{"measure": "title"}}, "blocks": [{{"runs": [{{"text": "{id}"}}]}}]}}}}"#
            ),
        ];
        for edit in edits {
            let edit: Edit = serde_json::from_str(&edit).unwrap();
            self.doc.edit(&edit, 1).unwrap();
        }
        self.doc.commit();
        self.disk.changes.extend(self.doc.changes_since(&before));
        self.feed(Event::LocalChange).await;
    }

    async fn crash(&mut self) {
        self.socket = None;
        self.doc = PlanDoc::create(&self.name);
        self.doc.merge(&self.disk.changes).unwrap();
        self.session = begin(&self.keys, &self.key, &self.disk.saved);
        self.wake_at = None;
        self.feed(Event::Online).await;
    }

    async fn hear(&mut self, bytes: Vec<u8>) {
        match RelayFrame::parse(&bytes) {
            Ok(RelayFrame::Ack { hash, .. }) => self.report.acknowledged.push(hash),
            Ok(RelayFrame::Error {
                code: ErrorCode::Unavailable,
                ..
            }) => {
                self.report.unavailable += 1;
            }
            _ => {}
        }
        self.feed(Event::Frame(bytes)).await;
    }

    /// Hands the session an event, and all that follows from it.
    async fn feed(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in self.handle(event) {
                events.extend(self.carry_out(effect).await);
            }
        }
    }

    fn handle(&mut self, event: Event) -> Vec<Effect> {
        let mut document = SyncedPlan {
            doc: &mut self.doc,
            device: &self.name,
            vouches: &self.vouches,
            is_blank: false,
            sent: &mut 0,
        };
        let now = self.started.elapsed().as_millis() as u64;
        self.session.handle(event, now, &mut document)
    }

    async fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Connect => {
                let url = format!("ws://{}/sync", self.relay);
                self.socket = match timeout(PATIENCE, connect_async(url)).await {
                    Ok(Ok((socket, _))) => Some(socket),
                    _ => None,
                };
                Some(match self.socket {
                    Some(_) => Event::Connected,
                    None => Event::Disconnected,
                })
            }
            Effect::Close => {
                self.socket = None;
                None
            }
            Effect::Send(frame) => {
                let socket = self.socket.as_mut()?;
                let sending = socket.send(Message::Binary(frame.into()));
                if matches!(timeout(PATIENCE, sending).await, Ok(Ok(()))) {
                    return None;
                }
                self.socket = None;
                Some(Event::Disconnected)
            }
            Effect::Save(save) => {
                self.disk.saved.apply(&save);
                Some(Event::Saved(save.id))
            }
            Effect::Apply(received) => {
                self.doc.merge(&received.changes).unwrap();
                self.disk.changes.extend(received.changes);
                for vouch in received.vouches {
                    self.vouches
                        .insert((vouch.device, vouch.actor.clone()), vouch);
                }
                Some(Event::Applied(received.id))
            }
            Effect::WakeAt(at) => {
                self.wake_at = Some(at);
                None
            }
            Effect::SetAside(chunk) => panic!("{}: {chunk:?}", self.number),
            Effect::Presence { .. } | Effect::StatusChanged(_) => None,
        }
    }

    fn tell(&mut self) {
        self.report.heads = self.doc.heads();
        self.report.status = self.session.status().clone();
        self.told.send_if_modified(|told| {
            let is_news = *told != self.report;
            told.clone_from(&self.report);
            is_news
        });
    }
}

impl Report {
    /// Whether all that the device has is at the relay, and the other way round,
    /// as far as it can know.
    pub fn is_settled(&self) -> bool {
        let status = &self.status;
        status.connection == Connection::Live
            && status.at_relay
            && status.waiting == 0
            && !status.missing
    }
}

fn begin(keys: &PlanKeys, key: &DeviceKey, saved: &SavedState) -> Session {
    let entropy = Box::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
    Session::new(keys.clone(), key.clone(), saved, entropy).unwrap()
}

/// The next message; none when the socket has ended.
async fn receive(socket: &mut Socket) -> Option<Vec<u8>> {
    loop {
        match socket.next().await? {
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(message) => return Some(message.into_data().into()),
        }
    }
}
