//! Running text as HTML: what a text is while no one here has it in hand.
//!
//! A string and not a view: the browser reads it many times quicker than
//! elements are made one by one, and a large plan has tens of thousands.

use plan::{Block, BlockKind, Mark, RichText, Run, table_rows};

/// Where another is writing in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Caret {
    /// The position in UTF-16 units of the plain text.
    pub at: usize,
    /// The name on its label.
    pub who: String,
    /// Which of the parties' colours it has.
    pub color: usize,
}

/// The text as HTML, with others' carets in the order of their places. The
/// editor shows the same blocks in the same look.
pub fn html(text: &RichText, carets: &[Caret]) -> String {
    let mut writer = Writer {
        html: String::new(),
        at: 0,
        carets,
    };
    let groups = text.blocks.chunk_by(|one, next| {
        let group = Group::of(one.kind);
        group.is_some() && group == Group::of(next.kind)
    });
    for together in groups {
        match Group::of(together[0].kind) {
            Some(Group::Table) => writer.table(together),
            Some(Group::Bullets) => writer.list("ul", together),
            Some(Group::Numbers) => writer.list("ol", together),
            None => writer.block(&together[0]),
        }
    }
    writer.html
}

/// Text as HTML that means nothing but itself, also within an attribute's quotes.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    text.chars()
        .for_each(|letter| push_escaped(&mut html, letter));
    html
}

/// What a block is shown in together with its neighbours.
#[derive(PartialEq)]
enum Group {
    Bullets,
    Numbers,
    Table,
}

impl Group {
    fn of(kind: BlockKind) -> Option<Self> {
        match kind {
            BlockKind::Bullet(_) => Some(Self::Bullets),
            BlockKind::Numbered(_) => Some(Self::Numbers),
            BlockKind::Cell(_) | BlockKind::Head(_) => Some(Self::Table),
            BlockKind::Paragraph | BlockKind::Heading(_) | BlockKind::Note => None,
        }
    }
}

struct Writer<'a> {
    html: String,
    /// The position in the plain text that is written next.
    at: usize,
    /// Those not yet written.
    carets: &'a [Caret],
}

impl Writer<'_> {
    fn list(&mut self, tag: &str, items: &[Block]) {
        self.within(tag, "", |writer| {
            for item in items {
                let deep = matches!(item.kind, BlockKind::Bullet(2..) | BlockKind::Numbered(2..));
                let class = if deep { r#" class="deep""# } else { "" };
                writer.line("li", class, item);
            }
        });
    }

    fn table(&mut self, cells: &[Block]) {
        self.html.push_str("<table><tbody>");
        for row in table_rows(cells) {
            self.within("tr", "", |writer| {
                for cell in row {
                    match cell.kind {
                        BlockKind::Head(_) => writer.line("th", r#" scope="col""#, cell),
                        _ => writer.line("td", "", cell),
                    }
                }
            });
        }
        self.html.push_str("</tbody></table>");
    }

    fn block(&mut self, block: &Block) {
        let (tag, attributes) = match block.kind {
            BlockKind::Heading(1) => ("h5", ""),
            BlockKind::Heading(_) => ("h6", ""),
            BlockKind::Note => ("p", r#" class="note""#),
            _ => ("p", ""),
        };
        self.line(tag, attributes, block);
    }

    /// One block, in an element of its own.
    fn line(&mut self, tag: &str, attributes: &str, block: &Block) {
        self.within(tag, attributes, |writer| {
            if block.runs.iter().all(|run| run.text.is_empty()) && !block.kind.is_cell() {
                // An empty paragraph is a line high.
                writer.html.push_str("<br>");
            }
            block
                .runs
                .iter()
                .for_each(|run| writer.run(run, &run.marks));
            writer.carets();
            // The break between blocks.
            writer.at += 1;
        });
    }

    fn run(&mut self, run: &Run, marks: &[Mark]) {
        let Some((mark, inner)) = marks.split_first() else {
            return self.text(&run.text);
        };
        let inside = |writer: &mut Self| writer.run(run, inner);
        match mark {
            Mark::Bold => self.within("strong", "", inside),
            Mark::Italic => self.within("em", "", inside),
            Mark::Link(target) if leads_out(target) => {
                let link = format!(r#" rel="noreferrer" href="{}""#, escaped(target));
                self.within("a", &link, inside);
            }
            Mark::Link(_) => inside(self),
        }
    }

    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            self.carets();
            push_escaped(&mut self.html, letter);
            self.at += letter.len_utf16();
        }
    }

    /// The carets that stand where the writing is.
    fn carets(&mut self) {
        while let Some((caret, rest)) = self
            .carets
            .split_first()
            .filter(|(first, _)| first.at <= self.at)
        {
            self.carets = rest;
            let label = format!(
                r#" class="caret" data-who="{}" data-party="{}""#,
                escaped(&caret.who),
                caret.color
            );
            self.within("span", &label, |_| ());
        }
    }

    fn within(&mut self, tag: &str, attributes: &str, inside: impl FnOnce(&mut Self)) {
        for part in ["<", tag, attributes, ">"] {
            self.html.push_str(part);
        }
        inside(self);
        for part in ["</", tag, ">"] {
            self.html.push_str(part);
        }
    }
}

/// Only what leads somewhere that a plan may point to: never to a script.
fn leads_out(target: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| target.starts_with(scheme))
}

fn push_escaped(html: &mut String, letter: char) {
    match letter {
        '&' => html.push_str("&amp;"),
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '"' => html.push_str("&quot;"),
        other => html.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(kind: BlockKind, runs: &[(&str, &[Mark])]) -> Block {
        let runs = runs.iter().map(|(text, marks)| Run {
            text: (*text).to_owned(),
            marks: marks.to_vec(),
        });
        Block {
            kind,
            runs: runs.collect(),
        }
    }

    fn html_of(blocks: Vec<Block>) -> String {
        html(&RichText::new(blocks), &[])
    }

    #[test]
    fn items_that_follow_one_another_share_a_list_and_cells_a_table() {
        let blocks = vec![
            block(BlockKind::Paragraph, &[("Slik:", &[])]),
            block(BlockKind::Bullet(1), &[("tomter", &[])]),
            block(BlockKind::Bullet(2), &[("i sentrum", &[Mark::Bold])]),
            block(BlockKind::Numbered(1), &[("kartlegg", &[])]),
            block(BlockKind::Head(1), &[("Kva", &[])]),
            block(BlockKind::Head(2), &[("Når", &[])]),
            block(BlockKind::Cell(1), &[("kart", &[])]),
        ];
        assert_eq!(
            html_of(blocks),
            "<p>Slik:</p><ul><li>tomter</li><li class=\"deep\"><strong>i sentrum</strong></li></ul>\
             <ol><li>kartlegg</li></ol><table><tbody><tr><th scope=\"col\">Kva</th>\
             <th scope=\"col\">Når</th></tr><tr><td>kart</td></tr></tbody></table>"
        );
    }

    #[test]
    fn what_is_written_is_text_and_never_markup() {
        let evil = "<img src=x onerror=\"alert('&')\">";
        let link = [Mark::Link("https://a.example/\"><script>".into())];
        let script = [Mark::Link("javascript:alert(1)".into())];
        let html = html_of(vec![
            block(BlockKind::Paragraph, &[(evil, &[])]),
            block(BlockKind::Paragraph, &[("ut", &link), ("inn", &script)]),
        ]);
        assert!(
            !html.contains("<img") && !html.contains("<script") && !html.contains("javascript:")
        );
        assert_eq!(html.matches("<a ").count(), 1);
    }

    #[test]
    fn carets_stand_between_the_letters_where_others_write() {
        let caret = |at| Caret {
            at,
            who: "Vinje".into(),
            color: 2,
        };
        let text = RichText::new(vec![
            block(BlockKind::Paragraph, &[("a🏔b", &[Mark::Bold])]),
            block(BlockKind::Paragraph, &[("c", &[])]),
        ]);
        let span = "<span class=\"caret\" data-who=\"Vinje\" data-party=\"2\"></span>";
        assert_eq!(
            html(&text, &[caret(3), caret(4), caret(6), caret(99)]),
            format!("<p><strong>a🏔{span}b</strong>{span}</p><p>c{span}</p>"),
            "a caret beyond the text is nowhere"
        );
    }
}
