//! What is not needed to come and read, and not often to write: the parts of the
//! app that are a second module of wasm.
//!
//! The build puts into it all code that nothing but these functions reaches
//! (`xtask/src/split.rs`). It is fetched when one of them is called, or once the list
//! of plans or a plan has been drawn, and is here without a network from then on.

use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use sync::ids::DeviceId;

use crate::device::StorageError;
use crate::document::OpenPlan;
use crate::pages::{ClosedPlan, Comments, FilesAndRelays, OpenedFile, People, Questions, Settings};

/// A part of a page; an error if it is not here and can't be fetched.
type Part = Result<AnyView, SplitLoaderError>;

/// The page of settings.
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split, preload(fetch))]
pub fn settings() -> Part {
    Ok(view! { <Settings /> }.into_any())
}

/// Begins to keep what the open plan reads as; see [`OpenPlan::begin_to_keep_view`].
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn keep_view(
    plan: OpenPlan,
) -> Result<Option<LocalBoxFuture<'static, Result<(), StorageError>>>, SplitLoaderError> {
    Ok(plan.begin_to_keep_view())
}

/// Takes in what another device says of itself; see [`OpenPlan::hear_of`].
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn hear_of(plan: OpenPlan, device: DeviceId, payload: Vec<u8>) -> Result<(), SplitLoaderError> {
    plan.hear_of(device, &payload);
    Ok(())
}

/// Who else has the plan open.
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn people() -> Part {
    Ok(view! { <People /> }.into_any())
}

/// What comes of a file that was chosen.
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn opened_file(bytes: Vec<u8>, on_change: Callback<()>) -> Part {
    Ok(view! { <OpenedFile bytes=bytes on_change=on_change /> }.into_any())
}

/// What in the open plan asks for a decision.
#[wasm_split(seldom, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn questions() -> Part {
    Ok(view! { <Questions /> }.into_any())
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
