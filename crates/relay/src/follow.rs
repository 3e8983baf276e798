//! What a relay does with what it hears of the others.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use sync::ids::PlanId;
use tokio::{sync::mpsc, time::sleep};

use crate::{Store, bus::Heard, server::Shared};

/// Between attempts to learn from the store what a gap has hidden.
const RETRY: Duration = Duration::from_secs(1);

/// Acts on all that is heard until the store has ended. While the relay stops,
/// what is heard no longer matters, and is still taken: the way to the others
/// must stay open for its goodbye.
pub(crate) async fn run<S: Store>(relay: Weak<Shared<S>>, mut heard: mpsc::Receiver<Heard>) {
    while let Some(event) = heard.recv().await {
        let Some(shared) = relay.upgrade() else {
            continue;
        };
        let mut stopping = shared.stopping.clone();
        tokio::select! {
            () = act(&shared, event) => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    }
}

async fn act<S: Store>(shared: &Arc<Shared<S>>, event: Heard) {
    let rooms = &shared.rooms;
    match event {
        Heard::Grown { plan, cursor } => rooms.wake(plan, cursor),
        Heard::Members { from, members } => rooms.hear_members(from, members),
        Heard::Ephemeral { plan, envelope } => rooms.hear_ephemeral(plan, envelope),
        Heard::Gone(relay) => rooms.forget(relay),
        Heard::Gap => {
            rooms.ask_anew();
            for plan in rooms.plans() {
                wake_from_store(shared, plan).await;
            }
        }
    }
}

/// Wakes a room to wherever its log is now.
async fn wake_from_store<S: Store>(shared: &Arc<Shared<S>>, plan: PlanId) {
    loop {
        match shared.store.last_cursor(plan).await {
            Ok(cursor) => return shared.rooms.wake(plan, cursor),
            Err(cause) => {
                tracing::warn!(%cause, "can't see yet what has been missed");
                sleep(RETRY).await;
            }
        }
    }
}
