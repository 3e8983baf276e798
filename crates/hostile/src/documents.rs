//! Sound automerge documents with anything in them: what another program, or a
//! member who wants harm, can put where the schema expects something else.

use std::sync::OnceLock;

use arbitrary::{Arbitrary, Unstructured};
use automerge::{
    ActorId, AutoCommit, AutomergeError, LoadOptions, ObjId, ObjType, Prop, ROOT, ReadDoc,
    ScalarValue, TextEncoding,
    marks::{ExpandMark, Mark},
    transaction::Transactable,
};
use plan::{EntityKind, LoadError, PlanDoc};

use crate::{plan_files::opens_as_it_was_saved, reading};

/// How many write in it without knowing of each other.
const HANDS: usize = 3;
/// Enough for anything that one piece can do to another.
const MOST_STEPS: usize = 64;

/// Something that one hand does to its copy.
#[derive(Debug, Arbitrary)]
enum Step {
    Put(At, Scalar),
    Make(At, Kind),
    Insert(At, Scalar),
    InsertObject(At, Kind),
    Delete(At),
    Increment(At, i64),
    Splice(At, u8, Text),
    Mark(At, u8, Text, Scalar),
    Split(At),
    /// Takes in what another hand has done.
    Meet(u8),
    /// Closes the change.
    Commit,
}

/// Where: in which of the objects that there are, and at which place in it.
#[derive(Debug, Arbitrary)]
struct At {
    object: u16,
    key: Key,
}

#[derive(Debug, Arbitrary)]
enum Key {
    /// One that the schema knows.
    Known(u16),
    Any(Text),
    Index(u8),
}

#[derive(Debug, Arbitrary)]
enum Kind {
    Map,
    List,
    Text,
    Table,
}

#[derive(Debug, Arbitrary)]
enum Text {
    /// One that means something somewhere.
    Known(u8),
    Any(String),
    Long(char, u16),
}

#[derive(Debug, Arbitrary)]
enum Scalar {
    Null,
    Boolean(bool),
    Int(i64),
    Uint(u64),
    F64(f64),
    Str(Text),
    Bytes(Vec<u8>),
    Counter(i64),
    Timestamp(i64),
}

/// Texts that mean something to a reader of the schema, or nearly do.
const KNOWN_TEXTS: [&str; 30] = [
    "",
    "a",
    "true",
    "null",
    "[]",
    "{}",
    "[[[[[[[[",
    "{\"years\":[1,2]}",
    "{\"years\":[2147483647,-2147483648]}",
    "{\"kroner\":9223372036854775807}",
    "{\"from\":2025,\"to\":2028}",
    "2025-02-30",
    "-2147483648",
    "6.4294967295",
    "6.1",
    "next_revision",
    "0",
    "zzzz",
    "a0",
    "!",
    "\u{fffc}",
    "\u{1f600}",
    "\n",
    "bold",
    "link",
    "type",
    "level",
    "heading",
    "cell",
    "measures/m1",
];

/// A sound automerge document with anything in it: it can be read, edited and
/// saved, and what can't be read is reported.
pub fn documents(bytes: &[u8]) {
    let mut input = Unstructured::new(bytes);
    let mut hands: Vec<Hand> = (0..HANDS).map(Hand::new).collect();
    for _ in 0..MOST_STEPS {
        if input.is_empty() {
            break;
        }
        let (Ok(hand), Ok(step)) = (u8::arbitrary(&mut input), Step::arbitrary(&mut input)) else {
            break;
        };
        let hand = usize::from(hand) % HANDS;
        match step {
            Step::Meet(other) => {
                let mut other = hands[usize::from(other) % HANDS].doc.fork();
                hands[hand].meet(&mut other);
            }
            // What automerge refuses has not happened.
            step => drop(hands[hand].take(&step)),
        }
    }
    let mut whole = hands.remove(0);
    for mut hand in hands {
        whole.meet(&mut hand.doc);
    }
    let saved = whole.doc.save();
    read_and_edit(&saved);
    meets_an_open_plan(&saved);
}

fn read_and_edit(saved: &[u8]) {
    match PlanDoc::load(saved, &reading::device()) {
        Ok(mut doc) => {
            reading::read(&mut doc);
            reading::edit(&mut doc);
            reading::read(&mut doc);
            opens_as_it_was_saved(&mut doc);
        }
        Err(LoadError::NotAPlan) => {}
        Err(error) => panic!("a sound document was refused: {error:?}"),
    }
}

/// The same by the way of a merge, which is how it would come.
fn meets_an_open_plan(saved: &[u8]) {
    let mut doc = reading::small_plan();
    let mut view = doc.view();
    let merged = doc.merge([saved]).expect("a sound document can be merged");
    doc.refresh(&mut view, &merged.changed);
    reading::read(&mut doc);
}

struct Hand {
    doc: AutoCommit,
    objects: Vec<ObjId>,
}

impl Hand {
    fn new(number: usize) -> Self {
        static SAVED: OnceLock<Vec<u8>> = OnceLock::new();
        let saved = SAVED.get_or_init(|| reading::small_plan().save());
        let options = LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
        let doc = AutoCommit::load_with_options(saved, options).expect("the small plan is sound");
        let mut hand = Self {
            doc: doc.with_actor(ActorId::from([number as u8; 16])),
            objects: Vec::new(),
        };
        hand.find_objects();
        hand
    }

    /// All objects that there are, the collections first.
    fn find_objects(&mut self) {
        let mut objects = vec![ROOT];
        let mut next = 0;
        while let Some(object) = objects.get(next).cloned() {
            next += 1;
            let inside: Vec<ObjId> = match self.doc.object_type(&object) {
                Ok(ObjType::Map | ObjType::Table) => self.maps_in(&object),
                Ok(ObjType::List | ObjType::Text) => self.items_in(&object),
                Err(_) => Vec::new(),
            };
            objects.extend(inside);
        }
        self.objects = objects;
    }

    fn maps_in(&self, map: &ObjId) -> Vec<ObjId> {
        let values = self.doc.map_range(map, ..);
        let objects = values.filter(|item| item.value.clone().into_value().is_object());
        objects.map(|item| item.id()).collect()
    }

    fn items_in(&self, list: &ObjId) -> Vec<ObjId> {
        let values = self.doc.list_range(list, ..);
        let objects = values.filter(|item| item.value.clone().into_value().is_object());
        objects.map(|item| item.id()).collect()
    }

    fn meet(&mut self, other: &mut AutoCommit) {
        self.doc.merge(other).expect("sound documents merge");
        self.find_objects();
    }

    fn take(&mut self, step: &Step) -> Result<(), AutomergeError> {
        let doc = &mut self.doc;
        let objects = &self.objects;
        let object = |at: &At| objects[usize::from(at.object) % objects.len()].clone();
        match step {
            Step::Put(at, value) => doc.put(object(at), at.prop(), value.to_scalar()),
            Step::Make(at, kind) => {
                let made = doc.put_object(object(at), at.prop(), kind.to_type())?;
                self.objects.push(made);
                Ok(())
            }
            Step::Insert(at, value) => doc.insert(object(at), at.index(), value.to_scalar()),
            Step::InsertObject(at, kind) => {
                let made = doc.insert_object(object(at), at.index(), kind.to_type())?;
                self.objects.push(made);
                Ok(())
            }
            Step::Delete(at) => doc.delete(object(at), at.prop()),
            Step::Increment(at, by) => doc.increment(object(at), at.prop(), *by),
            Step::Splice(at, delete, text) => {
                let length = doc.length(object(at));
                let index = at.index().min(length);
                let delete = usize::from(*delete).min(length - index);
                doc.splice_text(object(at), index, delete as isize, &text.to_text())
            }
            Step::Mark(at, length, name, value) => {
                let start = at.index();
                let end = start + usize::from(*length);
                let mark = Mark::new(name.to_text(), value.to_scalar(), start, end);
                doc.mark(object(at), mark, ExpandMark::Both)
            }
            Step::Split(at) => {
                let made = doc.split_block(object(at), at.index())?;
                self.objects.push(made);
                Ok(())
            }
            Step::Commit => {
                doc.commit();
                Ok(())
            }
            Step::Meet(_) => Ok(()),
        }
    }
}

impl At {
    fn prop(&self) -> Prop {
        match &self.key {
            Key::Known(number) => Prop::Map(known_key(*number)),
            Key::Any(text) => Prop::Map(text.to_text()),
            Key::Index(index) => Prop::Seq(usize::from(*index)),
        }
    }

    fn index(&self) -> usize {
        match &self.key {
            Key::Known(number) => usize::from(*number),
            Key::Any(_) => 0,
            Key::Index(index) => usize::from(*index),
        }
    }
}

/// A key of the small plan, or of the schema.
fn known_key(number: u16) -> String {
    static KEYS: OnceLock<Vec<String>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        let json = reading::small_plan().view().to_json();
        let mut keys = vec![
            "schema".to_owned(),
            "order".to_owned(),
            "deleted".to_owned(),
        ];
        keys.extend(
            EntityKind::ALL
                .iter()
                .map(|kind| kind.collection().to_owned()),
        );
        for collection in json.as_object().into_iter().flat_map(|map| map.values()) {
            for (id, entity) in collection.as_object().into_iter().flatten() {
                keys.push(id.clone());
                keys.extend(
                    entity
                        .as_object()
                        .into_iter()
                        .flat_map(|map| map.keys().cloned()),
                );
            }
        }
        keys
    });
    keys[usize::from(number) % keys.len()].clone()
}

impl Kind {
    fn to_type(&self) -> ObjType {
        match self {
            Self::Map => ObjType::Map,
            Self::List => ObjType::List,
            Self::Text => ObjType::Text,
            Self::Table => ObjType::Table,
        }
    }
}

impl Text {
    fn to_text(&self) -> String {
        match self {
            Self::Known(number) => KNOWN_TEXTS[usize::from(*number) % KNOWN_TEXTS.len()].into(),
            Self::Any(text) => text.clone(),
            Self::Long(letter, length) => letter.to_string().repeat(usize::from(*length % 2048)),
        }
    }
}

impl Scalar {
    fn to_scalar(&self) -> ScalarValue {
        match self {
            Self::Null => ScalarValue::Null,
            Self::Boolean(truth) => ScalarValue::Boolean(*truth),
            Self::Int(whole) => ScalarValue::Int(*whole),
            Self::Uint(whole) => ScalarValue::Uint(*whole),
            Self::F64(number) => ScalarValue::F64(*number),
            Self::Str(text) => ScalarValue::Str(text.to_text().into()),
            Self::Bytes(bytes) => ScalarValue::Bytes(bytes.clone()),
            Self::Counter(count) => ScalarValue::counter(*count),
            Self::Timestamp(at) => ScalarValue::Timestamp(*at),
        }
    }
}
