//! The table of contents, with a flag where something asks for attention.

use leptos::prelude::*;
use plan::schema::Goal;
use plan::value::TableKind;
use plan::{EntityKind, EntityRef, Id, PlanView};

use super::{chapter, goal, measure};
use crate::document::OpenPlan;
use crate::locales::Texts;

/// An entry and what stands below it.
#[derive(Clone, PartialEq)]
struct Entry {
    anchor: String,
    number: Option<String>,
    title: String,
    flag: Option<Flag>,
    below: Vec<Entry>,
}

#[derive(Clone, PartialEq)]
enum Flag {
    Clashes(usize),
    Later,
}

/// The outline of the plan.
#[component]
pub fn Outline(
    /// Told when a place is chosen.
    on_choose: impl Fn(()) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let entries = plan.derive(|view| chapters(view, t));
    view! {
        <nav class="outline" aria-label=t.outline>
            {move || list(entries.get(), t, Callback::new(move |()| on_choose(())))}
        </nav>
    }
}

fn list(entries: Vec<Entry>, t: &'static Texts, on_choose: Callback<()>) -> AnyView {
    let items = entries.into_iter().map(|entry| {
        let below = (!entry.below.is_empty()).then(|| list(entry.below, t, on_choose));
        let flag = entry.flag.map(|flag| match flag {
            Flag::Clashes(count) => view! { <b>{(t.clashes)(count)}</b> }.into_any(),
            Flag::Later => view! { <span>{t.later_flag}</span> }.into_any(),
        });
        view! {
            <li>
                <a href=format!("#{}", entry.anchor) on:click=move |_| on_choose.run(())>
                    {entry.number.map(|number| view! { <span class="n">{number}</span> })}
                    <span>{entry.title}</span>
                    {flag.map(|flag| view! { <span class="flag">{flag}</span> })}
                </a>
                {below}
            </li>
        }
    });
    view! { <ol>{items.collect::<Vec<_>>()}</ol> }.into_any()
}

fn chapters(view: &PlanView, t: &Texts) -> Vec<Entry> {
    let chapters = view.chapters().into_iter().map(|(number, found)| {
        let below = if found.tables.contains(&TableKind::Measures) {
            goals(view, t)
        } else {
            Vec::new()
        };
        entry(
            chapter::anchor(&found.id),
            Some(number.to_string()),
            &found.heading,
            t.untitled,
            below,
        )
    });
    chapters.collect()
}

fn goals(view: &PlanView, t: &Texts) -> Vec<Entry> {
    let goals = view
        .goals(None)
        .into_iter()
        .enumerate()
        .map(|(index, found)| {
            let below = measures(view, &found.id, t);
            entry(
                goal::anchor(&found.id),
                None,
                &found.title,
                &(t.sub_goal)(index + 1),
                below,
            )
        });
    goals.collect()
}

fn measures(view: &PlanView, goal: &Id<Goal>, t: &Texts) -> Vec<Entry> {
    let clashes = view.clashes();
    let measures = view
        .measures(goal)
        .into_iter()
        .enumerate()
        .map(|(index, found)| {
            let place = EntityRef::new(EntityKind::Measure, found.id.as_str());
            let open = clashes.iter().filter(|clash| clash.entity == place).count();
            let flag = match open {
                0 => found.is_deferred().then_some(Flag::Later),
                open => Some(Flag::Clashes(open)),
            };
            let number = Some((index + 1).to_string());
            let anchor = measure::anchor(&found.id);
            Entry {
                flag,
                ..entry(anchor, number, &found.title, t.untitled_measure, Vec::new())
            }
        });
    measures.collect()
}

fn entry(
    anchor: String,
    number: Option<String>,
    title: &str,
    untitled: &str,
    below: Vec<Entry>,
) -> Entry {
    let title = if title.is_empty() { untitled } else { title };
    Entry {
        anchor,
        number,
        title: title.to_owned(),
        flag: None,
        below,
    }
}
