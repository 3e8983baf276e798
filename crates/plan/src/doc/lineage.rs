//! Where a plan comes from: by which changes it is the same as another, and in
//! which order one hand made them.

use std::collections::BTreeSet;

use automerge::ChangeHash;

use super::{Hash, PlanDoc};
use crate::attribution::{Attribution, DeviceName};
use crate::schema::Person;
use crate::view::PlanView;

impl PlanDoc {
    /// Whether these are copies of one plan: whether they share a change that
    /// someone wrote. All plans share their first change and may share
    /// [beginnings](crate::Edit::Ensure), which are by no author. A plan in which
    /// no one has written yet may become any plan.
    pub fn is_same_plan(&mut self, other: &mut Self) -> bool {
        self.commit();
        other.commit();
        let is_written = |plan: &mut Self| {
            plan.doc
                .get_changes_meta(&[])
                .iter()
                .any(|c| c.author.is_some())
        };
        if !is_written(self) || !is_written(other) {
            return true;
        }
        self.doc
            .get_changes_meta(&[])
            .iter()
            .filter(|change| change.author.is_some())
            .any(|change| other.doc.get_change_meta_by_hash(&change.hash).is_some())
    }

    /// The devices that have written in the plan, of which `view` is, or have
    /// said who is behind them.
    pub fn members(&mut self, view: &PlanView) -> BTreeSet<DeviceName> {
        self.commit();
        let changes = self.doc.get_changes_meta(&[]);
        let by = changes.iter().map(Attribution::of_metadata);
        let people = view.all::<Person>().into_iter();
        by.filter_map(|by| by.device)
            .chain(people.map(|person| DeviceName::of_person(&person.id)))
            .collect()
    }

    /// Which of its actor's changes this one is, from 1; `None` if it is not
    /// here.
    pub fn number_by_actor(&mut self, change: &Hash) -> Option<u64> {
        self.commit();
        let change = self.doc.get_change_meta_by_hash(&ChangeHash(*change))?;
        Some(change.seq)
    }
}
