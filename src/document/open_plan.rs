//! One open plan, as a handle that every part of the page may hold.
//!
//! An edit goes into the document and the view at once; half a second later at
//! the latest it is committed and saved (see `persist`). A merge goes the other
//! way: into the document, to the disk, into the view. The page reads the view
//! through memos, one an entity, so that only what changed is drawn anew.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use futures_util::lock::Mutex;
use leptos::prelude::*;
use plan::schema::{Chapter, Entity, Goal, Measure, Party, SharedEntity};
use plan::value::UnixSeconds;
use plan::{
    Attribution, ContestedText, DeviceName, Edit, EditError, EntityKind, EntityRef, Hash,
    HeldSelection, Id, Merged, PlanView, RichText,
};
use sync::ids::{DeviceId, PlanId};

use super::entity::EntitySignal;
use super::live_view::LiveView;
use super::opened::{LazyDoc, Opened};
use super::presence::Presence;
use super::status::PlanStatus;
use super::sync_host::device_name;
use super::vouches::Vouches;
use crate::derived::Derived;
use crate::device::{Journal, PlanRecord, Profile, Storage, SyncHandle, now};
use crate::locales::Texts;
use crate::ui::TextOf;

/// A handle to the plan on the page.
#[derive(Clone, Copy)]
pub struct OpenPlan {
    pub(super) inner: StoredValue<Inner, LocalStorage>,
    pub(super) view: LiveView,
    /// Told when edits were closed in a change, and after a merge: when the
    /// plan's version has a name.
    pub(super) settled: Trigger,
    newer_schema: RwSignal<Option<u32>>,
    pub(super) status: RwSignal<PlanStatus>,
    pub(super) contested: RwSignal<Vec<ContestedText>>,
    pub(super) news: RwSignal<Option<String>>,
    pub(super) presence: Presence,
    edit_failed: RwSignal<bool>,
    can_write: bool,
}

/// What the handle leads to.
pub(super) struct Inner {
    pub(super) doc: LazyDoc,
    pub(super) id: PlanId,
    pub(super) record: PlanRecord,
    pub(super) device: DeviceName,
    pub(super) profile: Profile,
    pub(super) storage: Storage,
    pub(super) journal: Journal,
    pub(super) sync: Option<SyncHandle>,
    pub(super) vouches: Vouches,
    /// What the disk is known to hold.
    pub(super) saved_heads: Vec<Hash>,
    /// Held by whoever writes to the disk.
    pub(super) saving_turn: Rc<Mutex<()>>,
    pub(super) save_is_due: bool,
    /// When someone last wrote here, by [`elapsed_ms`](crate::device::elapsed_ms).
    pub(super) written_at_ms: Option<u64>,
    /// Counts up while the disk keeps no view of what it has.
    pub(super) view_turn: Option<u32>,
    /// The title and the time that the list of plans has heard last.
    pub(super) noted: Option<(String, UnixSeconds)>,
    pub(super) introduced: bool,
}

impl OpenPlan {
    pub(super) fn new(
        opened: Opened,
        record: &PlanRecord,
        device: DeviceName,
        profile: Profile,
        storage: Storage,
        journal: Journal,
    ) -> Self {
        let status = PlanStatus {
            has_relay: record.relay.is_some() || !opened.view.relays().is_empty(),
            ..PlanStatus::default()
        };
        let inner = Inner {
            doc: opened.doc,
            id: record.id(),
            record: record.clone(),
            device,
            profile,
            storage,
            journal,
            sync: None,
            vouches: Vouches::default(),
            saved_heads: opened.heads,
            saving_turn: Rc::default(),
            save_is_due: false,
            written_at_ms: None,
            view_turn: None,
            noted: None,
            introduced: false,
        };
        Self {
            inner: StoredValue::new_local(inner),
            view: LiveView::new(opened.view),
            settled: Trigger::new(),
            newer_schema: RwSignal::new(opened.newer_schema),
            status: RwSignal::new(status),
            contested: RwSignal::new(Vec::new()),
            news: RwSignal::new(None),
            presence: Presence::new(),
            edit_failed: RwSignal::new(false),
            can_write: record.keys.can_write(),
        }
    }

    /// Sends what there is without waiting for more.
    pub(super) fn send_now(self) {
        self.tell_sync(SyncHandle::flush);
    }

    pub(super) fn tell_sync(self, tell: impl FnOnce(&SyncHandle)) {
        self.inner
            .try_with_value(|inner| inner.sync.as_ref().map(tell));
    }

    /// The plan's id.
    pub fn id(self) -> PlanId {
        self.inner.with_value(|inner| inner.id)
    }

    /// How many measures the plan has now.
    pub fn count_of_measures(self) -> usize {
        self.view.with_untracked(PlanView::count::<Measure>)
    }

    /// Whether the plan's content has not come to this device yet.
    pub fn is_awaited(self) -> Derived<bool> {
        self.derive(|view| {
            // Other programs may leave out what kind of plan it is.
            let says_its_kind = view.plan().is_some_and(|plan| plan.kind.value.is_some());
            !says_its_kind && view.count::<Chapter>() == 0 && view.count::<Goal>() == 0
        })
    }

    /// Whether this device may write in the plan. A partner with a newer version
    /// may move the plan on to a schema that this one can only read.
    pub fn is_writable(self) -> bool {
        self.can_write && self.newer_schema().is_none()
    }

    /// The schema, when it is too new to write.
    pub fn newer_schema(self) -> Option<u32> {
        self.newer_schema.get()
    }

    /// The plan's version as a short word: equal words, equal plans. For
    /// support, and for tests that compare devices.
    pub fn heads(self) -> Signal<String> {
        Signal::derive(move || {
            self.status.track();
            self.settled.track();
            let version = self.inner.try_update_value(|inner| {
                if !inner.is_open() || inner.doc.has_uncommitted() {
                    return String::new();
                }
                inner.doc.version_to_approve().join(" ")
            });
            version.unwrap_or_default()
        })
    }

    /// Where the plan stands on this device and beyond.
    pub fn status(self) -> RwSignal<PlanStatus> {
        self.status
    }

    /// Texts that two parties wrote in and no one here has read through.
    pub fn contested(self) -> RwSignal<Vec<ContestedText>> {
        self.contested
    }

    /// The party whose changes came last, for the live region.
    pub fn news(self) -> RwSignal<Option<String>> {
        self.news
    }

    /// Whether the last edit could not be carried out.
    pub fn edit_failed(self) -> RwSignal<bool> {
        self.edit_failed
    }

    /// Reads the whole view; see [`LiveView::with`].
    pub fn with_view<R>(self, read: impl FnOnce(&PlanView) -> R) -> R {
        self.view.with(read)
    }

    /// Something derived from the view, drawn anew only when it changes.
    pub fn derive<R: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&PlanView) -> R + Send + Sync + 'static,
    ) -> Derived<R> {
        Derived::new(move || self.view.with(|view| read(view)))
    }

    /// One entity.
    pub fn entity<E: Entity>(self, id: &Id<E>) -> EntitySignal<E> {
        EntitySignal::new(self, id)
    }

    /// Reads an entity as it is now, and is told when it changes.
    pub fn read<E: Entity, R>(self, id: &Id<E>, read: impl FnOnce(Option<&E>) -> R) -> R {
        let found = self.view.entity(&EntityRef::new(E::KIND, id.as_str()));
        read(found.as_ref().and_then(SharedEntity::get))
    }

    /// The ids of some entities in order, as the lists of the page follow them.
    pub fn list<E: 'static>(
        self,
        read: impl Fn(&PlanView) -> Vec<Id<E>> + Send + Sync + 'static,
    ) -> Derived<Vec<String>> {
        self.derive(move |view| read(view).iter().map(ToString::to_string).collect())
    }

    /// The names of some parties; who asks is told when one of these changes.
    pub fn party_names(self, parties: &BTreeSet<Id<Party>>) -> Vec<String> {
        for party in parties {
            self.view
                .entity(&EntityRef::new(EntityKind::Party, party.as_str()));
        }
        self.view.with_untracked(|view| view.party_names(parties))
    }

    /// The name for a hand: the party, else the person, else someone.
    pub fn hand(self, by: &Attribution, t: &Texts) -> String {
        self.view
            .with(|view| view.hand(by))
            .unwrap_or_else(|| t.someone.to_owned())
    }

    /// Whoever moved the plan to new keys, if someone has.
    pub fn closed_by(self, t: &Texts) -> Option<String> {
        let closed_by = self.status.with(PlanStatus::closed_by)?;
        let by = Attribution {
            device: Some(device_name(&closed_by)),
            at: None,
        };
        Some(self.hand(&by, t))
    }

    /// Carries out edits. The page shows them at once; saving follows.
    pub fn edit(self, edits: impl IntoIterator<Item = Edit>) {
        if !untrack(|| self.is_writable()) {
            return;
        }
        let done = self.inner.try_update_value(|inner| {
            let mut changed = self.view.with_untracked(|view| inner.introduce(view))?;
            for edit in edits {
                changed.extend(inner.doc.edit(&edit, now())?);
            }
            Ok::<_, EditError>(changed)
        });
        match done {
            Some(Ok(changed)) => {
                self.edit_failed.set(false);
                self.refresh(&changed);
                self.save_soon();
            }
            Some(Err(error)) => {
                leptos::logging::error!("{error}");
                self.edit_failed.set(true);
            }
            None => {}
        }
    }

    /// Whose hand began an entity, and when.
    pub fn begun_by(self, entity: &EntityRef) -> Option<Attribution> {
        self.inner
            .try_with_value(|inner| inner.doc.begun_by(entity))
            .flatten()
    }

    /// A running text as it stands.
    pub fn text(self, of: &TextOf) -> RichText {
        let text = self
            .inner
            .try_with_value(|inner| inner.doc.text(&of.id, of.field));
        text.unwrap_or_default()
    }

    /// Keeps hold of a selection in a text, whatever others write.
    pub fn hold(self, of: &TextOf, anchor: usize, head: usize) -> Option<HeldSelection> {
        self.inner
            .try_with_value(|inner| inner.doc.hold(&of.id, of.field, anchor, head))
            .flatten()
    }

    /// Anchor and head of a held selection as they stand now.
    pub fn held(self, of: &TextOf, held: &HeldSelection) -> [usize; 2] {
        let now = self
            .inner
            .try_with_value(|inner| inner.doc.held(&of.id, of.field, held));
        now.unwrap_or_default()
    }

    /// See [`PlanDoc::carry`].
    pub fn carry(self, of: &TextOf, held: &HeldSelection, at: usize) -> usize {
        let now = self
            .inner
            .try_with_value(|inner| inner.doc.carry(&of.id, of.field, held, at));
        now.unwrap_or(at)
    }

    /// One edit.
    pub fn edit_one(self, edit: Edit) {
        self.edit([edit]);
    }

    /// Takes merged changes into the view and tells who they came from.
    pub(super) fn show_merged(self, merged: Merged, from: Option<&DeviceId>) {
        self.refresh(&merged.changed);
        let newer_schema = self
            .inner
            .try_with_value(|inner| inner.doc.newer_schema())
            .flatten();
        if newer_schema != self.newer_schema.get_untracked() {
            self.newer_schema.set(newer_schema);
        }
        self.settled.notify();
        if let Some(from) = from.filter(|_| !merged.changed.is_empty()) {
            let by = Attribution {
                device: Some(device_name(from)),
                at: None,
            };
            self.news
                .try_set(self.view.with_untracked(|view| view.hand(&by)));
        }
        self.contested.update(|contested| {
            for text in merged.contested {
                contested
                    .retain(|other| (&other.entity, &other.text) != (&text.entity, &text.text));
                contested.push(text);
            }
        });
    }

    /// Marks a contested text as read through.
    pub fn have_read(self, text: &ContestedText) {
        self.contested
            .update(|contested| contested.retain(|other| other != text));
    }

    fn refresh(self, changed: &BTreeSet<EntityRef>) {
        if changed.is_empty() {
            return;
        }
        self.inner
            .update_value(|inner| self.view.refresh(&mut inner.doc, changed));
    }
}

impl Inner {
    /// Whether the document has been put together.
    pub(super) fn is_open(&self) -> bool {
        LazyCell::get(&self.doc).is_some()
    }
}
