//! The outside of a chunk: what a relay may see, and who made it.
//!
//! An envelope is a CBOR array of four byte strings: header, sealed content,
//! the device's signature and the plan's write signature. The header is kept as
//! the very bytes that were signed, so that no one ever has to encode it again
//! the same way. Both signatures are over the [`ChunkHash`], which covers header
//! and content; two envelopes with one hash therefore say the same, whatever
//! their outer encoding.
//!
//! The four strings and the version that begins the header stay as they are in
//! every later version, so that an older reader can say «made by a newer
//! version» rather than «damaged».

use minicbor::{Decode, Encode};

use crate::{
    cbor,
    ids::{ChunkHash, Cursor, DeviceId, PlanId, PublicKey, Signature},
    keys::{DeviceKey, PlanKeys, verify},
    label,
};

/// The version of chunks this crate writes, and the newest it reads.
pub const CHUNK_VERSION: u8 = 1;

/// The most bytes an envelope may have: a frame, less room for what wraps it.
pub const MAX_CHUNK: usize = crate::frame::MAX_FRAME - 1024;

/// Bytes of an envelope around its sealed content; generous.
pub(crate) const ENVELOPE_OVERHEAD: usize = 512;

/// Why a chunk is not taken. Each cause has its own, as each asks for something
/// else of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// Not the shape of an envelope.
    #[error("the bytes are not a chunk")]
    Malformed,
    /// Made by a version of the app this one does not know.
    #[error("the chunk is of version {0}, made by a newer Samskriv; update to read it")]
    NewerVersion(u8),
    /// Sealed for another plan.
    #[error("the chunk belongs to another plan")]
    OtherPlan,
    /// Sealed with a key this device does not have.
    #[error("the chunk is sealed with key {0}, which this device does not have")]
    UnknownKey(u32),
    /// The write signature does not hold: no one with the edit link made it.
    #[error("the chunk is forged: no one with the plan's edit link signed it")]
    ForgedWrite,
    /// The device signature does not hold: someone wrote in another's name.
    #[error("the chunk is forged: the device it names did not sign it")]
    ForgedDevice,
    /// The content does not open with the plan's key.
    #[error("the chunk does not open: the key is wrong or the bytes are damaged")]
    DoesNotOpen,
    /// The content opened but is not what a chunk holds.
    #[error("the chunk opened, but its content is malformed")]
    MalformedContent,
    /// More bytes than a chunk may have, sealed or unpacked.
    #[error("the chunk is larger than allowed")]
    TooLarge,
    /// Sent where another kind belongs, as an ephemeral message to be stored.
    #[error("the chunk is of another kind than its frame says")]
    WrongKind,
}

/// What a chunk carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    /// Changes of the document; stored by the relay.
    #[n(0)]
    Changes,
    /// The whole document up to a cursor; stored, and supersedes what it covers.
    #[n(1)]
    Snapshot,
    /// Presence or heads; forwarded to whoever is there, never stored.
    #[n(2)]
    Ephemeral,
    /// A part of a plan's file; carried by people, and never on the wire.
    #[n(3)]
    File,
}

impl Kind {
    /// Whether a relay stores it, and so whether it is a link of its device's
    /// chain.
    pub fn is_stored(self) -> bool {
        matches!(self, Self::Changes | Self::Snapshot)
    }
}

/// What is written on the outside; the associated data of the sealing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// [`CHUNK_VERSION`] of the writer.
    #[n(0)]
    pub version: u8,
    /// The plan it belongs to.
    #[n(1)]
    pub plan: PlanId,
    /// Which of the plan's keys seals it.
    #[n(2)]
    pub key_id: u32,
    /// The device that made it.
    #[n(3)]
    pub device: DeviceId,
    /// The device's own running number from 1; 0 for what no relay stores.
    #[n(4)]
    pub number: u64,
    /// The device's chunk before this one, so that a gap or a fork shows.
    #[n(5)]
    pub previous: Option<ChunkHash>,
    /// What it carries.
    #[n(6)]
    pub kind: Kind,
    /// For a snapshot: the last cursor of the relay's log that it includes.
    #[n(7)]
    pub covers: Option<Cursor>,
}

impl Header {
    fn is_consistent(&self) -> bool {
        (self.kind == Kind::Snapshot) == self.covers.is_some()
            && self.kind.is_stored() == (self.number != 0)
            && (self.previous.is_none() || self.number > 1)
    }
}

#[derive(Encode, Decode)]
struct Wire<'a> {
    #[cbor(n(0), with = "minicbor::bytes")]
    header: &'a [u8],
    #[cbor(n(1), with = "minicbor::bytes")]
    sealed: &'a [u8],
    #[n(2)]
    device_signature: Signature,
    #[n(3)]
    write_signature: Signature,
}

/// A sealed, signed chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    header: Header,
    header_bytes: Vec<u8>,
    sealed: Vec<u8>,
    device_signature: Signature,
    write_signature: Signature,
}

impl Envelope {
    /// Reads an envelope; proves nothing yet about who made it.
    ///
    /// # Errors
    /// `TooLarge`, `Malformed` or `NewerVersion`.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChunkError> {
        if bytes.len() > MAX_CHUNK {
            return Err(ChunkError::TooLarge);
        }
        let wire: Wire<'_> = cbor::decode(bytes).map_err(|_| ChunkError::Malformed)?;
        match cbor::leading_u8(wire.header) {
            Ok(CHUNK_VERSION) => {}
            Ok(newer) if newer > CHUNK_VERSION => return Err(ChunkError::NewerVersion(newer)),
            _ => return Err(ChunkError::Malformed),
        }
        let header: Header = cbor::decode(wire.header).map_err(|_| ChunkError::Malformed)?;
        if !header.is_consistent() {
            return Err(ChunkError::Malformed);
        }
        Ok(Self {
            header,
            header_bytes: wire.header.to_vec(),
            sealed: wire.sealed.to_vec(),
            device_signature: wire.device_signature,
            write_signature: wire.write_signature,
        })
    }

    /// Signs a sealed content. `None` if the keys are for reading only.
    pub(crate) fn sign(
        header: Header,
        header_bytes: Vec<u8>,
        sealed: Vec<u8>,
        keys: &PlanKeys,
        device: &DeviceKey,
    ) -> Option<Self> {
        let hash = chunk_hash(&header_bytes, &sealed);
        Some(Self {
            write_signature: keys.sign_as_writer(&hash.0)?,
            device_signature: device.sign(&hash.0),
            header,
            header_bytes,
            sealed,
        })
    }

    /// The envelope as it travels and is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&Wire {
            header: &self.header_bytes,
            sealed: &self.sealed,
            device_signature: self.device_signature,
            write_signature: self.write_signature,
        })
    }

    /// What is written on the outside.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header as it was signed; the associated data of the sealing.
    pub(crate) fn header_bytes(&self) -> &[u8] {
        &self.header_bytes
    }

    /// Nonce and ciphertext.
    pub(crate) fn sealed(&self) -> &[u8] {
        &self.sealed
    }

    /// Whether it has at most `max` bytes.
    pub(crate) fn fits(&self, max: usize) -> bool {
        self.size() <= max
    }

    /// The bytes it takes, generously counted.
    pub(crate) fn size(&self) -> usize {
        self.sealed.len().saturating_add(ENVELOPE_OVERHEAD)
    }

    /// The chunk's name.
    pub fn hash(&self) -> ChunkHash {
        chunk_hash(&self.header_bytes, &self.sealed)
    }

    /// Checks that it belongs to the plan, that someone who may write it made
    /// it, and that the device it names did.
    ///
    /// # Errors
    /// `OtherPlan`, `ForgedWrite` or `ForgedDevice`.
    pub fn verify(&self, plan: &PlanId, write_public: &PublicKey) -> Result<(), ChunkError> {
        if self.header.plan != *plan {
            return Err(ChunkError::OtherPlan);
        }
        let hash = self.hash();
        if !verify(&write_public.0, &hash.0, &self.write_signature) {
            return Err(ChunkError::ForgedWrite);
        }
        if !verify(&self.header.device.0, &hash.0, &self.device_signature) {
            return Err(ChunkError::ForgedDevice);
        }
        Ok(())
    }
}

fn chunk_hash(header_bytes: &[u8], sealed: &[u8]) -> ChunkHash {
    ChunkHash(label::hash(label::CHUNK, &[header_bytes, sealed]))
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
