//! What came of a file that was opened.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::backup;
use sync::container::FileError;

use super::passphrase::PassphraseField;
use crate::app::App;
use crate::document::{self, BackupFault, FileFault, MergedFile, Opened, Restored};
use crate::locales::{SeldomTexts, Texts};
use crate::route::Navigator;
use crate::ui::Show;

/// What came of the file, or what it asks for.
#[derive(Clone)]
enum State {
    /// Nothing more is to be done or said.
    Nothing,
    Working,
    /// What is done, and what is to be known of it.
    Done(Vec<String>, Option<Link>),
    Failed(String),
    /// A plan that is not here.
    Unknown(Vec<u8>),
    Backup(Vec<u8>),
}

/// Where to go on.
#[derive(Clone)]
struct Link {
    href: String,
    words: String,
}

/// Opens a file and says what came of it.
#[component]
pub fn OpenedFile(
    bytes: Vec<u8>,
    /// Told when there may be other plans than before.
    on_change: Callback<()>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    let state = RwSignal::new(State::Working);
    spawn_local(async move {
        let next = match document::open_file(app, bytes).await {
            Ok(Opened::Merged(merged)) => done(merged, seldom),
            Ok(Opened::Unknown(document)) => State::Unknown(document),
            Ok(Opened::Backup(bytes)) => State::Backup(bytes),
            Err(fault) => State::Failed(fault_words(&fault, t).to_owned()),
        };
        // Gone when the page was left meanwhile.
        state.try_set(next);
        on_change.try_run(());
    });
    view! {
        <div role="status">
            {move || match state.get() {
                State::Working => view! { <p>{seldom.opening_file}</p> }.into_any(),
                State::Done(words, link) => {
                    view! {
                        {words.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
                        {link.map(|link| view! { <p><a href=link.href>{link.words}</a></p> })}
                    }
                        .into_any()
                }
                State::Nothing | State::Failed(_) | State::Unknown(_) | State::Backup(_) => ().into_any(),
            }}
        </div>
        {move || match state.get() {
            State::Failed(words) => view! { <p class="notice danger" role="alert">{words}</p> }.into_any(),
            State::Unknown(document) => view! { <UnknownPlan document=document state=state /> }.into_any(),
            State::Backup(bytes) => view! { <AskPassphrase bytes=bytes state=state on_change=on_change /> }.into_any(),
            State::Nothing | State::Working | State::Done(..) => ().into_any(),
        }}
    }
}

fn done(merged: MergedFile, seldom: &SeldomTexts) -> State {
    let mut words = vec![(seldom.file_merged)(&merged.title, merged.new)];
    words.extend(merged.lacks_earlier.then(|| seldom.file_lacks.to_owned()));
    words.extend(merged.is_damaged.then(|| seldom.file_damaged.to_owned()));
    let link = Link {
        href: format!("/plan/{}", merged.plan),
        words: (seldom.open_plan)(&merged.title),
    };
    State::Done(words, Some(link))
}

fn fault_words(fault: &FileFault, t: &Texts) -> &'static str {
    let seldom = t.seldom();
    match fault {
        FileFault::Open(error) => error.words(t),
        FileFault::File(error) => file_words(error, seldom),
        FileFault::NotAPlan(_) => seldom.file_not_ours,
        FileFault::NotHere => seldom.file_not_here,
        FileFault::NothingUsable => seldom.file_unusable,
    }
}

fn file_words(error: &FileError, seldom: &SeldomTexts) -> &'static str {
    match error {
        FileError::NotOurs | FileError::OtherKind => seldom.file_not_ours,
        FileError::NewerVersion(_) => seldom.file_newer,
        FileError::Damaged => seldom.file_unusable,
        FileError::TooLarge => seldom.file_too_large,
        FileError::OtherPlan => seldom.file_not_here,
    }
}

/// Asks before a plan is begun from a file.
#[component]
fn UnknownPlan(document: Vec<u8>, state: RwSignal<State>) -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
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
            <p>{seldom.file_unknown}</p>
            <p class="actions">
                <button class="ds-button" type="button" on:click=begin>{seldom.begin_from_file}</button>
                <Cancel state=state />
            </p>
        </div>
    }
}

#[component]
fn Cancel(state: RwSignal<State>) -> impl IntoView {
    let seldom = expect_context::<&'static Texts>().seldom();
    view! {
        <button
            class="ds-button"
            data-variant="tertiary"
            type="button"
            on:click=move |_| state.set(State::Nothing)
        >
            {seldom.cancel}
        </button>
    }
}

/// Asks for a backup's passphrase.
#[component]
fn AskPassphrase(bytes: Vec<u8>, state: RwSignal<State>, on_change: Callback<()>) -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let seldom = t.seldom();
    let passphrase = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<&'static str>);
    let working = RwSignal::new(false);
    let bytes = StoredValue::new(bytes);
    let restore = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        wrong.set(None);
        working.set(true);
        spawn_local(async move {
            let restored =
                document::restore(app, &bytes.get_value(), &passphrase.get_untracked()).await;
            working.set(false);
            match restored {
                Ok(restored) => state.set(State::Done(restored_words(&restored, seldom), None)),
                Err(BackupFault::Sealed(backup::OpenError::WrongPassphrase)) => {
                    wrong.set(Some(seldom.passphrase_wrong));
                }
                Err(fault) => state.set(State::Failed(backup_words(&fault, t).to_owned())),
            }
            on_change.run(());
        });
    };
    view! {
        <form class="notice" on:submit=restore>
            <p>{seldom.backup_asks}</p>
            <PassphraseField label=seldom.passphrase value=passphrase error=wrong autocomplete="current-password" />
            <p class="actions">
                <button class="ds-button" type="submit">{seldom.restore}</button>
                <Cancel state=state />
            </p>
            <Show when=move || working.get()>
                <p role="status">{seldom.working}</p>
            </Show>
        </form>
    }
}

fn restored_words(restored: &Restored, seldom: &SeldomTexts) -> Vec<String> {
    let damaged = (restored.damaged > 0).then(|| (seldom.restore_damaged)(restored.damaged));
    std::iter::once((seldom.restored)(restored.plans))
        .chain(damaged)
        .collect()
}

fn backup_words(fault: &BackupFault, t: &Texts) -> &'static str {
    let seldom = t.seldom();
    match fault {
        BackupFault::Open(error) => error.words(t),
        BackupFault::Sealed(backup::OpenError::File(error)) => file_words(error, seldom),
        BackupFault::Sealed(backup::OpenError::UnknownDerivation(_)) => seldom.file_newer,
        BackupFault::Sealed(_) | BackupFault::TooLarge(_) | BackupFault::NoDerivation => {
            seldom.file_unusable
        }
    }
}
