//! Who else is here, and where they write. It is said sealed to those who are
//! here at the moment, and never stored.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use plan::{HeldCaret, HeldSelection};
use sync::ids::DeviceId;

use super::OpenPlan;
use crate::device::{elapsed_ms, from_cbor, to_cbor};
use crate::ui::TextOf;
use crate::ui::prose::Caret;

/// The caret is told of no more often than this.
const AT_MOST_EVERY: Duration = Duration::from_millis(300);
/// Being here is said again after this.
const AT_LEAST_EVERY: Duration = Duration::from_secs(10);
/// Who was not heard of for so many milliseconds is gone.
const GONE_AFTER: u64 = 25_000;
/// The colours there are for parties.
const COLORS: usize = 8;

/// What a device says of itself.
#[derive(Encode, Decode)]
struct Said {
    #[n(0)]
    name: String,
    #[n(1)]
    party: String,
    #[n(2)]
    place: Option<Place>,
}

/// Where in the plan someone writes.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Place {
    /// [`TextOf::key`] of the text.
    #[n(0)]
    text: String,
    /// [`HeldCaret::to_bytes`].
    #[n(1)]
    caret: ByteVec,
}

/// Another device that is here.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbour {
    /// The person.
    pub name: String,
    /// The party, as it is called in the plan.
    pub party: String,
    /// Which of the parties' colours it has, from 1.
    pub color: usize,
    place: Option<Place>,
}

/// What is known of the others, and what they are told.
#[derive(Clone, Copy)]
pub(super) struct Presence {
    neighbours: RwSignal<BTreeMap<DeviceId, Neighbour>>,
    /// When each was last heard of, in milliseconds.
    heard: StoredValue<BTreeMap<DeviceId, u64>>,
    own_place: StoredValue<Option<Place>>,
    is_due: StoredValue<bool>,
}

impl Presence {
    pub(super) fn new() -> Self {
        Self {
            neighbours: RwSignal::default(),
            heard: StoredValue::default(),
            own_place: StoredValue::default(),
            is_due: StoredValue::new(false),
        }
    }
}

impl OpenPlan {
    /// Begins to say that one is here, and to forget who no longer says so.
    pub(super) fn begin_presence(self) {
        let again = move || {
            self.say_here();
            self.forget_the_gone();
        };
        if let Ok(timer) = set_interval_with_handle(again, AT_LEAST_EVERY) {
            on_cleanup(move || timer.clear());
        }
        self.say_here_soon();
    }

    /// Others came or went. Whoever came has not heard of this device yet.
    pub(super) fn others_are(self, count: u32) {
        if count == 0 {
            self.presence.heard.try_update_value(BTreeMap::clear);
            self.forget_the_gone();
        } else {
            self.say_here_soon();
        }
    }

    /// This device writes here now.
    pub fn write_at(self, text: &TextOf, held: &HeldSelection) {
        self.be_at(Some(Place {
            text: text.key(),
            caret: held.caret().to_bytes().into(),
        }));
    }

    /// This device no longer writes in this text.
    pub fn leave_text(self, text: &TextOf) {
        let key = text.key();
        let own = self.presence.own_place;
        let was_here =
            own.try_with_value(|own| own.as_ref().is_some_and(|place| place.text == key));
        if was_here == Some(true) {
            self.be_at(None);
        }
    }

    fn be_at(self, place: Option<Place>) {
        let own = self.presence.own_place;
        if own.try_with_value(|own| *own == place) == Some(false) {
            own.set_value(place);
            self.say_here_soon();
        }
    }

    fn say_here_soon(self) {
        let is_due = self.presence.is_due;
        if is_due.try_update_value(|is_due| std::mem::replace(is_due, true)) == Some(false) {
            let say = move || {
                is_due.try_update_value(|is_due| *is_due = false);
                self.say_here();
            };
            set_timeout(say, AT_MOST_EVERY);
        }
    }

    fn say_here(self) {
        let Some(place) = self.presence.own_place.try_get_value() else {
            return;
        };
        self.inner.try_update_value(|inner| {
            let said = Said {
                name: inner.profile.name.clone(),
                party: inner.profile.party.clone(),
                place,
            };
            if let Some(sync) = &inner.sync {
                sync.present(to_cbor(&said));
            }
        });
    }

    /// Hears what another device says of itself. What can't be read is of a
    /// later version, and passed over.
    pub fn hear_of(self, device: DeviceId, payload: &[u8]) {
        let Some(Said { name, party, place }) = from_cbor(payload) else {
            return;
        };
        let heard = self.presence.heard;
        let noted = heard.try_update_value(|heard| heard.insert(device, elapsed_ms()));
        if noted.is_none() {
            return; // The page was left.
        }
        let (party, color) = self.view.with_untracked(|view| {
            let known = view.find_party(&party);
            let at = known.and_then(|known| {
                let parties = view.parties();
                parties.iter().position(|party| party.id == known.id)
            });
            let name = known.map(|known| view.party_name(&known.id));
            (
                name.unwrap_or(party),
                at.map_or(COLORS, |at| at % COLORS + 1),
            )
        });
        let neighbour = Neighbour {
            name,
            party,
            color,
            place,
        };
        let neighbours = self.presence.neighbours;
        let same = neighbours.try_with_untracked(|known| known.get(&device) == Some(&neighbour));
        if same == Some(false) {
            neighbours.try_update(|known| known.insert(device, neighbour));
        }
    }

    fn forget_the_gone(self) {
        let Presence {
            neighbours, heard, ..
        } = self.presence;
        let now = elapsed_ms();
        heard.try_update_value(|heard| heard.retain(|_, at| now.saturating_sub(*at) < GONE_AFTER));
        let gone = neighbours.try_with_untracked(|known| {
            heard.with_value(|heard| known.keys().any(|device| !heard.contains_key(device)))
        });
        if gone == Some(true) {
            neighbours.try_update(|known| {
                heard.with_value(|heard| known.retain(|device, _| heard.contains_key(device)));
            });
        }
    }

    /// Whether anyone else is here.
    pub fn has_neighbours(self) -> bool {
        self.presence.neighbours.with(|known| !known.is_empty())
    }

    /// Who is here, each once however many devices they have.
    pub fn neighbours(self) -> Vec<Neighbour> {
        let mut here: Vec<Neighbour> = self.presence.neighbours.with(|known| {
            known
                .values()
                .map(|neighbour| Neighbour {
                    place: None,
                    ..neighbour.clone()
                })
                .collect()
        });
        here.sort_by(|a, b| (&a.party, &a.name).cmp(&(&b.party, &b.name)));
        here.dedup();
        here
    }

    /// Those who write in this text, with their places as they were told.
    pub fn writers_in(self, text: &TextOf) -> Vec<Writer> {
        let key = text.key();
        self.presence.neighbours.with(|known| {
            let writers = known.values().filter_map(|neighbour| {
                let place = neighbour.place.as_ref().filter(|place| place.text == key)?;
                Some(Writer {
                    who: neighbour.party.clone(),
                    color: neighbour.color,
                    caret: HeldCaret::from_bytes(place.caret.to_vec())?,
                })
            });
            writers.collect()
        })
    }

    /// Where these writers' carets stand now, in the order of the text.
    pub fn carets(self, text: &TextOf, writers: &[Writer]) -> Vec<Caret> {
        let carets = writers.iter().filter_map(|writer| {
            let at = self
                .inner
                .try_with_value(|inner| inner.doc.caret(&text.id, text.field, &writer.caret));
            Some(Caret {
                at: at.flatten()?,
                who: writer.who.clone(),
                color: writer.color,
            })
        });
        let mut carets: Vec<Caret> = carets.collect();
        carets.sort_by_key(|caret| caret.at);
        carets
    }
}

/// Someone who writes in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Writer {
    who: String,
    color: usize,
    caret: HeldCaret,
}
