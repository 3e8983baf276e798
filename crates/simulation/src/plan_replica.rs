//! The real document, so that merging itself is part of the simulation.

use plan::{
    DeviceName, Edit, EntityKind, EntityRef, Field, Id, Place, PlanDoc, Shared, TextField,
    party_id,
    schema::{Goal, goal, measure},
};
use sync::{
    ids::ChangeHash,
    session::{Collected, Document, Snapshot},
    vouch::ActorId,
};

use crate::{chance::Chance, replica::Replica};

/// A copy of a plan on a device.
#[derive(Debug, Clone)]
pub struct PlanReplica {
    doc: PlanDoc,
    device: DeviceName,
}

impl PlanReplica {
    fn authored(&mut self, since: &[plan::Hash]) -> Vec<(ActorId, ChangeHash)> {
        let latest = self.doc.latest_by(&self.device, since).into_iter();
        latest
            .map(|(actor, hash)| (ActorId(actor), ChangeHash(hash)))
            .collect()
    }

    fn goals(&mut self) -> Vec<String> {
        let view = self.doc.view();
        let goals = view.all::<Goal>();
        goals.iter().map(|goal| goal.id.to_string()).collect()
    }

    /// Something that people do, with few enough places to meet in.
    fn some_edit(&mut self, words: &str, chance: &mut Chance) -> Edit {
        let goals = self.goals();
        let fresh = format!("{:016x}", chance.bits());
        if goals.is_empty() || chance.one_in(8) {
            return Edit::Add {
                entity: EntityRef::new(EntityKind::Goal, fresh),
                place: Place::Last,
                fields: Vec::new(),
            };
        }
        let goal = goals[chance.below(goals.len())].clone();
        let title = TextField::Goal(goal::Text::Title);
        let length = self.doc.text(&goal, title).plain().encode_utf16().count();
        match chance.below(9) {
            0..4 => {
                let at = chance.below(length + 1);
                Edit::Splice {
                    id: goal,
                    text: title,
                    at,
                    delete: chance.below((length - at).min(4) + 1),
                    insert: words.to_owned(),
                }
            }
            4 => Edit::Add {
                entity: EntityRef::new(EntityKind::Measure, fresh),
                place: Place::First,
                fields: vec![Field::Measure(measure::Field::Goal(Some(Id::new(goal))))],
            },
            5 => Edit::Ensure(Shared::Party {
                id: party_id(["Tokke", "Vinje", "Kviteseid"][chance.below(3)]),
            }),
            6 => Edit::Move {
                entity: EntityRef::new(EntityKind::Goal, goal),
                place: Place::First,
            },
            7 => Edit::Delete(EntityRef::new(EntityKind::Goal, goal)),
            _ => Edit::Restore(EntityRef::new(EntityKind::Goal, goal)),
        }
    }
}

impl Replica for PlanReplica {
    fn blank(device: &[u8; 32], copy: u64) -> Self {
        let device = DeviceName::from_public_key(device);
        let doc = PlanDoc::create(&device).writing_as(&copy.to_be_bytes());
        Self { doc, device }
    }

    fn edit(&mut self, words: &str, at: i64, chance: &mut Chance) -> Option<ChangeHash> {
        let before = self.doc.heads();
        let edit = self.some_edit(words, chance);
        // What is not there can't be edited; then nothing was.
        self.doc.edit(&edit, at).ok()?;
        let after = self.doc.heads();
        after
            .into_iter()
            .find(|head| !before.contains(head))
            .map(ChangeHash)
    }

    fn merge(&mut self, parts: &[Vec<u8>]) -> bool {
        self.doc.merge(parts).is_ok()
    }

    fn save(&mut self) -> Vec<u8> {
        self.doc.save()
    }

    fn content(&mut self) -> String {
        self.doc.view().to_json().to_string()
    }
}

impl Document for PlanReplica {
    fn heads(&mut self) -> Vec<ChangeHash> {
        // A plan that has yet to arrive is nothing to send anybody.
        if self.doc.is_blank() {
            return Vec::new();
        }
        self.doc.heads().into_iter().map(ChangeHash).collect()
    }

    fn has(&mut self, change: &ChangeHash) -> bool {
        self.doc.contains(&[change.0])
    }

    fn changes_since(&mut self, since: &[ChangeHash]) -> Collected {
        let since: Vec<_> = since.iter().map(|hash| hash.0).collect();
        Collected {
            changes: self.doc.changes_since(&since),
            authored: self.authored(&since),
            vouches: Vec::new(),
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        Snapshot {
            bytes: self.doc.save(),
            authored: self.authored(&[]),
            vouches: Vec::new(),
        }
    }
}
