#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

const VERSION: u8 = 3;
const ABOUT: [u8; 5] = *b"about";

fn file() -> Vec<u8> {
    let records = [b"one".to_vec(), b"".to_vec(), b"three".to_vec()];
    write(FileKind::Plan, VERSION, &ABOUT, &records).unwrap()
}

fn read(file: &[u8]) -> Result<Container<'_, 5>, FileError> {
    Container::read(file, FileKind::Plan, VERSION)
}

/// Each record, or what is wrong with it.
fn records(file: &[u8]) -> Vec<Result<Vec<u8>, FaultReason>> {
    let records = read(file).unwrap().records();
    records
        .map(|record| match record {
            Ok((_, record)) => Ok(record.to_vec()),
            Err(fault) => Err(fault.reason),
        })
        .collect()
}

#[test]
fn records_come_back_as_they_were() {
    let file = file();
    assert_eq!(read(&file).unwrap().about, ABOUT);
    let whole = [Ok(b"one".to_vec()), Ok(b"".to_vec()), Ok(b"three".to_vec())];
    assert_eq!(records(&file), whole);
    assert_eq!(records(&[&file[..], b"\r\n"].concat()), whole);
}

#[test]
fn a_file_says_what_it_is() {
    assert_eq!(FileKind::of(&file()), Some(FileKind::Plan));
    let backup = write(FileKind::Backup, VERSION, &ABOUT, &[]).unwrap();
    assert_eq!(FileKind::of(&backup), Some(FileKind::Backup));
    for other in [&b""[..], b"samskriv", b"samskriv\x09", b"PK\x03\x04"] {
        assert_eq!(FileKind::of(other), None);
    }
}

#[test]
fn each_wrong_file_has_its_own_error() {
    let file = file();
    let changed = |at: usize, to: u8| {
        let mut file = file.clone();
        file[at] = to;
        read(&file).unwrap_err()
    };
    assert_eq!(read(b"").unwrap_err(), FileError::NotOurs);
    assert_eq!(changed(0, b'S'), FileError::NotOurs);
    assert_eq!(changed(8, 2), FileError::OtherKind);
    assert_eq!(changed(9, 4), FileError::NewerVersion(4));
    assert_eq!(changed(9, 0), FileError::Damaged);
    let head = file.len() - b"onethree".len();
    for (at, byte) in file[..head].iter().enumerate().skip(10) {
        assert_eq!(changed(at, byte ^ 1), FileError::Damaged, "byte {at}");
    }
    for cut in 8..head {
        assert_eq!(read(&file[..cut]).unwrap_err(), FileError::Damaged);
    }
}

#[test]
fn a_damaged_record_harms_no_other() {
    let mut damaged = file();
    let head = damaged.len() - b"onethree".len();
    damaged[head] ^= 1;
    assert_eq!(
        records(&damaged),
        [
            Err(FaultReason::Damaged),
            Ok(b"".to_vec()),
            Ok(b"three".to_vec())
        ]
    );
    damaged.pop();
    assert_eq!(records(&damaged)[2], Err(FaultReason::Cut));
    let fault = read(&damaged).unwrap().records().next().unwrap();
    assert_eq!(fault.unwrap_err().at, head);
}

#[test]
fn a_file_above_the_limit_is_refused_before_it_is_read() {
    let huge = vec![0; MAX_FILE + 1];
    assert_eq!(read(&huge).unwrap_err(), FileError::TooLarge);
    let records = [vec![0; MAX_FILE]];
    assert_eq!(write(FileKind::Plan, VERSION, &ABOUT, &records), None);
}

proptest! {
    #[test]
    fn garbage_never_panics(
        garbage in proptest::collection::vec(any::<u8>(), 0..200),
        keep in 0..60_usize,
    ) {
        let file = file();
        for bytes in [&garbage[..], &[&file[..keep.min(file.len())], &garbage].concat()] {
            if let Ok(container) = read(bytes) {
                container.records().for_each(drop);
            }
        }
    }
}
