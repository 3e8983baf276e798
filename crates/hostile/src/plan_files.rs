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

#[cfg(test)]
mod tests {
    use plan::{DeviceName, Edit, EntityKind, EntityRef, Place};

    use super::*;

    /// Changes that automerge can't take, or can't keep as they were made.
    const BAD: [&[u8]; 3] = [
        include_bytes!("../../../fuzz/crashes/changes/is-not-kept-as-it-was-made"),
        include_bytes!("../../../fuzz/crashes/changes/names-an-unknown-actor"),
        include_bytes!("../../../fuzz/crashes/changes/follows-an-element-that-is-not-there"),
    ];

    /// The change among these that is refused.
    fn refused(kept: &[u8]) -> Vec<u8> {
        let mut doc = reading::small_plan();
        let mut changes = parts(kept).into_iter().map(with_true_checksums);
        let refused = changes.find(|change| doc.merge([change]).is_err());
        refused.expect("one of them is refused")
    }

    /// The change as if it had been made after `hash`, in place of the first that it
    /// was made after. Before those stand a head of nine bytes, the change's length
    /// with seven bits a byte, and how many they are.
    fn made_after(change: &[u8], hash: &[u8; 32]) -> Vec<u8> {
        let end_of_length = change.iter().skip(9).position(|byte| byte & 0x80 == 0);
        let first = 9 + end_of_length.expect("it has a length") + 2;
        let mut change = change.to_vec();
        change[first..first + 32].copy_from_slice(hash);
        with_true_checksums(&change)
    }

    #[test]
    fn what_waited_and_is_bad_is_thrown_away_by_what_lets_it_in() {
        let entity = EntityRef::new(EntityKind::Measure, "m-new");
        let mut doc = reading::small_plan();
        let heads = doc.heads();
        let device = DeviceName::from_public_key(&[2; 32]);
        let mut partner = PlanDoc::load(&doc.save(), &device).expect("what was saved opens");
        let add = Edit::Add {
            entity: entity.clone(),
            place: Place::Last,
            fields: Vec::new(),
        };
        partner.edit(&add, reading::NOW).expect("it can be added");
        let (after, changes) = (partner.heads(), partner.changes_since(&heads));

        for kept in BAD {
            let bad = made_after(&refused(kept), &after[0]);
            let mut doc = doc.clone();
            doc.merge([&bad]).expect("it waits");
            assert_eq!(doc.heads(), heads);
            let mut doc = PlanDoc::load(&doc.save(), &reading::device()).expect("it waits on");
            let merged = doc.merge(&changes).expect("the partner's is sound");
            assert_eq!(merged.changed, [entity.clone()].into());
            assert_eq!(doc.heads(), after);
            opens_as_it_was_saved(&mut doc);
        }
    }

    #[test]
    fn what_is_bad_and_stands_after_a_saved_plan_is_left_out() {
        let mut plan = reading::small_plan();
        for kept in BAD {
            let saved = [plan.save(), refused(kept)].concat();
            let mut doc = PlanDoc::load(&saved, &reading::device()).expect("the plan is sound");
            assert_eq!(doc.heads(), plan.heads());
            opens_as_it_was_saved(&mut doc);
        }
    }
}
