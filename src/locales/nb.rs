//! Bokmål.

use plan::value::{Body, SectionKind};

use super::{Locale, Texts};

pub static NB: Texts = Texts {
    locale: Locale::Nb,
    tag: "nb",
    language_name: "Bokmål",
    decimal_mark: ",",
    months: [
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ],
    day_month_year: |day, month, year| format!("{day}. {month} {year}"),
    clock: |hour, minute| format!("kl.\u{a0}{hour:02}.{minute:02}"),
    and: "og",
    next_revision: "Ved neste rullering",

    skip_to_content: "Til innholdet",
    all_plans: "Alle planer",
    settings: "Innstillinger",
    close: "Lukk",
    add: "Legg til",
    choose: "Velg",
    copy: "Kopier",
    copied: "Kopiert",
    new_version: "En ny versjon av Samskriv er klar.",
    use_new_version: "Ta i bruk nå",
    not_found: "Her er det ingenting",
    not_found_what: "Adressen fører ikke til noe. Planene dine er der de var.",
    loading: "Åpner …",
    thousands_mark: '\u{a0}',
    kroner: |sum| format!("{sum}\u{a0}kr"),
    help: "Hjelp",
    accessibility: "Tilgjengelighet",
    not_fetched: "Dette er ikke hentet til enheten ennå. Åpne det én gang mens du har nett, \
        så blir det liggende her.",

    welcome: "Skriv planen sammen",
    welcome_what: "Hver enhet har hele planen. Du kan skrive uten nett i ukevis, og alt blir \
        flettet sammen når dere møtes igjen. Du trenger ingen konto, og ingen andre enn de som har \
        lenken, kan lese planen.",
    your_name: "Navnet ditt",
    your_name_needed: "Skriv navnet ditt, så de andre ser hvem som har skrevet hva.",
    your_party: "Hvem skriver du for?",
    your_party_what: "Velg en kommune eller en annen part, eller skriv navnet på parten.",
    your_party_needed: "Velg hvem du skriver for.",
    app_language: "Språk i appen",
    begin: "Kom i gang",
    save: "Lagre",

    your_plans: "Planer på denne enheten",
    no_plans: "Her er det ingen planer ennå. Lag en ny, eller bli med i en plan med lenken du har \
        fått.",
    new_plan: "Ny plan",
    join_plan: "Bli med i en plan",
    plan_title: "Tittel",
    plan_template: "Mal",
    template_rural_growth: "Handlingsplan for bygdevekstavtale",
    plan_content: "Innhold",
    content_empty: "Tom plan: kapitler og tabeller er klare til å skrive i",
    content_example: "Utfylt eksempel: Vest-Telemark 2025",
    example_missing: "Eksempelet er ikke hentet til denne enheten ennå. Prøv igjen når du har nett, eller begynn med en tom plan.",
    plan_language: "Språk i planen",
    create_plan: "Lag planen",
    untitled: "Uten tittel",
    read_only: "Bare lesing",
    changed_at: |when| format!("Endret {when}"),

    join_what: "Lim inn hele lenken du har fått. Planen blir hentet til denne enheten.",
    plan_link: "Lenke til planen",
    join: "Bli med",
    joining: "Henter planen …",
    link_empty: "Her er det ingen lenke. Lim inn hele lenken du har fått.",
    link_not_a_link: "Dette er ikke en lenke til en plan. Be om lenken på nytt, og kopier hele.",
    link_cut: "Lenken er ikke hel: noe er klippet bort eller endret på veien. Be om den på nytt.",
    link_newer: "Lenken er laget med en nyere versjon av Samskriv. Last inn siden på nytt for å få \
        den nye versjonen.",
    link_no_relay: "Lenken sier ikke hvor planen kan hentes. Be om hele adressen, fra «https» og \
        ut.",
    link_unknown_plan: "Ingen har sendt denne planen hit ennå. Den kommer av seg selv når en av de \
        andre er på nett.",
    join_waits: "Får ikke kontakt nå. Planen blir hentet så snart det er nett; lenken er tatt vare \
        på.",

    share: "Del",
    share_title: "Del planen",
    share_what: "Den som har lenken, har planen. Send den bare til dem som skal ha planen; en \
        lenke kan ikke kalles tilbake.",
    edit_link: "Lenke for å skrive",
    edit_link_what: "For dem som skal være med og skrive.",
    read_link: "Lenke for å lese",
    read_link_what: "For dem som bare skal lese og følge med.",
    download_plan: "Last ned planen som fil",

    open_file: "Åpne en fil",

    saved_here: "Lagret her",
    saving: "Lagrer …",
    save_failed: "Ikke lagret",
    save_failed_what: "Nettleseren får ikke lagret det du skriver. Det er trygt så lenge siden er \
        åpen. Last ned planen som fil før du lukker siden.",
    storage_full: "Det er fullt på denne enheten. Rydd plass, eller last ned planen som fil før du \
        lukker siden.",
    sending: "sender endringer …",
    unsynced: "endringer venter på forbindelse",
    offline: "uten nett",
    connecting: "kobler til …",
    at_relay: |time| format!("synkronisert {time}"),
    seen_by: |count| {
        if count == 1 {
            "én annen har alt".into()
        } else {
            format!("{count} andre har alt")
        }
    },
    partner_has_more: "noen har endringer som ikke har kommet hit ennå",
    set_aside: |count| {
        if count == 1 {
            "én sending kunne ikke åpnes og er lagt til side".into()
        } else {
            format!("{count} sendinger kunne ikke åpnes og er lagt til side")
        }
    },
    relay_refused: "Formidleren tar ikke imot alt. Det du har skrevet, er trygt her.",
    app_too_old: "Formidleren krever en nyere versjon av Samskriv. Last inn siden på nytt; det du \
        har skrevet, er trygt her.",
    merged_from: |who| format!("Flettet inn endringer fra {who}"),
    here_now: |count| {
        if count == 1 {
            "én annen er her nå".into()
        } else {
            format!("{count} andre er her nå")
        }
    },
    newer_schema: "Planen er skrevet med en nyere versjon av Samskriv. Du kan lese den her; last \
        inn siden på nytt for å skrive.",
    plan_closed: |who| {
        format!(
            "Planen er flyttet til nye nøkler av {who}. Det du skriver her, er trygt på enheten, \
             men kommer ikke fram til de andre."
        )
    },
    plan_missing: "Denne planen finnes ikke på enheten. Bli med i planen med lenken du har fått.",
    plan_damaged: "Planen kunne ikke åpnes. Ingenting er slettet; utgavene hos de andre er hele, \
        og du kan bli med på nytt med lenken.",
    storage_outdated: "En nyere versjon av Samskriv er åpen i en annen fane. Last inn siden på nytt; det du har skrevet, er trygt.",
    edit_failed: "Endringen kunne ikke gjøres. Planen er som den var.",
    storage_refused: "Nettleseren lar ikke Samskriv lagre noe. Slå av privat modus, eller tillat \
        lagring for nettstedet.",

    people_here: "Her nå",
    outline: "Innhold",
    find: "Finn i planen",
    found: |count, more| match count {
        0 => "Ingen treff".into(),
        1 => "Ett treff".into(),
        _ if more => format!("De første {count} treffene"),
        _ => format!("{count} treff"),
    },
    view_names: "Visning",
    view_plan: "Plan",
    beside: "Sidepanel",
    log: "Logg",
    log_version: "Versjon",
    log_label: "Hva",
    log_date: "Dato",
    log_status: "Status",
    log_changed_by: "Sist endret av",
    add_log_row: "Legg til rad i loggen",
    version_taken: |free| format!("Versjonen er brukt i en annen rad. {free} er ledig."),
    title: "Tittel",
    subtitle: "Undertittel",
    chapter: |number| format!("Kapittel {number}"),
    chapter_heading: |number| format!("Overskrift, kapittel {number}"),
    chapter_text: |number| format!("Tekst, kapittel {number}"),
    write_here: "Skriv her …",
    formatting: "Formatering",
    bold: "Fet",
    bold_letter: "F",
    italic: "Kursiv",
    italic_letter: "K",
    text_heading: "Overskrift",
    bullets: "Punktliste",
    numbers: "Nummerert liste",
    text_note: "Merknad",
    table: "Tabell",
    add_row: "Ny rad",
    add_column: "Ny kolonne",
    delete_row: "Slett rad",
    delete_column: "Slett kolonne",
    delete_table: "Slett tabell",
    text_link: "Lenke",
    link_address: "Adressen til lenken",
    put_link: "Sett inn",
    sub_goal: |number| format!("Delmål {number}"),
    goal_title: |number| format!("Tittel, delmål {number}"),
    goal: "Delmål",
    weight: "Vekt",
    goal_weight: |number| format!("Vekt, delmål {number}"),
    goal_main: "Hovedmål",
    goal_main_of: |number| format!("Hovedmål, delmål {number}"),
    goal_text_of: |number| format!("Innledning, delmål {number}"),
    add_goal: "Legg til delmål",
    weights_sum: |sum| format!("Vektene er til sammen {sum}, ikke 100\u{a0}%."),
    number: "Nr.",
    measure: "Tiltak",
    measures: "Tiltak",
    leads: "Hovedansvarlig",
    partners: "Samarbeidsparter",
    time_frame: "Tidsramme",
    and_others: "m.fl.",
    later: "Senere i perioden",
    later_flag: "senere",
    early: "I en tidlig fase",
    unfinished: "Uferdig",
    add_measure: "Legg til tiltak",
    add_measure_to: |goal| format!("Legg til tiltak i delmål {goal}"),
    measure_n: |number| format!("Tiltak {number}"),
    measure_title: |number| format!("Tittel, tiltak {number}"),
    measure_time_frame: |number| format!("Tidsramme, tiltak {number}"),
    measure_leads: |number| format!("Hovedansvarlig, tiltak {number}"),
    measure_partners: |number| format!("Samarbeidsparter, tiltak {number}"),
    untitled_measure: "Nytt tiltak",
    move_up: |number| format!("Flytt tiltak {number} opp"),
    move_down: |number| format!("Flytt tiltak {number} ned"),
    delete_measure: |number| format!("Slett tiltak {number}"),
    deleted_measures: |count| {
        if count == 1 {
            "Ett slettet tiltak".into()
        } else {
            format!("{count} slettede tiltak")
        }
    },
    bring_back: |title| format!("Hent tilbake «{title}»"),
    deleted_by: |who| format!("slettet av {who}"),
    section_heading: "Overskrift",
    section_of: |section, measure| format!("{section}, tiltak {measure}"),
    add_section: |measure| format!("Legg til avsnitt i tiltak {measure}"),
    free_section: "Egen overskrift",
    section: |kind| match kind {
        SectionKind::Challenge => "Utfordring",
        SectionKind::Description => "Beskrivelse av tiltaket",
        SectionKind::Trial => "Aktuell utprøving",
        SectionKind::Aim => "Mål med tiltaket",
        SectionKind::DevelopmentArea => "Utviklingsområde",
        SectionKind::TargetGroups => "Mulige målgrupper",
        SectionKind::FirstSteps => "Første steg",
        SectionKind::Contributions => "Hvem bidrar – og hvordan?",
        SectionKind::Participants => "Medvirkende",
        SectionKind::FurtherPlanning => "Videre planlegging",
        SectionKind::Note => "Merk",
        SectionKind::Free => "Avsnitt",
    },
    party: "Part",
    add_party: "Legg til part",
    party_name: "Navn på parten",
    done: "Ferdig",
    body: |body| match body {
        Body::ExecutiveCommittee => "Formannskap",
        Body::MunicipalCouncil => "Kommunestyre",
        Body::CountyCouncil => "Fylkesting",
        Body::MainCommittee => "Hovedutvalg",
    },
    anchoring: "Forankring",
    anchoring_date: |body, party| format!("{body}, {party}"),
    approval_party: "Samarbeidspart",
    approval_date: "Dato for (politisk) godkjenning",
    approve: |party| format!("Dato for godkjenning, {party}"),
    not_approved: "Ikke godkjent",
    approved_changed: "Endret etter godkjenning",
    approval_blocked: "Planen har uenighet som må avgjøres før den kan godkjennes.",
    date_unreadable: "Skriv datoen som 11.06.2025, 11. juni 2025 eller juni 2025.",
    share_unreadable: "Skriv vekten som et tall, for eksempel 60\u{a0}%.",

    clashes: |count| {
        if count == 0 {
            "Uenighet".into()
        } else {
            format!("Uenighet {count}")
        }
    },
    no_clashes: "Ingen uenighet. Når to har skrevet ulikt i samme felt uten å vite om hverandre, \
        står begge utgavene her til noen velger.",
    comments: |count| {
        if count == 0 {
            "Kommentarer".into()
        } else {
            format!("Kommentarer {count}")
        }
    },
    comment: "Kommenter",
    comment_on: |name| format!("Kommenter {name}"),
    clash_explained: "Skrevet hver for seg. Begge utgavene står til noen velger.",
    choose_value: |value, who| format!("Velg {value} fra {who}"),
    cleared: "tomt",
    other_field: "Annet felt",
    other_value: "en verdi som denne siden ikke viser",
    someone: "noen",
    deleted_and_edited: |what| format!("{what} er slettet, og endret"),
    deleted_and_edited_by: |deleter, editor| {
        format!("Slettet av {deleter}, endret av {editor} uten å vite om det.")
    },
    keep: "Behold",
    delete: "Slett",
    read_through: "Les gjennom",
    read_through_what: |who| {
        format!("Skrevet hver for seg av {who}. Teksten er flettet tegn for tegn.")
    },
    have_read: "Jeg har lest gjennom",
};
