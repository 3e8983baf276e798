//! A backup's passphrase: asked for without echo, or read from a file; never an
//! argument, which others on the machine could see.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use pbkdf2::{Algorithm, Params, pbkdf2_hmac_with_params};
use sync::backup::{Derivation, PassphraseKey};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The fewest characters a new passphrase may have: NIST SP 800-63B, for one
/// that is chosen by its user.
const SHORTEST: usize = 8;

/// In Unicode's normalization form C: «å» is one letter, however it was typed.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// The one that a backup was made with.
    pub fn read(file: Option<&Path>) -> Result<Self, Failure> {
        match file {
            Some(file) => from_file(file),
            None => prompt("Passphrase: "),
        }
    }

    /// One to make a backup with. A person types it twice.
    pub fn choose(file: Option<&Path>) -> Result<Self, Failure> {
        let chosen = match file {
            Some(file) => from_file(file)?,
            None => {
                let chosen = prompt("Passphrase for the backup: ")?;
                if chosen.0 != prompt("The same once more: ")?.0 {
                    return Err(Failure::PassphrasesDiffer);
                }
                chosen
            }
        };
        if chosen.0.chars().count() < SHORTEST {
            return Err(Failure::ShortPassphrase { shortest: SHORTEST });
        }
        Ok(chosen)
    }

    /// The key it makes; takes a moment on purpose.
    pub fn derive(&self, derivation: &Derivation) -> PassphraseKey {
        let mut key = Zeroizing::new([0; 32]);
        let params = Params::new(derivation.rounds());
        pbkdf2_hmac_with_params(
            self.0.as_bytes(),
            derivation.salt(),
            Algorithm::Pbkdf2Sha256,
            params.expect("a backup has more rounds than the fewest that are taken"),
            key.as_mut_slice(),
        );
        PassphraseKey::from_bytes(*key)
    }

    fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.nfc().collect()))
    }
}

fn prompt(words: &str) -> Result<Passphrase, Failure> {
    let typed = rpassword::prompt_password(words).map_err(Failure::Passphrase)?;
    Ok(Passphrase::new(&Zeroizing::new(typed)))
}

/// The whole file but for one line break at its end.
fn from_file(path: &Path) -> Result<Passphrase, Failure> {
    let mut text = Zeroizing::new(String::new());
    let read = match path == Path::new("-") {
        true => io::stdin().read_to_string(&mut text),
        false => fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text)),
    };
    read.map_err(|cause| Failure::Read {
        path: path.to_owned(),
        cause,
    })?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Passphrase::new(text.strip_suffix('\r').unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use sync::ids::PublicKey;

    use super::*;

    const PROTOCOL: &str = include_str!("../../../docs/protocol.md");

    fn derived(passphrase: &str) -> PassphraseKey {
        let mut salt = |salt: &mut [u8]| salt.copy_from_slice(b"@ABCDEFGHIJKLMNO");
        Passphrase::new(passphrase).derive(&Derivation::generate(&mut salt))
    }

    #[test]
    fn the_key_is_the_one_the_protocol_says() {
        let mut lines = PROTOCOL.lines();
        let documented = lines
            .find_map(|line| line.strip_prefix("passphrase key = "))
            .and_then(|hex| hex.parse().ok())
            .map(|PublicKey(bytes)| PassphraseKey::from_bytes(bytes));
        assert_eq!(Some(derived("plan på lag")), documented);
    }

    #[test]
    fn a_letter_is_the_same_however_it_was_typed() {
        let composed = derived("p\u{e5} lag");
        assert_eq!(composed, derived("pa\u{30a} lag"));
        assert_ne!(composed, derived("pa lag"));
    }
}
