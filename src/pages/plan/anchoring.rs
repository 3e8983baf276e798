//! When each party's bodies treat the plan.

use leptos::prelude::*;
use plan::schema::{Anchoring, Party, anchoring};
use plan::value::Body;
use plan::{Field, Id, PlanView};

use super::log::DATE;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::{Show, ValueField, each};

/// A row for each party, a column for each body that any of them has.
#[component]
pub fn AnchoringTable() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let parties = plan.list(|view| view.anchoring().into_iter().map(|row| row.party).collect());
    let bodies = plan.derive(|view| {
        let used: Vec<Body> = view
            .anchoring()
            .into_iter()
            .flat_map(|row| row.events.into_keys())
            .collect();
        Body::ALL
            .iter()
            .copied()
            .filter(|body| used.contains(body))
            .collect::<Vec<_>>()
    });
    view! {
        <Show when=move || parties.with(|parties| !parties.is_empty())>
            <table class="plan even wide">
                <thead>
                    <tr>
                        <th scope="col">{t.party}</th>
                        <For each=move || bodies.get() key=|body| *body let:body>
                            <th scope="col">{(t.body)(body)}</th>
                        </For>
                    </tr>
                </thead>
                <tbody>
                    {each(move || parties.get(), move |id| view! { <Row party=Id::new(id) bodies=bodies /> }.into_any())}
                </tbody>
            </table>
        </Show>
    }
}

#[component]
fn Row(party: Id<Party>, bodies: Memo<Vec<Body>>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let name = {
        let party = party.clone();
        plan.derive(move |view| view.party_name(&party))
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <For each=move || bodies.get() key=|body| *body let:body>
                {
                    let event = plan.with_view(|view| event_of(view, &party, body));
                    view! { <td data-h=(t.body)(body)>{event.map(|id| view! { <DateField id=id body=body name=name /> })}</td> }
                }
            </For>
        </tr>
    }
}

fn event_of(view: &PlanView, party: &Id<Party>, body: Body) -> Option<Id<Anchoring>> {
    let row = view
        .anchoring()
        .into_iter()
        .find(|row| row.party == *party)?;
    row.events.get(&body).map(|event| event.id.clone())
}

#[component]
fn DateField(id: Id<Anchoring>, body: Body, name: Memo<String>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let event = plan.entity(&id);
    let date = event.signal(|e| e.date.clone());
    view! {
        <ValueField
            id=id.as_str()
            value=date
            kind=DATE
            field=|date| Field::Anchoring(anchoring::Field::Date(date))
            label=Signal::derive(move || (t.anchoring_date)((t.body)(body), &name.get()))
            placeholder="–"
        />
    }
}
