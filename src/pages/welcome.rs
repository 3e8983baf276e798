//! The first visit: what this is, who one is, and on to writing.

use leptos::prelude::*;

use super::person::PersonForm;
use crate::app::LanguageChoice;
use crate::locales::Texts;
use crate::ui::{Footer, set_page_title};

#[component]
pub fn Welcome() -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    set_page_title(t.welcome);
    view! {
        <main class="page" id="content">
            <p class="mark">"Samskriv"</p>
            <h1>{t.welcome}</h1>
            <p>{t.welcome_what}</p>
            <LanguageChoice />
            // The address stays: who came by a link goes on to the plan.
            <PersonForm send=t.begin on_kept=Callback::new(|()| ()) />
        </main>
        <Footer />
    }
}
