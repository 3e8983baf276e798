//! The one vocabulary of change: what the app, the command line and the tests
//! may do to a plan. Every edit is plain data, so it can be kept, sent and
//! replayed; as JSON it is one line of an edits file:
//!
//! ```json
//! {"set": {"id": "m1-2", "field": {"measure": {"time_frame": {"years": [2025, 2027]}}}}}
//! ```

use serde::{Deserialize, Serialize};

use crate::case::lowercase;
use crate::id::{EntityRef, Id};
use crate::schema::{EntityKind, Field, Goal, Measure, Member, Party, Section, TextField};
use crate::text::{Block, BlockKind, Mark};
use crate::value::{Body, RoleKind, SectionKind};

/// One change to a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// Adds an entity under an id that no other device can think of.
    Add {
        /// Its kind and fresh id.
        entity: EntityRef,
        /// Where among its siblings.
        #[serde(default)]
        place: Place,
        /// Its first values.
        #[serde(default)]
        fields: Vec<Field>,
    },
    /// Makes sure that an entity exists which several devices may begin at
    /// once; where it does already, nothing happens.
    Ensure(Shared),
    /// Sets a register, which also settles a clash on it.
    Set {
        /// The entity.
        id: String,
        /// The register and its value.
        field: Field,
    },
    /// Puts a member into a set.
    Include {
        /// The entity.
        id: String,
        /// The set and the member.
        member: Member,
    },
    /// Takes a member out of a set. Who puts it in meanwhile wins.
    Exclude {
        /// The entity.
        id: String,
        /// The set and the member.
        member: Member,
    },
    /// Replaces a range of a text, counted in UTF-16 units of its plain form.
    Splice {
        /// The entity.
        id: String,
        /// Which of its texts.
        text: TextField,
        /// Start of the range.
        at: usize,
        /// Its length.
        delete: usize,
        /// What stands there instead; a line break splits a block.
        insert: String,
    },
    /// Makes a text into these blocks by the smallest difference. For a title
    /// the blocks' texts are joined.
    Write {
        /// The entity.
        id: String,
        /// Which of its texts.
        text: TextField,
        /// What it shall be.
        blocks: Vec<Block>,
    },
    /// Puts a mark over a range of running text, or takes it off.
    Mark {
        /// The entity.
        id: String,
        /// Which of its texts.
        text: TextField,
        /// Start of the range in UTF-16 units of the plain form.
        from: usize,
        /// End of the range.
        to: usize,
        /// The mark.
        mark: Mark,
        /// On or off.
        on: bool,
    },
    /// Makes the block around a position one of another kind.
    SetBlock {
        /// The entity.
        id: String,
        /// Which of its texts.
        text: TextField,
        /// A position in the block, in UTF-16 units of the plain form.
        at: usize,
        /// The new kind.
        kind: BlockKind,
    },
    /// Moves an entity among its siblings.
    Move {
        /// The entity.
        entity: EntityRef,
        /// Where to.
        place: Place,
    },
    /// Marks an entity as deleted. Nothing is lost by it.
    Delete(EntityRef),
    /// Brings a deleted entity back, or keeps one that was edited meanwhile.
    Restore(EntityRef),
}

/// A place among the entities of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Before all others.
    First,
    /// After all others.
    #[default]
    Last,
    /// Right before this one.
    Before(String),
    /// Right after this one.
    After(String),
}

/// An entity whose id follows from what it is. Devices that begin the same
/// one offline make the same bytes, and so end up with one entity whose texts
/// hold what both wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shared {
    /// A party; the id comes from [`party_id`](crate::party_id).
    Party {
        /// Its id.
        id: Id<Party>,
    },
    /// A known section of a measure.
    Section {
        /// The measure.
        measure: Id<Measure>,
        /// Which section.
        kind: SectionKind,
    },
    /// The day on which a body of a party treats the plan.
    Anchoring {
        /// The party.
        party: Id<Party>,
        /// Its body.
        body: Body,
    },
    /// What a party is in the plan or for one goal.
    Role {
        /// The party.
        party: Id<Party>,
        /// What it is.
        role: RoleKind,
        /// For which goal; for the whole plan without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        goal: Option<Id<Goal>>,
    },
    /// The person behind a device.
    Person {
        /// The device's name, which is the person's id.
        device: String,
    },
}

impl Shared {
    /// The entity this is.
    pub fn entity(&self) -> EntityRef {
        match self {
            Self::Party { id } => EntityRef::new(EntityKind::Party, id.as_str()),
            Self::Section { measure, kind } => EntityRef::new(
                EntityKind::Section,
                Self::section_id(measure, *kind).as_str(),
            ),
            Self::Anchoring { party, body } => {
                EntityRef::new(EntityKind::Anchoring, format!("{party}.{}", body.word()))
            }
            Self::Role {
                party,
                role,
                goal: None,
            } => EntityRef::new(EntityKind::PartyRole, format!("{party}.{}", role.word())),
            Self::Role {
                party,
                role,
                goal: Some(goal),
            } => EntityRef::new(
                EntityKind::PartyRole,
                format!("{party}.{}.{goal}", role.word()),
            ),
            Self::Person { device } => EntityRef::new(EntityKind::Person, device),
        }
    }

    /// The id of a measure's section of a known kind.
    pub fn section_id(measure: &Id<Measure>, kind: SectionKind) -> Id<Section> {
        Id::new(format!("{measure}.{}", kind.word()))
    }

    /// The registers that follow from the id. They are part of the shared
    /// change, so they may never come to depend on anything else.
    pub(crate) fn fields(&self) -> Vec<Field> {
        use crate::schema::{anchoring, party_role, section};
        match self {
            Self::Party { .. } | Self::Person { .. } => Vec::new(),
            Self::Section { measure, kind } => vec![
                Field::Section(section::Field::Measure(Some(measure.clone()))),
                Field::Section(section::Field::Kind(Some(*kind))),
            ],
            Self::Anchoring { party, body } => vec![
                Field::Anchoring(anchoring::Field::Party(Some(party.clone()))),
                Field::Anchoring(anchoring::Field::Body(Some(*body))),
            ],
            Self::Role { party, role, goal } => {
                let mut fields = vec![
                    Field::PartyRole(party_role::Field::Party(Some(party.clone()))),
                    Field::PartyRole(party_role::Field::Role(Some(*role))),
                ];
                let goal = goal
                    .iter()
                    .map(|goal| Field::PartyRole(party_role::Field::Goal(Some(goal.clone()))));
                fields.extend(goal);
                fields
            }
        }
    }

    /// Its rank among siblings that are begun the same way.
    pub(crate) fn rank(&self) -> usize {
        match self {
            Self::Section { kind, .. } => *kind as usize,
            Self::Anchoring { body, .. } => *body as usize,
            _ => 0,
        }
    }
}

/// The id of the party of this name, the same on every device: lower case, one
/// hyphen between words. «Vinje kommune» and «vinje  kommune» are one party;
/// other names of a party are kept as its aliases.
pub fn party_id(name: &str) -> Id<Party> {
    let words = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    Id::new(words.map(lowercase).collect::<Vec<_>>().join("-"))
}
