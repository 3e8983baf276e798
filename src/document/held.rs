//! A plan for as long as a page has it open.

use std::cell::RefCell;

use gloo_timers::future::{TimeoutFuture, sleep};
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::task::spawn_local;

use super::open::{OpenError, open_plan};
use super::open_plan::OpenPlan;
use super::persist::RETRY;
use super::status::PlanStatus;
use crate::app::App;

/// How often it is looked whether something has come about, in milliseconds.
const LOOK_EVERY: u32 = 200;
/// How long a plan that was left is kept open so that the relay gets the last
/// words, in milliseconds.
const LINGER: u32 = 10_000;

thread_local! {
    /// Plans that were left and are not let go yet.
    static LINGERING: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) };
}

/// An open plan, which is left when this is dropped: the last words are saved
/// and, where there is a network, sent; then all of it is let go.
pub struct HeldPlan(Held);

#[derive(Clone)]
struct Held {
    id: String,
    plan: OpenPlan,
    owner: Owner,
}

impl HeldPlan {
    /// Opens a plan of this device and begins to synchronise it.
    ///
    /// # Errors
    /// When it is not here or can't be read.
    pub async fn open(app: App, id: String) -> Result<Self, OpenError> {
        // Two of one plan would take turns at its socket.
        for left in lingering(&id) {
            left.save().await;
            left.let_go();
        }
        let (owner, name) = (Owner::new(), id.clone());
        let open = owner.with(|| ScopedFuture::new(async move { open_plan(app, &name).await }));
        let plan = open.await?;
        Ok(Self(Held { id, plan, owner }))
    }

    /// The handle; of no use once this is dropped.
    pub fn plan(&self) -> OpenPlan {
        self.0.plan
    }
}

impl Drop for HeldPlan {
    fn drop(&mut self) {
        let held = self.0.clone();
        LINGERING.with_borrow_mut(|lingering| lingering.push(held.clone()));
        spawn_local(async move {
            held.save().await;
            held.plan.send_now();
            // The session has to hear of it before its word counts.
            TimeoutFuture::new(LOOK_EVERY).await;
            let status = held.plan.status();
            let can_go = || status.try_with_untracked(PlanStatus::needs_no_waiting) != Some(false);
            until(LINGER, can_go).await;
            held.let_go();
        });
    }
}

impl Held {
    /// Saves the last words. The page is gone, but nothing is lost before the tab is.
    async fn save(&self) {
        while self.plan.flush().await.is_err() {
            sleep(RETRY).await;
        }
    }

    fn let_go(&self) {
        LINGERING.with_borrow_mut(|lingering| {
            lingering.retain(|held| held.owner != self.owner);
        });
        self.owner.cleanup();
    }
}

fn lingering(id: &str) -> Vec<Held> {
    LINGERING.with_borrow(|lingering| {
        let of_this = lingering.iter().filter(|held| held.id == id);
        of_this.cloned().collect()
    })
}

/// Waits for this, so many milliseconds at the most; whether it came about.
pub(super) async fn until(at_most: u32, holds: impl Fn() -> bool) -> bool {
    for _ in 0..at_most.div_ceil(LOOK_EVERY) {
        if holds() {
            return true;
        }
        TimeoutFuture::new(LOOK_EVERY).await;
    }
    holds()
}
