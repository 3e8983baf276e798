//! Templates: a plan that begins with its chapters, tables and parties in
//! place.
//!
//! A template is an outline in JSON, a file in `templates/` for each
//! language and for each filled example. [`edits`] turns it into the same
//! [`Edit`]s that a person's hand would make, so a plan from a template is in
//! no way special, and the app and the command line begin plans alike.
//!
//! - `outline` is the format, declared by way of `object`; `blocks` is its
//!   short form of running text;
//! - `compose` turns an outline into edits, `goals` and `sections` its larger
//!   parts, gathered in a `draft`;
//! - [`KnownParty`] is the register of parties that outlines name, which the
//!   app also offers a newcomer.
//!
//! Everything here is pure: the same template gives the same edits, with the
//! same ids (`d1` is the first goal, `d1-2` its second measure).

mod blocks;
mod compose;
mod draft;
mod goals;
mod object;
mod outline;
mod parties;
mod sections;

use std::str::FromStr;

pub use parties::{KnownParty, known_parties, known_party};

use crate::read;
use crate::value::{Language, UnixSeconds};
use crate::{Edit, EditError, PlanDoc};
use outline::Outline;

/// A kind of plan that one can begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// «Handlingsplan for bygdevekstavtale»: the action plan of municipalities
    /// under a rural growth agreement.
    RuralGrowth,
}

impl Template {
    /// Every template, in the order a list offers them.
    pub const ALL: &[Self] = &[Self::RuralGrowth];

    /// The word that names the template on the command line and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::RuralGrowth => "bygdevekst",
        }
    }
}

impl FromStr for Template {
    type Err = UnknownTemplate;

    fn from_str(name: &str) -> Result<Self, UnknownTemplate> {
        let found = Self::ALL.iter().find(|template| template.name() == name);
        found
            .copied()
            .ok_or_else(|| UnknownTemplate(name.to_owned()))
    }
}

/// No template goes by this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no template «{0}»; choose one of: {names}", names = names())]
pub struct UnknownTemplate(String);

fn names() -> String {
    Template::ALL
        .iter()
        .map(|template| template.name())
        .collect::<Vec<_>>()
        .join(", ")
}

/// What stands in the plan from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// Headings and tables, in this language, and room to write.
    Empty(Language),
    /// A filled example, by its outline in JSON, such as [`VEST_TELEMARK`].
    Example(&'a str),
}

/// The plan of six municipalities in Vest-Telemark, as an example. The app does
/// not hold it: it fetches the same file when someone asks for it.
pub const VEST_TELEMARK: &str = include_str!("../../templates/vest-telemark.nn.json");

/// A template that cannot be made into a plan. The templates of this crate are
/// all made in its tests, so this points to one that was changed since.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file is not of the template format.
    #[error("the template is not well formed")]
    Malformed(#[from] serde_json::Error),
    /// A name that the register of parties does not have.
    #[error(
        "the template names «{0}», which is not in templates/parties.json under that or another name"
    )]
    UnknownParty(String),
    /// A role or a working group for a goal that the template does not have.
    #[error("the template speaks of goal {0}, but does not have that many")]
    UnknownGoal(usize),
}

/// The edits that make an empty plan into this template, under `title` where
/// one is given. What several devices might begin alike comes first, so that
/// all the rest fits into one change.
///
/// # Errors
/// When the template's file is not well formed; see [`TemplateError`].
pub fn edits(
    template: Template,
    content: Content<'_>,
    title: Option<&str>,
) -> Result<Vec<Edit>, TemplateError> {
    let mut outline: Outline = read::json(source(template, content))?;
    if let Some(title) = title {
        outline.plan.title = title.to_owned();
    }
    compose::edits(&outline)
}

/// Carries out the edits of a template on a new plan and closes the change,
/// which bears the time `at`.
///
/// # Errors
/// When the plan holds some of the template already, or is of a newer schema.
pub fn fill(plan: &mut PlanDoc, edits: &[Edit], at: UnixSeconds) -> Result<(), EditError> {
    for edit in edits {
        plan.edit(edit, at)?;
    }
    plan.commit();
    Ok(())
}

fn source(template: Template, content: Content<'_>) -> &str {
    match (template, content) {
        (Template::RuralGrowth, Content::Empty(Language::Nn)) => {
            include_str!("../../templates/bygdevekst.nn.json")
        }
        (Template::RuralGrowth, Content::Empty(Language::Nb)) => {
            include_str!("../../templates/bygdevekst.nb.json")
        }
        (Template::RuralGrowth, Content::Example(outline)) => outline,
    }
}
