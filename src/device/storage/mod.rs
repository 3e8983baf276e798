//! What this device keeps, in IndexedDB.
//!
//! One database with these stores; every record is CBOR or plain bytes:
//!
//! | store | key | record |
//! |---|---|---|
//! | `identity` | name | the device's key; the database's own random name |
//! | `plans` | plan | [`PlanRecord`]: keys, relay, title |
//! | `changes` | plan, entry | the plan itself, in entries that are only added, and under the number 0 what they read as: [`Journal`] |
//! | `sync` | plan | the session's state |
//! | `outbox` | plan, number | its sealed chunks |
//! | `vouches` | plan, device, actor | who wrote what, as the devices signed it |
//! | `set_aside` | plan, name | what could not be used, and why |
//!
//! Plans are named by their id in hex. What is not yet anywhere else is written
//! with strict durability: the browser says «done» only once the disk has.
//!
//! Browsers close a database under an open page, throw it away, or let another
//! tab replace it with a newer one. [`database`] opens it again and repeats the
//! one transaction it happened to, or says which of it was ([`StorageError`]).

mod database;
mod error;
mod identity;
mod journal;
mod plans;
mod quota;
mod request;
mod scope;
mod set_aside;
mod stores;
mod sync_state;
mod vouches;

use std::rc::Rc;

pub use database::Durability;
pub use error::StorageError;
pub use journal::{Entry, Journal};
pub use plans::{Moving, PlanRecord};
pub use quota::{Estimate, Persistence};

use database::Database;

/// A handle to what this device keeps. Clones are the same database.
#[derive(Clone, Default)]
pub struct Storage {
    database: Rc<Database>,
}

impl Storage {
    /// A handle. The database is opened when it is first needed, so that what
    /// is wrong with it is told where it matters.
    pub fn new() -> Self {
        Self::default()
    }
}
