//! Edits from a file.

use plan::Edit;

use crate::{plan_files::opens_as_it_was_saved, reading};

/// Edits as `samskriv plan apply` reads them, one a line. An edit that is
/// refused leaves the plan as it was; after each, a view that is brought up to
/// date is the same as one that is read anew.
pub fn edits(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut doc = reading::small_plan();
    let mut view = doc.view();
    for line in text.lines() {
        let Ok(edit) = serde_json::from_str::<Edit>(line) else {
            continue;
        };
        let written = serde_json::to_string(&edit).expect("an edit can be written");
        let again: Edit = serde_json::from_str(&written).expect("what was written can be read");
        assert_eq!(again, edit);
        match doc.edit(&edit, reading::NOW) {
            Ok(changed) => {
                doc.refresh(&mut view, &changed);
            }
            Err(_) => {
                doc.refresh(&mut view, &[].into());
            }
        }
        assert_eq!(doc.view(), view, "after {written}");
    }
    reading::read(&mut doc);
    opens_as_it_was_saved(&mut doc);
}
