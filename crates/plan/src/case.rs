//! Lower case, for names that are to be found however they were written.

/// The text in lower case, for the letters that languages here are written
/// with: Latin, with all marks of western and northern Europe, Sámi among them.
/// Others stay as they are. Every letter is as many bytes long as it was.
///
/// [`str::to_lowercase`] knows every alphabet there is, by a table of 12 KB.
pub fn lowercase(text: &str) -> String {
    text.chars().map(lowercase_letter).collect()
}

/// In Latin Extended-A (U+0100 to U+017F), a small letter follows its capital;
/// the capitals are even in some rows and odd in others.
fn lowercase_letter(letter: char) -> char {
    let after = match letter {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' => 0x20,
        // No pair: `İ`, which becomes two letters, `ı` and `ĸ`.
        'İ' | 'ı' | 'ĸ' => 0,
        'Ā'..='ķ' | 'Ŋ'..='ŷ' => 1 - u32::from(letter) % 2,
        'Ĺ'..='ň' | 'Ź'..='ž' => u32::from(letter) % 2,
        'Ÿ' => return 'ÿ',
        _ => 0,
    };
    char::from_u32(u32::from(letter) + after).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_letters_become_what_unicode_says() {
        for letter in ('\0'..='\u{17f}').filter(|&letter| letter != 'İ') {
            let text = letter.to_string();
            assert_eq!(lowercase(&text), text.to_lowercase());
            assert_eq!(lowercase(&text).len(), text.len());
        }
        assert_eq!(lowercase("SÁMEDIGGI, Kárášjohka"), "sámediggi, kárášjohka");
    }
}
