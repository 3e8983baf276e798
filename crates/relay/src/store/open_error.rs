//! Why a store can't be used.

use std::path::PathBuf;

/// Why a data directory or a database can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory or a file in it can't be made or opened.
    #[error("{path}: {cause}", path = path.display())]
    Io {
        /// What could not be opened.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Two relays on one directory would each wake only their own sockets.
    #[error("another relay is using {path}; stop it first, or choose another directory", path = .0.display())]
    InUse(PathBuf),
    /// The database is being moved at this moment.
    #[error("the database is being moved; wait until that has ended")]
    Moving,
    /// A newer version of the relay has written the database. It is untouched.
    #[error("the database is of version {found}, and this relay knows {known}; use a newer relay")]
    NewerSchema {
        /// The version found.
        found: i64,
        /// The version this code writes.
        known: i64,
    },
    /// The database lacks the row every new one gets.
    #[error("the database has lost its log's name; restore it from a copy")]
    NoLogId,
    /// The system gave no random bytes for a new log's name.
    #[error("the system gives no random bytes: {0}")]
    Entropy(getrandom::Error),
    /// SQLite could not open or prepare the file.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The database's address is none. What it was is not shown, because a
    /// password may stand in it.
    #[error(
        "the database's address can't be read; it looks like postgres://user:password@host:5432/name, \
         where signs such as / and @ in the password are written %2F and %40"
    )]
    Address,
    /// TLS is wanted, and the system has no certificates to trust.
    #[error("the system has no certificates, and the database's can't be checked without")]
    NoCertificates,
    /// The server is set to lose acknowledged chunks when it stops suddenly.
    #[error("the database is set to forget what it has promised ({setting} is off); set it to on")]
    NotDurable {
        /// The server's setting.
        setting: &'static str,
    },
    /// PostgreSQL could not be reached, or could not prepare its tables.
    #[error("PostgreSQL: {0}")]
    Postgres(String),
}
