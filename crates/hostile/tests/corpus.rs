//! Every input that fuzzing has kept, and every one that has once made something
//! fail, is tried again.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

/// Tries what fuzzing has kept for this function; how many inputs that was.
fn replay(name: &str) -> usize {
    let check = hostile::ALL.iter().find(|(known, _)| *known == name);
    let (_, check) = check.unwrap_or_else(|| panic!("there is no {name}"));
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut tried = 0;
    for kept in ["corpus", "crashes"] {
        let Ok(entries) = fs::read_dir(fuzz.join(kept).join(name)) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            // Shown only when it fails.
            println!("{}", path.display());
            check(&bytes);
            tried += 1;
        }
    }
    tried
}

macro_rules! replays {
    ($($test:ident: $name:ident,)*) => {
        $(#[test]
        fn $test() {
            assert!(replay(stringify!($name)) > 0, "nothing is kept");
        })*

        #[test]
        fn all_functions_are_tried() {
            let names: Vec<&str> = hostile::ALL.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

replays! {
    frames_that_fuzzing_found_hold: frames,
    links_that_fuzzing_found_hold: links,
    chunks_that_fuzzing_found_hold: chunks,
    sessions_that_fuzzing_found_hold: session,
    sealed_files_that_fuzzing_found_hold: sealed_files,
    plan_files_that_fuzzing_found_hold: plan_files,
    changes_that_fuzzing_found_hold: changes,
    edits_that_fuzzing_found_hold: edits,
    documents_that_fuzzing_found_hold: documents,
}
