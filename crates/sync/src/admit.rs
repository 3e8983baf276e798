//! What a relay checks before it stores or forwards: signatures, never content.
//!
//! A relay knows no accounts. A plan's id is a hash over its two public keys, so
//! whoever names a plan brings the keys to be checked with: the read key's
//! signature over the socket's nonce opens the door, the write key's signature
//! on a chunk lets it in.

use crate::{
    envelope::{ChunkError, Envelope, Kind},
    frame::{ErrorCode, Hello, PROTOCOL_VERSION},
    ids::{Nonce, PlanId, PublicKey},
    keys,
};

/// Why a relay refuses; [`Refusal::code`] is what it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The device speaks a version this relay does not.
    #[error("protocol version {0} is not spoken here")]
    UnsupportedVersion(u8),
    /// The plan id does not follow from the keys.
    #[error("the plan id is not the hash of the keys")]
    NotItsKeys,
    /// The proof does not hold.
    #[error("the read key's signature over the nonce does not hold")]
    BadProof,
    /// The chunk itself is not to be taken.
    #[error(transparent)]
    Chunk(#[from] ChunkError),
}

impl Refusal {
    /// The code of the error frame that answers it.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::UnsupportedVersion(_) => ErrorCode::UnsupportedVersion,
            Self::NotItsKeys => ErrorCode::WrongPlan,
            Self::BadProof => ErrorCode::BadProof,
            Self::Chunk(error) => match error {
                ChunkError::NewerVersion(_) => ErrorCode::UnsupportedVersion,
                ChunkError::OtherPlan => ErrorCode::WrongPlan,
                ChunkError::ForgedWrite | ChunkError::ForgedDevice => ErrorCode::Forged,
                ChunkError::TooLarge => ErrorCode::TooLarge,
                ChunkError::Malformed
                | ChunkError::WrongKind
                | ChunkError::UnknownKey(_)
                | ChunkError::DoesNotOpen
                | ChunkError::MalformedContent => ErrorCode::BadFrame,
            },
        }
    }
}

/// A socket whose device has proved that it may read a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    plan: PlanId,
    write_public: PublicKey,
}

/// Checks the answer to a challenge.
///
/// # Errors
/// `UnsupportedVersion`, `NotItsKeys` or `BadProof`.
pub fn verify_hello(hello: &Hello, nonce: &Nonce) -> Result<Admitted, Refusal> {
    if hello.version != PROTOCOL_VERSION {
        return Err(Refusal::UnsupportedVersion(hello.version));
    }
    if keys::plan_id(&hello.write_public, &hello.read_public) != hello.plan {
        return Err(Refusal::NotItsKeys);
    }
    let digest = Hello::digest(&hello.plan, nonce);
    if !keys::verify(&hello.read_public.0, &digest, &hello.proof) {
        return Err(Refusal::BadProof);
    }
    Ok(Admitted {
        plan: hello.plan,
        write_public: hello.write_public,
    })
}

impl Admitted {
    /// The plan the socket is for.
    pub fn plan(&self) -> PlanId {
        self.plan
    }

    /// Checks a chunk to be stored; its hash and header come with the result.
    ///
    /// # Errors
    /// A [`Refusal::Chunk`].
    pub fn verify_append(&self, envelope: &[u8]) -> Result<Envelope, Refusal> {
        self.verify(envelope, Kind::is_stored)
    }

    /// Checks a message to be forwarded.
    ///
    /// # Errors
    /// A [`Refusal::Chunk`].
    pub fn verify_ephemeral(&self, envelope: &[u8]) -> Result<Envelope, Refusal> {
        self.verify(envelope, |kind| kind == Kind::Ephemeral)
    }

    fn verify(&self, envelope: &[u8], allowed: fn(Kind) -> bool) -> Result<Envelope, Refusal> {
        let envelope = Envelope::parse(envelope)?;
        if !allowed(envelope.header().kind) {
            return Err(ChunkError::WrongKind.into());
        }
        envelope.verify(&self.plan, &self.write_public)?;
        Ok(envelope)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::keys::{EditSecret, PlanKeys};

    const NONCE: Nonce = Nonce([9; 32]);

    fn plan(byte: u8) -> PlanKeys {
        PlanKeys::edit(EditSecret::from_bytes([byte; 32]))
    }

    #[test]
    fn a_reader_is_let_in_by_its_signature() {
        let keys = plan(1).to_read_only();
        let admitted = verify_hello(&Hello::new(&keys, &NONCE), &NONCE).unwrap();
        assert_eq!(admitted.plan(), keys.id());
    }

    #[test]
    fn a_proof_for_another_nonce_is_refused() {
        let hello = Hello::new(&plan(1), &NONCE);
        assert_eq!(
            verify_hello(&hello, &Nonce([8; 32])),
            Err(Refusal::BadProof)
        );
    }

    #[test]
    fn a_plan_id_must_follow_from_its_keys() {
        let mut hello = Hello::new(&plan(1), &NONCE);
        hello.plan = plan(2).id();
        assert_eq!(verify_hello(&hello, &NONCE), Err(Refusal::NotItsKeys));
    }

    #[test]
    fn another_version_is_refused_first() {
        let mut hello = Hello::new(&plan(1), &NONCE);
        hello.version = 2;
        let refusal = verify_hello(&hello, &NONCE).unwrap_err();
        assert_eq!(refusal, Refusal::UnsupportedVersion(2));
        assert_eq!(refusal.code(), ErrorCode::UnsupportedVersion);
    }
}
