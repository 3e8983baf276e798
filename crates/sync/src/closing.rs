//! Closing: the record by which a plan moves to new keys.
//!
//! Whoever closes a plan has put it at the relay under new keys before, and
//! leaves in the old log a record that holds the new secret for each chosen
//! device, sealed to that device alone. Everyone with the old keys sees that the
//! plan was closed, by whom and for how many; only the chosen can follow.
//!
//! A secret is sealed to a device by the key it has already: its Ed25519 key,
//! taken as an X25519 key by the map between the two curves (RFC 7748 §4.1). So
//! a device that is offline need announce nothing first, and its name in the
//! document is enough. That one key may serve both is proved for this very
//! pairing, Ed25519 with a key exchange hashed by HKDF (Thormarker, «On using
//! the same key pair for Ed25519 and an X25519 based KEM», 2021).

use ed25519_dalek::{SigningKey, VerifyingKey};
use minicbor::{Decode, Encode, bytes::ByteVec};
use zeroize::Zeroizing;

use crate::{
    aead,
    content::bounded,
    entropy::{self, Entropy},
    ids::{DeviceId, PlanId, PublicKey},
    keys::{DeviceKey, EditSecret, PlanKeys, ReadSecret},
    label,
};

/// What is sealed for a device has one length, whatever it is.
const SECRETS_LEN: usize = 65;
const EDIT: u8 = 1;
const READ: u8 = 2;

/// What a chosen device may do under the new keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Write and read.
    Write,
    /// Read only.
    Read,
}

/// Says that a plan is closed, and lets the chosen follow.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Closing {
    /// An Ed25519 key made for this record alone.
    #[n(0)]
    ephemeral: PublicKey,
    /// The new secret for each chosen device. In no order that tells who is who.
    #[cbor(n(1), decode_with = "bounded")]
    sealed: Vec<ByteVec>,
}

impl Closing {
    /// Closes the plan `old` as the device `by`, and seals the secret of `new`
    /// for each of the chosen. A device whose name is no usable key is left out.
    pub fn make(
        old: &PlanId,
        by: &DeviceId,
        new: &PlanKeys,
        chosen: impl IntoIterator<Item = (DeviceId, Access)>,
        entropy: &mut (impl Entropy + ?Sized),
    ) -> Self {
        let secret = Zeroizing::new(entropy::random(entropy));
        let ephemeral_key = SigningKey::from_bytes(&secret);
        let ephemeral = PublicKey(ephemeral_key.verifying_key().to_bytes());
        let associated = associated(old, by, &ephemeral);
        let mut sealed: Vec<ByteVec> = chosen
            .into_iter()
            .filter_map(|(device, access)| {
                let shared = agree(&ephemeral_key, &device.0)?;
                let key = sealing_key(&shared, &ephemeral, &device);
                let secrets = secrets(new, access)?;
                aead::seal(&key, &associated, secrets.as_slice(), entropy).map(ByteVec::from)
            })
            .collect();
        // By their bytes, which are random.
        sealed.sort();
        Self { ephemeral, sealed }
    }

    /// The new keys, if this device is among the chosen. `old` and `by` are the
    /// plan that was closed and the device whose chunk closed it.
    pub fn open(&self, old: &PlanId, by: &DeviceId, device: &DeviceKey) -> Option<PlanKeys> {
        let shared = device.agree(&self.ephemeral)?;
        let key = sealing_key(&shared, &self.ephemeral, &device.id());
        let associated = associated(old, by, &self.ephemeral);
        let mut sealed = self.sealed.iter();
        sealed.find_map(|sealed| {
            let secrets = Zeroizing::new(aead::open(&key, &associated, sealed)?);
            keys(&secrets)
        })
    }

    /// For how many devices the new secret is sealed.
    pub fn chosen(&self) -> usize {
        self.sealed.len()
    }
}

impl DeviceKey {
    fn agree(&self, with: &PublicKey) -> Option<Zeroizing<[u8; 32]>> {
        agree(self.as_signing_key(), &with.0)
    }
}

/// X25519 (RFC 7748) between two Ed25519 keys; `None` for a public key that is
/// none, or with which everyone would agree on the same.
fn agree(own: &SigningKey, with: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    let with = VerifyingKey::from_bytes(with).ok()?;
    if with.is_weak() {
        return None;
    }
    let scalar = Zeroizing::new(own.to_scalar_bytes());
    let shared = with.to_montgomery().mul_clamped(*scalar);
    Some(Zeroizing::new(shared.to_bytes()))
}

fn sealing_key(shared: &[u8; 32], ephemeral: &PublicKey, device: &DeviceId) -> Zeroizing<[u8; 32]> {
    let material = Zeroizing::new([*shared, ephemeral.0, device.0].concat());
    label::derive(&material, label::CLOSING_KEY)
}

fn associated(old: &PlanId, by: &DeviceId, ephemeral: &PublicKey) -> [u8; 32] {
    label::hash(label::CLOSING, &[&old.0, &by.0, &ephemeral.0])
}

/// `kind ‖ secrets` as in a link, filled up with zeros.
fn secrets(new: &PlanKeys, access: Access) -> Option<Zeroizing<[u8; SECRETS_LEN]>> {
    let mut secrets = Zeroizing::new([0; SECRETS_LEN]);
    match access {
        Access::Write => {
            secrets[0] = EDIT;
            secrets[1..33].copy_from_slice(new.edit_secret()?.expose());
        }
        Access::Read => {
            secrets[0] = READ;
            secrets[1..33].copy_from_slice(new.read_secret().expose());
            secrets[33..].copy_from_slice(new.write_public().as_bytes());
        }
    }
    Some(secrets)
}

fn keys(secrets: &[u8]) -> Option<PlanKeys> {
    let (kind, rest) = secrets.split_first()?;
    let (secret, rest) = rest.split_first_chunk()?;
    match *kind {
        EDIT => Some(PlanKeys::edit(EditSecret::from_bytes(*secret))),
        READ => Some(PlanKeys::read(
            ReadSecret::from_bytes(*secret),
            PublicKey(rest.try_into().ok()?),
        )),
        _ => None,
    }
}

#[cfg(test)]
#[path = "closing_tests.rs"]
mod tests;
