//! `entities!`: from one table of kinds and fields, everything that depends on
//! the list — plain structs, typed edits of each field, readers.

/// Declares every kind of entity; `below` names the register that holds the
/// parent, among whose other children an entity has its place. For each it makes a module with
/// `Field` (a register and its new value), `Text`, `Set` (a set and one
/// member), and the plain struct that reads return.
macro_rules! entities {
    ($(
        $(#[$doc:meta])*
        $Entity:ident, $module:ident in $collection:ident $(below $parent:ident)? {
            registers { $($(#[$reg_doc:meta])* $Reg:ident $reg:ident: $RegType:ty,)* }
            titles { $($(#[$title_doc:meta])* $Title:ident $title:ident,)* }
            texts { $($(#[$text_doc:meta])* $Text:ident $text:ident,)* }
            sets { $($(#[$set_doc:meta])* $Set:ident $set:ident: $Member:ty,)* }
        }
    )*) => {
        /// Every kind of entity, by its name in edits.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum EntityKind { $($(#[$doc])* $Entity,)* }

        impl EntityKind {
            /// All kinds.
            pub const ALL: &[EntityKind] = &[$(EntityKind::$Entity,)*];

            /// The root key of the map that holds entities of this kind.
            pub fn collection(self) -> &'static str {
                match self { $(Self::$Entity => stringify!($collection),)* }
            }

            /// The one-line texts of this kind.
            pub(crate) fn titles(self) -> &'static [&'static str] {
                match self { $(Self::$Entity => &[$(stringify!($title),)*],)* }
            }

            /// The running texts of this kind.
            pub(crate) fn texts(self) -> &'static [&'static str] {
                match self { $(Self::$Entity => &[$(stringify!($text),)*],)* }
            }

            /// The sets of this kind.
            pub(crate) fn sets(self) -> &'static [&'static str] {
                match self { $(Self::$Entity => &[$(stringify!($set),)*],)* }
            }
        }

        /// Reads an entity of whatever kind from the map that holds it, and tells
        /// what of it can't be read.
        pub(crate) fn read_entity(
            doc: &automerge::AutoCommit,
            entity: &crate::EntityRef,
            map: &automerge::ObjId,
        ) -> (std::sync::Arc<dyn AnyEntity>, Vec<crate::Unreadable>) {
            let map = crate::read::EntityMap::read(doc, map);
            (read_fields(entity, &map), map.unreadable(entity))
        }

        /// Reads an entity of whatever kind from its fields.
        pub(crate) fn read_fields(
            entity: &crate::EntityRef,
            fields: &dyn crate::read::Fields,
        ) -> std::sync::Arc<dyn AnyEntity> {
            match entity.kind {
                $(EntityKind::$Entity => std::sync::Arc::new($Entity::read(&entity.id, fields)),)*
            }
        }

        /// Keeps the fields of an entity in the order in which they are read.
        pub(crate) fn keep_fields(kind: EntityKind, any: &dyn AnyEntity, kept: &mut crate::kept::Writer) {
            let any: &dyn std::any::Any = any;
            match kind {
                $(EntityKind::$Entity => {
                    if let Some(entity) = any.downcast_ref::<$Entity>() {
                        $(kept.register(&entity.$reg);)*
                        $(kept.string(&entity.$title);)*
                        $(kept.text(&entity.$text);)*
                        $(kept.set(&entity.$set);)*
                    }
                })*
            }
        }

        /// An entity of whatever kind as JSON.
        pub(crate) fn entity_to_json(kind: EntityKind, any: &dyn AnyEntity) -> Option<serde_json::Value> {
            let any: &dyn std::any::Any = any;
            match kind {
                $(EntityKind::$Entity => serde_json::to_value(any.downcast_ref::<$Entity>()?).ok(),)*
            }
        }

        /// One register of one kind of entity, with its new value.
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum Field { $($Entity($module::Field),)* }

        impl Field {
            /// The kind of entity it belongs to.
            pub fn kind(&self) -> EntityKind {
                match self { $(Self::$Entity(_) => EntityKind::$Entity,)* }
            }

            pub(crate) fn key_and_value(&self) -> (&'static str, automerge::ScalarValue) {
                match self { $(Self::$Entity(field) => field.key_and_value(),)* }
            }
        }

        /// One text of one kind of entity.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum TextField { $($Entity($module::Text),)* }

        impl TextField {
            /// The kind of entity it belongs to.
            pub fn kind(self) -> EntityKind {
                match self { $(Self::$Entity(_) => EntityKind::$Entity,)* }
            }

            /// Its key in the entity.
            pub fn key(self) -> &'static str {
                match self { $(Self::$Entity(text) => text.key(),)* }
            }
        }

        /// One set of one kind of entity, with one member.
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum Member { $($Entity($module::Set),)* }

        impl Member {
            /// The kind of entity it belongs to.
            pub fn kind(&self) -> EntityKind {
                match self { $(Self::$Entity(_) => EntityKind::$Entity,)* }
            }

            pub(crate) fn key_and_member(&self) -> (&'static str, String) {
                match self { $(Self::$Entity(member) => member.key_and_member(),)* }
            }
        }

        $(
            impl Entity for $Entity {
                const KIND: EntityKind = EntityKind::$Entity;

                fn id(&self) -> &Id<Self> { &self.id }
            }

            impl $Entity {
                fn read(id: &str, fields: &dyn crate::read::Fields) -> Self {
                    Self {
                        id: Id::new(id),
                        deleted: fields.deleted(),
                        order: fields.order(),
                        $($reg: fields.register(stringify!($reg)),)*
                        $($title: fields.title(stringify!($title)),)*
                        $($text: fields.text(stringify!($text)),)*
                        $($set: fields.set(stringify!($set)),)*
                    }
                }
            }

            impl AnyEntity for $Entity {
                fn order(&self) -> &crate::OrderKey { &self.order }
                fn deleted(&self) -> Option<&crate::Attribution> { self.deleted.as_ref() }
                fn clashes(&self) -> Vec<Vec<crate::Choice>> {
                    let mut clashes = Vec::new();
                    $(if self.$reg.is_clash() {
                        let field = |value| Field::$Entity($module::Field::$Reg(value));
                        clashes.push(self.$reg.choices(field));
                    })*
                    clashes
                }
                fn parent(&self) -> Option<&str> {
                    $(if let Some(parent) = &self.$parent.value {
                        return Some(parent.as_str());
                    })?
                    None
                }
                fn lines(&self) -> Vec<String> {
                    let titles: &[&String] = &[$(&self.$title,)*];
                    let texts: &[&crate::RichText] = &[$(&self.$text,)*];
                    let blocks = texts.iter().flat_map(|text| &text.blocks);
                    let titles = titles.iter().copied().cloned();
                    titles.chain(blocks.map(crate::Block::text)).collect()
                }
                fn equals(&self, other: &dyn AnyEntity) -> bool {
                    let other: &dyn std::any::Any = other;
                    other.downcast_ref::<Self>() == Some(self)
                }
                fn equals_but_for_texts(&self, other: &dyn AnyEntity) -> bool {
                    let other: &dyn std::any::Any = other;
                    other.downcast_ref::<Self>().is_some_and(|other| {
                        self.order == other.order
                            && self.deleted == other.deleted
                            $(&& self.$reg == other.$reg)*
                            $(&& self.$set == other.$set)*
                    })
                }
            }

            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, serde::Serialize)]
            pub struct $Entity {
                /// Stable id.
                pub id: Id<$Entity>,
                /// Where it stands among its siblings.
                #[serde(skip)]
                pub order: crate::OrderKey,
                /// Who deleted it, while it is deleted.
                #[serde(skip_serializing_if = "Option::is_none")]
                pub deleted: Option<crate::Attribution>,
                $($(#[$reg_doc])* pub $reg: crate::Register<$RegType>,)*
                $($(#[$title_doc])* pub $title: String,)*
                $($(#[$text_doc])* pub $text: crate::RichText,)*
                $($(#[$set_doc])* pub $set: std::collections::BTreeSet<$Member>,)*
            }

            #[doc = concat!("The fields of [`", stringify!($Entity), "`] as edits name them.")]
            pub mod $module {
                #[allow(unused_imports)]
                use super::*;

                /// A register and its new value; `None` clears it.
                #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
                #[serde(rename_all = "snake_case")]
                pub enum Field { $($(#[$reg_doc])* $Reg(Option<$RegType>),)* }

                impl Field {
                    pub(crate) fn key_and_value(&self) -> (&'static str, automerge::ScalarValue) {
                        match *self {
                            $(Self::$Reg(ref value) => (stringify!($reg), crate::register::encode(value)),)*
                        }
                    }
                }

                /// A text.
                #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
                #[serde(rename_all = "snake_case")]
                pub enum Text { $($(#[$title_doc])* $Title,)* $($(#[$text_doc])* $Text,)* }

                impl Text {
                    pub(crate) fn key(self) -> &'static str {
                        match self {
                            $(Self::$Title => stringify!($title),)*
                            $(Self::$Text => stringify!($text),)*
                        }
                    }
                }

                /// A set and one member of it.
                #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
                #[serde(rename_all = "snake_case")]
                pub enum Set { $($(#[$set_doc])* $Set($Member),)* }

                impl Set {
                    pub(crate) fn key_and_member(&self) -> (&'static str, String) {
                        match *self { $(Self::$Set(ref member) => (stringify!($set), member.to_string()),)* }
                    }
                }
            }
        )*
    };
}

pub(crate) use entities;
