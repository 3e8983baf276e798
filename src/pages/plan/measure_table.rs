//! The table of a goal's measures: who leads, who takes part, when.

use leptos::prelude::*;
use plan::schema::{Goal, Measure, measure};
use plan::value::{Maturity, TimeFrame};
use plan::{Field, Id, Member};

use super::shape::GoalShape;
use super::{measure as detail, still};
use crate::derived::Derived;
use crate::document::OpenPlan;
use crate::locales::{Texts, format};
use crate::ui::{Part, PartiesField, Show, Surroundings, ValueField, each, once_drawn};

/// A row for each of `measures`.
#[component]
pub fn MeasureTable(goal: Id<Goal>, measures: Derived<Vec<String>>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let goal = plan.entity(&goal);
    let name = goal.signal(|goal: &Goal| format!("{}: {}", t.measures, goal.title));
    view! {
        <Show when=move || measures.with(|measures| !measures.is_empty())>
            <table class="plan wide" aria-label=move || name.get()>
                <thead>
                    <tr>
                        <th scope="col"><span class="ds-sr-only">{t.number}</span></th>
                        <th scope="col">{t.measure}</th>
                        <th scope="col">{t.leads}</th>
                        <th scope="col">{t.partners}</th>
                        <th scope="col">{t.time_frame}</th>
                    </tr>
                </thead>
                <tbody>
                    {each(move || measures.get(), move |id| view! { <Row id=Id::new(id) /> }.into_any())}
                </tbody>
            </table>
        </Show>
    }
}

/// The row, with its fields while it is near.
#[component]
fn Row(id: Id<Measure>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let shape = expect_context::<GoalShape>();
    let part = expect_context::<Surroundings>().part(plan.count_of_measures());
    let still = id.clone();
    view! {
        <Show
            when=move || part.is_near()
            fallback=move || {
                let id = still.clone();
                let html = move || part.html(|| still::row(plan, shape, &id, t));
                view! { <tr node_ref=part.host() inner_html=html></tr> }
            }
        >
            <Fields id=id.clone() part=part />
        </Show>
    }
}

#[component]
fn Fields(id: Id<Measure>, part: Part) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let measure = plan.entity(&id);
    let number = expect_context::<GoalShape>().number_of(&id);
    let of = move |read: fn(&Measure) -> bool| measure.signal(read);
    let deferred = of(Measure::is_deferred);
    let early = of(|measure| measure.maturity.value == Some(Maturity::Early));
    let unfinished = of(|measure| measure.maturity.value == Some(Maturity::Unfinished));
    let title = move || measure.read(|m| detail::title_or(Some(m), t));
    let leads = measure.signal(|m| m.leads.clone());
    let partners = measure.signal(|m| m.partners.clone());
    let and_others = Signal::derive(move || {
        measure
            .read(|m| m.and_others.value == Some(true))
            .then_some(t.and_others)
    });
    let time_frame = measure.value(
        |m| &m.time_frame,
        |frame| Field::Measure(measure::Field::TimeFrame(frame)),
    );
    let offers = plan.with_view(|view| {
        let period = view.plan().and_then(|plan| plan.period.value);
        let frames = period.map(|period| {
            (period.from..=period.to).map(move |from| TimeFrame::Years(from, period.to))
        });
        frames
            .into_iter()
            .flatten()
            .chain([TimeFrame::NextRevision])
            .map(|frame| format::time_frame(&frame, t))
            .collect()
    });
    let offers: Vec<String> = offers;
    let link = format!("#{}", detail::anchor(&id));
    let is_drawn = once_drawn();
    view! {
        <tr node_ref=part.host() class:later=move || deferred.get()>
            <td>{move || number.get()}</td>
            <td>
                <a class="quiet" href=move || is_drawn.get().then(|| link.clone())>{title}</a>
                <Show when=move || deferred.get()><span class="tag">{t.later}</span></Show>
                <Show when=move || early.get()><span class="tag">{t.early}</span></Show>
                <Show when=move || unfinished.get()><span class="tag">{t.unfinished}</span></Show>
            </td>
            <td data-h=t.leads>
                <PartiesField
                    id=id.as_str()
                    members=leads
                    member=|party| Member::Measure(measure::Set::Leads(party))
                    label=Signal::derive(move || (t.measure_leads)(number.get()))
                />
            </td>
            <td data-h=t.partners>
                <PartiesField
                    id=id.as_str()
                    members=partners
                    member=|party| Member::Measure(measure::Set::Partners(party))
                    label=Signal::derive(move || (t.measure_partners)(number.get()))
                    and_more=and_others
                />
            </td>
            <td data-h=t.time_frame>
                <ValueField
                    id=id.as_str()
                    value=time_frame
                    label=Signal::derive(move || (t.measure_time_frame)(number.get()))
                    placeholder="–"
                    offers=offers
                />
            </td>
        </tr>
    }
}
