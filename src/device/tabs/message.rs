//! What the tabs say to each other.

use minicbor::{Decode, Decoder, Encode, Encoder, bytes::ByteVec, decode, encode};
use sync::{
    closing::Closing,
    frame::ErrorCode,
    ids::{ChunkHash, DeviceId},
    session::{Connection, Gap, Refused, Status, StopReason},
    vouch::Vouch,
};

/// Changes that a tab has made or received, all of them durable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct TabChanges {
    #[n(0)]
    parts: Vec<ByteVec>,
    /// Who wrote what, for changes that came from the relay.
    #[n(1)]
    pub vouches: Vec<Vouch>,
}

impl TabChanges {
    /// Changes as the document writes them.
    pub fn new(parts: &[Vec<u8>], vouches: &[Vouch]) -> Self {
        let parts = parts.iter().cloned().map(Into::into).collect();
        Self {
            parts,
            vouches: vouches.to_vec(),
        }
    }

    /// Each is a change, or the whole document.
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.parts.iter().map(|part| part.as_slice())
    }
}

/// What one tab tells the others.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum TabMessage {
    /// There are changes.
    #[n(0)]
    Changes(#[n(0)] TabChanges),
    /// The leader: how synchronisation stands.
    #[n(1)]
    Status(
        #[n(0)]
        #[cbor(with = "status")]
        Status,
    ),
    /// The leader: another device says where it is.
    #[n(2)]
    Presence(#[n(0)] DeviceId, #[n(1)] ByteVec),
    /// To the leader: how does it stand?
    #[n(3)]
    AskStatus,
    /// To the leader: say this to the other devices.
    #[n(4)]
    Present(#[n(0)] ByteVec),
    /// To the leader: send what there is now.
    #[n(5)]
    Flush,
    /// To the leader: close the plan, which has moved to new keys.
    #[n(7)]
    Close(#[n(0)] Closing),
}

/// A session's status as an array. Tabs are mostly of one version; where they
/// are not, one that can't be read is passed over.
mod status {
    use super::*;

    const FIELDS: u64 = 15;

    pub(super) fn encode<C, W: encode::Write>(
        status: &Status,
        encoder: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        let refused: Vec<(Option<ChunkHash>, ErrorCode)> = status
            .refused
            .iter()
            .map(|refused| (refused.hash, refused.code))
            .collect();
        encoder
            .array(FIELDS)?
            .u8(to_code(status.connection))?
            .bool(status.at_relay)?
            .u64(status.waiting as u64)?
            .encode_with(&status.seen_by, context)?
            .bool(status.missing)?
            .u32(status.peers)?
            .encode_with(&status.gaps, context)?
            .encode_with(&status.forks, context)?
            .u32(status.set_aside)?
            .u32(status.replays)?
            .encode_with(&refused, context)?
            .bool(status.restored)?
            .bool(status.save_failing)?
            .encode_with(status.closed_by, context)?
            .u32(status.late)?
            .ok()
    }

    pub(super) fn decode<C>(
        decoder: &mut Decoder<'_>,
        context: &mut C,
    ) -> Result<Status, decode::Error> {
        if decoder.array()? != Some(FIELDS) {
            return Err(decode::Error::message("the status of another version"));
        }
        Ok(Status {
            connection: from_code(decoder.u8()?)?,
            at_relay: decoder.bool()?,
            waiting: usize::try_from(decoder.u64()?).unwrap_or(usize::MAX),
            seen_by: decoder.decode_with(context)?,
            missing: decoder.bool()?,
            peers: decoder.u32()?,
            gaps: decoder.decode_with::<C, Vec<(DeviceId, Gap)>>(context)?,
            forks: decoder.decode_with(context)?,
            set_aside: decoder.u32()?,
            replays: decoder.u32()?,
            refused: decoder
                .decode_with::<C, Vec<(Option<ChunkHash>, ErrorCode)>>(context)?
                .into_iter()
                .map(|(hash, code)| Refused { hash, code })
                .collect(),
            restored: decoder.bool()?,
            save_failing: decoder.bool()?,
            closed_by: decoder.decode_with(context)?,
            late: decoder.u32()?,
        })
    }

    const CONNECTIONS: [Connection; 6] = [
        Connection::Offline,
        Connection::Connecting,
        Connection::CatchingUp,
        Connection::Live,
        Connection::Stopped(StopReason::Version),
        Connection::Stopped(StopReason::KeysRefused),
    ];

    fn to_code(connection: Connection) -> u8 {
        match connection {
            Connection::Offline => 0,
            Connection::Connecting => 1,
            Connection::CatchingUp => 2,
            Connection::Live => 3,
            Connection::Stopped(StopReason::Version) => 4,
            Connection::Stopped(StopReason::KeysRefused) => 5,
        }
    }

    fn from_code(code: u8) -> Result<Connection, decode::Error> {
        let connection = CONNECTIONS.get(usize::from(code)).copied();
        connection.ok_or_else(|| decode::Error::message("no such connection"))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn codes_go_both_ways() {
            for connection in CONNECTIONS {
                assert_eq!(from_code(to_code(connection)).ok(), Some(connection));
            }
            assert!(from_code(6).is_err());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::cbor;

    #[track_caller]
    fn check(message: TabMessage) {
        assert_eq!(cbor::decode(&cbor::encode(&message)), Some(message));
    }

    #[test]
    fn messages_arrive_as_they_were_sent() {
        check(TabMessage::Changes(TabChanges::new(
            &[vec![1, 2], vec![]],
            &[],
        )));
        check(TabMessage::Presence(DeviceId([3; 32]), vec![7].into()));
        check(TabMessage::AskStatus);
        check(TabMessage::Present(vec![9].into()));
        check(TabMessage::Flush);
    }

    #[test]
    fn a_status_arrives_whole() {
        let device = DeviceId([1; 32]);
        check(TabMessage::Status(Status {
            connection: Connection::Stopped(StopReason::Version),
            at_relay: true,
            waiting: 3,
            seen_by: vec![device],
            missing: true,
            peers: 5,
            gaps: vec![(device, Gap { from: 4, to: 6 })],
            forks: vec![(device, 9)],
            set_aside: 1,
            replays: 2,
            refused: vec![
                Refused {
                    hash: Some(ChunkHash([8; 32])),
                    code: ErrorCode::Limited,
                },
                Refused {
                    hash: None,
                    code: ErrorCode::TooLarge,
                },
            ],
            restored: true,
            save_failing: true,
            closed_by: Some(device),
            late: 7,
        }));
        check(TabMessage::Status(Status::default()));
    }

    #[test]
    fn what_another_version_says_is_passed_over() {
        assert_eq!(cbor::decode::<TabMessage>(&[0x82, 0x18, 0x63, 0x80]), None);
    }
}
