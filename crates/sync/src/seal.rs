//! Sealing: content in, envelope out, and back.
//!
//! XChaCha20-Poly1305 with a random 192-bit nonce; the header's bytes are the
//! associated data, so that a content can't be moved under another header.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use minicbor::{Decode, Encode};

use crate::{
    cbor,
    content::{self, Content, Ephemeral},
    entropy::{self, Entropy},
    envelope::{CHUNK_VERSION, ChunkError, ENVELOPE_OVERHEAD, Envelope, Header, Kind, MAX_CHUNK},
    ids::{ChunkHash, Cursor},
    keys::{DeviceKey, KEY_ID, PlanKeys},
};

const NONCE_LEN: usize = 24;

/// Where a chunk stands among its device's chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The device's running number, from 1.
    pub number: u64,
    /// The device's chunk before this one.
    pub previous: Option<ChunkHash>,
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
    let nowhere = Place {
        number: 0,
        previous: None,
    };
    let header = header(keys, device, nowhere, Kind::Ephemeral, None);
    seal(keys, device, header, message, entropy)
}

/// Verifies and opens a stored chunk.
///
/// # Errors
/// See [`ChunkError`]; the content is never returned unverified.
pub fn open(keys: &PlanKeys, envelope: &Envelope) -> Result<Content, ChunkError> {
    if envelope.header().kind == Kind::Ephemeral {
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
    let packed = content::pack(content);
    if packed.len() > MAX_CHUNK - ENVELOPE_OVERHEAD {
        return Err(SealError::TooLarge);
    }
    let nonce: [u8; NONCE_LEN] = entropy::random(entropy);
    let payload = Payload {
        msg: &packed,
        aad: &header_bytes,
    };
    let ciphertext = cipher(keys)
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| SealError::TooLarge)?;
    let sealed = [nonce.as_slice(), &ciphertext].concat();
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
    let (nonce, ciphertext) = envelope
        .sealed()
        .split_first_chunk::<NONCE_LEN>()
        .ok_or(ChunkError::DoesNotOpen)?;
    let payload = Payload {
        msg: ciphertext,
        aad: envelope.header_bytes(),
    };
    let packed = cipher(keys)
        .decrypt(&XNonce::from(*nonce), payload)
        .map_err(|_| ChunkError::DoesNotOpen)?;
    content::unpack(&packed)
}

fn cipher(keys: &PlanKeys) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&*keys.content_key()).into())
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
