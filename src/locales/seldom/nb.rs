//! Bokmål.

use super::SeldomTexts;

pub static NB: SeldomTexts = SeldomTexts {
    saved_settings: "Lagret",
    storage: "Lagring på denne enheten",
    storage_used: |used, quota| format!("{used} av {quota} er brukt."),
    storage_unknown: "Nettleseren forteller ikke hvor mye plass som er brukt.",
    storage_lasting: "Nettleseren har lovet å ta vare på planene.",
    storage_not_lasting: "Nettleseren kan rydde bort planene hvis det blir lite plass. Installer \
        appen, eller last ned planene som filer av og til.",
    ask_lasting: "Be nettleseren om å ta vare på planene",

    export_sealed: "Last ned forseglet fil",
    export_sealed_what: "Til å flette: den som har lenken til planen, åpner filen i Samskriv, og \
        planene blir flettet sammen. Bruk den når dere ikke når hverandre på nett.",
    export_failed: "Filen kunne ikke lages. Planen er som den var. Last den ned som åpen fil.",
    download_plan_what: "Til arkiv og andre programmer. Alle kan lese denne filen.",
    opening_file: "Åpner filen …",
    file_merged: |title, count| match count {
        0 => format!("«{title}» hadde alt fra filen fra før."),
        1 => format!("Én endring fra filen er flettet inn i «{title}»."),
        _ => format!("{count} endringer fra filen er flettet inn i «{title}»."),
    },
    file_lacks: "Filen bygger på endringer som ikke er her. Be om en tidligere fil også, eller om \
        hele planen.",
    file_damaged: "Noe i filen er skadet og kunne ikke brukes. Resten er flettet inn. Be om filen \
        på nytt.",
    file_not_ours: "Dette er ingen fil med en plan fra Samskriv. Planene dine er som de var.",
    file_newer: "Filen er laget med en nyere versjon av Samskriv. Last inn siden på nytt for å få \
        den nye versjonen.",
    file_unusable: "Filen er skadet og kan ikke åpnes. Planene dine er som de var. Be om filen på \
        nytt.",
    file_too_large: "Filen er større enn noe Samskriv lager. Planene dine er som de var.",
    file_not_here: "Planen i filen er ikke på denne enheten. Bli med i planen med lenken først, og \
        åpne filen etterpå.",
    file_unknown: "Planen i filen er ikke på denne enheten. Har du lenken, så bli med i planen \
        først. Ellers kan du begynne en ny plan av filen; den får egne lenker og går videre for \
        seg selv.",
    begin_from_file: "Begynn en ny plan av filen",
    open_plan: |title| format!("Åpne «{title}»"),
    backup: "Sikkerhetskopi",
    backup_what: "Alle planene på denne enheten med nøklene deres, i én fil. Bare den som har \
        passordet, kan åpne den. Mister du passordet, kan ingen åpne den for deg. Du henter \
        planene tilbake med «Åpne en fil» i listen over planer.",
    backup_asks: "Filen er en sikkerhetskopi. Skriv passordet for å hente tilbake planene. Planer \
        som er her fra før, blir flettet med dem i kopien.",
    passphrase: "Passord",
    passphrase_again: "Passordet en gang til",
    passphrase_short: "Bruk minst 12 tegn, for eksempel fire ord.",
    passphrases_differ: "De to passordene er ikke like.",
    passphrase_wrong: "Kopien er ikke laget med dette passordet.",
    make_backup: "Lag sikkerhetskopi",
    working: "Et øyeblikk …",
    backup_made: |count| match count {
        1 => "Sikkerhetskopien med én plan er lastet ned. Ta vare på passordet.".into(),
        _ => format!("Sikkerhetskopien med {count} planer er lastet ned. Ta vare på passordet."),
    },
    backup_left_out: |count| match count {
        1 => "Én plan kunne ikke leses og er ikke med i kopien.".into(),
        _ => format!("{count} planer kunne ikke leses og er ikke med i kopien."),
    },
    backup_failed: "Sikkerhetskopien kunne ikke lages. Planene dine er som de var.",
    restore: "Hent tilbake",
    restored: |count| match count {
        1 => "Én plan er hentet tilbake.".into(),
        _ => format!("{count} planer er hentet tilbake."),
    },
    restore_damaged: |count| match count {
        1 => "Én plan i kopien er skadet og kunne ikke hentes.".into(),
        _ => format!("{count} planer i kopien er skadet og kunne ikke hentes."),
    },

    no_comments: "Ingen kommentarer. Velg «Kommenter» ved et tiltak for å si noe om det til de andre.",
    answer: "Svar",
    settle: "Løst",
    add_comment: "Legg til kommentar",
    cancel: "Avbryt",

    relays: "Formidlere",
    relays_what: "Planen er hos disse. Alle bruker den første som svarer; er den borte, bruker alle den neste. Det som mangler der, kommer med fra enheten.",
    other_relay: "Adressen til en annen formidler",
    add_relay: "Legg til formidler",
    remove_relay: "Fjern",
    leave_relay: |name| format!("Fjern {name}"),
    relay_no_address: "Dette er ingen adresse til en formidler. Den begynner med https://.",
    relay_silent: "Ingen formidler svarer på denne adressen. Planen er som den var.",
    relay_not_yet: "Vent til alt er synkronisert, og prøv igjen. Planen er som den var.",
    new_keys: "Nye nøkler",
    new_keys_what: "Skal noen ut av planen, eller er en lenke kommet på avveie, så flytt planen til \
        nye nøkler. De du velger, blir spurt om å bli med videre. De andre beholder det de har, men får ikke \
        med seg det som blir skrevet siden. De gamle lenkene slutter å gjelde.",
    move_plan: "Velg hvem som blir med",
    may_write: "Kan skrive",
    may_read: "Kan lese",
    left_out: "Blir ikke med",
    no_members: "Ingen andre har skrevet i planen ennå.",
    move_now: "Flytt planen",
    moving: "Flytter planen …",
    move_not_synchronised: "Planen er ikke flyttet. Alt må være synkronisert først: prøv igjen når \
        du har nett, og det står «synkronisert» øverst på siden.",
    move_stopped: "Flyttingen stoppet på veien, for formidleren svarer ikke. Ingenting er tapt. \
        Fortsett når du har nett.",
    move_under_way: "En flytting til nye nøkler er ikke ferdig. Planen er som den var.",
    go_on_moving: "Fortsett flyttingen",
    give_up_moving: "Gi opp flyttingen",
    ask_new_link: "Be om den nye lenken hvis du skal skrive videre.",
    follow_plan: "Bli med videre",
};
