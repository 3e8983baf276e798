//! A file that someone handed on: a sealed plan, or a plain automerge document.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use plan::{DeviceName, Hash, LoadError, PlanDoc};
use sync::{
    container::{FileError, FileKind, MAX_FILE},
    file::SealedPlan,
    keys::PlanKeys,
    vouch::Vouch,
};

use crate::failure::Failure;

/// A file in memory.
pub struct Incoming {
    pub path: PathBuf,
    pub is_sealed: bool,
    bytes: Vec<u8>,
}

/// What is in a file.
#[derive(Default)]
pub struct Opened {
    /// To be merged each by itself: one that is damaged harms no other.
    pub batches: Vec<Vec<Vec<u8>>>,
    /// Who has merged all of it has these changes.
    pub heads: Vec<Hash>,
    /// Who wrote what.
    pub vouches: Vec<Vouch>,
    /// What can't be used of it, for a person to read.
    pub troubles: Vec<String>,
}

impl Incoming {
    /// Reads a file and looks at what it is.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = read(path)?;
        let is_sealed = match FileKind::of(&bytes) {
            Some(FileKind::Plan) => true,
            Some(FileKind::Backup) => return Err(Failure::IsBackup(path.to_owned())),
            None => false,
        };
        Ok(Self {
            path: path.to_owned(),
            is_sealed,
            bytes,
        })
    }

    /// Opens it for the plan in `file`, whose keys these are. Whether a plain
    /// file is of that plan is not known then.
    pub fn open(&self, file: &Path, keys: Option<&PlanKeys>) -> Result<Opened, Failure> {
        if !self.is_sealed {
            return self.open_plain();
        }
        let (path, file) = (self.path.clone(), file.to_owned());
        let Some(keys) = keys else {
            return Err(Failure::NeedsLink { path, file });
        };
        self.open_sealed(keys).map_err(|cause| match cause {
            FileError::OtherPlan => Failure::OtherPlan { path, file },
            cause => Failure::Unusable { path, cause },
        })
    }

    fn open_sealed(&self, keys: &PlanKeys) -> Result<Opened, FileError> {
        let contents = SealedPlan::parse(&self.bytes)?.contents(keys)?;
        let path = self.path.display();
        let faults = contents.faults.iter();
        Ok(Opened {
            batches: contents.batches,
            heads: contents.heads.iter().map(|head| head.0).collect(),
            vouches: contents.vouches,
            troubles: faults
                .map(|fault| format!("{path}: {fault}; ask for another copy"))
                .collect(),
        })
    }

    fn open_plain(&self) -> Result<Opened, Failure> {
        let path = || self.path.clone();
        // What is only read is written by no device.
        let nobody = DeviceName::from_public_key(&[]);
        let mut plan = PlanDoc::load(&self.bytes, &nobody).map_err(|cause| match cause {
            LoadError::NotAutomerge(_) => Failure::NeitherForm(path()),
            // To the document's library, no bytes are an empty document.
            LoadError::NotAPlan if self.bytes.is_empty() => Failure::NeitherForm(path()),
            LoadError::NotAPlan => Failure::NotAPlan {
                path: path(),
                cause: cause.into(),
            },
        })?;
        Ok(Opened {
            batches: vec![vec![self.bytes.clone()]],
            heads: plan.heads(),
            ..Opened::default()
        })
    }
}

/// Reads a file, or as much of it as shows that it is too large.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = MAX_FILE as u64 + 1;
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|cause| Failure::Read {
            path: path.to_owned(),
            cause,
        })?;
    if bytes.len() > MAX_FILE {
        return Err(Failure::Unusable {
            path: path.to_owned(),
            cause: FileError::TooLarge,
        });
    }
    Ok(bytes)
}
