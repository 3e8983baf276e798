//! What is done to the wasm and its JavaScript after wasm-bindgen, so that they
//! compress better. To run, it is all the same.

mod alike;
mod locals;
mod names;
mod segments;

use anyhow::{Context, Result};

/// The same module and the same JavaScript, as they compress best.
///
/// # Errors
/// When the wasm can't be read.
pub fn finish(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let (wasm, glue) = names::shorten(wasm, glue).context("its names could not be read")?;
    // The other module's data, which fills some of the gaps, comes later.
    Ok((in_order(&wasm, GAP)?, without_objects(&glue)))
}

/// Gaps of so many bytes are cheaper to send than another piece's address.
const GAP: usize = 16;

/// The same module of what is fetched later. Between its data lies the main
/// module's.
///
/// # Errors
/// When the wasm can't be read.
pub fn finish_later(wasm: &[u8]) -> Result<Vec<u8>> {
    in_order(wasm, 0)
}

fn in_order(wasm: &[u8], gap: usize) -> Result<Vec<u8>> {
    let wasm = segments::join(wasm, gap).context("its data could not be read")?;
    let wasm = locals::renumber(&wasm).context("its functions could not be read")?;
    // Last: it compares functions as they are sent.
    alike::reorder(&wasm).context("its functions could not be put in order")
}

/// Takes out what leads from the JavaScript's beginning to classes that nothing
/// uses, so that the bundler can leave them out: the registries that free
/// objects no one holds any longer, if the class goes, and what lets `using`
/// free an object, which the app's TypeScript never does.
fn without_objects(glue: &str) -> String {
    let registry = "new FinalizationRegistry(";
    let glue = glue.replace(registry, &format!("/* @__PURE__ */ {registry}"));
    let lines = glue.split_inclusive('\n');
    lines
        .filter(|line| !line.starts_with("if (Symbol.dispose)"))
        .collect()
}

/// Takes out what Leptos exports for server functions, which the app has none
/// of: streams as classes for JavaScript. Nothing else can know that they are
/// never used.
pub fn without_unused_classes(wasm: &mut walrus::Module) {
    let exports = wasm.exports.iter();
    let unused: Vec<_> = exports
        .filter(|export| export.name.contains("intounderlying"))
        .map(walrus::Export::id)
        .collect();
    for export in unused {
        wasm.exports.delete(export);
    }
    walrus::passes::gc::run(wasm);
}
