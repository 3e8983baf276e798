//! What is done to the wasm and its JavaScript after wasm-bindgen, so that they
//! compress better. To run, it is all the same.

mod alike;

use std::{cmp::Reverse, collections::HashMap, convert::Infallible};

use anyhow::{Context, Result};
use wasm_encoder::{
    CodeSection, ExportSection, FunctionSection, ImportSection, Module,
    reencode::{self, Reencode, utils},
};
use wasmparser::{
    CodeSectionReader, Export, FunctionSectionReader, Import, Parser, Payload, TypeRef,
};

/// The same module and the same JavaScript, with like functions beside each
/// other and short names for what the two know of each other.
///
/// # Errors
/// When the wasm can't be read.
pub fn finish(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let parts = Parts::read(wasm)?;
    let names = short_names(&parts.names, glue);
    let mut rewrite = Rewrite::new(parts.imported, alike::order(&parts.bodies), &names);
    let mut module = Module::new();
    rewrite
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .context("the wasm could not be written anew")?;

    let mut renamed = glue.to_owned();
    let mut longest_first: Vec<_> = names.iter().collect();
    // One name may be the beginning of another.
    longest_first.sort_by_key(|(name, _)| (Reverse(name.len()), **name));
    for (name, short) in longest_first {
        renamed = renamed.replace(name, short);
    }
    Ok((module.finish(), renamed))
}

/// What of a module decides how it is written anew.
struct Parts<'a> {
    /// How many functions it imports; they are numbered before its own.
    imported: usize,
    /// Its own functions.
    bodies: Vec<&'a [u8]>,
    /// Under what it imports and exports.
    names: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut parts = Self {
            imported: 0,
            bodies: Vec::new(),
            names: Vec::new(),
        };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        parts.names.push(import.name);
                        parts.imported += usize::from(matches!(import.ty, TypeRef::Func(_)));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        parts.names.push(export?.name);
                    }
                }
                Payload::CodeSectionEntry(body) => parts.bodies.push(&wasm[body.range()]),
                _ => {}
            }
        }
        Ok(parts)
    }
}

/// Short names for those that wasm-bindgen made unique by a hash. A hash is
/// random, so that no compression helps, and it would be in both files. They
/// are numbered as the JavaScript has them.
fn short_names<'a>(names: &[&'a str], glue: &str) -> HashMap<&'a str, String> {
    let mut hashed: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| has_hash(name))
        .collect();
    hashed.sort_by_key(|name| (glue.find(name), *name));
    let numbered = hashed.into_iter().enumerate();
    numbered
        .map(|(number, name)| (name, format!("f{number}")))
        .collect()
}

/// Whether 64 bits in hex are part of a name.
fn has_hash(name: &str) -> bool {
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    name.as_bytes()
        .windows(16)
        .any(|run| run.iter().all(is_hex))
}

/// Writes a module anew.
struct Rewrite<'a> {
    imported: usize,
    /// The old places of the module's own functions, in their new order.
    order: Vec<usize>,
    /// Their new places, in their old order.
    places: Vec<usize>,
    names: &'a HashMap<&'a str, String>,
}

impl<'a> Rewrite<'a> {
    fn new(imported: usize, order: Vec<usize>, names: &'a HashMap<&'a str, String>) -> Self {
        let mut places = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            places[old] = new;
        }
        Self {
            imported,
            order,
            places,
            names,
        }
    }

    fn name<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.names.get(name).map_or(name, String::as_str)
    }
}

/// Nothing fails here but reading.
type Rewritten = Result<(), reencode::Error>;

impl Reencode for Rewrite<'_> {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error> {
        let Some(old) = (index as usize).checked_sub(self.imported) else {
            return Ok(index);
        };
        Ok((self.imported + self.places[old]) as u32)
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Rewritten {
        let types = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for old in self.order.clone() {
            functions.function(self.type_index(types[old])?);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Rewritten {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for old in self.order.clone() {
            self.parse_function_body(code, bodies[old].clone())?;
        }
        Ok(())
    }

    fn parse_import(&mut self, imports: &mut ImportSection, import: Import<'_>) -> Rewritten {
        let name = self.name(import.name);
        utils::parse_import(self, imports, Import { name, ..import })
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Rewritten {
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
