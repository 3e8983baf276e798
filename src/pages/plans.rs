//! The plans on this device, and the ways to another one.

use leptos::prelude::*;
use plan::template::{Content, Template};
use plan::value::Language;

use super::open_file::OpenFile;
use crate::app::App;
use crate::device::PlanRecord;
use crate::document;
use crate::locales::{NB, NN, Texts};
use crate::route::Navigator;
use crate::ui::moment::moment;
use crate::ui::{Bar, Dialog, Footer, RadioGroup, Show, element_id, load, radio, set_page_title};

#[component]
pub fn Plans() -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    set_page_title(t.your_plans);
    let creating = RwSignal::new(false);
    let plans = load(async move { app.storage().plans().await });
    let again = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            let kept = app.storage().plans().await;
            plans.try_set(Some(kept));
        });
    });
    view! {
        <Bar home=true>
            <a class="ds-button" data-variant="tertiary" href="/settings">{t.settings}</a>
        </Bar>
        <main class="page" id="content">
            <h1>{t.your_plans}</h1>
            {move || match plans.get() {
                None => view! { <p role="status">{t.loading}</p> }.into_any(),
                Some(Ok(plans)) => list(plans.records, t).into_any(),
                Some(Err(error)) => view! { <p class="notice danger" role="alert">{document::storage_words(&error, t)}</p> }.into_any(),
            }}
            <div class="actions">
                <button class="ds-button" type="button" on:click=move |_| creating.set(true)>{t.new_plan}</button>
                <a class="ds-button" data-variant="secondary" href="/join">{t.join_plan}</a>
                <OpenFile on_change=again />
            </div>
        </main>
        <Footer />
        <Dialog open=creating title=Signal::stored(t.new_plan.to_owned())>
            <NewPlan />
        </Dialog>
    }
}

fn list(mut plans: Vec<PlanRecord>, t: &'static Texts) -> impl IntoView {
    plans.sort_by_key(|plan| std::cmp::Reverse(plan.changed_at));
    if plans.is_empty() {
        return view! { <p>{t.no_plans}</p> }.into_any();
    }
    let items = plans.into_iter().map(|plan| {
        let title = if plan.title.is_empty() {
            t.untitled.to_owned()
        } else {
            plan.title.clone()
        };
        let when = (t.changed_at)(&moment(plan.changed_at, t));
        let read_only = (!plan.keys.can_write()).then(|| format!(" · {}", t.read_only));
        view! {
            <li>
                <a href=format!("/plan/{}", plan.id())>
                    <strong>{title}</strong>
                    <span class="meta">{when}{read_only}</span>
                </a>
            </li>
        }
    });
    view! { <ul class="plans">{items.collect_view()}</ul> }.into_any()
}

/// What a new plan can be filled with from the start.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    Empty,
    Example,
}

#[component]
fn NewPlan() -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let navigator = expect_context::<Navigator>();
    let title = RwSignal::new(String::new());
    let language = RwSignal::new(Language::Nn);
    let start = RwSignal::new(Start::Empty);
    let failed = RwSignal::new(None::<String>);
    let title_id = element_id("title");
    let create = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let title = title.get_untracked().trim().to_owned();
        leptos::task::spawn_local(async move {
            let title = (!title.is_empty()).then_some(title);
            let created = async {
                let example;
                let content = match start.get_untracked() {
                    Start::Empty => Content::Empty(language.get_untracked()),
                    Start::Example => {
                        example = document::example().await?;
                        Content::Example(&example)
                    }
                };
                document::create_plan(app, Template::RuralGrowth, content, title.as_deref()).await
            };
            match created.await {
                Ok(id) => navigator.go(&format!("/plan/{id}")),
                Err(error) => failed.set(Some(error.words(t).to_owned())),
            }
        });
    };
    view! {
        <form on:submit=create>
            <p class="meta">{t.plan_template}": "{t.template_rural_growth}</p>
            <div class="ds-field">
                <label class="ds-label" for=title_id.clone()>{t.plan_title}</label>
                <input
                    class="ds-input"
                    type="text"
                    id=title_id
                    placeholder=t.template_rural_growth
                    prop:value=title
                    on:input=move |event| title.set(event_target_value(&event))
                />
            </div>
            <RadioGroup legend=t.plan_content>
                {radio("start", start, Start::Empty, t.content_empty)}
                {radio("start", start, Start::Example, t.content_example)}
            </RadioGroup>
            <Show when=move || start.get() == Start::Empty>
                <RadioGroup legend=t.plan_language>
                    {radio("plan-language", language, Language::Nn, NN.language_name)}
                    {radio("plan-language", language, Language::Nb, NB.language_name)}
                </RadioGroup>
            </Show>
            {move || failed.get().map(|words| view! { <p class="notice danger" role="alert">{words}</p> })}
            <p class="actions"><button class="ds-button" type="submit">{t.create_plan}</button></p>
        </form>
    }
}
