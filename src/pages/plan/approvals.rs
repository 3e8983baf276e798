//! Who has approved the plan, and whether it is still what they approved.

use leptos::prelude::*;
use plan::schema::{Party, approval};
use plan::value::PartialDate;
use plan::{Edit, EntityKind, EntityRef, Field, Id, Place};

use crate::derived::Derived;
use crate::device::new_id;
use crate::document::OpenPlan;
use crate::locales::{Texts, format};
use crate::ui::{Show, each, element_id};

/// A row for each party whose approval is asked for.
#[component]
pub fn ApprovalTable() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let parties = plan.list(|view| view.approvals().into_iter().map(|row| row.party).collect());
    let blocked = plan.derive(|view| !view.clashes().is_empty());
    view! {
        <Show when=move || blocked.get()><p class="notice">{t.approval_blocked}</p></Show>
        <Show when=move || parties.with(|parties| !parties.is_empty())>
            <table class="plan even wide">
                <thead>
                    <tr>
                        <th scope="col">{t.approval_party}</th>
                        <th scope="col">{t.approval_date}</th>
                    </tr>
                </thead>
                <tbody>
                    {each(move || parties.get(), move |id| view! { <Row party=Id::new(id) blocked=blocked /> }.into_any())}
                </tbody>
            </table>
        </Show>
    }
}

#[component]
fn Row(party: Id<Party>, blocked: Derived<bool>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let name = {
        let party = party.clone();
        plan.derive(move |view| view.party_name(&party))
    };
    let latest = {
        let party = party.clone();
        plan.derive(move |view| {
            view.approvals()
                .into_iter()
                .find(|row| row.party == party)
                .and_then(|row| row.approval)
        })
    };
    let given = move || {
        latest.get().map(|approval| {
            let date = approval.date.value.map(|date| format::date(&date, t)).unwrap_or_default();
            let changed = Derived::new(move || plan.changed_since(&approval));
            view! {
                <span>{date}</span>
                <Show when=move || changed.get()><span class="tag">{t.approved_changed}</span></Show>
            }
        })
    };
    view! {
        <tr>
            <th scope="row">{move || name.get()}</th>
            <td data-h=t.approval_date>
                {given}
                <Show when=move || plan.is_writable() && !blocked.get()>
                    <Approve party=party.clone() name=name />
                </Show>
                <Show when=move || latest.with(Option::is_none) && (!plan.is_writable() || blocked.get())>
                    <span class="meta">{t.not_approved}</span>
                </Show>
            </td>
        </tr>
    }
}

/// A date written here is an approval of the plan exactly as it stands.
#[component]
fn Approve(party: Id<Party>, name: Derived<String>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let error = RwSignal::new(false);
    let error_id = element_id("error");
    let approve = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        let date = format::parse_date(&text);
        error.set(date.is_none() && !text.trim().is_empty());
        if let Some(date) = date {
            plan.edit_one(approval_of(plan, &party, date));
        }
    };
    view! {
        <input
            class="edit"
            type="text"
            placeholder="–"
            aria-label=move || (t.approve)(&name.get())
            aria-invalid=move || error.get().then_some("true")
            aria-describedby=error_id.clone()
            on:change=approve
        />
        <span id=error_id class="ds-validation-message" data-color="danger" role="alert">
            {move || error.get().then_some(t.date_unreadable)}
        </span>
    }
}

fn approval_of(plan: OpenPlan, party: &Id<Party>, date: PartialDate) -> Edit {
    let version = plan.with_view(|view| {
        view.all::<plan::schema::LogEntry>()
            .last()
            .and_then(|row| row.version.value.clone())
    });
    let fields = [
        approval::Field::Party(Some(party.clone())),
        approval::Field::Date(Some(date)),
        approval::Field::Version(version),
        approval::Field::Heads(Some(plan.version_to_approve())),
    ];
    let entity = EntityRef::new(EntityKind::Approval, new_id());
    Edit::Add {
        entity,
        place: Place::Last,
        fields: fields.into_iter().map(Field::Approval).collect(),
    }
}
