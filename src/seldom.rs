//! What is not needed to come and read, and not often to write: the parts of the
//! app that are a second module of wasm.
//!
//! The build puts into it all code that nothing but these functions reaches
//! (`xtask/src/split.rs`). It is fetched when one of them is called, or once
//! someone has said who they are, and is here without a network from then on.

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::pages::{ClosedPlan, Comments, FilesAndRelays, OpenedFile, Settings};

/// A part of a page; an error if it is not here and can't be fetched.
type Part = Result<AnyView, SplitLoaderError>;

/// The page of settings.
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split, preload(fetch))]
pub fn settings() -> Part {
    Ok(view! { <Settings /> }.into_any())
}

/// What comes of a file that was chosen.
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn opened_file(bytes: Vec<u8>, on_change: Callback<()>) -> Part {
    Ok(view! { <OpenedFile bytes=bytes on_change=on_change /> }.into_any())
}

/// What is said of the open plan.
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn comments() -> Part {
    Ok(view! { <Comments /> }.into_any())
}

/// The open plan's files, relays and keys.
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn files_and_relays() -> Part {
    Ok(view! { <FilesAndRelays /> }.into_any())
}

/// What can be done where the plan was moved to new keys.
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn closed_plan() -> Part {
    Ok(view! { <ClosedPlan /> }.into_any())
}
