//! When each party's bodies treat the plan.

use std::sync::Arc;

use leptos::prelude::*;
use plan::schema::{Anchoring, Party, anchoring};
use plan::value::Body;
use plan::{Field, Id, PlanView};

use crate::derived::Derived;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::{Item, Show, ValueField, each, items};

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
            <table class="plan even wide" id="anchoring" tabindex="-1" aria-label=t.anchoring>
                <thead>
                    <tr>
                        <th scope="col">{t.party}</th>
                        {cells(bodies, move |body| view! { <th scope="col">{(t.body)(body)}</th> }.into_any())}
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
fn Row(party: Id<Party>, bodies: Derived<Vec<Body>>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let name = {
        let party = party.clone();
        plan.derive(move |view| view.party_name(&party))
    };
    view! {
        <tr>
            <th scope="row">{move || name.get()}</th>
            {cells(bodies, move |body| {
                let party = party.clone();
                let event = plan.derive(move |view| event_of(view, &party, body));
                view! {
                    <td data-h=(t.body)(body)>
                        {move || event.get().map(|id| view! { <DateField id=id body=body name=name /> })}
                    </td>
                }
                    .into_any()
            })}
        </tr>
    }
}

/// A cell for each body.
fn cells(
    bodies: Derived<Vec<Body>>,
    cell: impl Fn(Body) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let t = expect_context::<&'static Texts>();
    let cell = Arc::new(cell);
    let item = move |body: Body| {
        let cell = Arc::clone(&cell);
        Item::new((t.body)(body), move || cell(body))
    };
    items(move || bodies.get().into_iter().map(&item).collect())
}

fn event_of(view: &PlanView, party: &Id<Party>, body: Body) -> Option<Id<Anchoring>> {
    let row = view
        .anchoring()
        .into_iter()
        .find(|row| row.party == *party)?;
    row.events.get(&body).map(|event| event.id.clone())
}

#[component]
fn DateField(id: Id<Anchoring>, body: Body, name: Derived<String>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let event = plan.entity(&id);
    let date = event.value(
        |e| &e.date,
        |date| Field::Anchoring(anchoring::Field::Date(date)),
    );
    view! {
        <ValueField
            id=id.as_str()
            value=date
            label=Signal::derive(move || (t.anchoring_date)((t.body)(body), &name.get()))
            placeholder="–"
        />
    }
}
