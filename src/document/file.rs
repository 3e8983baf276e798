//! Plans that come as files, for those who reach no common relay.

use plan::{Hash, LoadError, PlanDoc};
use sync::backup::Entry;
use sync::container::{FileError, FileKind, MAX_FILE};
use sync::file::{Contents, SealedPlan};
use sync::ids::{ChangeHash, PlanId};
use sync::keys::{DeviceKey, EditSecret, PlanKeys};
use sync::relay_url::RelayUrl;

use super::open::OpenError;
use super::opened::document;
use super::sync_host::{MANY, device_name};
use super::vouches::Vouches;
use crate::app::App;
use crate::device::{Durability, Journal, PlanRecord, StorageError, entropy, now};

/// What a file turned out to be.
pub enum Opened {
    /// A plan that is here; the two are merged.
    Merged(MergedFile),
    /// A plain document of a plan that is not here.
    Unknown(Vec<u8>),
    /// Plans under a passphrase.
    Backup(Vec<u8>),
}

/// What merging a file did.
pub struct MergedFile {
    /// The plan, which is here.
    pub plan: PlanId,
    /// Its title.
    pub title: String,
    /// How many changes are new.
    pub new: usize,
    /// The file builds on changes that are not here.
    pub lacks_earlier: bool,
    /// Parts of the file can't be used.
    pub is_damaged: bool,
}

/// Why nothing of a file could be used. No plan is changed by it.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// The plan or the browser's store.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// Neither a sealed plan nor a document with one.
    #[error(transparent)]
    NotAPlan(#[from] LoadError),
    /// Sealed, and no plan here has its keys.
    #[error("the plan in the file is not on this device")]
    NotHere,
    /// A plan that is here, but no part of the file holds.
    #[error("no part of the file can be used")]
    NothingUsable,
}

impl From<StorageError> for FileFault {
    fn from(error: StorageError) -> Self {
        Self::Open(error.into())
    }
}

/// A plan of this device that is merged into. It may be open in another tab,
/// which reads it from the journal when it is seen again.
struct Here {
    record: PlanRecord,
    journal: Journal,
    doc: PlanDoc,
}

/// Opens a file that someone handed on, and merges it where its plan is here.
///
/// # Errors
/// When nothing of it can be used.
pub async fn open_file(app: App, bytes: Vec<u8>) -> Result<Opened, FileFault> {
    if bytes.len() > MAX_FILE {
        return Err(FileError::TooLarge.into());
    }
    match FileKind::of(&bytes) {
        Some(FileKind::Backup) => Ok(Opened::Backup(bytes)),
        Some(FileKind::Plan) => merge_sealed(app, &bytes).await.map(Opened::Merged),
        None => merge_plain(app, bytes).await,
    }
}

async fn merge_sealed(app: App, bytes: &[u8]) -> Result<MergedFile, FileFault> {
    let sealed = SealedPlan::parse(bytes)?;
    let record = app.storage().plan(sealed.plan()).await?;
    let record = record.ok_or(FileFault::NotHere)?;
    let contents = sealed.contents(&record.keys)?;
    if contents.batches.is_empty() {
        return Err(FileFault::NothingUsable);
    }
    let device = app.storage().device_key().await?;
    let here = Here::open(app, record, &device).await?;
    Ok(here.merge(app, contents).await?)
}

/// A plain document does not say which plan it is, so it is compared with those
/// that are here.
async fn merge_plain(app: App, bytes: Vec<u8>) -> Result<Opened, FileFault> {
    let device = app.storage().device_key().await?;
    let mut incoming = PlanDoc::load(&bytes, &device_name(&device.id()))?;
    for record in app.storage().plans().await?.records {
        // A plan that can't be opened says so where it is opened.
        let Ok(mut here) = Here::open(app, record, &device).await else {
            continue;
        };
        if !here.doc.is_blank() && here.doc.is_same_plan(&mut incoming) {
            let contents = Contents {
                heads: incoming.heads().into_iter().map(ChangeHash).collect(),
                batches: vec![vec![bytes]],
                ..Contents::default()
            };
            return Ok(Opened::Merged(here.merge(app, contents).await?));
        }
    }
    Ok(Opened::Unknown(bytes))
}

impl Here {
    async fn open(app: App, record: PlanRecord, device: &DeviceKey) -> Result<Self, OpenError> {
        let journal = Journal::new(&app.storage(), record.id());
        let doc = document(&journal, &device_name(&device.id())).await?;
        Ok(Self {
            record,
            journal,
            doc,
        })
    }

    async fn merge(mut self, app: App, contents: Contents) -> Result<MergedFile, OpenError> {
        let (storage, id) = (app.storage(), self.record.id());
        let before = self.doc.heads();
        let mut is_damaged = !contents.faults.is_empty();
        for batch in &contents.batches {
            is_damaged |= self.doc.merge(batch).is_err();
        }
        let new = self.doc.changes_since(&before);
        match new.len() {
            0 => {}
            1..=MANY => self.journal.append(&new, Durability::Strict).await?,
            _ => self.journal.compact(self.doc.save()).await?,
        }
        let mut vouches = Vouches::default();
        vouches.take(&storage.vouches(id).await?, &mut self.doc);
        let taken = vouches.take(&contents.vouches, &mut self.doc);
        storage.put_vouches(id, &taken).await?;
        let title = title(&mut self.doc);
        let changed_at = now();
        storage
            .update_plan(id, |record| {
                record.title = title.clone();
                if !new.is_empty() {
                    record.changed_at = changed_at;
                }
            })
            .await?;
        let heads: Vec<Hash> = contents.heads.iter().map(|head| head.0).collect();
        Ok(MergedFile {
            plan: id,
            title,
            new: new.len(),
            lacks_earlier: !self.doc.contains(&heads),
            is_damaged,
        })
    }
}

/// Begins a plan of its own from a plain document.
///
/// # Errors
/// When it can't be kept, or is no plan.
pub async fn begin_from(app: App, document: &[u8]) -> Result<PlanId, OpenError> {
    let device = app.storage().device_key().await?;
    let doc = PlanDoc::load(document, &device_name(&device.id()))?;
    let keys = PlanKeys::edit(EditSecret::generate(&mut entropy));
    keep_new(app, doc, keys, app.home_relay()).await
}

/// Keeps a plan that is new on this device.
pub(super) async fn keep_new(
    app: App,
    mut doc: PlanDoc,
    keys: PlanKeys,
    relay: Option<RelayUrl>,
) -> Result<PlanId, OpenError> {
    let storage = app.storage();
    let record = PlanRecord {
        keys,
        relay,
        title: title(&mut doc),
        changed_at: now(),
        joined_at: now(),
        moved_to: None,
        moving: None,
    };
    // The content before the entry in the list: an entry always leads somewhere.
    Journal::new(&storage, record.id())
        .compact(doc.save())
        .await?;
    storage.put_plan(&record).await?;
    // From now on there is something to lose. The answer stands in the settings.
    let _ = storage.persist().await;
    Ok(record.id())
}

/// Brings a plan with its keys to this device: as a new one, or into the one
/// that is here. Keys for writing take the place of those for reading.
pub(super) async fn bring(app: App, plan: Entry) -> Result<MergedFile, OpenError> {
    let storage = app.storage();
    let device = storage.device_key().await?;
    let id = plan.keys.id();
    let record = match storage.plan(id).await? {
        Some(record) => record,
        None => {
            let doc = PlanDoc::load(&plan.document, &device_name(&device.id()))?;
            keep_new(app, doc, plan.keys.clone(), plan.relay).await?;
            storage.plan(id).await?.ok_or(OpenError::Missing)?
        }
    };
    if plan.keys.can_write() && !record.keys.can_write() {
        let update = |record: &mut PlanRecord| record.keys = plan.keys.clone();
        storage.update_plan(id, update).await?;
    }
    let contents = Contents {
        batches: vec![vec![plan.document]],
        vouches: plan.vouches,
        ..Contents::default()
    };
    let here = Here::open(app, record, &device).await?;
    here.merge(app, contents).await
}

fn title(doc: &mut PlanDoc) -> String {
    let view = doc.view();
    view.plan()
        .map(|plan| plan.title.clone())
        .unwrap_or_default()
}
