//! `samskriv plan apply`: edits from a file, one a line.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use plan::{Edit, PlanDoc};

use super::unix_seconds;
use crate::{
    args,
    failure::{Failure, LineError},
    plan_file::PlanFile,
};

pub fn run(args: args::Apply) -> Result<(), Failure> {
    let text = read(&args.edits)?;
    let edits = parse(&text)?;
    let mut plan = PlanFile::open(&args.file)?;
    if let Some(schema) = plan.doc.newer_schema() {
        return Err(Failure::NewerSchema {
            path: args.file,
            schema,
        });
    }
    // In memory only, until all of them are in.
    apply(&mut plan.doc, &edits)?;
    plan.save()?;
    let count = match edits.len() {
        1 => "1 edit".to_owned(),
        many => format!("{many} edits"),
    };
    eprintln!("samskriv: {count} carried out in {}", args.file.display());
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    text.map_err(|cause| Failure::Read {
        path: path.to_owned(),
        cause,
    })
}

/// The edits with the numbers of their lines. Blank lines are passed over.
fn parse(text: &str) -> Result<Vec<(usize, Edit)>, Failure> {
    let lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line));
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(line, text)| match serde_json::from_str(text) {
            Ok(edit) => Ok((line, edit)),
            Err(error) => Err(Failure::EditLine {
                line,
                cause: error.into(),
            }),
        })
        .collect()
}

fn apply(doc: &mut PlanDoc, edits: &[(usize, Edit)]) -> Result<(), Failure> {
    let now = unix_seconds();
    for (line, edit) in edits {
        doc.edit(edit, now).map_err(|error| Failure::EditLine {
            line: *line,
            cause: LineError::Refused(error.into()),
        })?;
    }
    Ok(())
}
