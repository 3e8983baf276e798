//! Objects of a JSON file, declared once as a struct.
//!
//! What serde derives weighs ten times as much in the app, for each struct
//! anew, and would be most of what templates cost to download.

use std::fmt::Display;

use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Map, Value};

/// An object whose fields have not all been read yet.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn of(json: Value) -> Result<Self, Error> {
        match json {
            Value::Object(fields) => Ok(Self(fields)),
            other => Err(Error::custom(format_args!("not an object: {other}"))),
        }
    }

    /// A field; without it, an [`Option`] is `None`, and all else is an error.
    pub(super) fn required<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Error> {
        let value = self.0.remove(name).unwrap_or_default();
        serde_json::from_value(value).map_err(|error| in_field(name, &error))
    }

    /// A field that may be left out.
    pub(super) fn optional<T: DeserializeOwned + Default>(
        &mut self,
        name: &str,
    ) -> Result<T, Error> {
        if self.0.contains_key(name) {
            self.required(name)
        } else {
            Ok(T::default())
        }
    }

    /// Ends the reading: a field that nobody asked for is a mistake in the file.
    pub(super) fn end(self) -> Result<(), Error> {
        match self.0.keys().next() {
            Some(name) => Err(in_field(name, &"there is no such field")),
            None => Ok(()),
        }
    }
}

fn in_field(name: &str, problem: &dyn Display) -> Error {
    Error::custom(format_args!("«{name}»: {problem}"))
}

/// Declares structs that are read from objects. A field with `= default` may
/// be left out, as may an [`Option`].
macro_rules! objects {
    ($(
        $(#[$attribute:meta])*
        $visibility:vis struct $Name:ident {
            $($(#[$about:meta])* $seen:vis $field:ident: $Type:ty $(= $default:ident)?,)*
        }
    )*) => {$(
        $(#[$attribute])*
        $visibility struct $Name {
            $($(#[$about])* $seen $field: $Type,)*
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
                let read = |json| -> serde_json::Result<Self> {
                    let mut fields = $crate::template::object::Fields::of(json)?;
                    let object = Self {
                        $($field: objects!(@read fields $field $($default)?),)*
                    };
                    fields.end()?;
                    Ok(object)
                };
                read(serde::Deserialize::deserialize(json)?).map_err(serde::de::Error::custom)
            }
        }
    )*};
    (@read $fields:ident $field:ident) => {
        $fields.required(stringify!($field))?
    };
    (@read $fields:ident $field:ident default) => {
        $fields.optional(stringify!($field))?
    };
}

pub(super) use objects;

#[cfg(test)]
mod tests {
    use serde_json::json;

    objects! {
        #[derive(Debug, PartialEq)]
        struct Party {
            name: String,
            number: Option<String>,
            aliases: Vec<String> = default,
        }
    }

    fn party(json: serde_json::Value) -> Result<Party, String> {
        serde_json::from_value(json).map_err(|error| error.to_string())
    }

    #[test]
    fn what_may_be_left_out_is_empty() {
        let expected = Party {
            name: String::from("Tokke"),
            number: None,
            aliases: Vec::new(),
        };
        assert_eq!(party(json!({"name": "Tokke"})), Ok(expected));
    }

    #[test]
    fn a_mistake_is_told_with_its_field() {
        for (mistake, field) in [
            (json!({"aliases": []}), "name"),
            (json!({"name": "Tokke", "number": 4034}), "number"),
            (json!({"name": "Tokke", "nummer": "4034"}), "nummer"),
        ] {
            let error = party(mistake).expect_err("a mistake");
            assert!(error.contains(&format!("«{field}»")), "{error}");
        }
        assert!(party(json!("Tokke")).is_err());
    }
}
