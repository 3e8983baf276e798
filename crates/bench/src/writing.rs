//! What devices write: letters into the chapters of one plan.

use std::str::Chars;

use anyhow::{Context, Result};
use plan::{DeviceName, Edit, EntityKind, EntityRef, Place, PlanDoc, TextField, schema::chapter};

const BODY: TextField = TextField::Chapter(chapter::Text::Body);

/// What words are made of. Chance puts them together, so that a text compresses
/// as a text does and not as one sentence over and over.
const SYLLABLES: [&str; 32] = [
    "kom", "mu", "na", "ne", "sam", "ar", "bei", "der", "re", "krut", "te", "ring", "bu", "stad",
    "og", "un", "ge", "fa", "mi", "li", "ar ", "for ", "i ", "om ", "til ", "ei ", "tek ", "del ",
    "vegen ", "bygd ", "år, ", "plan. ",
];

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
    /// What is left of the syllable under way.
    rest: Chars<'static>,
    /// Decides which one comes next.
    chance: u32,
}

impl Hand {
    pub fn in_chapter(number: usize) -> Self {
        Self {
            chapter: id(number),
            written: 0,
            rest: "".chars(),
            chance: u32::try_from(number).unwrap_or_default(),
        }
    }

    /// The next letter.
    fn letter(&mut self) -> char {
        loop {
            if let Some(letter) = self.rest.next() {
                return letter;
            }
            // The constants of Numerical Recipes' quick generator.
            self.chance = self
                .chance
                .wrapping_mul(1_664_525)
                .wrapping_add(1_013_904_223);
            self.rest = SYLLABLES[(self.chance >> 27) as usize].chars();
        }
    }

    /// Types letters one by one, as one change; the change's hash.
    pub fn write(&mut self, doc: &mut PlanDoc, letters: usize) -> Result<plan::Hash> {
        for _ in 0..letters {
            let letter = self.letter();
            let splice = Edit::Splice {
                id: self.chapter.clone(),
                text: BODY,
                at: self.written,
                delete: 0,
                insert: letter.to_string(),
            };
            doc.edit(&splice, AT)?;
            self.written += 1;
        }
        doc.commit().context("something was typed")
    }
}

/// How many letters a chapter's text has.
pub fn letters_in(doc: &PlanDoc, chapter: usize) -> usize {
    doc.text(&id(chapter), BODY).plain().chars().count()
}

fn id(chapter: usize) -> String {
    format!("c{chapter}")
}
