//! Nynorsk.

use plan::value::{Body, SectionKind};

use super::Texts;

pub static NN: Texts = Texts {
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
    saved_settings: "Lagra",
    storage: "Lagring på denne eininga",
    storage_used: |used, quota| format!("{used} av {quota} er brukt."),
    storage_unknown: "Nettlesaren fortel ikkje kor mykje plass som er brukt.",
    storage_lasting: "Nettlesaren har lova å ta vare på planane.",
    storage_not_lasting: "Nettlesaren kan rydde bort planane om det blir lite plass. Installer \
        appen, eller last ned planane som filer av og til.",
    ask_lasting: "Be nettlesaren om å ta vare på planane",

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

    export_sealed: "Last ned forsegla fil",
    export_sealed_what: "Til å flette: den som har lenkja til planen, opnar fila i Samskriv, og \
        planane blir fletta saman. Bruk ho når de ikkje når kvarandre på nett.",
    export_failed: "Fila kunne ikkje lagast. Planen er som han var. Last han ned som open fil.",
    download_plan_what: "Til arkiv og andre program. Alle kan lese denne fila.",
    open_file: "Opne ei fil",
    opening_file: "Opnar fila …",
    file_merged: |title, count| match count {
        0 => format!("«{title}» hadde alt frå fila frå før."),
        1 => format!("Éi endring frå fila er fletta inn i «{title}»."),
        _ => format!("{count} endringar frå fila er fletta inn i «{title}»."),
    },
    file_lacks: "Fila byggjer på endringar som ikkje er her. Be om ei tidlegare fil òg, eller om \
        heile planen.",
    file_damaged: "Noko i fila er skadd og kunne ikkje brukast. Resten er fletta inn. Be om fila \
        på nytt.",
    file_not_ours: "Dette er inga fil med ein plan frå Samskriv. Planane dine er som dei var.",
    file_newer: "Fila er laga med ein nyare versjon av Samskriv. Last inn sida på nytt for å få \
        den nye versjonen.",
    file_unusable: "Fila er skadd og kan ikkje opnast. Planane dine er som dei var. Be om fila på \
        nytt.",
    file_too_large: "Fila er større enn noko Samskriv lagar. Planane dine er som dei var.",
    file_not_here: "Planen i fila er ikkje på denne eininga. Bli med i planen med lenkja fyrst, og \
        opne fila etterpå.",
    file_unknown: "Planen i fila er ikkje på denne eininga. Har du lenkja, så bli med i planen \
        fyrst. Elles kan du begynne ein ny plan av fila; han får eigne lenkjer og går vidare for \
        seg sjølv.",
    begin_from_file: "Begynn ein ny plan av fila",
    open_plan: |title| format!("Opne «{title}»"),
    backup: "Tryggingskopi",
    backup_what: "Alle planane på denne eininga med nøklane deira, i éi fil. Berre den som har \
        passordet, kan opne ho. Mistar du passordet, kan ingen opne ho for deg. Du hentar planane \
        tilbake med «Opne ei fil» i lista over planar.",
    backup_asks: "Fila er ein tryggingskopi. Skriv passordet for å hente tilbake planane. Planar \
        som er her frå før, blir fletta med dei i kopien.",
    passphrase: "Passord",
    passphrase_again: "Passordet ein gong til",
    passphrase_short: "Bruk minst 12 teikn, til dømes fire ord.",
    passphrases_differ: "Dei to passorda er ikkje like.",
    passphrase_wrong: "Kopien er ikkje laga med dette passordet.",
    make_backup: "Lag tryggingskopi",
    working: "Eit lite bel …",
    backup_made: |count| match count {
        1 => "Tryggingskopien med éin plan er lasta ned. Ta vare på passordet.".into(),
        _ => format!("Tryggingskopien med {count} planar er lasta ned. Ta vare på passordet."),
    },
    backup_left_out: |count| match count {
        1 => "Éin plan kunne ikkje lesast og er ikkje med i kopien.".into(),
        _ => format!("{count} planar kunne ikkje lesast og er ikkje med i kopien."),
    },
    backup_failed: "Tryggingskopien kunne ikkje lagast. Planane dine er som dei var.",
    restore: "Hent tilbake",
    restored: |count| match count {
        1 => "Éin plan er henta tilbake.".into(),
        _ => format!("{count} planar er henta tilbake."),
    },
    restore_damaged: |count| match count {
        1 => "Éin plan i kopien er skadd og kunne ikkje hentast.".into(),
        _ => format!("{count} planar i kopien er skadde og kunne ikkje hentast."),
    },

    relays: "Formidlarar",
    relays_what: "Planen er hos desse. Alle brukar den fyrste som svarar; er han borte, brukar alle den neste. Det som manglar der, kjem med frå eininga.",
    other_relay: "Adressa til ein annan formidlar",
    add_relay: "Legg til formidlar",
    remove_relay: "Ta bort",
    leave_relay: |name| format!("Ta bort {name}"),
    relay_no_address: "Dette er inga adresse til ein formidlar. Ho tek til med https://.",
    relay_silent: "Ingen formidlar svarar på denne adressa. Planen er som han var.",
    relay_not_yet: "Vent til alt er synkronisert, og prøv igjen. Planen er som han var.",

    saved_here: "Lagra her",
    saving: "Lagrar …",
    save_failed: "Ikkje lagra",
    save_failed_what: "Nettlesaren får ikkje lagra det du skriv. Det er trygt så lenge sida er \
        open. Last ned planen som fil før du lukkar sida.",
    storage_full: "Det er fullt på denne eininga. Rydd plass, eller last ned planen som fil før du \
        lukkar sida.",
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
    ask_new_link: "Be om den nye lenkja om du skal skrive vidare.",
    follow_plan: "Bli med vidare",
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
    no_comments: "Ingen kommentarar. Vel «Kommenter» ved eit tiltak for å seie noko om det til dei andre.",
    comment: "Kommenter",
    comment_on: |name| format!("Kommenter {name}"),
    answer: "Svar",
    settle: "Løyst",
    add_comment: "Legg til kommentar",
    cancel: "Avbryt",
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
