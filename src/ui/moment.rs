//! Points in time by the reader's own clock and calendar.

use js_sys::Date;
use plan::value::UnixSeconds;
use wasm_bindgen::JsValue;

use crate::locales::Texts;

/// «kl. 14.02» today, else the day and month.
pub fn moment(at: UnixSeconds, t: &Texts) -> String {
    let date = Date::new(&JsValue::from_f64(at as f64 * 1000.0));
    let today = Date::new_0();
    let same_day = date.get_date() == today.get_date()
        && date.get_month() == today.get_month()
        && date.get_full_year() == today.get_full_year();
    if same_day {
        (t.clock)(date.get_hours(), date.get_minutes())
    } else {
        let month = t.months[date.get_month() as usize % 12];
        (t.day_month_year)(date.get_date(), month, date.get_full_year() as i32)
    }
}
