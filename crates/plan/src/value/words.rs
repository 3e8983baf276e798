//! The words of the schema: what a thing is, where the choices are few.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A word that stands for none of the choices.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("«{word}» is none of: {}", .choices.join(", "))]
pub struct UnknownWord {
    word: String,
    choices: &'static [&'static str],
}

/// Enums that are stored as one word of the schema. Written and read by a table
/// of the words, which is a tenth of the code that serde's derive would make.
macro_rules! words {
    ($(
        $(#[$doc:meta])*
        $Name:ident { $($(#[$variant_doc:meta])* $Variant:ident = $word:literal,)+ }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $Name { $($(#[$variant_doc])* $Variant,)+ }

        impl $Name {
            /// Every value, in the order a list offers them.
            pub const ALL: &[$Name] = &[$($Name::$Variant,)+];

            const WORDS: &[&str] = &[$($word,)+];

            /// The word it is stored as.
            pub fn word(self) -> &'static str {
                Self::WORDS[self as usize]
            }
        }

        impl FromStr for $Name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                position(word, Self::WORDS).map(|position| Self::ALL[position])
            }
        }

        impl Serialize for $Name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> Deserialize<'de> for $Name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

fn position(word: &str, choices: &'static [&'static str]) -> Result<usize, UnknownWord> {
    let position = choices.iter().position(|choice| *choice == word);
    position.ok_or_else(|| UnknownWord {
        word: word.to_owned(),
        choices,
    })
}

words! {
    /// What kind of document the plan is.
    PlanKind {
        /// Action plan under a rural growth agreement («handlingsplan»).
        RuralGrowthActionPlan = "rural_growth_action_plan",
        /// Action plan of a restructuring programme («omstillingsplan»).
        RestructuringPlan = "restructuring_plan",
        /// Strategic plan.
        StrategicPlan = "strategic_plan",
        /// Result page of a programme.
        Programme = "programme",
        /// The agreement itself («bygdevekstavtale»).
        Agreement = "agreement",
    }
    /// The language a plan is written in; sets `lang` on everything shown.
    Language {
        /// Nynorsk.
        Nn = "nn",
        /// Bokmål.
        Nb = "nb",
    }
    /// What a party is.
    PartyType {
        /// Kommune.
        Municipality = "municipality",
        /// Fylkeskommune.
        County = "county",
        /// Departement.
        Ministry = "ministry",
        /// Statsforvaltar.
        CountyGovernor = "county_governor",
        /// Another body of the state.
        StateBody = "state_body",
        /// School, university or study centre.
        Education = "education",
        /// Company or business organisation.
        Business = "business",
        /// Several parties or offices named together («pilotkommunane»).
        Group = "group",
        /// An office or person in a role («prosjektleiar»).
        Office = "office",
        /// Anything else.
        Other = "other",
    }
    /// What a party is in the plan.
    RoleKind {
        /// Hovudpart.
        MainParty = "main_party",
        /// Koordinerande hovudpart.
        CoordinatingMainParty = "coordinating_main_party",
        /// Samarbeidspart.
        Partner = "partner",
        /// Aktør med særleg rolle.
        SpecialActor = "special_actor",
        /// Kan inviterast.
        MayBeInvited = "may_be_invited",
        /// Its approval is asked for before the plan is final.
        Approver = "approver",
    }
    /// How binding a commitment is.
    Modality {
        /// Forpliktar seg.
        Commits = "commits",
        /// Skal.
        Shall = "shall",
        /// Bør.
        Should = "should",
        /// Kan.
        May = "may",
        /// Vil vurdere.
        WillConsider = "will_consider",
    }
    /// The level of a goal in its tree.
    GoalLevel {
        /// Delmål.
        SubGoal = "sub_goal",
        /// Hovudmål.
        MainGoal = "main_goal",
        /// Innsatsområde.
        FocusArea = "focus_area",
        /// Overordna mål.
        OverallGoal = "overall_goal",
        /// Langsiktig resultatmål.
        LongTermResult = "long_term_result",
        /// Effektmål.
        EffectGoal = "effect_goal",
        /// Årleg resultatmål.
        YearlyResult = "yearly_result",
        /// Prosjektmål.
        ProjectGoal = "project_goal",
        /// Delstrategi.
        SubStrategy = "sub_strategy",
        /// Tverrgåande mål.
        CrossCutting = "cross_cutting",
    }
    /// How far a measure has come in its making.
    Maturity {
        /// Fully described.
        Normal = "normal",
        /// In an early phase.
        Early = "early",
        /// Unfinished.
        Unfinished = "unfinished",
    }
    /// The known sections of a measure, in the order they usually stand.
    SectionKind {
        /// Utfordring.
        Challenge = "challenge",
        /// Skildring av tiltaket.
        Description = "description",
        /// Aktuell utprøving.
        Trial = "trial",
        /// Mål med tiltaket.
        Aim = "aim",
        /// Utviklingsområde.
        DevelopmentArea = "development_area",
        /// Moglege målgrupper.
        TargetGroups = "target_groups",
        /// Første steg.
        FirstSteps = "first_steps",
        /// Kven bidreg – og korleis?
        Contributions = "contributions",
        /// Medverkande.
        Participants = "participants",
        /// Vidare planlegging.
        FurtherPlanning = "further_planning",
        /// Merk.
        Note = "note",
        /// A heading of the writers' own.
        Free = "free",
    }
    /// A body that a plan is anchored in or decided by.
    Body {
        /// Formannskap.
        ExecutiveCommittee = "executive_committee",
        /// Kommunestyre.
        MunicipalCouncil = "municipal_council",
        /// Fylkesting.
        CountyCouncil = "county_council",
        /// Hovudutval.
        MainCommittee = "main_committee",
    }
    /// Whether an event has taken place.
    EventStatus {
        /// Set up for a date.
        Planned = "planned",
        /// Done.
        Done = "done",
    }
    /// What a unit of the plan's organisation is.
    OrgUnitKind {
        /// Eigar.
        Owner = "owner",
        /// Prosjektleiar.
        ProjectLead = "project_lead",
        /// Prosjektmedarbeidar.
        ProjectStaff = "project_staff",
        /// Styringsgruppe.
        SteeringGroup = "steering_group",
        /// Arbeidsgruppe.
        WorkingGroup = "working_group",
        /// Referansegruppe.
        ReferenceGroup = "reference_group",
    }
    /// What a revision did with a measure.
    RevisionKind {
        /// New in this revision.
        New = "new",
        /// Changed; a reason is asked for.
        Changed = "changed",
        /// Ended; an assessment is asked for.
        Ended = "ended",
    }
    /// What a reference points to.
    ReferenceKind {
        /// Brev.
        Letter = "letter",
        /// Tilskotsbrev.
        GrantLetter = "grant_letter",
        /// Meld. St.
        WhitePaper = "white_paper",
        /// Kapittel og post in the state budget.
        BudgetItem = "budget_item",
        /// Vedtak.
        Decision = "decision",
        /// Vedlegg.
        Attachment = "attachment",
        /// A point of this plan or another document.
        Point = "point",
    }
    /// What a note is.
    NoteKind {
        /// Merk, NB.
        Note = "note",
        /// Footnote.
        Footnote = "footnote",
        /// Caption of a table or figure.
        Caption = "caption",
        /// What someone says about a part of the plan, until it is settled; no
        /// part of the document itself.
        Comment = "comment",
    }
    /// What an outcome is.
    OutcomeKind {
        /// Resultat.
        Result = "result",
        /// Råd, with its reason.
        Advice = "advice",
        /// What is being worked on next.
        NextActivity = "next_activity",
    }
    /// A table that a chapter shows.
    TableKind {
        /// The version log.
        Log = "log",
        /// Goals with their measures.
        Measures = "measures",
        /// Anchoring dates by municipality.
        Anchoring = "anchoring",
        /// Who has approved the plan.
        Approvals = "approvals",
        /// Budget lines.
        Budget = "budget",
        /// Funding sources.
        Funding = "funding",
        /// Organisation.
        Organisation = "organisation",
        /// Contact persons.
        Contacts = "contacts",
    }
}

impl fmt::Display for TableKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
