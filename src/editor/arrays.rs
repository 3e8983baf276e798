//! Blocks and changes as the app and the editor hand them to each other: nested
//! plain arrays. `host.ts` names their members. JSON with readers that serde
//! derives for each type would be several KB more to fetch.
//!
//! A block is `[type, level, run, …]`, a run `[text, mark, …]`, and a mark
//! `[name]` or `[name, target]`.

use js_sys::Array;
use plan::{Block, BlockKind, Mark, RichText, Run, TextChange};
use wasm_bindgen::JsValue;

/// A text's blocks.
pub fn from_text(text: &RichText) -> Array {
    text.blocks.iter().map(from_block).collect()
}

fn from_block(block: &Block) -> Array {
    let (name, level) = block.kind.type_and_level();
    let array = Array::of2(&name.into(), &level.into());
    for run in &block.runs {
        array.push(&from_run(run));
    }
    array
}

fn from_run(run: &Run) -> Array {
    let array = Array::of1(&run.text.as_str().into());
    for mark in &run.marks {
        let parts = [Some(mark.name()), mark.target()].into_iter().flatten();
        array.push(&parts.map(JsValue::from).collect::<Array>());
    }
    array
}

/// The inverse of what `host.ts` writes; nothing for what it would not write.
pub fn to_change(value: &JsValue) -> Option<TextChange> {
    let array = Array::from(value);
    let number = |index| Some(array.get(index).as_f64()? as usize);
    Some(match array.get(0).as_string()?.as_str() {
        "splice" => TextChange::Splice {
            at: number(1)?,
            delete: number(2)?,
            insert: array.get(3).as_string()?,
        },
        "mark" => TextChange::Mark {
            from: number(1)?,
            to: number(2)?,
            on: array.get(3).as_bool()?,
            mark: to_mark(array.get(4))?,
        },
        "write" => TextChange::Write {
            blocks: rest(array.get(1), 0, to_block)?,
        },
        _ => return None,
    })
}

fn to_block(value: JsValue) -> Option<Block> {
    let array = Array::from(&value);
    let level = array.get(1).as_f64()? as u8;
    Some(Block {
        kind: BlockKind::from_type_and_level(&array.get(0).as_string()?, level),
        runs: rest(value, 2, to_run)?,
    })
}

fn to_run(value: JsValue) -> Option<Run> {
    Some(Run {
        text: Array::from(&value).get(0).as_string()?,
        marks: rest(value, 1, to_mark)?,
    })
}

fn to_mark(value: JsValue) -> Option<Mark> {
    let array = Array::from(&value);
    Mark::from_name(&array.get(0).as_string()?, array.get(1).as_string())
}

/// What stands in an array from `start`, each by `read`.
fn rest<T>(array: JsValue, start: usize, read: fn(JsValue) -> Option<T>) -> Option<Vec<T>> {
    Array::from(&array).iter().skip(start).map(read).collect()
}
