//! The register of parties: who is known by name before anyone has typed it.

use std::sync::LazyLock;

use super::object::objects;
use crate::edit::{Edit, Shared, party_id};
use crate::id::Id;
use crate::read;
use crate::schema::{Field, Member, Party, party};
use crate::value::PartyType;

objects! {
    /// A party that plans often name.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct KnownParty {
        /// The name to show.
        pub name: String,
        /// What it is.
        pub kind: PartyType,
        /// Municipality or county number, where it has one.
        pub number: Option<String>,
        /// Other names of the same party, such as «KDD».
        pub aliases: Vec<String> = default,
    }
}

impl KnownParty {
    /// Its id, the same in every plan.
    pub fn id(&self) -> Id<Party> {
        party_id(&self.name)
    }

    /// Whether it goes by this name, in whatever case and spacing.
    pub fn goes_by(&self, name: &str) -> bool {
        let id = party_id(name);
        self.id() == id || self.aliases.iter().any(|alias| party_id(alias) == id)
    }

    /// The edits that add it to a plan. For a plan that does not have it yet:
    /// where it stands already, they would set back a name that was changed.
    pub fn edits(&self) -> Vec<Edit> {
        let id = self.id();
        let set = |field| Edit::Set {
            id: id.to_string(),
            field: Field::Party(field),
        };
        let mut edits = vec![
            Edit::Ensure(Shared::Party { id: id.clone() }),
            set(party::Field::Name(Some(self.name.clone()))),
            set(party::Field::Kind(Some(self.kind))),
        ];
        edits.extend(
            self.number
                .iter()
                .map(|number| set(party::Field::Number(Some(number.clone())))),
        );
        edits.extend(self.aliases.iter().map(|alias| Edit::Include {
            id: id.to_string(),
            member: Member::Party(party::Set::Aliases(alias.clone())),
        }));
        edits
    }
}

/// Every known party, the six municipalities of Vest-Telemark first.
pub fn known_parties() -> &'static [KnownParty] {
    static PARTIES: LazyLock<Vec<KnownParty>> = LazyLock::new(|| {
        let source = include_str!("../../templates/parties.json");
        read::json(source).expect("the register is compiled in, and a test reads it")
    });
    &PARTIES
}

/// The known party that goes by this name or alias.
pub fn known_party(name: &str) -> Option<&'static KnownParty> {
    known_parties().iter().find(|party| party.goes_by(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_name_stands_for_two_parties() {
        let mut taken = BTreeSet::new();
        for party in known_parties() {
            for name in party.aliases.iter().chain([&party.name]) {
                assert!(taken.insert(party_id(name)), "«{name}» is taken");
            }
        }
    }

    #[test]
    fn a_party_is_found_under_all_its_names() {
        for name in ["KDD", "kdd", "Kommunal- og  distriktsdepartementet"] {
            let party = known_party(name).expect("a known party");
            assert_eq!(party.id().as_str(), "kommunal-og-distriktsdepartementet");
        }
        let nissedal = known_party("Studiesenteret i Nissedal").expect("a known party");
        assert_eq!(nissedal.name, "Nissedal studiesenter");
        assert_eq!(
            known_party("Nissedal").and_then(|party| party.number.as_deref()),
            Some("4030")
        );
        assert_eq!(known_party("nobody at all"), None);
    }

    #[test]
    fn every_municipality_and_county_has_its_number() {
        for party in known_parties() {
            let digits = party.number.as_deref().map(str::len);
            let expected = match party.kind {
                PartyType::Municipality => Some(4),
                PartyType::County => Some(2),
                _ => None,
            };
            assert_eq!(digits, expected, "{}", party.name);
        }
    }
}
