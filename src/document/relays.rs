//! The relays of the open plan.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use plan::schema::{PLAN_ID, plan_fields};
use plan::{Edit, Member, PlanView};
use sync::relay_url::RelayUrl;
use sync::relays::{addresses, to_meet};

use super::open_plan::OpenPlan;

impl OpenPlan {
    /// The relays in the order in which all devices try them: those that the
    /// plan names, then the one that this device knows, as from an old link.
    pub fn relays(self) -> Vec<RelayUrl> {
        let named = self.named_relays();
        let relays = self.inner.try_with_value(|inner| {
            let mut relays = to_meet([], named);
            match &inner.record.relay {
                Some(kept) if !relays.contains(kept) => relays.push(kept.clone()),
                _ => {}
            }
            relays
        });
        relays.unwrap_or_default()
    }

    /// The same, as it stands after each save and merge.
    pub fn shown_relays(self) -> Signal<Vec<RelayUrl>> {
        Signal::derive(move || {
            self.settled.track();
            self.relays()
        })
    }

    /// The addresses in the plan, as they are written there.
    fn named_relays(self) -> BTreeSet<String> {
        self.view.with_untracked(PlanView::relays)
    }

    /// Names another relay in the plan, beside those it is kept at already.
    pub fn name_relay(self, relay: RelayUrl) {
        let mut relays = self.relays();
        relays.push(relay);
        self.edit(relays.iter().map(|relay| Edit::Include {
            id: PLAN_ID.to_owned(),
            member: member(relay.as_str()),
        }));
    }

    /// Takes a relay out of the plan, however it is written there, and off this
    /// device.
    pub fn forget_relay(self, relay: &RelayUrl) {
        let named = self.named_relays();
        let is_it = |name: &String| addresses([name]).next().as_ref() == Some(relay);
        let written: Vec<String> = named.into_iter().filter(is_it).collect();
        self.edit(written.iter().map(|name| Edit::Exclude {
            id: PLAN_ID.to_owned(),
            member: member(name),
        }));
        let kept = self.inner.try_update_value(|inner| {
            inner.record.relay.take_if(|kept| kept == relay)?;
            Some((inner.storage.clone(), inner.id))
        });
        if let Some(Some((storage, id))) = kept {
            spawn_local(async move {
                // If it stays there, it is tried after the others.
                let _ = storage.update_plan(id, |record| record.relay = None).await;
            });
        }
    }
}

fn member(relay: &str) -> Member {
    Member::Plan(plan_fields::Set::Relays(relay.to_owned()))
}
