//! `samskriv export`: a plan as one file, to hand on or to archive.

use std::path::Path;

use sync::{file, ids::ChangeHash, keys::PlanKeys};

use crate::{
    args,
    atomic_file::Readers,
    entropy,
    failure::Failure,
    incoming::Incoming,
    plan_file::{self, PlanFile},
    synced_plan::SyncedPlan,
};

pub fn run(args: args::Export) -> Result<(), Failure> {
    let ending = args.output.extension().and_then(|ending| ending.to_str());
    let file = match ending {
        Some("samskriv") => sealed(&args.file, args.since.as_deref())?,
        Some("automerge") if args.since.is_some() => return Err(Failure::PlainIsWhole),
        Some("automerge") => plan_file::open_to_read(&args.file)?.save(),
        _ => return Err(Failure::UnknownForm(args.output)),
    };
    plan_file::create(&args.output, &file, Readers::Usual)
}

fn sealed(path: &Path, since: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let mut plan = PlanFile::open(path)?;
    let keys = plan.keys.plan.clone();
    let keys = keys.ok_or_else(|| Failure::NoLink(path.to_owned()))?;
    let since = match since {
        Some(since) => Some(heads(since, &mut plan, &keys)?),
        None => None,
    };
    entropy::require()?;
    let name = plan.device_name();
    let mut document = SyncedPlan {
        doc: &mut plan.doc,
        device: &name,
        vouches: &plan.keys.vouches,
        is_blank: false,
        sent: &mut 0,
    };
    let (device, entropy) = (&plan.keys.device, &mut entropy::fill);
    match since {
        None => file::seal_whole(&keys, device, &mut document, entropy),
        Some(heads) => {
            let vouches = plan.keys.vouches.values().cloned();
            file::seal_since(&keys, device, &mut document, &heads, vouches, entropy)
        }
    }
    .map_err(|cause| Failure::Seal {
        path: path.to_owned(),
        cause,
    })
}

/// What a partner shows by a file that they have.
fn heads(since: &Path, plan: &mut PlanFile, keys: &PlanKeys) -> Result<Vec<ChangeHash>, Failure> {
    let opened = Incoming::read(since)?.open(&plan.path, Some(keys))?;
    if !plan.doc.contains(&opened.heads) {
        return Err(Failure::NotImported {
            since: since.to_owned(),
            file: plan.path.clone(),
        });
    }
    Ok(opened.heads.into_iter().map(ChangeHash).collect())
}
