//! The words of the schema: what a thing is, where the choices are few.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Enums that are stored as one word of the schema.
macro_rules! words {
    ($($(#[$doc:meta])* $Name:ident { $($(#[$variant_doc:meta])* $Variant:ident,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $Name { $($(#[$variant_doc])* $Variant,)+ }

        impl $Name {
            /// Every value, in the order a list offers them.
            pub const ALL: &[$Name] = &[$($Name::$Variant,)+];
        }
    )+};
}

words! {
    /// What kind of document the plan is.
    PlanKind {
        /// Action plan under a rural growth agreement («handlingsplan»).
        RuralGrowthActionPlan,
        /// Action plan of a restructuring programme («omstillingsplan»).
        RestructuringPlan,
        /// Strategic plan.
        StrategicPlan,
        /// Result page of a programme.
        Programme,
        /// The agreement itself («bygdevekstavtale»).
        Agreement,
    }
    /// The language a plan is written in; sets `lang` on everything shown.
    Language {
        /// Nynorsk.
        Nn,
        /// Bokmål.
        Nb,
    }
    /// What a party is.
    PartyType {
        /// Kommune.
        Municipality,
        /// Fylkeskommune.
        County,
        /// Departement.
        Ministry,
        /// Statsforvaltar.
        CountyGovernor,
        /// Another body of the state.
        StateBody,
        /// School, university or study centre.
        Education,
        /// Company or business organisation.
        Business,
        /// Several parties or offices named together («pilotkommunane»).
        Group,
        /// An office or person in a role («prosjektleiar»).
        Office,
        /// Anything else.
        Other,
    }
    /// What a party is in the plan.
    RoleKind {
        /// Hovudpart.
        MainParty,
        /// Koordinerande hovudpart.
        CoordinatingMainParty,
        /// Samarbeidspart.
        Partner,
        /// Aktør med særleg rolle.
        SpecialActor,
        /// Kan inviterast.
        MayBeInvited,
        /// Its approval is asked for before the plan is final.
        Approver,
    }
    /// How binding a commitment is.
    Modality {
        /// Forpliktar seg.
        Commits,
        /// Skal.
        Shall,
        /// Bør.
        Should,
        /// Kan.
        May,
        /// Vil vurdere.
        WillConsider,
    }
    /// The level of a goal in its tree.
    GoalLevel {
        /// Delmål.
        SubGoal,
        /// Hovudmål.
        MainGoal,
        /// Innsatsområde.
        FocusArea,
        /// Overordna mål.
        OverallGoal,
        /// Langsiktig resultatmål.
        LongTermResult,
        /// Effektmål.
        EffectGoal,
        /// Årleg resultatmål.
        YearlyResult,
        /// Prosjektmål.
        ProjectGoal,
        /// Delstrategi.
        SubStrategy,
        /// Tverrgåande mål.
        CrossCutting,
    }
    /// How far a measure has come in its making.
    Maturity {
        /// Fully described.
        Normal,
        /// In an early phase.
        Early,
        /// Unfinished.
        Unfinished,
    }
    /// The known sections of a measure, in the order they usually stand.
    SectionKind {
        /// Utfordring.
        Challenge,
        /// Skildring av tiltaket.
        Description,
        /// Aktuell utprøving.
        Trial,
        /// Mål med tiltaket.
        Aim,
        /// Utviklingsområde.
        DevelopmentArea,
        /// Moglege målgrupper.
        TargetGroups,
        /// Første steg.
        FirstSteps,
        /// Kven bidreg – og korleis?
        Contributions,
        /// Medverkande.
        Participants,
        /// Vidare planlegging.
        FurtherPlanning,
        /// Merk.
        Note,
        /// A heading of the writers' own.
        Free,
    }
    /// A body that a plan is anchored in or decided by.
    Body {
        /// Formannskap.
        ExecutiveCommittee,
        /// Kommunestyre.
        MunicipalCouncil,
        /// Fylkesting.
        CountyCouncil,
        /// Hovudutval.
        MainCommittee,
    }
    /// Whether an event has taken place.
    EventStatus {
        /// Set up for a date.
        Planned,
        /// Done.
        Done,
    }
    /// What a unit of the plan's organisation is.
    OrgUnitKind {
        /// Eigar.
        Owner,
        /// Prosjektleiar.
        ProjectLead,
        /// Prosjektmedarbeidar.
        ProjectStaff,
        /// Styringsgruppe.
        SteeringGroup,
        /// Arbeidsgruppe.
        WorkingGroup,
        /// Referansegruppe.
        ReferenceGroup,
    }
    /// What a revision did with a measure.
    RevisionKind {
        /// New in this revision.
        New,
        /// Changed; a reason is asked for.
        Changed,
        /// Ended; an assessment is asked for.
        Ended,
    }
    /// What a reference points to.
    ReferenceKind {
        /// Brev.
        Letter,
        /// Tilskotsbrev.
        GrantLetter,
        /// Meld. St.
        WhitePaper,
        /// Kapittel og post in the state budget.
        BudgetItem,
        /// Vedtak.
        Decision,
        /// Vedlegg.
        Attachment,
        /// A point of this plan or another document.
        Point,
    }
    /// What a note is.
    NoteKind {
        /// Merk, NB.
        Note,
        /// Footnote.
        Footnote,
        /// Caption of a table or figure.
        Caption,
    }
    /// What an outcome is.
    OutcomeKind {
        /// Resultat.
        Result,
        /// Råd, with its reason.
        Advice,
        /// What is being worked on next.
        NextActivity,
    }
    /// A table that a chapter shows.
    TableKind {
        /// The version log.
        Log,
        /// Goals with their measures.
        Measures,
        /// Anchoring dates by municipality.
        Anchoring,
        /// Who has approved the plan.
        Approvals,
        /// Budget lines.
        Budget,
        /// Funding sources.
        Funding,
        /// Organisation.
        Organisation,
        /// Contact persons.
        Contacts,
    }
}

impl fmt::Display for TableKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
