//! What is said of the plan, part by part.

use leptos::html::Textarea;
use leptos::prelude::*;
use plan::schema::{Note, note};
use plan::value::NoteKind;
use plan::{Edit, EntityKind, EntityRef, Field, Id, Place, TextField};

use super::panel::Beside;
use super::place::place;
use crate::device::new_id;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::moment::moment;
use crate::ui::{Item, Show, element_id, items, prose};

/// The comments, and a field for a new one on the part that was chosen.
#[component]
pub fn Comments() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let seldom = expect_context::<&'static Texts>().seldom();
    let beside = expect_context::<Beside>();
    let threads = plan.derive(|view| {
        let threads = view.comments().into_iter().map(|thread| {
            let notes = thread.comments.iter().map(|note| note.id.clone());
            (thread.about, notes.collect::<Vec<_>>())
        });
        threads.collect::<Vec<_>>()
    });
    let cards = move || {
        let cards = threads.get().into_iter().map(|(about, notes)| {
            let names: Vec<&str> = notes.iter().map(Id::as_str).collect();
            Item::new(format!("{about} {}", names.join(" ")), move || {
                view! { <Thread about=about.clone() notes=notes.clone() /> }.into_any()
            })
        });
        cards.collect()
    };
    view! {
        {move || beside.about.get().map(|about| view! { <NewComment about=about /> })}
        <Show when=move || threads.with(Vec::is_empty) && beside.about.with(Option::is_none)>
            <p class="meta">{seldom.no_comments}</p>
        </Show>
        {items(cards)}
    }
}

/// What is said of one part, with a way to answer.
#[component]
fn Thread(about: EntityRef, notes: Vec<Id<Note>>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    let beside = expect_context::<Beside>();
    let (name, anchor) = plan.with_view(|view| place(view, &about, t));
    let answer = format!("{}: {name}", seldom.answer);
    let notes = notes.into_iter().map(|id| view! { <Comment id=id /> });
    view! {
        <section class="card">
            <h3><a href=format!("#{anchor}") on:click=move |_| beside.back()>{name}</a></h3>
            {notes.collect::<Vec<_>>()}
            <Show when=move || plan.is_writable()>
                <button
                    class="ds-button"
                    data-variant="tertiary"
                    type="button"
                    aria-label=answer.clone()
                    on:click={
                        let about = about.clone();
                        move |_| beside.comment_on(about.clone())
                    }
                >
                    {seldom.answer}
                </button>
            </Show>
        </section>
    }
}

#[component]
fn Comment(id: Id<Note>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    let entity = EntityRef::new(EntityKind::Note, id.as_str());
    let who = plan.begun_by(&entity).map(|by| {
        let when = by.at.map(|at| format!(" · {}", moment(at, t)));
        format!("{}{}", plan.hand(&by, t), when.unwrap_or_default())
    });
    let text = move || plan.read(&id, |note| note.map(|note| prose::html(&note.body, &[])));
    view! {
        <div class="comment">
            <div class="row">
                <span>{who}</span>
                <Show when=move || plan.is_writable()>
                    <button
                        class="ds-button"
                        data-variant="tertiary"
                        type="button"
                        on:click={
                            let entity = entity.clone();
                            move |_| plan.edit_one(Edit::Delete(entity.clone()))
                        }
                    >
                        {seldom.settle}
                    </button>
                </Show>
            </div>
            <div class="prose" inner_html=text></div>
        </div>
    }
}

#[component]
fn NewComment(about: EntityRef) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    let beside = expect_context::<Beside>();
    let (name, _) = plan.with_view(|view| place(view, &about, t));
    let field = NodeRef::<Textarea>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            // Fails only for what can't have the focus.
            let _ = field.focus();
        }
    });
    let id = element_id("comment");
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = field
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default();
        if !words.trim().is_empty() {
            plan.edit(comment(&about, words.trim()));
            plan.save_now();
        }
        beside.about.set(None);
    };
    view! {
        <form class="card" on:submit=add>
            <label class="ds-label" for=id.clone()>{(t.comment_on)(&name)}</label>
            <textarea class="ds-input" rows="4" id=id node_ref=field></textarea>
            <p class="actions">
                <button class="ds-button" type="submit">{seldom.add_comment}</button>
                <button
                    class="ds-button"
                    data-variant="secondary"
                    type="button"
                    on:click=move |_| beside.about.set(None)
                >
                    {seldom.cancel}
                </button>
            </p>
        </form>
    }
}

fn comment(about: &EntityRef, words: &str) -> [Edit; 2] {
    let id = new_id();
    let fields = [
        note::Field::Kind(Some(NoteKind::Comment)),
        note::Field::Anchor(Some(about.anchor())),
    ];
    let add = Edit::Add {
        entity: EntityRef::new(EntityKind::Note, &id),
        place: Place::Last,
        fields: fields.into_iter().map(Field::Note).collect(),
    };
    let write = Edit::Splice {
        id,
        text: TextField::Note(note::Text::Body),
        at: 0,
        delete: 0,
        insert: words.to_owned(),
    };
    [add, write]
}
