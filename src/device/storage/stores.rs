//! The stores, their keys, and records as bytes.

use js_sys::{Array, Uint8Array};
use sync::ids::PlanId;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbKeyRange;

/// A store of the database. Its name stays as it is: it is on people's disks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Store {
    Identity,
    Plans,
    Changes,
    Sync,
    Outbox,
    Vouches,
    SetAside,
}

impl Store {
    pub(super) const ALL: [Self; 7] = [
        Self::Identity,
        Self::Plans,
        Self::Changes,
        Self::Sync,
        Self::Outbox,
        Self::Vouches,
        Self::SetAside,
    ];

    /// The stores whose keys begin with a plan.
    pub(super) const OF_A_PLAN: [Self; 4] =
        [Self::Changes, Self::Outbox, Self::Vouches, Self::SetAside];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Plans => "plans",
            Self::Changes => "changes",
            Self::Sync => "sync",
            Self::Outbox => "outbox",
            Self::Vouches => "vouches",
            Self::SetAside => "set_aside",
        }
    }
}

/// The key of a plan's one record.
pub(super) fn plan_key(plan: PlanId) -> JsValue {
    plan.to_string().into()
}

/// The key of one of a plan's records: the plan, then what names the record
/// within it, strings or numbers.
pub(super) fn key_in(plan: PlanId, names: impl IntoIterator<Item = JsValue>) -> JsValue {
    std::iter::once(plan_key(plan))
        .chain(names)
        .collect::<Array>()
        .into()
}

/// The range of all of a plan's records.
pub(super) fn all_of(plan: PlanId) -> JsValue {
    // Keys sort by kind first, and an array comes after numbers and strings
    // (Indexed Database API, section 2.4): nothing lies above `[plan, []]`.
    let above = key_in(plan, [Array::new().into()]);
    let range = IdbKeyRange::bound(&key_in(plan, []), &above);
    range.expect("both are keys, the lower one first").into()
}

/// What names a record within its plan, if it is a string.
pub(super) fn name_in(key: &JsValue) -> Option<String> {
    key.dyn_ref::<Array>()?.get(1).as_string()
}

/// What numbers a record within its plan.
pub(super) fn number_in(key: &JsValue) -> Option<u64> {
    let number = key.dyn_ref::<Array>()?.get(1).as_f64()?;
    (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
}

/// A record to be written.
pub(super) fn record(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

/// A record that was read; nothing if it is not bytes.
pub(super) fn bytes(record: &JsValue) -> Option<Vec<u8>> {
    record.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}
