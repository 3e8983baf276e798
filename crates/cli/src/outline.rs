//! A plan as plain text: what a person wants to see of it in a terminal.

use std::fmt::Write;

use plan::{
    Block, Id, PlanView, Register, RichText,
    schema::{Chapter, Goal, Measure, Party},
    table_rows,
    value::{Percent, Period, TimeFrame},
};

/// Goals below goals that are shown: many times a plan's depth. A hand that wants
/// harm can nest them without end.
const DEEPEST: usize = 32;

/// The whole plan.
pub fn of(view: &PlanView) -> String {
    let mut outline = Outline {
        view,
        text: String::new(),
    };
    outline.head();
    for (number, chapter) in view.chapters() {
        outline.chapter(number, chapter);
    }
    outline.goals(None, "");
    outline.text
}

struct Outline<'a> {
    view: &'a PlanView,
    text: String,
}

impl Outline<'_> {
    fn line(&mut self, indent: usize, text: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    /// Running text, a line a block or a table's row; a blank line stays blank.
    fn paragraphs(&mut self, indent: usize, text: &RichText) {
        if text.is_empty() {
            return;
        }
        let tables = text
            .blocks
            .chunk_by(|one, next| one.kind.is_cell() && next.kind.is_cell());
        for row in tables.flat_map(table_rows) {
            let cells: Vec<String> = row.iter().map(Block::text).collect();
            match cells.join(" | ").trim_end() {
                "" => self.text.push('\n'),
                line => self.line(indent, line),
            }
        }
    }

    fn head(&mut self) {
        let Some(plan) = self.view.plan() else {
            return;
        };
        self.line(0, &plan.title);
        let subtitle = plan.subtitle.clone();
        let period = shown(self.view, &plan.period, |period: &Period| {
            format!("{}–{}", period.from, period.to)
        });
        let relays = plan.relays.iter().cloned().collect::<Vec<_>>().join(", ");
        let relays = match relays.as_str() {
            "" => relays,
            _ => format!("Kept at: {relays}"),
        };
        for detail in [subtitle, period, relays] {
            if !detail.is_empty() {
                self.line(0, &detail);
            }
        }
    }

    fn chapter(&mut self, number: u32, chapter: &Chapter) {
        self.text.push('\n');
        self.line(0, &format!("{number}. {}", chapter.heading));
        self.paragraphs(0, &chapter.body);
    }

    fn goals(&mut self, parent: Option<&Id<Goal>>, above: &str) {
        if above.matches('.').count() == DEEPEST {
            if !self.view.goals(parent).is_empty() {
                self.line(0, &format!("Goal {above}…: nested too deep to be shown"));
            }
            return;
        }
        for (index, goal) in self.view.goals(parent).into_iter().enumerate() {
            let number = format!("{above}{}", index + 1);
            self.goal(&number, goal);
            for (index, measure) in self.view.measures(&goal.id).into_iter().enumerate() {
                self.measure(&format!("{number}-{}", index + 1), measure);
            }
            self.goals(Some(&goal.id), &format!("{number}."));
        }
    }

    fn goal(&mut self, number: &str, goal: &Goal) {
        let weight = shown(self.view, &goal.weight, |weight: &Percent| {
            format!("{weight} %")
        });
        self.text.push('\n');
        self.line(
            0,
            &with_details(&format!("Goal {number}: {}", goal.title), &[weight]),
        );
        self.paragraphs(2, &goal.main_goal);
        self.paragraphs(2, &goal.body);
        self.paragraphs(2, &goal.caveat);
    }

    fn measure(&mut self, number: &str, measure: &Measure) {
        let time_frame = shown(self.view, &measure.time_frame, time_frame);
        let heading = format!("{number} {}", measure.title);
        self.text.push('\n');
        self.line(2, &with_details(&heading, &[time_frame]));
        for (label, parties) in [("Leads", &measure.leads), ("Partners", &measure.partners)] {
            let names: Vec<String> = parties
                .iter()
                .map(|party: &Id<Party>| self.view.party_name(party))
                .collect();
            if !names.is_empty() {
                self.line(4, &format!("{label}: {}", names.join(", ")));
            }
        }
        for section in self.view.sections(&measure.id) {
            let literal = section.heading.clone();
            let heading = match &section.kind.value {
                Some(kind) if literal.is_empty() => word(kind),
                _ => literal,
            };
            self.line(4, &heading);
            self.paragraphs(6, &section.body);
        }
    }
}

/// A register's value; in a clash, every value and whose hand it was.
fn shown<T>(view: &PlanView, register: &Register<T>, show: impl Fn(&T) -> String) -> String {
    let value = |value: &Option<T>| value.as_ref().map_or_else(|| "nothing".into(), &show);
    if !register.is_clash() {
        return register.value.as_ref().map(show).unwrap_or_default();
    }
    let candidates = register.clash.iter().map(|candidate| {
        let hand = view
            .hand(&candidate.by)
            .unwrap_or_else(|| "somebody".into());
        format!("{} ({hand})", value(&candidate.value))
    });
    format!(
        "not agreed: {}",
        candidates.collect::<Vec<_>>().join(" or ")
    )
}

fn time_frame(frame: &TimeFrame) -> String {
    match frame {
        TimeFrame::Years(from, to) => format!("{from}–{to}"),
        TimeFrame::NextRevision => "next revision".into(),
        TimeFrame::Text(text) => text.clone(),
    }
}

fn with_details(heading: &str, details: &[String]) -> String {
    let details: Vec<&str> = details
        .iter()
        .map(String::as_str)
        .filter(|detail| !detail.is_empty())
        .collect();
    match details.as_slice() {
        [] => heading.to_owned(),
        details => format!("{heading} [{}]", details.join("; ")),
    }
}

/// A word of the schema, as it is stored.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
