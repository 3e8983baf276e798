//! What can be done where the plan was moved to new keys.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::App;
use crate::document::{self, OpenPlan};
use crate::locales::Texts;
use crate::route::Navigator;
use crate::ui::load;

/// The way to the new keys for those who were chosen to follow; for the others,
/// whom to ask.
#[component]
pub fn ClosedPlan() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    let navigator = expect_context::<Navigator>();
    let keys = load(async move { document::new_keys(app, plan.id()).await.ok().flatten() });
    let failed = RwSignal::new(None::<&'static str>);
    let follow = move |_| {
        let Some(keys) = keys.get_untracked().flatten() else {
            return;
        };
        spawn_local(async move {
            match plan.follow(app, keys).await {
                Ok(id) => navigator.go(&format!("/plan/{id}")),
                Err(error) => failed.set(Some(error.words(t))),
            }
        });
    };
    view! {
        {move || match keys.with(|keys| keys.as_ref().map(Option::is_some)) {
            None => ().into_any(),
            Some(true) => {
                view! { <button class="ds-button" type="button" on:click=follow>{seldom.follow_plan}</button> }.into_any()
            }
            Some(false) => view! { <p>{seldom.ask_new_link}</p> }.into_any(),
        }}
        {move || failed.get().map(|words| view! { <p role="alert">{words}</p> })}
    }
}
