//! Every string a person reads, in three languages.
//!
//! A string is a field of [`Texts`], so the compiler sees to it that each is
//! there in every language and is given what it speaks of. Where words bend by
//! number the field is a function: «1 tiltak», «2 tiltak», «1 measure».
//!
//! The page takes the texts once, when it is mounted; choosing another
//! language mounts it anew.

mod en;
pub mod format;
mod nb;
mod nn;
mod seldom;
pub mod value;

use plan::value::{Body, SectionKind};
use serde::{Deserialize, Serialize};

pub use en::EN;
pub use nb::NB;
pub use nn::NN;
pub use seldom::SeldomTexts;

/// The languages, the default first.
pub const ALL: [&Texts; 3] = [&NN, &NB, &EN];

/// A language of the app. A plan has a language of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Nynorsk, which these municipalities write.
    #[default]
    Nn,
    /// Bokmål.
    Nb,
    /// English.
    En,
}

impl Locale {
    /// All of them, as the list of languages offers them.
    pub const ALL: [Locale; 3] = [Locale::Nn, Locale::Nb, Locale::En];

    /// Its strings.
    pub fn texts(self) -> &'static Texts {
        match self {
            Self::Nn => &NN,
            Self::Nb => &NB,
            Self::En => &EN,
        }
    }
}

/// The strings of one language.
pub struct Texts {
    pub locale: Locale,
    /// BCP 47 tag, for `lang`.
    pub tag: &'static str,
    /// The language's own name.
    pub language_name: &'static str,
    pub decimal_mark: &'static str,
    pub months: [&'static str; 12],
    pub day_month_year: fn(u32, &str, i32) -> String,
    pub clock: fn(u32, u32) -> String,
    pub and: &'static str,
    pub next_revision: &'static str,

    // The shell.
    pub skip_to_content: &'static str,
    pub all_plans: &'static str,
    pub settings: &'static str,
    pub close: &'static str,
    pub add: &'static str,
    pub choose: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub new_version: &'static str,
    pub use_new_version: &'static str,
    pub not_found: &'static str,
    pub not_found_what: &'static str,
    pub loading: &'static str,
    pub thousands_mark: char,
    pub kroner: fn(&str) -> String,
    pub help: &'static str,
    pub accessibility: &'static str,
    pub not_fetched: &'static str,

    // The first visit and the settings.
    pub welcome: &'static str,
    pub welcome_what: &'static str,
    pub your_name: &'static str,
    pub your_name_needed: &'static str,
    pub your_party: &'static str,
    pub your_party_what: &'static str,
    pub your_party_needed: &'static str,
    pub app_language: &'static str,
    pub begin: &'static str,
    pub save: &'static str,

    // The list of plans.
    pub your_plans: &'static str,
    pub no_plans: &'static str,
    pub new_plan: &'static str,
    pub join_plan: &'static str,
    pub plan_title: &'static str,
    pub plan_template: &'static str,
    pub template_rural_growth: &'static str,
    pub plan_content: &'static str,
    pub content_empty: &'static str,
    pub content_example: &'static str,
    pub example_missing: &'static str,
    pub plan_language: &'static str,
    pub create_plan: &'static str,
    pub untitled: &'static str,
    pub read_only: &'static str,
    pub changed_at: fn(&str) -> String,

    // Joining.
    pub join_what: &'static str,
    pub plan_link: &'static str,
    pub join: &'static str,
    pub joining: &'static str,
    pub link_empty: &'static str,
    pub link_not_a_link: &'static str,
    pub link_cut: &'static str,
    pub link_newer: &'static str,
    pub link_no_relay: &'static str,
    pub link_unknown_plan: &'static str,
    pub join_waits: &'static str,

    // Sharing.
    pub share: &'static str,
    pub share_title: &'static str,
    pub share_what: &'static str,
    pub edit_link: &'static str,
    pub edit_link_what: &'static str,
    pub read_link: &'static str,
    pub read_link_what: &'static str,
    pub download_plan: &'static str,

    // Files and backups.
    pub open_file: &'static str,

    // Saving and synchronising, in words.
    pub saved_here: &'static str,
    pub saving: &'static str,
    pub save_failed: &'static str,
    pub save_failed_what: &'static str,
    pub storage_full: &'static str,
    pub sending: &'static str,
    pub unsynced: &'static str,
    pub offline: &'static str,
    pub connecting: &'static str,
    pub at_relay: fn(&str) -> String,
    pub seen_by: fn(usize) -> String,
    pub partner_has_more: &'static str,
    pub set_aside: fn(u32) -> String,
    pub relay_refused: &'static str,
    pub app_too_old: &'static str,
    pub merged_from: fn(&str) -> String,
    pub here_now: fn(u32) -> String,
    pub newer_schema: &'static str,
    pub plan_closed: fn(&str) -> String,
    pub plan_missing: &'static str,
    pub plan_damaged: &'static str,
    pub storage_outdated: &'static str,
    pub edit_failed: &'static str,
    pub storage_refused: &'static str,

    // The plan page.
    pub people_here: &'static str,
    pub outline: &'static str,
    pub find: &'static str,
    /// How many there are, and whether there are more than are shown.
    pub found: fn(usize, bool) -> String,
    pub view_names: &'static str,
    pub view_plan: &'static str,
    pub beside: &'static str,
    pub log: &'static str,
    pub log_version: &'static str,
    pub log_label: &'static str,
    pub log_date: &'static str,
    pub log_status: &'static str,
    pub log_changed_by: &'static str,
    pub add_log_row: &'static str,
    pub version_taken: fn(&str) -> String,
    pub title: &'static str,
    pub subtitle: &'static str,
    pub chapter: fn(u32) -> String,
    pub chapter_heading: fn(u32) -> String,
    pub chapter_text: fn(u32) -> String,
    pub write_here: &'static str,
    pub formatting: &'static str,
    pub bold: &'static str,
    pub bold_letter: &'static str,
    pub italic: &'static str,
    pub italic_letter: &'static str,
    pub text_heading: &'static str,
    pub bullets: &'static str,
    pub numbers: &'static str,
    pub text_note: &'static str,
    pub table: &'static str,
    pub add_row: &'static str,
    pub add_column: &'static str,
    pub delete_row: &'static str,
    pub delete_column: &'static str,
    pub delete_table: &'static str,
    pub text_link: &'static str,
    pub link_address: &'static str,
    pub put_link: &'static str,
    pub sub_goal: fn(usize) -> String,
    pub goal_title: fn(usize) -> String,
    pub goal: &'static str,
    pub weight: &'static str,
    pub goal_weight: fn(usize) -> String,
    pub goal_main: &'static str,
    pub goal_main_of: fn(usize) -> String,
    pub goal_text_of: fn(usize) -> String,
    pub add_goal: &'static str,
    pub weights_sum: fn(&str) -> String,
    pub number: &'static str,
    pub measure: &'static str,
    pub measures: &'static str,
    pub leads: &'static str,
    pub partners: &'static str,
    pub time_frame: &'static str,
    pub and_others: &'static str,
    pub later: &'static str,
    pub later_flag: &'static str,
    pub early: &'static str,
    pub unfinished: &'static str,
    pub add_measure: &'static str,
    pub add_measure_to: fn(usize) -> String,
    pub measure_n: fn(usize) -> String,
    pub measure_title: fn(usize) -> String,
    pub measure_time_frame: fn(usize) -> String,
    pub measure_leads: fn(usize) -> String,
    pub measure_partners: fn(usize) -> String,
    pub untitled_measure: &'static str,
    pub move_up: fn(usize) -> String,
    pub move_down: fn(usize) -> String,
    pub delete_measure: fn(usize) -> String,
    pub deleted_measures: fn(usize) -> String,
    pub bring_back: fn(&str) -> String,
    pub deleted_by: fn(&str) -> String,
    pub section_heading: &'static str,
    pub section_of: fn(&str, usize) -> String,
    pub add_section: fn(usize) -> String,
    pub free_section: &'static str,
    pub section: fn(SectionKind) -> &'static str,
    pub party: &'static str,
    pub add_party: &'static str,
    pub party_name: &'static str,
    pub done: &'static str,
    pub body: fn(Body) -> &'static str,
    pub anchoring: &'static str,
    pub anchoring_date: fn(&str, &str) -> String,
    pub approval_party: &'static str,
    pub approval_date: &'static str,
    pub approve: fn(&str) -> String,
    pub not_approved: &'static str,
    pub approved_changed: &'static str,
    pub approval_blocked: &'static str,
    pub date_unreadable: &'static str,
    pub share_unreadable: &'static str,

    // Where hands met.
    pub clashes: fn(usize) -> String,
    pub no_clashes: &'static str,
    pub comments: fn(usize) -> String,
    pub comment: &'static str,
    pub comment_on: fn(&str) -> String,
    pub clash_explained: &'static str,
    pub choose_value: fn(&str, &str) -> String,
    pub cleared: &'static str,
    pub other_field: &'static str,
    pub other_value: &'static str,
    pub someone: &'static str,
    pub deleted_and_edited: fn(&str) -> String,
    pub deleted_and_edited_by: fn(&str, &str) -> String,
    pub keep: &'static str,
    pub delete: &'static str,
    pub read_through: &'static str,
    pub read_through_what: fn(&str) -> String,
    pub have_read: &'static str,
}
