//! What the plan reads as, kept for the next time it is opened.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::PlanView;

use super::open_plan::OpenPlan;
use crate::device::{StorageError, idle};
use crate::seldom;

/// It is kept after the plan has been quiet for this long: to write all of a large
/// plan takes a while, and whoever opens it sooner than that puts its document together.
const QUIET: Duration = Duration::from_secs(3);

impl OpenPlan {
    /// The disk has another plan than the view that it keeps.
    pub(super) fn keep_view_soon(self) {
        let turn = self.view_is_old();
        let keep = async move {
            idle().await;
            if self.inner.try_with_value(|inner| inner.view_turn) == Some(turn) {
                self.keep_view().await;
            }
        };
        set_timeout(|| spawn_local(keep), QUIET);
    }

    /// The same, where there is no reason to wait.
    pub(super) async fn keep_view_now(self) {
        self.view_is_old();
        idle().await;
        self.keep_view().await;
    }

    /// Notes it, and says which turn it is; none when the plan has been left.
    fn view_is_old(self) -> Option<u32> {
        self.inner.try_update_value(|inner| {
            let turn = inner.view_turn.unwrap_or_default().wrapping_add(1);
            inner.view_turn = Some(turn);
            turn
        })
    }

    /// Keeps the view where the disk has all of it and has not kept it already.
    pub(super) async fn keep_view(self) {
        // Without it the next opening takes longer, and that is all.
        if let Ok(Some(keeping)) = seldom::keep_view(self).await {
            let _ = keeping.await;
        }
    }

    /// Begins to keep the view; nothing where there is none to keep.
    pub fn begin_to_keep_view(self) -> Option<LocalBoxFuture<'static, Result<(), StorageError>>> {
        let keeping = self.inner.try_update_value(|inner| {
            inner.view_turn?;
            if !inner.is_open() || inner.doc.newer_schema().is_some() || !inner.is_saved() {
                return None;
            }
            inner.view_turn = None;
            let view = self.view.with_untracked(PlanView::to_bytes)?;
            Some(inner.journal.keep_view(&inner.saved_heads, view))
        });
        keeping.flatten().map(FutureExt::boxed_local)
    }
}
