//! British English.

use super::SeldomTexts;

pub static EN: SeldomTexts = SeldomTexts {
    saved_settings: "Saved",
    storage: "Storage on this device",
    storage_used: |used, quota| format!("{used} of {quota} used."),
    storage_unknown: "The browser does not say how much space is used.",
    storage_lasting: "The browser has promised to keep the plans.",
    storage_not_lasting: "The browser may clear the plans away if space runs low. Install the app, \
        or download the plans as files from time to time.",
    ask_lasting: "Ask the browser to keep the plans",

    export_sealed: "Download a sealed file",
    export_sealed_what: "For merging: whoever has the plan's link opens the file in Samskriv, and \
        the plans are merged. Use it where you can't reach one another over the network.",
    export_failed: "The file could not be made. The plan is as it was. Download it as an open file.",
    download_plan_what: "For archives and other programs. Anyone can read this file.",
    opening_file: "Opening the file …",
    file_merged: |title, count| match count {
        0 => format!("“{title}” had all of the file already."),
        1 => format!("One change from the file is merged into “{title}”."),
        _ => format!("{count} changes from the file are merged into “{title}”."),
    },
    file_lacks: "The file builds on changes that are not here. Ask for an earlier file too, or for \
        the whole plan.",
    file_damaged: "Some of the file is damaged and could not be used. The rest is merged. Ask for \
        the file again.",
    file_not_ours: "This is no file with a plan from Samskriv. Your plans are as they were.",
    file_newer: "The file was made by a newer version of Samskriv. Reload the page to get the new \
        version.",
    file_unusable: "The file is damaged and can't be opened. Your plans are as they were. Ask for \
        the file again.",
    file_too_large: "The file is larger than any that Samskriv makes. Your plans are as they were.",
    file_not_here: "The plan in the file is not on this device. Join the plan by its link first, \
        then open the file.",
    file_unknown: "The plan in the file is not on this device. If you have its link, join the plan \
        first. Otherwise you can begin a new plan from the file; it gets links of its own and goes \
        its own way.",
    begin_from_file: "Begin a new plan from the file",
    open_plan: |title| format!("Open “{title}”"),
    backup: "Backup",
    backup_what: "All plans on this device with their keys, in one file. Only who has the password \
        can open it. If you lose the password, no one can open it for you. You bring the plans \
        back by “Open a file” in the list of plans.",
    backup_asks: "The file is a backup. Enter its password to bring the plans back. Plans that are \
        here already are merged with those in the backup.",
    passphrase: "Password",
    passphrase_again: "The password once more",
    passphrase_short: "Use at least 12 characters, four words for example.",
    passphrases_differ: "The two passwords are not alike.",
    passphrase_wrong: "The backup was not made with this password.",
    make_backup: "Make a backup",
    working: "One moment …",
    backup_made: |count| match count {
        1 => "The backup with one plan is downloaded. Keep its password safe.".into(),
        _ => format!("The backup with {count} plans is downloaded. Keep its password safe."),
    },
    backup_left_out: |count| match count {
        1 => "One plan could not be read and is not in the backup.".into(),
        _ => format!("{count} plans could not be read and are not in the backup."),
    },
    backup_failed: "The backup could not be made. Your plans are as they were.",
    restore: "Bring back",
    restored: |count| match count {
        1 => "One plan is brought back.".into(),
        _ => format!("{count} plans are brought back."),
    },
    restore_damaged: |count| match count {
        1 => "One plan in the backup is damaged and could not be brought back.".into(),
        _ => format!("{count} plans in the backup are damaged and could not be brought back."),
    },

    no_comments: "No comments. Choose «Comment» at a measure to say something about it to the others.",
    answer: "Answer",
    settle: "Settled",
    add_comment: "Add comment",
    cancel: "Cancel",

    relays: "Relays",
    relays_what: "The plan is kept at these. Everyone uses the first that answers; if it is gone, everyone uses the next. What is missing there comes along from the device.",
    other_relay: "Address of another relay",
    add_relay: "Add relay",
    remove_relay: "Remove",
    leave_relay: |name| format!("Remove {name}"),
    relay_no_address: "This is no address of a relay. It begins with https://.",
    relay_silent: "No relay answers at this address. The plan is as it was.",
    relay_not_yet: "Wait until all is synchronised, then try again. The plan is as it was.",
    new_keys: "New keys",
    new_keys_what: "If someone is to leave the plan, or a link has gone astray, move the plan to new \
        keys. Those you choose are asked to come along. The others keep what they have, but get \
        nothing of what is written from then on. The old links no longer apply.",
    move_plan: "Choose who comes along",
    may_write: "Can write",
    may_read: "Can read",
    left_out: "Does not come along",
    no_members: "Nobody else has written in the plan yet.",
    move_now: "Move the plan",
    moving: "Moving the plan…",
    move_not_synchronised: "The plan was not moved. Everything must be synchronised first: try again \
        when you are online and it says “synchronised” at the top of the page.",
    move_stopped: "The move stopped on the way, because the relay does not answer. Nothing is lost. \
        Go on when you are online.",
    move_under_way: "A move to new keys is not finished. The plan is as it was.",
    go_on_moving: "Go on with the move",
    give_up_moving: "Give up the move",
    ask_new_link: "Ask for the new link if you are to write on.",
    follow_plan: "Come along",
};
