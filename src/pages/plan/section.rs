//! A section of a measure: its heading and its text.

use leptos::prelude::*;
use plan::schema::{Section, section};
use plan::value::SectionKind;
use plan::{Id, TextField};

use crate::derived::Derived;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::{BodyField, TextInput, TextOf};

/// The usual name of a kind of section.
pub fn section_name(kind: SectionKind, t: &Texts) -> &'static str {
    (t.section)(kind)
}

#[component]
pub fn SectionField(id: Id<Section>, number: Derived<usize>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let section = plan.entity(&id);
    let kind = move || section.read(|s| s.kind.value).unwrap_or(SectionKind::Free);
    let heading = section.signal(|s| s.heading.clone());
    let name = move || {
        heading.with(|h| {
            if h.is_empty() {
                section_name(kind(), t).to_owned()
            } else {
                h.clone()
            }
        })
    };
    let body = section.signal(|s| s.body.clone());
    view! {
        <h4 class:free=move || kind() == SectionKind::Free>
            <TextInput
                of=TextOf::new(&id, TextField::Section(section::Text::Heading))
                text=heading
                label=Signal::derive(move || (t.section_of)(t.section_heading, number.get()))
                placeholder=section_name(kind(), t)
            />
        </h4>
        <BodyField
            of=TextOf::new(&id, TextField::Section(section::Text::Body))
            text=body
            label=Signal::derive(move || (t.section_of)(&name(), number.get()))
        />
    }
}
