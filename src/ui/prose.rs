//! Running text as HTML: what a text is while no one has it in hand.
//!
//! A string and not a view: the browser reads it many times quicker than
//! elements are made one by one, and a large plan has tens of thousands.

use plan::{Block, BlockKind, Mark, RichText, Run, table_rows};

/// The text as HTML. The editor shows the same blocks in the same look.
pub fn html(text: &RichText) -> String {
    let mut html = String::new();
    let groups = text.blocks.chunk_by(|one, next| {
        let group = Group::of(one.kind);
        group.is_some() && group == Group::of(next.kind)
    });
    for together in groups {
        match Group::of(together[0].kind) {
            Some(Group::Table) => push_table(&mut html, together),
            Some(Group::Bullets) => push_list(&mut html, "ul", together),
            Some(Group::Numbers) => push_list(&mut html, "ol", together),
            None => push_block(&mut html, &together[0]),
        }
    }
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

fn push_table(html: &mut String, cells: &[Block]) {
    html.push_str("<table><tbody>");
    for row in table_rows(cells) {
        push_tag(html, "tr", |html| {
            row.iter().for_each(|cell| push_cell(html, cell))
        });
    }
    html.push_str("</tbody></table>");
}

fn push_cell(html: &mut String, cell: &Block) {
    let (begin, end) = match cell.kind {
        BlockKind::Head(_) => (r#"<th scope="col">"#, "</th>"),
        _ => ("<td>", "</td>"),
    };
    html.push_str(begin);
    cell.runs.iter().for_each(|run| push_run(html, run));
    html.push_str(end);
}

fn push_list(html: &mut String, tag: &str, items: &[Block]) {
    push_tag(html, tag, |html| {
        for item in items {
            let deep = matches!(item.kind, BlockKind::Bullet(2..) | BlockKind::Numbered(2..));
            html.push_str(if deep { r#"<li class="deep">"# } else { "<li>" });
            push_runs(html, item);
            html.push_str("</li>");
        }
    });
}

fn push_block(html: &mut String, block: &Block) {
    match block.kind {
        BlockKind::Heading(1) => push_tag(html, "h5", |html| push_runs(html, block)),
        BlockKind::Heading(_) => push_tag(html, "h6", |html| push_runs(html, block)),
        BlockKind::Note => {
            html.push_str(r#"<p class="note">"#);
            push_runs(html, block);
            html.push_str("</p>");
        }
        _ => push_tag(html, "p", |html| push_runs(html, block)),
    }
}

fn push_runs(html: &mut String, block: &Block) {
    if block.runs.iter().all(|run| run.text.is_empty()) {
        // An empty paragraph is a line high.
        html.push_str("<br>");
    }
    block.runs.iter().for_each(|run| push_run(html, run));
}

fn push_run(html: &mut String, run: &Run) {
    push_marked(html, &run.text, &run.marks);
}

fn push_marked(html: &mut String, text: &str, marks: &[Mark]) {
    let Some((mark, inner)) = marks.split_first() else {
        return push_escaped(html, text);
    };
    let inside = |html: &mut String| push_marked(html, text, inner);
    match mark {
        Mark::Bold => push_tag(html, "strong", inside),
        Mark::Italic => push_tag(html, "em", inside),
        Mark::Link(target) if leads_out(target) => {
            html.push_str(r#"<a rel="noreferrer" href=""#);
            push_escaped(html, target);
            html.push_str(r#"">"#);
            inside(html);
            html.push_str("</a>");
        }
        Mark::Link(_) => inside(html),
    }
}

/// Only what leads somewhere that a plan may point to: never to a script.
fn leads_out(target: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| target.starts_with(scheme))
}

fn push_tag(html: &mut String, tag: &str, inside: impl FnOnce(&mut String)) {
    html.push('<');
    html.push_str(tag);
    html.push('>');
    inside(html);
    html.push_str("</");
    html.push_str(tag);
    html.push('>');
}

/// Text as HTML that means nothing but itself, also within an attribute's quotes.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    push_escaped(&mut html, text);
    html
}

fn push_escaped(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
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
        html(&RichText::new(blocks))
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
}
