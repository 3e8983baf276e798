//! «Nye nøklar»: moves the plan away from old links and from who is to leave.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::closing::Access;
use sync::ids::{DeviceId, PlanId};

use crate::app::App;
use crate::document::{MoveFault, MoveStage, OpenPlan};
use crate::locales::Texts;
use crate::route::Navigator;
use crate::ui::{Show, load};

/// What is to be for a member under the new keys.
#[derive(Clone, Copy, PartialEq)]
struct Choice {
    device: DeviceId,
    access: Option<Access>,
}

/// The form that moves the plan, or what can be done about a move that stopped.
#[component]
pub fn NewKeys() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    let navigator = expect_context::<Navigator>();
    let stage = load(async move { plan.move_under_way(app).await.ok().flatten() });
    let working = RwSignal::new(false);
    let wrong = RwSignal::new(None::<&'static str>);
    let ended = move |moved: Result<PlanId, MoveFault>| {
        // Gone when the page was left meanwhile.
        working.try_set(false);
        match moved {
            Ok(id) => navigator.go(&format!("/plan/{id}")),
            Err(fault) => {
                let words = match fault {
                    MoveFault::Open(error) => error.words(t),
                    MoveFault::NotSynchronised => seldom.move_not_synchronised,
                    MoveFault::Stopped => seldom.move_stopped,
                };
                wrong.try_set(Some(words));
                spawn_local(async move {
                    stage.try_set(plan.move_under_way(app).await.ok());
                });
            }
        }
    };
    let begin = move |chosen: Vec<(DeviceId, Access)>| {
        working.set(true);
        wrong.set(None);
        spawn_local(async move { ended(plan.move_to_new_keys(app, chosen).await) });
    };
    let go_on = move |_| {
        working.set(true);
        wrong.set(None);
        spawn_local(async move { ended(plan.go_on_moving(app).await) });
    };
    let give_up = move |_| {
        wrong.set(None);
        spawn_local(async move {
            if let Err(error) = plan.give_up_moving(app).await {
                wrong.try_set(Some(error.words(t)));
            }
            stage.try_set(plan.move_under_way(app).await.ok());
        });
    };
    let idle = move || !working.get();
    view! {
        <h3>{seldom.new_keys}</h3>
        <p class="meta">{seldom.new_keys_what}</p>
        {move || match stage.get() {
            None => ().into_any(),
            Some(None) => view! { <Show when=idle><Members on_chosen=Callback::new(begin) /></Show> }.into_any(),
            Some(Some(stage)) => {
                view! {
                    <Show when=idle>
                        <p>{seldom.move_under_way}</p>
                        <p class="actions">
                            <button class="ds-button" type="button" on:click=go_on>{seldom.go_on_moving}</button>
                            <Show when=move || stage == MoveStage::Begun>
                                <button class="ds-button" data-variant="tertiary" type="button" on:click=give_up>
                                    {seldom.give_up_moving}
                                </button>
                            </Show>
                        </p>
                    </Show>
                }
                    .into_any()
            }
        }}
        <p role="status">{move || working.get().then_some(seldom.moving)}</p>
        <Show when=move || wrong.with(Option::is_some)>
            <p class="notice danger" role="alert">{wrong}</p>
        </Show>
    }
}

/// Asks who comes along, and as what.
#[component]
fn Members(on_chosen: Callback<Vec<(DeviceId, Access)>>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let seldom = expect_context::<&'static Texts>().seldom();
    let open = RwSignal::new(false);
    let members = plan.members();
    let no_members = members.is_empty();
    let choices: Vec<RwSignal<Choice>> = members
        .iter()
        .map(|member| {
            RwSignal::new(Choice {
                device: member.device,
                access: Some(Access::Write),
            })
        })
        .collect();
    let rows = members.into_iter().zip(choices.clone());
    let rows = rows.map(|(member, choice)| {
        let chosen = move |access| move || choice.get().access == access;
        let choose = move |event| {
            let access = match event_target_value(&event).as_str() {
                "write" => Some(Access::Write),
                "read" => Some(Access::Read),
                _ => None,
            };
            choice.update(|choice| choice.access = access);
        };
        view! {
            <li>
                <label>
                    <span>{member.name}</span>
                    <select class="ds-input" on:change=choose>
                        <option value="write" selected=chosen(Some(Access::Write))>{seldom.may_write}</option>
                        <option value="read" selected=chosen(Some(Access::Read))>{seldom.may_read}</option>
                        <option value="" selected=chosen(None)>{seldom.left_out}</option>
                    </select>
                </label>
            </li>
        }
    });
    let rows = rows.collect_view();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = choices.iter().map(|choice| choice.get_untracked());
        let chosen = chosen.filter_map(|choice| Some((choice.device, choice.access?)));
        on_chosen.run(chosen.collect());
    };
    view! {
        <p class="actions">
            <button
                class="ds-button"
                data-variant="secondary"
                type="button"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {seldom.move_plan}
            </button>
        </p>
        <form hidden=move || !open.get() on:submit=submit>
            {no_members.then(|| view! { <p>{seldom.no_members}</p> })}
            <ul class="members">{rows}</ul>
            <p class="actions">
                <button class="ds-button" type="submit">{seldom.move_now}</button>
            </p>
        </form>
    }
}
