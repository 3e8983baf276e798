//! Shortens the names by which the wasm and its JavaScript know each other.
//!
//! wasm-bindgen makes them unique by a hash. A hash is random, so that no
//! compression helps, and it would be in both files.

use std::{cmp::Reverse, collections::HashMap, convert::Infallible};

use anyhow::Result;
use wasm_encoder::{
    ExportSection, ImportSection, Module,
    reencode::{Error, Reencode, utils},
};
use wasmparser::{Export, Import, Parser, Payload};

/// The same module and the same JavaScript, with numbers for names.
///
/// # Errors
/// When the wasm can't be read.
pub fn shorten(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let short = short_names(&names(wasm)?, glue);
    let mut module = Module::new();
    Rename { short: &short }.parse_core_module(&mut module, Parser::new(0), wasm)?;

    let mut glue = glue.to_owned();
    let mut longest_first: Vec<_> = short.iter().collect();
    // One name may be the beginning of another.
    longest_first.sort_by_key(|(name, _)| (Reverse(name.len()), **name));
    for (name, short) in longest_first {
        glue = glue.replace(name, short);
    }
    Ok((module.finish(), glue))
}

/// Under what a module imports and exports.
fn names(wasm: &[u8]) -> Result<Vec<&str>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    names.push(import?.name);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    names.push(export?.name);
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

/// Short names for those with a hash, numbered as the JavaScript has them.
fn short_names<'a>(names: &[&'a str], glue: &str) -> HashMap<&'a str, String> {
    let hashed = names.iter().copied().filter(|name| has_hash(name));
    let mut hashed: Vec<&str> = hashed.collect();
    hashed.sort_by_key(|name| (glue.find(name), *name));
    let numbered = hashed.into_iter().enumerate();
    numbered
        .map(|(number, name)| (name, format!("f{number}")))
        .collect()
}

/// Whether 64 bits in hex are part of a name.
fn has_hash(name: &str) -> bool {
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let mut runs = name.as_bytes().windows(16);
    runs.any(|run| run.iter().all(is_hex))
}

struct Rename<'a> {
    short: &'a HashMap<&'a str, String>,
}

impl<'a> Rename<'a> {
    fn name<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.short.get(name).map_or(name, String::as_str)
    }
}

impl Reencode for Rename<'_> {
    type Error = Infallible;

    fn parse_import(
        &mut self,
        imports: &mut ImportSection,
        import: Import<'_>,
    ) -> Result<(), Error> {
        let name = self.name(import.name);
        utils::parse_import(self, imports, Import { name, ..import })
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), Error> {
        let name = self.name(export.name);
        utils::parse_export(self, exports, Export { name, ..export })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_become_short_as_the_glue_has_them() {
        let names = [
            "memory",
            "__wbg_new_d72daa1c90ded389",
            "__wbg_close_5ee9c5fe4e8754a4",
        ];
        let glue = "__wbg_close_5ee9c5fe4e8754a4: …, __wbg_new_d72daa1c90ded389: …, memory";
        let short = short_names(&names, glue);
        assert_eq!(short["__wbg_close_5ee9c5fe4e8754a4"], "f0");
        assert_eq!(short["__wbg_new_d72daa1c90ded389"], "f1");
        assert!(!short.contains_key("memory"));
    }
}
