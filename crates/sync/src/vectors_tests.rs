//! The test vectors of `docs/protocol.md` are what this code makes.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use crate::{
    backup::{self, Derivation, Entry, PassphraseKey, SealedBackup},
    cbor,
    closing::{Access, Closing},
    content::{Content, Ephemeral},
    envelope::Envelope,
    file::{self, Part, SealedPlan},
    frame::{ClientFrame, ErrorCode, Hello, RelayFrame},
    ids::{ChangeHash, ChunkHash, Cursor, LogId, Nonce},
    keys::{DeviceKey, EditSecret, PlanKeys},
    link::Link,
    seal::{self, Place},
    vouch::{ActorId, Vouch},
};

const DOCUMENT: &str = include_str!("../../../docs/protocol.md");

const NONCE: Nonce = Nonce([0xAA; 32]);
const CHUNK_HASH: ChunkHash = ChunkHash([0xBB; 32]);
const CHANGE: ChangeHash = ChangeHash([0xCC; 32]);
const LOG: LogId = LogId([0xDD; 16]);
const ENVELOPE: [u8; 3] = [0xEE; 3];

fn keys() -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes(std::array::from_fn(|i| i as u8)))
}

fn device() -> DeviceKey {
    DeviceKey::from_bytes(&std::array::from_fn(|i| 0x20 + i as u8))
}

fn vouch() -> Vouch {
    Vouch::make(&device(), &keys().id(), ActorId(vec![1, 2, 3]), CHANGE)
}

fn content() -> Content {
    Content {
        changes: vec![b"change".to_vec().into()],
        heads: vec![CHANGE],
        vouches: vec![vouch()],
        closing: None,
    }
}

fn reading_device() -> DeviceKey {
    DeviceKey::from_bytes(&std::array::from_fn(|i| 0x40 + i as u8))
}

fn new_keys() -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes(std::array::from_fn(|i| {
        0x60 + i as u8
    })))
}

fn closing() -> Closing {
    let chosen = [
        (device().id(), Access::Write),
        (reading_device().id(), Access::Read),
    ];
    let (old, by) = (keys().id(), device().id());
    let mut entropy = |bytes: &mut [u8]| bytes.fill(0x99);
    Closing::make(&old, &by, &new_keys(), chosen, &mut entropy)
}

const SALT: [u8; 16] = *b"@ABCDEFGHIJKLMNO";

/// PBKDF2 of «plan på lag» with the salt; `crates/cli` derives it.
const PASSPHRASE_KEY: &str = "369a4bd40b4d7eef00889706753aaf84ac6d49f2a3a576a1be6770c49f2b97d2";

fn derivation() -> Derivation {
    Derivation::generate(&mut |salt: &mut [u8]| salt.copy_from_slice(&SALT))
}

fn passphrase_key() -> PassphraseKey {
    PassphraseKey::from_bytes(unhex(PASSPHRASE_KEY).try_into().unwrap())
}

fn entry() -> Entry {
    Entry {
        keys: keys(),
        relay: Some("https://relay.example".parse().unwrap()),
        document: b"document".to_vec(),
        vouches: vec![vouch()],
    }
}

fn message() -> Ephemeral {
    Ephemeral {
        heads: Some(vec![CHANGE]),
        presence: None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

/// The lines `name = value` of the document's blocks of vectors.
fn documented() -> BTreeMap<String, String> {
    let blocks = DOCUMENT.split("```vectors\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    lines
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

/// What follows from the secrets alone.
fn made() -> BTreeMap<String, String> {
    let keys = keys();
    let link = Link {
        keys: keys.clone(),
        relay: None,
    };
    let mut made: BTreeMap<String, String> = [
        ("edit secret", hex(keys.edit_secret().unwrap().expose())),
        ("read secret", hex(keys.read_secret().expose())),
        ("content key", hex(&*keys.content_key())),
        ("write public key", keys.write_public().to_string()),
        ("read public key", keys.read_public().to_string()),
        ("plan id", keys.id().to_string()),
        ("device secret", hex(device().expose())),
        ("device id", device().id().to_string()),
        ("edit link", link.to_fragment().to_string()),
        ("read link", link.to_read_only().to_fragment().to_string()),
        ("vouch", hex(&cbor::encode(&vouch()))),
        ("content", hex(&cbor::encode(&content()))),
        ("message", hex(&cbor::encode(&message()))),
        ("passphrase key", PASSPHRASE_KEY.to_owned()),
        ("closing", hex(&cbor::encode(&closing()))),
        ("entry", hex(&entry().to_cbor())),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    for (name, frame) in relay_frames() {
        made.insert(name.to_owned(), hex(&frame.to_bytes()));
    }
    for (name, frame) in client_frames() {
        made.insert(name.to_owned(), hex(&frame.to_bytes()));
    }
    made
}

fn relay_frames() -> [(&'static str, RelayFrame); 8] {
    let envelope = ENVELOPE.to_vec();
    let cursor = Cursor(1000);
    [
        (
            "Challenge",
            RelayFrame::Challenge {
                versions: vec![1],
                nonce: NONCE,
                max_frame: 16_777_216,
            },
        ),
        (
            "Welcome",
            RelayFrame::Welcome {
                log: LOG,
                last: cursor,
            },
        ),
        (
            "Chunk",
            RelayFrame::Chunk {
                cursor,
                envelope: envelope.clone(),
            },
        ),
        ("CaughtUp", RelayFrame::CaughtUp { cursor }),
        (
            "Ack",
            RelayFrame::Ack {
                hash: CHUNK_HASH,
                cursor,
            },
        ),
        ("Peers", RelayFrame::Peers { count: 5 }),
        ("Ephemeral (relay)", RelayFrame::Ephemeral { envelope }),
        (
            "Error",
            RelayFrame::Error {
                code: ErrorCode::Forged,
                about: Some(CHUNK_HASH),
                detail: "forged".to_owned(),
            },
        ),
    ]
}

fn client_frames() -> [(&'static str, ClientFrame); 4] {
    let envelope = ENVELOPE.to_vec();
    [
        ("Hello", ClientFrame::Hello(Hello::new(&keys(), &NONCE))),
        (
            "Subscribe",
            ClientFrame::Subscribe {
                after: Cursor(1000),
            },
        ),
        (
            "Append",
            ClientFrame::Append {
                envelope: envelope.clone(),
            },
        ),
        ("Ephemeral (device)", ClientFrame::Ephemeral { envelope }),
    ]
}

/// Compression may pack the same content in other bytes one day, so what is
/// sealed is checked by opening what is documented, not by making it again.
const SEALED: [&str; 6] = [
    "chunk",
    "chunk hash",
    "snapshot",
    "ephemeral message",
    "sealed file",
    "backup",
];

#[test]
fn every_vector_is_what_the_code_makes() {
    let mut documented = documented();
    for name in SEALED {
        assert!(
            documented.remove(name).is_some(),
            "{name} is missing: {:#?}",
            sealed()
        );
    }
    assert_eq!(documented, made());
}

/// For whoever has to write them anew.
fn sealed() -> Vec<(&'static str, String)> {
    let mut entropy = |bytes: &mut [u8]| bytes.fill(0x99);
    let place = Place {
        number: 7,
        previous: Some(CHUNK_HASH),
    };
    let (keys, device) = (keys(), device());
    let chunk = seal::seal_changes(&keys, &device, place, &content(), &mut entropy).unwrap();
    let covers = Cursor(1000);
    let snapshot =
        seal::seal_snapshot(&keys, &device, place, covers, &content(), &mut entropy).unwrap();
    let ephemeral = seal::seal_ephemeral(&keys, &device, &message(), &mut entropy).unwrap();
    let file = file::seal_parts(&keys, &device, &[content()], &mut entropy).unwrap();
    let (derivation, key) = (derivation(), passphrase_key());
    let backup = backup::seal(&[entry()], &derivation, &key, &mut entropy).unwrap();
    vec![
        ("chunk", hex(&chunk.to_bytes())),
        ("chunk hash", chunk.hash().to_string()),
        ("snapshot", hex(&snapshot.to_bytes())),
        ("ephemeral message", hex(&ephemeral.to_bytes())),
        ("sealed file", hex(&file)),
        ("backup", hex(&backup)),
    ]
}

fn documented_envelope(name: &str) -> Envelope {
    Envelope::parse(&unhex(&documented()[name])).unwrap()
}

#[test]
fn the_documented_chunk_opens() {
    let chunk = documented_envelope("chunk");
    assert_eq!(chunk.hash().to_string(), documented()["chunk hash"]);
    assert_eq!(chunk.header().device, device().id());
    assert_eq!(chunk.header().number, 7);
    assert_eq!(chunk.header().previous, Some(CHUNK_HASH));
    assert_eq!(seal::open(&keys(), &chunk), Ok(content()));
    assert_eq!(seal::open(&keys().to_read_only(), &chunk), Ok(content()));
}

#[test]
fn the_documented_snapshot_opens() {
    let snapshot = documented_envelope("snapshot");
    assert_eq!(snapshot.header().covers, Some(Cursor(1000)));
    assert_eq!(seal::open(&keys(), &snapshot), Ok(content()));
}

#[test]
fn the_documented_message_opens() {
    let envelope = documented_envelope("ephemeral message");
    assert_eq!(seal::open_ephemeral(&keys(), &envelope), Ok(message()));
}

#[test]
fn the_documented_file_opens() {
    let (file, keys) = (unhex(&documented()["sealed file"]), keys());
    let sealed = SealedPlan::parse(&file).unwrap();
    assert_eq!(sealed.plan(), keys.id());
    let parts: Vec<_> = sealed.parts(&keys).unwrap().collect();
    let part = Part {
        from: device().id(),
        changes: vec![b"change".to_vec()],
        heads: vec![CHANGE],
        vouches: vec![vouch()],
    };
    assert_eq!(parts, [Ok(part)]);
}

#[test]
fn the_documented_closing_opens() {
    let closing: Closing = cbor::decode(&unhex(&documented()["closing"])).unwrap();
    for (device, can_write) in [(device(), true), (reading_device(), false)] {
        let opened = closing.open(&keys().id(), &self::device().id(), &device);
        let opened = opened.unwrap();
        assert_eq!(
            (opened.id(), opened.can_write()),
            (new_keys().id(), can_write)
        );
    }
}

#[test]
fn the_documented_backup_opens() {
    let file = unhex(&documented()["backup"]);
    let sealed = SealedBackup::parse(&file).unwrap();
    assert_eq!(sealed.derivation(), derivation());
    let mut entries = sealed.entries(&passphrase_key()).unwrap();
    let opened = entries.next().unwrap().unwrap();
    assert_eq!(opened.to_cbor(), entry().to_cbor());
    assert!(entries.next().is_none());
}

#[test]
fn the_documented_frames_are_read_back() {
    let documented = documented();
    for (name, frame) in relay_frames() {
        assert_eq!(RelayFrame::parse(&unhex(&documented[name])), Ok(frame));
    }
    for (name, frame) in client_frames() {
        assert_eq!(ClientFrame::parse(&unhex(&documented[name])), Ok(frame));
    }
}
