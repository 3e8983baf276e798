//! Moving a plan to new keys, with those who are to stay.
//!
//! Each step is durable before the next: the new keys are kept, the plan is put
//! at the relay under them, the old log is closed with what lets the chosen
//! follow, the new keys are used. A move that stopped goes on from the beginning,
//! with the keys it has; what was done already is then done at once.

use leptos::prelude::*;
use plan::DeviceName;
use sync::closing::{Access, Closing};
use sync::ids::{DeviceId, PlanId};
use sync::keys::EditSecret;

use super::held::{HeldPlan, until};
use super::moved::new_keys;
use super::open::OpenError;
use super::open_plan::OpenPlan;
use super::status::PlanStatus;
use crate::app::App;
use crate::device::{Moving, PlanRecord, StorageError, entropy};

/// How long a step may take until it is said that the move has stopped, in
/// milliseconds.
const PATIENCE: u32 = 90_000;

/// Someone who has written in the plan, on one device.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The device.
    pub device: DeviceId,
    /// Its person and party, as it says, or the beginning of its name.
    pub name: String,
}

/// Why a plan was not moved, or not yet.
#[derive(Debug, thiserror::Error)]
pub enum MoveFault {
    /// The browser keeps nothing, or the plan can't be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Something is not at the relay yet, or not here.
    #[error("the plan and its relay do not have the same")]
    NotSynchronised,
    /// The relay did not answer on the way.
    #[error("the move has stopped on the way")]
    Stopped,
}

impl From<StorageError> for MoveFault {
    fn from(error: StorageError) -> Self {
        Self::Open(error.into())
    }
}

/// How far a move has come that is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveStage {
    /// No one can have heard of it.
    Begun,
    /// The others may have heard of it, so it can't be given up.
    Announced,
}

impl OpenPlan {
    /// All others who have written in the plan or said who they are, by name.
    pub fn members(self) -> Vec<Member> {
        let members = self.inner.try_update_value(|inner| {
            self.view.with_untracked(|view| {
                let mut devices = inner.doc.members(view);
                devices.remove(&inner.device);
                let member = |name: &DeviceName| {
                    let device: DeviceId = name.as_str().parse().ok()?;
                    let said: Vec<String> = view.introduction(name).into_iter().flatten().collect();
                    let name = match said.is_empty() {
                        true => device.short(),
                        false => said.join(", "),
                    };
                    Some(Member { device, name })
                };
                devices.iter().filter_map(member).collect::<Vec<_>>()
            })
        });
        let mut members = members.unwrap_or_default();
        members.sort_by(|one, other| one.name.cmp(&other.name));
        members
    }

    /// Whether a move was begun here and is not done.
    ///
    /// # Errors
    /// When the browser's store can't be read.
    pub async fn move_under_way(self, app: App) -> Result<Option<MoveStage>, OpenError> {
        let record = app.storage().plan(self.id()).await?;
        let record = record.filter(|record| record.moved_to.is_none());
        let moving = record.and_then(|record| record.moving);
        Ok(moving.map(|moving| match moving.is_announced {
            true => MoveStage::Announced,
            false => MoveStage::Begun,
        }))
    }

    /// Moves the plan to new keys, where the chosen can follow; says its new name.
    ///
    /// # Errors
    /// [`MoveFault`]; where it stopped, [`go_on_moving`](Self::go_on_moving).
    pub async fn move_to_new_keys(
        self,
        app: App,
        chosen: Vec<(DeviceId, Access)>,
    ) -> Result<PlanId, MoveFault> {
        self.flush().await?;
        if !self.is_at_one() {
            return Err(MoveFault::NotSynchronised);
        }
        let moving = Moving {
            secret: EditSecret::generate(&mut entropy),
            chosen,
            is_announced: false,
        };
        let begin = |record: &mut PlanRecord| record.moving = Some(moving.clone());
        app.storage().update_plan(self.id(), begin).await?;
        self.go_on_moving(app).await
    }

    /// Goes on with a move that was begun.
    ///
    /// # Errors
    /// [`MoveFault`]; it can be gone on with once more.
    pub async fn go_on_moving(self, app: App) -> Result<PlanId, MoveFault> {
        let storage = app.storage();
        let record = storage.plan(self.id()).await?.ok_or(OpenError::Missing)?;
        let moving = record.moving.ok_or(OpenError::Missing)?;
        let keys = moving.keys();
        let new = self.bring_to(app, keys.clone()).await?;
        Self::send_to_relay(app, new).await?;

        if !until(PATIENCE, || {
            self.is_at_one() || self.closed_by_whom().is_some()
        })
        .await
        {
            return Err(MoveFault::Stopped);
        }
        let device = storage.device_key().await?;
        if self.closed_by_whom().is_none() {
            let announce = |record: &mut PlanRecord| {
                if let Some(moving) = &mut record.moving {
                    moving.is_announced = true;
                }
            };
            storage.update_plan(self.id(), announce).await?;
            // For this device too: it may be set back to a copy of before.
            let chosen = moving.chosen.into_iter();
            let chosen = chosen.chain([(device.id(), Access::Write)]);
            let closing = Closing::make(&self.id(), &device.id(), &keys, chosen, &mut entropy);
            self.tell_sync(|sync| sync.close(closing));
        }
        if !until(PATIENCE, || self.closed_by_whom().is_some()).await {
            return Err(MoveFault::Stopped);
        }
        // Someone else may have been first. Who was left out by them goes on with
        // whom they chose.
        let by_other = self.closed_by_whom() != Some(device.id());
        let others = match by_other {
            true => new_keys(app, self.id()).await?,
            false => None,
        };
        Ok(self.follow(app, others.unwrap_or(keys)).await?)
    }

    /// Gives up a move of which no one can have heard.
    ///
    /// # Errors
    /// When the browser's store refuses; the move is then still under way.
    pub async fn give_up_moving(self, app: App) -> Result<(), OpenError> {
        let storage = app.storage();
        let record = storage.plan(self.id()).await?.ok_or(OpenError::Missing)?;
        let Some(moving) = record.moving.filter(|moving| !moving.is_announced) else {
            return Ok(());
        };
        storage.delete_plan(moving.keys().id()).await?;
        let give_up = |record: &mut PlanRecord| record.moving = None;
        storage.update_plan(self.id(), give_up).await?;
        Ok(())
    }

    /// Whether the relay and this device have the same.
    fn is_at_one(self) -> bool {
        self.asks(|status| {
            let lacks = status.sync.as_ref().is_none_or(|sync| sync.missing);
            status.is_at_relay() && !lacks
        })
        .unwrap_or(false)
    }

    fn closed_by_whom(self) -> Option<DeviceId> {
        self.asks(PlanStatus::closed_by).flatten()
    }

    fn asks<R>(self, read: impl FnOnce(&PlanStatus) -> R) -> Option<R> {
        self.status().try_with_untracked(read)
    }

    /// Opens the plan under its new name for as long as the relay lacks any of it.
    async fn send_to_relay(app: App, new: PlanId) -> Result<(), MoveFault> {
        let held = HeldPlan::open(app, new.to_string()).await?;
        match until(PATIENCE, || held.plan().is_at_one()).await {
            true => Ok(()),
            false => Err(MoveFault::Stopped),
        }
    }
}
