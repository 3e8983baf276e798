//! Sealing: content in, envelope out, and back.
//!
//! The header's bytes are the cipher's associated data, so that a content can't
//! be moved under another header.

use minicbor::{Decode, Encode};

use crate::{
    aead, cbor,
    content::{self, Content, Ephemeral},
    entropy::Entropy,
    envelope::{CHUNK_VERSION, ChunkError, ENVELOPE_OVERHEAD, Envelope, Header, Kind, MAX_CHUNK},
    ids::{ChunkHash, Cursor},
    keys::{DeviceKey, KEY_ID, PlanKeys},
};

/// Where a chunk stands among its device's chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The device's running number, from 1.
    pub number: u64,
    /// The device's chunk before this one.
    pub previous: Option<ChunkHash>,
}

impl Place {
    /// Of what is no link of the device's chain.
    const NOWHERE: Self = Self {
        number: 0,
        previous: None,
    };
}

/// Why a content could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The keys are a reader's.
    #[error("these keys can read the plan but not write it")]
    ReadOnly,
    /// The content does not fit in one chunk.
    #[error("the content has more bytes than a chunk may have")]
    TooLarge,
}

/// Seals changes.
///
/// # Errors
/// See [`SealError`].
pub fn seal_changes(
    keys: &PlanKeys,
    device: &DeviceKey,
    place: Place,
    content: &Content,
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Envelope, SealError> {
    let header = header(keys, device, place, Kind::Changes, None);
    seal(keys, device, header, content, entropy)
}

/// Seals a snapshot of all that the relay's log holds up to `covers`.
///
/// # Errors
/// See [`SealError`].
pub fn seal_snapshot(
    keys: &PlanKeys,
    device: &DeviceKey,
    place: Place,
    covers: Cursor,
    content: &Content,
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Envelope, SealError> {
    let header = header(keys, device, place, Kind::Snapshot, Some(covers));
    seal(keys, device, header, content, entropy)
}

/// Seals a message that is forwarded but never stored, and so has no number.
///
/// # Errors
/// See [`SealError`].
pub fn seal_ephemeral(
    keys: &PlanKeys,
    device: &DeviceKey,
    message: &Ephemeral,
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Envelope, SealError> {
    let header = header(keys, device, Place::NOWHERE, Kind::Ephemeral, None);
    seal(keys, device, header, message, entropy)
}

/// Seals a part of a plan's file, which has no number either: see [`crate::file`].
///
/// # Errors
/// See [`SealError`].
pub(crate) fn seal_part(
    keys: &PlanKeys,
    device: &DeviceKey,
    content: &Content,
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Envelope, SealError> {
    let header = header(keys, device, Place::NOWHERE, Kind::File, None);
    seal(keys, device, header, content, entropy)
}

/// Verifies and opens a stored chunk.
///
/// # Errors
/// See [`ChunkError`]; the content is never returned unverified.
pub fn open(keys: &PlanKeys, envelope: &Envelope) -> Result<Content, ChunkError> {
    if !envelope.header().kind.is_stored() {
        return Err(ChunkError::WrongKind);
    }
    open_as(keys, envelope)
}

/// Verifies and opens a part of a plan's file.
///
/// # Errors
/// See [`ChunkError`].
pub(crate) fn open_part(keys: &PlanKeys, envelope: &Envelope) -> Result<Content, ChunkError> {
    if envelope.header().kind != Kind::File {
        return Err(ChunkError::WrongKind);
    }
    open_as(keys, envelope)
}

/// Verifies and opens an ephemeral message.
///
/// # Errors
/// See [`ChunkError`].
pub fn open_ephemeral(keys: &PlanKeys, envelope: &Envelope) -> Result<Ephemeral, ChunkError> {
    if envelope.header().kind != Kind::Ephemeral {
        return Err(ChunkError::WrongKind);
    }
    open_as(keys, envelope)
}

fn header(
    keys: &PlanKeys,
    device: &DeviceKey,
    place: Place,
    kind: Kind,
    covers: Option<Cursor>,
) -> Header {
    Header {
        version: CHUNK_VERSION,
        plan: keys.id(),
        key_id: KEY_ID,
        device: device.id(),
        number: place.number,
        previous: place.previous,
        kind,
        covers,
    }
}

fn seal<T: Encode<()>>(
    keys: &PlanKeys,
    device: &DeviceKey,
    header: Header,
    content: &T,
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Envelope, SealError> {
    let header_bytes = cbor::encode(&header);
    let packed = content::pack(content).ok_or(SealError::TooLarge)?;
    if packed.len() > MAX_CHUNK - ENVELOPE_OVERHEAD {
        return Err(SealError::TooLarge);
    }
    let sealed = aead::seal(&keys.content_key(), &header_bytes, &packed, entropy)
        .ok_or(SealError::TooLarge)?;
    Envelope::sign(header, header_bytes, sealed, keys, device).ok_or(SealError::ReadOnly)
}

fn open_as<T: for<'b> Decode<'b, ()>>(
    keys: &PlanKeys,
    envelope: &Envelope,
) -> Result<T, ChunkError> {
    envelope.verify(&keys.id(), &keys.write_public())?;
    if envelope.header().key_id != KEY_ID {
        return Err(ChunkError::UnknownKey(envelope.header().key_id));
    }
    let packed = aead::open(
        &keys.content_key(),
        envelope.header_bytes(),
        envelope.sealed(),
    )
    .ok_or(ChunkError::DoesNotOpen)?;
    content::unpack(&packed)
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
