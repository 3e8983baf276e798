//! A plan's bytes: the whole file, and changes to it.

use plan::PlanDoc;

use crate::{automerge_bytes::with_true_checksums, bytes::parts, reading};

/// A plan's file, as it is and with checksums that fit: it is refused, or it can
/// be read, edited and saved, and what is saved opens with the same heads.
pub fn plan_files(bytes: &[u8]) {
    for bytes in [bytes, &with_true_checksums(bytes)] {
        if let Ok(mut doc) = PlanDoc::load(bytes, &reading::device()) {
            reading::read(&mut doc);
            reading::edit(&mut doc);
            reading::read(&mut doc);
            opens_as_it_was_saved(&mut doc);
        }
    }
}

/// Changes that come to a plan which is open, in parts of which each is one
/// change or a saved document. What is refused leaves the plan as it was.
pub fn changes(bytes: &[u8]) {
    let parts: Vec<Vec<u8>> = parts(bytes).into_iter().map(with_true_checksums).collect();
    let mut doc = reading::small_plan();
    let heads = doc.heads();
    let mut view = doc.view();
    match doc.merge(&parts) {
        Err(_) => {
            assert_eq!(doc.heads(), heads);
            assert_eq!(doc.view(), view);
        }
        Ok(merged) => {
            doc.refresh(&mut view, &merged.changed);
            reading::read(&mut doc);
            reading::edit(&mut doc);
            opens_as_it_was_saved(&mut doc);
        }
    }
}

pub(crate) fn opens_as_it_was_saved(doc: &mut PlanDoc) {
    let saved = doc.save();
    let mut again = PlanDoc::load(&saved, &reading::device()).expect("what was saved opens");
    assert_eq!(again.heads(), doc.heads());
    assert_eq!(again.view(), doc.view());
}
