//! Texts that are edited where they stand: titles and running text.

use leptos::html::Textarea;
use leptos::prelude::*;
use plan::{Block, BlockKind, ContestedText, Edit, Mark, RichText, Run, TextField, table_rows};

use crate::derived::Derived;
use crate::document::{OpenPlan, Replaced};
use crate::locales::Texts;
use crate::ui::Show;

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

    fn is(&self, contested: &ContestedText) -> bool {
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

/// Running text: read as the document it will be, written in a plain input.
#[component]
pub fn BodyField(
    /// Where edits go.
    of: TextOf,
    /// The text as the plan has it.
    text: Derived<RichText>,
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let writing = RwSignal::new(false);
    let plain = Signal::derive(move || text.with(RichText::plain));
    let of_text = of.clone();
    let contested = Derived::new(move || {
        plan.contested()
            .with(|texts| texts.iter().find(|text| of_text.is(text)).cloned())
    });

    let start = move || {
        if plan.is_writable() {
            writing.set(true);
        }
    };
    view! {
        <div class="body" class:read=move || contested.get().is_some() data-note=t.read_through>
            <Show
                when=move || writing.get()
                fallback=move || {
                    view! {
                        <div
                            class="prose"
                            role="textbox"
                            aria-multiline="true"
                            aria-readonly=move || (!plan.is_writable()).to_string()
                            aria-label=label
                            tabindex="0"
                            on:focus=move |_| start()
                        >
                            {move || {
                                text.with(|text| {
                                    if text.is_empty() {
                                        view! { <p class="meta">{t.write_here}</p> }.into_any()
                                    } else {
                                        prose(&text.blocks).into_any()
                                    }
                                })
                            }}
                        </div>
                    }
                }
            >
                <TextInput
                    of=of.clone()
                    text=plain
                    label=label
                    placeholder=t.write_here
                    multiline=true
                    autofocus=true
                    on_leave=move |()| writing.set(false)
                />
            </Show>
        </div>
    }
}

/// Blocks as HTML; items that follow one another share a list, cells a table.
fn prose(blocks: &[Block]) -> Vec<AnyView> {
    blocks
        .chunk_by(|one, next| {
            let group = group_of(one.kind);
            group != Group::None && group == group_of(next.kind)
        })
        .map(|together| match group_of(together[0].kind) {
            Group::Bullets => view! { <ul>{items(together)}</ul> }.into_any(),
            Group::Numbers => view! { <ol>{items(together)}</ol> }.into_any(),
            Group::Table => table(together),
            Group::None => paragraph(&together[0]),
        })
        .collect()
}

/// What a block is shown in together with its neighbours.
#[derive(PartialEq)]
enum Group {
    Bullets,
    Numbers,
    Table,
    None,
}

fn group_of(kind: BlockKind) -> Group {
    match kind {
        BlockKind::Bullet(_) => Group::Bullets,
        BlockKind::Numbered(_) => Group::Numbers,
        BlockKind::Cell(_) | BlockKind::Head(_) => Group::Table,
        BlockKind::Paragraph | BlockKind::Heading(_) | BlockKind::Note => Group::None,
    }
}

fn table(cells: &[Block]) -> AnyView {
    let rows: Vec<_> = table_rows(cells)
        .map(|row| view! { <tr>{row.iter().map(cell).collect::<Vec<_>>()}</tr> })
        .collect();
    view! { <table><tbody>{rows}</tbody></table> }.into_any()
}

fn cell(block: &Block) -> AnyView {
    match block.kind {
        BlockKind::Head(_) => view! { <th scope="col">{runs(block)}</th> }.into_any(),
        _ => view! { <td>{runs(block)}</td> }.into_any(),
    }
}

fn items(blocks: &[Block]) -> Vec<impl IntoView + use<>> {
    blocks.iter().map(item).collect()
}

fn item(block: &Block) -> impl IntoView + use<> {
    let deep = matches!(
        block.kind,
        BlockKind::Bullet(2..) | BlockKind::Numbered(2..)
    );
    view! { <li class:deep=deep>{runs(block)}</li> }
}

fn paragraph(block: &Block) -> AnyView {
    let runs = runs(block);
    match block.kind {
        BlockKind::Heading(_) => view! { <h5>{runs}</h5> }.into_any(),
        BlockKind::Note => view! { <p class="note">{runs}</p> }.into_any(),
        _ => view! { <p>{runs}</p> }.into_any(),
    }
}

fn runs(block: &Block) -> Vec<AnyView> {
    block.runs.iter().map(run).collect()
}

fn run(run: &Run) -> AnyView {
    run.marks
        .iter()
        .fold(run.text.clone().into_any(), |inner, mark| match mark {
            Mark::Bold => view! { <strong>{inner}</strong> }.into_any(),
            Mark::Italic => view! { <em>{inner}</em> }.into_any(),
            Mark::Link(target)
                if target.starts_with("https://") || target.starts_with("http://") =>
            {
                view! { <a href=target.clone() rel="noreferrer">{inner}</a> }.into_any()
            }
            Mark::Link(_) => inner,
        })
}
