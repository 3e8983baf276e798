//! What asks for a decision, as cards.

use std::collections::BTreeSet;

use leptos::prelude::*;
use plan::{Attribution, ContestedText, Edit, EntityRef, OpenClash, PlanView};

use super::place::place;
use crate::derived::Derived;
use crate::document::OpenPlan;
use crate::locales::{Texts, format, value};
use crate::ui::{Choices, Item, Show, items};

/// How many open questions there are.
pub fn open_questions(plan: OpenPlan) -> Derived<usize> {
    Derived::new(move || {
        let contested = plan.contested().with(Vec::len);
        contested + plan.with_view(|view| view.clashes().len() + view.contested_deletions.len())
    })
}

/// The cards, one for each question.
#[component]
pub fn Questions() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let clashes = plan.derive(PlanView::clashes);
    let deletions =
        plan.derive(|view| view.contested_deletions.keys().cloned().collect::<Vec<_>>());
    // A card stays as it is while what it asks stays, whatever else is merged.
    let cards = move || {
        let clashes = clashes.get().into_iter().map(|clash| {
            let key = clash_key(plan, &clash, t);
            Item::new(key, move || {
                view! { <ClashCard clash=clash.clone() /> }.into_any()
            })
        });
        let deletions = deletions.get().into_iter().map(|entity| {
            let key = format!("{entity} deleted");
            Item::new(key, move || {
                view! { <DeletionCard entity=entity.clone() /> }.into_any()
            })
        });
        let contested = plan.contested().get().into_iter().map(|text| {
            let key = format!("{}/{} {}", text.entity, text.text, text.versions.concat());
            Item::new(key, move || {
                view! { <ReadThroughCard text=text.clone() /> }.into_any()
            })
        });
        clashes.chain(deletions).chain(contested).collect()
    };
    items(cards)
}

/// Two clashes of one key ask the same.
fn clash_key(plan: OpenPlan, clash: &OpenClash, t: &Texts) -> String {
    let values = clash.choices.iter().map(|choice| {
        let words = plan.with_view(|view| value::words(&choice.field, view, t));
        let name = value::name(&choice.field, t);
        format!("{name}: {}", words.unwrap_or_default())
    });
    let values: Vec<String> = values.collect();
    format!("{} {}", clash.entity, values.join(", "))
}

/// A clash in a register, with the same choice as in its place.
#[component]
fn ClashCard(clash: OpenClash) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let (name, anchor) = plan.with_view(|view| place(view, &clash.entity, t));
    let OpenClash { entity, choices } = clash;
    let field = choices
        .first()
        .map_or(t.other_field, |choice| value::name(&choice.field, t));
    let label = Signal::stored(format!("{field}, {name}"));
    view! {
        <section class="card">
            <h3><a href=format!("#{anchor}")>{name}</a></h3>
            <p class="meta">{field}</p>
            <Choices id=entity.id.to_string() choices=choices label=label />
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
