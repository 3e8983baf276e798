//! «Tryggingskopi»: all plans with their keys, in one file under a passphrase.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::passphrase::PassphraseField;
use crate::app::App;
use crate::device::{download, today};
use crate::document;
use crate::locales::Texts;
use crate::ui::Show;

/// Shorter ones are guessed.
const SHORTEST: usize = 12;

#[derive(Clone)]
enum State {
    Nothing,
    Working,
    Done(Vec<String>),
    Failed,
}

/// Makes the backup and hands it out.
#[component]
pub fn BackupForm() -> impl IntoView {
    let app = expect_context::<App>();
    let seldom = expect_context::<&'static Texts>().seldom();
    let (passphrase, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let state = RwSignal::new(State::Nothing);
    let is_short = move || passphrase.with(|words| words.chars().count() < SHORTEST);
    let differs = move || passphrase.with(|one| again.with(|other| one != other));
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if untrack(is_short) || untrack(differs) {
            return;
        }
        state.set(State::Working);
        spawn_local(async move {
            let Ok(backup) = document::back_up(app, &passphrase.get_untracked()).await else {
                return state.set(State::Failed);
            };
            download(&format!("samskriv-{}.backup", today()), &backup.bytes);
            let left_out = (backup.left_out > 0).then(|| (seldom.backup_left_out)(backup.left_out));
            let words = std::iter::once((seldom.backup_made)(backup.plans)).chain(left_out);
            state.set(State::Done(words.collect()));
            // It shall not stay on the page for the next one who sits here.
            passphrase.set(String::new());
            again.set(String::new());
            tried.set(false);
        });
    };
    let short =
        Signal::derive(move || (tried.get() && is_short()).then_some(seldom.passphrase_short));
    let unlike = Signal::derive(move || {
        (tried.get() && !is_short() && differs()).then_some(seldom.passphrases_differ)
    });
    view! {
        <h2>{seldom.backup}</h2>
        <p>{seldom.backup_what}</p>
        <form on:submit=make>
            <PassphraseField label=seldom.passphrase value=passphrase error=short autocomplete="new-password" />
            <PassphraseField label=seldom.passphrase_again value=again error=unlike autocomplete="new-password" />
            <p class="actions">
                <button class="ds-button" data-variant="secondary" type="submit">{seldom.make_backup}</button>
            </p>
        </form>
        <div role="status">
            {move || match state.get() {
                State::Working => view! { <p>{seldom.working}</p> }.into_any(),
                State::Done(words) => words.into_iter().map(|words| view! { <p>{words}</p> }).collect_view().into_any(),
                State::Nothing | State::Failed => ().into_any(),
            }}
        </div>
        <Show when=move || state.with(|state| matches!(state, State::Failed))>
            <p class="notice danger" role="alert">{seldom.backup_failed}</p>
        </Show>
    }
}
