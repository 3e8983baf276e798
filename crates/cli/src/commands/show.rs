//! `samskriv plan show`: a plan as text for people, or as JSON for programs.

use std::io::{self, Write};

use plan::{Hash, Unreadable};
use serde::Serialize;

use crate::{args, failure::Failure, outline, plan_file};

/// Warnings about places that can't be read; further ones are counted.
const WARNINGS: usize = 20;

/// Everything in a plan.
#[derive(Serialize)]
struct Whole {
    /// The hashes of the changes that nothing builds on, in hex. Equal heads
    /// mean equal plans.
    heads: Vec<String>,
    /// What the document holds and a plan does not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unreadable: Vec<Unreadable>,
    #[serde(flatten)]
    entities: serde_json::Value,
}

pub fn run(args: args::Show) -> Result<(), Failure> {
    let mut plan = plan_file::open_to_read(&args.file)?;
    if let Some(schema) = plan.newer_schema() {
        eprintln!(
            "samskriv: {} was written by a newer Samskriv (schema {schema}); what this one does not know is not shown",
            args.file.display()
        );
    }
    let view = plan.view();
    let unreadable: Vec<Unreadable> = view.unreadable().cloned().collect();
    for Unreadable { place, reason } in unreadable.iter().take(WARNINGS) {
        eprintln!("samskriv: {place} is not shown as it stands: {reason}");
    }
    if let Some(more) = unreadable
        .len()
        .checked_sub(WARNINGS)
        .filter(|more| *more > 0)
    {
        eprintln!("samskriv: and {more} more places; --json names them all");
    }
    let text = if args.json {
        let heads = plan.heads().iter().map(hex).collect();
        serde_json::to_string_pretty(&Whole {
            heads,
            unreadable,
            entities: view.to_json(),
        })
        .map_err(io::Error::from)?
    } else {
        outline::of(&view)
    };
    match writeln!(io::stdout().lock(), "{}", text.trim_end()) {
        // Whoever reads has seen enough, as `head` has.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn hex(hash: &Hash) -> String {
    sync::ids::ChangeHash(*hash).to_string()
}
