//! A view as bytes: to show a plan before its document is open.
//!
//! Opening a large document takes seconds, nearly all of them for its history.
//! What its entities read as is a megabyte at most, and read at once. It is no part
//! of the plan and need not be there: whoever has no such bytes, or can't read them,
//! opens the document.
//!
//! The bytes are CBOR items one after the other. Each kind of entity has its fields
//! in an order of its own, so neither names nor types are said.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minicbor::data::Type;
use minicbor::decode::Error;
use minicbor::{Decoder, Encoder};
use serde::Serialize;
use serde_json::Value as Json;

use crate::attribution::{Attribution, DeviceName};
use crate::contested::ContestedDeletion;
use crate::id::EntityRef;
use crate::read::Fields;
use crate::register::{Register, Values};
use crate::schema::{AnyEntity, EntityKind, keep_fields, read_fields};
use crate::text::{Block, BlockKind, Mark, RichText, Run};
use crate::view::PlanView;

/// Of these bytes and of what documents read as. It goes up with every change of
/// either, which a test finds out.
const VERSION: usize = 1;

impl PlanView {
    /// The view as bytes for [`from_bytes`](Self::from_bytes). `None` where something
    /// in the document can't be read, which a view is to report each time anew.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        if self.unreadable().next().is_some() {
            return None;
        }
        let mut kept = Writer(Encoder::new(Vec::new()));
        kept.count(VERSION);
        kept.count(self.entities().count());
        for (entity, any) in self.entities() {
            kept.reference(entity);
            kept.deleted(any.deleted());
            kept.register(&Register {
                value: Some(any.order()),
                clash: Vec::new(),
            });
            keep_fields(entity.kind, any, &mut kept);
        }
        kept.count(self.contested_deletions.len());
        for (entity, deletion) in &self.contested_deletions {
            kept.reference(entity);
            kept.hand(&deletion.deleted_by);
            kept.count(deletion.edited_by.len());
            deletion.edited_by.iter().for_each(|by| kept.hand(by));
        }
        Some(kept.0.into_writer())
    }

    /// The view that these bytes were made of. `None` if they are damaged or of
    /// another version: then the document has to be read.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let kept = Reader {
            from: RefCell::new(Decoder::new(bytes)),
            is_damaged: Cell::new(false),
        };
        if kept.count() != VERSION {
            return None;
        }
        let entities = kept.each(Reader::entity).into_iter().flatten().collect();
        let mut contested = BTreeMap::new();
        contested.extend(kept.each(Reader::contested_deletion).into_iter().flatten());
        let is_whole = kept.from.borrow().position() == bytes.len() && !kept.is_damaged.get();
        is_whole.then(|| Self::new(entities, contested))
    }
}

/// Writes what [`Reader`] reads, in the same order. To write to memory can't fail.
pub(crate) struct Writer(Encoder<Vec<u8>>);

impl Writer {
    pub(crate) fn register<T: Serialize>(&mut self, register: &Register<T>) {
        let values = Values::of(register);
        self.value(&values.current);
        self.count(values.clash.len());
        for (value, by) in &values.clash {
            self.value(value);
            self.hand(by);
        }
    }

    pub(crate) fn string(&mut self, text: &str) {
        drop(self.0.str(text));
    }

    pub(crate) fn text(&mut self, text: &RichText) {
        self.count(text.opens_with_marker.into());
        self.count(text.blocks.len());
        for block in &text.blocks {
            let (kind, level) = block.kind.type_and_level();
            self.string(kind);
            self.count(level.into());
            self.count(block.runs.len());
            for run in &block.runs {
                self.string(&run.text);
                self.count(run.marks.len());
                for mark in &run.marks {
                    self.string(mark.name());
                    self.value(&mark.target().into());
                }
            }
        }
    }

    pub(crate) fn set<M: ToString>(&mut self, set: &BTreeSet<M>) {
        self.count(set.len());
        for member in set {
            self.string(&member.to_string());
        }
    }

    fn reference(&mut self, entity: &EntityRef) {
        self.count(entity.kind as usize);
        self.string(&entity.id);
    }

    fn deleted(&mut self, by: Option<&Attribution>) {
        self.count(by.is_some().into());
        if let Some(by) = by {
            self.hand(by);
        }
    }

    fn hand(&mut self, by: &Attribution) {
        self.value(&by.device.as_ref().map(DeviceName::as_str).into());
        self.value(&by.at.into());
    }

    fn count(&mut self, count: usize) {
        drop(self.0.u64(count as u64));
    }

    /// A value as a document has it: no list or map.
    fn value(&mut self, value: &Json) {
        drop(match value {
            Json::Bool(truth) => self.0.bool(*truth),
            Json::String(text) => self.0.str(text),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => self.0.i64(whole),
                None => self.0.f64(number.as_f64().unwrap_or_default()),
            },
            _ => self.0.null(),
        });
    }
}

/// Reads one item after the other. Once one is not as it should be, all others
/// read as nothing.
struct Reader<'b> {
    from: RefCell<Decoder<'b>>,
    is_damaged: Cell<bool>,
}

impl<'b> Reader<'b> {
    fn item<T: Default>(&self, read: impl FnOnce(&mut Decoder<'b>) -> Result<T, Error>) -> T {
        let read = match self.is_damaged.get() {
            true => None,
            false => read(&mut self.from.borrow_mut()).ok(),
        };
        read.unwrap_or_else(|| {
            self.is_damaged.set(true);
            T::default()
        })
    }

    fn count(&self) -> usize {
        self.item(|from| Ok(from.u32()? as usize))
    }

    fn string(&self) -> String {
        self.item(|from| Ok(from.str()?.to_owned()))
    }

    fn value(&self) -> Json {
        self.item(|from| {
            Ok(match from.datatype()? {
                Type::Bool => from.bool()?.into(),
                Type::String => from.str()?.into(),
                Type::F64 => from.f64()?.into(),
                Type::Null => {
                    from.null()?;
                    Json::Null
                }
                _ => from.i64()?.into(),
            })
        })
    }

    /// As many as are said to follow, or as there are.
    fn each<T>(&self, read: fn(&Self) -> T) -> Vec<T> {
        let mut all = Vec::new();
        for _ in 0..self.count() {
            if self.is_damaged.get() {
                break;
            }
            all.push(read(self));
        }
        all
    }

    fn reference(&self) -> Option<EntityRef> {
        let kind = EntityKind::ALL.get(self.count());
        if kind.is_none() {
            self.is_damaged.set(true);
        }
        Some(EntityRef::new(*kind?, self.string()))
    }

    fn hand(&self) -> Attribution {
        let device = self.value();
        Attribution {
            device: device.as_str().map(DeviceName::from_hex),
            at: self.value().as_i64(),
        }
    }

    fn entity(&self) -> Option<(EntityRef, Arc<dyn AnyEntity>)> {
        let entity = self.reference()?;
        let read = read_fields(&entity, self);
        Some((entity, read))
    }

    fn contested_deletion(&self) -> Option<(EntityRef, ContestedDeletion)> {
        let entity = self.reference()?;
        let deletion = ContestedDeletion {
            deleted_by: self.hand(),
            edited_by: self.each(Self::hand).into_iter().collect(),
        };
        Some((entity, deletion))
    }

    fn block(&self) -> Block {
        let (kind, level) = (self.string(), self.count());
        Block {
            kind: BlockKind::from_type_and_level(&kind, level as u8),
            runs: self.each(Self::run),
        }
    }

    fn run(&self) -> Run {
        Run {
            text: self.string(),
            marks: self.each(Self::mark).into_iter().flatten().collect(),
        }
    }

    fn mark(&self) -> Option<Mark> {
        let (name, target) = (self.string(), self.value());
        Mark::from_name(&name, target.as_str().map(str::to_owned))
    }
}

impl Fields for Reader<'_> {
    fn deleted(&self) -> Option<Attribution> {
        (self.count() == 1).then(|| self.hand())
    }

    fn values(&self, _: &str) -> Option<Values> {
        Some(Values {
            current: self.value(),
            clash: self.each(|kept| (kept.value(), kept.hand())),
        })
    }

    // What can't be read is not kept.
    fn note_unset(&self, _: &str, _: usize) {}

    fn title(&self, _: &str) -> String {
        self.string()
    }

    fn text(&self, _: &str) -> RichText {
        RichText {
            opens_with_marker: self.count() == 1,
            blocks: self.each(Self::block),
        }
    }

    fn members(&self, _: &str) -> Vec<String> {
        self.each(Self::string)
    }
}
