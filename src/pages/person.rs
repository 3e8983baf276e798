//! The two questions everyone is asked: name and party.

use leptos::prelude::*;
use plan::template::known_parties;

use crate::app::App;
use crate::device::Profile;
use crate::locales::Texts;
use crate::ui::element_id;

/// The form. It keeps what is written when it is sent, and says what is missing.
#[component]
pub fn PersonForm(
    /// The words on the button.
    send: &'static str,
    /// Told when the answers are kept.
    on_kept: Callback<()>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let profile = app.profile.get_untracked();
    let name = RwSignal::new(profile.name);
    let party = RwSignal::new(profile.party);
    let tried = RwSignal::new(false);
    let missing =
        move |value: RwSignal<String>| tried.get() && value.with(|value| value.trim().is_empty());
    let (name_id, party_id, list) = (
        element_id("name"),
        element_id("party"),
        element_id("parties"),
    );
    let keep = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let (name, party) = (name.get_untracked(), party.get_untracked());
        if name.trim().is_empty() || party.trim().is_empty() {
            return;
        }
        let locale = app.profile.with_untracked(|profile| profile.locale);
        let theme = app.profile.with_untracked(|profile| profile.theme);
        let answers = Profile {
            name: name.trim().to_owned(),
            party: party.trim().to_owned(),
            locale,
            theme,
        };
        // Where the browser keeps nothing, the answers still hold for this visit.
        let _ = answers.save();
        app.profile.set(answers);
        on_kept.run(());
    };
    let options = known_parties()
        .iter()
        .map(|known| view! { <option value=known.name.clone()></option> });
    view! {
        <form on:submit=keep novalidate>
            <Answer id=name_id label=t.your_name value=name error=t.your_name_needed missing=Signal::derive(move || missing(name)) autocomplete="name" />
            <Answer
                id=party_id
                label=t.your_party
                what=t.your_party_what
                value=party
                error=t.your_party_needed
                missing=Signal::derive(move || missing(party))
                list=list.clone()
                autocomplete="organization"
            />
            <datalist id=list>{options.collect_view()}</datalist>
            <p class="actions"><button class="ds-button" type="submit">{send}</button></p>
        </form>
    }
}

#[component]
fn Answer(
    id: String,
    label: &'static str,
    #[prop(optional)] what: &'static str,
    value: RwSignal<String>,
    error: &'static str,
    missing: Signal<bool>,
    #[prop(optional)] list: String,
    autocomplete: &'static str,
) -> impl IntoView {
    let about = format!("{id}-about");
    view! {
        <div class="ds-field">
            <label class="ds-label" for=id.clone()>{label}</label>
            <input
                class="ds-input"
                type="text"
                id=id
                list=(!list.is_empty()).then_some(list)
                autocomplete=autocomplete
                aria-describedby=about.clone()
                aria-invalid=move || missing.get().then_some("true")
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
            <p class="meta" id=about>
                {what}
                <span class="ds-validation-message" data-color="danger">{move || missing.get().then_some(error)}</span>
            </p>
        </div>
    }
}
