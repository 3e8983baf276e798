//! Joining a plan by its link. The keys are in the part of the address that no
//! server sees, and are gone from it once they are kept.

use leptos::prelude::*;
use sync::link::{Link, LinkError};

use crate::app::App;
use crate::document;
use crate::locales::Texts;
use crate::route::Navigator;
use crate::ui::{Bar, Footer, element_id, set_page_title};

#[component]
pub fn Join(
    /// The link that the page was opened by.
    link: Option<String>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    set_page_title(t.join_plan);
    let navigator = expect_context::<Navigator>();
    let came_by_link = link.is_some();
    let link = RwSignal::new(link.unwrap_or_default());
    let failed = RwSignal::new(None::<String>);
    let joining = RwSignal::new(false);
    let join = Callback::new(move |()| {
        let parsed = match Link::parse(&link.get_untracked()) {
            Ok(parsed) => parsed,
            Err(error) => return failed.set(Some(link_words(error, t).to_owned())),
        };
        failed.set(None);
        joining.set(true);
        leptos::task::spawn_local(async move {
            match document::join(app, parsed).await {
                Ok(id) => navigator.replace(&format!("/plan/{id}")),
                Err(error) => failed.set(Some(error.words(t).to_owned())),
            }
            joining.set(false);
        });
    });
    if came_by_link {
        join.run(());
    }
    let id = element_id("link");
    let error_id = element_id("error");
    view! {
        <Bar />
        <main class="page" id="content">
            <h1>{t.join_plan}</h1>
            <p>{t.join_what}</p>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    join.run(());
                }
            >
                <div class="ds-field">
                    <label class="ds-label" for=id.clone()>{t.plan_link}</label>
                    <input
                        class="ds-input"
                        type="text"
                        id=id
                        autocomplete="off"
                        spellcheck="false"
                        aria-invalid=move || failed.with(Option::is_some).then_some("true")
                        aria-describedby=error_id.clone()
                        prop:value=link
                        on:input=move |event| link.set(event_target_value(&event))
                    />
                    <p id=error_id class="ds-validation-message" data-color="danger" role="alert">{failed}</p>
                </div>
                <p class="actions">
                    <button class="ds-button" type="submit" aria-disabled=move || joining.get().to_string()>
                        {t.join}
                    </button>
                    <span role="status">{move || joining.get().then_some(t.joining)}</span>
                </p>
            </form>
        </main>
        <Footer />
    }
}

fn link_words(error: LinkError, t: &Texts) -> &'static str {
    match error {
        LinkError::Empty => t.link_empty,
        LinkError::NotALink => t.link_not_a_link,
        LinkError::Cut => t.link_cut,
        LinkError::NewerVersion(_) => t.link_newer,
    }
}
