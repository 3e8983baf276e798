//! Edits in the making, with the parties they have named so far.

use std::collections::BTreeSet;

use super::{TemplateError, blocks, known_party};
use crate::edit::{Edit, Place};
use crate::id::{EntityRef, Id};
use crate::schema::{EntityKind, Field, Member, Party, TextField};
use crate::text::Block;

/// A growing list of edits.
#[derive(Default)]
pub(super) struct Draft {
    edits: Vec<Edit>,
    parties: BTreeSet<Id<Party>>,
}

impl Draft {
    /// The edits, with those first that make a change of their own.
    pub(super) fn finish(self) -> Vec<Edit> {
        let is_shared = |edit: &Edit| matches!(edit, Edit::Ensure(_));
        let (mut edits, own): (Vec<_>, Vec<_>) = self.edits.into_iter().partition(is_shared);
        edits.extend(own);
        edits
    }

    /// Takes in an edit as it is.
    pub(super) fn push(&mut self, edit: Edit) {
        self.edits.push(edit);
    }

    /// Adds an entity after all others of its kind, with those of the fields
    /// that are set; `field` names the kind they are of.
    pub(super) fn add<F, const N: usize>(
        &mut self,
        kind: EntityKind,
        id: &str,
        fields: [Option<F>; N],
        field: fn(F) -> Field,
    ) {
        let entity = EntityRef::new(kind, id);
        let fields = fields.into_iter().flatten().map(field).collect();
        self.push(Edit::Add {
            entity,
            place: Place::Last,
            fields,
        });
    }

    /// Sets a register.
    pub(super) fn set(&mut self, id: &str, field: Field) {
        self.push(Edit::Set {
            id: id.to_owned(),
            field,
        });
    }

    /// Puts a member into a set.
    pub(super) fn include(&mut self, id: &str, member: Member) {
        self.push(Edit::Include {
            id: id.to_owned(),
            member,
        });
    }

    /// Writes a title, unless it is empty.
    pub(super) fn title(&mut self, id: &str, text: TextField, title: &str) {
        self.write(id, text, blocks::title(title));
    }

    /// Writes running text, unless there is none.
    pub(super) fn text(&mut self, id: &str, text: TextField, lines: &[String]) {
        self.write(id, text, blocks::parse(lines));
    }

    fn write(&mut self, id: &str, text: TextField, blocks: Vec<Block>) {
        if blocks.iter().any(|block| !block.text().is_empty()) {
            self.push(Edit::Write {
                id: id.to_owned(),
                text,
                blocks,
            });
        }
    }

    /// The party that goes by `name`; it is added where first named.
    pub(super) fn party(&mut self, name: &str) -> Result<Id<Party>, TemplateError> {
        let unknown = || TemplateError::UnknownParty(name.to_owned());
        let party = known_party(name).ok_or_else(unknown)?;
        let id = party.id();
        if self.parties.insert(id.clone()) {
            self.edits.extend(party.edits());
        }
        Ok(id)
    }
}
