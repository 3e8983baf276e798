//! What a keystroke did to a text, found by comparing before and after.
//!
//! A plain input tells only its new value. The difference to what it showed is
//! one replaced range; if the plan's text has changed meanwhile, the range is
//! carried over to where it now belongs.

/// A replaced range, counted in UTF-16 units as inputs and the plan count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Where the range begins.
    pub at: usize,
    /// How much went out.
    pub delete: usize,
    /// What came in.
    pub insert: String,
}

impl Replaced {
    /// The smallest single range that turns `before` into `after`; nothing
    /// where they are equal.
    pub fn between(before: &str, after: &str) -> Option<Self> {
        if before == after {
            return None;
        }
        let old: Vec<u16> = before.encode_utf16().collect();
        let new: Vec<u16> = after.encode_utf16().collect();
        let mut start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        // Never cut a surrogate pair in two.
        if start > 0 && is_low_surrogate(old.get(start).or(new.get(start)).copied()) {
            start -= 1;
        }
        let most = old.len().min(new.len()) - start;
        let mut end = old
            .iter()
            .rev()
            .zip(new.iter().rev())
            .take(most)
            .take_while(|(a, b)| a == b)
            .count();
        if end > 0 && is_low_surrogate(Some(old[old.len() - end])) {
            end -= 1;
        }
        let insert = String::from_utf16_lossy(&new[start..new.len() - end]);
        Some(Self {
            at: start,
            delete: old.len() - start - end,
            insert,
        })
    }

    /// The same replacement in a text that `other` has changed meanwhile. What
    /// the other took out is not taken out twice.
    pub fn after(self, other: &Replaced) -> Self {
        let end = other.carry(self.at + self.delete, Side::Before);
        let at = other.carry(self.at, Side::After).min(end);
        Self {
            at,
            delete: end - at,
            insert: self.insert,
        }
    }

    /// Where a caret at `position` stands once this is done.
    pub fn move_caret(&self, position: usize) -> usize {
        self.carry(position, Side::Before)
    }

    fn carry(&self, position: usize, side: Side) -> usize {
        let inserted = self.insert.encode_utf16().count();
        let end = self.at + self.delete;
        if position < self.at || (position == self.at && matches!(side, Side::Before)) {
            position
        } else if position >= end {
            position - self.delete + inserted
        } else {
            match side {
                Side::Before => self.at,
                Side::After => self.at + inserted,
            }
        }
    }
}

/// Which side of newly inserted text a position at its edge keeps to.
enum Side {
    Before,
    After,
}

fn is_low_surrogate(unit: Option<u16>) -> bool {
    unit.is_some_and(|unit| (0xdc00..0xe000).contains(&unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(text: &str, replaced: &Replaced) -> String {
        let mut units: Vec<u16> = text.encode_utf16().collect();
        units.splice(
            replaced.at..replaced.at + replaced.delete,
            replaced.insert.encode_utf16(),
        );
        String::from_utf16(&units).expect("no pair is cut")
    }

    #[test]
    fn the_difference_leads_from_before_to_after() {
        let texts = [
            "",
            "a",
            "aa",
            "aaa",
            "Utfordring",
            "Utfordringar",
            "å😀b",
            "å😁b",
            "😀😀",
            "x😀",
            "\u{1F600}\u{1F601}",
        ];
        for before in texts {
            for after in texts {
                match Replaced::between(before, after) {
                    Some(replaced) => assert_eq!(apply(before, &replaced), after),
                    None => assert_eq!(before, after),
                }
            }
        }
    }

    #[test]
    fn two_who_write_in_different_places_both_keep_their_words() {
        let before = "Ein to tre";
        let mine = Replaced::between(before, "Ein to tre fire").expect("differs");
        let theirs = Replaced::between(before, "Null ein to tre").expect("differs");
        let merged = apply(before, &theirs);
        assert_eq!(apply(&merged, &mine.after(&theirs)), "Null ein to tre fire");
    }

    #[test]
    fn what_both_took_out_is_taken_out_once() {
        let before = "behald fjern behald";
        let mine = Replaced::between(before, "behald  behald").expect("differs");
        let theirs = Replaced::between(before, "behald behald").expect("differs");
        let merged = apply(before, &theirs);
        let replaced = mine.after(&theirs);
        assert!(apply(&merged, &replaced).starts_with("behald"));
        assert!(apply(&merged, &replaced).ends_with("behald"));
    }

    #[test]
    fn a_caret_stays_with_its_word() {
        let before = "ein to";
        let theirs = Replaced::between(before, "null ein to").expect("differs");
        assert_eq!(theirs.move_caret(6), 11);
        let behind = Replaced::between(before, "ein to tre").expect("differs");
        assert_eq!(behind.move_caret(3), 3);
        assert_eq!(
            behind.move_caret(6),
            6,
            "text that another adds at the caret comes after it"
        );
    }
}
