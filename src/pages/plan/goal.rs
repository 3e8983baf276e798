//! The goals with their weights, and under each its measures.

use std::time::Duration;

use leptos::prelude::*;
use plan::schema::{Goal, Measure, goal, measure};
use plan::value::{GoalLevel, Percent};
use plan::{Edit, EntityKind, EntityRef, Field, Id, Place, TextField};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::measure::MeasureSection;
use super::measure_table::MeasureTable;
use super::shape::GoalShape;
use crate::device::new_id;
use crate::document::OpenPlan;
use crate::locales::{Texts, format};
use crate::ui::{BodyField, Show, Surroundings, TextInput, TextOf, ValueField, each};

/// Every topmost goal, and a way to add one.
#[component]
pub fn Goals() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let goals = plan.list(|view| {
        view.goals(None)
            .into_iter()
            .map(|goal| goal.id.clone())
            .collect()
    });
    let weights = plan.derive(|view| {
        let weighed = view
            .goals(None)
            .iter()
            .any(|goal| goal.weight.value.is_some());
        weighed
            .then(|| view.weight_sum(None))
            .filter(|sum| *sum != Percent::whole(100))
    });
    let add = move |_| {
        let entity = EntityRef::new(EntityKind::Goal, new_id());
        let level = Field::Goal(goal::Field::Level(Some(GoalLevel::SubGoal)));
        plan.edit_one(Edit::Add {
            entity,
            place: Place::Last,
            fields: vec![level],
        });
    };
    view! {
        {move || weights.get().map(|sum| view! { <p class="notice">{(t.weights_sum)(&format::percent(sum, t))}</p> })}
        {each(move || goals.get(), move |id| view! { <GoalSection id=Id::new(id) /> }.into_any())}
        <Show when=move || plan.is_writable()>
            <button class="add" type="button" on:click=add>"+ "{t.add_goal}</button>
        </Show>
    }
}

/// How the anchors of goals begin.
pub const ANCHOR: &str = "goal-";

/// The anchor of a goal on the page.
pub fn anchor(id: &Id<Goal>) -> String {
    format!("{ANCHOR}{id}")
}

#[component]
fn GoalSection(id: Id<Goal>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let (part, inside) = expect_context::<Surroundings>().group(plan.count_of_measures());
    provide_context(inside);
    let goal = plan.entity(&id);
    let number = {
        let id = id.clone();
        plan.derive(move |view| view.goal_number(&id).unwrap_or_default())
    };
    let shape = GoalShape::of(plan, &id);
    provide_context(shape);
    let measures = shape.measures();
    let title = goal.signal(|g| g.title.clone());
    let main_goal = goal.signal(|g| g.main_goal.clone());
    let body = goal.signal(|g| g.body.clone());
    let weight = goal.value(
        |g| &g.weight,
        |share| Field::Goal(goal::Field::Weight(share)),
    );
    let add = {
        let id = id.clone();
        move |_| {
            let measure = Id::new(new_id());
            plan.edit_one(add_measure(&id, &measure));
            go_to_title(super::measure::anchor(&measure), TRIES);
        }
    };
    view! {
        <div class="part" class:near=move || part.is_near() node_ref=part.host()>
            <section id=anchor(&id) class="goal" tabindex="-1">
                <h2>
                    <span class="label">{move || (t.sub_goal)(number.get())}":"</span>
                    <TextInput
                        of=TextOf::new(&id, TextField::Goal(goal::Text::Title))
                        text=title
                        label=Signal::derive(move || (t.goal_title)(number.get()))
                    />
                    <span class="weight">
                        <ValueField
                            id=id.as_str()
                            value=weight
                            label=Signal::derive(move || (t.goal_weight)(number.get()))
                            placeholder="– %"
                        />
                    </span>
                </h2>
                <BodyField
                    of=TextOf::new(&id, TextField::Goal(goal::Text::Body))
                    text=body
                    label=Signal::derive(move || (t.goal_text_of)(number.get()))
                />
                <h3 class="main-goal">{t.goal_main}</h3>
                <BodyField
                    of=TextOf::new(&id, TextField::Goal(goal::Text::MainGoal))
                    text=main_goal
                    label=Signal::derive(move || (t.goal_main_of)(number.get()))
                />
                <MeasureTable goal=id.clone() measures=measures />
                <Show when=move || plan.is_writable()>
                    <button
                        class="add"
                        type="button"
                        aria-label=move || (t.add_measure_to)(number.get())
                        on:click=add.clone()
                    >
                        "+ "{t.add_measure}
                    </button>
                </Show>
                <DeletedMeasures goal=id.clone() />
            </section>
            <div class="measures" style=("--count", move || measures.with(Vec::len).to_string())>
                {each(move || measures.get(), move |id| view! { <MeasureSection id=Id::new(id) /> }.into_any())}
            </div>
        </div>
    }
}

/// How often a new measure is looked for: far down in a large plan its fields are
/// made only once one is there.
const TRIES: u32 = 10;

/// Goes on to the title of a new measure, which is what is written first.
fn go_to_title(anchor: String, tries: u32) {
    set_timeout(
        move || {
            let part = document().get_element_by_id(&anchor);
            if let Some(part) = &part {
                part.scroll_into_view();
            }
            let title = part.and_then(|part| part.query_selector("h3 textarea").ok().flatten());
            match title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
                // Fails only for what can't have the focus.
                Some(title) => drop(title.focus()),
                None if tries > 0 => go_to_title(anchor, tries - 1),
                None => {}
            }
        },
        Duration::from_millis(50),
    );
}

fn add_measure(goal: &Id<Goal>, measure: &Id<Measure>) -> Edit {
    let entity = EntityRef::new(EntityKind::Measure, measure.as_str());
    let goal = Field::Measure(measure::Field::Goal(Some(goal.clone())));
    Edit::Add {
        entity,
        place: Place::Last,
        fields: vec![goal],
    }
}

/// The goal's deleted measures, each a click from coming back.
#[component]
fn DeletedMeasures(goal: Id<Goal>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let deleted = plan.derive(move |view| {
        let deleted = view.deleted::<Measure>().into_iter();
        deleted
            .filter(|measure| measure.goal.value.as_ref() == Some(&goal))
            .cloned()
            .collect::<Vec<_>>()
    });
    let rows = move || {
        let rows = deleted.get().into_iter().map(|measure| {
            let title = if measure.title.is_empty() {
                t.untitled_measure.to_owned()
            } else {
                measure.title.clone()
            };
            let who = measure
                .deleted
                .as_ref()
                .map(|by| plan.hand(by, t))
                .unwrap_or_default();
            let entity = EntityRef::new(EntityKind::Measure, measure.id.as_str());
            view! {
                <li>
                    {title.clone()}" "<small>{(t.deleted_by)(&who)}</small>" "
                    <button
                        class="ds-button"
                        data-variant="tertiary"
                        data-size="sm"
                        type="button"
                        disabled=move || !plan.is_writable()
                        on:click=move |_| plan.edit_one(Edit::Restore(entity.clone()))
                    >
                        {(t.bring_back)(&title)}
                    </button>
                </li>
            }
        });
        rows.collect::<Vec<_>>()
    };
    view! {
        <Show when=move || deleted.with(|deleted| !deleted.is_empty())>
            <details class="deleted">
                <summary>{move || (t.deleted_measures)(deleted.with(Vec::len))}</summary>
                <ul>{rows}</ul>
            </details>
        </Show>
    }
}
