//! Keys: from one secret, all that a plan needs.
//!
//! ```text
//! EditSecret ─┬─ write key (Ed25519): signs every chunk
//!             └─ ReadSecret ─┬─ content key (XChaCha20-Poly1305): seals them
//!                            └─ read key (Ed25519): opens a relay's door
//! ```
//!
//! Arrows go one way: who has the read secret can open and listen, but not
//! write. [`PlanId`] is a hash over both public keys.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    entropy::{self, Entropy},
    ids::{DeviceId, PlanId, PublicKey, Signature},
    label,
};

/// The number of the one content key a plan of this version has. Chunks name
/// their key, so that a later version can change keys without guessing.
pub const KEY_ID: u32 = 1;

macro_rules! secret_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize, ZeroizeOnDrop)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] #[cbor(with = "minicbor::bytes")] [u8; 32]);

        impl $name {
            /// Wraps bytes that were kept in a safe place.
            pub fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The secret itself, for keeping in a safe place.
            pub fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

secret_newtype!(
    /// Whoever holds this may write the plan, read it and give it away.
    EditSecret
);
secret_newtype!(
    /// Whoever holds this may read the plan.
    ReadSecret
);

impl EditSecret {
    /// The secret of a new plan.
    pub fn generate(entropy: &mut (impl Entropy + ?Sized)) -> Self {
        Self(entropy::random(entropy))
    }

    fn write_key(&self) -> SigningKey {
        SigningKey::from_bytes(&label::derive(&self.0, label::WRITE_KEY))
    }

    fn read_secret(&self) -> ReadSecret {
        ReadSecret(*label::derive(&self.0, label::READ_SECRET))
    }
}

impl ReadSecret {
    fn read_key(&self) -> SigningKey {
        SigningKey::from_bytes(&label::derive(&self.0, label::READ_KEY))
    }
}

/// What a device holds of a plan's keys: all of them, or those for reading.
#[derive(Clone)]
pub struct PlanKeys {
    edit: Option<EditSecret>,
    read: ReadSecret,
    write_key: Option<SigningKey>,
    read_key: SigningKey,
    write_public: PublicKey,
    id: PlanId,
}

impl PlanKeys {
    /// All keys of a plan.
    pub fn edit(secret: EditSecret) -> Self {
        let write_key = secret.write_key();
        let write_public = PublicKey(write_key.verifying_key().to_bytes());
        let mut keys = Self::read(secret.read_secret(), write_public);
        keys.edit = Some(secret);
        keys.write_key = Some(write_key);
        keys
    }

    /// The keys for reading; the write key's public half proves who wrote.
    pub fn read(secret: ReadSecret, write_public: PublicKey) -> Self {
        let read_key = secret.read_key();
        let read_public = PublicKey(read_key.verifying_key().to_bytes());
        Self {
            edit: None,
            read: secret,
            write_key: None,
            read_key,
            write_public,
            id: plan_id(&write_public, &read_public),
        }
    }

    /// The plan's name.
    pub fn id(&self) -> PlanId {
        self.id
    }

    /// Whether these keys can write.
    pub fn can_write(&self) -> bool {
        self.write_key.is_some()
    }

    /// The edit secret, if these keys can write.
    pub fn edit_secret(&self) -> Option<&EditSecret> {
        self.edit.as_ref()
    }

    /// The read secret.
    pub fn read_secret(&self) -> &ReadSecret {
        &self.read
    }

    /// The write key's public half.
    pub fn write_public(&self) -> PublicKey {
        self.write_public
    }

    /// The read key's public half.
    pub fn read_public(&self) -> PublicKey {
        PublicKey(self.read_key.verifying_key().to_bytes())
    }

    /// The same plan, for reading only: what a read link carries.
    pub fn to_read_only(&self) -> Self {
        Self::read(self.read.clone(), self.write_public)
    }

    pub(crate) fn content_key(&self) -> zeroize::Zeroizing<[u8; 32]> {
        label::derive(&self.read.0, label::CONTENT_KEY)
    }

    pub(crate) fn sign_as_writer(&self, digest: &[u8; 32]) -> Option<Signature> {
        let key = self.write_key.as_ref()?;
        Some(Signature(key.sign(digest).to_bytes()))
    }

    pub(crate) fn sign_as_reader(&self, digest: &[u8; 32]) -> Signature {
        Signature(self.read_key.sign(digest).to_bytes())
    }
}

impl fmt::Debug for PlanKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlanKeys")
            .field("id", &self.id)
            .field("can_write", &self.can_write())
            .finish_non_exhaustive()
    }
}

/// A plan's id from its two public keys.
pub fn plan_id(write_public: &PublicKey, read_public: &PublicKey) -> PlanId {
    PlanId(label::hash(
        label::PLAN_ID,
        &[&write_public.0, &read_public.0],
    ))
}

/// A device's own key. It never leaves the device.
#[derive(Clone)]
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// The key of a new device.
    pub fn generate(entropy: &mut (impl Entropy + ?Sized)) -> Self {
        Self::from_bytes(&entropy::random(entropy))
    }

    /// A key that was kept in a safe place.
    pub fn from_bytes(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The secret itself, for keeping in a safe place.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The device's name: its public key.
    pub fn id(&self) -> DeviceId {
        DeviceId(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn as_signing_key(&self) -> &SigningKey {
        &self.0
    }

    pub(crate) fn sign(&self, digest: &[u8; 32]) -> Signature {
        Signature(self.0.sign(digest).to_bytes())
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey({})", self.id().short())
    }
}

/// Whether `signature` is the key's over `digest`.
///
/// Strict (no small-order keys, no malleable signatures), so that everyone who
/// checks comes to the same answer.
pub(crate) fn verify(public: &[u8; 32], digest: &[u8; 32], signature: &Signature) -> bool {
    VerifyingKey::from_bytes(public).is_ok_and(|key| {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(digest, &signature).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_keys_name_the_same_plan_but_cannot_write() {
        let all = PlanKeys::edit(EditSecret::from_bytes([7; 32]));
        let read = all.to_read_only();
        assert_eq!(read.id(), all.id());
        assert_eq!(*read.content_key(), *all.content_key());
        assert!(all.can_write() && !read.can_write());
        assert_eq!(read.sign_as_writer(&[0; 32]), None);
    }

    #[test]
    fn another_secret_is_another_plan() {
        let one = PlanKeys::edit(EditSecret::from_bytes([1; 32]));
        let two = PlanKeys::edit(EditSecret::from_bytes([2; 32]));
        assert_ne!(one.id(), two.id());
    }

    #[test]
    fn debug_prints_no_secret() {
        let secret = EditSecret::from_bytes([0xAB; 32]);
        let printed = format!(
            "{secret:?} {:?} {:?}",
            PlanKeys::edit(secret.clone()),
            DeviceKey::from_bytes(&[0xAB; 32])
        );
        assert!(!printed.to_lowercase().contains("abab"));
        assert!(!printed.contains("171"));
    }

    #[test]
    fn a_signature_is_checked_against_key_and_digest() {
        let key = DeviceKey::from_bytes(&[3; 32]);
        let signature = key.sign(&[1; 32]);
        assert!(verify(&key.id().0, &[1; 32], &signature));
        assert!(!verify(&key.id().0, &[2; 32], &signature));
        assert!(!verify(&[3; 32], &[1; 32], &signature));
    }
}
