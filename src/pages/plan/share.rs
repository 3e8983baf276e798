//! The plan's links. Who holds one holds the plan.

use std::sync::Arc;

use leptos::prelude::*;

use super::new_keys::NewKeys;
use super::relays::Relays;
use crate::app::App;
use crate::document;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::seldom;
use crate::ui::{Dialog, Show, element_id, lazy, load};

/// The dialog behind «Del».
#[component]
pub fn ShareDialog(open: RwSignal<bool>) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    view! {
        <Dialog open=open title=Signal::stored(t.share_title.to_owned())>
            <Links />
            {lazy(seldom::files_and_relays())}
        </Dialog>
    }
}

#[component]
fn Links() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let links = load(async move { document::links(app, plan).await.map_err(Arc::new) });
    view! {
        <p>{t.share_what}</p>
        {move || {
            links.get().map(|links| match links {
                Ok(links) => {
                    view! {
                        {links.edit.map(|link| view! { <LinkField label=t.edit_link what=t.edit_link_what link=link /> })}
                        <LinkField label=t.read_link what=t.read_link_what link=links.read />
                    }
                        .into_any()
                }
                Err(error) => view! { <p class="notice danger" role="alert">{error.words(t)}</p> }.into_any(),
            })
        }}
    }
}

/// The plan as a file, where it is kept, and how it gets other links.
#[component]
pub fn FilesAndRelays() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    view! {
        <Files />
        <Relays />
        <Show when=move || plan.is_writable() && plan.status().with(|status| status.has_relay)>
            <NewKeys />
        </Show>
    }
}

/// The plan as a file: to merge where there is no network between, or to keep.
#[component]
fn Files() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    let failed = RwSignal::new(false);
    let seal = move |_| {
        leptos::task::spawn_local(async move {
            failed.set(!plan.download_sealed().await);
        });
    };
    view! {
        // A reader can't make what others take for the plan's.
        <Show when=move || plan.is_writable()>
            <p class="meta">{seldom.export_sealed_what}</p>
            <p class="actions">
                <button class="ds-button" data-variant="secondary" type="button" on:click=seal>{seldom.export_sealed}</button>
            </p>
        </Show>
        <Show when=move || failed.get()>
            <p class="notice danger" role="alert">{seldom.export_failed}</p>
        </Show>
        <p class="meta">{seldom.download_plan_what}</p>
        <p class="actions">
            <button class="ds-button" data-variant="secondary" type="button" on:click=move |_| plan.download()>
                {t.download_plan}
            </button>
        </p>
    }
}

#[component]
fn LinkField(label: &'static str, what: &'static str, link: String) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let copied = RwSignal::new(false);
    let id = element_id("link");
    let to_copy = link.clone();
    let copy = move |_| {
        let link = to_copy.clone();
        leptos::task::spawn_local(async move {
            copied.set(crate::device::copy_text(&link).await);
        });
    };
    view! {
        <div class="ds-field">
            <label class="ds-label" for=id.clone()>{label}</label>
            <p class="meta">{what}</p>
            <div class="actions link">
                <input
                    class="ds-input"
                    id=id
                    readonly=true
                    prop:value=link
                    on:focus=select_all
                />
                <button
                    class="ds-button"
                    data-variant="secondary"
                    type="button"
                    aria-label=format!("{}: {label}", t.copy)
                    on:click=copy
                >
                    {t.copy}
                </button>
                <span role="status">{move || copied.get().then_some(t.copied)}</span>
            </div>
        </div>
    }
}

fn select_all(event: leptos::ev::FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(&event).select();
}
