//! `samskriv import`: merges files that were handed on into a plan.

use std::{path::Path, process::ExitCode};

use plan::PlanDoc;
use sync::{keys::PlanKeys, link::Link};

use super::{changes, tell};
use crate::{
    args,
    failure::Failure,
    incoming::{Incoming, Opened},
    plan_file::PlanFile,
};

pub fn run(args: args::Import) -> Result<ExitCode, Failure> {
    let link = args.link.as_deref().map(Link::parse).transpose()?;
    // In memory only, until all of them are in.
    let mut merging = Merging::begin(&args.file, link)?;
    let before = merging.plan.doc.heads();
    let mut troubles = Vec::new();
    let mut merged = Vec::new();
    for path in &args.inputs {
        let opened = merging.merge(&Incoming::read(path)?)?;
        troubles.extend(opened.troubles);
        merged.push((path, opened.heads));
    }
    let Merging { mut plan, unproved } = merging;
    if unproved.is_some() {
        troubles
            .push("the link was not kept: no sealed file has shown that it is this plan's".into());
    }
    let new = plan.doc.changes_since(&before).len();
    // The order in which the files were named does not matter.
    for (path, heads) in merged {
        if !plan.doc.contains(&heads) {
            troubles.push(format!(
                "{} builds on changes that are not here; import an earlier file, or ask for a whole one",
                path.display()
            ));
        }
    }
    if plan.doc.is_blank() {
        tell(&troubles);
        return Err(Failure::NothingUsable(args.file));
    }
    plan.keep()?;
    eprintln!("samskriv: {} new in {}", changes(new), args.file.display());
    Ok(tell(&troubles))
}

/// A plan that files are merged into.
struct Merging {
    plan: PlanFile,
    /// A link for a plan without keys. That it is the plan's, only a sealed file
    /// can show.
    unproved: Option<Link>,
}

impl Merging {
    fn begin(file: &Path, link: Option<Link>) -> Result<Self, Failure> {
        let mut plan = match file.exists() {
            true => PlanFile::open(file)?,
            false => PlanFile::begin(file, PlanDoc::create)?,
        };
        let unproved = match link {
            Some(Link { keys, relay }) if plan.keys.plan.is_some() => {
                if !plan.keys.take(&keys, relay) {
                    return Err(Failure::OtherLink(file.to_owned()));
                }
                None
            }
            link => link,
        };
        Ok(Self { plan, unproved })
    }

    fn merge(&mut self, incoming: &Incoming) -> Result<Opened, Failure> {
        let given = self.unproved.as_ref().map(|link| &link.keys);
        let own = self.plan.keys.plan.as_ref();
        let mut opened = incoming.open(&self.plan.path, own.or(given))?;
        let is_known = incoming.is_sealed && own.is_some();
        if !is_known && !self.plan.doc.is_blank() && !self.shares_history(&opened) {
            return Err(Failure::OtherPlan {
                path: incoming.path.clone(),
                file: self.plan.path.clone(),
            });
        }
        let is_proof = incoming.is_sealed && !opened.batches.is_empty();
        if let Some(Link { keys, relay }) = self.unproved.take_if(|_| is_proof)
            && !self.plan.keys.take(&keys, relay)
        {
            return Err(Failure::OtherLink(self.plan.path.clone()));
        }
        for batch in &opened.batches {
            if self.plan.doc.merge(batch).is_err() {
                opened.troubles.push(format!(
                    "{}: a part holds changes that no plan can take; the rest is here",
                    incoming.path.display()
                ));
            }
        }
        // A plain file, which needs no keys, brings none.
        if let Some(name) = self.plan.keys.plan.as_ref().map(PlanKeys::id) {
            let vouches = std::mem::take(&mut opened.vouches);
            self.plan.keep_vouches(name, vouches);
        }
        Ok(opened)
    }

    fn shares_history(&mut self, opened: &Opened) -> bool {
        let mut alone = PlanDoc::create(&self.plan.device_name());
        for batch in &opened.batches {
            // What can't be taken is told when it is merged.
            let _ = alone.merge(batch);
        }
        !alone.is_blank() && self.plan.doc.is_same_plan(&mut alone)
    }
}
