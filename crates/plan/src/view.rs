//! The plan as plain values, with what is derived: order, numbers, sums,
//! warnings, clashes. Nothing here is stored.

use std::collections::{BTreeMap, BTreeSet};

use automerge::AutoCommit;

use crate::attribution::{Attribution, DeviceName};
use crate::case::lowercase;
use crate::contested::{self, ContestedDeletion};
use crate::id::{EntityRef, Id};
use crate::register::Choice;
use crate::schema::*;
use crate::unreadable::Unreadable;
use crate::value::{Amount, Body, Kroner, Percent, RoleKind, TimeFrame};

/// A plan read into plain values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanView {
    entities: Entities,
    /// Entities that one deleted while another edited them.
    pub contested_deletions: BTreeMap<EntityRef, ContestedDeletion>,
}

/// What a view that was brought up to date has that it had not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refreshed {
    /// The entities that are not as they were.
    pub changed: Vec<EntityRef>,
    /// Whether anything but titles and texts is not as it was. While typing it
    /// is not: what is derived from values and from order stays.
    pub structure: bool,
}

/// A register with an open clash.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenClash {
    /// The entity.
    pub entity: EntityRef,
    /// The values, the current one last.
    pub choices: Vec<Choice>,
}

/// A row of the anchoring table: one party's dates by body.
#[derive(Clone, Debug, PartialEq)]
pub struct AnchoringRow {
    /// The party.
    pub party: Id<Party>,
    /// Its events by body.
    pub events: BTreeMap<Body, Anchoring>,
}

/// A row of the approval table: who is asked, and its latest approval.
#[derive(Clone, Debug, PartialEq)]
pub struct ApprovalRow {
    /// The party.
    pub party: Id<Party>,
    /// Its latest approval, if it has given one.
    pub approval: Option<Approval>,
}

impl PlanView {
    pub(crate) fn read(doc: &mut AutoCommit) -> Self {
        let entities = Entities::read(doc);
        let contested_deletions = contested::deletions(doc, &entities);
        Self::new(entities, contested_deletions)
    }

    /// A view of these entities.
    pub(crate) fn new(
        entities: Entities,
        contested_deletions: BTreeMap<EntityRef, ContestedDeletion>,
    ) -> Self {
        Self {
            entities,
            contested_deletions,
        }
    }

    /// Every entity in turn.
    pub(crate) fn entities(&self) -> impl Iterator<Item = (&EntityRef, &dyn AnyEntity)> {
        self.entities.iter()
    }

    /// Reads the changed entities anew. Contested deletions cost a look into
    /// history, so they are looked for only where something deleted changed.
    pub(crate) fn refresh(
        &mut self,
        doc: &mut AutoCommit,
        changed: &BTreeSet<EntityRef>,
    ) -> Refreshed {
        let mut concerns_deleted = changed.iter().any(|entity| self.is_deleted(entity));
        let reread = self.entities.refresh(doc, changed);
        concerns_deleted |= changed.iter().any(|entity| self.is_deleted(entity));
        let mut structure = reread.contains(&Reread::Structure);
        if concerns_deleted {
            let contested = contested::deletions(doc, &self.entities);
            structure |= contested != self.contested_deletions;
            self.contested_deletions = contested;
        }
        let changed = changed.iter().zip(reread);
        let changed = changed.filter(|(_, reread)| *reread != Reread::Same);
        Refreshed {
            changed: changed.map(|(entity, _)| entity.clone()).collect(),
            structure,
        }
    }

    /// Whether an entity, or the measure it is a section of, is deleted.
    fn is_deleted(&self, entity: &EntityRef) -> bool {
        let measure = match entity.kind {
            EntityKind::Section => self
                .get(&Id::<Section>::new(&entity.id))
                .and_then(|section| section.measure.value.clone()),
            _ => None,
        };
        let measure_deleted = measure
            .and_then(|id| self.get(&id))
            .is_some_and(|measure| measure.deleted.is_some());
        measure_deleted
            || self
                .entities
                .any(entity)
                .is_some_and(|any| any.deleted().is_some())
    }

    /// The plan's own entity. `None` only for a document that is damaged.
    pub fn plan(&self) -> Option<&Plan> {
        self.get(&Id::new(PLAN_ID))
    }

    /// The addresses of the relays that the plan names.
    pub fn relays(&self) -> BTreeSet<String> {
        self.plan()
            .map(|plan| plan.relays.clone())
            .unwrap_or_default()
    }

    /// The entity with this id, deleted or not.
    pub fn get<E: Entity>(&self, id: &Id<E>) -> Option<&E> {
        self.entities.get(id)
    }

    /// An entity of whatever kind, to hold on to: equal while it does not
    /// change.
    pub fn shared(&self, entity: &EntityRef) -> Option<SharedEntity> {
        self.entities.shared(entity)
    }

    /// An entity's titles, and the blocks of its texts.
    pub(crate) fn lines(&self, entity: &EntityRef) -> Vec<String> {
        self.entities
            .any(entity)
            .map(|any| any.lines())
            .unwrap_or_default()
    }

    /// What the document holds and this view can't show as it stands.
    pub fn unreadable(&self) -> impl Iterator<Item = &Unreadable> {
        self.entities.unreadable()
    }

    /// All entities of a kind that are not deleted, in order.
    pub fn all<E: Entity>(&self) -> Vec<&E> {
        self.entities.ordered(false)
    }

    /// How many entities of a kind there are that are not deleted.
    pub fn count<E: Entity>(&self) -> usize {
        self.entities.count(E::KIND)
    }

    /// The deleted entities of a kind, in the order they stood in.
    pub fn deleted<E: Entity>(&self) -> Vec<&E> {
        self.entities.ordered(true)
    }

    /// Every entity, the deleted ones too, as JSON: collections by name, and in
    /// each the entities by id.
    pub fn to_json(&self) -> serde_json::Value {
        let mut collections = serde_json::Map::new();
        for kind in EntityKind::ALL {
            let entities = self.entities.of_kind(*kind);
            let entities: serde_json::Map<_, _> = entities
                .filter_map(|(entity, any)| {
                    Some((entity.id.to_string(), entity_to_json(*kind, any)?))
                })
                .collect();
            collections.insert(kind.collection().to_owned(), entities.into());
        }
        collections.into()
    }

    /// The goals right under `parent`, or the topmost ones.
    pub fn goals(&self, parent: Option<&Id<Goal>>) -> Vec<&Goal> {
        self.entities.below(parent.map(Id::as_str))
    }

    /// The measures of a goal. A measure's number is its place here, from 1.
    pub fn measures(&self, goal: &Id<Goal>) -> Vec<&Measure> {
        self.entities.below(Some(goal.as_str()))
    }

    /// The number of a measure within its goal, from 1. A deleted measure has
    /// none.
    pub fn measure_number(&self, id: &Id<Measure>) -> Option<usize> {
        self.get(id)?.goal.value.as_ref()?;
        self.number(EntityKind::Measure, id.as_str())
    }

    /// The number of a goal among its siblings, from 1.
    pub fn goal_number(&self, id: &Id<Goal>) -> Option<usize> {
        self.number(EntityKind::Goal, id.as_str())
    }

    fn number(&self, kind: EntityKind, id: &str) -> Option<usize> {
        let place = self.entities.place(&EntityRef::new(kind, id))?;
        Some(place + 1)
    }

    /// The sections of a measure, in order.
    pub fn sections(&self, measure: &Id<Measure>) -> Vec<&Section> {
        self.entities.below(Some(measure.as_str()))
    }

    /// The chapters with their numbers: the chapter's own where it has one,
    /// else one more than the chapter before.
    pub fn chapters(&self) -> Vec<(u32, &Chapter)> {
        let mut number: u32 = 0;
        let chapters = self.all::<Chapter>().into_iter().map(|chapter| {
            number = chapter.number.value.unwrap_or(number.saturating_add(1));
            (number, chapter)
        });
        chapters.collect()
    }

    /// The number of a chapter. A deleted one has none.
    pub fn chapter_number(&self, id: &Id<Chapter>) -> Option<u32> {
        let chapters = self.chapters();
        let found = chapters.iter().find(|(_, chapter)| chapter.id == *id);
        found.map(|(number, _)| *number)
    }

    /// The sum of the weights of the goals under `parent`. Anything else than
    /// 100 % is worth a warning; nothing is ever normalised.
    pub fn weight_sum(&self, parent: Option<&Id<Goal>>) -> Percent {
        self.goals(parent)
            .iter()
            .filter_map(|goal| goal.weight.value)
            .sum()
    }

    /// The anchoring table: a row for each party that has a body, by party
    /// name.
    pub fn anchoring(&self) -> Vec<AnchoringRow> {
        let mut rows: BTreeMap<(String, Id<Party>), BTreeMap<Body, Anchoring>> = BTreeMap::new();
        for event in self.all::<Anchoring>() {
            let (Some(party), Some(body)) = (&event.party.value, event.body.value) else {
                continue;
            };
            let row = rows
                .entry((self.party_name(party), party.clone()))
                .or_default();
            row.insert(body, event.clone());
        }
        rows.into_iter()
            .map(|((_, party), events)| AnchoringRow { party, events })
            .collect()
    }

    /// The approval table: a row for each party whose approval is asked for,
    /// municipalities first, and for each that gave one unasked.
    pub fn approvals(&self) -> Vec<ApprovalRow> {
        let asked = self.all::<PartyRole>().into_iter();
        let asked = asked.filter(|role| role.role.value == Some(RoleKind::Approver));
        let asked = asked.filter_map(|role| role.party.value.clone());
        let given = self.all::<Approval>();
        let given_by = given
            .iter()
            .filter_map(|approval| approval.party.value.clone());
        let mut parties: Vec<Id<Party>> = asked.chain(given_by).collect();
        parties.sort_by_key(|party| {
            let kind = self.get(party).and_then(|party| party.kind.value);
            (kind, self.party_name(party), party.clone())
        });
        parties.dedup();
        let rows = parties.into_iter().map(|party| {
            let approvals = given
                .iter()
                .filter(|approval| approval.party.value.as_ref() == Some(&party));
            let approval = approvals
                .max_by_key(|approval| approval.date.value)
                .map(|approval| (*approval).clone());
            ApprovalRow { party, approval }
        });
        rows.collect()
    }

    /// The parties as lists show them: municipalities first, then the others by
    /// what they are, and in each by name.
    pub fn parties(&self) -> Vec<&Party> {
        let mut parties = self.all::<Party>();
        parties
            .sort_by_cached_key(|party| (party.kind.value, lowercase(&self.party_name(&party.id))));
        parties
    }

    /// The name to show for a party.
    pub fn party_name(&self, id: &Id<Party>) -> String {
        let name = self.get(id).and_then(|party| party.name.value.clone());
        name.unwrap_or_else(|| id.to_string())
    }

    /// The names of some parties, in the order of [`parties`](Self::parties); a
    /// party that the plan does not have goes by its id, after the others.
    pub fn party_names(&self, wanted: &BTreeSet<Id<Party>>) -> Vec<String> {
        let mut named: Vec<_> = wanted
            .iter()
            .map(|id| {
                let kind = self.get(id).map(|party| party.kind.value);
                let name = self.party_name(id);
                (kind.is_none(), kind, lowercase(&name), name)
            })
            .collect();
        named.sort_unstable();
        named.into_iter().map(|(.., name)| name).collect()
    }

    /// The party that goes by this name or alias.
    pub fn find_party(&self, name: &str) -> Option<&Party> {
        let id = crate::party_id(name);
        let named = |text: &str| crate::party_id(text) == id;
        let parties = self.all::<Party>();
        let found = parties.iter().find(|party| {
            party.id == id
                || party.name.value.as_deref().is_some_and(named)
                || party.aliases.iter().any(|alias| named(alias))
        });
        found.copied()
    }

    /// The person behind a device, and the party the person writes for.
    pub fn person(&self, device: &DeviceName) -> Option<&Person> {
        self.get(&Id::new(device.as_str()))
    }

    /// The names of the person behind a device and of the party they write for, as
    /// far as the device says.
    pub fn introduction(&self, device: &DeviceName) -> [Option<String>; 2] {
        let person = self.person(device);
        let party = person.and_then(|person| person.party.value.as_ref());
        [
            person.and_then(|person| person.name.value.clone()),
            party.map(|party| self.party_name(party)),
        ]
    }

    /// Whose hand it was, in a word: the party, else the person, else nothing.
    pub fn hand(&self, by: &Attribution) -> Option<String> {
        let [person, party] = self.introduction(by.device.as_ref()?);
        party.or(person)
    }

    /// Every open clash. They block approval, never editing.
    pub fn clashes(&self) -> Vec<OpenClash> {
        let present = self
            .entities
            .iter()
            .filter(|(_, any)| any.deleted().is_none());
        let clashes = present.flat_map(|(entity, any)| {
            let open = any.clashes().into_iter();
            open.map(|choices| OpenClash {
                entity: entity.clone(),
                choices,
            })
        });
        clashes.collect()
    }

    /// A version label that is free, for a row of the log whose own is taken
    /// by another row: «6.1» twice makes it propose «6.2».
    pub fn free_version(&self, entry: &Id<LogEntry>) -> Option<String> {
        let version = self.get(entry)?.version.value.clone()?;
        let taken: Vec<&String> = self
            .all::<LogEntry>()
            .into_iter()
            .filter(|other| other.id != *entry)
            .filter_map(|other| other.version.value.as_ref())
            .collect();
        if !taken.contains(&&version) {
            return None;
        }
        let (major, minor) = version.rsplit_once('.').unwrap_or((&version, "0"));
        let minor: u32 = minor.parse().ok()?;
        (minor.checked_add(1)?..=u32::MAX)
            .map(|minor| format!("{major}.{minor}"))
            .find(|free| !taken.contains(&free))
    }

    /// The number that a link to a place in the plan shows at the moment:
    /// `plan:measures/ID` is «2» while the measure is the second of its goal.
    pub fn resolve_link(&self, target: &str) -> Option<usize> {
        let (collection, id) = target.strip_prefix("plan:")?.split_once('/')?;
        match collection {
            "measures" => self.measure_number(&Id::new(id)),
            "goals" => self.goal_number(&Id::new(id)),
            _ => None,
        }
    }
}

impl BudgetLine {
    /// What is left: budget less granted. Unknown while either is not a number
    /// («xxx»), but an empty «granted» counts as nothing granted.
    pub fn remaining(&self) -> Option<Kroner> {
        let budget = self.budget.value.as_ref()?.kroner?;
        let granted = match &self.granted.value {
            None => Kroner(0),
            Some(Amount { kroner, .. }) => (*kroner)?,
        };
        Some(Kroner(budget.0.saturating_sub(granted.0)))
    }

    /// Whether more is granted than budgeted, which is shown, never changed.
    pub fn is_overdrawn(&self) -> bool {
        self.remaining().is_some_and(|left| left < Kroner(0))
    }
}

/// The sum of the cells that hold a number. Always computed, never stored.
pub fn total<'a>(amounts: impl IntoIterator<Item = &'a Amount>) -> Kroner {
    amounts.into_iter().filter_map(|amount| amount.kroner).sum()
}

impl Measure {
    /// Whether the measure is put off, by its time frame or by its mark.
    pub fn is_deferred(&self) -> bool {
        self.later.value == Some(true) || self.time_frame.value == Some(TimeFrame::NextRevision)
    }
}
