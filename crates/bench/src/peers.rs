//! The same work by other servers, and how they compare.
//!
//! Each is driven by its own client library in Node (`tests/bench/peers`), and
//! answers with its figures in one line of JSON.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::figures::{Figures, print};

const PEERS: [&str; 2] = ["hocuspocus", "automerge-repo"];

/// Measures each and prints its figures beside `ours`.
pub fn measure(folder: &Path, data: &Path, ours: &Figures) -> Result<()> {
    for peer in PEERS {
        println!("\n{peer}, and Samskriv as a ratio to it");
        compare(ours, &run(folder, data, peer)?);
    }
    Ok(())
}

fn run(folder: &Path, data: &Path, peer: &str) -> Result<Figures> {
    let output = Command::new("node")
        .arg(folder.join("measure.js"))
        .arg(peer)
        .arg(data)
        .stderr(Stdio::inherit())
        .output()
        .context("could not start Node")?;
    ensure!(output.status.success(), "{peer} could not be measured");
    serde_json::from_slice(&output.stdout).context("what the peer's script answered")
}

fn compare(ours: &Figures, theirs: &Figures) {
    let line = |what: &str, unit: &str, ours: Option<f64>, theirs: Option<f64>, lacking: &str| {
        print(
            what,
            match (ours, theirs) {
                (Some(ours), Some(theirs)) => {
                    format!(
                        "{theirs:.1} {unit}; Samskriv {ours:.1}, {:.2} of it",
                        ours / theirs
                    )
                }
                _ => lacking.to_owned(),
            },
        );
    };
    line(
        "acknowledged edits a second of processor time",
        "",
        ours.appends_per_core,
        theirs.appends_per_core,
        "not measured: it acknowledges nothing",
    );
    for (others, ms) in &theirs.seen_ms {
        let ours = ours.seen_ms.get(others).copied();
        let what = format!("seen by {others} others, 95th percentile");
        line(&what, "ms", ours, Some(*ms), "not measured");
    }
    let kilobytes = |figures: &Figures| figures.connection_bytes.map(|bytes| bytes / 1000.0);
    line(
        "memory for each idle connection",
        "KB",
        kilobytes(ours),
        kilobytes(theirs),
        "not measured",
    );
    line(
        "offline edits until all are equal",
        "s",
        ours.seconds_to_equal,
        theirs.seconds_to_equal,
        "not equal within two minutes",
    );
    print(
        "edits lost by kill -9 after the acknowledgement",
        match theirs.lost {
            Some(lost) => format!("{lost} of 10; Samskriv {}", ours.lost.unwrap_or_default()),
            None => "not measured".into(),
        },
    );
}
