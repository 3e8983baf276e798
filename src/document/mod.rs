//! The plan that is open: automerge behind signals, edits in, merges out.

mod entity;
mod live_view;
mod open;
mod open_plan;
mod persist;
mod presence;
mod splice;
mod status;
mod sync_host;

pub use entity::FieldValue;
pub use open::{create_plan, example, join, links, open_plan, storage_words};
pub use open_plan::OpenPlan;
pub use splice::Replaced;
pub use status::{PlanStatus, SaveState};
