//! The bar above every page but the plan's, which has more to say.

use leptos::prelude::*;

use crate::locales::Texts;

/// The mark, which leads home, and what a page puts at the other end.
#[component]
pub fn Bar(
    /// Whether this is where the mark leads.
    #[prop(optional)]
    home: bool,
    /// The page's own links.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let mark = if home {
        view! { <span class="mark">"Samskriv"</span> }.into_any()
    } else {
        view! { <a class="mark" href="/" aria-label=format!("Samskriv: {}", t.all_plans)>"Samskriv"</a> }.into_any()
    };
    view! {
        <header class="bar">
            {mark} <span class="grow"></span> {children.map(|children| children())}
        </header>
    }
}
