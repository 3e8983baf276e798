//! What time it is.

use chrono::Datelike as _;
use plan::value::UnixSeconds;

/// The time of day as this device has it. It may be wrong; nothing but what
/// people read depends on it.
pub fn now() -> UnixSeconds {
    // Seconds since 1970 are far below the 2^53 that a float counts exactly.
    (js_sys::Date::now() / 1_000.0) as UnixSeconds
}

/// Milliseconds since the page was opened: a clock that no one sets back.
pub fn elapsed_ms() -> u64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now()) as u64
}

/// The day as this device has it, as file names have it: 2026-11-26.
pub fn today() -> String {
    let today = chrono::Local::now();
    format!("{}-{:02}-{:02}", today.year(), today.month(), today.day())
}
