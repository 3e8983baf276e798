//! Dates, years, sums and shares as each language shows them, and their reading,
//! which takes every language's forms.

use chrono::Datelike;
use plan::value::{Amount, PartialDate, Percent, TimeFrame};

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

/// Reads a date in any form and language.
pub fn parse_date(text: &str) -> Option<PartialDate> {
    PartialDate::read(text)
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

/// «60 %», with a no-break space; decimals and minus as the language has them.
pub fn percent(share: Percent, t: &Texts) -> String {
    let number = share.to_string().replace('.', t.decimal_mark);
    format!("{}\u{a0}%", number.replace('-', "−"))
}

/// Reads a share, with or without the sign.
pub fn parse_percent(text: &str) -> Option<Percent> {
    Percent::read(text)
}

/// «1 170 000 kr», «NOK 1,170,000», or what stands for a number («xxx»).
pub fn amount(amount: &Amount, t: &Texts) -> String {
    match (amount.kroner, &amount.literal) {
        (Some(kroner), _) => (t.kroner)(&kroner.grouped(t.thousands_mark)),
        (None, Some(literal)) => literal.clone(),
        (None, None) => String::new(),
    }
}

/// Reads a money cell. What it says in the words of the app says no more than
/// the number.
#[cfg_attr(not(test), expect(dead_code, reason = "no page has sums yet"))]
pub fn parse_amount(text: &str, t: &Texts) -> Option<Amount> {
    let mut read = Amount::read(text)?;
    let number = Amount {
        literal: None,
        ..read.clone()
    };
    if amount(&number, t) == text.trim() {
        read = number;
    }
    Some(read)
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
    use crate::locales::{ALL, EN, NN};

    #[test]
    fn each_language_shows_a_date_in_one_form_and_reads_it_back() {
        for (date, shown) in [
            (
                "2025-06-11",
                ["11. juni 2025", "11. juni 2025", "11 June 2025"],
            ),
            (
                "2025-12",
                ["desember 2025", "desember 2025", "December 2025"],
            ),
            ("2024", ["2024", "2024", "2024"]),
        ] {
            let date: PartialDate = date.parse().expect("a date");
            assert_eq!(ALL.map(|t| super::date(&date, t)), shown);
            for text in shown {
                assert_eq!(parse_date(text), Some(date), "{text}");
            }
        }
    }

    #[test]
    fn every_month_is_read_in_every_language() {
        for t in ALL {
            for month in 1..=12 {
                let date = PartialDate::Month(2025, month);
                assert_eq!(parse_date(&super::date(&date, t)), Some(date));
            }
        }
    }

    #[test]
    fn each_language_shows_a_sum_in_one_form_and_reads_it_back() {
        for (kroner, shown) in [
            (0, ["0\u{a0}kr", "0\u{a0}kr", "NOK\u{a0}0"]),
            (
                1_170_000,
                [
                    "1\u{a0}170\u{a0}000\u{a0}kr",
                    "1\u{a0}170\u{a0}000\u{a0}kr",
                    "NOK\u{a0}1,170,000",
                ],
            ),
            (
                -50_000,
                [
                    "−50\u{a0}000\u{a0}kr",
                    "−50\u{a0}000\u{a0}kr",
                    "NOK\u{a0}−50,000",
                ],
            ),
        ] {
            let sum = Amount::kroner(kroner);
            assert_eq!(ALL.map(|t| amount(&sum, t)), shown);
            for (t, text) in ALL.into_iter().zip(shown) {
                assert_eq!(parse_amount(text, t), Some(sum.clone()), "{text}");
            }
        }
    }

    #[test]
    fn what_stands_for_a_sum_is_shown_as_it_is_written() {
        let placeholder = parse_amount(" xxx ", &NN).expect("a placeholder");
        assert_eq!(amount(&placeholder, &NN), "xxx");
        let thousands = parse_amount("600’", &NN).expect("a sum");
        assert_eq!(amount(&thousands, &NN), "600\u{a0}000\u{a0}kr");
        assert_eq!(thousands.literal.as_deref(), Some("600’"));
        assert_eq!(parse_amount(" ", &NN), None);
    }

    #[test]
    fn what_is_shown_is_read_back_as_the_same() {
        for frame in [
            TimeFrame::Years(2025, 2028),
            TimeFrame::Years(2026, 2026),
            TimeFrame::NextRevision,
        ] {
            for t in ALL {
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
        let third: Percent = "-33.5".parse().expect("a share");
        assert_eq!(percent(third, &NN), "−33,5\u{a0}%");
        assert_eq!(percent(third, &EN), "−33.5\u{a0}%");
        for t in ALL {
            assert_eq!(parse_percent(&percent(third, t)), Some(third));
        }
    }
}
