//! The open plan as a file to keep or to hand on.

use leptos::prelude::*;
use sync::file::seal_whole;

use super::open_plan::OpenPlan;
use crate::device::{download, entropy};

impl OpenPlan {
    /// Hands the whole plan to the reader as a file that any automerge library
    /// opens.
    pub fn download(self) {
        let saved = self.inner.try_update_value(|inner| inner.doc.save());
        if let Some(bytes) = saved {
            download(&self.file_name("automerge"), &bytes);
        }
    }

    /// Hands the whole plan to the reader as a file that only those open who
    /// have its link. Says whether it did: a plan may be too large, or the
    /// browser's store may not give the device's key.
    pub async fn download_sealed(self) -> bool {
        let Some(storage) = self.inner.try_with_value(|inner| inner.storage.clone()) else {
            return false;
        };
        let Ok(device) = storage.device_key().await else {
            return false;
        };
        let sealed = self.inner.try_update_value(|inner| {
            let keys = inner.record.keys.clone();
            seal_whole(&keys, &device, inner, &mut entropy)
        });
        let Some(Ok(bytes)) = sealed else {
            return false;
        };
        download(&self.file_name("samskriv"), &bytes);
        true
    }

    fn file_name(self, ending: &str) -> String {
        let title = self.view.with_untracked(|view| {
            let plan = view.plan();
            plan.map(|plan| plan.title.clone()).unwrap_or_default()
        });
        format!("{}.{ending}", plan::party_id(&title))
    }
}
