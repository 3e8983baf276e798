//! Who writes, in which language, and how safely this browser keeps it.

use leptos::prelude::*;

use super::backup::BackupForm;
use super::person::PersonForm;
use crate::app::{App, LanguageChoice};
use crate::device::{Estimate, Persistence};
use crate::locales::Texts;
use crate::route::Navigator;
use crate::ui::{Bar, Footer, Show, load, set_page_title};

#[component]
pub fn Settings() -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    set_page_title(t.settings);
    expect_context::<Navigator>().content_is_here();
    let kept = RwSignal::new(false);
    view! {
        <Bar />
        <main class="page" id="content">
            <h1>{t.settings}</h1>
            <LanguageChoice />
            <PersonForm send=t.save on_kept=Callback::new(move |()| kept.set(true)) />
            <p role="status">{move || kept.get().then_some(seldom.saved_settings)}</p>
            <Keeping />
            <BackupForm />
        </main>
        <Footer />
    }
}

/// What the browser promises, and how much room is taken.
#[component]
fn Keeping() -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    let used = load(async move { app.storage().estimate().await });
    let lasting = load(async move { app.storage().persistence().await });
    let ask = move |_| {
        leptos::task::spawn_local(async move {
            let answer = app.storage().persist().await;
            lasting.set(Some(answer));
        });
    };
    let room = move || match used.get() {
        Some(Some(Estimate { used, quota })) => {
            (seldom.storage_used)(&size(used, t), &size(quota, t))
        }
        Some(None) => seldom.storage_unknown.to_owned(),
        None => String::new(),
    };
    let is_lasting = move || {
        lasting
            .get()
            .map(|answer| matches!(answer, Persistence::Persistent))
    };
    view! {
        <h2>{seldom.storage}</h2>
        <p>{room}</p>
        <p role="status">
            {move || is_lasting().map(|lasting| if lasting { seldom.storage_lasting } else { seldom.storage_not_lasting })}
        </p>
        <Show when=move || is_lasting() == Some(false)>
            <p class="actions">
                <button
                    class="ds-button"
                    data-variant="secondary"
                    type="button"
                    on:click=ask
                >
                    {seldom.ask_lasting}
                </button>
            </p>
        </Show>
    }
}

/// Bytes in megabytes, or in gigabytes where there are thousands of them.
fn size(bytes: f64, t: &Texts) -> String {
    let (tenths, unit) = match bytes {
        1e9.. => (bytes / 1e8, "GB"),
        _ => (bytes / 1e5, "MB"),
    };
    let tenths = tenths.round() as u64;
    format!(
        "{}{}{}\u{a0}{unit}",
        tenths / 10,
        t.decimal_mark,
        tenths % 10
    )
}
