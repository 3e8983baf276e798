//! The chapters, each with its heading, its text and the tables it shows.

use leptos::prelude::*;
use plan::schema::{Chapter, chapter};
use plan::value::TableKind;
use plan::{Id, TextField};

use super::anchoring::AnchoringTable;
use super::approvals::ApprovalTable;
use super::goal::Goals;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::{BodyField, Show, TextInput, TextOf, each};

/// All chapters.
#[component]
pub fn Chapters() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let chapters = plan.list(|view| {
        view.chapters()
            .into_iter()
            .map(|(_, c)| c.id.clone())
            .collect()
    });
    view! {
        {each(move || chapters.get(), move |id| view! { <ChapterSection id=Id::new(id) /> }.into_any())}
    }
}

/// How the anchors of chapters begin.
pub const ANCHOR: &str = "chapter-";

/// The anchor of a chapter on the page.
pub fn anchor(id: &Id<Chapter>) -> String {
    format!("{ANCHOR}{id}")
}

#[component]
fn ChapterSection(id: Id<Chapter>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let chapter = plan.entity(&id);
    let number = {
        let id = id.clone();
        plan.derive(move |view| view.chapter_number(&id).unwrap_or_default())
    };
    let heading = chapter.signal(|c| c.heading.clone());
    let body = chapter.signal(|c| c.body.clone());
    let shows = move |table: TableKind| chapter.signal(move |c| c.tables.contains(&table));
    let (measures, anchoring, approvals) = (
        shows(TableKind::Measures),
        shows(TableKind::Anchoring),
        shows(TableKind::Approvals),
    );
    view! {
        <section id=anchor(&id) tabindex="-1">
            <h2 class="chapter">
                <span class="n">{move || number.get()}</span>
                <TextInput
                    of=TextOf::new(&id, TextField::Chapter(chapter::Text::Heading))
                    text=heading
                    label=Signal::derive(move || (t.chapter_heading)(number.get()))
                />
            </h2>
            <BodyField
                of=TextOf::new(&id, TextField::Chapter(chapter::Text::Body))
                text=body
                label=Signal::derive(move || (t.chapter_text)(number.get()))
            />
        </section>
        <Show when=move || measures.get()><Goals /></Show>
        <Show when=move || anchoring.get()><AnchoringTable /></Show>
        <Show when=move || approvals.get()><ApprovalTable /></Show>
    }
}
