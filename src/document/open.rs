//! Beginning, opening, joining and sharing plans.

use futures_util::future::try_join3;
use plan::template::{self, Content, Template, TemplateError};
use plan::{EditError, LoadError, PlanDoc};
use sync::ids::PlanId;
use sync::keys::{EditSecret, PlanKeys};
use sync::link::Link;

use super::file::keep_new;
use super::open_plan::OpenPlan;
use super::opened::Opened;
use super::sync_host::device_name;
use crate::app::App;
use crate::asset;
use crate::device::{Journal, PlanRecord, StorageError, SyncTask, entropy, now};
use crate::locales::Texts;

/// Why a plan can't be begun, opened or joined.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The browser keeps nothing, or no more.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// There is no such plan here.
    #[error("there is no such plan on this device")]
    Missing,
    /// What is kept can't be read.
    #[error(transparent)]
    Damaged(#[from] LoadError),
    /// The template can't be used; the crate's tests make every one.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The template does not fit the schema; likewise.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A filled example that is not on this device and can't be fetched.
    #[error("the example can't be fetched")]
    NoExample,
    /// A link without an address, where this page has none either.
    #[error("the link does not say where the plan is kept")]
    NoRelay,
}

impl OpenError {
    /// What to tell the reader.
    pub fn words(&self, t: &Texts) -> &'static str {
        match self {
            Self::Storage(error) => storage_words(error, t),
            Self::Missing => t.plan_missing,
            Self::Damaged(_) | Self::Template(_) | Self::Edit(_) => t.plan_damaged,
            Self::NoExample => t.example_missing,
            Self::NoRelay => t.link_no_relay,
        }
    }
}

/// What to tell the reader of a browser that does not keep things.
pub fn storage_words(error: &StorageError, t: &Texts) -> &'static str {
    match error {
        StorageError::Full => t.storage_full,
        StorageError::Refused(_) => t.storage_refused,
        StorageError::Outdated | StorageError::Blocked => t.storage_outdated,
        _ => t.save_failed_what,
    }
}

/// The outline of the filled example.
pub async fn example() -> Result<String, OpenError> {
    asset::text("example").await.ok_or(OpenError::NoExample)
}

/// Begins a plan from a template and keeps it on this device.
pub async fn create_plan(
    app: App,
    template: Template,
    content: Content<'_>,
    title: Option<&str>,
) -> Result<PlanId, OpenError> {
    let device = app.storage().device_key().await?;
    let mut doc = PlanDoc::create(&device_name(&device.id()));
    let edits = template::edits(template, content, title)?;
    template::fill(&mut doc, &edits, now())?;
    let keys = PlanKeys::edit(EditSecret::generate(&mut entropy));
    keep_new(app, doc, keys, app.home_relay()).await
}

/// Keeps a plan's keys on this device; its content comes from the relay.
pub async fn join(app: App, link: Link) -> Result<PlanId, OpenError> {
    let storage = app.storage();
    let id = link.keys.id();
    let relay = link
        .relay
        .clone()
        .or_else(|| app.home_relay())
        .ok_or(OpenError::NoRelay)?;
    match storage.plan(id).await? {
        // A link for writing adds to one for reading, never the other way.
        Some(known) if known.keys.can_write() || !link.keys.can_write() => {}
        known => {
            let title = known
                .as_ref()
                .map(|known| known.title.clone())
                .unwrap_or_default();
            let joined_at = known.map_or_else(now, |known| known.joined_at);
            let record = PlanRecord {
                keys: link.keys,
                relay: Some(relay),
                title,
                changed_at: now(),
                joined_at,
                moved_to: None,
                moving: None,
            };
            storage.put_plan(&record).await?;
            let _ = storage.persist().await;
        }
    }
    Ok(id)
}

/// Opens a plan of this device and begins to synchronise it.
pub(super) async fn open_plan(app: App, id: &str) -> Result<OpenPlan, OpenError> {
    let storage = app.storage();
    let id: PlanId = id.parse().map_err(|_| OpenError::Missing)?;
    let device = storage.device_key().await?;
    let (journal, name) = (Journal::new(&storage, id), device_name(&device.id()));
    let (record, opened, vouches) = try_join3(
        storage.plan(id),
        Opened::read(&journal, &name),
        storage.vouches(id),
    )
    .await?;
    let record = record.ok_or(OpenError::Missing)?;
    let profile = app.profile_now();
    let plan = OpenPlan::new(opened, &record, name, profile, storage.clone(), journal);
    let task = SyncTask {
        host: plan,
        storage,
        keys: record.keys,
        device,
    };
    plan.take_up(vouches, task);
    Ok(plan)
}

/// A plan's links, for those who may have them.
#[derive(Clone)]
pub struct Links {
    /// For writing, unless this device may only read.
    pub edit: Option<String>,
    /// For reading.
    pub read: String,
}

/// The links that this device can hand on, with the relay that is met first.
pub async fn links(app: App, plan: OpenPlan) -> Result<Links, OpenError> {
    let storage = app.storage();
    let record = storage.plan(plan.id()).await?.ok_or(OpenError::Missing)?;
    let first = plan.relays().into_iter().next();
    let relay = first
        .or_else(|| app.home_relay())
        .ok_or(OpenError::NoRelay)?;
    let link = Link {
        keys: record.keys,
        relay: Some(relay.clone()),
    };
    let read = link.to_read_only().url(&relay).to_string();
    let edit = link.keys.can_write().then(|| link.url(&relay).to_string());
    Ok(Links { edit, read })
}
