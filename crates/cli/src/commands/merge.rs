//! `samskriv plan merge`: two copies of a plan into one.

use std::{fs, path::Path};

use crate::{
    args,
    atomic_file::{self, Readers},
    failure::Failure,
    plan_file,
};

pub fn run(args: args::Merge) -> Result<(), Failure> {
    let mut plan = plan_file::open_to_read(&args.one)?;
    let mut other = plan_file::open_to_read(&args.other)?;
    if !plan.is_same_plan(&mut other) {
        return Err(Failure::OtherPlan {
            path: args.other,
            file: args.one,
        });
    }
    plan.merge([other.save()]).map_err(|cause| Failure::Merge {
        path: args.other.clone(),
        cause: cause.into(),
    })?;
    let merged = plan.save();
    // Writing over one of the two loses nothing: all of it is in the result.
    if is_same(&args.output, &args.one) || is_same(&args.output, &args.other) {
        atomic_file::replace(&args.output, &merged, Readers::Usual).map_err(|cause| {
            Failure::Write {
                path: args.output,
                cause,
            }
        })
    } else {
        plan_file::create(&args.output, &merged, Readers::Usual)
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
