//! Who writes from a device, said in the plan before the first edit.

use std::collections::BTreeSet;

use plan::schema::{Party, party, person};
use plan::{Edit, EditError, EntityRef, Field, PlanView, Shared, party_id};

use super::open_plan::Inner;
use crate::device::now;

impl Inner {
    /// Before its first edit a device says who writes from it.
    pub(super) fn introduce(&mut self, view: &PlanView) -> Result<BTreeSet<EntityRef>, EditError> {
        if std::mem::replace(&mut self.introduced, true) {
            return Ok(BTreeSet::new());
        }
        let person = view.person(&self.device);
        let party = (!self.profile.party.trim().is_empty()).then(|| {
            match view.find_party(&self.profile.party) {
                Some(party) => party.id.clone(),
                None => party_id(&self.profile.party),
            }
        });
        let known_name =
            person.is_some_and(|person| person.name.value.as_ref() == Some(&self.profile.name));
        let known_party = person.is_some_and(|person| person.party.value == party);
        let mut edits = Vec::new();
        if let Some(party) = party
            .as_ref()
            .filter(|party| view.get::<Party>(party).is_none())
        {
            edits.push(Edit::Ensure(Shared::Party { id: party.clone() }));
            let name = party::Field::Name(Some(self.profile.party.trim().to_owned()));
            edits.push(Edit::Set {
                id: party.to_string(),
                field: Field::Party(name),
            });
        }
        let id = self.device.as_str().to_owned();
        if !known_name || !known_party {
            edits.push(Edit::Ensure(Shared::Person { device: id.clone() }));
            let name = person::Field::Name(Some(self.profile.name.clone()));
            edits.push(Edit::Set {
                id: id.clone(),
                field: Field::Person(name),
            });
            edits.push(Edit::Set {
                id,
                field: Field::Person(person::Field::Party(party)),
            });
        }
        let mut changed = BTreeSet::new();
        for edit in edits {
            changed.extend(self.doc.edit(&edit, now())?);
        }
        Ok(changed)
    }
}
