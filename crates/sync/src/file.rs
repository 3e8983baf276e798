//! A plan as a sealed file, for devices that reach no common relay.
//!
//! The file holds the same sealed and signed chunks as the wire: only who has
//! the plan's link can read it, and only who has the edit link can have made it.
//! Opening it merges it, in any order and any number of times.
//!
//! A part of a file has a [kind](crate::envelope::Kind::File) of its own and no
//! number, so it is no link of its device's chain. With a number it would show
//! as a gap at all who only meet the relay, where it never comes; it would have
//! to be saved by the session before it is written; and no relay could tell a
//! part that someone takes out of a file and sends it from what the device sent.
//! Nothing is lost by that: what a file brings is in the document, and the
//! session sends on what the relay lacks.
//!
//! # How to use it
//!
//! Write [`seal_whole`]'s bytes to a file. To read one, ask
//! [`FileKind::of`](crate::container::FileKind::of) what it is, find the plan by
//! [`SealedPlan::plan`], and merge each batch of [`SealedPlan::contents`].
//! Keep the vouches as those that [`Received`](crate::session::Received) brings,
//! then give the session a [`LocalChange`](crate::session::Event::LocalChange).

use crate::{
    container::{self, Container, Fault, FaultReason, FileError, FileKind},
    content::{Content, MAX_ITEMS},
    entropy::Entropy,
    envelope::{ChunkError, Envelope, MAX_CHUNK},
    ids::{ChangeHash, DeviceId, PlanId},
    keys::{DeviceKey, PlanKeys},
    parts,
    seal::{self, SealError},
    session::Document,
    vouch::{self, Vouch},
};

const VERSION: u8 = 1;

/// Seals the whole document. Where it is too large for one chunk, its changes
/// are spread over several.
///
/// # Errors
/// `ReadOnly`; `TooLarge` if a single change fits in no chunk, or all of them in
/// no file.
pub fn seal_whole(
    keys: &PlanKeys,
    device: &DeviceKey,
    document: &mut dyn Document,
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Vec<u8>, SealError> {
    let snapshot = document.snapshot();
    let heads = document.heads();
    let mut vouches = vouch::for_all(device, &keys.id(), snapshot.authored);
    vouches.extend(snapshot.vouches);
    vouches.truncate(MAX_ITEMS);
    let whole = Content {
        changes: vec![snapshot.bytes.into()],
        heads: heads.clone(),
        vouches: vouches.clone(),
        closing: None,
    };
    match seal::seal_part(keys, device, &whole, entropy) {
        Ok(part) => write(keys, &[part]),
        Err(SealError::TooLarge) => {
            let changes = document.changes_since(&[]).changes;
            let parts = parts::split(changes, &heads, vouches, MAX_CHUNK);
            seal_parts(keys, device, &parts, entropy)
        }
        Err(error) => Err(error),
    }
}

/// Seals what is neither among the changes `since` nor built on by them, for
/// someone who has those: see [`Part::heads`]. Those the document lacks count
/// for nothing. `vouches` are the other devices' latest.
///
/// # Errors
/// As [`seal_whole`].
pub fn seal_since(
    keys: &PlanKeys,
    device: &DeviceKey,
    document: &mut dyn Document,
    since: &[ChangeHash],
    vouches: impl IntoIterator<Item = Vouch>,
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Vec<u8>, SealError> {
    let mut known = since.to_vec();
    known.retain(|change| document.has(change));
    let collected = document.changes_since(&known);
    let mut all = vouch::for_all(device, &keys.id(), collected.authored);
    all.extend(vouches);
    let parts = parts::split(collected.changes, &document.heads(), all, MAX_CHUNK);
    seal_parts(keys, device, &parts, entropy)
}

pub(crate) fn seal_parts(
    keys: &PlanKeys,
    device: &DeviceKey,
    parts: &[Content],
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Vec<u8>, SealError> {
    let sealed: Result<Vec<_>, _> = parts
        .iter()
        .map(|part| seal::seal_part(keys, device, part, entropy))
        .collect();
    write(keys, &sealed?)
}

fn write(keys: &PlanKeys, parts: &[Envelope]) -> Result<Vec<u8>, SealError> {
    let records: Vec<Vec<u8>> = parts.iter().map(Envelope::to_bytes).collect();
    container::write(FileKind::Plan, VERSION, &keys.id().0, &records).ok_or(SealError::TooLarge)
}

/// A sealed file, whose head was found whole. Nothing is proved yet about who
/// made it.
#[derive(Debug, Clone)]
pub struct SealedPlan<'a>(Container<'a, 32>);

/// What one chunk of a file brought, verified and opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The device that made the file.
    pub from: DeviceId,
    /// Batches as the document's library wrote them.
    pub changes: Vec<Vec<u8>>,
    /// The heads of the document that the file was made from; none in all but
    /// the last part. Who lacks any of them after merging lacks what the file
    /// builds on. Who wants to answer by what is new needs no more than these:
    /// see [`seal_since`].
    pub heads: Vec<ChangeHash>,
    /// Who wrote what, as proved by signature.
    pub vouches: Vec<Vouch>,
}

impl<'a> SealedPlan<'a> {
    /// Reads a file's head.
    ///
    /// # Errors
    /// All of [`FileError`] but `OtherPlan`.
    pub fn parse(file: &'a [u8]) -> Result<Self, FileError> {
        Container::read(file, FileKind::Plan, VERSION).map(Self)
    }

    /// The plan it says it is of.
    pub fn plan(&self) -> PlanId {
        PlanId(self.0.about)
    }

    /// Verifies and opens the parts one by one, as each may unpack to much. One
    /// that can't be used stops none after it.
    ///
    /// # Errors
    /// `OtherPlan`.
    pub fn parts<'k>(
        &self,
        keys: &'k PlanKeys,
    ) -> Result<impl Iterator<Item = Result<Part, Fault>> + use<'a, 'k>, FileError> {
        if self.plan() != keys.id() {
            return Err(FileError::OtherPlan);
        }
        let records = self.0.records();
        Ok(records.map(|record| {
            let (at, bytes) = record?;
            open(keys, bytes).map_err(|error| Fault {
                at,
                reason: FaultReason::Chunk(error),
            })
        }))
    }

    /// All of the [parts](Self::parts) together.
    ///
    /// # Errors
    /// `OtherPlan`.
    pub fn contents(&self, keys: &PlanKeys) -> Result<Contents, FileError> {
        let mut contents = Contents::default();
        for part in self.parts(keys)? {
            match part {
                Ok(part) => {
                    contents.batches.push(part.changes);
                    contents.heads.extend(part.heads);
                    contents.vouches.extend(part.vouches);
                }
                Err(fault) => contents.faults.push(fault),
            }
        }
        Ok(contents)
    }
}

/// All that a file brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// The changes of each part by itself: one that is damaged harms no other.
    pub batches: Vec<Vec<Vec<u8>>>,
    /// Who has merged all of it has these changes; see [`Part::heads`].
    pub heads: Vec<ChangeHash>,
    /// Who wrote what, as proved by signature.
    pub vouches: Vec<Vouch>,
    /// What can't be used of it.
    pub faults: Vec<Fault>,
}

fn open(keys: &PlanKeys, bytes: &[u8]) -> Result<Part, ChunkError> {
    let envelope = Envelope::parse(bytes)?;
    let content = seal::open_part(keys, &envelope)?;
    Ok(Part {
        from: envelope.header().device,
        changes: content.changes.into_iter().map(Vec::from).collect(),
        heads: content.heads,
        vouches: vouch::that_hold(content.vouches, &keys.id()),
    })
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
