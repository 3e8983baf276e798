//! «Opne ei fil»: a plan that someone handed on.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::container::{FileError, MAX_FILE};

use crate::app::App;
use crate::device::chosen_file;
use crate::document::{self, FileFault, MergedFile, Opened};
use crate::locales::Texts;
use crate::route::Navigator;

/// What came of the file, or what it asks for.
#[derive(Clone)]
enum State {
    Nothing,
    Working,
    /// What is done, and what is to be known of it; where to go on.
    Done(Vec<String>, Link),
    Failed(String),
    /// A plan that is not here.
    Unknown(Vec<u8>),
}

/// Where to go on.
#[derive(Clone)]
struct Link {
    href: String,
    words: String,
}

/// The button, and below it what came of it.
#[component]
pub fn OpenFile(
    /// Told when there may be other plans than before.
    on_change: Callback<()>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let state = RwSignal::new(State::Nothing);
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let open = move |_| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let Some(bytes) = chosen_file(&input, MAX_FILE).await else {
                return;
            };
            state.set(State::Working);
            let next = match document::open_file(app, bytes).await {
                Ok(Opened::Merged(merged)) => done(merged, t),
                Ok(Opened::Unknown(document)) => State::Unknown(document),
                Err(fault) => State::Failed(fault_words(&fault, t).to_owned()),
            };
            state.set(next);
            on_change.run(());
        });
    };
    view! {
        <button class="ds-button" data-variant="secondary" type="button" on:click=choose>{t.open_file}</button>
        <input type="file" hidden=true tabindex="-1" node_ref=input on:change=open />
        <div role="status">
            {move || match state.get() {
                State::Working => view! { <p>{t.opening_file}</p> }.into_any(),
                State::Done(words, link) => {
                    view! {
                        {words.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
                        <p><a href=link.href>{link.words}</a></p>
                    }
                        .into_any()
                }
                State::Nothing | State::Failed(_) | State::Unknown(_) => ().into_any(),
            }}
        </div>
        {move || match state.get() {
            State::Failed(words) => view! { <p class="notice danger" role="alert">{words}</p> }.into_any(),
            State::Unknown(document) => view! { <UnknownPlan document=document state=state /> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

fn done(merged: MergedFile, t: &Texts) -> State {
    let mut words = vec![(t.file_merged)(&merged.title, merged.new)];
    words.extend(merged.lacks_earlier.then(|| t.file_lacks.to_owned()));
    words.extend(merged.is_damaged.then(|| t.file_damaged.to_owned()));
    let link = Link {
        href: format!("/plan/{}", merged.plan),
        words: (t.open_plan)(&merged.title),
    };
    State::Done(words, link)
}

fn fault_words(fault: &FileFault, t: &Texts) -> &'static str {
    match fault {
        FileFault::Open(error) => error.words(t),
        FileFault::File(error) => file_words(error, t),
        FileFault::NotAPlan(_) => t.file_not_ours,
        FileFault::NotHere => t.file_not_here,
        FileFault::IsBackup => t.file_is_backup,
        FileFault::NothingUsable => t.file_unusable,
    }
}

fn file_words(error: &FileError, t: &Texts) -> &'static str {
    match error {
        FileError::NotOurs | FileError::OtherKind => t.file_not_ours,
        FileError::NewerVersion(_) => t.file_newer,
        FileError::Damaged => t.file_unusable,
        FileError::TooLarge => t.file_too_large,
        FileError::OtherPlan => t.file_not_here,
    }
}

/// Asks before a plan is begun from a file.
#[component]
fn UnknownPlan(document: Vec<u8>, state: RwSignal<State>) -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let navigator = expect_context::<Navigator>();
    let begin = move |_| {
        let document = document.clone();
        spawn_local(async move {
            match document::begin_from(app, &document).await {
                Ok(id) => navigator.go(&format!("/plan/{id}")),
                Err(error) => state.set(State::Failed(error.words(t).to_owned())),
            }
        });
    };
    view! {
        <div class="notice" role="alert">
            <p>{t.file_unknown}</p>
            <p class="actions">
                <button class="ds-button" type="button" on:click=begin>{t.begin_from_file}</button>
                <Cancel state=state />
            </p>
        </div>
    }
}

#[component]
fn Cancel(state: RwSignal<State>) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    view! {
        <button
            class="ds-button"
            data-variant="tertiary"
            type="button"
            on:click=move |_| state.set(State::Nothing)
        >
            {t.cancel}
        </button>
    }
}
