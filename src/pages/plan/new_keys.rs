//! «Nye nøklar»: moves the plan away from old links and from who is to leave.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::closing::Access;
use sync::ids::DeviceId;

use crate::app::App;
use crate::document::{MoveFault, MoveStage, OpenPlan};
use crate::locales::Texts;
use crate::route::Navigator;
use crate::ui::{Show, load};

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
    // Gone when the page was left meanwhile.
    let failed = move |words: &'static str| {
        wrong.try_set(Some(words));
        spawn_local(async move {
            stage.try_set(plan.move_under_way(app).await.ok());
        });
    };
    // With those who are chosen, or with those of the move that is under way.
    let move_on = move |chosen: Option<Vec<Chosen>>| {
        working.set(true);
        wrong.set(None);
        spawn_local(async move {
            let moved = match chosen {
                Some(chosen) => plan.move_to_new_keys(app, chosen).await,
                None => plan.go_on_moving(app).await,
            };
            working.try_set(false);
            match moved {
                Ok(id) => navigator.go(&format!("/plan/{id}")),
                Err(MoveFault::Open(error)) => failed(error.words(t)),
                Err(MoveFault::NotSynchronised) => failed(seldom.move_not_synchronised),
                Err(MoveFault::Stopped) => failed(seldom.move_stopped),
            }
        });
    };
    let give_up = move |_| {
        wrong.set(None);
        spawn_local(async move {
            match plan.give_up_moving(app).await {
                Ok(()) => drop(stage.try_set(Some(None))),
                Err(error) => failed(error.words(t)),
            }
        });
    };
    let idle = move || !working.get();
    view! {
        <h3>{seldom.new_keys}</h3>
        <p class="meta">{seldom.new_keys_what}</p>
        {move || match stage.get() {
            None => ().into_any(),
            Some(None) => view! { <Show when=idle><Members on_chosen=Callback::new(move |chosen| move_on(Some(chosen))) /></Show> }.into_any(),
            Some(Some(stage)) => {
                view! {
                    <Show when=idle>
                        <p>{seldom.move_under_way}</p>
                        <p class="actions">
                            <button class="ds-button" type="button" on:click=move |_| move_on(None)>{seldom.go_on_moving}</button>
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

/// A device that is to follow, and what it may do.
type Chosen = (DeviceId, Access);

/// Asks who comes along, and as what.
#[component]
fn Members(on_chosen: Callback<Vec<Chosen>>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let seldom = expect_context::<&'static Texts>().seldom();
    let open = RwSignal::new(false);
    let (choices, rows): (Vec<_>, Vec<_>) = plan
        .members()
        .into_iter()
        .map(|member| {
            let access = RwSignal::new(Some(Access::Write));
            let is = move |choice| move || access.get() == choice;
            let choose = move |event| {
                access.set(match event_target_value(&event).as_str() {
                    "write" => Some(Access::Write),
                    "read" => Some(Access::Read),
                    _ => None,
                });
            };
            let row = view! {
                <li>
                    <label>
                        <span>{member.name}</span>
                        <select class="ds-input" on:change=choose>
                            <option value="write" selected=is(Some(Access::Write))>{seldom.may_write}</option>
                            <option value="read" selected=is(Some(Access::Read))>{seldom.may_read}</option>
                            <option value="" selected=is(None)>{seldom.left_out}</option>
                        </select>
                    </label>
                </li>
            };
            ((member.device, access), row)
        })
        .unzip();
    let no_members = rows.is_empty();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let choices = choices.iter();
        let chosen =
            choices.filter_map(|(device, access)| Some((*device, access.get_untracked()?)));
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
