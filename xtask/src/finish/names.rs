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
use wasmparser::{Export, ImportSectionReader, Parser, Payload};

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

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for import in section.into_imports() {
            let import = import?;
            let kind = self.entity_type(import.ty)?;
            imports.import(import.module, self.name(import.name), kind);
        }
        Ok(())
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
    use wasm_encoder::{EntityType, ExportKind, TypeSection};

    use super::*;

    #[test]
    fn both_sides_get_the_same_short_names() {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for name in ["__wbg_new_d72daa1c90ded389", "__wbg_close_5ee9c5fe4e8754a4"] {
            imports.import("./glue.js", name, EntityType::Function(0));
        }
        let mut exports = ExportSection::new();
        exports.export("invoke_4c991b69bb8d065d", ExportKind::Func, 0);
        exports.export("start", ExportKind::Func, 1);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&exports);

        let glue = "__wbg_close_5ee9c5fe4e8754a4, __wbg_new_d72daa1c90ded389, \
                    invoke_4c991b69bb8d065d, start";
        let (wasm, glue) = shorten(&module.finish(), glue).expect("a module");
        assert_eq!(glue, "f0, f1, f2, start");
        assert_eq!(names(&wasm).expect("a module"), ["f1", "f0", "f2", "start"]);
    }
}
