//! The end of every page but the plan's.

use leptos::prelude::*;

use crate::locales::Texts;

/// The ways to the pages that are to read.
#[component]
pub fn Footer() -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    view! {
        <footer class="foot">
            <a class="ds-link" href="/help">{t.help}</a>
            <a class="ds-link" href="/accessibility">{t.accessibility}</a>
        </footer>
    }
}
