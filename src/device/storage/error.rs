//! Why something was not kept or could not be read.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// Why something was not kept or could not be read.
///
/// Plain values without a hold on the browser's own, so that a page may keep
/// them in a signal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The disk, or the browser's share of it, is full.
    #[error("the browser has no more room for this site")]
    Full,
    /// The browser closed the database, and closed it again when it was opened
    /// once more.
    #[error("the browser closed the database: {0}")]
    Closed(String),
    /// Another tab holds an older database open and doesn't let go.
    #[error("another tab with an older version of the app keeps the database; close that tab")]
    Blocked,
    /// A newer version of the app has taken over the database.
    #[error("a newer version of the app has taken over the database; reload the page")]
    Outdated,
    /// The browser keeps nothing for this page, as in some private windows.
    #[error("the browser keeps nothing for this page: {0}")]
    Refused(String),
    /// The database was thrown away and made anew while the page was open. What
    /// the page still has must be written as a whole.
    #[error("what was kept on this device has been deleted while the page was open")]
    Emptied,
    /// A record is not what was written there.
    #[error("a record in «{0}» is damaged")]
    Damaged(&'static str),
    /// Anything else the browser says.
    #[error("the browser's database failed: {0}")]
    Other(String),
}

impl StorageError {
    /// By the names of the Indexed Database API, section 5, and what browsers
    /// make of them.
    pub(super) fn from_name(name: &str, message: String) -> Self {
        match name {
            "QuotaExceededError" => Self::Full,
            "VersionError" => Self::Outdated,
            "SecurityError" | "NotAllowedError" => Self::Refused(message),
            // WebKit says `UnknownError` when the process with the database is
            // gone, and `AbortError` of what was under way.
            "InvalidStateError" | "AbortError" | "UnknownError" | "TransactionInactiveError" => {
                Self::Closed(message)
            }
            _ => Self::Other(message),
        }
    }

    /// What the browser says against opening the database.
    pub(super) fn on_opening(thrown: JsValue) -> Self {
        match thrown.dyn_ref::<DomException>() {
            // Firefox says so in a private window that keeps nothing.
            Some(exception) if exception.name() == "InvalidStateError" => {
                Self::Refused(exception.message())
            }
            Some(exception) => Self::from_exception(exception),
            // There is no database to open at all.
            None => Self::Refused(thrown.as_string().unwrap_or_default()),
        }
    }

    pub(super) fn from_exception(exception: &DomException) -> Self {
        Self::from_name(&exception.name(), exception.message())
    }
}

/// What the browser throws.
impl From<JsValue> for StorageError {
    fn from(thrown: JsValue) -> Self {
        match thrown.dyn_ref::<DomException>() {
            Some(exception) => Self::from_exception(exception),
            None => Self::Other(js_sys::Object::from(thrown).to_string().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_says_has_its_own_error() {
        let told = |name| StorageError::from_name(name, String::from("why"));
        assert_eq!(told("QuotaExceededError"), StorageError::Full);
        assert_eq!(told("VersionError"), StorageError::Outdated);
        assert!(matches!(told("InvalidStateError"), StorageError::Closed(_)));
        assert!(matches!(told("SecurityError"), StorageError::Refused(_)));
        assert!(matches!(told("DataError"), StorageError::Other(_)));
    }
}
