//! Something that takes a while to get.

use std::future::Future;

use leptos::prelude::*;

/// What the future comes to, once it has. Lighter than the framework's
/// resources, which also serve pages made on a server.
pub fn load<T: 'static>(
    future: impl Future<Output = T> + 'static,
) -> RwSignal<Option<T>, LocalStorage> {
    let loaded = RwSignal::new_local(None);
    leptos::task::spawn_local(async move {
        let value = future.await;
        // Gone when the page was left meanwhile.
        loaded.try_set(Some(value));
    });
    loaded
}
