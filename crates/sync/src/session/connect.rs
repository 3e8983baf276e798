//! The socket: opening, greeting, losing it, and what the relay says about
//! anything but chunks.

use super::{
    Connection, Document, Effect, Restoring, Session, StopReason,
    timers::{GREETING, start},
};
use crate::{
    envelope::MAX_CHUNK,
    frame::{ClientFrame, ErrorCode, FrameError, Hello, PROTOCOL_VERSION, RelayFrame},
    ids::{ChunkHash, Cursor, LogId, Nonce},
};

/// Room in a frame for what wraps a chunk.
const FRAME_OVERHEAD: usize = 1024;

/// How far the socket has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Line {
    /// Waiting for the next attempt.
    #[default]
    Down,
    Opening,
    AwaitingChallenge,
    AwaitingWelcome,
    CatchingUp {
        /// Whether the relay has said that it has sent all it had.
        sent_all: bool,
    },
    Live,
    Stopped(StopReason),
}

impl Line {
    pub(super) fn as_connection(self) -> Connection {
        match self {
            Self::Down => Connection::Offline,
            Self::Opening | Self::AwaitingChallenge | Self::AwaitingWelcome => {
                Connection::Connecting
            }
            Self::CatchingUp { .. } => Connection::CatchingUp,
            Self::Live => Connection::Live,
            Self::Stopped(reason) => Connection::Stopped(reason),
        }
    }

    fn is_welcomed(self) -> bool {
        matches!(self, Self::CatchingUp { .. } | Self::Live)
    }
}

impl Session {
    pub(super) fn connect_now(&mut self, now: u64) {
        if self.line == Line::Down {
            self.line = Line::Opening;
            self.timers.reconnect = None;
            self.timers.greeting = Some(now + GREETING);
            self.effects.push(Effect::Connect);
        }
    }

    pub(super) fn connected(&mut self, now: u64) {
        if self.line == Line::Opening {
            self.line = Line::AwaitingChallenge;
            self.timers.greeting = Some(now + GREETING);
        }
    }

    pub(super) fn disconnected(&mut self, now: u64) {
        if matches!(self.line, Line::Down | Line::Stopped(_)) {
            return;
        }
        self.lose_socket();
        self.line = Line::Down;
        let wait = self.backoff.next(&mut *self.entropy);
        start(&mut self.timers.reconnect, now.saturating_add(wait));
    }

    /// Closes the socket and tries again later.
    pub(super) fn hang_up(&mut self, now: u64) {
        if !matches!(self.line, Line::Down | Line::Stopped(_)) {
            self.effects.push(Effect::Close);
            self.disconnected(now);
        }
    }

    fn stop(&mut self, reason: StopReason) {
        self.effects.push(Effect::Close);
        self.lose_socket();
        self.line = Line::Stopped(reason);
    }

    fn lose_socket(&mut self) {
        self.outbox.unsend();
        self.partners.leave();
        self.timers.stop_socket();
    }

    pub(super) fn frame(&mut self, bytes: &[u8], now: u64, document: &mut dyn Document) {
        if matches!(self.line, Line::Down | Line::Stopped(_)) {
            return;
        }
        let frame = match RelayFrame::parse(bytes) {
            Ok(frame) => frame,
            // A newer relay may say things this version need not understand.
            Err(FrameError::UnknownKind) => return,
            Err(FrameError::Malformed | FrameError::TooLarge(_)) => return self.hang_up(now),
        };
        match (self.line, frame) {
            (
                Line::AwaitingChallenge,
                RelayFrame::Challenge {
                    versions,
                    nonce,
                    max_frame,
                },
            ) => self.answer(&versions, &nonce, max_frame),
            (Line::AwaitingWelcome, RelayFrame::Welcome { log, last }) => {
                self.welcomed(log, last, document);
            }
            (_, RelayFrame::Error { code, about, .. }) => self.refused(code, about, now),
            (line, frame) if line.is_welcomed() => self.subscribed(frame, now, document),
            // What comes in the wrong place comes from no relay.
            _ => self.hang_up(now),
        }
    }

    fn subscribed(&mut self, frame: RelayFrame, now: u64, document: &mut dyn Document) {
        match frame {
            RelayFrame::Chunk { cursor, envelope } => {
                self.chunk(cursor, envelope, now, document);
            }
            RelayFrame::CaughtUp { cursor } => {
                self.arrivals.receive(cursor, None);
                if self.line != Line::Live {
                    self.line = Line::CatchingUp { sent_all: true };
                }
                self.advance(document);
            }
            RelayFrame::Ack { hash, cursor } => self.acknowledged(&hash, cursor, document),
            RelayFrame::Peers { count } => self.partners.others_present(count),
            RelayFrame::Ephemeral { envelope } => self.ephemeral(&envelope, document),
            RelayFrame::Challenge { .. } | RelayFrame::Welcome { .. } => self.hang_up(now),
            RelayFrame::Error { .. } => {}
        }
    }

    fn answer(&mut self, versions: &[u8], nonce: &Nonce, max_frame: u32) {
        if !versions.contains(&PROTOCOL_VERSION) {
            return self.stop(StopReason::Version);
        }
        let max_frame = usize::try_from(max_frame).unwrap_or(usize::MAX);
        self.max_chunk = max_frame.saturating_sub(FRAME_OVERHEAD).min(MAX_CHUNK);
        self.line = Line::AwaitingWelcome;
        self.send(&ClientFrame::Hello(Hello::new(&self.keys, nonce)));
    }

    fn welcomed(&mut self, log: LogId, last: Cursor, document: &mut dyn Document) {
        self.backoff.reset();
        self.timers.greeting = None;
        let is_older = self.state.ends_before_known(last) || self.arrivals.ends_after(last);
        if self.state.log != Some(log) || is_older {
            // Another store, or the same set back to an older copy. What was
            // acknowledged may be gone; what was sealed may build on it.
            self.begin_log(log);
        } else if !self.state.relay_heads.iter().all(|head| document.has(head)) {
            // The document was set back to an older copy: receive all again.
            self.begin_log(log);
        }
        self.outbox.retry_refused();
        self.line = Line::CatchingUp { sent_all: false };
        self.arrivals.resume(self.state.cursor);
        self.send(&ClientFrame::Subscribe {
            after: self.state.ask_after(),
        });
    }

    /// The relay goes on from an older copy of its store, and by now has other
    /// chunks where this device knows its own or the last it received.
    pub(super) fn was_set_back(&mut self, now: u64) {
        if let Some(log) = self.state.log {
            self.begin_log(log);
        }
        self.hang_up(now);
    }

    fn begin_log(&mut self, log: LogId) {
        self.state.begin_log(log);
        self.log_heads.begin(Cursor::START, []);
        self.restoring = Restoring::default();
        self.arrivals.clear();
        self.discard_outbox();
        self.saving.needed();
    }

    pub(super) fn go_live(&mut self, document: &mut dyn Document) {
        self.line = Line::Live;
        self.heads = Some(document.heads());
        self.partners_changed(document);
        // What was too large may not be at this relay.
        self.collected_at = None;
        self.collect(document);
    }

    fn refused(&mut self, code: ErrorCode, about: Option<ChunkHash>, now: u64) {
        match (code, about) {
            (ErrorCode::Unavailable | ErrorCode::Limited, Some(_)) => self.resend_later(now),
            (_, Some(hash)) if self.outbox.refuse(&hash, code) => {}
            (ErrorCode::UnsupportedVersion, None) => self.stop(StopReason::Version),
            (ErrorCode::BadProof | ErrorCode::WrongPlan, None) => {
                self.stop(StopReason::KeysRefused);
            }
            (ErrorCode::Unavailable | ErrorCode::Limited, None) => {
                self.backoff.be_patient();
                self.hang_up(now);
            }
            (_, None) => self.hang_up(now),
            // About a chunk this device does not remember.
            (_, Some(_)) => {}
        }
    }

    pub(super) fn send(&mut self, frame: &ClientFrame) {
        self.effects.push(Effect::Send(frame.to_bytes()));
    }
}
