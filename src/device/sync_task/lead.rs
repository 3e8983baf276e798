//! The tab that leads: the session, its socket and its timer.

use std::collections::VecDeque;

use futures_util::StreamExt;
use gloo_timers::{callback::Timeout, future::TimeoutFuture};
use sync::session::{Connection, Effect, Event, Received, SavedState, Session, Status};

use super::{
    super::{
        clock::elapsed_ms,
        drawing::idle,
        entropy,
        locks::LockGuard,
        page_events::PageEvent,
        socket::{Socket, SocketEvent},
        storage::StorageError,
        tabs::{TabChanges, TabMessage},
    },
    Input, MergeFailure, Role, Running, SyncHost, SyncStatus,
    relays::Met,
};

/// A database that failed is tried again after so many milliseconds.
const TRY_AGAIN_AFTER: u32 = 3_000;

/// A newer version of the app has taken over the database: this tab can keep
/// nothing more, so it lets another lead.
struct TakenOver;

/// Leads until the task is stopped or the database taken over.
pub(super) async fn lead<H: SyncHost>(running: Running<H>, lock: LockGuard) {
    let Ok(session) = begin(&running).await else {
        return;
    };
    let leader = Leader {
        running,
        met: Met::default(),
        session,
        status: Status::default(),
        waiting: VecDeque::from([Event::Online]),
        socket: None,
        sockets: 0,
        timer: None,
        _lock: lock,
    };
    let Err(TakenOver) = leader.run().await;
}

async fn begin<H: SyncHost>(running: &Running<H>) -> Result<Session, TakenOver> {
    let task = &running.task;
    let plan = task.keys.id();
    kept(async || task.host.catch_up().await).await?;
    let saved = kept(async || task.storage.sync_state(plan).await).await?;
    match session(running, &saved) {
        Ok(session) => Ok(session),
        // What can't be taken up is left behind: the session receives the plan
        // once more and sends what the relay lacks.
        Err(_) => {
            kept(async || task.storage.clear_sync_state(plan).await).await?;
            let session = session(running, &SavedState::default());
            Ok(session.expect("a session begins anew from the default state"))
        }
    }
}

fn session<H>(
    running: &Running<H>,
    saved: &SavedState,
) -> Result<Session, sync::session::SavedStateError> {
    let task = &running.task;
    Session::new(
        task.keys.clone(),
        task.device.clone(),
        saved,
        Box::new(entropy),
    )
}

/// Tries until the database has done it.
async fn kept<T>(attempt: impl AsyncFn() -> Result<T, StorageError>) -> Result<T, TakenOver> {
    loop {
        match attempt().await {
            Ok(done) => return Ok(done),
            Err(StorageError::Outdated) => return Err(TakenOver),
            // The page says so: the host had the same answer.
            Err(_) => TimeoutFuture::new(TRY_AGAIN_AFTER).await,
        }
    }
}

struct Leader<H> {
    running: Running<H>,
    met: Met,
    session: Session,
    status: Status,
    /// Events that come before anything in the queue.
    waiting: VecDeque<Event>,
    socket: Option<Socket>,
    /// How many sockets have been opened.
    sockets: u64,
    timer: Option<Timeout>,
    _lock: LockGuard,
}

impl<H: SyncHost> Leader<H> {
    async fn run(mut self) -> Result<std::convert::Infallible, TakenOver> {
        self.show_status();
        loop {
            let event = self.next_event().await?;
            // Saved before sent: the session sees only what is durable. From
            // here to its answer nothing is awaited.
            let host = &self.running.task.host;
            kept(async || host.flush().await).await?;
            let session = &mut self.session;
            let effects =
                host.with_document(|document| session.handle(event, elapsed_ms(), document));
            for effect in effects {
                self.perform(effect).await?;
            }
            self.leave_in_time();
        }
    }

    /// Goes to another relay once this one has all that is here.
    fn leave_in_time(&mut self) {
        let is_done = self.status.at_relay && self.status.connection == Connection::Live;
        if is_done
            && self
                .met
                .is_to_leave(&self.running.task.host.relays(), elapsed_ms())
        {
            self.socket = None;
            self.waiting.extend([Event::Disconnected, Event::Online]);
        }
    }

    async fn next_event(&mut self) -> Result<Event, TakenOver> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                if matches!(event, Event::LocalChange | Event::Saved(_)) {
                    // To seal what was written takes as long as to show some keys.
                    idle().await;
                }
                return Ok(event);
            }
            // The task keeps a sender itself, so the queue does not end.
            if let Some(input) = self.running.received.next().await {
                self.take(input).await?;
            }
        }
    }

    async fn take(&mut self, input: Input) -> Result<(), TakenOver> {
        let host = &self.running.task.host;
        match input {
            Input::LocalChange => self.waiting.push_back(Event::LocalChange),
            Input::Flush | Input::Tab(TabMessage::Flush) | Input::Page(PageEvent::Hidden) => {
                self.waiting.push_back(Event::Flush);
            }
            Input::Present(payload) => self.waiting.push_back(Event::Present(payload)),
            Input::Tab(TabMessage::Present(payload)) => {
                self.waiting.push_back(Event::Present(payload.into()));
            }
            Input::Close(closing) | Input::Tab(TabMessage::Close(closing)) => {
                self.waiting.push_back(Event::Close(closing));
            }
            Input::Page(PageEvent::Online) => self.waiting.push_back(Event::Online),
            Input::Tick => self.waiting.push_back(Event::Tick),
            Input::Socket { socket, event } => {
                if self.socket.is_some() && socket == self.sockets {
                    self.take_from_socket(event);
                }
            }
            Input::Tab(TabMessage::Changes(changes)) => {
                host.merge_from_tab(&changes);
                self.waiting.push_back(Event::LocalChange);
            }
            Input::Tab(TabMessage::AskStatus) => self.show_status(),
            Input::Page(PageEvent::Visible) => {
                kept(async || host.catch_up().await).await?;
                self.waiting.extend([Event::LocalChange, Event::Online]);
            }
            // Said by a tab that led before.
            Input::Tab(TabMessage::Status(_) | TabMessage::Presence(..)) => {}
        }
        Ok(())
    }

    fn take_from_socket(&mut self, event: SocketEvent) {
        self.waiting.push_back(match event {
            SocketEvent::Opened => Event::Connected,
            SocketEvent::Message(frame) => Event::Frame(frame),
            SocketEvent::Closed => {
                self.socket = None;
                Event::Disconnected
            }
        });
    }

    async fn perform(&mut self, effect: Effect) -> Result<(), TakenOver> {
        let task = &self.running.task;
        let plan = task.keys.id();
        match effect {
            Effect::Connect => self.connect(),
            Effect::Close => self.socket = None,
            Effect::Send(frame) => {
                if let Some(socket) = &self.socket {
                    socket.send(&frame);
                }
            }
            Effect::Save(save) => {
                let saved = task.storage.save_sync(plan, &save).await;
                self.waiting.push_back(match saved {
                    Ok(()) => Event::Saved(save.id),
                    Err(_) => Event::SaveFailed(save.id),
                });
            }
            Effect::Apply(received) => {
                let answer = self.apply(&received).await?;
                self.waiting.push_back(answer);
            }
            Effect::SetAside(aside) => {
                // To keep it is of use to whoever looks into it; nothing
                // depends on it.
                let _ = task.storage.set_chunk_aside(plan, &aside).await;
                task.host.set_aside(&aside);
            }
            Effect::Presence { from, payload } => {
                task.host.presence(from, &payload);
                self.running
                    .tabs
                    .send(&TabMessage::Presence(from, payload.into()));
            }
            Effect::StatusChanged(status) => {
                self.status = status;
                if self.status.connection == Connection::Live {
                    self.met.has_answered();
                }
                self.show_status();
            }
            Effect::WakeAt(at) => self.wake_at(at),
        }
        Ok(())
    }

    fn connect(&mut self) {
        self.sockets += 1;
        let (socket, inputs) = (self.sockets, self.running.inputs.clone());
        let relays = self.running.task.host.relays();
        self.socket = self.met.next(&relays, elapsed_ms()).and_then(|relay| {
            let opened = Socket::open(&relay.socket_url(), move |event| {
                // Fails only once the task is stopped.
                drop(inputs.unbounded_send(Input::Socket { socket, event }));
            });
            opened.ok()
        });
        if self.socket.is_none() {
            self.waiting.push_back(Event::Disconnected);
        }
    }

    async fn apply(&self, received: &Received) -> Result<Event, TakenOver> {
        let merged = kept(
            async || match self.running.task.host.merge(received).await {
                Ok(()) => Ok(true),
                Err(MergeFailure::Damaged) => Ok(false),
                Err(MergeFailure::NotSaved(error)) => Err(error),
            },
        );
        if merged.await? {
            let changes = TabChanges::new(&received.changes, &received.vouches);
            self.running.tabs.send(&TabMessage::Changes(changes));
            Ok(Event::Applied(received.id))
        } else {
            Ok(Event::Rejected(received.id))
        }
    }

    fn wake_at(&mut self, at: u64) {
        let wait = at.saturating_sub(elapsed_ms());
        // A timer takes no longer wait than this; an early tick does no harm.
        let wait = u32::try_from(wait).unwrap_or(u32::MAX).min(i32::MAX as u32);
        let inputs = self.running.inputs.clone();
        self.timer = Some(Timeout::new(wait, move || {
            // Fails only once the task is stopped.
            drop(inputs.unbounded_send(Input::Tick));
        }));
    }

    fn show_status(&self) {
        let status = SyncStatus {
            role: Role::Leading,
            session: self.status.clone(),
        };
        self.running.task.host.status(&status);
        self.running.tabs.send(&TabMessage::Status(status.session));
    }
}
