//! What devices write: letters into the chapters of one plan.

use anyhow::{Context, Result};
use plan::{DeviceName, Edit, EntityKind, EntityRef, Place, PlanDoc, TextField, schema::chapter};

const BODY: TextField = TextField::Chapter(chapter::Text::Body);

/// A sentence as plans have them; it is typed over and over.
const WORDS: &str = "Kommunane samarbeider om rekruttering, bustad og arbeid for unge familiar. ";

/// When everything is written, for whoever reads the plan's history.
const AT: i64 = 1_750_000_000;

/// A plan with so many empty chapters.
pub fn plan_of_chapters(device: &DeviceName, chapters: usize) -> Result<PlanDoc> {
    let mut doc = PlanDoc::create(device);
    for number in 0..chapters {
        let add = Edit::Add {
            entity: EntityRef::new(EntityKind::Chapter, id(number)),
            place: Place::Last,
            fields: Vec::new(),
        };
        doc.edit(&add, AT)?;
    }
    doc.commit();
    Ok(doc)
}

/// A hand that types into one chapter, at the end of what it has typed.
pub struct Hand {
    chapter: String,
    written: usize,
}

impl Hand {
    pub fn in_chapter(number: usize) -> Self {
        Self {
            chapter: id(number),
            written: 0,
        }
    }

    /// Types letters one by one, as one change; the change's hash.
    pub fn write(&mut self, doc: &mut PlanDoc, letters: usize) -> Result<plan::Hash> {
        for _ in 0..letters {
            let letter = WORDS.as_bytes()[self.written % WORDS.len()];
            let splice = Edit::Splice {
                id: self.chapter.clone(),
                text: BODY,
                at: self.written,
                delete: 0,
                insert: char::from(letter).to_string(),
            };
            doc.edit(&splice, AT)?;
            self.written += 1;
        }
        doc.commit().context("something was typed")
    }
}

/// How many letters a chapter's text has.
pub fn letters_in(doc: &PlanDoc, chapter: usize) -> usize {
    doc.text(&id(chapter), BODY).plain().len()
}

fn id(chapter: usize) -> String {
    format!("c{chapter}")
}
