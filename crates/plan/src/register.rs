//! Registers: single values whose clashes are kept and shown.
//!
//! automerge keeps every value that was put at a key concurrently. A register
//! reads them all: the one automerge shows as current on every device, and,
//! where hands collided, each candidate with who and when, until a person
//! chooses by setting the value once more.

use automerge::{AutoCommit, ObjId, ReadDoc, ScalarValue, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::attribution::Attribution;
use crate::schema::Field;

/// A single value as it stands in the document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Register<T> {
    /// The current value; the same on every device, also during a clash.
    pub value: Option<T>,
    /// Empty, or the two or more different values that were set concurrently,
    /// the current one last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clash: Vec<Candidate<T>>,
}

/// One of the values in a clash.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate<T> {
    /// The value; `None` when this hand cleared the field.
    pub value: Option<T>,
    /// Whose hand, and when.
    pub by: Attribution,
}

/// One of the values in a clash, whatever its type: the field that an edit sets
/// to choose it.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The register with the value.
    pub field: Field,
    /// Whose hand, and when.
    pub by: Attribution,
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self {
            value: None,
            clash: Vec::new(),
        }
    }
}

impl<T> Register<T> {
    /// Whether different values were set concurrently and nobody has chosen yet.
    pub fn is_clash(&self) -> bool {
        !self.clash.is_empty()
    }

    /// How many of its values are none.
    pub(crate) fn unset(&self) -> usize {
        match &self.clash[..] {
            [] => usize::from(self.value.is_none()),
            clash => clash.iter().filter(|one| one.value.is_none()).count(),
        }
    }
}

impl<T: Clone> Register<T> {
    /// The values in the clash as the fields that `field` makes of them.
    pub fn choices(&self, field: impl Fn(Option<T>) -> Field) -> Vec<Choice> {
        let choices = self.clash.iter().map(|candidate| Choice {
            field: field(candidate.value.clone()),
            by: candidate.by.clone(),
        });
        choices.collect()
    }
}

/// A value as automerge stores it: strings, whole numbers and truth values as
/// themselves, anything with parts as its JSON text, so that it stays one
/// value and half of it can never win over the other half.
pub(crate) fn encode<T: Serialize>(value: &Option<T>) -> ScalarValue {
    match serde_json::to_value(value) {
        Ok(Json::Null) | Err(_) => ScalarValue::Null,
        Ok(Json::Bool(truth)) => ScalarValue::Boolean(truth),
        Ok(Json::String(text)) => ScalarValue::Str(text.into()),
        Ok(Json::Number(number)) => match number.as_i64() {
            Some(whole) => ScalarValue::Int(whole),
            None => ScalarValue::F64(number.as_f64().unwrap_or_default()),
        },
        Ok(parts) => ScalarValue::Str(parts.to_string().into()),
    }
}

/// The inverse of [`encode`], as far as it goes without the type.
fn to_json(scalar: &ScalarValue) -> Json {
    match scalar {
        ScalarValue::Boolean(truth) => Json::from(*truth),
        ScalarValue::Int(whole) => Json::from(*whole),
        ScalarValue::Uint(whole) => Json::from(*whole),
        ScalarValue::F64(decimal) => Json::from(*decimal),
        ScalarValue::Str(text) => Json::from(text.as_str()),
        _ => Json::Null,
    }
}

/// A value this version cannot read (written by another program, say) reads as
/// unset rather than failing the plan.
fn decode<T: DeserializeOwned>(json: Json) -> Option<T> {
    match json {
        Json::Null => None,
        Json::String(text) => serde_json::from_value(Json::String(text.clone()))
            .or_else(|_| crate::read::json(&text))
            .ok(),
        other => serde_json::from_value(other).ok(),
    }
}

/// A register's values without their type, so that most of the code is there once and
/// not for each type.
pub(crate) struct Values {
    /// The current value.
    pub(crate) current: Json,
    /// Empty, or the values of a clash, the current one last.
    pub(crate) clash: Vec<(Json, Attribution)>,
}

impl Values {
    /// A value that stands alone.
    pub(crate) fn certain(value: &Value<'_>) -> Self {
        let current = match value {
            Value::Scalar(scalar) => to_json(scalar),
            Value::Object(_) => Json::Null,
        };
        Self {
            current,
            clash: Vec::new(),
        }
    }

    /// The values of a register, for [`typed`](Self::typed).
    pub(crate) fn of<T: Serialize>(register: &Register<T>) -> Self {
        let clash = register.clash.iter();
        Self {
            current: to_json(&encode(&register.value)),
            clash: clash
                .map(|one| (to_json(&encode(&one.value)), one.by.clone()))
                .collect(),
        }
    }

    /// The register that they are.
    pub(crate) fn typed<T: DeserializeOwned>(self) -> Register<T> {
        let clash = self.clash.into_iter();
        Register {
            value: decode(self.current),
            clash: clash
                .map(|(value, by)| Candidate {
                    value: decode(value),
                    by,
                })
                .collect(),
        }
    }
}

/// Reads the register at `key` of the map `entity`.
pub(crate) fn read(doc: &AutoCommit, entity: &ObjId, key: &str) -> Values {
    let mut values: Vec<(Json, ObjId)> = doc
        .get_all(entity, key)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(value, op)| match value {
            Value::Scalar(scalar) => Some((to_json(&scalar), op)),
            Value::Object(_) => None,
        })
        .collect();
    // Two hands that set the same value agree: that is no clash. Of equals the
    // last stays, because automerge's current value is the last of all.
    let mut kept: Vec<(Json, ObjId)> = Vec::with_capacity(values.len());
    while let Some((value, op)) = values.pop() {
        if !kept.iter().any(|(other, _)| *other == value) {
            kept.push((value, op));
        }
    }
    kept.reverse();
    let current = kept.last().map_or(Json::Null, |(value, _)| value.clone());
    if kept.len() < 2 {
        kept.clear();
    }
    let clash = kept
        .into_iter()
        .map(|(value, op)| (value, Attribution::of_op(doc, &op)));
    Values {
        current,
        clash: clash.collect(),
    }
}
