//! A device as the app is one: a plan, its session, and a socket. Its disk is
//! memory, so that what is measured is the way between devices.

use std::{
    collections::{BTreeMap, VecDeque},
    future::pending,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use plan::{DeviceName, Hash, PlanDoc};
use sync::{
    ids::{ChangeHash, DeviceId},
    keys::{DeviceKey, PlanKeys},
    session::{
        Collected, Document, Effect, Event, Received, SavedState, Session, Snapshot, Status,
    },
    vouch::{ActorId, Vouch},
};
use tokio::time::{sleep_until, timeout};

use crate::{client::entropy, socket::Socket};

/// A device with its plan.
pub struct Device {
    plan: Plan,
    session: Session,
    address: String,
    socket: Option<Socket>,
    /// For the session's clock.
    started: Instant,
    wake_at: Option<u64>,
    /// Bytes of sockets that are closed: sent, received.
    earlier: (usize, usize),
}

/// The plan, as its session sees it.
struct Plan {
    doc: PlanDoc,
    name: DeviceName,
    vouches: BTreeMap<(DeviceId, ActorId), Vouch>,
}

impl Device {
    /// A device that begins with a saved plan.
    pub fn new(address: &str, keys: &PlanKeys, saved_plan: &[u8]) -> Result<Self> {
        let key = DeviceKey::generate(&mut entropy);
        let name = DeviceName::from_public_key(&key.id().0);
        let doc = PlanDoc::load(saved_plan, &name)?;
        let saved = SavedState::default();
        Ok(Self {
            plan: Plan {
                doc,
                name,
                vouches: BTreeMap::new(),
            },
            session: Session::new(keys.clone(), key, &saved, Box::new(entropy))?,
            address: address.to_owned(),
            socket: None,
            started: Instant::now(),
            wake_at: None,
            earlier: (0, 0),
        })
    }

    pub fn doc(&mut self) -> &mut PlanDoc {
        &mut self.plan.doc
    }

    pub fn status(&self) -> &Status {
        self.session.status()
    }

    /// Bytes of WebSocket messages sent and received so far.
    pub fn traffic(&self) -> (usize, usize) {
        let now = self.socket.as_ref();
        let (sent, received) = now.map_or((0, 0), |socket| (socket.sent, socket.received));
        (self.earlier.0 + sent, self.earlier.1 + received)
    }

    /// The network is there.
    pub async fn go_online(&mut self) -> Result<()> {
        self.feed(Event::Online).await
    }

    /// The network is gone.
    pub async fn go_offline(&mut self) -> Result<()> {
        self.close();
        self.feed(Event::Disconnected).await
    }

    /// Tells the session of what was written, and that it is to go at once.
    pub async fn send_edits(&mut self) -> Result<()> {
        self.feed(Event::LocalChange).await?;
        self.feed(Event::Flush).await
    }

    /// Goes on until something holds.
    pub async fn run_until(&mut self, holds: impl Fn(&mut Self) -> bool) -> Result<()> {
        while !holds(self) {
            self.step().await?;
        }
        Ok(())
    }

    /// Goes on for at most this long, with what comes next.
    pub async fn step_within(&mut self, patience: Duration) -> Result<()> {
        match timeout(patience, self.next()).await {
            Ok(event) => self.feed(event?).await,
            Err(_) => Ok(()),
        }
    }

    async fn step(&mut self) -> Result<()> {
        let event = self.next().await?;
        self.feed(event).await
    }

    async fn next(&mut self) -> Result<Event> {
        let (started, wake_at) = (self.started, self.wake_at);
        let tick = async {
            match wake_at {
                Some(at) => sleep_until((started + Duration::from_millis(at)).into()).await,
                None => pending().await,
            }
        };
        let frame = async {
            match &mut self.socket {
                Some(socket) => socket.next_bytes().await,
                None => pending().await,
            }
        };
        tokio::select! {
            frame = frame => Ok(Event::Frame(frame?)),
            () = tick => {
                self.wake_at = None;
                Ok(Event::Tick)
            }
        }
    }

    async fn feed(&mut self, event: Event) -> Result<()> {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let now = u64::try_from(self.started.elapsed().as_millis())?;
            for effect in self.session.handle(event, now, &mut self.plan) {
                events.extend(self.carry_out(effect).await?);
            }
        }
        Ok(())
    }

    async fn carry_out(&mut self, effect: Effect) -> Result<Option<Event>> {
        match effect {
            Effect::Connect => {
                self.socket = Some(Socket::open(&self.address).await?);
                return Ok(Some(Event::Connected));
            }
            Effect::Close => self.close(),
            Effect::Send(frame) => {
                let socket = self.socket.as_mut().context("a socket to send on")?;
                socket.send_bytes(frame).await?;
            }
            Effect::Save(save) => return Ok(Some(Event::Saved(save.id))),
            Effect::Apply(received) => return Ok(Some(self.plan.take(received)?)),
            Effect::SetAside(chunk) => anyhow::bail!("a chunk was set aside: {}", chunk.reason),
            Effect::Presence { .. } | Effect::StatusChanged(_) => {}
            Effect::WakeAt(at) => self.wake_at = Some(at),
        }
        Ok(None)
    }

    fn close(&mut self) {
        self.earlier = self.traffic();
        self.socket = None;
    }
}

impl Plan {
    fn take(&mut self, received: Received) -> Result<Event> {
        self.doc.merge(&received.changes)?;
        for vouch in received.vouches {
            self.vouches
                .insert((vouch.device, vouch.actor.clone()), vouch);
        }
        Ok(Event::Applied(received.id))
    }

    fn authored(&mut self, since: &[Hash]) -> Vec<(ActorId, ChangeHash)> {
        let latest = self.doc.latest_by(&self.name, since).into_iter();
        latest
            .map(|(actor, change)| (ActorId(actor), ChangeHash(change)))
            .collect()
    }
}

impl Document for Plan {
    fn heads(&mut self) -> Vec<ChangeHash> {
        self.doc.heads().into_iter().map(ChangeHash).collect()
    }

    fn has(&mut self, change: &ChangeHash) -> bool {
        self.doc.contains(&[change.0])
    }

    fn changes_since(&mut self, since: &[ChangeHash]) -> Collected {
        let since: Vec<Hash> = since.iter().map(|change| change.0).collect();
        Collected {
            changes: self.doc.changes_since(&since),
            authored: self.authored(&since),
            vouches: Vec::new(),
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        Snapshot {
            bytes: self.doc.save(),
            authored: self.authored(&[]),
            vouches: self.vouches.values().cloned().collect(),
        }
    }
}
