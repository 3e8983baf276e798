//! Nynorsk.

use plan::value::{Body, SectionKind};

use super::{Locale, Texts};

pub static NN: Texts = Texts {
    locale: Locale::Nn,
    tag: "nn",
    language_name: "Nynorsk",
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

    skip_to_content: "Til innhaldet",
    all_plans: "Alle planar",
    settings: "Innstillingar",
    close: "Lukk",
    add: "Legg til",
    choose: "Vel",
    copy: "Kopier",
    copied: "Kopiert",
    new_version: "Ein ny versjon av Samskriv er klar.",
    use_new_version: "Ta i bruk no",
    not_found: "Her er det ingenting",
    not_found_what: "Adressa fører ikkje til noko. Planane dine er der dei var.",
    loading: "Opnar …",
    thousands_mark: '\u{a0}',
    kroner: |sum| format!("{sum}\u{a0}kr"),
    help: "Hjelp",
    accessibility: "Tilgjengelegheit",
    not_fetched: "Dette er ikkje henta til eininga enno. Opne det éin gong medan du har nett, \
        så blir det liggjande her.",

    welcome: "Skriv planen i lag",
    welcome_what: "Kvar eining har heile planen. Du kan skrive utan nett i vekevis, og alt blir \
        fletta saman når de møtest att. Du treng ingen konto, og ingen andre enn dei som har \
        lenkja, kan lese planen.",
    your_name: "Namnet ditt",
    your_name_needed: "Skriv namnet ditt, så dei andre ser kven som har skrive kva.",
    your_party: "Kven skriv du for?",
    your_party_what: "Vel ein kommune eller ein annan part, eller skriv namnet på parten.",
    your_party_needed: "Vel kven du skriv for.",
    app_language: "Språk i appen",
    begin: "Kom i gang",
    save: "Lagre",

    your_plans: "Planar på denne eininga",
    no_plans: "Her er det ingen planar enno. Lag ein ny, eller bli med i ein plan med lenkja du \
        har fått.",
    new_plan: "Ny plan",
    join_plan: "Bli med i ein plan",
    plan_title: "Tittel",
    plan_template: "Mal",
    template_rural_growth: "Handlingsplan for bygdevekstavtale",
    plan_content: "Innhald",
    content_empty: "Tom plan: kapittel og tabellar er klare til å skrive i",
    content_example: "Utfylt døme: Vest-Telemark 2025",
    example_missing: "Dømet er ikkje henta til denne eininga enno. Prøv igjen når du har nett, eller begynn med ein tom plan.",
    plan_language: "Språk i planen",
    create_plan: "Lag planen",
    untitled: "Utan tittel",
    read_only: "Berre lesing",
    changed_at: |when| format!("Endra {when}"),

    join_what: "Lim inn heile lenkja du har fått. Planen blir henta til denne eininga.",
    plan_link: "Lenkje til planen",
    join: "Bli med",
    joining: "Hentar planen …",
    link_empty: "Her er det inga lenkje. Lim inn heile lenkja du har fått.",
    link_not_a_link: "Dette er inga lenkje til ein plan. Be om lenkja på nytt, og kopier heile.",
    link_cut: "Lenkja er ikkje heil: noko er klipt bort eller endra på vegen. Be om ho på nytt.",
    link_newer: "Lenkja er laga med ein nyare versjon av Samskriv. Last inn sida på nytt for å få \
        den nye versjonen.",
    link_no_relay: "Lenkja seier ikkje kvar planen kan hentast. Be om heile adressa, frå «https» \
        og ut.",
    link_unknown_plan: "Ingen har sendt denne planen hit enno. Han kjem av seg sjølv når ein av \
        dei andre er på nett.",
    join_waits: "Får ikkje kontakt no. Planen blir henta så snart det er nett; lenkja er teken \
        vare på.",

    share: "Del",
    share_title: "Del planen",
    share_what: "Den som har lenkja, har planen. Send ho berre til dei som skal ha planen; ei \
        lenkje kan ikkje kallast tilbake.",
    edit_link: "Lenkje for å skrive",
    edit_link_what: "For dei som skal vere med og skrive.",
    read_link: "Lenkje for å lese",
    read_link_what: "For dei som berre skal lese og følgje med.",
    download_plan: "Last ned planen som fil",

    open_file: "Opne ei fil",

    saved_here: "Lagra her",
    saving: "Lagrar …",
    save_failed: "Ikkje lagra",
    save_failed_what: "Nettlesaren får ikkje lagra det du skriv. Det er trygt så lenge sida er \
        open. Last ned planen som fil før du lukkar sida.",
    storage_full: "Det er fullt på denne eininga. Rydd plass, eller last ned planen som fil før du \
        lukkar sida.",
    sending: "sender endringar …",
    unsynced: "endringar ventar på samband",
    offline: "utan nett",
    connecting: "koplar til …",
    at_relay: |time| format!("synkronisert {time}"),
    seen_by: |count| {
        if count == 1 {
            "éin annan har alt".into()
        } else {
            format!("{count} andre har alt")
        }
    },
    partner_has_more: "nokon har endringar som ikkje er komne hit enno",
    set_aside: |count| {
        if count == 1 {
            "éi sending kunne ikkje opnast og er lagd til side".into()
        } else {
            format!("{count} sendingar kunne ikkje opnast og er lagde til side")
        }
    },
    relay_refused: "Formidlaren tek ikkje imot alt. Det du har skrive, er trygt her.",
    app_too_old: "Formidlaren krev ein nyare versjon av Samskriv. Last inn sida på nytt; det du \
        har skrive, er trygt her.",
    merged_from: |who| format!("Fletta inn endringar frå {who}"),
    here_now: |count| {
        if count == 1 {
            "éin annan er her no".into()
        } else {
            format!("{count} andre er her no")
        }
    },
    newer_schema: "Planen er skriven med ein nyare versjon av Samskriv. Du kan lese han her; last \
        inn sida på nytt for å skrive.",
    plan_closed: |who| {
        format!(
            "Planen er flytta til nye nøklar av {who}. Det du skriv her, er trygt på eininga, men \
             kjem ikkje fram til dei andre."
        )
    },
    plan_missing: "Denne planen finst ikkje på eininga. Bli med i planen med lenkja du har fått.",
    plan_damaged: "Planen kunne ikkje opnast. Ingenting er sletta; utgåvene hos dei andre er \
        heile, og du kan bli med på nytt med lenkja.",
    storage_outdated: "Ein nyare versjon av Samskriv er open i ei anna fane. Last inn sida på nytt; det du har skrive, er trygt.",
    edit_failed: "Endringa kunne ikkje gjerast. Planen er som han var.",
    storage_refused: "Nettlesaren lèt ikkje Samskriv lagre noko. Slå av privat modus, eller tillat \
        lagring for nettstaden.",

    people_here: "Her no",
    outline: "Innhald",
    find: "Finn i planen",
    found: |count, more| match count {
        0 => "Ingen treff".into(),
        1 => "Eitt treff".into(),
        _ if more => format!("Dei fyrste {count} treffa"),
        _ => format!("{count} treff"),
    },
    view_names: "Vising",
    view_plan: "Plan",
    beside: "Sidepanel",
    log: "Logg",
    log_version: "Versjon",
    log_label: "Kva",
    log_date: "Dato",
    log_status: "Status",
    log_changed_by: "Sist endra av",
    add_log_row: "Legg til rad i loggen",
    version_taken: |free| format!("Versjonen er brukt i ei anna rad. {free} er ledig."),
    title: "Tittel",
    subtitle: "Undertittel",
    chapter: |number| format!("Kapittel {number}"),
    chapter_heading: |number| format!("Overskrift, kapittel {number}"),
    chapter_text: |number| format!("Tekst, kapittel {number}"),
    write_here: "Skriv her …",
    formatting: "Formatering",
    bold: "Feit",
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
    text_link: "Lenkje",
    link_address: "Adressa til lenkja",
    put_link: "Set inn",
    sub_goal: |number| format!("Delmål {number}"),
    goal_title: |number| format!("Tittel, delmål {number}"),
    goal: "Delmål",
    weight: "Vekt",
    goal_weight: |number| format!("Vekt, delmål {number}"),
    goal_main: "Hovudmål",
    goal_main_of: |number| format!("Hovudmål, delmål {number}"),
    goal_text_of: |number| format!("Innleiing, delmål {number}"),
    add_goal: "Legg til delmål",
    weights_sum: |sum| format!("Vektene er til saman {sum}, ikkje 100\u{a0}%."),
    number: "Nr.",
    measure: "Tiltak",
    measures: "Tiltak",
    leads: "Hovudansvarleg",
    partners: "Samarbeidspartar",
    time_frame: "Tidsramme",
    and_others: "m.fl.",
    later: "Seinare i perioden",
    later_flag: "seinare",
    early: "I ein tidleg fase",
    unfinished: "Uferdig",
    add_measure: "Legg til tiltak",
    add_measure_to: |goal| format!("Legg til tiltak i delmål {goal}"),
    measure_n: |number| format!("Tiltak {number}"),
    measure_title: |number| format!("Tittel, tiltak {number}"),
    measure_time_frame: |number| format!("Tidsramme, tiltak {number}"),
    measure_leads: |number| format!("Hovudansvarleg, tiltak {number}"),
    measure_partners: |number| format!("Samarbeidspartar, tiltak {number}"),
    untitled_measure: "Nytt tiltak",
    move_up: |number| format!("Flytt tiltak {number} opp"),
    move_down: |number| format!("Flytt tiltak {number} ned"),
    delete_measure: |number| format!("Slett tiltak {number}"),
    deleted_measures: |count| {
        if count == 1 {
            "Eitt sletta tiltak".into()
        } else {
            format!("{count} sletta tiltak")
        }
    },
    bring_back: |title| format!("Hent tilbake «{title}»"),
    deleted_by: |who| format!("sletta av {who}"),
    section_heading: "Overskrift",
    section_of: |section, measure| format!("{section}, tiltak {measure}"),
    add_section: |measure| format!("Legg til avsnitt i tiltak {measure}"),
    free_section: "Eiga overskrift",
    section: |kind| match kind {
        SectionKind::Challenge => "Utfordring",
        SectionKind::Description => "Skildring av tiltaket",
        SectionKind::Trial => "Aktuell utprøving",
        SectionKind::Aim => "Mål med tiltaket",
        SectionKind::DevelopmentArea => "Utviklingsområde",
        SectionKind::TargetGroups => "Moglege målgrupper",
        SectionKind::FirstSteps => "Første steg",
        SectionKind::Contributions => "Kven bidreg – og korleis?",
        SectionKind::Participants => "Medverkande",
        SectionKind::FurtherPlanning => "Vidare planlegging",
        SectionKind::Note => "Merk",
        SectionKind::Free => "Avsnitt",
    },
    party: "Part",
    add_party: "Legg til part",
    party_name: "Namn på parten",
    done: "Ferdig",
    body: |body| match body {
        Body::ExecutiveCommittee => "Formannskap",
        Body::MunicipalCouncil => "Kommunestyre",
        Body::CountyCouncil => "Fylkesting",
        Body::MainCommittee => "Hovudutval",
    },
    anchoring: "Forankring",
    anchoring_date: |body, party| format!("{body}, {party}"),
    approval_party: "Samarbeidspart",
    approval_date: "Dato for (politisk) godkjenning",
    approve: |party| format!("Dato for godkjenning, {party}"),
    not_approved: "Ikkje godkjend",
    approved_changed: "Endra etter godkjenning",
    approval_blocked: "Planen har usemje som må avgjerast før han kan godkjennast.",
    date_unreadable: "Skriv datoen som 11.06.2025, 11. juni 2025 eller juni 2025.",
    share_unreadable: "Skriv vekta som eit tal, til dømes 60\u{a0}%.",

    clashes: |count| {
        if count == 0 {
            "Usemje".into()
        } else {
            format!("Usemje {count}")
        }
    },
    no_clashes: "Inga usemje. Når to har skrive ulikt i same felt utan å vite om kvarandre, står \
        begge utgåvene her til nokon vel.",
    comments: |count| {
        if count == 0 {
            "Kommentarar".into()
        } else {
            format!("Kommentarar {count}")
        }
    },
    comment: "Kommenter",
    comment_on: |name| format!("Kommenter {name}"),
    clash_explained: "Skrive kvar for seg. Begge utgåvene står til nokon vel.",
    choose_value: |value, who| format!("Vel {value} frå {who}"),
    cleared: "tomt",
    other_field: "Anna felt",
    other_value: "ein verdi som denne sida ikkje viser",
    someone: "nokon",
    deleted_and_edited: |what| format!("{what} er sletta, og endra"),
    deleted_and_edited_by: |deleter, editor| {
        format!("Sletta av {deleter}, endra av {editor} utan å vite om det.")
    },
    keep: "Behald",
    delete: "Slett",
    read_through: "Les gjennom",
    read_through_what: |who| {
        format!("Skrive kvar for seg av {who}. Teksten er fletta teikn for teikn.")
    },
    have_read: "Eg har lese gjennom",
};
