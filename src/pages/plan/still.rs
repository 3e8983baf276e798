//! The parts of the plan that are not near, as HTML. They look as their fields
//! do; what can't be done from afar has no control here.

use std::collections::BTreeSet;
use std::fmt::Write;

use plan::Id;
use plan::schema::{Measure, Party, Section};
use plan::value::SectionKind;

use super::measure::title_or;
use super::section::section_name;
use super::shape::GoalShape;
use crate::document::OpenPlan;
use crate::locales::{Texts, format};
use crate::ui::prose::{self, escaped};

/// A measure with its sections, as [`MeasureSection`](super::measure) has them.
pub fn measure(plan: OpenPlan, shape: GoalShape, id: &Id<Measure>, t: &Texts) -> String {
    let title = plan.read(id, |measure| title_or(measure, t));
    let mut html = format!(
        r#"<h3><span class="label">{}:</span> <span>{}</span></h3>"#,
        (t.measure_n)(shape.number(id)),
        escaped(&title)
    );
    for id in shape.sections(id) {
        plan.read(&id, |section| {
            if let Some(section) = section {
                push_section(&mut html, section, t);
            }
        });
    }
    html
}

fn push_section(html: &mut String, section: &Section, t: &Texts) {
    let kind = section.kind.value.unwrap_or(SectionKind::Free);
    let heading = match section.heading.as_str() {
        "" => section_name(kind, t),
        heading => heading,
    };
    // Writing to a string can't fail.
    let _ = write!(
        html,
        r#"<h4>{}</h4><div class="body"><div class="prose">{}</div></div>"#,
        escaped(heading),
        prose::html(&section.body, &[])
    );
}

/// The cells of a measure in its goal's table.
pub fn row(plan: OpenPlan, shape: GoalShape, id: &Id<Measure>, t: &Texts) -> String {
    let number = shape.number(id);
    plan.read(id, |measure| {
        let Some(measure) = measure else {
            return String::new();
        };
        let names = |parties: &BTreeSet<Id<Party>>| plan.party_names(parties).join(", ");
        let more = (measure.and_others.value == Some(true)).then_some(t.and_others);
        let partners = [Some(names(&measure.partners)), more.map(str::to_owned)];
        let frame = measure.time_frame.value.as_ref();
        let cells = [
            (t.leads, names(&measure.leads)),
            (
                t.partners,
                partners.into_iter().flatten().collect::<Vec<_>>().join(" "),
            ),
            (
                t.time_frame,
                frame
                    .map(|frame| format::time_frame(frame, t))
                    .unwrap_or_default(),
            ),
        ];
        let mut html = format!(
            "<td>{number}</td><td>{}",
            escaped(&title_or(Some(measure), t))
        );
        if measure.is_deferred() {
            let _ = write!(html, r#"<span class="tag">{}</span>"#, t.later);
        }
        html.push_str("</td>");
        for (heading, words) in cells {
            let _ = write!(html, r#"<td data-h="{heading}">{}</td>"#, escaped(&words));
        }
        html
    })
}
