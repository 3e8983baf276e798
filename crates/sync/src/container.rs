//! The outside of a file: what it is, and where its records are.
//!
//! ```text
//! "samskriv" ‖ kind u8 ‖ version u8 ‖ what its kind says first
//!     ‖ n u16 ‖ n × (length u32 ‖ checksum [4]) ‖ checksum [4]    the head
//!     ‖ the records
//! ```
//!
//! Files are kept for years and carried on sticks, so each record is found by
//! the head alone and has a checksum of its own: a damaged one harms no other,
//! and damage is told from forgery. Checksums prove nothing; what a record holds
//! is sealed.

use crate::label::{self, CHECKSUM_LEN};

const MAGIC: [u8; 8] = *b"samskriv";

/// The most bytes a file may have: 256 MiB.
pub const MAX_FILE: usize = 256 * 1024 * 1024;

/// What a file of Samskriv's holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum FileKind {
    /// One plan, sealed with its keys: [`crate::file`].
    Plan = 1,
    /// Plans with their keys, under a passphrase: [`crate::backup`].
    Backup = 2,
}

impl FileKind {
    /// What a file's first bytes say it is; `None` for everything else, such as
    /// the document library's own files.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes.strip_prefix(&MAGIC)?.first()? {
            1 => Some(Self::Plan),
            2 => Some(Self::Backup),
            _ => None,
        }
    }
}

/// Why nothing of a file can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Some other program's file, or damaged from the first bytes on.
    #[error("it is not a file that Samskriv made")]
    NotOurs,
    /// A backup where a plan was expected, or the other way around.
    #[error("it is another kind of file than what is asked for")]
    OtherKind,
    /// Made by a version of the app this one does not know.
    #[error("it is of version {0}, made by a newer Samskriv; update to read it")]
    NewerVersion(u8),
    /// Its beginning, without which nothing else is found.
    #[error("it is cut or damaged at its beginning; get another copy of it")]
    Damaged,
    /// More bytes than any file has.
    #[error("it is larger than any file that Samskriv makes")]
    TooLarge,
    /// Sealed with another plan's keys.
    #[error("it holds another plan than these keys are for")]
    OtherPlan,
}

/// A record that can't be used. The others are not harmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record at byte {at} can't be used: {reason}")]
pub struct Fault {
    /// Where in the file it begins.
    pub at: usize,
    /// What is wrong with it.
    pub reason: FaultReason,
}

/// What can be wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FaultReason {
    /// The file is shorter than it says.
    #[error("the file was cut before its end")]
    Cut,
    /// Other bytes than were written.
    #[error("it is damaged")]
    Damaged,
    /// Whole, but a chunk that is refused.
    #[error("{0}")]
    Chunk(crate::envelope::ChunkError),
    /// Opened, but not what such a record holds.
    #[error("it opened, but its content is malformed")]
    Malformed,
    /// Unpacks to more than is allowed.
    #[error("it is larger than allowed")]
    TooLarge,
}

/// The bytes of a file with these records; `None` if they are too many or too
/// large.
pub(crate) fn write(
    kind: FileKind,
    version: u8,
    about: &[u8],
    records: &[Vec<u8>],
) -> Option<Vec<u8>> {
    let mut file = begin(kind, version, about);
    file.extend_from_slice(&u16::try_from(records.len()).ok()?.to_be_bytes());
    for record in records {
        file.extend_from_slice(&u32::try_from(record.len()).ok()?.to_be_bytes());
        file.extend_from_slice(&label::checksum(label::FILE_RECORD, record));
    }
    let checksum = label::checksum(label::FILE_HEAD, &file);
    file.extend_from_slice(&checksum);
    for record in records {
        file.extend_from_slice(record);
    }
    (file.len() <= MAX_FILE).then_some(file)
}

/// The first bytes of a file: all of its head that is before the records' places.
pub(crate) fn begin(kind: FileKind, version: u8, about: &[u8]) -> Vec<u8> {
    [&MAGIC[..], &[kind as u8, version], about].concat()
}

/// A file whose head has been read and was found whole.
#[derive(Debug, Clone)]
pub(crate) struct Container<'a, const ABOUT: usize> {
    pub(crate) about: [u8; ABOUT],
    places: Vec<Place>,
    file: &'a [u8],
}

/// Where a record is said to be.
#[derive(Debug, Clone, Copy)]
struct Place {
    at: usize,
    length: usize,
    checksum: [u8; CHECKSUM_LEN],
}

impl<'a, const ABOUT: usize> Container<'a, ABOUT> {
    /// Reads a file's head. A newer version may have another head, so it is
    /// told before anything after it is looked at.
    pub(crate) fn read(file: &'a [u8], kind: FileKind, version: u8) -> Result<Self, FileError> {
        if file.len() > MAX_FILE {
            return Err(FileError::TooLarge);
        }
        let rest = file.strip_prefix(&MAGIC).ok_or(FileError::NotOurs)?;
        let (&[its_kind, its_version], rest) =
            rest.split_first_chunk().ok_or(FileError::Damaged)?;
        if its_kind != kind as u8 {
            return Err(FileError::OtherKind);
        }
        if its_version > version {
            return Err(FileError::NewerVersion(its_version));
        }
        Self::read_head(file, rest)
            .filter(|_| its_version == version)
            .ok_or(FileError::Damaged)
    }

    /// `None` when the head is cut or its checksum is another.
    fn read_head(file: &'a [u8], rest: &'a [u8]) -> Option<Self> {
        let (about, rest) = rest.split_first_chunk()?;
        let (count, mut rest) = rest.split_first_chunk()?;
        let mut lengths = Vec::new();
        for _ in 0..u16::from_be_bytes(*count) {
            let (length, after) = rest.split_first_chunk()?;
            let (checksum, after) = after.split_first_chunk()?;
            lengths.push((u32::from_be_bytes(*length), *checksum));
            rest = after;
        }
        let (checksum, records) = rest.split_first_chunk::<CHECKSUM_LEN>()?;
        let head = &file[..file.len() - rest.len()];
        if label::checksum(label::FILE_HEAD, head) != *checksum {
            return None;
        }
        let mut at = file.len() - records.len();
        let mut places = Vec::with_capacity(lengths.len());
        for (length, checksum) in lengths {
            let length = usize::try_from(length).ok()?;
            places.push(Place {
                at,
                length,
                checksum,
            });
            at = at.checked_add(length)?;
        }
        Some(Self {
            about: *about,
            places,
            file,
        })
    }

    /// How many records the file says it has.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// Each record with its place, in their order; what follows the last is
    /// passed over.
    pub(crate) fn records(
        &self,
    ) -> impl Iterator<Item = Result<(usize, &'a [u8]), Fault>> + use<'a, ABOUT> {
        let file = self.file;
        self.places.clone().into_iter().map(move |place| {
            let at = place.at;
            let fault = |reason| Fault { at, reason };
            let record = file
                .get(at..at + place.length)
                .ok_or(fault(FaultReason::Cut))?;
            if label::checksum(label::FILE_RECORD, record) != place.checksum {
                return Err(fault(FaultReason::Damaged));
            }
            Ok((at, record))
        })
    }
}

#[cfg(test)]
#[path = "container_tests.rs"]
mod tests;
