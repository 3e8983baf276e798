//! The database: opened when needed, opened again when the browser closed it.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    rc::Rc,
};

use futures_util::{
    future::{Either, LocalBoxFuture, select},
    lock::Mutex,
};
use gloo_events::EventListener;
use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{Event, IdbDatabase, IdbOpenDbRequest, IdbTransaction, IdbVersionChangeEvent};

use super::{
    StorageError,
    identity::{self, DatabaseName},
    request::{answer, first_of},
    scope::Scope,
    stores::Store,
};

const NAME: &str = "samskriv";
/// Of the stores and their keys. What is in a record may grow without it.
const VERSION: u32 = 1;

/// When a write counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Once the disk has it: for what is nowhere else.
    Strict,
    /// Once the system has it: for what the relay has as well.
    Relaxed,
}

/// The connection to the database, if there is one.
#[derive(Default)]
pub(super) struct Database {
    /// Held while opening, so that two who need it open it once.
    connection: Mutex<Option<Connection>>,
}

impl Database {
    /// Reads in one transaction.
    pub(super) async fn read<T>(
        &self,
        stores: &[Store],
        work: impl AsyncFn(&Scope<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let work = Answering::new(work);
        self.transact(stores, None, &work).await?;
        Ok(work.answer())
    }

    /// Writes in one transaction: all that `work` asks for, or nothing.
    ///
    /// `work` may be called a second time, so what it writes has a fixed key.
    /// Where it only writes, and the database is open, all of it is asked for
    /// before anything is waited for: a page that is being closed has no more
    /// time than that.
    pub(super) async fn write<T>(
        &self,
        stores: &[Store],
        durability: Durability,
        work: impl AsyncFn(&Scope<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let work = Answering::new(work);
        self.transact(stores, Some(durability), &work).await?;
        Ok(work.answer())
    }

    /// One transaction, once more if the browser has closed the database; it
    /// writes when it has a durability.
    async fn transact(
        &self,
        stores: &[Store],
        writes: Option<Durability>,
        work: &dyn Work,
    ) -> Result<(), StorageError> {
        match self.attempt(stores, writes, work).await {
            Err(StorageError::Closed(_)) => {
                if let Some(connection) = &*self.connection.lock().await {
                    connection.close();
                }
                self.attempt(stores, writes, work).await
            }
            done => done,
        }
    }

    async fn attempt(
        &self,
        stores: &[Store],
        writes: Option<Durability>,
        work: &dyn Work,
    ) -> Result<(), StorageError> {
        let (database, name) = self.open().await?;
        let transaction = begin(&database, stores, writes)?;
        let work = pin!(async {
            let done = work.run(&Scope::new(&transaction, name)).await;
            match (writes, done) {
                (Some(_), Ok(())) => commit(&transaction).await,
                (Some(_), Err(error)) => {
                    // One that the browser has ended already is undone as well.
                    let _ = transaction.abort();
                    Err(error)
                }
                (None, done) => done,
            }
        });
        // Of a transaction that is being committed when the browser closes the
        // database, Chromium says nothing more.
        match select(work, pin!(first_of(&database, &["close"]))).await {
            Either::Left((done, _)) => done,
            Either::Right(_) => Err(StorageError::Closed(String::from("during a transaction"))),
        }
    }

    async fn open(&self) -> Result<(IdbDatabase, DatabaseName), StorageError> {
        let mut connection = self.connection.lock().await;
        if let Some(connection) = &*connection {
            match connection.standing.get() {
                Standing::Open => return Ok(connection.named()),
                Standing::Outdated => return Err(StorageError::Outdated),
                Standing::Closed => {}
            }
        }
        let opened = Connection::open().await?;
        let named = opened.named();
        *connection = Some(opened);
        Ok(named)
    }
}

/// What is done in a transaction. It has no type of its own, so that the code
/// around it is in the app once and not for each use.
trait Work {
    fn run<'a>(&'a self, scope: &'a Scope<'a>) -> LocalBoxFuture<'a, Result<(), StorageError>>;
}

/// Work that has an answer.
struct Answering<W, T> {
    work: W,
    answer: RefCell<Option<T>>,
}

impl<W, T> Answering<W, T> {
    fn new(work: W) -> Self {
        Self {
            work,
            answer: RefCell::default(),
        }
    }

    /// The answer, after it has been run without an error.
    fn answer(self) -> T {
        self.answer.into_inner().expect("the work has been done")
    }
}

impl<W, T> Work for Answering<W, T>
where
    W: AsyncFn(&Scope<'_>) -> Result<T, StorageError>,
{
    fn run<'a>(&'a self, scope: &'a Scope<'a>) -> LocalBoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            let answer = (self.work)(scope).await?;
            self.answer.replace(Some(answer));
            Ok(())
        })
    }
}

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase` with the options of a transaction, which web-sys keeps
    /// behind a flag.
    type WithOptions;

    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &WithOptions,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;

    /// `IDBTransaction` with its `commit`, which web-sys advises against for
    /// its own signature.
    type WithCommit;

    #[wasm_bindgen(method, catch)]
    fn commit(this: &WithCommit) -> Result<(), JsValue>;
}

fn begin(
    database: &IdbDatabase,
    stores: &[Store],
    writes: Option<Durability>,
) -> Result<IdbTransaction, StorageError> {
    let names: Array = stores
        .iter()
        .map(|store| JsString::from(store.name()))
        .collect();
    let (mode, durability) = match writes {
        None => ("readonly", "default"),
        Some(Durability::Relaxed) => ("readwrite", "relaxed"),
        Some(Durability::Strict) => ("readwrite", "strict"),
    };
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let database: &WithOptions = database.unchecked_ref();
    Ok(database.transaction(&names, mode, &options)?)
}

async fn commit(transaction: &IdbTransaction) -> Result<(), StorageError> {
    let asked: &WithCommit = transaction.unchecked_ref();
    let ended = match asked.commit() {
        Ok(()) => first_of(transaction, &["complete", "abort"]).await,
        Err(thrown) => return Err(cause(transaction).unwrap_or_else(|| thrown.into())),
    };
    if ended == "complete" {
        return Ok(());
    }
    let aborted = || StorageError::Closed(String::from("the transaction was aborted"));
    Err(cause(transaction).unwrap_or_else(aborted))
}

/// Why a transaction was aborted. That the disk is full shows only here.
fn cause(transaction: &IdbTransaction) -> Option<StorageError> {
    let exception = transaction.error()?;
    Some(StorageError::from_exception(&exception))
}

/// Whether a connection can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Open,
    Closed,
    /// Closed for good, to make way for a newer version.
    Outdated,
}

struct Connection {
    database: IdbDatabase,
    /// A database is not replaced while it is open: one look is enough.
    name: DatabaseName,
    standing: Rc<Cell<Standing>>,
    _listeners: [EventListener; 2],
}

impl Connection {
    async fn open() -> Result<Self, StorageError> {
        let request = request().map_err(StorageError::on_opening)?;
        let upgrade = EventListener::once(&request, "upgradeneeded", {
            let request = request.clone();
            move |_| create_or_undo(&request)
        });
        if first_of(&request, &["success", "error", "blocked"]).await == "blocked" {
            return Err(StorageError::Blocked);
        }
        drop(upgrade);
        if let Some(exception) = request.error()? {
            return Err(StorageError::on_opening(exception.into()));
        }
        let database: IdbDatabase = answer(&request).await?.unchecked_into();
        let name = identity::database_name(&database).await?;
        Ok(Self::watch(database, name))
    }

    /// Notices when the browser closes the database, and makes way when a newer
    /// version of the app, or someone who deletes it, asks for it.
    fn watch(database: IdbDatabase, name: DatabaseName) -> Self {
        let standing = Rc::new(Cell::new(Standing::Open));
        let on_close = {
            let standing = Rc::clone(&standing);
            EventListener::new(&database, "close", move |_| standing.set(Standing::Closed))
        };
        let on_version_change = {
            let standing = Rc::clone(&standing);
            let asked = database.clone();
            EventListener::new(&database, "versionchange", move |event| {
                asked.close();
                standing.set(match new_version(event) {
                    Some(_) => Standing::Outdated,
                    None => Standing::Closed,
                });
            })
        };
        Self {
            database,
            name,
            standing,
            _listeners: [on_close, on_version_change],
        }
    }

    fn named(&self) -> (IdbDatabase, DatabaseName) {
        (self.database.clone(), self.name)
    }

    fn close(&self) {
        self.database.close();
        if self.standing.get() == Standing::Open {
            self.standing.set(Standing::Closed);
        }
    }
}

/// Asks for the database to be opened.
fn request() -> Result<IdbOpenDbRequest, JsValue> {
    let factory = web_sys::window().map(|window| window.indexed_db());
    let factory = factory.transpose()?.flatten();
    let factory = factory.ok_or("this browser has no IndexedDB")?;
    factory.open_with_u32(NAME, VERSION)
}

/// The version that is asked for; none if the database is to be deleted.
fn new_version(event: &Event) -> Option<f64> {
    event.dyn_ref::<IdbVersionChangeEvent>()?.new_version()
}

/// Makes the stores of a new database, all or none: without them it must not
/// be there.
fn create_or_undo(request: &IdbOpenDbRequest) {
    if create(request).is_err()
        && let Some(upgrade) = request.transaction()
    {
        // The request then fails, which is where it is told.
        let _ = upgrade.abort();
    }
}

fn create(request: &IdbOpenDbRequest) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    for store in Store::ALL {
        let made = database.create_object_store(store.name())?;
        if store == Store::Identity {
            identity::name_database(&made)?;
        }
    }
    Ok(())
}
