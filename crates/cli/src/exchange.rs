//! Drives a session until this device and the relay have the same.
//!
//! The session decides; this does what it asks and tells it what happened.

use std::{
    collections::VecDeque,
    future::pending,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use plan::DeviceName;
use sync::{
    closing::Closing,
    ids::LogId,
    keys::PlanKeys,
    relay_url::RelayUrl,
    session::{
        ApplyId, Closed, Connection, Effect, Event, Received, SavedState, Session, SetAside, Status,
    },
};
use tokio::time::sleep_until;

use crate::{
    entropy,
    failure::Failure,
    line::{Happened, Line},
    plan_file::PlanFile,
    synced_plan::SyncedPlan,
};

/// How long the session may wait without anything going forward.
const QUIET: Duration = Duration::from_secs(60);
/// How often a connection that broke is opened again.
const RECONNECTS: u32 = 3;
/// Received chunks that are merged in memory before the file is written: it is
/// written whole, and once for many costs little more than once for one.
const MERGED_AT_ONCE: usize = 256;

/// How an exchange ended.
#[derive(Debug)]
pub enum Ended {
    Exchanged(Box<Outcome>),
    /// The address leads to the log that is known by this other one. Nothing was
    /// exchanged.
    SameAs(RelayUrl),
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// The plan's heads, of which the status speaks.
    pub heads: Vec<plan::Hash>,
    /// Changes that are new here.
    pub received: usize,
    /// Changes of this device that were sealed now.
    pub sent: usize,
    /// Chunks that were sealed earlier and waited for the relay.
    pub left_over: usize,
    /// Chunks that could not be used.
    pub set_aside: Vec<SetAside>,
    /// That the plan is closed under these keys.
    pub closed: Option<Closed>,
    /// Where things stand now.
    pub status: Status,
}

/// Exchanges changes with a relay until there is nothing more to exchange.
///
/// With a closing, it closes the plan here once there is nothing more, unless it
/// is closed already.
pub async fn run(
    plan: &mut PlanFile,
    keys: &PlanKeys,
    relay: &RelayUrl,
    closing: Option<&Closing>,
) -> Result<Ended, Failure> {
    let mut exchange = Exchange::new(plan, keys, relay);
    exchange.closing = closing;
    exchange.feed([Event::Online]).await?;
    while !exchange.is_done() {
        exchange.step().await?;
    }
    Ok(match exchange.same_as.take() {
        Some(other) => Ended::SameAs(other),
        None => Ended::Exchanged(Box::new(exchange.finish().await)),
    })
}

struct Exchange<'a> {
    plan: &'a mut PlanFile,
    device: DeviceName,
    session: Session,
    relay: &'a RelayUrl,
    closing: Option<&'a Closing>,
    /// The logs known by other addresses.
    others: Vec<(LogId, RelayUrl)>,
    /// The other address of this very log.
    same_as: Option<RelayUrl>,
    line: Line,
    /// For the session's clock, which may begin anywhere.
    started: Instant,
    wake_at: Option<u64>,
    /// Merged in memory, and not yet in the file.
    merged: Vec<ApplyId>,
    is_blank: bool,
    heads_before: Vec<plan::Hash>,
    left_over: usize,
    sent: usize,
    set_aside: Vec<SetAside>,
    was_reached: bool,
    breaks: u32,
    /// When something last went forward.
    progress: Instant,
}

impl<'a> Exchange<'a> {
    fn new(plan: &'a mut PlanFile, keys: &PlanKeys, relay: &'a RelayUrl) -> Self {
        let session = session(plan, keys, relay);
        let sessions = plan.keys.sessions_of(keys.id());
        let (others, left_over) = (sessions.logs_beside(relay), sessions.at(relay).outbox.len());
        Self {
            others,
            same_as: None,
            closing: None,
            device: plan.device_name(),
            is_blank: plan.is_blank(),
            heads_before: plan.doc.heads(),
            left_over,
            plan,
            session,
            relay,
            line: Line::Closed,
            started: Instant::now(),
            wake_at: None,
            merged: Vec::new(),
            sent: 0,
            set_aside: Vec::new(),
            was_reached: false,
            breaks: 0,
            progress: Instant::now(),
        }
    }

    /// Hands the session events, and all that follows from them.
    async fn feed(&mut self, events: impl IntoIterator<Item = Event>) -> Result<(), Failure> {
        let mut events: VecDeque<Event> = events.into_iter().collect();
        while let Some(event) = events.pop_front() {
            if event == Event::Disconnected {
                self.line = Line::Closed;
            }
            let effects = self.handle(event);
            self.same_as = self.other_address();
            if self.same_as.is_some() {
                break;
            }
            for effect in effects {
                self.carry_out(effect, &mut events).await?;
            }
        }
        Ok(())
    }

    fn handle(&mut self, event: Event) -> Vec<Effect> {
        let mut document = SyncedPlan {
            doc: &mut self.plan.doc,
            device: &self.device,
            vouches: &self.plan.keys.vouches,
            is_blank: self.is_blank,
            sent: &mut self.sent,
        };
        let now = self.started.elapsed().as_millis();
        self.session
            .handle(event, u64::try_from(now).unwrap_or(u64::MAX), &mut document)
    }

    /// Another address that leads to the log which this one has led to.
    fn other_address(&self) -> Option<RelayUrl> {
        let is_welcomed = matches!(
            self.session.status().connection,
            Connection::CatchingUp | Connection::Live
        );
        let log = self.session.log().filter(|_| is_welcomed)?;
        let mut others = self.others.iter();
        others
            .find(|(other, _)| *other == log)
            .map(|(_, address)| address.clone())
    }

    async fn carry_out(
        &mut self,
        effect: Effect,
        events: &mut VecDeque<Event>,
    ) -> Result<(), Failure> {
        match effect {
            Effect::Connect => self.line = Line::opening(self.relay),
            Effect::Close => {
                self.line = Line::Closed;
                self.count_break("it does not answer as a relay does")?;
            }
            Effect::Send(frame) => {
                if let Line::Open(socket) = &mut self.line
                    && !socket.send(frame).await
                {
                    self.count_break("the connection broke")?;
                    events.push_back(Event::Disconnected);
                }
                self.progress = Instant::now();
            }
            Effect::Save(save) => {
                events.extend(self.write_merged()?);
                let id = self.session.keys().id();
                self.plan.keys.sessions_of(id).at(self.relay).apply(&save);
                self.plan.save_keys()?;
                events.push_back(Event::Saved(save.id));
            }
            Effect::Apply(received) => {
                self.progress = Instant::now();
                events.extend(self.merge(received));
            }
            Effect::SetAside(chunk) => self.set_aside.push(chunk),
            Effect::Presence { .. } => {}
            Effect::StatusChanged(_) => self.progress = Instant::now(),
            Effect::WakeAt(at) => self.wake_at = Some(at),
        }
        if self.merged.len() >= MERGED_AT_ONCE {
            events.extend(self.write_merged()?);
        }
        Ok(())
    }

    fn merge(&mut self, received: Received) -> Option<Event> {
        match self.plan.doc.merge(&received.changes) {
            Ok(_) => {
                self.is_blank = false;
                let plan = self.session.keys().id();
                self.plan.keep_vouches(plan, received.vouches);
                self.merged.push(received.id);
                None
            }
            Err(_) => Some(Event::Rejected(received.id)),
        }
    }

    /// Makes durable what has been merged; the answers to the session.
    fn write_merged(&mut self) -> Result<Vec<Event>, Failure> {
        if !self.merged.is_empty() {
            self.plan.save()?;
        }
        Ok(self.merged.drain(..).map(Event::Applied).collect())
    }

    /// Waits for what happens next, and hands it to the session.
    async fn step(&mut self) -> Result<(), Failure> {
        // While more is coming in, merging goes before writing.
        let at_hand = match &mut self.line {
            Line::Open(socket) => socket.next().now_or_never().flatten(),
            _ => None,
        };
        if let Some(frame) = at_hand {
            return self.feed([Event::Frame(frame)]).await;
        }
        let applied = self.write_merged()?;
        if !applied.is_empty() {
            return self.feed(applied).await;
        }
        if let Some(closing) = self.closing.filter(|_| self.is_ready_to_close()) {
            self.feed([Event::Close(closing.clone())]).await?;
            if !self.is_ready_to_close() {
                return Ok(());
            }
        }
        let event = self.wait().await?;
        self.feed([event]).await
    }

    async fn wait(&mut self) -> Result<Event, Failure> {
        let tick = async {
            match self.wake_at {
                Some(at) => sleep_until((self.started + Duration::from_millis(at)).into()).await,
                None => pending().await,
            }
        };
        let next = tokio::select! {
            happened = self.line.next() => Next::Line(happened),
            () = tick => Next::Due,
            () = sleep_until((self.progress + QUIET).into()) => Next::Nothing,
        };
        match next {
            Next::Line(Happened::Opened(socket)) => {
                self.line = Line::Open(socket);
                self.was_reached = true;
                Ok(Event::Connected)
            }
            Next::Line(Happened::Came(frame)) => Ok(Event::Frame(frame)),
            Next::Line(Happened::Broke(cause)) => {
                self.count_break(&cause)?;
                Ok(Event::Disconnected)
            }
            Next::Due => {
                self.wake_at = None;
                Ok(Event::Tick)
            }
            Next::Nothing => Err(self.unreachable("it takes nothing and gives nothing")),
        }
    }

    /// A relay that was never reached is not tried again: a person or a script
    /// is waiting. One that broke off is, a few times.
    fn count_break(&mut self, cause: &str) -> Result<(), Failure> {
        self.breaks += 1;
        let is_over = matches!(self.session.status().connection, Connection::Stopped(_));
        if !is_over && (!self.was_reached || self.breaks > RECONNECTS) {
            return Err(self.unreachable(cause));
        }
        Ok(())
    }

    fn unreachable(&self, cause: &str) -> Failure {
        Failure::Unreachable {
            relay: self.relay.clone(),
            cause: cause.to_owned(),
        }
    }

    /// Whether there is nothing more to exchange.
    fn is_done(&self) -> bool {
        if self.same_as.is_some() {
            return true;
        }
        let status = self.session.status();
        match status.connection {
            Connection::Stopped(_) => true,
            Connection::Live if !self.merged.is_empty() => false,
            Connection::Live if status.closed_by.is_some() => true,
            Connection::Live if self.closing.is_some() => !status.refused.is_empty(),
            Connection::Live => {
                let nothing_goes = !self.session.keys().can_write() || !status.refused.is_empty();
                status.at_relay || nothing_goes && status.waiting == 0
            }
            _ => false,
        }
    }

    fn is_ready_to_close(&self) -> bool {
        let status = self.session.status();
        status.connection == Connection::Live
            && status.at_relay
            && status.waiting == 0
            && status.closed_by.is_none()
    }

    async fn finish(self) -> Outcome {
        if let Line::Open(socket) = self.line {
            socket.close().await;
        }
        let status = self.session.status().clone();
        Outcome {
            heads: self.plan.doc.heads(),
            received: self.plan.doc.changes_since(&self.heads_before).len(),
            sent: self.sent,
            left_over: self.left_over,
            set_aside: self.set_aside,
            closed: self.session.closed().cloned(),
            status,
        }
    }
}

/// What a waiting exchange goes on with.
enum Next {
    Line(Happened),
    /// The session wants to be woken.
    Due,
    /// Nothing has gone forward for long.
    Nothing,
}

/// Takes the session up where it was left, or begins anew where that fails: it
/// costs a download and loses nothing.
fn session(plan: &mut PlanFile, keys: &PlanKeys, relay: &RelayUrl) -> Session {
    let saved = plan.keys.sessions_of(keys.id()).at(relay).clone();
    let device = &plan.keys.device;
    let take_up = |saved: &SavedState| {
        let entropy = Box::new(entropy::fill);
        Session::new(keys.clone(), device.clone(), saved, entropy)
    };
    take_up(&saved).unwrap_or_else(|error| {
        eprintln!("samskriv: {error}; everything is fetched anew");
        take_up(&SavedState::default()).expect("a session without a past always begins")
    })
}
