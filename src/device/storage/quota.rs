//! How much room there is, and whether the browser promises to keep it.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

use super::Storage;

/// The room this site takes and may take, in bytes, as the browser guesses it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// What is taken.
    pub used: f64,
    /// What may be taken.
    pub quota: f64,
}

/// Whether the browser promises to keep what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// Until the reader deletes it.
    Persistent,
    /// Until it needs the room, or, in Safari, until the site was not visited
    /// for a week.
    BestEffort,
    /// It does not say.
    Unknown,
}

impl Storage {
    /// How much room there is; nothing if the browser doesn't say.
    pub async fn estimate(&self) -> Option<Estimate> {
        let estimate = ask(StorageManager::estimate).await?;
        let estimate: StorageEstimate = estimate.unchecked_into();
        Some(Estimate {
            used: estimate.get_usage()?,
            quota: estimate.get_quota()?,
        })
    }

    /// Asks the browser to keep what is stored. Some ask the reader first, so
    /// this belongs to a moment that explains it: the first plan.
    pub async fn persist(&self) -> Persistence {
        answer(ask(StorageManager::persist).await)
    }

    /// Whether the browser promises to keep what is stored, without asking for it.
    pub async fn persistence(&self) -> Persistence {
        answer(ask(StorageManager::persisted).await)
    }
}

/// The answer; nothing in a browser, or on an insecure page, that has none.
async fn ask<P: Into<JsValue>>(
    question: impl FnOnce(&StorageManager) -> Result<P, JsValue>,
) -> Option<JsValue> {
    let manager = web_sys::window()?.navigator().storage();
    if manager.is_undefined() {
        return None;
    }
    let promise: Promise = question(&manager).ok()?.into().unchecked_into();
    JsFuture::from(promise).await.ok()
}

fn answer(said: Option<JsValue>) -> Persistence {
    match said.and_then(|said| said.as_bool()) {
        Some(true) => Persistence::Persistent,
        Some(false) => Persistence::BestEffort,
        None => Persistence::Unknown,
    }
}
