//! Dates, years and shares as people write and read them.

use chrono::{Datelike, NaiveDate};
use plan::value::{PartialDate, Percent, TimeFrame};

use super::Texts;

/// «5. juni 2025», «august 2023», «2024».
pub fn date(date: &PartialDate, t: &Texts) -> String {
    match date {
        PartialDate::Year(year) => year.to_string(),
        PartialDate::Month(year, month) => format!("{} {year}", month_name(*month, t)),
        PartialDate::Day(day) => {
            (t.day_month_year)(day.day(), month_name(day.month(), t), day.year())
        }
    }
}

fn month_name(month: u32, t: &Texts) -> &'static str {
    t.months
        .get(month as usize - 1)
        .copied()
        .unwrap_or_default()
}

/// Reads a date as the sources and people write it: `11. juni 2025`,
/// `11.06.2025`, `2025-06-11`, `Juni 2025`, `2025`.
pub fn parse_date(text: &str) -> Option<PartialDate> {
    let text = plan::lowercase(text.trim());
    // As programs write it; a lone «12» is a day as likely as a year.
    if let Some(date) = text.parse().ok().filter(|_| text.len() >= "2025".len()) {
        return Some(date);
    }
    let parts: Vec<&str> = text
        .split(['.', ' ', '/'])
        .filter(|part| !part.is_empty())
        .collect();
    let month = |part: &str| -> Option<u32> {
        let named = super::ALL.iter().find_map(|t| {
            t.months
                .iter()
                .position(|name| plan::lowercase(name) == part)
        });
        named
            .map(|index| index as u32 + 1)
            .or_else(|| part.parse().ok())
            .filter(|month| (1..=12).contains(month))
    };
    let year = |part: &str| {
        part.parse::<i32>()
            .ok()
            .filter(|year| (1000..10_000).contains(year))
    };
    match parts[..] {
        [day, of, y] => {
            NaiveDate::from_ymd_opt(year(y)?, month(of)?, day.parse().ok()?).map(PartialDate::Day)
        }
        [of, y] => Some(PartialDate::Month(year(y)?, month(of)?)),
        [y] => year(y).map(PartialDate::Year),
        _ => None,
    }
}

/// «2025–2028», or the words for a measure that is put off.
pub fn time_frame(frame: &TimeFrame, t: &Texts) -> String {
    match frame {
        TimeFrame::Years(from, to) if from == to => from.to_string(),
        TimeFrame::Years(from, to) => format!("{from}–{to}"),
        TimeFrame::NextRevision => t.next_revision.to_owned(),
        TimeFrame::Text(text) => text.clone(),
    }
}

/// Reads a time frame; what is no range of years and not the words for the
/// next revision in any language is kept as it is written.
pub fn parse_time_frame(text: &str) -> Option<TimeFrame> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if super::ALL
        .iter()
        .any(|t| t.next_revision.eq_ignore_ascii_case(text))
    {
        return Some(TimeFrame::NextRevision);
    }
    let year = |part: &str| {
        part.trim()
            .parse::<i32>()
            .ok()
            .filter(|year| (1900..2200).contains(year))
    };
    let years: Option<Vec<i32>> = text.split(['-', '–', '—']).map(year).collect();
    Some(match years.as_deref() {
        Some([from, to]) => TimeFrame::Years(*from, *to),
        Some([only]) => TimeFrame::Years(*only, *only),
        _ => TimeFrame::Text(text.to_owned()),
    })
}

/// «60 %», with a no-break space; decimals as the language has them.
pub fn percent(share: Percent, t: &Texts) -> String {
    format!("{}\u{a0}%", share.to_string().replace('.', t.decimal_mark))
}

/// Reads a share, with or without the sign.
pub fn parse_percent(text: &str) -> Option<Percent> {
    let number = text.trim().trim_end_matches('%').trim().replace(',', ".");
    number.parse().ok()
}

/// A list in running text: «Fyresdal, Tokke og Vinje».
pub fn list(names: &[String], t: &Texts) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {} {last}", first.join(", "), t.and),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::{EN, NB, NN};

    #[test]
    fn dates_are_read_in_every_form_and_shown_in_one() {
        let day: PartialDate = "2025-06-11".parse().expect("a date");
        for text in [
            "11. juni 2025",
            "11.06.2025",
            "2025-06-11",
            "11 June 2025",
            " 11. Juni  2025 ",
        ] {
            assert_eq!(parse_date(text), Some(day), "{text}");
        }
        assert_eq!(date(&day, &NN), "11. juni 2025");
        assert_eq!(date(&day, &EN), "11 June 2025");
        assert_eq!(
            parse_date("August 2023").map(|month| date(&month, &NB)),
            Some("august 2023".into())
        );
        assert_eq!(parse_date("2024"), Some(PartialDate::Year(2024)));
        for text in ["", "i fjor", "31.02.2025", "12", "99. juni 2025"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_read_back_as_the_same() {
        for frame in [
            TimeFrame::Years(2025, 2028),
            TimeFrame::Years(2026, 2026),
            TimeFrame::NextRevision,
        ] {
            for t in crate::locales::ALL {
                assert_eq!(
                    parse_time_frame(&time_frame(&frame, t)),
                    Some(frame.clone())
                );
            }
        }
        assert_eq!(
            parse_time_frame("2025-2028"),
            Some(TimeFrame::Years(2025, 2028))
        );
        assert_eq!(
            parse_time_frame("hausten"),
            Some(TimeFrame::Text("hausten".into()))
        );
        let third = Percent::from_f64(33.5);
        assert_eq!(percent(third, &NN), "33,5\u{a0}%");
        assert_eq!(parse_percent(&percent(third, &NN)), Some(third));
        assert_eq!(parse_percent("seksti"), None);
    }
}
