//! The store for several relays: one PostgreSQL database.
//!
//! ```text
//! append ─▶ queue ─▶ writer ─▶ one transaction for all that wait ─▶ answers
//!                                 └─ NOTIFY ──▶ every relay's line ─▶ its rooms
//! read   ─▶ one of a few connections, each page from one snapshot
//! bus    ◀▶ line: a session of its own that LISTENs, and NOTIFYs the others
//! ```
//!
//! - Cursors have no gap, because a transaction locks the rows of its plans
//!   (`lock`) and gives out the next numbers (`placing`) before it commits.
//! - Relays that are there hold a shared lock in the database; whoever moves the
//!   store takes it alone (`schema`).
//! - A database that is gone fails what is asked of it, and the next thing asked
//!   finds it again when it is back: connections that broke are made anew.

use std::{
    error::Error,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use deadpool_postgres::{Pool, PoolError};
use sync::ids::{Cursor, LogId, PlanId};

use self::writer::Writer;
use super::{AppendError, CommitMetrics, NewChunk, OpenError, Page, Policy, Store, Unavailable};
use crate::bus::Bus;

mod archive;
mod connector;
mod fellows;
mod line;
mod lock;
mod notice;
mod placing;
mod reader;
mod retention;
mod schema;
mod writer;

pub(super) use archive::PostgresArchive;
use connector::Connector;
pub use connector::DatabaseUrl;

/// Pages read at once; further readers wait. Each holds up to a page in memory.
const READERS: usize = 4;

/// How long the database may take over anything. It answers in milliseconds;
/// after this long it hangs, and nobody is helped by waiting more.
const PATIENCE: Duration = Duration::from_secs(30);

/// A [`Store`] in a PostgreSQL database, for any number of relays.
pub struct PostgresStore {
    log_id: LogId,
    writer: Writer,
    readers: Pool,
    bus: Mutex<Option<Bus>>,
}

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("{}", causes(.0))]
    Database(#[from] tokio_postgres::Error),
    #[error("{}", causes(.0))]
    Pool(#[from] PoolError),
    #[error("the database does not answer")]
    Hangs,
    #[error("the database is being moved")]
    Moving,
    #[error("the database holds another log than when this relay started; start it again")]
    Replaced,
    #[error("{0} is off: the database would forget what it has promised")]
    NotDurable(&'static str),
}

impl PostgresStore {
    /// Opens the store in a database, and makes its tables when they don't exist.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; an existing store is not changed by a failed opening.
    pub async fn open(url: &DatabaseUrl, policy: Policy) -> Result<Self, OpenError> {
        let connector = Connector::new(url)?;
        let log_id = schema::prepare(&connector).await?;
        let (me, bus) = line::start(connector.clone(), log_id).await?;
        let writer = Writer::start(connector.pool(1)?, policy, log_id, me);
        Ok(Self {
            log_id,
            writer,
            readers: connector.pool(READERS)?,
            bus: Mutex::new(Some(bus)),
        })
    }
}

impl Store for PostgresStore {
    fn log_id(&self) -> LogId {
        self.log_id
    }

    async fn append(&self, plan: PlanId, chunk: NewChunk) -> Result<Cursor, AppendError> {
        self.writer.append(plan, chunk).await
    }

    async fn last_cursor(&self, plan: PlanId) -> Result<Cursor, Unavailable> {
        in_time(&self.readers, reader::last_cursor(&self.readers, plan))
            .await
            .map_err(Unavailable::new)
    }

    async fn read_after(&self, plan: PlanId, after: Cursor) -> Result<Page, Unavailable> {
        in_time(&self.readers, reader::page(&self.readers, plan, after))
            .await
            .map_err(Unavailable::new)
    }

    async fn check(&self) -> Result<(), Unavailable> {
        let check = async { Ok(schema::check_durable(&**self.readers.get().await?).await?) };
        match in_time(&self.readers, check).await {
            Ok(None) => Ok(()),
            Ok(Some(setting)) => Err(Unavailable::new(Trouble::NotDurable(setting))),
            Err(trouble) => Err(Unavailable::new(trouble)),
        }
    }

    fn bus(&self) -> Option<Bus> {
        self.bus
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn commits(&self) -> Option<CommitMetrics> {
        Some(self.writer.commits())
    }
}

/// Waits for the database, but not for ever. The connections of one that hangs
/// are given up: it may have forgotten them.
async fn in_time<T>(
    pool: &Pool,
    work: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Trouble> {
    if let Ok(done) = tokio::time::timeout(PATIENCE, work).await {
        return done;
    }
    pool.retain(|_, _| false);
    Err(Trouble::Hangs)
}

/// An error with what is behind it: the client's own errors name only the step
/// that failed.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

impl From<tokio_postgres::Error> for OpenError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(causes(&error))
    }
}
