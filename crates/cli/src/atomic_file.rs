//! Files that are written whole or not at all, whenever the power goes.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

/// Who may read a new file. One that is replaced keeps what it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Whom the system's own setting (umask) says.
    Usual,
    /// Its owner alone.
    Owner,
}

/// Puts `content` in the place of what the file held.
pub fn replace(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    // Through a link, so that the link stays one.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let file = write_beside(&path, content, readers)?;
    if readers == Readers::Usual
        && let Ok(before) = fs::metadata(&path)
    {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.persist(&path).map_err(|error| error.error)?;
    sync_directory(&path)
}

/// Makes a new file; fails with [`io::ErrorKind::AlreadyExists`] if there is one.
pub fn create(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    let file = write_beside(path, content, readers)?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    sync_directory(path)
}

fn write_beside(path: &Path, content: &[u8], readers: Readers) -> io::Result<NamedTempFile> {
    let mut file = builder(readers).tempfile_in(directory(path))?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A file of its owner's alone, which is what `tempfile` makes unless told.
fn builder(readers: Readers) -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".samskriv-");
    #[cfg(unix)]
    if readers == Readers::Usual {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = readers;
    builder
}

/// A new name is only durable once the directory is.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(directory(path))?.sync_all()
    } else {
        Ok(())
    }
}

fn directory(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn secrets_are_their_owners_alone() {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("plan.keys");
        create(&path, b"1", Readers::Owner).unwrap();
        assert_eq!(mode(&path), 0o600);
        replace(&path, b"2", Readers::Owner).unwrap();
        assert_eq!(
            (mode(&path), fs::read(&path).unwrap()),
            (0o600, b"2".to_vec())
        );
    }

    #[test]
    fn a_replaced_file_keeps_its_readers() {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("plan");
        create(&path, b"1", Readers::Usual).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"2", Readers::Usual).unwrap();
        assert_eq!(
            (mode(&path), fs::read(&path).unwrap()),
            (0o640, b"2".to_vec())
        );
    }

    #[test]
    fn a_new_file_replaces_none() {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("plan");
        fs::write(&path, "mine").unwrap();
        let refused = create(&path, b"yours", Readers::Usual).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        assert_eq!(
            fs::read_dir(directory.path()).unwrap().count(),
            1,
            "nothing is left behind"
        );
    }
}
