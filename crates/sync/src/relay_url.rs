//! A relay's address, as people write it.

use std::{fmt, str::FromStr};

/// Why a text is no relay's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RelayUrlError {
    /// Does not begin with `https://` or `http://`.
    #[error("a relay's address begins with https:// (or http:// on your own machine)")]
    Scheme,
    /// No host, or characters no host has.
    #[error("the relay's address has no valid host name")]
    Host,
}

/// A relay's base address, such as `https://relay.example`, without a slash at
/// the end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelayUrl(String);

impl RelayUrl {
    /// Reads a relay's address or that of its page for joining: a query and a
    /// last `/` or `/join` are left out.
    ///
    /// # Errors
    /// See [`RelayUrlError`].
    pub fn parse(text: &str) -> Result<Self, RelayUrlError> {
        let text = text.trim();
        let text = text.split(['#', '?']).next().unwrap_or_default();
        let (scheme, rest) = text.split_once("://").ok_or(RelayUrlError::Scheme)?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "https" && scheme != "http" {
            return Err(RelayUrlError::Scheme);
        }
        let rest = rest.trim_end_matches('/');
        let rest = rest.strip_suffix("/join").unwrap_or(rest);
        let host = rest.split('/').next().unwrap_or_default();
        let is_host = |c: char| c.is_alphanumeric() || "-._:[]".contains(c);
        let is_path = |c: char| is_host(c) || "/~%".contains(c);
        if host.is_empty() || !host.chars().all(is_host) || !rest.chars().all(is_path) {
            return Err(RelayUrlError::Host);
        }
        Ok(Self(format!("{scheme}://{rest}")))
    }

    /// The base address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the socket is: `wss://…/sync`, or `ws://` for `http://`.
    pub fn socket_url(&self) -> String {
        format!("ws{}/sync", self.0.trim_start_matches("http"))
    }
}

impl fmt::Display for RelayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RelayUrl {
    type Err = RelayUrlError;

    fn from_str(text: &str) -> Result<Self, RelayUrlError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, socket: Result<&str, RelayUrlError>) {
        let parsed = RelayUrl::parse(text).map(|relay| relay.socket_url());
        assert_eq!(parsed.as_deref(), socket.as_ref().copied(), "{text}");
    }

    #[test]
    fn the_socket_is_beside_the_page() {
        check("https://relay.example", Ok("wss://relay.example/sync"));
        check(" HTTPS://relay.example/ ", Ok("wss://relay.example/sync"));
        check("https://relay.example/join", Ok("wss://relay.example/sync"));
        check(
            "https://a.example/plan/join?x=1",
            Ok("wss://a.example/plan/sync"),
        );
        check("http://127.0.0.1:8080", Ok("ws://127.0.0.1:8080/sync"));
        check("http://[::1]:8080/", Ok("ws://[::1]:8080/sync"));
    }

    #[test]
    fn other_texts_are_refused() {
        check("", Err(RelayUrlError::Scheme));
        check("relay.example", Err(RelayUrlError::Scheme));
        check("javascript://relay.example", Err(RelayUrlError::Scheme));
        check("https://", Err(RelayUrlError::Host));
        check("https:///join", Err(RelayUrlError::Host));
        check("https://user@relay.example", Err(RelayUrlError::Host));
        check("https://relay example", Err(RelayUrlError::Host));
    }
}
