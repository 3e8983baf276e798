//! The other devices: what they have, what they have seen, where they are.
//!
//! A device tells the others its heads, sealed, once all of its document is at
//! the relay. So each can prove by its own document whether a partner has all of
//! its edits, and whether it lacks any of a partner's, without trusting the
//! relay.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Document, Effect, Session,
    chain::Chains,
    connect::Line,
    timers::{ANNOUNCE_EVERY, MISSING_AFTER, start, take_due},
};
use crate::{
    content::Ephemeral,
    envelope::Envelope,
    frame::ClientFrame,
    ids::{ChangeHash, DeviceId},
    seal,
};

/// The most bytes of a host's presence; more is not sent.
const MAX_PRESENCE: usize = 64 * 1024;

/// What is known of the others at this moment.
#[derive(Debug, Default)]
pub(super) struct Partners {
    /// Other sockets in the plan's room.
    pub(super) present: u32,
    seen_by: BTreeSet<DeviceId>,
    /// What devices declared that turned out not to be all of the document. As
    /// a document only grows, it never will be.
    behind: BTreeMap<DeviceId, Vec<ChangeHash>>,
    lacking: Lacking,
    announced: Option<Vec<ChangeHash>>,
}

/// Whether partners have declared changes that are not here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Lacking {
    #[default]
    Nothing,
    /// Since a moment ago; the chunks may be on their way.
    Maybe,
    /// For too long for that.
    Confirmed,
}

impl Partners {
    /// Who is there has changed; whoever came has not heard anything yet.
    pub(super) fn others_present(&mut self, count: u32) {
        if count > self.present {
            self.announced = None;
        }
        self.present = count;
    }

    /// The socket is gone.
    pub(super) fn leave(&mut self) {
        self.present = 0;
        self.announced = None;
    }

    pub(super) fn seen_by(&self) -> Vec<DeviceId> {
        self.seen_by.iter().copied().collect()
    }

    pub(super) fn lacks_any(&self) -> bool {
        self.lacking != Lacking::Nothing
    }

    pub(super) fn is_missing(&self) -> bool {
        self.lacking == Lacking::Confirmed
    }

    pub(super) fn confirm_missing(&mut self) {
        if self.lacking == Lacking::Maybe {
            self.lacking = Lacking::Confirmed;
        }
    }

    /// After the document has grown only those have all of it who declared these
    /// very heads, as when a file was merged that came from them.
    pub(super) fn document_grew(&mut self, chains: &Chains, heads: Option<&[ChangeHash]>) {
        let heads = heads.unwrap_or_default();
        let has_all = |declared: &[ChangeHash]| heads.iter().all(|head| declared.contains(head));
        let declared = chains.declared().filter(|(_, declared)| has_all(declared));
        let has_all: BTreeSet<DeviceId> = declared.map(|(device, _)| *device).collect();
        self.seen_by = &self.seen_by & &has_all;
    }
}

impl Session {
    /// Compares what partners have declared with the document, once all that
    /// was stored has come.
    pub(super) fn partners_changed(&mut self, document: &mut dyn Document) {
        if self.line != Line::Live {
            let heads = self.heads.as_deref();
            return self.partners.document_grew(&self.state.chains, heads);
        }
        let heads = self.heads().to_vec();
        let mut lacks_any = false;
        let mut seen_by = BTreeSet::new();
        for (device, declared) in self.state.chains.declared() {
            if *device == self.device.id() {
                continue;
            }
            let (here, elsewhere): (Vec<_>, Vec<_>) =
                declared.iter().partition(|head| document.has(head));
            lacks_any |= !elsewhere.is_empty();
            let has_by_name = heads.iter().all(|head| here.contains(head));
            if !has_by_name && self.partners.behind.get(device) == Some(&here) {
                continue;
            }
            if has_by_name || document.changes_since(&here).changes.is_empty() {
                seen_by.insert(*device);
            } else {
                self.partners.behind.insert(*device, here);
            }
        }
        self.partners.seen_by = seen_by;
        self.partners.lacking = match (lacks_any, self.partners.lacking) {
            (false, _) => Lacking::Nothing,
            (true, Lacking::Nothing) => Lacking::Maybe,
            (true, lacking) => lacking,
        };
    }

    /// Gives what partners have declared a moment to arrive.
    pub(super) fn watch_for_missing(&mut self, now: u64) {
        match self.partners.lacking {
            Lacking::Maybe => start(&mut self.timers.missing, now.saturating_add(MISSING_AFTER)),
            Lacking::Nothing | Lacking::Confirmed => self.timers.missing = None,
        }
    }

    /// Tells the others the document's heads, when they have changed or someone
    /// came, and all of it is at the relay.
    pub(super) fn announce(&mut self, now: u64) {
        let news = self.partners.announced.as_ref() != self.heads.as_ref();
        let settled = self.at_relay() && self.line == Line::Live;
        take_due(&mut self.timers.announce, now);
        let too_soon = self.timers.announce.is_some();
        if !news || !settled || too_soon || self.partners.present == 0 {
            return;
        }
        self.partners.announced = self.heads.clone();
        self.send_ephemeral(&Ephemeral {
            heads: self.heads.clone(),
            presence: None,
        });
        self.timers.announce = Some(now.saturating_add(ANNOUNCE_EVERY));
    }

    /// Tells the others where this device is, if anyone is there.
    pub(super) fn present(&mut self, payload: Vec<u8>) {
        if self.line == Line::Live && self.partners.present > 0 && payload.len() <= MAX_PRESENCE {
            self.send_ephemeral(&Ephemeral {
                heads: None,
                presence: Some(payload.into()),
            });
        }
    }

    fn send_ephemeral(&mut self, message: &Ephemeral) {
        let entropy = &mut *self.entropy;
        // Readers can't seal, and say nothing.
        if let Ok(envelope) = seal::seal_ephemeral(&self.keys, &self.device, message, entropy) {
            self.send(&ClientFrame::Ephemeral {
                envelope: envelope.to_bytes(),
            });
        }
    }

    /// Hears another device. What can't be opened is passed over: it was never
    /// meant to be kept.
    pub(super) fn ephemeral(&mut self, bytes: &[u8], document: &mut dyn Document) {
        let opened = Envelope::parse(bytes).and_then(|envelope| {
            let message = seal::open_ephemeral(&self.keys, &envelope)?;
            Ok((envelope.header().device, message))
        });
        let Ok((from, message)) = opened else {
            return;
        };
        if from == self.device.id() {
            return;
        }
        if let Some(heads) = message.heads {
            self.state.chains.declare(from, &heads);
            self.saving.needed();
            self.partners_changed(document);
        }
        if let Some(payload) = message.presence {
            let payload = payload.into();
            self.effects.push(Effect::Presence { from, payload });
        }
    }
}
