//! Every kind of entity of schema 1 with its fields.
//!
//! Registers keep both values where hands collide, titles and texts merge by
//! character, sets by union; see the crate's page for the rules.

use super::macros::entities;
use super::store::AnyEntity;
use crate::id::Id;
use crate::value::*;

/// What every entity has.
pub trait Entity: AnyEntity + Sized + Clone + PartialEq {
    /// Its kind.
    const KIND: EntityKind;
    /// Its id.
    fn id(&self) -> &Id<Self>;
}

entities! {
    /// The plan itself; there is one, with the id [`PLAN_ID`].
    Plan, plan_fields in plan {
        registers {
            /// What kind of document it is.
            Kind kind: PlanKind,
            /// The language it is written in.
            Language language: Language,
            /// The year the plan is for, where it is yearly.
            Year year: i32,
            /// The years it covers.
            Period period: Period,
        }
        titles {
            /// Title.
            Title title,
            /// Subtitle.
            Subtitle subtitle,
            /// The programme it belongs to.
            Programme programme,
        }
        texts {}
        sets {
            /// The addresses of the relays it is kept at. Begun later than the
            /// plan itself: see [`BEGUN_LATER`].
            Relays relays: String,
        }
    }

    /// A row of the version log.
    LogEntry, log_entry in log {
        registers {
            /// «6.0».
            Version version: String,
            /// As precise as the source.
            Date date: PartialDate,
            /// The party that made the change.
            ChangedBy changed_by: Id<Party>,
        }
        titles {
            /// What the version is.
            Label label,
            /// The state it was in.
            Status status,
        }
        texts {}
        sets {}
    }

    /// Someone who takes part: a municipality, a body of the state, a group.
    Party, party in parties {
        registers {
            /// The name to show.
            Name name: String,
            /// What it is.
            Kind kind: PartyType,
            /// Municipality or county number, a string because of leading zeros.
            Number number: String,
        }
        titles {}
        texts {}
        sets {
            /// Other names of the same party.
            Aliases aliases: String,
        }
    }

    /// What a party is in the plan, or for one goal.
    PartyRole, party_role in roles {
        registers {
            /// Who.
            Party party: Id<Party>,
            /// As what.
            Role role: RoleKind,
            /// For which goal; unset for the whole plan.
            Goal goal: Id<Goal>,
        }
        titles {}
        texts {}
        sets {}
    }

    /// What a party binds itself to.
    Commitment, commitment in commitments {
        registers {
            /// Who.
            Party party: Id<Party>,
            /// How binding.
            Modality modality: Modality,
            /// For which goal; unset for the whole plan.
            Goal goal: Id<Goal>,
        }
        titles {}
        texts {
            /// To what.
            Body body,
        }
        sets {}
    }

    /// A goal in the tree of goals.
    Goal, goal in goals below parent {
        registers {
            /// Its level.
            Level level: GoalLevel,
            /// The goal above it.
            Parent parent: Id<Goal>,
            /// Its share of the effort.
            Weight weight: Percent,
        }
        titles {
            /// Title.
            Title title,
        }
        texts {
            /// The main goal, in a sentence or two.
            MainGoal main_goal,
            /// Introduction.
            Body body,
            /// Reservation («kan bli endra ved rulleringa»).
            Caveat caveat,
        }
        sets {}
    }

    /// A measure («tiltak»). Its number is derived from its order in the goal.
    Measure, measure in measures below goal {
        registers {
            /// The goal it serves.
            Goal goal: Id<Goal>,
            /// When it is carried out.
            TimeFrame time_frame: TimeFrame,
            /// Taken up later in the period («grå skrift»).
            Later later: bool,
            /// How far it has come.
            Maturity maturity: Maturity,
            /// Partners beside the named («m.fl.»).
            AndOthers and_others: bool,
        }
        titles {
            /// Title.
            Title title,
        }
        texts {}
        sets {
            /// Who leads it.
            Leads leads: Id<Party>,
            /// Who takes part.
            Partners partners: Id<Party>,
        }
    }

    /// A section of a measure's description.
    Section, section in sections below measure {
        registers {
            /// The measure.
            Measure measure: Id<Measure>,
            /// Which section it is.
            Kind kind: SectionKind,
        }
        titles {
            /// The literal heading; empty where the kind's own name serves.
            Heading heading,
        }
        texts {
            /// The text.
            Body body,
        }
        sets {}
    }

    /// A line of the budget. What remains is derived.
    BudgetLine, budget_line in budget_lines {
        registers {
            /// The goal or area it belongs to.
            Goal goal: Id<Goal>,
            /// Budgeted.
            Budget budget: Amount,
            /// Granted so far.
            Granted granted: Amount,
        }
        titles {
            /// What the money is for.
            Title title,
            /// Comment on the proposal.
            Comment comment,
        }
        texts {}
        sets {}
    }

    /// Money granted or contributed.
    Grant, grant in grants {
        registers {
            /// The budget line it is taken from.
            Line line: Id<BudgetLine>,
            /// How much.
            Amount amount: Amount,
            /// Who pays a part.
            CoFunder co_funder: Id<Party>,
            /// The co-funder's part.
            CoFunding co_funding: Amount,
            /// Footnote mark in the source.
            FootnoteMark footnote_mark: String,
        }
        titles {
            /// To whom or what.
            Title title,
            /// Note.
            Note note,
        }
        texts {}
        sets {}
    }

    /// A source of funding. Totals are derived.
    FundingSource, funding_source in funding {
        registers {
            /// Its share of the whole.
            Share share: Percent,
            /// How much.
            Amount amount: Amount,
        }
        titles {
            /// Who funds.
            Title title,
            /// Explanation.
            Explanation explanation,
        }
        texts {}
        sets {}
    }

    /// Jobs to make or secure. Sums are derived.
    JobTarget, job_target in job_targets {
        registers {
            /// The goal it belongs to.
            Goal goal: Id<Goal>,
            /// By which year.
            Year year: i32,
            /// How many.
            Count count: i64,
        }
        titles {
            /// Industry or area.
            Title title,
        }
        texts {}
        sets {}
    }

    /// A UN sustainable development goal that the plan or a goal serves.
    SdgLink, sdg_link in sdgs {
        registers {
            /// 1–17.
            Number number: u8,
            /// For which goal; unset for the whole plan.
            Goal goal: Id<Goal>,
        }
        titles {
            /// Its wording here.
            Wording wording,
        }
        texts {}
        sets {}
    }

    /// A phase of the method or of a measure.
    Phase, phase in phases {
        registers {
            /// The measure; unset for the plan's own method.
            Measure measure: Id<Measure>,
            /// The part that a party plays in it.
            Role role: String,
        }
        titles {
            /// Name.
            Name name,
        }
        texts {
            /// What is done.
            Body body,
        }
        sets {}
    }

    /// A unit of the plan's organisation.
    OrgUnit, org_unit in organisation {
        registers {
            /// What it is.
            Kind kind: OrgUnitKind,
            /// The goal a working group serves.
            Goal goal: Id<Goal>,
        }
        titles {
            /// Name.
            Name name,
        }
        texts {}
        sets {
            /// Who sits in it.
            Members members: Id<Party>,
        }
    }

    /// A date on which a body treats the plan.
    Anchoring, anchoring in anchoring {
        registers {
            /// Whose body.
            Party party: Id<Party>,
            /// Which body.
            Body body: Body,
            /// When.
            Date date: PartialDate,
            /// Planned or done.
            Status status: EventStatus,
            /// The case in that party's archive.
            CaseReference case_reference: String,
        }
        titles {}
        texts {}
        sets {}
    }

    /// One party's approval of one exact version.
    Approval, approval in approvals {
        registers {
            /// Who approved.
            Party party: Id<Party>,
            /// When.
            Date date: PartialDate,
            /// The label of the version («6.0»).
            Version version: String,
            /// The exact version: its heads, in hex, sorted.
            Heads heads: Vec<String>,
            /// The case in that party's archive.
            CaseReference case_reference: String,
        }
        titles {}
        texts {}
        sets {}
    }

    /// What a yearly revision did with a measure.
    RevisionEntry, revision_entry in revisions {
        registers {
            /// The year of the revision.
            Year year: i32,
            /// The measure.
            Measure measure: Id<Measure>,
            /// What was done.
            Kind kind: RevisionKind,
            /// Whether state money goes to it.
            StateFunded state_funded: bool,
        }
        titles {}
        texts {
            /// Why it changed.
            Reason reason,
            /// What it gave, once ended.
            Assessment assessment,
        }
        sets {}
    }

    /// Someone to get in touch with.
    ContactPerson, contact_person in contacts {
        registers {
            /// Name.
            Name name: String,
            /// Job title.
            JobTitle job_title: String,
            /// Organisation.
            Organisation organisation: Id<Party>,
            /// Telephone number.
            Phone phone: String,
            /// Field of responsibility.
            Area area: String,
        }
        titles {}
        texts {}
        sets {}
    }

    /// A letter, decision or paper that the plan points to.
    Reference, reference in references {
        registers {
            /// What it is.
            Kind kind: ReferenceKind,
            /// Its date.
            Date date: PartialDate,
            /// Where it is found.
            Target target: String,
        }
        titles {
            /// What it is called.
            Label label,
        }
        texts {}
        sets {}
    }

    /// A note, footnote or caption.
    Note, note in notes {
        registers {
            /// What it is.
            Kind kind: NoteKind,
            /// The entity it stands by; see [`EntityRef::anchor`](crate::EntityRef::anchor).
            Anchor anchor: String,
        }
        titles {}
        texts {
            /// The text.
            Body body,
        }
        sets {}
    }

    /// A result, a piece of advice or a next activity.
    Outcome, outcome in outcomes {
        registers {
            /// Which of them.
            Kind kind: OutcomeKind,
            /// The goal it belongs to.
            Goal goal: Id<Goal>,
        }
        titles {}
        texts {
            /// The text.
            Body body,
            /// The reason for a piece of advice.
            Reason reason,
        }
        sets {}
    }

    /// A figure about the programme.
    Fact, fact in facts {
        registers {
            /// Its value.
            Value value: String,
            /// The unit of the value.
            Unit unit: String,
            /// As of when.
            AsOf as_of: PartialDate,
        }
        titles {
            /// What is counted.
            Key key,
        }
        texts {}
        sets {}
    }

    /// A chapter of the document.
    Chapter, chapter in chapters {
        registers {
            /// A number of its own, where the document departs from 1, 2, 3.
            Number number: u32,
        }
        titles {
            /// Heading, without the number.
            Heading heading,
        }
        texts {
            /// The text.
            Body body,
        }
        sets {
            /// The tables that stand in it.
            Tables tables: TableKind,
        }
    }

    /// Who writes from one device; the id is the device's name.
    Person, person in people {
        registers {
            /// The person's name.
            Name name: String,
            /// The party the person writes for.
            Party party: Id<Party>,
        }
        titles {}
        texts {}
        sets {}
    }
}

/// A set of the [`Plan`] that not every plan of schema 1 has: the first change
/// is the same bytes for ever, so it can't make the set. A change of its own
/// does, with the first member.
pub(crate) const BEGUN_LATER: &str = "relays";

/// The id of the one [`Plan`].
pub const PLAN_ID: &str = "plan";
