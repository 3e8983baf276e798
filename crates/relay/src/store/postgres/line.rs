//! A relay's line to the others: one session of the database that listens to
//! notifications and sends them.
//!
//! A session that was lost is made anew, again and again until it succeeds; then
//! whoever listens hears of a gap. Beats that the relay sends come back to it by
//! the same way as all else, so a session that looks alive and hears nothing is
//! found out too.

use std::time::Duration;

use axum::body::Bytes;
use sync::ids::{LogId, PlanId};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep, timeout};
use tokio_postgres::Client;

use self::{ear::Ear, session::Session};
use super::{
    PATIENCE, Trouble,
    connector::Connector,
    fellows::BEAT,
    notice::{NOTIFY, Notice, Said, channel, parts},
};
use crate::{
    bus::{Bus, Carrier, Heard, Members, RelayId, Word, bus},
    store::OpenError,
};

mod ear;
mod session;

pub(super) use session::{Notifications, pump};

/// Between attempts to reach the database again.
const RETRY: Duration = Duration::from_millis(500);

/// Words and messages that are sent in one statement, at most.
const BATCH: usize = 128;

/// Starts the line of a relay that opens the store now, and gives the relay its
/// name and its end of the bus. The line ends when that end is dropped.
pub(super) async fn start(
    connector: Connector,
    log_id: LogId,
) -> Result<(RelayId, Bus), OpenError> {
    let mut name = [0; 8];
    getrandom::fill(&mut name).map_err(OpenError::Entropy)?;
    let me = RelayId(u64::from_le_bytes(name));
    let channel = channel(log_id);
    let session = match Session::open(&connector, &channel).await {
        Ok(session) => session,
        Err(Trouble::Moving) => return Err(OpenError::Moving),
        Err(trouble) => return Err(OpenError::Postgres(trouble.to_string())),
    };
    let (bus, carrier) = bus();
    let line = Line {
        me,
        channel,
        said: 0,
        carrier,
    };
    tokio::spawn(line.run(connector, session));
    Ok((me, bus))
}

/// Why a session's use has ended.
enum Ended {
    /// Nobody is at the other end of the bus any more.
    Unused,
    /// It broke, hangs, or hears nothing.
    Lost(String),
}

struct Line {
    me: RelayId,
    channel: String,
    /// How many notices have been sent.
    said: u64,
    carrier: Carrier,
}

impl Line {
    async fn run(mut self, connector: Connector, mut session: Session) {
        loop {
            match self.follow(session).await {
                Ended::Unused => return,
                Ended::Lost(why) => tracing::warn!(why, "lost the line to the other relays"),
            }
            session = loop {
                match Session::open(&connector, &self.channel).await {
                    Ok(session) => break session,
                    Err(trouble) => {
                        tracing::debug!(%trouble, "no line to the other relays yet");
                        if self.pass_the_time(RETRY).await.is_none() {
                            return;
                        }
                    }
                }
            };
            tracing::info!("the line to the other relays is there again");
        }
    }

    /// Lets time pass without a session. What is to be said meanwhile is dropped:
    /// after the gap, counts are told anew. `None` when nobody uses the bus.
    async fn pass_the_time(&mut self, time: Duration) -> Option<()> {
        let dropping = async {
            loop {
                tokio::select! {
                    word = self.carrier.words.recv() => drop(word?),
                    Some(_) = self.carrier.ephemerals.recv() => {}
                }
            }
        };
        tokio::select! {
            unused = dropping => unused,
            () = sleep(time) => Some(()),
        }
    }

    /// Hears and speaks over one session for as long as it holds.
    async fn follow(&mut self, mut session: Session) -> Ended {
        if self.carrier.heard.send(Heard::Gap).await.is_err() {
            return Ended::Unused;
        }
        let mut ear = Ear::new(self.me);
        let mut beats = beats();
        loop {
            let said = tokio::select! {
                notification = session.notifications.recv() => {
                    let Some(notification) = notification else {
                        return Ended::Lost("the connection broke".into());
                    };
                    if let Some(heard) = ear.hear(notification.payload())
                        && self.carrier.heard.send(heard).await.is_err()
                    {
                        return Ended::Unused;
                    }
                    continue;
                }
                word = self.carrier.words.recv() => match word {
                    Some(word) => self.speak(&session.client, Some(word), None).await,
                    None => return Ended::Unused,
                },
                Some(message) = self.carrier.ephemerals.recv() => {
                    self.speak(&session.client, None, Some(message)).await
                }
                _ = beats.tick() => {
                    if !ear.hears() {
                        return Ended::Lost("it hears nothing".into());
                    }
                    for relay in ear.gone() {
                        tracing::warn!("another relay is silent and taken for gone");
                        if self.carrier.heard.send(Heard::Gone(relay)).await.is_err() {
                            return Ended::Unused;
                        }
                    }
                    self.notify(&session.client, vec![Said::Beat]).await
                }
            };
            if let Err(trouble) = said {
                return Ended::Lost(trouble.to_string());
            }
        }
    }

    /// Says what has been taken, and what waits behind it.
    async fn speak(
        &mut self,
        client: &Client,
        word: Option<Word>,
        message: Option<(PlanId, Bytes)>,
    ) -> Result<(), Trouble> {
        let mut words: Vec<_> = word.into_iter().collect();
        let mut messages: Vec<_> = message.into_iter().collect();
        while words.len() < BATCH
            && let Ok(word) = self.carrier.words.try_recv()
        {
            words.push(word);
        }
        while messages.len() < BATCH
            && let Ok(message) = self.carrier.ephemerals.try_recv()
        {
            messages.push(message);
        }
        let mut said: Vec<_> = messages
            .iter()
            .flat_map(|(plan, envelope)| parts(*plan, envelope))
            .collect();
        let mut left = None;
        for word in words {
            match word {
                Word::Members(Members { plan, count, ask }) => {
                    said.push(Said::Members { plan, count, ask });
                }
                Word::Leave(done) => {
                    said.push(Said::Leave);
                    left = Some(done);
                }
            }
        }
        self.notify(client, said).await?;
        if let Some(done) = left {
            // Nobody waits for it when the relay has had no time for it.
            let _ = done.send(());
        }
        Ok(())
    }

    async fn notify(&mut self, client: &Client, said: Vec<Said>) -> Result<(), Trouble> {
        let payloads: Vec<_> = said
            .into_iter()
            .map(|said| {
                self.said += 1;
                Notice::new(self.me, self.said, said).encode()
            })
            .collect();
        timeout(
            PATIENCE,
            client.execute(NOTIFY, &[&self.channel, &payloads]),
        )
        .await
        .map_err(|_| Trouble::Hangs)??;
        Ok(())
    }
}

fn beats() -> Interval {
    let mut beats = interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats
}
