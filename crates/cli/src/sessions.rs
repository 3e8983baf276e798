//! The relays at which a device meets a plan, and what its session at each wants
//! kept. To lose that costs time, never an edit.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use sync::{ids::LogId, relay_url::RelayUrl, relay_url::RelayUrlError, session::SavedState};

/// Relays with their sessions, in the order in which the device came to them.
#[derive(Debug, Default)]
pub struct Sessions(Vec<(RelayUrl, SavedState)>);

/// A relay with its session, as it is written. Bytes are base64.
#[derive(Serialize, Deserialize)]
pub struct Stored {
    pub relay: String,
    #[serde(default)]
    pub session: String,
}

impl Sessions {
    /// The relays.
    pub fn relays(&self) -> impl Iterator<Item = &RelayUrl> {
        self.0.iter().map(|(relay, _)| relay)
    }

    /// The session at a relay, which is one of this device's from now on.
    pub fn at(&mut self, relay: &RelayUrl) -> &mut SavedState {
        let known = self.relays().position(|known| known == relay);
        let index = known.unwrap_or_else(|| {
            self.0.push((relay.clone(), SavedState::default()));
            self.0.len() - 1
        });
        &mut self.0[index].1
    }

    /// Whether any of them knows that the plan is closed under these keys.
    pub fn know_it_closed(&self) -> bool {
        self.0.iter().any(|(_, saved)| saved.is_closed())
    }

    /// The logs that are known by other addresses than this.
    pub fn logs_beside(&self, relay: &RelayUrl) -> Vec<(LogId, RelayUrl)> {
        let others = self.0.iter().filter(|(other, _)| other != relay);
        others
            .filter_map(|(other, saved)| Some((saved.log()?, other.clone())))
            .collect()
    }

    /// Goes on at one address with what was kept for another: both lead to one
    /// log, in which this device's numbers go on.
    pub fn hand_over(&mut self, from: &RelayUrl, to: &RelayUrl) {
        let saved = std::mem::take(self.at(from));
        *self.at(to) = saved;
    }

    /// Meets the plan at this relay no more.
    pub fn leave(&mut self, relay: &RelayUrl) {
        self.0.retain(|(known, _)| known != relay);
    }

    /// The same relays, at which nothing is known yet.
    pub fn anew(&self) -> Self {
        let relays = self.relays().cloned();
        Self(relays.map(|relay| (relay, SavedState::default())).collect())
    }

    /// As they are written.
    pub fn to_stored(&self) -> Vec<Stored> {
        let sessions = self.0.iter().map(|(relay, saved)| Stored {
            relay: relay.to_string(),
            session: BASE64.encode(saved.to_bytes()),
        });
        sessions.collect()
    }

    /// Reads what was written. A session that can't be read begins anew: what
    /// only saves time is not worth stopping for.
    pub fn from_stored<'a>(
        stored: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, RelayUrlError> {
        let sessions = stored.into_iter().map(|(relay, session)| {
            let bytes = BASE64.decode(session).unwrap_or_default();
            let saved = SavedState::from_bytes(&bytes).unwrap_or_default();
            Ok((relay.parse()?, saved))
        });
        sessions.collect::<Result<_, _>>().map(Self)
    }
}
