//! Splits the wasm in two: what everyone needs, and what is fetched later
//! (`src/seldom.rs`).

use std::{
    convert::Infallible,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};
use wasm_encoder::{
    Module,
    reencode::{Error, Reencode},
};
use wasm_split_cli_support::{Options, transform};
use wasmparser::{CustomSectionReader, Parser};

use crate::{finish, web::Profile};

/// Splits a module as rustc has made it. The parts that are fetched later, and
/// the JavaScript that fetches them, go to `into`; the answer is where the main
/// part is, which is for wasm-bindgen.
pub fn split(wasm: &Path, into: &Path, profile: Profile) -> Result<PathBuf> {
    let whole = fs::read(wasm).with_context(|| wasm.display().to_string())?;
    let main = wasm.with_extension("main.wasm");
    let mut options = Options::new(&whole);
    options.output_dir = into;
    options.main_out_path = &main;
    options.main_module = "./samskriv.js";
    // Its errors are no errors of the standard library.
    let split = transform(options).map_err(|error| anyhow!("{error:#}"))?;
    if profile == Profile::Release {
        for part in &split.split_modules {
            let whole = fs::read(part)?;
            fs::write(part, finish::finish_later(&without_notes(&whole)?)?)?;
        }
    }
    Ok(main)
}

/// The same module without names and other notes on the code.
fn without_notes(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    WithoutNotes.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

struct WithoutNotes;

impl Reencode for WithoutNotes {
    type Error = Infallible;

    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        Ok(())
    }
}
