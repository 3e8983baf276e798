//! A part of a page whose code is fetched when it is first shown.

use std::future::Future;

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::wasm_split::SplitLoaderError;

use super::load;
use crate::locales::Texts;

/// Shows a view once its code is here. It is made as if it had been made where
/// this stands.
pub fn lazy(
    view: impl Future<Output = Result<AnyView, SplitLoaderError>> + 'static,
) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let loaded = load(ScopedFuture::new(view));
    move || {
        loaded.track();
        // It comes once.
        match loaded.try_update_untracked(Option::take).flatten() {
            None => ().into_any(),
            Some(Ok(view)) => view,
            Some(Err(_)) => view! { <p class="notice" role="alert">{t.not_fetched}</p> }.into_any(),
        }
    }
}
