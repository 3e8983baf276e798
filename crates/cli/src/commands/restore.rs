//! `samskriv restore`: plans from a backup, each as a new device's.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use plan::{DeviceName, PlanDoc};
use sync::{
    backup::{Entry, OpenError, SealedBackup},
    ids::PlanId,
};

use super::tell;
use crate::{
    args, failure::Failure, incoming, keys_file::KeysFile, passphrase::Passphrase,
    plan_file::PlanFile,
};

/// The most characters of a title in a file's name.
const LONGEST_NAME: usize = 60;

pub fn run(args: args::Restore) -> Result<ExitCode, Failure> {
    let bytes = incoming::read(&args.file)?;
    let failure = |cause: OpenError| Failure::Restore {
        path: args.file.clone(),
        cause,
    };
    let sealed = SealedBackup::parse(&bytes).map_err(failure)?;
    let passphrase = Passphrase::read(args.passphrase_file.as_deref())?;
    let key = passphrase.derive(&sealed.derivation());
    let entries = sealed.entries(&key).map_err(failure)?;
    fs::create_dir_all(&args.into).map_err(|cause| Failure::Write {
        path: args.into.clone(),
        cause,
    })?;
    let mut troubles = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => troubles.extend(restore(&entry, &args.into)?),
            Err(fault) => troubles.push(format!("{fault}; the other plans are not harmed")),
        }
    }
    Ok(tell(&troubles))
}

/// Brings a plan back; what is wrong with it, if it can't be.
fn restore(entry: &Entry, into: &Path) -> Result<Option<String>, Failure> {
    let id = entry.keys.id();
    // Only looked at, so written by no device.
    let nobody = DeviceName::from_public_key(&[]);
    let Ok(mut kept) = PlanDoc::load(&entry.document, &nobody) else {
        return Ok(Some(format!(
            "plan {} in the backup is damaged",
            id.short()
        )));
    };
    let title = kept
        .view()
        .plan()
        .map_or_else(String::new, |plan| plan.title.clone());
    let here = find(into, id);
    let mut plan = match &here {
        Some(path) => PlanFile::open(path)?,
        None => PlanFile::begin(&free_path(into, &title), PlanDoc::create)?,
    };
    let path = plan.path.clone();
    if !plan.keys.take(&entry.keys, entry.relay.clone()) {
        return Err(Failure::OtherLink(path));
    }
    plan.doc
        .merge([&entry.document])
        .map_err(|cause| Failure::Merge {
            path: path.clone(),
            cause: cause.into(),
        })?;
    plan.keep_vouches(id, entry.vouches.clone());
    plan.keep()?;
    let done = match here {
        Some(_) => "was here and is merged with the backup",
        None => "is restored",
    };
    eprintln!("samskriv: «{title}» {done}");
    println!("{}", path.display());
    Ok(None)
}

/// The file of this plan, if it is here already.
fn find(directory: &Path, plan: PlanId) -> Option<PathBuf> {
    let entries = fs::read_dir(directory).ok()?.flatten();
    let keys_files = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "keys"));
    keys_files
        .filter(|path| matches!(KeysFile::load(path), Ok(Some(keys)) if keys.is_of(plan)))
        .map(|path| path.with_extension(""))
        .find(|path| path.exists())
}

/// A file named after a plan, where none is yet.
fn free_path(directory: &Path, title: &str) -> PathBuf {
    let name = file_name(title);
    let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone())
        .chain(numbered)
        .map(|name| directory.join(name))
        .find(|path| !path.exists() && !KeysFile::path_beside(path).exists())
        .expect("a directory has fewer files than there are numbers")
}

/// Letters and digits of a title, with a hyphen for whatever is between: nothing
/// that a title says leads out of the directory.
fn file_name(title: &str) -> String {
    let words = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("-");
    let name: String = joined.chars().take(LONGEST_NAME).collect();
    match name.trim_end_matches('-') {
        "" => "plan".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_its_plan_and_leads_nowhere_else() {
        for (title, name) in [
            ("Plan for Fyresdal", "Plan-for-Fyresdal"),
            ("  Øvre  Telemark: 2025–2028 ", "Øvre-Telemark-2025-2028"),
            ("../../etc/passwd", "etc-passwd"),
            ("..", "plan"),
            ("", "plan"),
        ] {
            assert_eq!(file_name(title), name);
        }
        assert_eq!(file_name(&"å".repeat(200)).chars().count(), LONGEST_NAME);
    }
}
