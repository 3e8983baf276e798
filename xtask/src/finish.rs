//! What is done to the wasm and its JavaScript after wasm-bindgen, so that they
//! compress better. To run, it is all the same.

mod alike;
mod locals;
mod names;

use anyhow::{Context, Result};

/// The same module and the same JavaScript, as they compress best.
///
/// # Errors
/// When the wasm can't be read.
pub fn finish(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let (wasm, glue) = names::shorten(wasm, glue).context("its names could not be read")?;
    let wasm = locals::renumber(&wasm).context("its functions could not be read")?;
    // Last: it compares functions as they are sent.
    let wasm = alike::reorder(&wasm).context("its functions could not be put in order")?;
    Ok((wasm, without_objects(&glue)))
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
