//! Synchronisation of one open plan.
//!
//! Every tab with the plan open runs one task. One of them holds the plan's lock
//! and *leads*: it has the [`Session`](sync::session::Session) and the socket.
//! The others *follow*: they take in the changes the tabs tell of, show the
//! leader's status, and pass their wishes on to it. When the leader is closed,
//! the browser gives the lock to the next.
//!
//! ```text
//!  an edit here ──▶ database ──▶ SyncHandle::local_change ─┬─▶ the other tabs
//!                                                          └─▶ session ──▶ socket
//!  socket ──▶ session ──▶ SyncHost::merge ──▶ database ──▶ the other tabs
//! ```
//!
//! What must stay true:
//!
//! - The session sees only what is durable: before each event it is given, the
//!   host flushes, and nothing is awaited between that and the session's look
//!   at the document.
//! - Nothing depends on a message between tabs: whoever begins to follow or to
//!   lead, and whoever is seen again, reads the database first.
//! - When the database fails, synchronisation waits for it. An event is never
//!   passed over.

mod follow;
mod host;
mod lead;
mod relays;

use std::{future::pending, rc::Rc};

use futures_channel::mpsc::{self, UnboundedReceiver, UnboundedSender};
use futures_util::future::{AbortHandle, abortable};
use sync::{
    closing::Closing,
    keys::{DeviceKey, PlanKeys},
    session::Status,
};
use wasm_bindgen_futures::spawn_local;

pub use host::{MergeFailure, Role, SyncHost, SyncStatus};

use super::{
    locks,
    page_events::{self, PageEvent, PageWatch},
    socket::SocketEvent,
    storage::Storage,
    tabs::{TabChanges, TabMessage, Tabs},
};

/// All that synchronisation of one plan needs.
pub struct SyncTask<H> {
    /// The open plan.
    pub host: H,
    /// Where the session's state is kept.
    pub storage: Storage,
    /// The plan's keys.
    pub keys: PlanKeys,
    /// This device's key.
    pub device: DeviceKey,
}

/// A running synchronisation. Dropped, it stops at once, wherever it is;
/// [`SyncHandle::flush`] and the host's own flush belong before that.
///
/// The task holds on to the host, so the host must not be all that holds on to
/// this.
pub struct SyncHandle {
    inputs: UnboundedSender<Input>,
    tabs: Rc<Tabs>,
    stop: AbortHandle,
    _watch: PageWatch,
}

/// What the task is told.
enum Input {
    LocalChange,
    Flush,
    Present(Vec<u8>),
    Close(Closing),
    /// A timer has run out.
    Tick,
    /// Of the socket opened as the `socket`-th. Events of an earlier one are
    /// not for the session.
    Socket {
        socket: u64,
        event: SocketEvent,
    },
    Tab(TabMessage),
    Page(PageEvent),
}

impl<H: SyncHost> SyncTask<H> {
    /// Starts synchronising.
    pub fn start(self) -> SyncHandle {
        let (inputs, received) = mpsc::unbounded();
        let plan = self.keys.id();
        let tabs = Rc::new(Tabs::open(plan, {
            let inputs = inputs.clone();
            // Sending fails only once the task is stopped, here and below.
            move |message| drop(inputs.unbounded_send(Input::Tab(message)))
        }));
        let watch = page_events::watch({
            let (inputs, host) = (inputs.clone(), self.host.clone());
            move |event| {
                if event == PageEvent::Hidden {
                    // Begun here and now: the task may be waiting for something
                    // else, and the page may have no later.
                    let host = host.clone();
                    spawn_local(async move { host.hidden().await });
                }
                drop(inputs.unbounded_send(Input::Page(event)));
            }
        });
        let running = Running {
            task: self,
            tabs: Rc::clone(&tabs),
            received,
            inputs: inputs.clone(),
        };
        let (run, stop) = abortable(running.run());
        spawn_local(async move {
            // Ends early when it is stopped, and that is all there is to say.
            let _ = run.await;
        });
        SyncHandle {
            inputs,
            tabs,
            stop,
            _watch: watch,
        }
    }
}

impl SyncHandle {
    /// Changes were made here, as the document writes them, and are durable.
    pub fn local_change(&self, parts: &[Vec<u8>]) {
        self.tabs
            .send(&TabMessage::Changes(TabChanges::new(parts, &[])));
        self.tell(Input::LocalChange);
    }

    /// Sends what there is without waiting for more.
    pub fn flush(&self) {
        self.tell(Input::Flush);
    }

    /// Tells the other devices where this one is.
    pub fn present(&self, payload: Vec<u8>) {
        self.tell(Input::Present(payload));
    }

    /// Closes the plan, all of which is at the relay under new keys. Passed over
    /// unless all there is is at this relay too; done once the status says so.
    pub fn close(&self, closing: Closing) {
        self.tell(Input::Close(closing));
    }

    fn tell(&self, input: Input) {
        // Fails only once the task has ended, as after an update of the app.
        let _ = self.inputs.unbounded_send(input);
    }
}

impl Drop for SyncHandle {
    fn drop(&mut self) {
        self.stop.abort();
    }
}

/// A task on its way.
struct Running<H> {
    task: SyncTask<H>,
    tabs: Rc<Tabs>,
    received: UnboundedReceiver<Input>,
    inputs: UnboundedSender<Input>,
}

impl<H: SyncHost> Running<H> {
    async fn run(mut self) {
        self.tabs.send(&TabMessage::AskStatus);
        // If the database can't be read now, the next time reads it.
        let _ = self.task.host.catch_up().await;
        let name = format!("samskriv {}", self.task.keys.id());
        let role = match self.follow_until(locks::hold(&name)).await {
            // Without a relay only the tabs follow each other.
            Ok(_) if self.task.host.relays().is_empty() => Role::Leading,
            Ok(lock) => return lead::lead(self, lock).await,
            Err(locks::NoLocks) => Role::Unable,
        };
        self.task.host.status(&SyncStatus {
            role,
            session: Status::default(),
        });
        self.follow_until(pending::<()>()).await;
    }
}
