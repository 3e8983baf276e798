//! One text on one device, for tests of the editor in Node.
//!
//! What the app does between its editor and the plan, without the page around
//! it: the same document, the same edits, the same compiler.

use plan::schema::goal;
use plan::{DeviceName, Edit, EntityKind, EntityRef, HeldSelection, Place, PlanDoc};
use plan::{TextChange, TextField};
use wasm_bindgen::prelude::*;

const ID: &str = "goal";
const TEXT: TextField = TextField::Goal(goal::Text::Body);

/// A device with a plan in which there is one text.
#[wasm_bindgen]
pub struct Device {
    doc: PlanDoc,
    selection: Option<HeldSelection>,
}

#[wasm_bindgen]
impl Device {
    /// A device with a plan of its own.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        console_error_panic_hook::set_once();
        let mut doc = PlanDoc::create(&DeviceName::from_public_key(&[0]));
        let entity = EntityRef::new(EntityKind::Goal, ID);
        let add = Edit::Add {
            entity,
            place: Place::Last,
            fields: Vec::new(),
        };
        doc.edit(&add, 0).expect("an edit of an empty plan");
        doc.commit();
        Self {
            doc,
            selection: None,
        }
    }

    /// Another device with the same plan, by the name of `number`.
    pub fn partner(&mut self, number: u8) -> Self {
        let doc = PlanDoc::load(&self.doc.save(), &DeviceName::from_public_key(&[number]));
        Self {
            doc: doc.expect("a plan that was just saved"),
            selection: None,
        }
    }

    /// The text's blocks, as JSON.
    pub fn blocks(&self) -> String {
        serde_json::to_string(&self.doc.text(ID, TEXT).blocks).expect("plain values")
    }

    /// Carries out changes, a JSON array, and says how the text then is.
    pub fn edit(&mut self, changes: &str) -> String {
        let changes: Vec<TextChange> = serde_json::from_str(changes).expect("changes");
        for change in changes {
            self.change(change);
        }
        self.blocks()
    }

    /// A splice of the text as it was when the selection was held. Anchor and
    /// head stand in that text with the splice done, and are held from now on.
    pub fn edit_late(
        &mut self,
        at: usize,
        delete: usize,
        insert: String,
        anchor: usize,
        head: usize,
    ) -> String {
        let now = match &self.selection {
            Some(held) => self.doc.carry(ID, TEXT, held, at),
            None => at,
        };
        self.change(TextChange::Splice {
            at: now,
            delete,
            insert,
        });
        let carried = |position: usize| (position + now).saturating_sub(at);
        self.select(carried(anchor), carried(head));
        self.blocks()
    }

    /// Holds a selection.
    pub fn select(&mut self, anchor: usize, head: usize) {
        self.selection = self.doc.hold(ID, TEXT, anchor, head);
    }

    /// Anchor and head of the selection as they stand now.
    pub fn selected(&self) -> Vec<usize> {
        let held = self.selection.as_ref();
        held.map_or_else(|| vec![0, 0], |held| self.doc.held(ID, TEXT, held).to_vec())
    }

    /// Takes in all that another device has.
    pub fn merge(&mut self, other: &mut Device) {
        let merged = self.doc.merge([other.doc.save()]);
        merged.expect("a plan that was just saved");
    }

    /// The plan's version: equal words, equal plans.
    pub fn heads(&mut self) -> String {
        format!("{:?}", self.doc.heads())
    }

    fn change(&mut self, change: TextChange) {
        let edit = change.of(ID, TEXT);
        self.doc.edit(&edit, 0).expect("an edit of the text");
    }
}
