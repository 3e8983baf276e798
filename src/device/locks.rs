//! Web Locks: of all tabs with a plan open, one leads.
//!
//! The lock is the browser's, so it passes on by itself when a tab is closed or
//! crashes. web-sys has the interface only behind its unstable flag; these few
//! lines are all that is needed of it.
//! See <https://developer.mozilla.org/docs/Web/API/Web_Locks_API>.

use std::pin::pin;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::{Function, Promise};
use wasm_bindgen::{closure::Closure, prelude::*};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = js_sys::Object)]
    type LockManager;

    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = locks)]
    static LOCKS: Option<LockManager>;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, held: &JsValue) -> Result<Promise, JsValue>;
}

/// The browser gives no locks: it is too old, or the page came over plain HTTP
/// from another machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this browser gives no locks here, so that its tabs can't agree on who synchronises")]
pub struct NoLocks;

/// The lock, until dropped.
pub struct LockGuard {
    release: Option<Function>,
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            // Resolving a promise does not fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Waits until this tab is the one that holds the lock of this name. Drop the
/// future to wait no longer.
///
/// # Errors
/// [`NoLocks`].
pub async fn hold(name: &str) -> Result<LockGuard, NoLocks> {
    let mut release = None;
    // The lock is held until this promise is resolved.
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    // Made before the lock is granted: if the wait is given up, the promise is
    // resolved already when the turn comes, and the lock passes on at once.
    let guard = LockGuard { release };
    let (granted, is_granted) = oneshot::channel();
    let callback = Closure::once_into_js(move |_lock: JsValue| {
        // No one waits any longer when the future was dropped.
        let _ = granted.send(());
        held
    });
    let request = LOCKS.with(|locks| locks.as_ref().map(|locks| locks.request(name, &callback)));
    let Some(Ok(request)) = request else {
        return Err(NoLocks);
    };
    // The promise ends first only where the browser refuses the lock.
    match select(pin!(is_granted), pin!(JsFuture::from(request))).await {
        Either::Left((Ok(()), _)) => Ok(guard),
        _ => Err(NoLocks),
    }
}
