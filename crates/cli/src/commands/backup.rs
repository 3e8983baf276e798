//! `samskriv backup`: plans and their keys in one file under a passphrase.

use std::path::Path;

use sync::backup::{self, Derivation, Entry};

use crate::{
    args,
    atomic_file::Readers,
    entropy,
    failure::Failure,
    passphrase::Passphrase,
    plan_file::{self, PlanFile},
};

pub fn run(args: args::Backup) -> Result<(), Failure> {
    // Before anyone is asked for a passphrase.
    if args.output.symlink_metadata().is_ok() {
        return Err(Failure::Exists(args.output));
    }
    let entries: Result<Vec<Entry>, _> = args.files.iter().map(|file| entry(file)).collect();
    let entries = entries?;
    let passphrase = Passphrase::choose(args.passphrase_file.as_deref())?;
    entropy::require()?;
    let derivation = Derivation::generate(&mut entropy::fill);
    let key = passphrase.derive(&derivation);
    let file = backup::seal(&entries, &derivation, &key, &mut entropy::fill)?;
    plan_file::create(&args.output, &file, Readers::Owner)?;
    let plans = match entries.len() {
        1 => "1 plan is".to_owned(),
        many => format!("{many} plans are"),
    };
    eprintln!(
        "samskriv: {plans} in {}; without the passphrase no one can open it, nor can you",
        args.output.display()
    );
    Ok(())
}

fn entry(path: &Path) -> Result<Entry, Failure> {
    let mut plan = PlanFile::open(path)?;
    let keys = match plan.keys.plan.clone() {
        Some(keys) => keys,
        // A plan without keys has no name that a device could vouch for.
        None => {
            let keys = entropy::new_plan_keys()?;
            plan.keys.plan = Some(keys.clone());
            plan.save_keys()?;
            keys
        }
    };
    let relay = plan.keys.sessions.relays().next().cloned();
    Ok(Entry {
        relay,
        vouches: plan.vouches(&keys),
        document: plan.doc.save(),
        keys,
    })
}
