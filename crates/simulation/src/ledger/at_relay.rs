//! What a relay's log holds, as one sees it who reads all of it.

use sync::{
    closing::Closing,
    content::Content,
    envelope::Envelope,
    ids::{ChangeHash, Cursor, DeviceId},
    keys::PlanKeys,
    seal,
};

use super::blank;
use crate::replica::Replica;

/// The first closing in a log.
#[derive(Debug)]
pub(super) struct ClosedBy<D> {
    pub(super) device: DeviceId,
    pub(super) closing: Closing,
    /// What stands before it.
    before: D,
}

/// A log, read from its beginning.
#[derive(Debug)]
pub(super) struct AtRelay<D> {
    keys: PlanKeys,
    /// All of it in one document, deleted chunks too.
    document: D,
    /// For each place of the log: the heads that are in the document from here
    /// on, with all they build on.
    heads: Vec<Vec<ChangeHash>>,
    /// Heads that were declared, and what they build on is not there yet.
    incomplete: Vec<ChangeHash>,
    /// What counted in the stores that were here before this one. Devices find
    /// out that it is another only once they have been sent something.
    counted_before: Option<D>,
    /// Who closed the plan, if someone did.
    pub(super) closed: Option<ClosedBy<D>>,
}

impl<D: Replica> AtRelay<D> {
    /// An empty log, of the plan that these keys make.
    pub(super) fn new(keys: PlanKeys) -> Self {
        Self {
            keys,
            document: blank(),
            heads: Vec::new(),
            incomplete: Vec::new(),
            counted_before: None,
            closed: None,
        }
    }

    pub(super) fn keys(&self) -> &PlanKeys {
        &self.keys
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// All that is in the log.
    pub(super) fn all(&mut self) -> &mut D {
        &mut self.document
    }

    /// What is in the log and counts: what stands before a closing.
    pub(super) fn counted(&mut self) -> &mut D {
        match &mut self.closed {
            Some(closed) => &mut closed.before,
            None => &mut self.document,
        }
    }

    /// Whether the store was ever another.
    pub(super) fn was_replaced(&self) -> bool {
        self.counted_before.is_some()
    }

    /// Whether an edit ever counted in this log, so that others may have it.
    pub(super) fn ever_counted(&mut self, edit: &ChangeHash) -> bool {
        let before = self.counted_before.as_mut();
        before.is_some_and(|before| before.has(edit)) || self.counted().has(edit)
    }

    /// The same log in another store.
    pub(super) fn replaced<'a>(&mut self, log: impl Iterator<Item = Option<&'a [u8]>>) -> Self {
        let mut before = self.counted_before.take().unwrap_or_else(blank);
        before.merge(&[self.counted().save()]);
        let mut at_relay = Self {
            counted_before: Some(before),
            ..Self::new(self.keys.clone())
        };
        for stored in log {
            at_relay.add_stored(stored);
        }
        at_relay
    }

    /// The next chunk in the log, from a device.
    pub(super) fn add(&mut self, from: DeviceId, content: Content) {
        self.document.merge(&parts(&content));
        if self.is_closed() {
            // It is passed over.
            return self.heads.push(Vec::new());
        }
        self.incomplete.extend(content.heads);
        let (here, not_yet) = std::mem::take(&mut self.incomplete)
            .into_iter()
            .partition(|head| self.document.has(head));
        self.incomplete = not_yet;
        self.heads.push(here);
        self.closed = content.closing.map(|closing| ClosedBy {
            device: from,
            closing,
            before: self.document.clone(),
        });
    }

    /// The next chunk in the log, or that it was deleted.
    fn add_stored(&mut self, stored: Option<&[u8]>) {
        let envelope = stored.and_then(|bytes| Envelope::parse(bytes).ok());
        let read = envelope.and_then(|envelope| {
            let content = seal::open(&self.keys, &envelope).ok()?;
            Some((envelope.header().device, content))
        });
        match read {
            Some((from, content)) => self.add(from, content),
            None => self.heads.push(Vec::new()),
        }
    }

    /// The heads that whoever has the log up to a cursor must have.
    pub(super) fn up_to(&self, cursor: Cursor) -> impl Iterator<Item = (usize, &ChangeHash)> {
        let places = (1..).zip(&self.heads);
        places
            .take_while(move |(place, _)| *place as u64 <= cursor.0)
            .flat_map(|(place, heads)| heads.iter().map(move |head| (place, head)))
    }
}

/// The batches of a chunk.
pub(super) fn parts(content: &Content) -> Vec<Vec<u8>> {
    content.changes.iter().map(|part| part.to_vec()).collect()
}
