//! A session of the database that listens.

use std::future::poll_fn;

use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, Client, Connection, Notification, Socket, tls::TlsStream};

use super::super::{Trouble, causes, connector::Connector, schema::IN_USE};

/// What a session hears. Without a bound, because the session's connection must
/// be read for its statements to be answered; the line takes all of it at once.
pub(in super::super) type Notifications = mpsc::UnboundedReceiver<Notification>;

/// Reads a connection to its end, and hands on what it hears.
pub(in super::super) fn pump<T>(mut connection: Connection<Socket, T>) -> Notifications
where
    T: TlsStream + Unpin + Send + 'static,
{
    let (sender, notifications) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                Some(Ok(AsyncMessage::Notification(notification))) => {
                    // Who only asks does not listen.
                    let _ = sender.send(notification);
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    tracing::debug!(error = causes(&error), "a connection broke");
                    return;
                }
                None => return,
            }
        }
    });
    notifications
}

/// One session of the database that listens.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) notifications: Notifications,
}

impl Session {
    pub(super) async fn open(connector: &Connector, channel: &str) -> Result<Self, Trouble> {
        let (client, notifications) = connector.connect().await?;
        // Nothing it writes has to survive anything: it only notifies.
        client
            .batch_execute(&format!(
                "SET synchronous_commit = off; LISTEN \"{channel}\""
            ))
            .await?;
        let held = client
            .query_one("SELECT pg_try_advisory_lock_shared($1)", &[&IN_USE])
            .await?;
        if !held.get::<_, bool>(0) {
            return Err(Trouble::Moving);
        }
        Ok(Self {
            client,
            notifications,
        })
    }
}
