//! Plans that come as files, for those who reach no common relay.

use plan::{Hash, LoadError, PlanDoc};
use sync::container::{FileError, FileKind, MAX_FILE};
use sync::file::SealedPlan;
use sync::ids::PlanId;
use sync::keys::{EditSecret, PlanKeys};
use sync::relay_url::RelayUrl;
use sync::vouch::Vouch;

use super::open::{OpenError, read};
use super::sync_host::{MANY, device_name};
use super::vouches::Vouches;
use crate::app::App;
use crate::device::{Durability, Journal, PlanRecord, entropy, now};

/// What a file turned out to be.
pub enum Opened {
    /// A plan that is here; the two are merged.
    Merged(MergedFile),
    /// A plain document of a plan that is not here.
    Unknown(Vec<u8>),
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
    /// Plans under a passphrase, which the command line brings back.
    #[error("the file is a backup")]
    IsBackup,
    /// Sealed, and no plan here has its keys.
    #[error("the plan in the file is not on this device")]
    NotHere,
    /// A plan that is here, but no part of the file holds.
    #[error("no part of the file can be used")]
    NothingUsable,
}

impl From<crate::device::StorageError> for FileFault {
    fn from(error: crate::device::StorageError) -> Self {
        Self::Open(error.into())
    }
}

/// What is to be merged.
#[derive(Default)]
struct Parts {
    /// Each by itself: one that is damaged harms no other.
    batches: Vec<Vec<Vec<u8>>>,
    /// Who has all of it has these changes.
    heads: Vec<Hash>,
    /// Who wrote what.
    vouches: Vec<Vouch>,
    /// Whether some could not be opened.
    is_damaged: bool,
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
        Some(FileKind::Backup) => Err(FileFault::IsBackup),
        Some(FileKind::Plan) => merge_sealed(app, &bytes).await.map(Opened::Merged),
        None => merge_plain(app, bytes).await,
    }
}

async fn merge_sealed(app: App, bytes: &[u8]) -> Result<MergedFile, FileFault> {
    let sealed = SealedPlan::parse(bytes)?;
    let record = app.storage().plan(sealed.plan()).await?;
    let record = record.ok_or(FileFault::NotHere)?;
    let mut found = Parts::default();
    for part in sealed.parts(&record.keys)? {
        match part {
            Ok(part) => {
                found.batches.push(part.changes);
                found.heads.extend(part.heads.iter().map(|head| head.0));
                found.vouches.extend(part.vouches);
            }
            Err(_) => found.is_damaged = true,
        }
    }
    if found.batches.is_empty() {
        return Err(FileFault::NothingUsable);
    }
    Ok(merge(app, &record, found).await?)
}

/// A plain document does not say which plan it is, so it is compared with those
/// that are here.
async fn merge_plain(app: App, bytes: Vec<u8>) -> Result<Opened, FileFault> {
    let device = app.storage().device_key().await?;
    let mut incoming = PlanDoc::load(&bytes, &device_name(&device.id()))?;
    for record in app.storage().plans().await?.records {
        // A plan that can't be opened says so where it is opened.
        let Ok(mut here) = read(&Journal::new(&app.storage(), record.id()), &device).await else {
            continue;
        };
        if !here.is_blank() && here.is_same_plan(&mut incoming) {
            let parts = Parts {
                heads: incoming.heads(),
                batches: vec![vec![bytes]],
                ..Parts::default()
            };
            return Ok(Opened::Merged(merge(app, &record, parts).await?));
        }
    }
    Ok(Opened::Unknown(bytes))
}

/// Merges into a plan of this device that may be open in another tab, which
/// reads it from the journal when it is seen again.
async fn merge(app: App, record: &PlanRecord, parts: Parts) -> Result<MergedFile, OpenError> {
    let (storage, id) = (app.storage(), record.id());
    let device = storage.device_key().await?;
    let journal = Journal::new(&storage, id);
    let mut doc = read(&journal, &device).await?;
    let before = doc.heads();
    let mut is_damaged = parts.is_damaged;
    for batch in &parts.batches {
        is_damaged |= doc.merge(batch).is_err();
    }
    let new = doc.changes_since(&before);
    match new.len() {
        0 => {}
        1..=MANY => journal.append(&new, Durability::Strict).await?,
        _ => journal.compact(doc.save()).await?,
    }
    let mut vouches = Vouches::default();
    vouches.take(&storage.vouches(id).await?, &mut doc);
    let taken = vouches.take(&parts.vouches, &mut doc);
    storage.put_vouches(id, &taken).await?;
    let title = title(&mut doc);
    let changed_at = now();
    storage
        .update_plan(id, |record| {
            record.title = title.clone();
            if !new.is_empty() {
                record.changed_at = changed_at;
            }
        })
        .await?;
    Ok(MergedFile {
        plan: id,
        title,
        new: new.len(),
        lacks_earlier: !doc.contains(&parts.heads),
        is_damaged,
    })
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

fn title(doc: &mut PlanDoc) -> String {
    let view = doc.view();
    view.plan()
        .map(|plan| plan.title.clone())
        .unwrap_or_default()
}
