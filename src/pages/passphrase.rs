//! A field for a passphrase.

use leptos::prelude::*;

use crate::ui::element_id;

/// The field under its label, and what is wrong with it.
#[component]
pub fn PassphraseField(
    label: &'static str,
    value: RwSignal<String>,
    #[prop(into)] error: Signal<Option<&'static str>>,
    /// What a password manager is to do with it.
    autocomplete: &'static str,
) -> impl IntoView {
    let (id, error_id) = (element_id("passphrase"), element_id("error"));
    view! {
        <div class="ds-field">
            <label class="ds-label" for=id.clone()>{label}</label>
            <input
                class="ds-input"
                type="password"
                id=id
                autocomplete=autocomplete
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=error_id.clone()
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
            <p id=error_id class="ds-validation-message" data-color="danger" role="alert">{error}</p>
        </div>
    }
}
