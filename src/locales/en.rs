//! British English.

use plan::value::{Body, SectionKind};

use super::{Locale, Texts};

pub static EN: Texts = Texts {
    locale: Locale::En,
    tag: "en",
    language_name: "English",
    decimal_mark: ".",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    day_month_year: |day, month, year| format!("{day} {month} {year}"),
    clock: |hour, minute| format!("{hour:02}:{minute:02}"),
    and: "and",
    next_revision: "At the next revision",

    skip_to_content: "Skip to content",
    all_plans: "All plans",
    settings: "Settings",
    close: "Close",
    add: "Add",
    choose: "Choose",
    copy: "Copy",
    copied: "Copied",
    new_version: "A new version of Samskriv is ready.",
    use_new_version: "Use it now",
    not_found: "There is nothing here",
    not_found_what: "The address leads nowhere. Your plans are where they were.",
    loading: "Opening…",
    // As public bodies in Norway mostly write sums in English: the currency's code
    // first, for «kr» is the crown of four countries, and commas, which an English
    // reader expects.
    thousands_mark: ',',
    kroner: |sum| format!("NOK\u{a0}{sum}"),
    help: "Help",
    accessibility: "Accessibility",
    not_fetched: "This has not been fetched to the device yet. Open it once while you are online, \
        and it will be here from then on.",

    welcome: "Write the plan together",
    welcome_what: "Every device has the whole plan. You can write offline for weeks, and \
        everything is merged when you meet again. You need no account, and only those who have the \
        link can read the plan.",
    your_name: "Your name",
    your_name_needed: "Enter your name, so that the others can see who has written what.",
    your_party: "Who are you writing for?",
    your_party_what: "Choose a municipality or another party, or enter the name of the party.",
    your_party_needed: "Choose who you are writing for.",
    app_language: "Language of the app",
    begin: "Get started",
    save: "Save",

    your_plans: "Plans on this device",
    no_plans: "There are no plans here yet. Create a new one, or join a plan with the link you \
        have been given.",
    new_plan: "New plan",
    join_plan: "Join a plan",
    plan_title: "Title",
    plan_template: "Template",
    template_rural_growth: "Action plan for a rural growth agreement",
    plan_content: "Content",
    content_empty: "Empty plan: chapters and tables are ready to write in",
    content_example: "Completed example: Vest-Telemark 2025",
    example_missing: "The example has not been fetched to this device yet. Try again when you are online, or begin with an empty plan.",
    plan_language: "Language of the plan",
    create_plan: "Create the plan",
    untitled: "Untitled",
    read_only: "Read only",
    changed_at: |when| format!("Changed {when}"),

    join_what: "Paste the whole link you have been given. The plan is fetched to this device.",
    plan_link: "Link to the plan",
    join: "Join",
    joining: "Fetching the plan…",
    link_empty: "There is no link here. Paste the whole link you have been given.",
    link_not_a_link: "This is not a link to a plan. Ask for the link again, and copy all of it.",
    link_cut: "The link is not whole: something has been cut off or changed on the way. Ask for it \
        again.",
    link_newer: "The link was made with a newer version of Samskriv. Reload the page to get the \
        new version.",
    link_no_relay: "The link does not say where the plan can be fetched. Ask for the whole \
        address, from ‘https’ onwards.",
    link_unknown_plan: "Nobody has sent this plan here yet. It will arrive by itself when one of \
        the others is online.",
    join_waits: "No connection at the moment. The plan will be fetched as soon as there is one; \
        the link has been kept.",

    share: "Share",
    share_title: "Share the plan",
    share_what: "Whoever has the link has the plan. Send it only to those who are to have the \
        plan; a link cannot be taken back.",
    edit_link: "Link for writing",
    edit_link_what: "For those who are to take part in the writing.",
    read_link: "Link for reading",
    read_link_what: "For those who are only to read and follow along.",
    download_plan: "Download the plan as a file",

    open_file: "Open a file",

    saved_here: "Saved here",
    saving: "Saving…",
    save_failed: "Not saved",
    save_failed_what: "The browser is unable to save what you write. It is safe as long as the \
        page is open. Download the plan as a file before you close the page.",
    storage_full: "This device is full. Free some space, or download the plan as a file before you \
        close the page.",
    sending: "sending changes…",
    unsynced: "changes waiting for a connection",
    offline: "offline",
    connecting: "connecting…",
    at_relay: |time| format!("synchronised {time}"),
    seen_by: |count| {
        if count == 1 {
            "one other has everything".into()
        } else {
            format!("{count} others have everything")
        }
    },
    partner_has_more: "someone has changes that have not arrived here yet",
    set_aside: |count| {
        if count == 1 {
            "one delivery could not be opened and has been set aside".into()
        } else {
            format!("{count} deliveries could not be opened and have been set aside")
        }
    },
    relay_refused: "The relay is not accepting everything. What you have written is safe here.",
    app_too_old: "The relay requires a newer version of Samskriv. Reload the page; what you have \
        written is safe here.",
    merged_from: |who| format!("Merged changes from {who}"),
    here_now: |count| {
        if count == 1 {
            "one other is here now".into()
        } else {
            format!("{count} others are here now")
        }
    },
    newer_schema: "The plan was written with a newer version of Samskriv. You can read it here; \
        reload the page to write.",
    plan_closed: |who| {
        format!(
            "The plan was moved to new keys by {who}. What you write here is safe on this device, \
             but does not reach the others."
        )
    },
    plan_missing: "This plan is not on the device. Join it with the link you have been given.",
    plan_damaged: "The plan could not be opened. Nothing has been deleted; the others’ copies are \
        whole, and you can join again with the link.",
    storage_outdated: "A newer version of Samskriv is open in another tab. Reload the page; what you have written is safe.",
    edit_failed: "The change could not be made. The plan is as it was.",
    storage_refused: "The browser does not let Samskriv save anything. Turn off private browsing, \
        or allow storage for the site.",

    people_here: "Here now",
    outline: "Contents",
    find: "Find in the plan",
    found: |count, more| match count {
        0 => "No matches".into(),
        1 => "One match".into(),
        _ if more => format!("The first {count} matches"),
        _ => format!("{count} matches"),
    },
    view_names: "View",
    view_plan: "Plan",
    beside: "Side panel",
    log: "Log",
    log_version: "Version",
    log_label: "What",
    log_date: "Date",
    log_status: "Status",
    log_changed_by: "Last changed by",
    add_log_row: "Add a row to the log",
    version_taken: |free| format!("The version is used in another row. {free} is free."),
    title: "Title",
    subtitle: "Subtitle",
    chapter: |number| format!("Chapter {number}"),
    chapter_heading: |number| format!("Heading, chapter {number}"),
    chapter_text: |number| format!("Text, chapter {number}"),
    write_here: "Write here…",
    formatting: "Formatting",
    bold: "Bold",
    bold_letter: "B",
    italic: "Italic",
    italic_letter: "I",
    text_heading: "Heading",
    bullets: "Bullet list",
    numbers: "Numbered list",
    text_note: "Note",
    table: "Table",
    add_row: "New row",
    add_column: "New column",
    delete_row: "Delete row",
    delete_column: "Delete column",
    delete_table: "Delete table",
    text_link: "Link",
    link_address: "Address of the link",
    put_link: "Insert",
    sub_goal: |number| format!("Sub-goal {number}"),
    goal_title: |number| format!("Title, sub-goal {number}"),
    goal: "Subgoal",
    weight: "Weight",
    goal_weight: |number| format!("Weight, sub-goal {number}"),
    goal_main: "Main goal",
    goal_main_of: |number| format!("Main goal, sub-goal {number}"),
    goal_text_of: |number| format!("Introduction, sub-goal {number}"),
    add_goal: "Add a sub-goal",
    weights_sum: |sum| format!("The weights add up to {sum}, not 100\u{a0}%."),
    number: "No.",
    measure: "Measure",
    measures: "Measures",
    leads: "Lead parties",
    partners: "Partners",
    time_frame: "Time frame",
    and_others: "and others",
    later: "Later in the period",
    later_flag: "later",
    early: "At an early stage",
    unfinished: "Unfinished",
    add_measure: "Add a measure",
    add_measure_to: |goal| format!("Add a measure to sub-goal {goal}"),
    measure_n: |number| format!("Measure {number}"),
    measure_title: |number| format!("Title, measure {number}"),
    measure_time_frame: |number| format!("Time frame, measure {number}"),
    measure_leads: |number| format!("Lead parties, measure {number}"),
    measure_partners: |number| format!("Partners, measure {number}"),
    untitled_measure: "New measure",
    move_up: |number| format!("Move measure {number} up"),
    move_down: |number| format!("Move measure {number} down"),
    delete_measure: |number| format!("Delete measure {number}"),
    deleted_measures: |count| {
        if count == 1 {
            "One deleted measure".into()
        } else {
            format!("{count} deleted measures")
        }
    },
    bring_back: |title| format!("Bring back ‘{title}’"),
    deleted_by: |who| format!("deleted by {who}"),
    section_heading: "Heading",
    section_of: |section, measure| format!("{section}, measure {measure}"),
    add_section: |measure| format!("Add a section to measure {measure}"),
    free_section: "Heading of your own",
    section: |kind| match kind {
        SectionKind::Challenge => "Challenge",
        SectionKind::Description => "Description of the measure",
        SectionKind::Trial => "Proposed trial",
        SectionKind::Aim => "Aim of the measure",
        SectionKind::DevelopmentArea => "Development area",
        SectionKind::TargetGroups => "Possible target groups",
        SectionKind::FirstSteps => "First steps",
        SectionKind::Contributions => "Who contributes – and how?",
        SectionKind::Participants => "Participants",
        SectionKind::FurtherPlanning => "Further planning",
        SectionKind::Note => "Note",
        SectionKind::Free => "Section",
    },
    party: "Party",
    add_party: "Add a party",
    party_name: "Name of the party",
    done: "Done",
    body: |body| match body {
        Body::ExecutiveCommittee => "Executive committee",
        Body::MunicipalCouncil => "Municipal council",
        Body::CountyCouncil => "County council",
        Body::MainCommittee => "Main committee",
    },
    anchoring: "Anchoring",
    anchoring_date: |body, party| format!("{body}, {party}"),
    approval_party: "Partner",
    approval_date: "Date of (political) approval",
    approve: |party| format!("Date of approval, {party}"),
    not_approved: "Not approved",
    approved_changed: "Changed since approval",
    approval_blocked: "The plan has clashes that must be settled before it can be approved.",
    date_unreadable: "Write the date as 11.06.2025, 11 June 2025 or June 2025.",
    share_unreadable: "Write the weight as a number, for example 60\u{a0}%.",

    clashes: |count| {
        if count == 0 {
            "Clashes".into()
        } else {
            format!("Clashes {count}")
        }
    },
    no_clashes: "No clashes. When two people have written different things in the same field \
        without knowing of each other, both versions stand here until someone chooses.",
    comments: |count| {
        if count == 0 {
            "Comments".into()
        } else {
            format!("Comments {count}")
        }
    },
    comment: "Comment",
    comment_on: |name| format!("Comment on {name}"),
    clash_explained: "Written separately. Both versions stand until someone chooses.",
    choose_value: |value, who| format!("Choose {value} from {who}"),
    cleared: "empty",
    other_field: "Another field",
    other_value: "a value that this page does not show",
    someone: "someone",
    deleted_and_edited: |what| format!("{what} has been deleted, and edited"),
    deleted_and_edited_by: |deleter, editor| {
        format!("Deleted by {deleter}, edited by {editor} without knowing of it.")
    },
    keep: "Keep",
    delete: "Delete",
    read_through: "Read through",
    read_through_what: |who| {
        format!("Written separately by {who}. The text has been merged character by character.")
    },
    have_read: "I have read it through",
};
