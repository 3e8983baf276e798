//! The status as the bar shows it: calm while someone writes.
//!
//! What is written is saved and sent twice a second. Were each shown, the bar
//! would say «saving» and «saved» by turns, and a key would wait for the browser
//! to draw that. So while someone writes it says at once what got worse, and what
//! got better when they rest.

use std::time::Duration;

use leptos::prelude::*;

use super::OpenPlan;
use super::persist::GATHER;
use super::status::PlanStatus;
use crate::device::elapsed_ms;

/// Who has not written for so long rests. No longer than an edit waits to be saved:
/// one that stands alone is shown as saved as soon as it is.
const REST: Duration = GATHER;

impl OpenPlan {
    /// Where the plan stands, in the bar's words.
    pub fn calm_status(self) -> RwSignal<PlanStatus> {
        let shown = RwSignal::new(self.status.get_untracked());
        let is_due = StoredValue::new(false);
        Effect::new(move || {
            self.status.track();
            self.show_status(shown, is_due);
        });
        shown
    }

    fn show_status(self, shown: RwSignal<PlanStatus>, is_due: StoredValue<bool>) {
        let Some(status) = self.status.try_get_untracked() else {
            return; // The page was left.
        };
        let written = self.inner.try_with_value(|inner| inner.written_at_ms);
        let rested = written.flatten().map(|at| elapsed_ms() - at);
        let rested = rested.map_or(REST, Duration::from_millis);
        if rested >= REST {
            shown.try_set(status);
            return;
        }
        shown.try_update(|shown| *shown = status.no_better_than(shown));
        if is_due.try_update_value(|is_due| std::mem::replace(is_due, true)) == Some(false) {
            let look_again = move || {
                is_due.try_set_value(false);
                self.show_status(shown, is_due);
            };
            set_timeout(look_again, REST.saturating_sub(rested));
        }
    }
}
