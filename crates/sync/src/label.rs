//! Domain separation: every hash and derived key says what it is for.
//!
//! A digest made for one purpose can then never be taken for another, even
//! where the hashed bytes would agree.

use hkdf::Hkdf;
use sha2::{Digest, Sha256};

/// Bytes of a [`checksum`].
pub(crate) const CHECKSUM_LEN: usize = 4;

pub(crate) const PLAN_ID: &str = "samskriv/1/plan-id";
pub(crate) const WRITE_KEY: &str = "samskriv/1/write-key";
pub(crate) const READ_SECRET: &str = "samskriv/1/read-secret";
pub(crate) const CONTENT_KEY: &str = "samskriv/1/content-key";
pub(crate) const READ_KEY: &str = "samskriv/1/read-key";
pub(crate) const CHUNK: &str = "samskriv/1/chunk";
pub(crate) const HELLO: &str = "samskriv/1/hello";
pub(crate) const VOUCH: &str = "samskriv/1/vouch";
pub(crate) const CLOSING: &str = "samskriv/1/closing";
pub(crate) const CLOSING_KEY: &str = "samskriv/1/closing-key";
pub(crate) const LINK: &str = "samskriv/1/link";
pub(crate) const FILE_HEAD: &str = "samskriv/1/file-head";
pub(crate) const FILE_RECORD: &str = "samskriv/1/file-record";
pub(crate) const BACKUP_KEY: &str = "samskriv/1/backup-key";
pub(crate) const BACKUP_CHECK: &str = "samskriv/1/backup-check";

/// SHA-256 over the label and the parts, each preceded by its length as a
/// big-endian u64, so that moving a byte from one part to the next always
/// changes the digest.
pub(crate) fn hash(label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in std::iter::once(&label.as_bytes()).chain(parts) {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The first four bytes of a hash: enough to tell what was cut or damaged on
/// its way, and no proof of who made it.
pub(crate) fn checksum(label: &str, bytes: &[u8]) -> [u8; CHECKSUM_LEN] {
    let [a, b, c, d, ..] = hash(label, &[bytes]);
    [a, b, c, d]
}

/// HKDF-SHA256 (RFC 5869) without a salt, as the secret is uniformly random or
/// begins with what two keys agreed on; the label is the `info`.
pub(crate) fn derive(secret: &[u8], label: &str) -> zeroize::Zeroizing<[u8; 32]> {
    let mut key = zeroize::Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, secret)
        .expand(label.as_bytes(), key.as_mut_slice())
        .expect("32 bytes is within HKDF-SHA256's limit of 8160");
    key
}
