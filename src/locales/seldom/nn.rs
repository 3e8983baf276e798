//! Nynorsk.

use super::SeldomTexts;

pub static NN: SeldomTexts = SeldomTexts {
    saved_settings: "Lagra",
    storage: "Lagring på denne eininga",
    storage_used: |used, quota| format!("{used} av {quota} er brukt."),
    storage_unknown: "Nettlesaren fortel ikkje kor mykje plass som er brukt.",
    storage_lasting: "Nettlesaren har lova å ta vare på planane.",
    storage_not_lasting: "Nettlesaren kan rydde bort planane om det blir lite plass. Installer \
        appen, eller last ned planane som filer av og til.",
    ask_lasting: "Be nettlesaren om å ta vare på planane",

    export_sealed: "Last ned forsegla fil",
    export_sealed_what: "Til å flette: den som har lenkja til planen, opnar fila i Samskriv, og \
        planane blir fletta saman. Bruk ho når de ikkje når kvarandre på nett.",
    export_failed: "Fila kunne ikkje lagast. Planen er som han var. Last han ned som open fil.",
    download_plan_what: "Til arkiv og andre program. Alle kan lese denne fila.",
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

    no_comments: "Ingen kommentarar. Vel «Kommenter» ved eit tiltak for å seie noko om det til dei andre.",
    answer: "Svar",
    settle: "Løyst",
    add_comment: "Legg til kommentar",
    cancel: "Avbryt",

    relays: "Formidlarar",
    relays_what: "Planen er hos desse. Alle brukar den fyrste som svarar; er han borte, brukar alle den neste. Det som manglar der, kjem med frå eininga.",
    other_relay: "Adressa til ein annan formidlar",
    add_relay: "Legg til formidlar",
    remove_relay: "Ta bort",
    leave_relay: |name| format!("Ta bort {name}"),
    relay_no_address: "Dette er inga adresse til ein formidlar. Ho tek til med https://.",
    relay_silent: "Ingen formidlar svarar på denne adressa. Planen er som han var.",
    relay_not_yet: "Vent til alt er synkronisert, og prøv igjen. Planen er som han var.",
    new_keys: "Nye nøklar",
    new_keys_what: "Skal nokon ut av planen, eller er ei lenkje komen på avvegar, så flytt planen \
        til nye nøklar. Dei du vel, blir spurde om å bli med vidare. Dei andre held på det dei har, men får \
        ikkje med seg det som blir skrive sidan. Dei gamle lenkjene sluttar å gjelde.",
    move_plan: "Vel kven som blir med",
    may_write: "Kan skrive",
    may_read: "Kan lese",
    left_out: "Blir ikkje med",
    no_members: "Ingen andre har skrive i planen enno.",
    move_now: "Flytt planen",
    moving: "Flyttar planen …",
    move_not_synchronised: "Planen er ikkje flytta. Alt må vere synkronisert fyrst: prøv om att når \
        du har nett, og det står «synkronisert» øvst på sida.",
    move_stopped: "Flyttinga stoppa på vegen, for formidlaren svarar ikkje. Ingenting er tapt. Hald \
        fram når du har nett.",
    move_under_way: "Ei flytting til nye nøklar er ikkje ferdig. Planen er som han var.",
    go_on_moving: "Hald fram med flyttinga",
    give_up_moving: "Gje opp flyttinga",
    ask_new_link: "Be om den nye lenkja om du skal skrive vidare.",
    follow_plan: "Bli med vidare",
};
