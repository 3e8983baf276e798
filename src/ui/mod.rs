//! Small parts that the pages share.

pub mod bar;
pub mod dialog;
pub mod footer;
pub mod lazy;
pub mod list;
pub mod load;
pub mod moment;
pub mod near;
pub mod parties_field;
pub mod prose;
pub mod radio;
pub mod rich_text;
pub mod settled;
pub mod status;
pub mod text_field;
pub mod value_field;

pub use bar::Bar;
pub use dialog::Dialog;
pub use footer::Footer;
pub use lazy::lazy;
pub use list::{Item, Show, each, items};
pub use load::load;
pub use near::{Part, Surroundings};
pub use parties_field::PartiesField;
pub use radio::{RadioGroup, radio};
pub use rich_text::BodyField;
pub use settled::once_drawn;
pub use status::StatusLine;
pub use text_field::{TextInput, TextOf};
pub use value_field::{Choices, ValueField};

use std::sync::atomic::{AtomicU32, Ordering};

/// An id for an element that labels or describes another.
pub fn element_id(of: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{of}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Names the page in the window's title and, for a screen reader, on arrival.
pub fn set_page_title(title: &str) {
    let title = if title.is_empty() {
        "Samskriv".to_owned()
    } else {
        format!("{title} – Samskriv")
    };
    leptos::prelude::document().set_title(&title);
}
