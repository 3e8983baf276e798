//! A session among a relay and members that say anything at any time.

mod host;

use arbitrary::{Arbitrary, Unstructured};
use sync::{
    content::{Content, Ephemeral},
    envelope::Envelope,
    frame::{ErrorCode, RelayFrame},
    ids::{ChangeHash, ChunkHash, Cursor, LogId, Nonce},
    seal::{self, Place},
    session::Event,
    vouch::{ActorId, Vouch},
};

use crate::{
    set,
    wire::{device, entropy, keys},
};
use host::Host;

/// Enough for anything that one piece can do to another.
const MOST_STEPS: usize = 128;

/// Something that happens to the session.
#[derive(Debug, Arbitrary)]
enum Step {
    /// A frame of any bytes.
    Bytes(Vec<u8>),
    Challenge {
        versions: Vec<u8>,
        most: u32,
    },
    Welcome {
        log: u8,
        last: u64,
    },
    Chunk {
        cursor: u64,
        chunk: Sealed,
    },
    CaughtUp(u64),
    Ack {
        hash: Hash,
        cursor: u64,
    },
    Peers(u32),
    Ephemeral {
        from: u8,
        heads: Option<Vec<Change>>,
        presence: Option<Vec<u8>>,
    },
    Error {
        code: u16,
        about: Option<Hash>,
    },
    Event(Local),
    Pass(u32),
    /// The host's disk and document answer, well or not.
    SaveDone(bool),
    ApplyDone(bool),
    Restart,
}

/// Something that the host has to tell.
#[derive(Debug, Arbitrary)]
enum Local {
    Online,
    Connected,
    Disconnected,
    Edit(Change),
    Flush,
    Present(Vec<u8>),
    Tick,
}

/// A chunk that opens: a member made it, and may say in it what they like.
#[derive(Debug, Arbitrary)]
struct Sealed {
    from: u8,
    number: u64,
    previous: Option<Hash>,
    covers: Option<u64>,
    changes: Vec<Change>,
    garbage: Option<Vec<u8>>,
    heads: Vec<Change>,
    vouch: bool,
}

/// A change of the set that stands for a document, by its number.
type Change = u8;

#[derive(Debug, Arbitrary)]
enum Hash {
    /// Of a chunk that the session has sent.
    Sent(u8),
    Other(u8),
}

/// A relay and members that say anything at any time: nothing makes the session
/// panic, and from where it has saved itself it synchronises with the next relay
/// that is one.
pub fn session(bytes: &[u8]) {
    let mut input = Unstructured::new(bytes);
    let mut host = Host::new();
    for _ in 0..MOST_STEPS {
        match Step::arbitrary(&mut input) {
            Ok(step) if !input.is_empty() => step.happen(&mut host),
            _ => break,
        }
    }
    host.restart();
    meet_a_relay(&mut host);
}

impl Step {
    fn happen(self, host: &mut Host) {
        match self {
            Self::Bytes(bytes) => host.hear(Event::Frame(bytes)),
            Self::Event(local) => local.happen(host),
            Self::Pass(milliseconds) => host.now += u64::from(milliseconds),
            Self::SaveDone(well) => host.answer_save(well),
            Self::ApplyDone(well) => host.answer_apply(well),
            Self::Restart => host.restart(),
            said => {
                let frame = said.into_frame(host);
                host.hear(Event::Frame(frame.to_bytes()));
            }
        }
    }

    fn into_frame(self, host: &Host) -> RelayFrame {
        match self {
            Self::Challenge { versions, most } => RelayFrame::Challenge {
                versions,
                nonce: Nonce([1; 32]),
                max_frame: most,
            },
            Self::Welcome { log, last } => RelayFrame::Welcome {
                log: LogId([log; 16]),
                last: Cursor(last),
            },
            Self::Chunk { cursor, chunk } => RelayFrame::Chunk {
                cursor: Cursor(cursor),
                envelope: chunk.seal(host).to_bytes(),
            },
            Self::CaughtUp(cursor) => RelayFrame::CaughtUp {
                cursor: Cursor(cursor),
            },
            Self::Ack { hash, cursor } => RelayFrame::Ack {
                hash: hash.find(host),
                cursor: Cursor(cursor),
            },
            Self::Ephemeral {
                from,
                heads,
                presence,
            } => {
                let message = Ephemeral {
                    heads: heads.map(|heads| heads.into_iter().map(set::hash).collect()),
                    presence: presence.map(Into::into),
                };
                let sealed = seal::seal_ephemeral(keys(), &device(from), &message, &mut entropy);
                RelayFrame::Ephemeral {
                    envelope: sealed.expect("a writer can seal").to_bytes(),
                }
            }
            Self::Error { code, about } => RelayFrame::Error {
                code: ErrorCode::from(code),
                about: about.map(|hash| hash.find(host)),
                detail: String::new(),
            },
            Self::Peers(count) => RelayFrame::Peers { count },
            _ => RelayFrame::Peers { count: 0 },
        }
    }
}

impl Local {
    fn happen(self, host: &mut Host) {
        let event = match self {
            Self::Online => Event::Online,
            Self::Connected => Event::Connected,
            Self::Disconnected => Event::Disconnected,
            Self::Edit(change) => {
                host.edit(change);
                Event::LocalChange
            }
            Self::Flush => Event::Flush,
            Self::Present(payload) => Event::Present(payload),
            Self::Tick => Event::Tick,
        };
        host.hear(event);
    }
}

impl Sealed {
    fn seal(self, host: &Host) -> Envelope {
        let key = device(self.from);
        let mut changes: Vec<_> = self.changes.into_iter().map(|n| vec![n].into()).collect();
        changes.extend(self.garbage.map(Into::into));
        let vouch = self.vouch.then(|| {
            let actor = ActorId(vec![self.from]);
            Vouch::make(&key, &keys().id(), actor, ChangeHash([self.from; 32]))
        });
        let content = Content {
            changes,
            heads: self.heads.into_iter().map(set::hash).collect(),
            vouches: vouch.into_iter().collect(),
            closing: None,
        };
        let place = Place {
            number: self.number.max(1),
            previous: self.previous.map(|hash| hash.find(host)),
        };
        let sealed = match self.covers {
            Some(covers) => {
                let covers = Cursor(covers);
                seal::seal_snapshot(keys(), &key, place, covers, &content, &mut entropy)
            }
            None => seal::seal_changes(keys(), &key, place, &content, &mut entropy),
        };
        sealed.expect("a writer can seal")
    }
}

impl Hash {
    fn find(&self, host: &Host) -> ChunkHash {
        match self {
            Self::Sent(which) if !host.sent.is_empty() => {
                host.sent[usize::from(*which) % host.sent.len()]
            }
            Self::Sent(other) | Self::Other(other) => ChunkHash([*other; 32]),
        }
    }
}

/// A relay as it should be, with an empty log: it gets all that the device has.
fn meet_a_relay(host: &mut Host) {
    host.edit(0);
    let greeting = [
        RelayFrame::Challenge {
            versions: vec![1],
            nonce: Nonce([2; 32]),
            max_frame: u32::MAX,
        },
        RelayFrame::Welcome {
            log: LogId([0xee; 16]),
            last: Cursor::START,
        },
        RelayFrame::CaughtUp {
            cursor: Cursor::START,
        },
    ];
    host.hear(Event::Online);
    host.hear(Event::Connected);
    for frame in greeting {
        host.hear(Event::Frame(frame.to_bytes()));
    }
    let mut cursor = Cursor::START;
    for _ in 0..8 {
        host.answer_all();
        for hash in std::mem::take(&mut host.sent) {
            cursor = cursor.next();
            host.hear(Event::Frame(RelayFrame::Ack { hash, cursor }.to_bytes()));
        }
        // Longer than edits are gathered.
        host.now += 3_000;
        host.hear(Event::Tick);
    }
    assert!(
        host.session.status().at_relay,
        "{:?}",
        host.session.status()
    );
    assert_eq!(host.session.status().waiting, 0);
}
