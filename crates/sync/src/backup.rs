//! All plans of a device with their keys, in one file under a passphrase.
//!
//! Each plan is a record of its own, sealed with a key that follows from the
//! passphrase, so that damage to one harms no other. The head says how the key
//! is derived, and holds a value by which a wrong passphrase is told from a
//! damaged file; guessing gains nothing by it that the sealing would not give.
//!
//! # How to use it
//!
//! This crate derives no key from a passphrase: that takes long on purpose, and a
//! browser does it in the background by its own cryptography
//! (`crypto.subtle.deriveBits`). To make a backup, take
//! [`Derivation::generate`]'s salt and rounds to PBKDF2, and what it gives to
//! [`seal`]. To read one, [`SealedBackup::parse`] says the
//! [derivation](SealedBackup::derivation), and [`SealedBackup::entries`] takes
//! the key.
//!
//! # What is not in it
//!
//! **No device key is in a backup.** Two devices of one key would number their
//! chunks alike, and a backup is there to be restored while the device it is of
//! may still be in use. Who restores begins as a new device. What the old one
//! wrote stays proved: its vouches are made when the backup is, and are kept
//! like any other device's.

use std::fmt;

use minicbor::{Decode, Encode, bytes::ByteVec};
use zeroize::Zeroizing;

use crate::{
    aead, cbor,
    container::{self, Container, Fault, FaultReason, FileError, FileKind},
    content::{MAX_CONTENT, MAX_ITEMS, bounded},
    entropy::{self, Entropy},
    ids::PublicKey,
    keys::{EditSecret, PlanKeys, ReadSecret},
    label,
    relay_url::RelayUrl,
    vouch::{self, Vouch},
    zlib::{self, UnpackError},
};

const VERSION: u8 = 1;
const PBKDF2_HMAC_SHA256: u8 = 1;
const SALT_LEN: usize = 16;
const CHECK_LEN: usize = 16;
/// Derivation u8 ‖ rounds u32 ‖ salt ‖ check.
const ABOUT_LEN: usize = 1 + 4 + SALT_LEN + CHECK_LEN;

/// How often a new backup's passphrase is hashed: what OWASP's cheat sheet on
/// password storage asks of PBKDF2-HMAC-SHA256.
pub const ROUNDS: u32 = 600_000;
/// A file that asks for more would only keep its reader waiting.
pub const MAX_ROUNDS: u32 = 10_000_000;

/// How a passphrase becomes a key: PBKDF2 (RFC 8018) with HMAC-SHA256, 32 bytes
/// out. The passphrase is UTF-8 in Unicode's normalization form C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derivation {
    rounds: u32,
    salt: [u8; SALT_LEN],
}

impl Derivation {
    /// For a new backup.
    pub fn generate(entropy: &mut (impl Entropy + ?Sized)) -> Self {
        Self {
            rounds: ROUNDS,
            salt: entropy::random(entropy),
        }
    }

    /// How often the passphrase is hashed, from [`ROUNDS`] to [`MAX_ROUNDS`].
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Random bytes, others for each backup.
    pub fn salt(&self) -> &[u8] {
        &self.salt
    }
}

/// What PBKDF2 made of a passphrase.
#[derive(Clone, PartialEq, Eq)]
pub struct PassphraseKey(Zeroizing<[u8; 32]>);

impl PassphraseKey {
    /// Wraps what was derived.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn sealing_key(&self) -> Zeroizing<[u8; 32]> {
        label::derive(self.0.as_slice(), label::BACKUP_KEY)
    }

    /// Says of a key whether it is the right one, and nothing else of it.
    fn check(&self) -> [u8; CHECK_LEN] {
        let derived = label::derive(self.0.as_slice(), label::BACKUP_CHECK);
        std::array::from_fn(|index| derived[index])
    }
}

impl fmt::Debug for PassphraseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PassphraseKey(…)")
    }
}

/// A plan in a backup.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What the device has of the plan's keys.
    pub keys: PlanKeys,
    /// Where the plan is kept, if at a relay.
    pub relay: Option<RelayUrl>,
    /// The whole document, as its library writes it.
    pub document: Vec<u8>,
    /// The latest of all devices, the backed-up one's own among them; see
    /// [`vouch::for_all`].
    pub vouches: Vec<Vouch>,
}

#[derive(Encode, Decode)]
struct Stored {
    #[n(0)]
    keys: StoredKeys,
    #[n(1)]
    relay: Option<String>,
    #[n(2)]
    document: ByteVec,
    #[cbor(n(3), decode_with = "bounded")]
    vouches: Vec<Vouch>,
}

/// Numbered as the kinds of links are.
#[derive(Encode, Decode)]
enum StoredKeys {
    #[n(1)]
    Edit(#[n(0)] EditSecret),
    #[n(2)]
    Read(#[n(0)] ReadSecret, #[n(1)] PublicKey),
}

impl Entry {
    /// The record as it is before it is packed and sealed.
    pub(crate) fn to_cbor(&self) -> Zeroizing<Vec<u8>> {
        let keys = match self.keys.edit_secret() {
            Some(secret) => StoredKeys::Edit(secret.clone()),
            None => StoredKeys::Read(self.keys.read_secret().clone(), self.keys.write_public()),
        };
        Zeroizing::new(cbor::encode(&Stored {
            keys,
            relay: self.relay.as_ref().map(ToString::to_string),
            document: self.document.clone().into(),
            vouches: self.vouches.iter().take(MAX_ITEMS).cloned().collect(),
        }))
    }

    /// `None` if no one would unpack that much.
    fn pack(&self) -> Option<Zeroizing<Vec<u8>>> {
        let plain = self.to_cbor();
        (plain.len() <= MAX_CONTENT).then(|| Zeroizing::new(zlib::pack(&plain)))
    }

    fn unpack(packed: &[u8]) -> Result<Self, FaultReason> {
        let plain = zlib::unpack(packed, MAX_CONTENT).map_err(|error| match error {
            UnpackError::Malformed => FaultReason::Malformed,
            UnpackError::TooLarge => FaultReason::TooLarge,
        })?;
        let plain = Zeroizing::new(plain);
        let stored: Stored = cbor::decode(&plain).map_err(|_| FaultReason::Malformed)?;
        let keys = match stored.keys {
            StoredKeys::Edit(secret) => PlanKeys::edit(secret),
            StoredKeys::Read(secret, write_public) => PlanKeys::read(secret, write_public),
        };
        Ok(Self {
            // An address that can't be read is not worth a plan.
            relay: stored.relay.and_then(|relay| relay.parse().ok()),
            document: stored.document.into(),
            vouches: vouch::that_hold(stored.vouches, &keys.id()),
            keys,
        })
    }
}

/// Why plans can't be put in a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// More bytes than a record, or all of the file, may have.
    #[error("a plan, or all of them together, is larger than a backup may be")]
    TooLarge,
}

/// Seals plans into a backup. `key` is what `derivation` makes of the
/// passphrase.
///
/// # Errors
/// `TooLarge`.
pub fn seal(
    entries: &[Entry],
    derivation: &Derivation,
    key: &PassphraseKey,
    entropy: &mut (impl Entropy + ?Sized),
) -> Result<Vec<u8>, BackupError> {
    let about = about(derivation, key);
    let sealing_key = key.sealing_key();
    let records: Option<Vec<_>> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let associated = associated(&about, index, entries.len());
            aead::seal(&sealing_key, &associated, &entry.pack()?, entropy)
        })
        .collect();
    records
        .and_then(|records| container::write(FileKind::Backup, VERSION, &about, &records))
        .ok_or(BackupError::TooLarge)
}

fn about(derivation: &Derivation, key: &PassphraseKey) -> Vec<u8> {
    [
        &[PBKDF2_HMAC_SHA256][..],
        &derivation.rounds.to_be_bytes(),
        &derivation.salt,
        &key.check(),
    ]
    .concat()
}

/// Binds a record to its file and to its place there, so that none can be left
/// out, doubled or taken from an older backup unseen.
fn associated(about: &[u8], index: usize, count: usize) -> Vec<u8> {
    let mut associated = container::begin(FileKind::Backup, VERSION, about);
    for number in [index as u64, count as u64] {
        associated.extend_from_slice(&number.to_be_bytes());
    }
    associated
}

/// Why nothing of a backup can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// A derivation this version does not know.
    #[error("its key is derived in way {0}, which this Samskriv does not know; update to read it")]
    UnknownDerivation(u8),
    /// Fewer rounds than are safe, or more than anyone would wait for.
    #[error("its passphrase would be hashed {0} times, which no Samskriv asks for")]
    Rounds(u32),
    /// The file's head is whole, and this is not its key.
    #[error("the passphrase is not the one it was made with")]
    WrongPassphrase,
}

/// A backup whose head has been read.
#[derive(Debug, Clone)]
pub struct SealedBackup<'a> {
    container: Container<'a, ABOUT_LEN>,
    derivation: Derivation,
}

impl<'a> SealedBackup<'a> {
    /// Reads a backup's head.
    ///
    /// # Errors
    /// All of [`OpenError`] but `WrongPassphrase`.
    pub fn parse(file: &'a [u8]) -> Result<Self, OpenError> {
        let container = Container::read(file, FileKind::Backup, VERSION)?;
        let about = &container.about;
        let way = about[0];
        if way != PBKDF2_HMAC_SHA256 {
            return Err(OpenError::UnknownDerivation(way));
        }
        let rounds = u32::from_be_bytes(std::array::from_fn(|index| about[1 + index]));
        if !(ROUNDS..=MAX_ROUNDS).contains(&rounds) {
            return Err(OpenError::Rounds(rounds));
        }
        let salt = std::array::from_fn(|index| about[5 + index]);
        Ok(Self {
            container,
            derivation: Derivation { rounds, salt },
        })
    }

    /// How the key is derived from the passphrase.
    pub fn derivation(&self) -> Derivation {
        self.derivation
    }

    /// Opens the plans one by one. One that can't be used stops none after it.
    ///
    /// # Errors
    /// `WrongPassphrase`.
    pub fn entries(
        &self,
        key: &PassphraseKey,
    ) -> Result<impl Iterator<Item = Result<Entry, Fault>> + use<'a>, OpenError> {
        // All of it but the check is read already: a difference is in the check.
        let about = about(&self.derivation, key);
        if about != self.container.about {
            return Err(OpenError::WrongPassphrase);
        }
        let (sealing_key, count) = (key.sealing_key(), self.container.len());
        let records = self.container.records().enumerate();
        Ok(records.map(move |(index, record)| {
            let (at, sealed) = record?;
            let associated = associated(&about, index, count);
            aead::open(&sealing_key, &associated, sealed)
                .map(Zeroizing::new)
                .ok_or(FaultReason::Damaged)
                .and_then(|packed| Entry::unpack(&packed))
                .map_err(|reason| Fault { at, reason })
        }))
    }
}

#[cfg(test)]
#[path = "backup_tests.rs"]
mod tests;
