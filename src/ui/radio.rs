//! One of a few.

use leptos::prelude::*;

/// A group of choices under their question.
#[component]
pub fn RadioGroup(
    /// The question.
    legend: &'static str,
    /// The choices, each a [`radio`].
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class="ds-fieldset">
            <legend class="ds-label">{legend}</legend>
            {children()}
        </fieldset>
    }
}

/// One choice: `value` for the signal that the group called `name` sets.
pub fn radio<T>(
    name: &'static str,
    chosen: RwSignal<T>,
    value: T,
    label: &'static str,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    view! {
        <label class="choice">
            <input
                class="ds-input"
                type="radio"
                name=name
                prop:checked=move || chosen.get() == value
                on:change=move |_| chosen.set(value)
            />
            {label}
        </label>
    }
}
