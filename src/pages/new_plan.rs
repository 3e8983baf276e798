//! «Ny plan».

use leptos::prelude::*;
use plan::template::{Content, Template};
use plan::value::Language;

use crate::app::App;
use crate::document;
use crate::locales::{NB, NN, Texts};
use crate::route::Navigator;
use crate::ui::{RadioGroup, Show, element_id, radio};

/// What a new plan can be filled with from the start.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    Empty,
    Example,
}

/// Asks what the plan is to begin with, and begins it.
#[component]
pub fn NewPlan() -> impl IntoView {
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
