//! What may come a frame after the rest of the page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device;

/// Whether what is made now has been drawn, to be followed.
///
/// By it links by the dozen become links, or are shown, a frame later than the
/// rest. Chromium picks one in a hundred of the links that it lays out as they
/// come into a page, to learn which are followed, and looks where these are a
/// tenth of a second after what is drawn. For that it begins a frame of its own,
/// and a key pressed meanwhile is drawn only with the next.
pub fn once_drawn() -> ReadSignal<bool> {
    let (is_drawn, set_drawn) = signal(false);
    spawn_local(async move {
        device::drawn().await;
        // Gone when the page was left meanwhile.
        set_drawn.try_set(true);
    });
    is_drawn
}
