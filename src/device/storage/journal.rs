//! The plan itself: entries that are only added, now and then made one.
//!
//! An entry holds parts as the document writes them: changes, or the whole
//! document. Every tab adds its own, under a name no other tab makes, so that
//! none waits for another and a repeated write does no harm. Which of them make
//! up the document is known for each tab by itself: compacting replaces exactly
//! the entries whose content the tab has, and what another tab wrote meanwhile
//! stays.

mod entry;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    future::Future,
    rc::Rc,
};

use indexed_db_futures::{BuildPrimitive, query_source::QuerySource, transaction::Transaction};
use sync::ids::PlanId;
use wasm_bindgen::JsValue;

use super::{
    Durability, Storage, StorageError,
    identity::{DatabaseName, database_name},
    set_aside,
    stores::{Store, all_of, bytes, key_in, name_in, record},
};
pub use entry::Entry;
use entry::EntryName;

/// So many entries take noticeably longer to read than one document.
const COMPACT_ABOVE: usize = 200;

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
    /// They count as known from now on, so merge them before anything else is
    /// done with the journal; one that can't be merged goes to
    /// [`Journal::set_aside`]. One that is damaged as a record is set aside
    /// here.
    ///
    /// # Errors
    /// When the database can't be read, or is another than before:
    /// [`StorageError::Emptied`].
    pub async fn read_new(&self) -> Result<Vec<Entry>, StorageError> {
        let (database, records) = self
            .storage
            .database
            .read(&[Store::Changes, Store::Identity], async |transaction| {
                let database = database_name(transaction).await?;
                Ok((database, self.unknown_records(transaction).await?))
            })
            .await?;
        self.is_in(database)?;
        self.known.database.set(Some(database));
        let mut entries = Vec::with_capacity(records.len());
        for (name, record) in records {
            match Entry::read(&name, &record) {
                Some(entry) => {
                    self.known.entries.borrow_mut().insert(name);
                    entries.push(entry);
                }
                None => {
                    self.move_aside(&name, record, "the record is damaged")
                        .await?
                }
            }
        }
        Ok(entries)
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
            .write(
                &[Store::Changes, Store::Identity],
                durability,
                async |transaction| {
                    self.is_in(database_name(transaction).await?)?;
                    self.put(transaction, &name, &kept).await
                },
            )
            .await?;
        self.known.entries.borrow_mut().insert(name);
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
        self.known.entries.borrow_mut().remove(&entry.name);
        self.move_aside(&entry.name, entry::write(&entry.parts), reason)
            .await
    }

    async fn unknown_records(
        &self,
        transaction: &Transaction<'_>,
    ) -> Result<Vec<(EntryName, Vec<u8>)>, StorageError> {
        let store = transaction.object_store(Store::Changes.name())?;
        let keys = store
            .get_all_keys::<JsValue>()
            .with_query(all_of(self.plan))
            .await?;
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let unknown = keys.into_iter().filter_map(|key| {
            let name = EntryName::from(name_in(&key)?);
            (!self.known.entries.borrow().contains(&name)).then_some((name, key))
        });
        // All are asked for before the first is waited for.
        let asked = unknown
            .map(|(name, key)| Ok((name, store.get::<JsValue, _, _>(key).primitive()?)))
            .collect::<Result<Vec<_>, StorageError>>()?;
        let mut records = Vec::with_capacity(asked.len());
        for (name, record) in asked {
            if let Some(record) = record.await? {
                // What is no bytes at all is set aside as nothing.
                records.push((name, bytes(&record).unwrap_or_default()));
            }
        }
        Ok(records)
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
            .write(
                &[Store::Changes, Store::Identity],
                Durability::Strict,
                async |transaction| {
                    self.put(transaction, &name, &kept).await?;
                    let store = transaction.object_store(Store::Changes.name())?;
                    for old in &replaced {
                        store.delete(self.key(old)).await?;
                    }
                    database_name(transaction).await
                },
            )
            .await?;
        self.known.database.set(Some(database));
        let mut entries = self.known.entries.borrow_mut();
        entries.retain(|entry| !replaced.contains(entry));
        entries.insert(name);
        Ok(())
    }

    async fn put(
        &self,
        transaction: &Transaction<'_>,
        name: &EntryName,
        kept: &[u8],
    ) -> Result<(), StorageError> {
        let store = transaction.object_store(Store::Changes.name())?;
        store
            .put(record(kept))
            .with_key(self.key(name))
            .without_key_type()
            .await?;
        Ok(())
    }

    async fn move_aside(
        &self,
        name: &EntryName,
        kept: Vec<u8>,
        reason: &str,
    ) -> Result<(), StorageError> {
        self.storage
            .database
            .write(
                &[Store::Changes, Store::SetAside],
                Durability::Strict,
                async |transaction| {
                    let aside = format!("entry {}", name.as_str());
                    if set_aside::put(transaction, self.plan, &aside, reason, kept.clone()).await? {
                        transaction
                            .object_store(Store::Changes.name())?
                            .delete(self.key(name))
                            .await?;
                    }
                    Ok(())
                },
            )
            .await
    }

    /// Whether this is the database the known entries are in.
    fn is_in(&self, database: DatabaseName) -> Result<(), StorageError> {
        match self.known.database.get() {
            Some(known) if known != database => Err(StorageError::Emptied),
            _ => Ok(()),
        }
    }

    fn key(&self, name: &EntryName) -> JsValue {
        key_in(self.plan, [name.as_str().into()])
    }
}
