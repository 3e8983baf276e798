//! The plan: outline at the left, the document in the middle with its tables
//! in place, and beside it what asks for a decision.

mod anchoring;
mod approvals;
mod chapter;
mod clashes;
mod closed;
mod comments;
mod goal;
mod log;
mod measure;
mod measure_table;
mod new_keys;
mod outline;
mod panel;
mod people;
mod place;
mod position;
mod relays;
mod section;
mod shape;
mod share;
mod still;

pub use clashes::Questions;
pub use closed::ClosedPlan;
pub use comments::Comments;
pub use people::People;
pub use share::FilesAndRelays;

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use plan::schema::{LogEntry, PLAN_ID, Plan, plan_fields};
use plan::value::RoleKind;
use plan::{Id, TextField};
use sync::session::Connection;

use crate::app::{App, fetch_the_rest};
use crate::derived::Derived;
use crate::document::{HeldPlan, OpenPlan, SaveState, storage_words};
use crate::locales::Texts;
use crate::route::Navigator;
use crate::seldom;
use crate::ui::{Show, StatusLine, Surroundings, TextInput, TextOf, lazy, load, set_page_title};

/// One plan.
#[component]
pub fn PlanPage(
    /// As the address has it.
    id: String,
) -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let navigator = expect_context::<Navigator>();
    let opened = load(async move { HeldPlan::open(app, id).await.map(Rc::new).map_err(Arc::new) });
    view! {
        {move || match opened.get() {
            None => view! { <main class="page" id="content"><p role="status">{t.loading}</p></main> }.into_any(),
            Some(Ok(held)) => {
                let plan = held.plan();
                provide_context(plan);
                provide_context(Surroundings::new());
                navigator.content_is_here();
                fetch_the_rest();
                view! { <PlanShell plan=plan /> }.into_any()
            }
            Some(Err(error)) => {
                view! {
                    <main class="page" id="content">
                        <h1>{t.untitled}</h1>
                        <p class="notice danger" role="alert">{error.words(t)}</p>
                        <p class="actions"><a class="ds-button" href="/">{t.all_plans}</a></p>
                    </main>
                }
                    .into_any()
            }
        }}
    }
}

/// What the phone shows of the three: `data-view` of the frame.
#[derive(Clone, Copy, PartialEq)]
pub enum Showing {
    Outline,
    Plan,
    Panel,
}

impl Showing {
    fn name(self) -> &'static str {
        match self {
            Self::Outline => "outline",
            Self::Plan => "plan",
            Self::Panel => "panel",
        }
    }
}

#[component]
fn PlanShell(plan: OpenPlan) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let title = plan
        .entity::<Plan>(&Id::new(PLAN_ID))
        .signal(|plan| plan.title.clone());
    let shown_title = move || {
        title.with(|title| {
            if title.is_empty() {
                t.untitled.to_owned()
            } else {
                title.clone()
            }
        })
    };
    Effect::new(move || set_page_title(&shown_title()));
    // Where there is room for it, the panel stands beside the plan from the start.
    let beside = panel::Beside::new(is_wide());
    provide_context(beside);
    let (showing, panel_open) = (beside.showing, beside.open);
    let sharing = RwSignal::new(false);
    let awaited = plan.is_awaited();
    let version = plan.derive(|view| {
        let log = view.all::<LogEntry>();
        let latest = log.last().and_then(|row| row.version.value.clone());
        latest.unwrap_or_default()
    });
    let open_questions = clashes::open_questions(plan);
    let lang = plan.derive(
        |view| match view.plan().and_then(|plan| plan.language.value) {
            Some(plan::value::Language::Nb) => "nb",
            _ => "nn",
        },
    );
    let tab = move |which: Showing, name: Signal<String>| {
        view! {
            <button
                type="button"
                aria-current=move || (showing.get() == which).then_some("page")
                on:click=move |_| showing.set(which)
            >
                {name}
            </button>
        }
    };
    view! {
        <a class="ds-skip-link" href="#content">{t.skip_to_content}</a>
        <header class="bar">
            <a class="mark" href="/" aria-label=format!("Samskriv: {}", t.all_plans)>"Samskriv"</a>
            <span class="title">{shown_title}</span>
            <span class="meta">{move || version.get()}</span>
            <span class="grow"></span>
            <StatusLine status=plan.calm_status() />
            <Show when=move || plan.has_neighbours()>{lazy(seldom::people())}</Show>
            <button
                class="ds-button wide-only panel-toggle"
                type="button"
                data-variant="tertiary"
                aria-expanded=move || panel_open.get().to_string()
                on:click=move |_| panel_open.update(|open| *open = !*open)
            >
                {move || (t.clashes)(open_questions.get())}
            </button>
            <button class="ds-button" type="button" on:click=move |_| sharing.set(true)>{t.share}</button>
        </header>
        <nav class="bottom" aria-label=t.view_names>
            {tab(Showing::Outline, Signal::stored(t.outline.to_owned()))}
            {tab(Showing::Plan, Signal::stored(t.view_plan.to_owned()))}
            {tab(Showing::Panel, Signal::derive(move || (t.clashes)(open_questions.get())))}
        </nav>
        <div
            class="frame"
            data-view=move || showing.get().name()
            data-panel=move || if panel_open.get() { "open" } else { "closed" }
        >
            <outline::Outline on_choose=Callback::new(move |()| beside.back()) />
            <main class="paper" id="content" lang=move || lang.get() tabindex="-1" data-heads=plan.heads()>
                <Notices />
                <Show when=move || !awaited.get() fallback=Awaited>
                    <Front />
                    <log::Log />
                    <chapter::Chapters />
                </Show>
            </main>
            <panel::Panel />
        </div>
        <share::ShareDialog open=sharing />
        <p class="ds-sr-only" role="log">
            {move || plan.news().get().map(|who| (t.merged_from)(&who))}
        </p>
    }
}

fn is_wide() -> bool {
    let query = window().match_media("(min-width: 84rem)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// What the reader must know before writing on.
#[component]
fn Notices() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let failure = move || {
        plan.status().with(|status| match &status.saving {
            SaveState::Failed(error) => Some(storage_words(error, t)),
            _ => None,
        })
    };
    let closed_by = Derived::new(move || plan.closed_by(t));
    view! {
        {move || {
            closed_by.get().map(|who| {
                view! {
                    <div class="notice danger" role="alert">
                        <p>{(t.plan_closed)(&who)}</p>
                        {lazy(seldom::closed_plan())}
                    </div>
                }
            })
        }}
        <Show when=move || plan.newer_schema().is_some()>
            <p class="notice" role="alert">{t.newer_schema}</p>
        </Show>
        {move || {
            failure().map(|words| {
                view! {
                    <div class="notice danger" role="alert">
                        <p>{words}</p>
                        <button class="ds-button" type="button" on:click=move |_| plan.download()>
                            {t.download_plan}
                        </button>
                    </div>
                }
            })
        }}
        <Show when=move || plan.edit_failed().get()>
            <p class="notice danger" role="alert">{t.edit_failed}</p>
        </Show>
    }
}

/// A plan that was joined and whose content is still on its way.
#[component]
fn Awaited() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let words = move || {
        plan.status().with(
            |status| match status.sync.as_ref().map(|sync| sync.connection) {
                Some(Connection::Live) => t.link_unknown_plan,
                Some(Connection::Offline) => t.join_waits,
                _ => t.joining,
            },
        )
    };
    view! { <p class="notice" role="status">{words}</p> }
}

/// Title, subtitle and whose plan it is.
#[component]
fn Front() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let about = plan.entity::<Plan>(&Id::new(PLAN_ID));
    let title = about.signal(|plan| plan.title.clone());
    let subtitle = about.signal(|plan| plan.subtitle.clone());
    let whose = plan.derive(move |view| {
        let approvers = view.all::<plan::schema::PartyRole>().into_iter();
        let approvers = approvers.filter(|role| role.role.value == Some(RoleKind::Approver));
        let municipalities = approvers
            .filter_map(|role| role.party.value.clone())
            .filter(|id| {
                view.get(id).is_some_and(|party| {
                    party.kind.value == Some(plan::value::PartyType::Municipality)
                })
            });
        let names = municipalities.map(|id| view.party_name(&id).replace(" kommune", ""));
        let mut names: Vec<String> = names.collect();
        names.sort();
        let whose = crate::locales::format::list(&names, t);
        let period = view.plan().and_then(|plan| plan.period.value);
        match period {
            Some(period) if whose.is_empty() => format!("{}–{}", period.from, period.to),
            Some(period) => format!("{whose} · {}–{}", period.from, period.to),
            None => whose,
        }
    });
    view! {
        <p class="meta">{move || whose.get()}</p>
        <h1>
            <TextInput
                of=TextOf::new(PLAN_ID, TextField::Plan(plan_fields::Text::Title))
                text=title
                label=Signal::stored(t.title.to_owned())
                placeholder=t.title
            />
        </h1>
        <p class="subtitle">
            <TextInput
                of=TextOf::new(PLAN_ID, TextField::Plan(plan_fields::Text::Subtitle))
                text=subtitle
                label=Signal::stored(t.subtitle.to_owned())
                placeholder=t.subtitle
            />
        </p>
    }
}
