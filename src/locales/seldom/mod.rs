//! The strings of what only some need, which are in the app's second module
//! with it: nothing but [`crate::seldom`] may reach them.

mod en;
mod nb;
mod nn;

use super::{Locale, Texts};

use en::EN;
use nb::NB;
use nn::NN;

impl Texts {
    /// The strings of what only some need, in the same language.
    pub fn seldom(&self) -> &'static SeldomTexts {
        match self.locale {
            Locale::Nn => &NN,
            Locale::Nb => &NB,
            Locale::En => &EN,
        }
    }
}

/// These strings of one language.
pub struct SeldomTexts {
    // The settings.
    pub saved_settings: &'static str,
    pub storage: &'static str,
    pub storage_used: fn(&str, &str) -> String,
    pub storage_unknown: &'static str,
    pub storage_lasting: &'static str,
    pub storage_not_lasting: &'static str,
    pub ask_lasting: &'static str,

    // Files and backups.
    pub export_sealed: &'static str,
    pub export_sealed_what: &'static str,
    pub export_failed: &'static str,
    pub download_plan_what: &'static str,
    pub opening_file: &'static str,
    pub file_merged: fn(&str, usize) -> String,
    pub file_lacks: &'static str,
    pub file_damaged: &'static str,
    pub file_not_ours: &'static str,
    pub file_newer: &'static str,
    pub file_unusable: &'static str,
    pub file_too_large: &'static str,
    pub file_not_here: &'static str,
    pub file_unknown: &'static str,
    pub begin_from_file: &'static str,
    pub open_plan: fn(&str) -> String,
    pub backup: &'static str,
    pub backup_what: &'static str,
    pub backup_asks: &'static str,
    pub passphrase: &'static str,
    pub passphrase_again: &'static str,
    pub passphrase_short: &'static str,
    pub passphrases_differ: &'static str,
    pub passphrase_wrong: &'static str,
    pub make_backup: &'static str,
    pub working: &'static str,
    pub backup_made: fn(usize) -> String,
    pub backup_left_out: fn(usize) -> String,
    pub backup_failed: &'static str,
    pub restore: &'static str,
    pub restored: fn(usize) -> String,
    pub restore_damaged: fn(usize) -> String,

    // Comments.
    pub no_comments: &'static str,
    pub answer: &'static str,
    pub settle: &'static str,
    pub add_comment: &'static str,
    pub cancel: &'static str,

    // Relays, and plans that were moved.
    pub relays: &'static str,
    pub relays_what: &'static str,
    pub other_relay: &'static str,
    pub add_relay: &'static str,
    pub remove_relay: &'static str,
    pub leave_relay: fn(&str) -> String,
    pub relay_no_address: &'static str,
    pub relay_silent: &'static str,
    pub relay_not_yet: &'static str,
    pub new_keys: &'static str,
    pub new_keys_what: &'static str,
    pub move_plan: &'static str,
    pub may_write: &'static str,
    pub may_read: &'static str,
    pub left_out: &'static str,
    pub no_members: &'static str,
    pub move_now: &'static str,
    pub moving: &'static str,
    pub move_not_synchronised: &'static str,
    pub move_stopped: &'static str,
    pub move_under_way: &'static str,
    pub go_on_moving: &'static str,
    pub give_up_moving: &'static str,
    pub ask_new_link: &'static str,
    pub follow_plan: &'static str,
}
