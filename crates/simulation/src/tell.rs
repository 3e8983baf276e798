//! Frames and chunks in a few words, for the story.

use sync::{
    envelope::{Envelope, Kind},
    frame::{ClientFrame, RelayFrame},
    ids::Cursor,
};

pub(crate) fn sent(device: usize, frame: &[u8]) -> String {
    let what = match ClientFrame::parse(frame) {
        Ok(ClientFrame::Hello(_)) => "greets".to_owned(),
        Ok(ClientFrame::Subscribe { after }) => format!("asks for what comes after {after}"),
        Ok(ClientFrame::Append { envelope }) => format!("sends {}", chunk(&envelope)),
        Ok(ClientFrame::Ephemeral { .. }) => "tells the others of itself".to_owned(),
        Err(error) => format!("sends no frame: {error}"),
    };
    format!("device {device} {what}")
}

pub(crate) fn delivered(device: usize, frame: &[u8]) -> String {
    let what = match RelayFrame::parse(frame) {
        Ok(RelayFrame::Challenge { .. }) => "is challenged".to_owned(),
        Ok(RelayFrame::Welcome { log, last }) => {
            format!("is welcomed to log {}, which ends at {last}", log.short())
        }
        Ok(RelayFrame::Chunk { cursor, envelope }) => {
            format!("gets {cursor}: {}", chunk(&envelope))
        }
        Ok(RelayFrame::CaughtUp { cursor }) => format!("has been sent all up to {cursor}"),
        Ok(RelayFrame::Ack { hash, cursor }) => {
            format!("hears that {} is stored at {cursor}", hash.short())
        }
        Ok(RelayFrame::Peers { count }) => format!("has {count} others beside it"),
        Ok(RelayFrame::Ephemeral { .. }) => "hears of another".to_owned(),
        Ok(RelayFrame::Error { code, .. }) => format!("is refused: {code:?}"),
        Err(error) => format!("gets no frame: {error}"),
    };
    format!("device {device} {what}")
}

pub(crate) fn stored(relay: usize, cursor: Cursor, envelope: &Envelope) -> String {
    format!("relay {relay} stores at {cursor}: {}", words(envelope))
}

fn chunk(envelope: &[u8]) -> String {
    match Envelope::parse(envelope) {
        Ok(envelope) => words(&envelope),
        Err(error) => error.to_string(),
    }
}

fn words(envelope: &Envelope) -> String {
    let header = envelope.header();
    let kind = match (header.kind, header.covers) {
        (Kind::Snapshot, Some(covers)) => format!("snapshot up to {covers}"),
        _ => "chunk".to_owned(),
    };
    let (hash, device) = (envelope.hash().short(), header.device.short());
    format!("{kind} {hash}, number {} of {device}", header.number)
}
