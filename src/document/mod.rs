//! The plan that is open: automerge behind signals, edits in, merges out.

mod backup;
mod calm;
mod entity;
mod export;
mod file;
mod held;
mod introduce;
mod kept_view;
mod live_view;
mod moved;
mod moving;
mod open;
mod open_plan;
mod opened;
mod persist;
mod presence;
mod relays;
mod splice;
mod status;
mod sync_host;
mod vouches;

pub use backup::{BackupFault, Restored, back_up, restore};
pub use entity::FieldValue;
pub use file::{FileFault, MergedFile, Opened, begin_from, open_file};
pub use held::HeldPlan;
pub use moved::new_keys;
pub use moving::{MoveFault, MoveStage};
pub use open::{create_plan, example, join, links, storage_words};
pub use open_plan::OpenPlan;
pub use splice::Replaced;
pub use status::{PlanStatus, SaveState};
