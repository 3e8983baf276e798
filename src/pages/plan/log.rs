//! The version log.

use leptos::prelude::*;
use plan::schema::{LogEntry, log_entry};
use plan::{Edit, EntityKind, EntityRef, Field, Id, Place, TextField, party_id};

use crate::device::new_id;
use crate::document::OpenPlan;
use crate::locales::{Texts, value};
use crate::ui::{Choices, Show, TextInput, TextOf, ValueField, each};

/// The log, folded away while it is not what one came for.
#[component]
pub fn Log() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let rows = plan.list(|view| {
        view.all::<LogEntry>()
            .into_iter()
            .map(|row| row.id.clone())
            .collect()
    });
    let add = move |_| {
        let entity = EntityRef::new(EntityKind::LogEntry, new_id());
        plan.edit_one(Edit::Add {
            entity,
            place: Place::Last,
            fields: vec![],
        });
    };
    view! {
        <details class="log wide" id="log">
            <summary>{t.log}" ("{move || rows.with(Vec::len)}")"</summary>
            <table class="plan even" aria-label=t.log>
                <thead>
                    <tr>
                        <th scope="col">{t.log_version}</th>
                        <th scope="col">{t.log_label}</th>
                        <th scope="col">{t.log_date}</th>
                        <th scope="col">{t.log_status}</th>
                        <th scope="col">{t.log_changed_by}</th>
                    </tr>
                </thead>
                <tbody>
                    {each(move || rows.get(), move |id| view! { <Row id=Id::new(id) /> }.into_any())}
                </tbody>
            </table>
            <Show when=move || plan.is_writable()>
                <button class="add" type="button" on:click=add>"+ "{t.add_log_row}</button>
            </Show>
        </details>
    }
}

#[component]
fn Row(id: Id<LogEntry>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let row = plan.entity(&id);
    let version = row.value(
        |r| &r.version,
        |version| Field::LogEntry(log_entry::Field::Version(version)),
    );
    let date = row.value(
        |r| &r.date,
        |date| Field::LogEntry(log_entry::Field::Date(date)),
    );
    let label = row.signal(|r| r.label.clone());
    let status = row.signal(|r| r.status.clone());
    let named = move |what: &'static str| {
        Signal::derive(move || {
            let version = row.read(|r| r.version.value.clone().unwrap_or_default());
            format!("{what}, {} {version}", t.log)
        })
    };
    let changed_by = {
        // Shown by name and kept by id, so that it follows the party.
        let party = row.value(
            |r| &r.changed_by,
            |party| Field::LogEntry(log_entry::Field::ChangedBy(party)),
        );
        let name = move || {
            let field = party.with(|party| party.field.clone());
            plan.with_view(|view| value::words(&field, view, t))
        };
        let chosen_among = id.clone();
        let clash = move || {
            let choices = party.with(|party| party.clash.clone());
            (!choices.is_empty()).then(|| {
                let id = chosen_among.to_string();
                view! { <Choices id=id choices=choices label=named(t.log_changed_by) /> }
            })
        };
        let id = id.clone();
        let set = move |text: String| {
            let text = text.trim().to_owned();
            let known = plan.with_view(|view| view.find_party(&text).map(|party| party.id.clone()));
            let mut edits = Vec::new();
            let party = (!text.is_empty()).then(|| {
                known.unwrap_or_else(|| {
                    let new = party_id(&text);
                    edits.extend(crate::pages::party_edits(&new, &text));
                    new
                })
            });
            let field = Field::LogEntry(log_entry::Field::ChangedBy(party));
            edits.push(Edit::Set {
                id: id.to_string(),
                field,
            });
            plan.edit(edits);
        };
        view! {
            <input
                class="edit"
                type="text"
                aria-label=named(t.log_changed_by)
                readonly=move || !plan.is_writable()
                prop:value=name
                on:change=move |event| set(event_target_value(&event))
            />
            {clash}
        }
    };
    let free = {
        let id = id.clone();
        plan.derive(move |view| view.free_version(&id))
    };
    view! {
        <tr>
            <td data-h=t.log_version>
                <ValueField
                    id=id.as_str()
                    value=version
                    label=named(t.log_version)
                />
                {move || free.get().map(|free| view! { <small class="meta">{(t.version_taken)(&free)}</small> })}
            </td>
            <td data-h=t.log_label>
                <TextInput
                    of=TextOf::new(&id, TextField::LogEntry(log_entry::Text::Label))
                    text=label
                    label=named(t.log_label)
                />
            </td>
            <td data-h=t.log_date>
                <ValueField
                    id=id.as_str()
                    value=date
                    label=named(t.log_date)
                />
            </td>
            <td data-h=t.log_status>
                <TextInput
                    of=TextOf::new(&id, TextField::LogEntry(log_entry::Text::Status))
                    text=status
                    label=named(t.log_status)
                />
            </td>
            <td data-h=t.log_changed_by>{changed_by}</td>
        </tr>
    }
}
