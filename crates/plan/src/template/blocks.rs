//! Running text as templates write it: a line a block, with a sign in front
//! for all but paragraphs.
//!
//! | line | block |
//! |---|---|
//! | `# Heading` | a heading within the text |
//! | `- item` | an item of a bullet list |
//! | `1. item` | an item of a numbered list; the number itself is not kept |
//! | anything else | a paragraph |

use crate::text::{Block, BlockKind};

/// The blocks that these lines stand for.
pub(super) fn parse(lines: &[String]) -> Vec<Block> {
    lines.iter().map(|line| parse_line(line)).collect()
}

/// A title has no blocks, so its text is taken as it stands.
pub(super) fn title(text: &str) -> Vec<Block> {
    vec![Block::new(BlockKind::Paragraph, text)]
}

fn parse_line(line: &str) -> Block {
    if let Some(heading) = line.strip_prefix("# ") {
        Block::new(BlockKind::Heading(1), heading)
    } else if let Some(item) = line.strip_prefix("- ") {
        Block::new(BlockKind::Bullet(1), item)
    } else if let Some(item) = numbered(line) {
        Block::new(BlockKind::Numbered(1), item)
    } else {
        Block::new(BlockKind::Paragraph, line)
    }
}

fn numbered(line: &str) -> Option<&str> {
    let (number, item) = line.split_once(". ")?;
    number.parse::<u32>().ok().map(|_| item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_front_makes_the_block() {
        let cases = [
            ("# Med Husbanken", BlockKind::Heading(1), "Med Husbanken"),
            ("- eldre", BlockKind::Bullet(1), "eldre"),
            ("12. Pilotering", BlockKind::Numbered(1), "Pilotering"),
            ("Kl. 9. mai", BlockKind::Paragraph, "Kl. 9. mai"),
            ("-eldre", BlockKind::Paragraph, "-eldre"),
            ("", BlockKind::Paragraph, ""),
        ];
        for (line, kind, text) in cases {
            assert_eq!(
                parse(&[line.to_owned()]),
                [Block::new(kind, text)],
                "{line}"
            );
        }
    }
}
