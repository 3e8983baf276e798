//! Where a relay's store is, as the command line says it.

use std::{convert::Infallible, env, fmt, str::FromStr};

use relay::{DatabaseUrl, Location, OpenError};

/// A data directory or a database's address, as it was given.
///
/// It is read only when it is used, because a usage error would print it, and
/// with it the password that may stand in it.
#[derive(Clone)]
pub struct StorePlace(String);

impl FromStr for StorePlace {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StorePlace(…)")
    }
}

impl StorePlace {
    /// A directory unless it is the address of a database.
    pub fn location(&self) -> Result<Location, OpenError> {
        // Another scheme is a mistake, and no directory of that name.
        if self.0.contains("://") {
            self.database().map(Location::Database)
        } else {
            Ok(Location::Directory(self.0.as_str().into()))
        }
    }

    /// A database, with the password from the environment if none was given.
    pub fn database(&self) -> Result<DatabaseUrl, OpenError> {
        let url: DatabaseUrl = self.0.parse()?;
        Ok(match env::var("PGPASSWORD") {
            Ok(password) => url.with_password(&password),
            Err(_) => url,
        })
    }
}
