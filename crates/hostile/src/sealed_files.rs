//! Sealed plans and backups, by strangers and after damage.

use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};
use sync::{
    backup::{self, Derivation, Entry, PassphraseKey, SealedBackup},
    container::FileKind,
    file::{self, Contents, SealedPlan},
};

use crate::{
    set::Set,
    wire::{device, entropy, keys},
};

const MAGIC_LEN: usize = 8;
const CHECKSUM_LEN: usize = 4;

/// A sealed plan or a backup, and good ones that are damaged where these bytes
/// say; each as it is and with checksums that fit. What opens is as Samskriv
/// sealed it: a fuzzer has no keys.
pub fn sealed_files(bytes: &[u8]) {
    let good = good();
    for file in [
        bytes.to_vec(),
        damaged(&good.plan, bytes),
        damaged(&good.backup, bytes),
    ] {
        for file in [&with_true_checksums(&file), &file] {
            plan(file);
            backup(file);
        }
    }
}

fn plan(bytes: &[u8]) {
    let Ok(file) = SealedPlan::parse(bytes) else {
        return;
    };
    assert_eq!(FileKind::of(bytes), Some(FileKind::Plan));
    let Ok(contents) = file.contents(keys()) else {
        return;
    };
    let good = &good().contents;
    for batch in &contents.batches {
        assert!(good.batches.contains(batch), "a part was forged");
    }
    for head in &contents.heads {
        assert!(good.heads.contains(head), "a head was forged");
    }
}

fn backup(bytes: &[u8]) {
    let Ok(file) = SealedBackup::parse(bytes) else {
        return;
    };
    assert_eq!(FileKind::of(bytes), Some(FileKind::Backup));
    let Ok(entries) = file.entries(&passphrase()) else {
        return;
    };
    for (entry, good) in entries.zip(entries_of(&good().documents)) {
        // Each is in its own place, or told as damaged.
        if let Ok(entry) = entry {
            assert_eq!(entry.document, good.document);
            assert_eq!(entry.keys.id(), good.keys.id());
        }
    }
}

/// Files as Samskriv makes them.
struct Good {
    plan: Vec<u8>,
    contents: Contents,
    backup: Vec<u8>,
    documents: [Vec<u8>; 3],
}

fn good() -> &'static Good {
    static GOOD: OnceLock<Good> = OnceLock::new();
    GOOD.get_or_init(|| {
        let mut document = Set::default();
        document.insert(1);
        document.insert(2);
        let plan = file::seal_whole(keys(), &device(1), &mut document, &mut entropy);
        let plan = plan.expect("a small document can be sealed");
        let opened = SealedPlan::parse(&plan).and_then(|file| file.contents(keys()));
        let contents = opened.expect("what was sealed opens");
        let documents = [vec![1, 2], b"another".to_vec(), Vec::new()];
        let derivation = Derivation::generate(&mut entropy);
        let entries = entries_of(&documents);
        let backup = backup::seal(&entries, &derivation, &passphrase(), &mut entropy);
        Good {
            plan,
            contents,
            backup: backup.expect("small plans fit in a backup"),
            documents,
        }
    })
}

fn entries_of(documents: &[Vec<u8>]) -> Vec<Entry> {
    let entries = documents.iter().map(|document| Entry {
        keys: keys().clone(),
        relay: None,
        document: document.clone(),
        vouches: Vec::new(),
    });
    entries.collect()
}

/// To derive one from a passphrase takes long on purpose.
fn passphrase() -> PassphraseKey {
    PassphraseKey::from_bytes([5; 32])
}

/// Each four bytes say where the file is another, and how.
fn damaged(good: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut damaged = good.to_vec();
    for damage in bytes.chunks_exact(4) {
        let [high, low, by, what] = *damage else {
            continue;
        };
        let at = usize::from(u16::from_be_bytes([high, low])) % damaged.len().max(1);
        match what % 8 {
            0 => damaged.truncate(at),
            1 => damaged.insert(at, by),
            _ => {
                if let Some(byte) = damaged.get_mut(at) {
                    *byte ^= by;
                }
            }
        }
    }
    damaged
}

/// The same file with the checksums that its bytes have, so that what stands
/// behind them is reached. What is no file stays as it is.
fn with_true_checksums(bytes: &[u8]) -> Vec<u8> {
    let mut mended = bytes.to_vec();
    mend(&mut mended);
    mended
}

fn mend(file: &mut [u8]) -> Option<()> {
    let about = match FileKind::of(file)? {
        FileKind::Plan => 32,
        FileKind::Backup => 37,
    };
    let count_at = MAGIC_LEN + 2 + about;
    let count: [u8; 2] = file.get(count_at..count_at + 2)?.try_into().ok()?;
    let count = usize::from(u16::from_be_bytes(count));
    let places = count_at + 2;
    let head = places + count * (4 + CHECKSUM_LEN);
    let mut record = head + CHECKSUM_LEN;
    for place in (places..head).step_by(4 + CHECKSUM_LEN) {
        let length: [u8; 4] = file.get(place..place + 4)?.try_into().ok()?;
        let end = record.checked_add(usize::try_from(u32::from_be_bytes(length)).ok()?)?;
        if let Some(bytes) = file.get(record..end) {
            let checksum = checksum("samskriv/1/file-record", bytes);
            file[place + 4..][..CHECKSUM_LEN].copy_from_slice(&checksum);
        }
        record = end;
    }
    let checksum = checksum("samskriv/1/file-head", file.get(..head)?);
    file.get_mut(head..head + CHECKSUM_LEN)?
        .copy_from_slice(&checksum);
    Some(())
}

/// As docs/protocol.md has it.
fn checksum(label: &str, bytes: &[u8]) -> [u8; CHECKSUM_LEN] {
    let mut hasher = Sha256::new();
    for part in [label.as_bytes(), bytes] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let [a, b, c, d, ..]: [u8; 32] = hasher.finalize().into();
    [a, b, c, d]
}
