//! The table of contents: where things are, where one is, what asks for
//! attention. Words typed at its top are looked for in the whole plan.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::html::Nav;
use leptos::prelude::*;
use plan::schema::{Chapter, Goal, Measure};
use plan::value::TableKind;
use plan::{EntityKind, EntityRef, Id, PlanView};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::place::place;
use super::{chapter, goal, measure, position};
use crate::derived::Derived;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::prose::escaped;
use crate::ui::{Footer, Show, each, element_id, once_drawn};

/// The most places that a search shows.
const MOST_FOUND: usize = 100;
/// How long typing must rest before the plan is searched.
const REST: Duration = Duration::from_millis(150);

/// The outline of the plan.
#[component]
pub fn Outline(
    /// Told when a place is chosen.
    on_choose: Callback<()>,
) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let outline = NodeRef::<Nav>::new();
    let position = position::follow();
    Effect::new(move || {
        if let Some(outline) = outline.get() {
            position.with(|here| mark_current(&outline, here));
        }
    });
    let wanted = RwSignal::new(String::new());
    let mut typed = debounce(REST, move |words: String| wanted.set(words));
    let id = element_id("find");
    view! {
        <nav
            class="outline"
            aria-label=t.outline
            node_ref=outline
            on:click=move |event| {
                if chosen_link(&event).is_some() {
                    on_choose.run(());
                }
            }
        >
            <search class="find">
                <label class="ds-sr-only" for=id.clone()>{t.find}</label>
                <input
                    class="ds-input"
                    type="search"
                    id=id
                    placeholder=t.find
                    on:input=move |event| typed(event_target_value(&event))
                />
            </search>
            <Show
                when=move || wanted.with(|words| !words.trim().is_empty())
                fallback=move || view! { <Contents position=position /> }
            >
                <Findings wanted=wanted />
            </Show>
            <Footer />
        </nav>
    }
}

fn chosen_link(event: &MouseEvent) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("a[href]").ok()?
}

/// Says of one link that it leads to where one is, and keeps it in sight.
fn mark_current(outline: &Element, here: &str) {
    const CURRENT: &str = "aria-current";
    let find = |selector: &str| outline.query_selector(selector).ok().flatten();
    if let Some(before) = find("a[aria-current]") {
        // Removing what is there can't fail.
        let _ = before.remove_attribute(CURRENT);
    }
    if let Some(link) = find(&format!("a[href=\"#{here}\"]")) {
        // Fails only for a name that is no attribute's.
        let _ = link.set_attribute(CURRENT, "location");
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        link.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// Where the words are found.
#[component]
fn Findings(wanted: RwSignal<String>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let found = move || wanted.with(|words| plan.with_view(|view| view.find(words, MOST_FOUND)));
    view! {
        {move || {
            let found = found();
            let items = found.iter().map(|found| {
                let (name, anchor) = plan.with_view(|view| place(view, &found.entity, t));
                view! {
                    <li>
                        <a href=format!("#{anchor}")>
                            <span>
                                <small>{name}</small>
                                {found.before.clone()}<mark>{found.words.clone()}</mark>{found.after.clone()}
                            </span>
                        </a>
                    </li>
                }
            });
            let items = items.collect::<Vec<_>>();
            view! {
                <p class="meta" role="status">{(t.found)(found.len(), found.len() == MOST_FOUND)}</p>
                <ol class="found">{items}</ol>
            }
        }}
    }
}

#[component]
fn Contents(position: RwSignal<String>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let chapters = plan.list(|view| {
        let chapters = view.chapters().into_iter();
        chapters.map(|(_, chapter)| chapter.id.clone()).collect()
    });
    let clashes = plan.derive(clashes_by_measure);
    let is_drawn = once_drawn();
    view! {
        <ol hidden=move || !is_drawn.get()>
            {each(
                move || chapters.get(),
                move |id| view! { <ChapterEntry id=Id::new(id) clashes=clashes position=position /> }.into_any(),
            )}
        </ol>
    }
}

/// How many open clashes each measure has.
fn clashes_by_measure(view: &PlanView) -> BTreeMap<EntityRef, usize> {
    let mut clashes = BTreeMap::new();
    for clash in view.clashes() {
        if clash.entity.kind == EntityKind::Measure {
            *clashes.entry(clash.entity).or_default() += 1;
        }
    }
    clashes
}

#[component]
fn ChapterEntry(
    id: Id<Chapter>,
    clashes: Derived<BTreeMap<EntityRef, usize>>,
    position: RwSignal<String>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let chapter = plan.entity(&id);
    let has_goals = chapter.signal(|chapter| chapter.tables.contains(&TableKind::Measures));
    let goals = plan.list(|view| {
        let goals = view.goals(None).into_iter();
        goals.map(|goal| goal.id.clone()).collect()
    });
    let anchor = chapter::anchor(&id);
    let label = move || {
        let number = plan.with_view(|view| view.chapter_number(&id));
        let heading = chapter.read(|chapter| chapter.heading.clone());
        label(
            number.map(|number| number.to_string()),
            &heading,
            t.untitled,
        )
    };
    view! {
        <li>
            <a href=format!("#{anchor}") inner_html=label></a>
            <Show when=move || has_goals.get()>
                <ol>
                    {each(
                        move || goals.get(),
                        move |id| view! { <GoalEntry id=Id::new(id) clashes=clashes position=position /> }.into_any(),
                    )}
                </ol>
            </Show>
        </li>
    }
}

/// A goal and its measures. They are one string of HTML: there may be hundreds.
#[component]
fn GoalEntry(
    id: Id<Goal>,
    clashes: Derived<BTreeMap<EntityRef, usize>>,
    position: RwSignal<String>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let anchor = goal::anchor(&id);
    let title = {
        let id = id.clone();
        move || {
            let number = plan
                .with_view(|view| view.goal_number(&id))
                .unwrap_or_default();
            plan.read(&id, |goal: Option<&Goal>| {
                label(
                    None,
                    goal.map_or("", |goal| &goal.title),
                    &(t.sub_goal)(number),
                )
            })
        }
    };
    let measures = plan.derive(move |view| {
        let measures = view.measures(&id).into_iter();
        measures
            .map(|measure| measure.id.clone())
            .collect::<Vec<_>>()
    });
    let count = move || measures.with(Vec::len).to_string();
    let entries = move || {
        let measures = measures.get();
        let here = position.get_untracked();
        let entries = measures.iter().enumerate().map(|(index, id)| {
            let place = EntityRef::new(EntityKind::Measure, id.as_str());
            let open = clashes.with(|clashes| clashes.get(&place).copied());
            plan.read(id, |measure| {
                measure_entry(index + 1, id, measure, open, &here, t)
            })
        });
        entries.collect::<String>()
    };
    view! {
        <li>
            <a href=format!("#{anchor}") inner_html=title></a>
            <ol style=("--count", count) inner_html=entries></ol>
        </li>
    }
}

fn measure_entry(
    number: usize,
    id: &Id<Measure>,
    measure: Option<&Measure>,
    clashes: Option<usize>,
    here: &str,
    t: &Texts,
) -> String {
    let anchor = measure::anchor(id);
    let current = if anchor == here {
        r#" aria-current="location""#
    } else {
        ""
    };
    let flag = match clashes {
        Some(open) => format!(r#"<span class="flag"><b>{}</b></span>"#, (t.clashes)(open)),
        None if measure.is_some_and(Measure::is_deferred) => {
            format!(r#"<span class="flag">{}</span>"#, t.later_flag)
        }
        None => String::new(),
    };
    let title = measure.map_or("", |measure| &measure.title);
    let label = label(Some(number.to_string()), title, t.untitled_measure);
    format!(r##"<li><a href="#{anchor}"{current}>{label}{flag}</a></li>"##)
}

fn label(number: Option<String>, title: &str, untitled: &str) -> String {
    let title = escaped(if title.is_empty() { untitled } else { title });
    match number {
        Some(number) => format!(r#"<span class="n">{number}</span><span>{title}</span>"#),
        None => format!("<span>{title}</span>"),
    }
}
