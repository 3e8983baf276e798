//! The database: opened when needed, opened again when the browser closed it.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    rc::Rc,
};

use futures_channel::oneshot;
use futures_util::{
    future::{Either, LocalBoxFuture, select},
    lock::Mutex,
};
use gloo_events::EventListener;
use indexed_db_futures::{
    Build,
    database::{Database as IdbDatabase, VersionChangeEvent},
    error::Error,
    internals::SystemRepr,
    transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions},
};

use super::{
    StorageError,
    identity::{self, DatabaseName},
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
        work.run(&Scope::new(&transaction, name)).await?;
        if writes.is_some() {
            commit(transaction).await?;
        }
        Ok(())
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

fn begin<'a>(
    database: &'a IdbDatabase,
    stores: &[Store],
    writes: Option<Durability>,
) -> Result<Transaction<'a>, StorageError> {
    let names: Vec<&str> = stores.iter().map(|store| store.name()).collect();
    let mode = match writes {
        Some(_) => TransactionMode::Readwrite,
        None => TransactionMode::Readonly,
    };
    let durability = match writes {
        Some(Durability::Strict) => TransactionDurability::Strict,
        _ => TransactionDurability::Relaxed,
    };
    let options = TransactionOptions::new().with_durability(durability);
    Ok(database
        .transaction(names)
        .with_mode(mode)
        .with_options(options)
        .build()?)
}

async fn commit(transaction: Transaction<'_>) -> Result<(), StorageError> {
    // That the disk is full shows only now, and only here: the library says no
    // more than that the transaction was aborted.
    let system = transaction.as_sys().clone();
    transaction
        .commit()
        .await
        .map_err(|error| match system.error() {
            Some(cause) => StorageError::from_exception(&cause),
            None => error.into(),
        })
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
        let (blocked, is_blocked) = oneshot::channel();
        let request = IdbDatabase::open(NAME)
            .with_version(VERSION)
            .with_on_blocked(move |_| {
                // Heard only while the opening is waited for.
                let _ = blocked.send(());
                Ok(())
            })
            .with_on_upgrade_needed(|_: VersionChangeEvent, database: IdbDatabase| {
                create(&database)
            })
            .build()?;
        let database = match select(pin!(request), is_blocked).await {
            Either::Left((database, _)) => database?,
            Either::Right((Ok(()), _)) => return Err(StorageError::Blocked),
            Either::Right((Err(_), request)) => request.await?,
        };
        let name = identity::database_name(&database).await?;
        Ok(Self::watch(database, name))
    }

    /// Notices when the browser closes the database, and makes way when a newer
    /// version of the app, or someone who deletes it, asks for it.
    fn watch(database: IdbDatabase, name: DatabaseName) -> Self {
        let standing = Rc::new(Cell::new(Standing::Open));
        let on_close = {
            let standing = Rc::clone(&standing);
            EventListener::new(database.as_sys(), "close", move |_| {
                standing.set(Standing::Closed)
            })
        };
        let on_version_change = {
            let standing = Rc::clone(&standing);
            let asked = database.clone();
            EventListener::new(database.as_sys(), "versionchange", move |event| {
                asked.clone().close();
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
        self.database.clone().close();
        if self.standing.get() == Standing::Open {
            self.standing.set(Standing::Closed);
        }
    }
}

/// The version that is asked for; none if the database is to be deleted.
fn new_version(event: &web_sys::Event) -> Option<f64> {
    use wasm_bindgen::JsCast;
    event
        .dyn_ref::<web_sys::IdbVersionChangeEvent>()?
        .new_version()
}

fn create(database: &IdbDatabase) -> Result<(), Error> {
    for store in Store::ALL {
        let store_made = database.create_object_store(store.name()).build()?;
        if store == Store::Identity {
            identity::name_database(&store_made)?;
        }
    }
    Ok(())
}
