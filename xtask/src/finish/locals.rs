//! Numbers the locals of each function by how often it uses them.
//!
//! The compiler numbers them by when it comes upon them. Where the busiest come
//! first, functions that do alike are written alike, and small numbers are more
//! frequent.

use std::{cmp::Reverse, convert::Infallible};

use anyhow::Result;
use wasm_encoder::{
    CodeSection, Function, Instruction, Module,
    reencode::{Error, Reencode},
};
use wasmparser::{
    CodeSectionReader, CompositeInnerType, FunctionBody, Operator, Parser, Payload, ValType,
};

/// The same module with its locals so numbered.
///
/// # Errors
/// When the wasm can't be read.
pub fn renumber(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut by_type = Vec::new();
    let mut parameters = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(types) => {
                for group in types {
                    by_type.extend(group?.into_types().map(
                        |kind| match kind.composite_type.inner {
                            CompositeInnerType::Func(function) => function.params().len(),
                            _ => 0,
                        },
                    ));
                }
            }
            Payload::FunctionSection(functions) => {
                for kind in functions {
                    parameters.push(by_type[kind? as usize]);
                }
            }
            _ => {}
        }
    }
    let mut module = Module::new();
    Renumber { parameters }.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

struct Renumber {
    /// How many parameters each function has.
    parameters: Vec<usize>,
}

impl Reencode for Renumber {
    type Error = Infallible;

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        for (place, body) in section.into_iter().enumerate() {
            let body = body?;
            let locals = Locals::by_use(&body, self.parameters[place])?;
            let types = locals.types.iter().map(|&kind| self.val_type(kind));
            let types = types.collect::<Result<Vec<_>, _>>()?;
            let mut function = Function::new_with_locals_types(types);
            let mut operators = body.get_operators_reader()?;
            while !operators.eof() {
                function.instruction(&match self.parse_instruction(&mut operators)? {
                    Instruction::LocalGet(local) => Instruction::LocalGet(locals.number(local)),
                    Instruction::LocalSet(local) => Instruction::LocalSet(locals.number(local)),
                    Instruction::LocalTee(local) => Instruction::LocalTee(locals.number(local)),
                    other => other,
                });
            }
            code.function(&function);
        }
        Ok(())
    }
}

/// New numbers for a function's locals.
struct Locals {
    /// Parameters are the first locals; their order is the caller's.
    parameters: usize,
    /// The types of the others, in their new order.
    types: Vec<ValType>,
    /// The new places of the others, in their old order.
    places: Vec<usize>,
}

impl Locals {
    /// Those of one type stay together, since they are declared in groups.
    fn by_use(body: &FunctionBody<'_>, parameters: usize) -> wasmparser::Result<Self> {
        let mut old = Vec::new();
        for group in body.get_locals_reader()? {
            let (count, kind) = group?;
            old.extend((0..count).map(|_| kind));
        }

        let mut uses = vec![0_usize; old.len()];
        // Of equals, the one that is used first comes first; never used, last.
        let mut first = vec![usize::MAX; old.len()];
        for (place, operator) in body.get_operators_reader()?.into_iter().enumerate() {
            let (Operator::LocalGet { local_index }
            | Operator::LocalSet { local_index }
            | Operator::LocalTee { local_index }) = operator?
            else {
                continue;
            };
            if let Some(local) = (local_index as usize).checked_sub(parameters) {
                uses[local] += 1;
                first[local] = first[local].min(place);
            }
        }

        let mut order: Vec<usize> = (0..old.len()).collect();
        order.sort_by_key(|&local| (group(old[local]), Reverse(uses[local]), first[local]));
        let mut places = vec![0; old.len()];
        for (new, &local) in order.iter().enumerate() {
            places[local] = new;
        }
        Ok(Self {
            parameters,
            types: order.iter().map(|&local| old[local]).collect(),
            places,
        })
    }

    /// The new number of a local.
    fn number(&self, old: u32) -> u32 {
        match (old as usize).checked_sub(self.parameters) {
            Some(local) => (self.parameters + self.places[local]) as u32,
            None => old,
        }
    }
}

/// The place of a type's group among those of others.
fn group(kind: ValType) -> u8 {
    match kind {
        ValType::I32 => 0,
        ValType::I64 => 1,
        ValType::F64 => 2,
        ValType::F32 => 3,
        ValType::V128 => 4,
        // All that the app has are of one type: a hold on a JavaScript value.
        ValType::Ref(_) => 5,
    }
}
