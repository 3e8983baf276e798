//! Files beside the app that only some need, and that are fetched when they do.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// The text of the file that a `<link>` of the page leads to; nothing where it
/// can't be fetched. Once fetched it is here without a network too: the service
/// worker keeps it.
pub async fn text(link: &str) -> Option<String> {
    let address = document().get_element_by_id(link)?.get_attribute("href")?;
    let asked = window().fetch_with_str(&address);
    let response: Response = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
    let text = response.ok().then(|| response.text().ok()).flatten()?;
    JsFuture::from(text).await.ok()?.as_string()
}
