//! The plain values that stand in registers: dates, sums, time frames, kinds.

mod words;

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use words::*;

/// Seconds since 1970-01-01 UTC, as the writing device's clock had it. Shown,
/// never used for order: a wrong clock may only look odd.
pub type UnixSeconds = i64;

/// When a measure is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeFrame {
    /// From and including the first year to and including the last.
    Years(i32, i32),
    /// Deferred: taken up at the next yearly revision.
    NextRevision,
    /// Anything else, as written.
    Text(String),
}

/// The years a plan covers, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
}

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

/// A share in per cent, exact to a hundredth. Any value is accepted; a sum
/// other than 100 % is a warning, never corrected behind the writer's back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    hundredths: i64,
}

impl Percent {
    /// A whole number of per cent.
    pub const fn whole(percent: i64) -> Self {
        Self {
            hundredths: percent * 100,
        }
    }

    /// From a decimal number, rounded to the nearest hundredth.
    pub fn from_f64(percent: f64) -> Self {
        Self {
            hundredths: (percent * 100.0).round() as i64,
        }
    }

    fn as_f64(self) -> f64 {
        self.hundredths as f64 / 100.0
    }
}

/// Decimals after a point, as many as there are: «60», «33.5».
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.hundredths < 0 { "-" } else { "" };
        let size = self.hundredths.unsigned_abs();
        let (whole, decimals) = (size / 100, size % 100);
        match decimals {
            0 => write!(f, "{sign}{whole}"),
            _ if decimals % 10 == 0 => write!(f, "{sign}{whole}.{}", decimals / 10),
            _ => write!(f, "{sign}{whole}.{decimals:02}"),
        }
    }
}

/// A text that is no number with at most two decimals, or a very great one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a share of per cent")]
pub struct NotAShare;

/// The inverse of `Display`. By digits and not by way of a float, whose reader
/// brings tables of 10 KB that do not compress.
impl FromStr for Percent {
    type Err = NotAShare;

    fn from_str(text: &str) -> Result<Self, NotAShare> {
        let (size, sign) = match text.strip_prefix('-') {
            Some(size) => (size, -1),
            None => (text, 1),
        };
        let (whole, decimals) = size.split_once('.').unwrap_or((size, "0"));
        let digits = |text: &str| -> Option<i64> {
            let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
            all_digits.then(|| text.parse().ok()).flatten()
        };
        let whole = digits(whole).filter(|whole| *whole < 1_000_000_000);
        let hundredths = match decimals.len() {
            1 => digits(decimals).map(|tenths| tenths * 10),
            2 => digits(decimals),
            _ => None,
        };
        let hundredths = whole.ok_or(NotAShare)? * 100 + hundredths.ok_or(NotAShare)?;
        Ok(Self {
            hundredths: sign * hundredths,
        })
    }
}

impl std::iter::Sum for Percent {
    fn sum<I: Iterator<Item = Self>>(shares: I) -> Self {
        let hundredths = shares.fold(0i64, |sum, share| sum.saturating_add(share.hundredths));
        Self { hundredths }
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.hundredths % 100 == 0 {
            serializer.serialize_i64(self.hundredths / 100)
        } else {
            serializer.serialize_f64(self.as_f64())
        }
    }
}
impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = f64::deserialize(deserializer)?;
        if percent.abs() <= 1e12 {
            Ok(Self::from_f64(percent))
        } else {
            Err(serde::de::Error::custom(
                "a share of per cent beyond all reason",
            ))
        }
    }
}

/// Whole Norwegian kroner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Kroner(pub i64);

impl std::iter::Sum for Kroner {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0i64, |sum, amount| sum.saturating_add(amount.0)))
    }
}

/// A money cell: the number when there is one, and the literal it was read
/// from when that says more («1.170.000,-», «xxx»).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// The sum, or nothing where the cell holds a placeholder.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kroner: Option<Kroner>,
    /// What the source or the writer wrote.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub literal: Option<String>,
}

impl Amount {
    /// A plain sum.
    pub fn kroner(kroner: i64) -> Self {
        Self {
            kroner: Some(Kroner(kroner)),
            literal: None,
        }
    }
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
    fn shares_are_exact_to_a_hundredth() {
        let third: Percent = serde_json::from_str("33.33").expect("a number");
        let sum: Percent = [third, third, Percent::from_f64(33.34)].into_iter().sum();
        assert_eq!(sum, Percent::whole(100));
        assert_eq!(serde_json::to_string(&sum).expect("json"), "100");
    }

    #[test]
    fn shares_are_read_as_they_are_shown() {
        for text in ["0", "60", "33.5", "33.05", "-7", "-0.25", "100"] {
            let share: Percent = text.parse().expect(text);
            assert_eq!(share.to_string(), text);
        }
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1.234",
            "1e3",
            "+1",
            "--1",
            "9999999999",
        ] {
            assert_eq!(text.parse::<Percent>(), Err(NotAShare), "{text}");
        }
    }
}
