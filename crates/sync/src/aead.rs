//! The one cipher: XChaCha20-Poly1305 with a random 192-bit nonce, which stands
//! before the ciphertext.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};

use crate::entropy::{self, Entropy};

const NONCE_LEN: usize = 24;

/// `nonce ‖ ciphertext`; `None` for more bytes than the cipher takes (256 GiB).
pub(crate) fn seal(
    key: &[u8; 32],
    associated: &[u8],
    plain: &[u8],
    entropy: &mut (impl Entropy + ?Sized),
) -> Option<Vec<u8>> {
    let nonce: [u8; NONCE_LEN] = entropy::random(entropy);
    let payload = Payload {
        msg: plain,
        aad: associated,
    };
    let ciphertext = cipher(key).encrypt(&XNonce::from(nonce), payload).ok()?;
    Some([nonce.as_slice(), &ciphertext].concat())
}

/// What was sealed; `None` if the key, the bytes or what they are associated
/// with are not those of the sealing.
pub(crate) fn open(key: &[u8; 32], associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let payload = Payload {
        msg: ciphertext,
        aad: associated,
    };
    cipher(key).decrypt(&XNonce::from(*nonce), payload).ok()
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}
