//! Beside the paper: what asks for a decision.

use std::collections::BTreeSet;

use leptos::prelude::*;
use plan::schema::{Measure, measure};
use plan::value::TimeFrame;
use plan::{
    Attribution, ContestedText, Edit, EntityKind, EntityRef, Field, Id, OpenClash, PlanView,
};

use super::{measure as detail, measure_table};
use crate::document::OpenPlan;
use crate::locales::{Texts, format};
use crate::ui::Show;

/// How many open questions there are.
pub fn open_questions(plan: OpenPlan) -> Memo<usize> {
    Memo::new(move |_| {
        let contested = plan.contested().with(Vec::len);
        contested + plan.with_view(|view| view.clashes().len() + view.contested_deletions.len())
    })
}

/// The panel.
#[component]
pub fn Panel() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let count = open_questions(plan);
    let clashes = plan.derive(PlanView::clashes);
    let deletions =
        plan.derive(|view| view.contested_deletions.keys().cloned().collect::<Vec<_>>());
    view! {
        <aside class="panel" aria-label=t.beside>
            <h2>{move || (t.clashes)(count.get())}</h2>
            <Show when=move || count.get() == 0>
                <p class="meta">{t.no_clashes}</p>
            </Show>
            <For each=move || clashes.get() key=|clash| clash.clone() let:clash>
                <ClashCard clash=clash />
            </For>
            <For each=move || deletions.get() key=|entity| entity.clone() let:entity>
                <DeletionCard entity=entity />
            </For>
            <For each=move || plan.contested().get() key=|text| format!("{text:?}") let:text>
                <ReadThroughCard text=text />
            </For>
        </aside>
    }
}

/// What an entity is called in a sentence, and where it stands on the page.
fn place(view: &PlanView, entity: &EntityRef, t: &Texts) -> (String, String) {
    match entity.kind {
        EntityKind::Measure => {
            let id = Id::new(&entity.id);
            let name = match view.measure_number(&id) {
                Some(number) => (t.measure_n)(number),
                None => format!("«{}»", detail::title_or(view.get::<Measure>(&id), t)),
            };
            (name, detail::anchor(&id))
        }
        EntityKind::Section => {
            let section = view.get(&Id::<plan::schema::Section>::new(&entity.id));
            let measure = section.and_then(|section| section.measure.value.clone());
            let number = measure
                .as_ref()
                .and_then(|id| view.measure_number(id))
                .unwrap_or_default();
            let kind = section
                .and_then(|section| section.kind.value)
                .map_or("", |kind| (t.section)(kind));
            let anchor = measure.map(|id| detail::anchor(&id)).unwrap_or_default();
            ((t.section_of)(kind, number), anchor)
        }
        EntityKind::Goal => {
            let id = Id::new(&entity.id);
            (
                (t.sub_goal)(view.goal_number(&id).unwrap_or_default()),
                super::goal::anchor(&id),
            )
        }
        EntityKind::Chapter => {
            let id = Id::new(&entity.id);
            let number = view
                .chapters()
                .into_iter()
                .find(|(_, chapter)| chapter.id == id)
                .map_or(0, |(n, _)| n);
            ((t.chapter_heading)(number), super::chapter::anchor(&id))
        }
        EntityKind::LogEntry => (t.log.to_owned(), "log".to_owned()),
        _ => (t.view_plan.to_owned(), "content".to_owned()),
    }
}

/// A clash in a register, with the same choice as in its place.
#[component]
fn ClashCard(clash: OpenClash) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let (name, anchor) = plan.with_view(|view| place(view, &clash.entity, t));
    let field = match (clash.entity.kind, clash.register) {
        (EntityKind::Measure, "time_frame") => {
            let id = Id::<Measure>::new(&clash.entity.id);
            let found = plan.entity(&id);
            let value = found.signal(|m| m.time_frame.clone());
            let label = Signal::stored(format!("{}, {}", t.time_frame, name));
            view! {
                <crate::ui::ValueField<TimeFrame>
                    id=id.as_str()
                    value=value
                    kind=measure_table::TIME_FRAME
                    field=|frame| Field::Measure(measure::Field::TimeFrame(frame))
                    label=label
                />
            }
            .into_any()
        }
        _ => view! { <p class="meta">{t.clash_explained}</p> }.into_any(),
    };
    view! {
        <section class="card">
            <h3><a href=format!("#{anchor}")>{name}</a></h3>
            {field}
        </section>
    }
}

/// An entity that one deleted while another edited it.
#[component]
fn DeletionCard(entity: EntityRef) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let what = plan.with_view(|view| place(view, &entity, t).0);
    let hands = plan.with_view(|view| view.contested_deletions.get(&entity).cloned());
    let words = hands.map(|hands| {
        let deleter = plan.hand(&hands.deleted_by, t);
        (t.deleted_and_edited_by)(&deleter, &hands_in_words(plan, &hands.edited_by, t))
    });
    let keep = entity.clone();
    view! {
        <section class="card">
            <h3>{(t.deleted_and_edited)(&what)}</h3>
            <p>{words}</p>
            <Show when=move || plan.is_writable()>
                <p class="actions">
                    <button class="ds-button" type="button" on:click={
                        let keep = keep.clone();
                        move |_| plan.edit_one(Edit::Restore(keep.clone()))
                    }>
                        {t.keep}
                    </button>
                    <button class="ds-button" data-variant="secondary" type="button" on:click={
                        let entity = entity.clone();
                        move |_| plan.edit_one(Edit::Delete(entity.clone()))
                    }>
                        {t.delete}
                    </button>
                </p>
            </Show>
        </section>
    }
}

/// A text that two wrote in while apart.
#[component]
fn ReadThroughCard(text: ContestedText) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let (name, anchor) = plan.with_view(|view| place(view, &text.entity, t));
    let who = hands_in_words(plan, &text.by, t);
    view! {
        <section class="card">
            <h3><a href=format!("#{anchor}")>{t.read_through}": "{name}</a></h3>
            <p>{(t.read_through_what)(&who)}</p>
            <button class="ds-button" data-variant="secondary" type="button" on:click=move |_| plan.have_read(&text)>
                {t.have_read}
            </button>
        </section>
    }
}

/// Whose hands, each named once however often it wrote.
fn hands_in_words(plan: OpenPlan, by: &BTreeSet<Attribution>, t: &Texts) -> String {
    let names: BTreeSet<String> = by.iter().map(|by| plan.hand(by, t)).collect();
    format::list(&names.into_iter().collect::<Vec<_>>(), t)
}
