//! An address that leads to nothing.

use leptos::prelude::*;

use crate::locales::Texts;
use crate::ui::{Bar, Footer, set_page_title};

#[component]
pub fn NotFound() -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    set_page_title(t.not_found);
    view! {
        <Bar />
        <main class="page" id="content">
            <h1>{t.not_found}</h1>
            <p>{t.not_found_what}</p>
            <p class="actions"><a class="ds-button" href="/">{t.all_plans}</a></p>
        </main>
        <Footer />
    }
}
