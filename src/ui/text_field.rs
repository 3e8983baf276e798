//! Titles, edited where they stand, and running text where there is no editor.

use leptos::html::Textarea;
use leptos::prelude::*;
use plan::{ContestedText, Edit, TextField};

use crate::document::{OpenPlan, Replaced};

/// A text of an entity: where edits to it go.
#[derive(Clone, PartialEq)]
pub struct TextOf {
    /// The entity's id.
    pub id: String,
    /// Which of its texts.
    pub field: TextField,
}

impl TextOf {
    /// The text `field` of the entity `id`.
    pub fn new(id: impl ToString, field: TextField) -> Self {
        Self {
            id: id.to_string(),
            field,
        }
    }

    /// Names the text among all those of its plan, on every device alike.
    pub fn key(&self) -> String {
        let kind = self.field.kind().collection();
        format!("{kind}/{}/{}", self.id, self.field.key())
    }

    fn splice(&self, replaced: Replaced) -> Edit {
        let Replaced { at, delete, insert } = replaced;
        Edit::Splice {
            id: self.id.clone(),
            text: self.field,
            at,
            delete,
            insert,
        }
    }

    /// Whether this is the text of that is to be read through.
    pub fn is(&self, contested: &ContestedText) -> bool {
        contested.entity.kind == self.field.kind()
            && *contested.entity.id == *self.id
            && contested.text == self.field.key()
    }
}

/// A text in a plain input that grows with it.
///
/// Typing goes to the plan as splices. What others write meanwhile comes into
/// the input without moving the caret off its word, and never in the middle of
/// a composition (a dead key, a spell-check list).
#[component]
pub fn TextInput(
    /// Where edits go.
    of: TextOf,
    /// The text as the plan has it.
    #[prop(into)]
    text: Signal<String>,
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// What stands there while the text is empty.
    #[prop(into, optional)]
    placeholder: String,
    /// Whether Enter makes a new line.
    #[prop(optional)]
    multiline: bool,
    /// Whether the input takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Told when the input loses the focus.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let input = NodeRef::<Textarea>::new();
    // What the input shows, as far as the plan has heard of it.
    let shown = StoredValue::new(text.get_untracked());
    let composing = StoredValue::new(false);

    let take_in = move |text: &str| {
        let Some(element) = input.get_untracked() else {
            return;
        };
        let Some(theirs) = Replaced::between(&shown.get_value(), text) else {
            return;
        };
        let caret =
            |position: Option<u32>| position.map(|at| theirs.move_caret(at as usize) as u32);
        let start = caret(element.selection_start().ok().flatten());
        let end = caret(element.selection_end().ok().flatten());
        element.set_value(text);
        shown.set_value(text.to_owned());
        if let (Some(start), Some(end)) = (start, end) {
            // Fails only for inputs that have no selection.
            let _ = element.set_selection_range(start, end);
        }
    };
    Effect::new(move || {
        let text = text.get();
        if !composing.get_value() {
            take_in(&text);
        }
    });
    Effect::new(move || {
        if let Some(element) = input.get().filter(|_| autofocus) {
            // Fails only for what can't have the focus.
            let _ = element.focus();
        }
    });
    let send = move || {
        let Some(element) = input.get_untracked() else {
            return;
        };
        let (before, now) = (shown.get_value(), text.get_untracked());
        let value = if multiline {
            element.value()
        } else {
            element.value().replace(['\n', '\r'], " ")
        };
        let Some(mine) = Replaced::between(&before, &value) else {
            return;
        };
        let mine = match Replaced::between(&before, &now) {
            Some(theirs) => mine.after(&theirs),
            None => mine,
        };
        shown.set_value(value);
        plan.edit_one(of.splice(mine));
        take_in(&text.get_untracked());
    };
    let send_after = send.clone();

    view! {
        <textarea
            class="edit"
            rows="1"
            node_ref=input
            aria-label=label
            placeholder=placeholder
            readonly=move || !plan.is_writable()
            prop:value=text.get_untracked()
            on:compositionstart=move |_| composing.set_value(true)
            on:compositionend=move |_| {
                composing.set_value(false);
                send_after();
            }
            on:input=move |_| {
                if !composing.get_value() {
                    send();
                }
            }
            on:keydown=move |event| {
                if !multiline && event.key() == "Enter" {
                    event.prevent_default();
                }
            }
            on:blur=move |_| {
                plan.save_now();
                if let Some(on_leave) = on_leave {
                    on_leave.run(());
                }
            }
        ></textarea>
    }
}
