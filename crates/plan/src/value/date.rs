//! Dates, as precise as their source, and the forms in which people write them.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A date that is no more precise than its source: a day, a month or a year.
/// Written `2025-05-10`, `2023-08` or `2024`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartialDate {
    /// Only the year is known.
    Year(i32),
    /// The year and month (1–12) are known.
    Month(i32, u32),
    /// The exact day.
    Day(NaiveDate),
}

/// The text is no date of the forms `2025-05-10`, `2023-08` or `2024`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is no date; write 2025-05-10, 2023-08 or 2024")]
pub struct NoDate(String);

impl FromStr for PartialDate {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Self, NoDate> {
        let wrong = || NoDate(text.to_owned());
        let mut parts = text.split('-');
        let year = parts
            .next()
            .and_then(|part| part.parse().ok())
            .ok_or_else(wrong)?;
        let month = parts
            .next()
            .map(|part| part.parse().map_err(|_| wrong()))
            .transpose()?;
        let day = parts
            .next()
            .map(|part| part.parse().map_err(|_| wrong()))
            .transpose()?;
        match (month, day, parts.next()) {
            (None, None, None) => Ok(Self::Year(year)),
            (Some(month @ 1..=12), None, None) => Ok(Self::Month(year, month)),
            (Some(month), Some(day), None) => NaiveDate::from_ymd_opt(year, month, day)
                .map(Self::Day)
                .ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
        }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The months in the languages of the plans and of the app. A name that another
/// one begins with, as «januar», is read without standing here.
const MONTHS: [(&str, u32); 18] = [
    ("january", 1),
    ("february", 2),
    ("mars", 3),
    ("march", 3),
    ("april", 4),
    ("mai", 5),
    ("may", 5),
    ("juni", 6),
    ("june", 6),
    ("juli", 7),
    ("july", 7),
    ("august", 8),
    ("september", 9),
    ("oktober", 10),
    ("october", 10),
    ("november", 11),
    ("desember", 12),
    ("december", 12),
];

impl PartialDate {
    /// Reads a date, the day before the month, or as programs write it: «11.
    /// juni 2025», «11.06.25», «11/6-2025», «2025-06-11», «juni 2025», «2025».
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        // A lone «12» is a day as likely as a year.
        if text.split('-').next().is_some_and(is_year) {
            return text.parse().ok();
        }
        let apart = |letter: char| letter.is_whitespace() || matches!(letter, '.' | '/' | '-');
        let parts: Vec<&str> = text.split(apart).filter(|part| !part.is_empty()).collect();
        match parts[..] {
            [day, month, year] => {
                NaiveDate::from_ymd_opt(year_of_day(year)?, month_of(month)?, day.parse().ok()?)
                    .map(Self::Day)
            }
            [month, year] if is_year(year) => {
                Some(Self::Month(year.parse().ok()?, month_of(month)?))
            }
            _ => None,
        }
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A year of four digits, or of two where the day before it makes clear that
/// it is one: from 1970 on.
fn year_of_day(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 if year >= 70 => Some(1900 + year),
        2 => Some(2000 + year),
        _ => None,
    }
}

/// A month by its number, its name, or at least three letters of the name.
fn month_of(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return (1..=12).contains(&number).then_some(number);
    }
    let named = |(name, _): &&(&str, u32)| text.len() >= 3 && name.starts_with(text);
    MONTHS.iter().find(named).map(|(_, month)| *month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_their_precision() {
        for text in ["2025-05-10", "2023-08", "2024"] {
            assert_eq!(
                text.parse::<PartialDate>().expect("a date").to_string(),
                text
            );
        }
        for text in [
            "",
            "2025-13",
            "2025-02-30",
            "10.05.2025",
            "2025-01-01-01",
            "2025-00",
        ] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn dates_are_read_in_every_form() {
        for (text, date) in [
            ("27.01.2025", "2025-01-27"),
            ("27.1.25", "2025-01-27"),
            ("30.11.23", "2023-11-30"),
            ("1.1.99", "1999-01-01"),
            ("4. mai 2025", "2025-05-04"),
            ("04.05.2025", "2025-05-04"),
            (" 11. Juni  2025 ", "2025-06-11"),
            ("17. .juni 2025", "2025-06-17"),
            ("1.jan 2015", "2015-01-01"),
            ("1. des. 2025", "2025-12-01"),
            ("11 June 2025", "2025-06-11"),
            ("11/6-2025", "2025-06-11"),
            ("11/6 2025", "2025-06-11"),
            ("11-06-2025", "2025-06-11"),
            ("2025-06-11", "2025-06-11"),
            ("2025-06", "2025-06"),
            ("August 2023", "2023-08"),
            ("sept. 2023", "2023-09"),
            ("08.2023", "2023-08"),
            ("2025", "2025"),
        ] {
            let read = PartialDate::read(text).map(|date| date.to_string());
            assert_eq!(read.as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_for_sure_is_none() {
        for text in [
            "",
            "i fjor",
            "12",
            "12-05",
            "11. juni",
            "juni 25",
            "31.02.2025",
            "99. juni 2025",
            "13.13.2025",
            "4. m 2025",
            "4. marsvin 2025",
            "2025-13",
            "2025-2028",
            "1.1.025",
            "xx.xx.2025",
        ] {
            assert_eq!(PartialDate::read(text), None, "{text}");
        }
    }
}
