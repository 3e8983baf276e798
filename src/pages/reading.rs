//! A page to read: the help, and how accessible the app is.

use leptos::prelude::*;

use crate::asset;
use crate::locales::Texts;
use crate::route::Navigator;
use crate::ui::{Bar, Footer, load, set_page_title};

/// The page whose text is in `src/locales/pages/`, in the reader's language.
/// Only some need it, so it is no part of the app's code.
#[component]
pub fn Reading(
    /// The name of the text's file, without its language.
    text: &'static str,
    /// The heading, which links to the page bear too.
    title: &'static str,
) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let navigator = expect_context::<Navigator>();
    set_page_title(title);
    let html = load(async move {
        let html = asset::text(&format!("{text}-{}", t.tag)).await;
        navigator.content_is_here();
        html
    });
    view! {
        <Bar />
        <main class="page reading" id="content">
            <h1>{title}</h1>
            {move || match html.get() {
                None => view! { <p role="status">{t.loading}</p> }.into_any(),
                Some(Some(html)) => view! { <div inner_html=html></div> }.into_any(),
                Some(None) => view! { <p class="notice" role="alert">{t.not_fetched}</p> }.into_any(),
            }}
        </main>
        <Footer />
    }
}

#[cfg(test)]
mod tests {
    use crate::locales::{EN, NB, NN};

    #[test]
    fn the_help_calls_things_what_the_pages_call_them() {
        for (t, help) in [
            (&NN, include_str!("../locales/pages/help.nn.html")),
            (&NB, include_str!("../locales/pages/help.nb.html")),
            (&EN, include_str!("../locales/pages/help.en.html")),
        ] {
            for label in [
                t.new_plan,
                t.create_plan,
                t.join_plan,
                &(t.clashes)(0),
                t.choose,
                t.read_through,
                t.have_read,
                t.keep,
                t.delete,
                t.share,
                t.edit_link,
                t.read_link,
                t.download_plan,
                t.seldom().ask_lasting,
                t.seldom().move_plan,
                t.skip_to_content,
            ] {
                let label = format!("<strong>{label}</strong>");
                assert!(help.contains(&label), "{}: {label}", t.tag);
            }
            for state in [
                t.saved_here,
                t.sending,
                t.unsynced,
                (t.at_relay)("").trim_end(),
                &(t.seen_by)(1),
            ] {
                let state = format!("<dt>{state}</dt>");
                assert!(help.contains(&state), "{}: {state}", t.tag);
            }
        }
    }
}
