//! Registers that are edited where they stand, and their clashes.

use std::sync::Arc;

use leptos::prelude::*;
use plan::{Candidate, Field, Register};

use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::moment::moment;
use crate::ui::{Show, element_id};

/// How a register is shown, read and set.
pub struct ValueKind<T> {
    /// As the input shows it.
    pub show: fn(&T, &Texts) -> String,
    /// What the input says; `None` where it cannot be read.
    pub read: fn(&str) -> Option<T>,
    /// What to tell who wrote something that cannot be read.
    pub unreadable: fn(&Texts) -> &'static str,
}

impl<T> Clone for ValueKind<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for ValueKind<T> {}

/// A register as an input. Where hands collided, every value stands there with
/// who and when, each with a button that chooses it.
#[component]
pub fn ValueField<T>(
    /// The entity's id.
    #[prop(into)]
    id: String,
    /// The register as the plan has it.
    #[prop(into)]
    value: Signal<Register<T>>,
    /// How it is shown and read.
    kind: ValueKind<T>,
    /// The register's field with a new value.
    field: fn(Option<T>) -> Field,
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// What stands there while it is unset.
    #[prop(into, optional)]
    placeholder: String,
    /// Values to offer.
    #[prop(into, optional)]
    offers: Vec<String>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let error = RwSignal::new(false);
    let list = element_id("offers");
    let error_id = element_id("error");
    let offers_list = (!offers.is_empty()).then(|| {
        let options = offers
            .into_iter()
            .map(|offer| view! { <option value=offer></option> })
            .collect::<Vec<_>>();
        view! { <datalist id=list.clone()>{options}</datalist> }
    });
    let shown = Memo::new(move |_| {
        value.with(|register| {
            register
                .value
                .as_ref()
                .map(|value| (kind.show)(value, t))
                .unwrap_or_default()
        })
    });
    let entity = Arc::<str>::from(id.as_str());
    let set = {
        let entity = entity.clone();
        move |new: Option<T>| {
            plan.edit_one(plan::Edit::Set {
                id: entity.to_string(),
                field: field(new),
            })
        }
    };
    let leave = {
        let set = set.clone();
        move |text: String| {
            let text = text.trim().to_owned();
            if text == shown.get_untracked() {
                error.set(false);
            } else if text.is_empty() {
                error.set(false);
                set(None);
            } else {
                let read = (kind.read)(&text);
                error.set(read.is_none());
                if let Some(new) = read {
                    set(Some(new));
                    plan.save_now();
                }
            }
        }
    };
    let set_chosen = set.clone();
    let clash = move || {
        let candidates = value.with(|register| register.clash.clone());
        (!candidates.is_empty()).then(|| {
            let set = set_chosen.clone();
            let choose = Callback::new(move |chosen: Option<T>| set(chosen));
            clash_view(candidates, kind, label, choose)
        })
    };
    let clashing = Memo::new(move |_| value.with(Register::is_clash));
    let described_by = error_id.clone();

    view! {
        {clash}
        <Show when=move || !clashing.get()>
            <input
                class="edit"
                type="text"
                aria-label=label
                placeholder=placeholder.clone()
                list=list.clone()
                readonly=move || !plan.is_writable()
                aria-invalid=move || error.get().then_some("true")
                aria-describedby=described_by.clone()
                prop:value=move || shown.get()
                on:change={
                    let leave = leave.clone();
                    move |event| leave(event_target_value(&event))
                }
            />
        </Show>
        {offers_list}
        <span id=error_id class="ds-validation-message" data-color="danger" role="alert">
            {move || error.get().then(|| (kind.unreadable)(t))}
        </span>
    }
}

/// The values that stand against each other.
fn clash_view<T: Clone + Send + Sync + 'static>(
    candidates: Vec<Candidate<T>>,
    kind: ValueKind<T>,
    label: Signal<String>,
    choose: Callback<Option<T>>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let rows = candidates.into_iter().map(|candidate| {
        let value = candidate
            .value
            .as_ref()
            .map_or_else(|| t.cleared.to_owned(), |value| (kind.show)(value, t));
        let who = plan.hand(&candidate.by, t);
        let when = candidate.by.at.map(|at| format!(" · {}", moment(at, t)));
        let name = (t.choose_value)(&value, &who);
        let chosen = candidate.value;
        view! {
            <div>
                <span>{value}</span>
                <Show when=move || plan.is_writable()>
                    <button
                        type="button"
                        aria-label=name.clone()
                        on:click={
                            let chosen = chosen.clone();
                            move |_| choose.run(chosen.clone())
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
