//! The shell: who writes here, in which language, and which page is shown.

use leptos::prelude::*;
use sync::relay_url::RelayUrl;

use crate::derived::Derived;
use crate::device::{self, Profile, Storage};
use crate::editor;
use crate::locales::{Locale, Texts};
use crate::pages::{Join, NotFound, PlanPage, Plans, Reading, Welcome};
use crate::route::{Navigator, Route};
use crate::seldom;
use crate::ui::{RadioGroup, Show, lazy};

/// What every page may ask for.
#[derive(Clone, Copy)]
pub struct App {
    storage: StoredValue<Storage, LocalStorage>,
    /// Who writes from this browser.
    pub profile: RwSignal<Profile>,
    /// A newer version of the app is here and waits to be taken into use.
    update_waits: RwSignal<bool>,
}

impl App {
    fn new() -> Self {
        Self {
            storage: StoredValue::new_local(Storage::new()),
            profile: RwSignal::new(Profile::load()),
            update_waits: RwSignal::new(false),
        }
    }

    /// What is kept in this browser.
    pub fn storage(self) -> Storage {
        self.storage.get_value()
    }

    /// Who writes, as of now.
    pub fn profile_now(self) -> Profile {
        self.profile.get_untracked()
    }

    /// The relay that served this app, where new plans are kept.
    pub fn home_relay(self) -> Option<RelayUrl> {
        let origin = window().location().origin().ok()?;
        RelayUrl::parse(&origin).ok()
    }
}

/// The page. Choosing another language mounts it anew, so that every string on
/// it is of one language.
#[component]
pub fn Root() -> impl IntoView {
    let app = App::new();
    provide_context(app);
    provide_context(Navigator::follow());
    window_event_listener_untyped("samskriv:update", move |_| app.update_waits.set(true));
    let locale = Derived::new(move || app.profile.with(|profile| profile.locale));
    move || {
        let t = locale.get().texts();
        provide_context::<&'static Texts>(t);
        if let Some(html) = document().document_element() {
            // Fails only for a name that is no attribute's.
            let _ = html.set_attribute("lang", t.tag);
        }
        view! { <Pages /> }
    }
}

#[component]
fn Pages() -> impl IntoView {
    let app = expect_context::<App>();
    let introduced = Derived::new(move || app.profile.with(Profile::is_complete));
    let navigator = expect_context::<Navigator>();
    let t = expect_context::<&'static Texts>();
    view! {
        <UpdateOffer />
        {move || match navigator.route() {
            // Open to those who have not said who they are.
            Route::Help => view! { <Reading text="help" title=t.help /> }.into_any(),
            Route::Accessibility => view! { <Reading text="accessibility" title=t.accessibility /> }.into_any(),
            _ if !introduced.get() => view! { <Welcome /> }.into_any(),
            Route::Plans => view! { <Plans /> }.into_any(),
            Route::Plan(id) => view! { <PlanPage id=id /> }.into_any(),
            Route::Join(link) => view! { <Join link=link /> }.into_any(),
            Route::Settings => lazy(seldom::settings()).into_any(),
            Route::Unknown => view! { <NotFound /> }.into_any(),
        }}
    }
}

/// Fetches what is needed to write, for whoever has come so far that they may: once
/// the page that leads there has been drawn.
pub fn fetch_the_rest() {
    leptos::task::spawn_local(async {
        device::drawn().await;
        // Whoever needs it asks again.
        let _ = editor::fetch().await;
        let _ = seldom::fetch().await;
    });
}

/// A new version is offered, never forced.
#[component]
fn UpdateOffer() -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let apply = move |_| {
        if let Ok(event) = web_sys::CustomEvent::new("samskriv:apply-update") {
            // Nobody can cancel the event, so its answer says nothing.
            let _ = window().dispatch_event(&event);
        }
    };
    view! {
        <Show when=move || app.update_waits.get()>
            <div class="notice offer" role="status">
                <p>{t.new_version}</p>
                <button class="ds-button" data-size="sm" type="button" on:click=apply>{t.use_new_version}</button>
            </div>
        </Show>
    }
}

/// The languages as a group of choices.
#[component]
pub fn LanguageChoice() -> impl IntoView {
    let app = expect_context::<App>();
    let t = expect_context::<&'static Texts>();
    let choices = Locale::ALL.into_iter().map(move |locale| {
        let texts = locale.texts();
        view! {
            <label class="choice" lang=texts.tag>
                <input
                    class="ds-input"
                    type="radio"
                    name="language"
                    prop:checked=move || app.profile.with(|profile| profile.locale == locale)
                    on:change=move |_| {
                        app.profile.update(|profile| profile.locale = locale);
                        // What is chosen holds for this visit even where it can't be kept.
                        let _ = app.profile.with_untracked(Profile::save);
                    }
                />
                {texts.language_name}
            </label>
        }
    });
    view! {
        <RadioGroup legend=t.app_language>{choices.collect_view()}</RadioGroup>
    }
}
