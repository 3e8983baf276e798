//! The pages, one file each.

mod backup;
mod join;
mod new_plan;
mod not_found;
mod open_file;
mod opened_file;
mod passphrase;
mod person;
mod plan;
mod plans;
mod reading;
mod settings;
mod welcome;

pub use join::Join;
pub use not_found::NotFound;
pub use opened_file::OpenedFile;
pub use plan::{ClosedPlan, Comments, FilesAndRelays, People, PlanPage, Questions};
pub use plans::Plans;
pub use reading::Reading;
pub use settings::Settings;
pub use welcome::Welcome;

use ::plan::schema::{Party, party};
use ::plan::template::known_party;
use ::plan::{Edit, Field, Id, Shared};

/// The edits that put a party of this name into a plan: with all that is known
/// of it, or by its name alone.
pub fn party_edits(id: &Id<Party>, name: &str) -> Vec<Edit> {
    if let Some(known) = known_party(name) {
        return known.edits();
    }
    vec![
        Edit::Ensure(Shared::Party { id: id.clone() }),
        Edit::Set {
            id: id.to_string(),
            field: Field::Party(party::Field::Name(Some(name.to_owned()))),
        },
    ]
}
