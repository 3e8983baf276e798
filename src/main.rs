//! The browser app of Samskriv.

mod app;
mod asset;
mod derived;
mod device;
mod document;
mod editor;
mod locales;
mod pages;
mod route;
mod seldom;
mod ui;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::Root);
}
