//! Links: a plan's keys in the part of a URL that no server sees.
//!
//! ```text
//! https://relay.example/join#<base64url>
//!         version u8 ‖ kind u8 ‖ secrets ‖ checksum [u8; 4]
//!         kind 1, edit: edit secret [u8; 32]
//!         kind 2, read: read secret [u8; 32] ‖ write public key [u8; 32]
//! ```
//!
//! The checksum tells a link that mail cut or broke from one that is for
//! another plan.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::{
    ids::PublicKey,
    keys::{EditSecret, PlanKeys, ReadSecret},
    label::{self, CHECKSUM_LEN},
    relay_url::RelayUrl,
};

const LINK_VERSION: u8 = 1;
/// A first byte above this is no version but some other text.
const PLAUSIBLE_VERSIONS: std::ops::RangeInclusive<u8> = LINK_VERSION + 1..=15;
const EDIT: u8 = 1;
const READ: u8 = 2;

/// Why a text is no link that can be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Nothing, or only white space.
    #[error("the link is empty; paste the whole link you were sent")]
    Empty,
    /// Some other text or address.
    #[error("this is not a link to a plan; paste the whole link you were sent")]
    NotALink,
    /// The part after `#` is missing, too short, or has a wrong character.
    #[error("the link is cut or damaged; copy the whole of it again, with all after the # sign")]
    Cut,
    /// Made by a newer version.
    #[error("the link is of version {0}, made by a newer Samskriv; update, then try again")]
    NewerVersion(u8),
}

/// A plan's keys, and where to meet the others.
#[derive(Debug, Clone)]
pub struct Link {
    /// The keys the link carries: for editing or for reading.
    pub keys: PlanKeys,
    /// The relay, unless only the fragment was given.
    pub relay: Option<RelayUrl>,
}

impl Link {
    /// Reads a whole link or only what follows its `#`.
    ///
    /// White space anywhere is passed over, as mail programs wrap long lines,
    /// and so are quotes and brackets around the link.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let joined: Zeroizing<String> = Zeroizing::new(
            text.chars()
                .filter(|c| !c.is_whitespace() && !is_invisible(*c))
                .collect(),
        );
        let trimmed = joined.trim_matches(|c: char| "<>()[]\"'«»“”.,;".contains(c));
        if trimmed.is_empty() {
            return Err(LinkError::Empty);
        }
        let (relay, fragment) = match trimmed.split_once('#') {
            Some((address, fragment)) => {
                let relay = relay_from_join_page(address)?;
                (Some(relay), fragment)
            }
            None if trimmed.contains("://") => {
                return Err(match relay_from_join_page(trimmed) {
                    Ok(_) => LinkError::Cut,
                    Err(error) => error,
                });
            }
            None => (None, trimmed),
        };
        let keys = keys_from_fragment(fragment)?;
        Ok(Self { keys, relay })
    }

    /// What follows the `#`: for editing if the keys can, else for reading.
    pub fn to_fragment(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(vec![LINK_VERSION]);
        match self.keys.edit_secret() {
            Some(secret) => {
                bytes.push(EDIT);
                bytes.extend_from_slice(secret.expose());
            }
            None => {
                bytes.push(READ);
                bytes.extend_from_slice(self.keys.read_secret().expose());
                bytes.extend_from_slice(self.keys.write_public().as_bytes());
            }
        }
        let checksum = label::checksum(label::LINK, &bytes);
        bytes.extend_from_slice(&checksum);
        Zeroizing::new(URL_SAFE_NO_PAD.encode(&*bytes))
    }

    /// The whole link, through the given relay.
    pub fn url(&self, relay: &RelayUrl) -> Zeroizing<String> {
        Zeroizing::new(format!("{relay}/join#{}", *self.to_fragment()))
    }

    /// The same plan for reading only.
    pub fn to_read_only(&self) -> Self {
        Self {
            keys: self.keys.to_read_only(),
            relay: self.relay.clone(),
        }
    }
}

/// The relay whose page for joining this is. Any other page with a `#` is some
/// other link, however much its fragment looks like a damaged one of ours.
fn relay_from_join_page(address: &str) -> Result<RelayUrl, LinkError> {
    let relay = RelayUrl::parse(address).map_err(|_| LinkError::NotALink)?;
    let has_path = relay.as_str().matches('/').count() > 2;
    let is_join = address.trim_end_matches('/').ends_with("/join");
    match has_path && !is_join {
        true => Err(LinkError::NotALink),
        false => Ok(relay),
    }
}

/// Characters that copying from a page or a document may bring along unseen.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

fn keys_from_fragment(fragment: &str) -> Result<PlanKeys, LinkError> {
    if fragment.is_empty() {
        return Err(LinkError::Cut);
    }
    if !fragment
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    {
        return Err(LinkError::NotALink);
    }
    // The first character holds the upper six bits of the version, and so tells
    // most other words from ours even where the rest is lacking.
    if !fragment.starts_with(['A', 'B', 'C', 'D']) {
        return Err(LinkError::NotALink);
    }
    let bytes = Zeroizing::new(
        URL_SAFE_NO_PAD
            .decode(fragment)
            .map_err(|_| LinkError::Cut)?,
    );
    match bytes.first() {
        Some(&LINK_VERSION) => {}
        Some(version) if PLAUSIBLE_VERSIONS.contains(version) => {
            return Err(LinkError::NewerVersion(*version));
        }
        _ => return Err(LinkError::NotALink),
    }
    let (body, sum) = bytes
        .split_last_chunk::<CHECKSUM_LEN>()
        .ok_or(LinkError::Cut)?;
    if label::checksum(label::LINK, body) != *sum {
        return Err(LinkError::Cut);
    }
    let (&kind, secrets) = body[1..].split_first().ok_or(LinkError::Cut)?;
    match (kind, secrets.split_first_chunk::<32>()) {
        (EDIT, Some((secret, []))) => Ok(PlanKeys::edit(EditSecret::from_bytes(*secret))),
        (READ, Some((secret, write_public))) => {
            let write_public: [u8; 32] =
                write_public.try_into().map_err(|_| LinkError::NotALink)?;
            let secret = ReadSecret::from_bytes(*secret);
            Ok(PlanKeys::read(secret, PublicKey(write_public)))
        }
        _ => Err(LinkError::NotALink),
    }
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
