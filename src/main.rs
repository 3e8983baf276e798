//! The browser app of Samskriv.

use leptos::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(|| view! { <main class="paper"><h1>"Samskriv"</h1></main> });
}
