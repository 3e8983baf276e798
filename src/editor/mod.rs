//! The editor of running text. It is written in TypeScript around ProseMirror;
//! this is what the app and the editor know of each other.

mod arrays;

use js_sys::{Array, Object};
use leptos::prelude::document;
use plan::{EntityKind, HeldSelection, RichText, TextChange};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::TextOf;
use crate::ui::prose::Caret;

#[wasm_bindgen(module = "samskriv:editor")]
extern "C" {
    /// An element that is an editor at the moment.
    pub type Editor;

    #[wasm_bindgen(js_name = loadEditor, catch)]
    async fn load() -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = openEditor)]
    fn open(place: &HtmlElement, host: Host, blocks: &Array, words: &Object) -> Option<Editor>;

    #[wasm_bindgen(method, js_name = show)]
    fn show_blocks(this: &Editor, blocks: &Array, carets: &Array);

    /// Takes the focus.
    #[wasm_bindgen(method)]
    pub fn focus(this: &Editor);

    /// Puts the buttons at the beginning of an element.
    #[wasm_bindgen(method)]
    pub fn equip(this: &Editor, around: &HtmlElement);

    /// Ends it. The element is then empty, to be filled anew.
    #[wasm_bindgen(method)]
    pub fn close(this: &Editor);
}

/// Fetches the editor, so that it is here when a text is taken in hand. Says
/// whether it is; where it can't be fetched, texts are written in a plain field.
pub async fn fetch() -> bool {
    let fetched = load().await;
    if let Err(error) = &fetched {
        leptos::logging::error!("the editor could not be fetched: {error:?}");
    }
    fetched.is_ok()
}

impl Editor {
    /// Makes `place` the editor of a text; nothing while the editor is not here.
    pub fn open_in(place: &HtmlElement, plan: OpenPlan, of: TextOf, t: &Texts) -> Option<Self> {
        let has_tables = of.field.kind() == EntityKind::Chapter;
        let blocks = arrays::from_text(&plan.text(&of));
        let host = Host {
            plan,
            place: place.clone(),
            of,
            selection: None,
        };
        open(place, host, &blocks, &words(t, has_tables))
    }

    /// Shows the text as the plan now has it, and where others are in it.
    pub fn show(&self, text: &RichText, carets: &[Caret]) {
        let carets = carets.iter().map(|Caret { at, who, color }| {
            Array::of3(&(*at).into(), &who.into(), &(*color).into())
        });
        self.show_blocks(&arrays::from_text(text), &carets.collect());
    }
}

/// What the editor's buttons are called; what has no name is not offered.
fn words(t: &Texts, has_tables: bool) -> Object {
    let words = Object::new();
    let table = has_tables.then_some(("table", t.table));
    let words_of_all = [
        ("toolbar", t.formatting),
        ("bold", t.bold),
        ("boldLetter", t.bold_letter),
        ("italic", t.italic),
        ("italicLetter", t.italic_letter),
        ("heading", t.text_heading),
        ("bullets", t.bullets),
        ("numbers", t.numbers),
        ("note", t.text_note),
        ("link", t.text_link),
        ("address", t.link_address),
        ("put", t.put_link),
        ("addRow", t.add_row),
        ("addColumn", t.add_column),
        ("deleteRow", t.delete_row),
        ("deleteColumn", t.delete_column),
        ("deleteTable", t.delete_table),
    ];
    for (name, word) in words_of_all.into_iter().chain(table) {
        // Fails only for an object that takes no properties.
        let _ = js_sys::Reflect::set(&words, &name.into(), &word.into());
    }
    words
}

/// The plan's text, for an editor: what is called `Host` in `host.ts`.
#[wasm_bindgen]
pub struct Host {
    plan: OpenPlan,
    place: HtmlElement,
    of: TextOf,
    selection: Option<HeldSelection>,
}

#[wasm_bindgen]
impl Host {
    /// Names the text among all others.
    pub fn key(&self) -> String {
        format!("{}/{}", self.plan.id(), self.of.key())
    }

    /// Carries out changes and says how the text then is.
    pub fn edit(&self, changes: &Array) -> Array {
        let changes = changes.iter().map(|change| {
            arrays::to_change(&change).expect("the editor writes the plan's own edits")
        });
        self.change(changes.collect())
    }

    /// A splice of the text as it was when the selection was held. Anchor and
    /// head stand in that text with the splice done, and are held from now on.
    #[wasm_bindgen(js_name = editLate)]
    pub fn edit_late(
        &mut self,
        at: usize,
        delete: usize,
        insert: String,
        anchor: usize,
        head: usize,
    ) -> Array {
        let now = match &self.selection {
            Some(held) => self.plan.carry(&self.of, held, at),
            None => at,
        };
        let blocks = self.change(vec![TextChange::Splice {
            at: now,
            delete,
            insert,
        }]);
        let carried = |position: usize| (position + now).saturating_sub(at);
        self.select(carried(anchor), carried(head));
        blocks
    }

    /// Keeps hold of the selection's place, whatever others write.
    pub fn select(&mut self, anchor: usize, head: usize) {
        self.selection = self.plan.hold(&self.of, anchor, head);
        // A text that is only pointed at is not where one writes.
        let active = document().active_element();
        if let Some(held) = &self.selection
            && active.is_some_and(|active| self.place.is_same_node(Some(&active)))
        {
            self.plan.write_at(&self.of, held);
        }
    }

    /// Anchor and head of the selection as they stand now.
    pub fn selected(&self) -> Vec<usize> {
        let held = self.selection.as_ref();
        held.map_or_else(Vec::new, |held| self.plan.held(&self.of, held).to_vec())
    }

    fn change(&self, changes: Vec<TextChange>) -> Array {
        let TextOf { id, field } = &self.of;
        self.plan
            .edit(changes.into_iter().map(|change| change.of(id, *field)));
        arrays::from_text(&self.plan.text(&self.of))
    }
}
