//! A plan as the disk has it.
//!
//! To put a document together takes a second or more where much has been written.
//! What it reads as is kept beside it and is read at once, so the page is drawn from
//! that, and the document is put together when it is first asked for.

use std::cell::LazyCell;

use leptos::task::spawn_local;
use plan::{DeviceName, Hash, PlanDoc, PlanView};

use crate::device::{Entry, Journal, StorageError};

/// A document that is put together when it is first asked for.
pub(super) type LazyDoc = LazyCell<PlanDoc, Box<dyn FnOnce() -> PlanDoc>>;

/// A plan that was read.
pub(super) struct Opened {
    pub(super) doc: LazyDoc,
    pub(super) view: PlanView,
    /// The document's heads.
    pub(super) heads: Vec<Hash>,
    /// The schema, where it is too new to write.
    pub(super) newer_schema: Option<u32>,
}

impl Opened {
    /// Reads a journal: what its entries read as, where that was kept, else the
    /// document.
    pub(super) async fn read(journal: &Journal, device: &DeviceName) -> Result<Self, StorageError> {
        let entries = journal.read_new().await?;
        let kept = journal.kept_view().await?;
        if let Some(kept) = kept.filter(|kept| kept.is_of(&entries))
            && let Some(view) = PlanView::from_bytes(kept.bytes())
        {
            let (journal, device) = (journal.clone(), device.clone());
            return Ok(Self {
                doc: LazyDoc::new(Box::new(move || put_together(&journal, entries, &device))),
                view,
                heads: kept.heads(),
                newer_schema: None,
            });
        }
        let mut doc = put_together(journal, entries, device);
        let (view, heads, newer_schema) = (doc.view(), doc.heads(), doc.newer_schema());
        let doc = LazyDoc::new(Box::new(move || doc));
        LazyCell::force(&doc);
        Ok(Self {
            doc,
            view,
            heads,
            newer_schema,
        })
    }
}

/// The document that a journal's entries make up.
pub(super) async fn document(
    journal: &Journal,
    device: &DeviceName,
) -> Result<PlanDoc, StorageError> {
    Ok(put_together(journal, journal.read_new().await?, device))
}

/// The document of these entries. One that it can't take is set aside and the rest
/// goes on.
fn put_together(journal: &Journal, entries: Vec<Entry>, device: &DeviceName) -> PlanDoc {
    // Loading the largest part, mostly the whole document, is much quicker than
    // merging it into an empty one.
    let parts = entries.iter().flat_map(|entry| &entry.parts);
    let largest = parts.max_by_key(|part| part.len());
    let loaded = largest.and_then(|part| Some((part, PlanDoc::load(part, device).ok()?)));
    let (loaded, mut doc) = match loaded {
        Some((part, doc)) => (Some(part), doc),
        None => (None, PlanDoc::create(device)),
    };
    let is_loaded = |part: &Vec<u8>| loaded.is_some_and(|loaded| std::ptr::eq(loaded, part));
    // All at once, as long as each can be taken.
    let parts = entries.iter().flat_map(|entry| &entry.parts);
    if doc.merge(parts.filter(|part| !is_loaded(part))).is_ok() {
        entries.iter().for_each(|entry| journal.merged(entry));
        return doc;
    }
    let mut refused = Vec::new();
    for entry in &entries {
        let rest = entry.parts.iter().filter(|part| !is_loaded(part));
        match doc.merge(rest) {
            Ok(_) => journal.merged(entry),
            Err(_) => refused.push(entry.clone()),
        }
    }
    let journal = journal.clone();
    spawn_local(async move {
        for entry in refused {
            // If it can't be moved, it is met again the next time.
            let _ = journal.set_aside(&entry, NOT_TAKEN).await;
        }
    });
    doc
}

/// Why an entry is set aside, for whoever looks into it.
pub(super) const NOT_TAKEN: &str = "the document does not take it";
