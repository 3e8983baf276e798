//! Registers that are edited where they stand, and their clashes.

use leptos::prelude::*;
use plan::{Choice, Edit, Field};

use crate::derived::Derived;
use crate::document::{FieldValue, OpenPlan};
use crate::locales::{Texts, value};
use crate::ui::moment::moment;
use crate::ui::{Show, element_id};

/// A register as an input. Where hands collided, every value stands there with
/// who and when, each with a button that chooses it.
#[component]
pub fn ValueField(
    /// The entity's id.
    #[prop(into)]
    id: String,
    /// The register as the plan has it.
    value: Derived<FieldValue>,
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// What stands there while it is unset.
    #[prop(into, optional)]
    placeholder: String,
    /// Values to offer.
    #[prop(into, optional)]
    offers: Vec<String>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let error = RwSignal::new(None::<&'static str>);
    let list = (!offers.is_empty()).then(|| element_id("offers"));
    let error_id = element_id("error");
    let offers_list = list.clone().map(|list| {
        let options = offers
            .into_iter()
            .map(|offer| view! { <option value=offer></option> })
            .collect::<Vec<_>>();
        view! { <datalist id=list>{options}</datalist> }
    });
    let shown = Derived::new(move || value.with(|value| words(plan, &value.field, t)));
    let leave = {
        let id = id.clone();
        move |text: String| {
            if text.trim() == shown.get_untracked() {
                return error.set(None);
            }
            match value::read(&value.get_untracked().field, &text, t) {
                Ok(field) => {
                    error.set(None);
                    plan.edit_one(Edit::Set {
                        id: id.clone(),
                        field,
                    });
                    plan.save_now();
                }
                Err(unreadable) => error.set(Some(unreadable)),
            }
        }
    };
    let clashing = Derived::new(move || value.with(|value| !value.clash.is_empty()));
    let clash = move || {
        let choices = value.with(|value| value.clash.clone());
        view! { <Choices id=id.clone() choices=choices label=label /> }
    };
    let described_by = error_id.clone();

    view! {
        <Show when=move || clashing.get() fallback=move || {
            view! {
                <input
                    class="edit"
                    type="text"
                    aria-label=label
                    placeholder=placeholder.clone()
                    list=list.clone()
                    readonly=move || !plan.is_writable()
                    aria-invalid=move || error.get().map(|_| "true")
                    aria-describedby=described_by.clone()
                    prop:value=move || shown.get()
                    on:change={
                        let leave = leave.clone();
                        move |event| leave(event_target_value(&event))
                    }
                />
            }
        }>
            {clash.clone()}
        </Show>
        {offers_list}
        <span id=error_id class="ds-validation-message" data-color="danger" role="alert">{error}</span>
    }
}

/// The values that stand against each other, to choose from.
#[component]
pub fn Choices(
    /// The entity's id.
    #[prop(into)]
    id: String,
    /// The values.
    choices: Vec<Choice>,
    /// The accessible name.
    label: Signal<String>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let rows = choices.into_iter().map(|Choice { field, by }| {
        let value = match words(plan, &field, t) {
            cleared if cleared.is_empty() => t.cleared.to_owned(),
            words => words,
        };
        let who = plan.hand(&by, t);
        let when = by.at.map(|at| format!(" · {}", moment(at, t)));
        let name = (t.choose_value)(&value, &who);
        let set = Edit::Set {
            id: id.clone(),
            field,
        };
        view! {
            <div>
                <span>{value}</span>
                <Show when=move || plan.is_writable()>
                    <button
                        type="button"
                        aria-label=name.clone()
                        on:click={
                            let set = set.clone();
                            move |_| plan.edit_one(set.clone())
                        }
                    >
                        {t.choose}
                    </button>
                </Show>
            </div>
            <small>{who}{when}</small>
        }
    });
    view! {
        <div class="clash" role="group" aria-label=label title=t.clash_explained>
            {rows.collect::<Vec<_>>()}
        </div>
    }
}

fn words(plan: OpenPlan, field: &Field, t: &Texts) -> String {
    plan.with_view(|view| value::words(field, view, t))
        .unwrap_or_else(|| t.other_value.to_owned())
}
