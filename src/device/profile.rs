//! The reader's few settings, in `localStorage`.
//!
//! Each is an entry of its own, so that one that can't be read, whoever wrote
//! it, costs no more than itself. A browser that keeps nothing gives the
//! defaults each time.

use gloo_storage::{LocalStorage, Storage as _};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::locales::Locale;

const NAME: &str = "samskriv.name";
const PARTY: &str = "samskriv.party";
const LOCALE: &str = "samskriv.locale";
const THEME: &str = "samskriv.theme";

/// Who writes on this device, and how the page looks to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The person's name; empty until the first visit's questions are answered.
    pub name: String,
    /// The party the person writes for, by name.
    pub party: String,
    /// The app's language.
    pub locale: Locale,
    /// Light or dark.
    pub theme: Theme,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The browser keeps no settings: storage is full or switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the browser does not keep settings; they hold until the page is closed")]
pub struct NotKept;

impl Profile {
    /// What is kept; the default for each setting that is not or can't be read.
    pub fn load() -> Self {
        Self {
            name: read(NAME),
            party: read(PARTY),
            locale: read(LOCALE),
            theme: read(THEME),
        }
    }

    /// Keeps all settings.
    ///
    /// # Errors
    /// [`NotKept`].
    pub fn save(&self) -> Result<(), NotKept> {
        write(NAME, &self.name)?;
        write(PARTY, &self.party)?;
        write(LOCALE, &self.locale)?;
        write(THEME, &self.theme)
    }

    /// Whether the first visit's questions have been answered.
    pub fn is_complete(&self) -> bool {
        !self.name.trim().is_empty() && !self.party.trim().is_empty()
    }
}

fn read<T: DeserializeOwned + Default>(key: &str) -> T {
    if !is_available() {
        return T::default();
    }
    LocalStorage::get(key).unwrap_or_default()
}

fn write<T: Serialize>(key: &str, value: &T) -> Result<(), NotKept> {
    if !is_available() {
        return Err(NotKept);
    }
    LocalStorage::set(key, value).map_err(|_| NotKept)
}

/// gloo panics where the browser gives no `localStorage`, as it does with
/// cookies switched off.
fn is_available() -> bool {
    web_sys::window().is_some_and(|window| matches!(window.local_storage(), Ok(Some(_))))
}
