//! A tab that does not lead.

use std::{future::Future, pin::pin};

use futures_util::{
    StreamExt,
    future::{Either, pending, select},
};

use super::{
    super::{page_events::PageEvent, tabs::TabMessage},
    Input, Role, Running, SyncHost, SyncStatus,
};

impl<H: SyncHost> Running<H> {
    /// Follows until its turn comes.
    pub(super) async fn follow_until<T>(&mut self, turn: impl Future<Output = T>) -> T {
        let mut turn = pin!(turn);
        loop {
            match select(turn.as_mut(), self.received.next()).await {
                Either::Left((turn, _)) => return turn,
                Either::Right((Some(input), _)) => self.follow(input).await,
                // The task keeps a sender itself, so the queue does not end.
                Either::Right((None, _)) => pending().await,
            }
        }
    }

    async fn follow(&self, input: Input) {
        let host = &self.task.host;
        match input {
            Input::Flush => self.tabs.send(&TabMessage::Flush),
            Input::Present(payload) => self.tabs.send(&TabMessage::Present(payload.into())),
            Input::Close(closing) => self.tabs.send(&TabMessage::Close(closing)),
            Input::Tab(TabMessage::Changes(changes)) => host.merge_from_tab(&changes),
            Input::Tab(TabMessage::Status(session)) => {
                host.status(&SyncStatus {
                    role: Role::Following,
                    session,
                });
            }
            Input::Tab(TabMessage::Presence(from, payload)) => host.presence(from, &payload),
            Input::Page(PageEvent::Visible) => {
                // If the database can't be read now, the next time reads it.
                let _ = host.catch_up().await;
                self.tabs.send(&TabMessage::AskStatus);
            }
            // The leader hears of the network itself; the rest is not for a
            // tab that follows.
            Input::LocalChange
            | Input::Tick
            | Input::Socket { .. }
            | Input::Tab(
                TabMessage::AskStatus
                | TabMessage::Present(_)
                | TabMessage::Flush
                | TabMessage::Close(_),
            )
            | Input::Page(PageEvent::Online | PageEvent::Hidden) => {}
        }
    }
}
