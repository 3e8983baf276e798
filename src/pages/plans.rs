//! The plans on this device, and the ways to another one.

use leptos::prelude::*;
use sync::ids::PlanId;

use super::new_plan::NewPlan;
use super::open_file::OpenFile;
use crate::app::{App, fetch_the_rest};
use crate::device::PlanRecord;
use crate::document;
use crate::locales::Texts;
use crate::ui::moment::moment;
use crate::ui::{Bar, Dialog, Footer, load, set_page_title};

#[component]
pub fn Plans() -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    set_page_title(t.your_plans);
    fetch_the_rest();
    let creating = RwSignal::new(false);
    let plans = load(async move { app.storage().plans().await });
    let again = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            let kept = app.storage().plans().await;
            plans.try_set(Some(kept));
        });
    });
    view! {
        <Bar home=true>
            <a class="ds-button" data-variant="tertiary" href="/settings">{t.settings}</a>
        </Bar>
        <main class="page" id="content">
            <h1>{t.your_plans}</h1>
            {move || match plans.get() {
                None => view! { <p role="status">{t.loading}</p> }.into_any(),
                Some(Ok(plans)) => list(plans.records, t).into_any(),
                Some(Err(error)) => view! { <p class="notice danger" role="alert">{document::storage_words(&error, t)}</p> }.into_any(),
            }}
            <div class="actions">
                <button class="ds-button" type="button" on:click=move |_| creating.set(true)>{t.new_plan}</button>
                <a class="ds-button" data-variant="secondary" href="/join">{t.join_plan}</a>
                <OpenFile on_change=again />
            </div>
        </main>
        <Footer />
        <Dialog open=creating title=Signal::stored(t.new_plan.to_owned())>
            <NewPlan />
        </Dialog>
    }
}

fn list(mut plans: Vec<PlanRecord>, t: &'static Texts) -> impl IntoView {
    // One that was moved goes on under its new keys, and one that is on its way
    // there has not come yet.
    let coming: Vec<PlanId> = plans.iter().filter_map(PlanRecord::comes_as).collect();
    plans.retain(|plan| plan.moved_to.is_none() && !coming.contains(&plan.id()));
    plans.sort_by_key(|plan| std::cmp::Reverse(plan.changed_at));
    if plans.is_empty() {
        return view! { <p>{t.no_plans}</p> }.into_any();
    }
    let items = plans.into_iter().map(|plan| {
        let title = if plan.title.is_empty() {
            t.untitled.to_owned()
        } else {
            plan.title.clone()
        };
        let when = (t.changed_at)(&moment(plan.changed_at, t));
        let read_only = (!plan.keys.can_write()).then(|| format!(" · {}", t.read_only));
        view! {
            <li>
                <a href=format!("/plan/{}", plan.id())>
                    <strong>{title}</strong>
                    <span class="meta">{when}{read_only}</span>
                </a>
            </li>
        }
    });
    view! { <ul class="plans">{items.collect_view()}</ul> }.into_any()
}
