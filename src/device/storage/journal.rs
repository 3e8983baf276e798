//! The plan itself: entries that are only added, now and then made one.
//!
//! An entry holds parts as the document writes them: changes, or the whole
//! document. Every tab adds its own, under a name no other tab makes, so that
//! none waits for another and a repeated write does no harm. Which of them make
//! up the document is known for each tab by itself: compacting replaces exactly
//! the entries whose content the tab has, and what another tab wrote meanwhile
//! stays.
//!
//! Beside the entries stands what they read as, for whoever opens the plan. It says
//! which entries it is of, so it is never mistaken for what others read as.

mod entry;
mod kept_view;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    future::Future,
    rc::Rc,
};

use plan::Hash;
use sync::ids::PlanId;
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    identity::DatabaseName,
    scope::Scope,
    set_aside,
    stores::{Store, all_of, bytes, key_in, name_in},
};
pub use entry::Entry;
use entry::EntryName;
pub use kept_view::KeptView;

/// So many entries take noticeably longer to read than one document.
const COMPACT_ABOVE: usize = 200;

/// Names, within a plan, what its entries read as. Entries go by strings.
const VIEW: u32 = 0;

/// One plan's entries, as one tab knows them. Clones know the same.
#[derive(Clone)]
pub struct Journal {
    storage: Storage,
    plan: PlanId,
    known: Rc<Known>,
}

#[derive(Default)]
struct Known {
    /// The database the entries are in.
    database: Cell<Option<DatabaseName>>,
    /// The entries whose content this tab's document has.
    entries: RefCell<BTreeSet<EntryName>>,
}

impl Journal {
    /// The journal of a plan, of which nothing is known yet.
    pub fn new(storage: &Storage, plan: PlanId) -> Self {
        Self {
            storage: storage.clone(),
            plan,
            known: Rc::default(),
        }
    }

    /// Reads the entries that this tab does not know: all of them at first,
    /// later what other tabs have written.
    ///
    /// Merge each and say so with [`Journal::merged`], or that the document
    /// can't take it with [`Journal::set_aside`]; until then it is read again.
    /// What is damaged as a record is set aside here.
    ///
    /// # Errors
    /// When the database can't be read, or is another than before:
    /// [`StorageError::Emptied`].
    pub async fn read_new(&self) -> Result<Vec<Entry>, StorageError> {
        let (database, records) = self
            .storage
            .database
            .read(&[Store::Changes], async |scope| {
                let keys = scope.keys(Store::Changes, all_of(self.plan)).await?;
                let unknown = keys.into_iter().filter_map(|key| {
                    let name = EntryName::from(name_in(&key)?);
                    (!self.knows(&name)).then_some((name, key))
                });
                let records = scope.get_each(Store::Changes, unknown).await?;
                Ok((scope.database(), records))
            })
            .await?;
        self.is_in(database)?;
        self.known.database.set(Some(database));
        let mut entries = Vec::with_capacity(records.len());
        for (name, record) in records {
            // What is no bytes at all is set aside as nothing.
            let record = bytes(&record).unwrap_or_default();
            match Entry::read(&name, &record) {
                Some(entry) => entries.push(entry),
                // If it can't be moved, it is met again the next time.
                None => drop(
                    self.move_aside(&name, &record, "the record is damaged")
                        .await,
                ),
            }
        }
        Ok(entries)
    }

    /// What was kept of a view with [`Journal::keep_view`]; whether it is of the
    /// entries that there are now, [`KeptView::is_of`] tells.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn kept_view(&self) -> Result<Option<KeptView>, StorageError> {
        let kept = self
            .storage
            .database
            .read(&[Store::Changes], async |scope| {
                scope.get(Store::Changes, self.key(VIEW)).await
            })
            .await?;
        Ok(kept.and_then(|kept| KeptView::read(&bytes(&kept)?)))
    }

    /// Keeps what the entries known now read as, with the heads of the document that
    /// they make up.
    ///
    /// # Errors
    /// When it is not written.
    pub fn keep_view(
        &self,
        heads: &[Hash],
        view: Vec<u8>,
    ) -> impl Future<Output = Result<(), StorageError>> + use<> {
        // As in `compact`.
        let kept = kept_view::write(&self.known.entries.borrow(), heads, view);
        let journal = self.clone();
        async move {
            let write = async |scope: &Scope<'_>| {
                journal.is_in(scope.database())?;
                scope.put(Store::Changes, journal.key(VIEW), &kept)
            };
            let database = &journal.storage.database;
            database
                .write(&[Store::Changes], Durability::Relaxed, write)
                .await
        }
    }

    /// The document has what is in this entry.
    pub fn merged(&self, entry: &Entry) {
        self.know(entry.name.clone());
    }

    /// Adds changes that this tab's document has.
    ///
    /// # Errors
    /// When they are not durable. [`StorageError::Emptied`] if all before them
    /// is gone: then the whole document must be written with
    /// [`Journal::compact`].
    pub async fn append(
        &self,
        parts: &[Vec<u8>],
        durability: Durability,
    ) -> Result<(), StorageError> {
        let name = EntryName::fresh();
        let kept = entry::write(parts);
        self.storage
            .database
            .write(&[Store::Changes], durability, async |scope| {
                self.is_in(scope.database())?;
                scope.put(Store::Changes, self.key(name.as_str()), &kept)
            })
            .await?;
        self.know(name);
        Ok(())
    }

    /// Replaces all entries known now by one with the whole document, which
    /// holds all that is known now. A new plan is written with it too.
    ///
    /// # Errors
    /// When it is not durable; then all is as it was.
    pub fn compact(
        &self,
        document: Vec<u8>,
    ) -> impl Future<Output = Result<(), StorageError>> + use<> {
        // Noted now and not when the future is first polled: what becomes known
        // in between is not in this document.
        let replaced = self.known.entries.borrow().clone();
        let journal = self.clone();
        async move { journal.replace(replaced, &document).await }
    }

    /// Whether there are so many entries that compacting pays.
    pub fn is_long(&self) -> bool {
        self.known.entries.borrow().len() > COMPACT_ABOVE
    }

    /// Sets aside an entry that the document can't take, so that it is not in
    /// the way of the others.
    ///
    /// # Errors
    /// When it could not be done; then the entry is where it was.
    pub async fn set_aside(&self, entry: &Entry, reason: &str) -> Result<(), StorageError> {
        self.move_aside(&entry.name, &entry::write(&entry.parts), reason)
            .await
    }

    async fn replace(
        &self,
        replaced: BTreeSet<EntryName>,
        document: &[u8],
    ) -> Result<(), StorageError> {
        let name = EntryName::fresh();
        let kept = entry::write(&[document]);
        let database = self
            .storage
            .database
            .write(&[Store::Changes], Durability::Strict, async |scope| {
                scope.put(Store::Changes, self.key(name.as_str()), &kept)?;
                for old in &replaced {
                    scope.delete(Store::Changes, self.key(old.as_str()))?;
                }
                Ok(scope.database())
            })
            .await?;
        self.known.database.set(Some(database));
        let mut entries = self.known.entries.borrow_mut();
        entries.retain(|entry| !replaced.contains(entry));
        entries.insert(name);
        Ok(())
    }

    async fn move_aside(
        &self,
        name: &EntryName,
        kept: &[u8],
        reason: &str,
    ) -> Result<(), StorageError> {
        let aside = format!("entry {}", name.as_str());
        self.storage
            .database
            .write(
                &[Store::Changes, Store::SetAside],
                Durability::Strict,
                async |scope| {
                    if set_aside::put(scope, self.plan, &aside, reason, kept).await? {
                        scope.delete(Store::Changes, self.key(name.as_str()))?;
                    }
                    Ok(())
                },
            )
            .await
    }

    fn know(&self, name: EntryName) {
        self.known.entries.borrow_mut().insert(name);
    }

    fn knows(&self, name: &EntryName) -> bool {
        self.known.entries.borrow().contains(name)
    }

    /// Whether this is the database the known entries are in.
    fn is_in(&self, database: DatabaseName) -> Result<(), StorageError> {
        match self.known.database.get() {
            Some(known) if known != database => Err(StorageError::Emptied),
            _ => Ok(()),
        }
    }

    fn key(&self, name: impl Into<JsValue>) -> JsValue {
        key_in(self.plan, [name.into()])
    }
}
