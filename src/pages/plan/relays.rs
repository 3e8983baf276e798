//! «Formidlarar»: at which relays the plan is kept.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::relay_url::RelayUrl;

use crate::device::answers;
use crate::document::{OpenPlan, PlanStatus};
use crate::locales::Texts;
use crate::ui::{Show, element_id};

/// The plan's relays, and how another is named or one is left.
#[component]
pub fn Relays() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let seldom = expect_context::<&'static Texts>().seldom();
    let relays = plan.shown_relays();
    let address = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<&'static str>);
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(relay) = RelayUrl::parse(address.get_untracked().trim()) else {
            return wrong.set(Some(seldom.relay_no_address));
        };
        wrong.set(None);
        spawn_local(async move {
            // Before it is named: an address that leads nowhere is named to no one.
            if !answers(&relay.socket_url()).await {
                wrong.try_set(Some(seldom.relay_silent));
                return;
            }
            plan.name_relay(relay);
            address.try_set(String::new());
        });
    };
    let leave = move |relay: &RelayUrl| {
        // What is only at a relay that is being left must have come here first.
        if !plan.status().with_untracked(PlanStatus::is_at_relay) {
            return wrong.set(Some(seldom.relay_not_yet));
        }
        wrong.set(None);
        plan.forget_relay(relay);
    };
    let items = move || {
        let all = relays.get();
        let can_leave = all.len() > 1 && plan.is_writable();
        let items = all.into_iter().map(|relay| {
            let name = relay.to_string();
            let label = (seldom.leave_relay)(&name);
            view! {
                <li>
                    {name}
                    {can_leave.then(|| view! {
                        <button
                            class="ds-button"
                            data-variant="tertiary"
                            type="button"
                            aria-label=label
                            on:click=move |_| leave(&relay)
                        >
                            {seldom.remove_relay}
                        </button>
                    })}
                </li>
            }
        });
        items.collect_view()
    };
    let (id, error_id) = (element_id("relay"), element_id("error"));
    view! {
        <h3>{seldom.relays}</h3>
        <p class="meta">{seldom.relays_what}</p>
        <ul class="relays">{items}</ul>
        <Show when=move || plan.is_writable()>
            <form on:submit=add>
                <div class="ds-field">
                    <label class="ds-label" for=id.clone()>{seldom.other_relay}</label>
                    <input
                        class="ds-input"
                        type="text"
                        inputmode="url"
                        id=id.clone()
                        placeholder="https://"
                        aria-invalid=move || wrong.get().map(|_| "true")
                        aria-describedby=error_id.clone()
                        prop:value=address
                        on:input=move |event| address.set(event_target_value(&event))
                    />
                    <p id=error_id.clone() class="ds-validation-message" data-color="danger" role="alert">{wrong}</p>
                </div>
                <p class="actions">
                    <button class="ds-button" data-variant="secondary" type="submit">{seldom.add_relay}</button>
                </p>
            </form>
        </Show>
    }
}
