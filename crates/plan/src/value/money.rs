//! Sums of money, and the many forms in which people write them.
//!
//! The plans that come from elsewhere have «1.170.000,-», «600’», «1,5 mill. kr»
//! and «xxx», one plan often several of these. What can mean one sum only is
//! read. What could mean two («1.500 mill.») or none is kept as it is written:
//! in a budget no number is better than a wrong one.
//!
//! All by digits: the reader of floats brings tables of 10 KB to the app.

use serde::{Deserialize, Serialize};

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

    /// Reads a money cell; nothing where it is blank.
    ///
    /// The literal is kept beside the number unless it says no more: digits,
    /// with or without «kr» and spaces between the thousands.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let kroner = Kroner::read(text);
        let plain = |letter: char| {
            letter.is_ascii_digit()
                || letter.is_whitespace()
                || matches!(letter, '-' | '−' | 'k' | 'r')
        };
        let says_more = kroner.is_none() || !text.chars().all(plain);
        Some(Self {
            kroner,
            literal: says_more.then(|| text.to_owned()),
        })
    }
}

impl Kroner {
    /// Reads a sum, to the nearest krone. Nothing where the text is no sum, not
    /// surely one sum, or too great to be counted.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        // An asterisk leads to a footnote.
        let text = text.trim_end_matches(['*', ' ']).trim();
        let (minus, text) = strip(text, MINUS);
        let (_, text) = strip(text, &["kr.", "kr", "nok"]);
        let (minus_after_currency, text) = strip(text, MINUS);
        let end = text.find(|letter: char| !is_of_number(letter));
        let (number, words) = text.split_at(end.unwrap_or(text.len()));
        let number = number.trim_end();
        // The «,-» that stands for no øre; its comma was taken for a decimal mark.
        let (number, words) = match (number.strip_suffix([',', '.']), strip(words, DASHES)) {
            (Some(number), (true, words)) => (number.trim_end(), words),
            _ => (number, words),
        };
        let size = in_kroner(number, power_of_ten(words)?)?;
        match (minus, minus_after_currency) {
            (false, false) => Some(Self(size)),
            (true, true) => None,
            _ => Some(Self(-size)),
        }
    }

    /// The digits in groups of three with `mark` between them, after a minus
    /// sign where the sum is negative.
    pub fn grouped(self, mark: char) -> String {
        let digits = self.0.unsigned_abs().to_string();
        let mut grouped = String::from(if self.0 < 0 { "−" } else { "" });
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(mark);
            }
            grouped.push(digit);
        }
        grouped
    }
}

const MINUS: &[&str] = &["-", "−", "–"];
const DASHES: &[&str] = &["-", "−", "–", "—"];

/// The text after the first of the prefixes that it begins with, and whether
/// it begins with one.
fn strip<'a>(text: &'a str, prefixes: &[&str]) -> (bool, &'a str) {
    let rest = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
    (rest.is_some(), rest.unwrap_or(text).trim_start())
}

fn is_of_number(letter: char) -> bool {
    letter.is_ascii_digit() || letter.is_whitespace() || matches!(letter, '.' | ',')
}

/// What the words after a number multiply it by, as a power of ten. Nothing
/// where they are no part of a sum.
fn power_of_ten(words: &str) -> Option<usize> {
    let mut power = None;
    for word in words.split_whitespace() {
        let times = match word.trim_end_matches('.') {
            "kr" | "kroner" | "nok" => continue,
            "’" | "'" | "´" | "′" | "tusen" => 3,
            "mill" | "million" | "millionar" | "millioner" => MILLION,
            "mrd" | "milliard" | "milliardar" | "milliarder" => 9,
            _ => return None,
        };
        if power.replace(times).is_some() {
            return None;
        }
    }
    Some(power.unwrap_or(0))
}

const MILLION: usize = 6;

/// The number times ten to the power, in whole kroner. Its thousands may be
/// apart by one kind of mark, and its decimals by another.
fn in_kroner(number: &str, power: usize) -> Option<i64> {
    let mut groups: Vec<&str> = number.split(|c: char| !c.is_ascii_digit()).collect();
    let marks = number.chars().filter(|letter| !letter.is_ascii_digit());
    let mut marks: Vec<char> = marks
        .map(|mark| if mark.is_whitespace() { ' ' } else { mark })
        .collect();
    let decimal_mark = match (marks.last(), groups.last()?.len()) {
        // «1.500 mill.» may be one and a half million or as many thousand.
        (Some('.'), 3) if power >= MILLION => return None,
        (Some(','), 3) if power >= MILLION => marks.pop(),
        // Three digits are a thousand's: no sum of kroner has so many decimals.
        (None | Some(' '), _) | (Some(_), 3) => None,
        _ => marks.pop(),
    };
    let decimals = match decimal_mark {
        Some(_) => groups.pop()?,
        None => "",
    };
    let one_kind = marks.iter().all(|mark| *mark == marks[0]);
    let in_threes = groups.len() == 1
        || groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    if !one_kind || !in_threes || (decimal_mark.is_some() && marks.first() == decimal_mark.as_ref())
    {
        return None;
    }
    let whole: i64 = groups.concat().parse().ok()?;
    let part = match (decimals.len(), power) {
        (0, _) if decimal_mark.is_none() => 0,
        // Øre.
        (2, 0) => i64::from(decimals.parse::<i64>().ok()? >= 50),
        (count @ 1.., _) if count <= power => {
            decimals.parse::<i64>().ok()? * 10_i64.pow((power - count) as u32)
        }
        _ => return None,
    };
    whole
        .checked_mul(10_i64.pow(power as u32))?
        .checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_in_every_form() {
        for (text, kroner) in [
            ("1170000", 1_170_000),
            ("1 170 000", 1_170_000),
            ("1\u{a0}170\u{a0}000", 1_170_000),
            ("1 170 000 kr", 1_170_000),
            ("1 170 000 kr.", 1_170_000),
            ("1 170 000 kroner", 1_170_000),
            ("kr 1.170.000", 1_170_000),
            ("Kr. 1.170.000,-", 1_170_000),
            ("1.170.000,-", 1_170_000),
            ("1.170.000,–", 1_170_000),
            ("1.170.000,- kr", 1_170_000),
            ("1.170.000.-", 1_170_000),
            ("185.000,- *", 185_000),
            ("500.000*", 500_000),
            ("kr. 500 000,00", 500_000),
            ("500.000,00", 500_000),
            ("500,000.00", 500_000),
            ("NOK 1,170,000", 1_170_000),
            ("NOK\u{a0}−1,170,000", -1_170_000),
            ("600’", 600_000),
            ("600'", 600_000),
            ("1 200´", 1_200_000),
            ("600’ kr", 600_000),
            ("175,5’", 175_500),
            ("600 tusen", 600_000),
            ("1,5 mill.", 1_500_000),
            ("1,5 mill. kr", 1_500_000),
            ("1.5 mill kr", 1_500_000),
            ("kr 1,125 mill.", 1_125_000),
            ("2 millionar kroner", 2_000_000),
            ("1 200 millioner", 1_200_000_000),
            ("1,25 mrd.", 1_250_000_000),
            ("-5 000", -5_000),
            ("− 5 000 kr", -5_000),
            ("kr -5 000", -5_000),
            ("0", 0),
            ("7,49", 7),
            ("-7,50", -8),
        ] {
            assert_eq!(Kroner::read(text), Some(Kroner(kroner)), "{text}");
        }
    }

    #[test]
    fn what_is_no_sum_for_sure_is_none() {
        for text in [
            "",
            "xxx",
            "-",
            "kr",
            ",-",
            "75 %",
            "27.01.2025",
            "500.000* (IN: 175’)",
            "ca. 500 000",
            "1,5",
            "1.500 mill.",
            "1,5 mill. tusen",
            "1,2345’",
            "1 17 000",
            "1170 000",
            "1 170.000",
            "1.170.00",
            "1,170,00",
            "500 000,",
            "- kr -5",
            "99999999999999999999",
            "9223372036854775807 mrd.",
        ] {
            assert_eq!(Kroner::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_literal_is_kept_where_it_says_more_than_the_number() {
        assert_eq!(Amount::read(" \u{a0} "), None);
        for text in [
            "500000",
            "500 000 kr",
            "kr 500 000",
            " 500\u{a0}000\u{a0}kr",
        ] {
            assert_eq!(Amount::read(text), Some(Amount::kroner(500_000)), "{text}");
        }
        for text in ["500.000,-", "500’", "0,5 mill."] {
            let amount = Amount {
                literal: Some(text.into()),
                ..Amount::kroner(500_000)
            };
            assert_eq!(Amount::read(text), Some(amount));
        }
        for text in ["xxx", "1.500 mill.", "–"] {
            let amount = Amount {
                kroner: None,
                literal: Some(text.into()),
            };
            assert_eq!(Amount::read(text), Some(amount));
        }
    }

    #[test]
    fn sums_are_grouped_by_thousands() {
        for (kroner, grouped) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1 000"),
            (1_170_000, "1 170 000"),
            (-50_000, "−50 000"),
            (i64::MIN, "−9 223 372 036 854 775 808"),
        ] {
            assert_eq!(Kroner(kroner).grouped(' '), grouped);
        }
    }
}
