//! The threat model names tests; each of them is there.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("docs/threat-model.md")).unwrap();
    let mut named = 0;
    for row in page.lines().filter(|line| line.starts_with('|')) {
        let mut source = None;
        for quoted in row.split('`').skip(1).step_by(2) {
            if quoted.ends_with(".rs") || quoted.ends_with(".ts") {
                source = Some(fs::read_to_string(root.join(quoted)).expect(quoted));
            } else if let Some(source) = &source {
                // Tests of the page have a sentence for a name.
                let names = [format!("fn {quoted}("), format!("test(\"{quoted}\"")];
                let is_there = names.iter().any(|name| source.contains(name));
                assert!(is_there, "there is no {quoted}");
                named += 1;
            }
        }
    }
    assert!(named > 40, "{named}");
}
