//! What an approval is bound to, and whether it still holds.

use automerge::{ChangeHash, Patch, PatchAction, Prop};

use super::{PlanDoc, entity_of, has};
use crate::id::EntityRef;
use crate::read;
use crate::register;
use crate::schema::{Approval, BEGUN_LATER, EntityKind};
use crate::value::NoteKind;

impl PlanDoc {
    /// What an approval given now is bound to: the heads, in hex.
    pub fn version_to_approve(&mut self) -> Vec<String> {
        self.commit();
        let mut heads: Vec<String> = self
            .doc
            .get_heads()
            .iter()
            .map(ToString::to_string)
            .collect();
        heads.sort_unstable();
        heads
    }

    /// Whether the plan's content is another than when this approval was
    /// given. Approvals, log rows, comments, people who join and the relays it
    /// is kept at are not content.
    pub fn changed_since(&mut self, approval: &Approval) -> bool {
        self.commit();
        let heads = approval.heads.value.iter().flatten();
        let approved: Vec<ChangeHash> = heads.filter_map(|hash| hash.parse().ok()).collect();
        if approved.is_empty() || !approved.iter().all(|hash| has(&mut self.doc, hash)) {
            return true;
        }
        let now = self.doc.get_heads();
        let patches = self.doc.diff(&approved, &now);
        let of_content = patches.iter().filter(|patch| !is_about_relays(patch));
        let touched = of_content.filter_map(entity_of);
        let beside = [
            EntityKind::Approval,
            EntityKind::LogEntry,
            EntityKind::Person,
        ];
        touched
            .into_iter()
            .any(|entity| !beside.contains(&entity.kind) && !self.is_comment(&entity))
    }

    fn is_comment(&self, entity: &EntityRef) -> bool {
        let map = read::entity(&self.doc, entity).filter(|_| entity.kind == EntityKind::Note);
        map.is_some_and(|map| {
            let kind = register::read(&self.doc, &map, "kind").typed();
            kind.value == Some(NoteKind::Comment)
        })
    }
}

/// Whether a patch touches the set of relays, or makes it.
fn is_about_relays(patch: &Patch) -> bool {
    let plan = entity_of(patch).is_some_and(|entity| entity.kind == EntityKind::Plan);
    let field = match (patch.path.get(2), &patch.action) {
        (Some((_, Prop::Map(key))), _) | (None, PatchAction::PutMap { key, .. }) => Some(key),
        _ => None,
    };
    plan && field.is_some_and(|key| key == BEGUN_LATER)
}
