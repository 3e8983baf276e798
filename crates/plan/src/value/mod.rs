//! The plain values that stand in registers: dates, sums, time frames, kinds.

mod date;
mod money;
mod words;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use date::{NoDate, PartialDate};
pub use money::{Amount, Kroner};
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

    /// Reads a share with comma or point, and the sign or not: «33,5 %».
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let number = text.strip_suffix('%').unwrap_or(text).trim_end();
        number.replace(',', ".").replace('−', "-").parse().ok()
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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn shares_are_read_in_every_form() {
        for (text, share) in [
            ("60 %", Some("60")),
            ("60%", Some("60")),
            ("60\u{a0}%", Some("60")),
            ("60", Some("60")),
            ("33,5 %", Some("33.5")),
            ("77.4 %", Some("77.4")),
            ("−0,25 %", Some("-0.25")),
            ("seksti", None),
            ("60 kr", None),
            ("%", None),
            ("", None),
        ] {
            let read = Percent::read(text).map(|share| share.to_string());
            assert_eq!(read.as_deref(), share, "{text}");
        }
    }
}
