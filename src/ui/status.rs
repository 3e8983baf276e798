//! The state of saving and synchronising, in words that claim no more than is
//! known.

use leptos::prelude::*;
use sync::session::{Connection, Status, StopReason};

use crate::derived::Derived;
use crate::document::{PlanStatus, SaveState};
use crate::locales::Texts;
use crate::ui::moment::moment;

/// The state as a line in the bar; the dot only repeats the words.
#[component]
pub fn StatusLine(
    /// Where the plan stands.
    #[prop(into)]
    status: Signal<PlanStatus>,
) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let words = Derived::new(move || status.with(|status| (here(status, t), beyond(status, t))));
    let failing =
        Derived::new(move || status.with(|status| matches!(status.saving, SaveState::Failed(_))));
    let waiting = Derived::new(move || status.with(PlanStatus::is_waiting));
    view! {
        <span class="state" class:waiting=move || waiting.get() class:failing=move || failing.get() role="status">
            <i aria-hidden="true"></i>
            {move || words.get().0}
            <span class="long">{move || words.get().1.map(|words| format!(" · {words}"))}</span>
        </span>
    }
}

/// What is known of this device.
fn here(status: &PlanStatus, t: &Texts) -> &'static str {
    match status.saving {
        SaveState::Saved => t.saved_here,
        SaveState::Saving => t.saving,
        SaveState::Failed(_) => t.save_failed,
    }
}

/// What is known of the relay and the partners.
fn beyond(status: &PlanStatus, t: &Texts) -> Option<String> {
    if !status.has_relay {
        return None;
    }
    let Some(sync) = &status.sync else {
        return Some(t.connecting.to_owned());
    };
    if let Connection::Stopped(reason) = sync.connection {
        return Some(stop_words(reason, t).to_owned());
    }
    let mut words = vec![match (sync.at_relay, status.at_relay_since) {
        (true, Some(at)) => (t.at_relay)(&moment(at, t)),
        _ if is_sending(sync) => t.sending.to_owned(),
        _ => t.unsynced.to_owned(),
    }];
    words.extend(connection_words(sync, t));
    if sync.missing {
        words.push(t.partner_has_more.to_owned());
    }
    if sync.at_relay && !sync.seen_by.is_empty() {
        words.push((t.seen_by)(sync.seen_by.len()));
    }
    if sync.set_aside > 0 {
        words.push((t.set_aside)(sync.set_aside));
    }
    Some(words.join(" · "))
}

/// Whether what the relay lacks goes there by itself now.
fn is_sending(sync: &Status) -> bool {
    sync.connection == Connection::Live && sync.refused.is_empty() && !sync.save_failing
}

fn connection_words(sync: &Status, t: &Texts) -> Option<String> {
    match sync.connection {
        Connection::Offline => Some(t.offline.to_owned()),
        Connection::Connecting | Connection::CatchingUp => Some(t.connecting.to_owned()),
        Connection::Live if sync.peers > 0 => Some((t.here_now)(sync.peers)),
        Connection::Live | Connection::Stopped(_) => None,
    }
}

fn stop_words(reason: StopReason, t: &Texts) -> &'static str {
    match reason {
        StopReason::Version => t.app_too_old,
        StopReason::KeysRefused => t.relay_refused,
    }
}
