//! `samskriv plan new`: a plan that begins with its chapters and tables in place.

use plan::{
    PlanDoc,
    template::{self, Content},
    value,
};

use super::unix_seconds;
use crate::{
    args::{self, Example, Language, Template},
    failure::Failure,
    plan_file::PlanFile,
};

pub fn run(args: args::New) -> Result<(), Failure> {
    let kind = match args.template {
        Template::Bygdevekst => template::Template::RuralGrowth,
    };
    let content = match (args.example, args.language) {
        (Some(Example::VestTelemark), _) => Content::Example(template::VEST_TELEMARK),
        (None, Language::Nn) => Content::Empty(value::Language::Nn),
        (None, Language::Nb) => Content::Empty(value::Language::Nb),
    };
    let edits = template::edits(kind, content, args.title.as_deref())?;
    let mut plan = PlanFile::begin(&args.file, PlanDoc::create)?;
    template::fill(&mut plan.doc, &edits, unix_seconds())
        .map_err(|cause| Failure::Template(cause.into()))?;
    plan.create()
}
