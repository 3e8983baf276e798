//! When the browser has drawn what the page holds, and when it has nothing to do.

use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::select;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{request_animation_frame, set_timeout, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// After this, in milliseconds, it is not waited for: nothing is drawn of a
/// page that nobody sees.
const AT_MOST: u32 = 200;

/// Waits until the page, as it is now, has been drawn. What can wait until then
/// doesn't keep the reader from seeing it.
pub async fn drawn() {
    let (tell, is_drawn) = oneshot::channel::<()>();
    // The frame's own tasks come before it is drawn, the next task after it.
    request_animation_frame(move || set_timeout(move || drop(tell), Duration::ZERO));
    select(TimeoutFuture::new(AT_MOST), is_drawn).await;
}

/// Waits until the browser has nothing more urgent to do than what comes now: no key
/// to show, no frame to draw.
pub async fn idle() {
    let (tell, is_idle) = oneshot::channel::<()>();
    let callback = Closure::once_into_js(move || drop(tell));
    let asked = window().request_idle_callback(callback.unchecked_ref());
    // Safari has no such callback.
    if asked.is_ok() {
        select(TimeoutFuture::new(AT_MOST), is_idle).await;
    }
}
