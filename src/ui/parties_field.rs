//! A set of parties: their names as running text, and a dialog to change it.

use std::collections::BTreeSet;

use leptos::prelude::*;
use plan::schema::{Party, party};
use plan::{Edit, Field, Id, Member, Shared, party_id};

use crate::derived::Derived;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::{Dialog, Show, each};

/// The parties of one set of one entity.
#[component]
pub fn PartiesField(
    /// The entity's id.
    #[prop(into)]
    id: String,
    /// The members as the plan has them.
    members: Derived<BTreeSet<Id<Party>>>,
    /// The set with one member.
    member: fn(Id<Party>) -> Member,
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// Words behind the last name («m.fl.»).
    #[prop(into, optional)]
    and_more: Signal<Option<&'static str>>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let open = RwSignal::new(false);
    let names = Derived::new(move || {
        let members = members.get();
        let mut text = plan.with_view(|view| view.party_names(&members)).join(", ");
        if let Some(more) = and_more.get() {
            text = format!("{text} {more}");
        }
        text
    });
    let id = StoredValue::new(id);
    view! {
        <Show when=move || plan.is_writable() fallback=move || view! { <span>{move || names.get()}</span> }>
            <button
                type="button"
                class="edit parties"
                aria-haspopup="dialog"
                aria-label=move || format!("{}: {}", label.get(), names.get())
                on:click=move |_| open.set(true)
            >
                {move || names.with(|names| if names.is_empty() { t.add.to_owned() } else { names.clone() })}
            </button>
        </Show>
        <Dialog open=open title=label>
            <Choices id=id.get_value() members=members member=member open=open />
        </Dialog>
    }
}

/// Every party of the plan with a tick, and a field for one that is missing.
#[component]
fn Choices(
    id: String,
    members: Derived<BTreeSet<Id<Party>>>,
    member: fn(Id<Party>) -> Member,
    open: RwSignal<bool>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let id = StoredValue::new(id);
    let parties = plan.list(|view| {
        let parties = view.parties().into_iter();
        parties.map(|party| party.id.clone()).collect()
    });
    let toggle = move |party: &Id<Party>, on: bool| {
        let (id, member) = (id.get_value(), member(party.clone()));
        plan.edit_one(if on {
            Edit::Include { id, member }
        } else {
            Edit::Exclude { id, member }
        });
    };
    let choice = move |id: String| {
        let party = Id::new(id);
        let ticked = party.clone();
        let named = party.clone();
        view! {
            <label class="choice">
                <input
                    class="ds-input"
                    type="checkbox"
                    prop:checked=move || members.with(|members| members.contains(&ticked))
                    on:change=move |event| toggle(&party, event_target_checked(&event))
                />
                {move || plan.with_view(|view| view.party_name(&named))}
            </label>
        }
        .into_any()
    };
    let name = RwSignal::new(String::new());
    let add = move || {
        let wanted = name.get_untracked().trim().to_owned();
        if wanted.is_empty() {
            return;
        }
        let known = plan.with_view(|view| view.find_party(&wanted).map(|party| party.id.clone()));
        let party = known.unwrap_or_else(|| {
            let new = party_id(&wanted);
            plan.edit([
                Edit::Ensure(Shared::Party { id: new.clone() }),
                Edit::Set {
                    id: new.to_string(),
                    field: Field::Party(party::Field::Name(Some(wanted))),
                },
            ]);
            new
        });
        toggle(&party, true);
        name.set(String::new());
    };
    view! {
        <fieldset class="ds-fieldset choices">
            {each(move || parties.get(), choice)}
        </fieldset>
        <form
            class="actions"
            on:submit=move |event| {
                event.prevent_default();
                add();
            }
        >
            <label class="ds-field">
                <span class="ds-label">{t.party_name}</span>
                <input
                    class="ds-input"
                    type="text"
                    prop:value=name
                    on:input=move |event| name.set(event_target_value(&event))
                />
            </label>
            <button class="ds-button" data-variant="secondary" type="submit">{t.add_party}</button>
            <button class="ds-button" type="button" on:click=move |_| open.set(false)>{t.done}</button>
        </form>
    }
}
