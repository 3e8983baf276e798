//! The value of a field in words, and words as a value.

use plan::schema::{anchoring, approval, goal, log_entry, measure, party, person};
use plan::{Field, PlanView};

use super::{Texts, format};

/// What the field is called.
pub fn name(field: &Field, t: &Texts) -> &'static str {
    match field {
        Field::Goal(goal::Field::Weight(_)) => t.weight,
        Field::Measure(measure::Field::TimeFrame(_)) => t.time_frame,
        Field::Measure(measure::Field::Goal(_)) => t.goal,
        Field::LogEntry(log_entry::Field::Version(_))
        | Field::Approval(approval::Field::Version(_)) => t.log_version,
        Field::LogEntry(log_entry::Field::ChangedBy(_)) => t.log_changed_by,
        Field::LogEntry(log_entry::Field::Date(_))
        | Field::Anchoring(anchoring::Field::Date(_))
        | Field::Approval(approval::Field::Date(_)) => t.log_date,
        Field::Party(party::Field::Name(_)) => t.party_name,
        Field::Person(person::Field::Party(_)) => t.party,
        _ => t.other_field,
    }
}

/// The value as a person reads it; empty where the field is cleared, `None`
/// where it is of a kind that no page shows.
pub fn words(field: &Field, view: &PlanView, t: &Texts) -> Option<String> {
    let words = match field {
        Field::Goal(goal::Field::Weight(share)) => share.map(|share| format::percent(share, t)),
        Field::Measure(measure::Field::TimeFrame(frame)) => {
            frame.as_ref().map(|frame| format::time_frame(frame, t))
        }
        Field::Measure(measure::Field::Goal(goal)) => goal
            .as_ref()
            .and_then(|goal| view.goal_number(goal))
            .map(t.sub_goal),
        Field::LogEntry(log_entry::Field::Date(date))
        | Field::Anchoring(anchoring::Field::Date(date))
        | Field::Approval(approval::Field::Date(date)) => {
            date.as_ref().map(|date| format::date(date, t))
        }
        Field::LogEntry(log_entry::Field::ChangedBy(party))
        | Field::Person(person::Field::Party(party)) => {
            party.as_ref().map(|party| view.party_name(party))
        }
        Field::LogEntry(log_entry::Field::Version(text))
        | Field::Approval(approval::Field::Version(text))
        | Field::Party(party::Field::Name(text))
        | Field::Person(person::Field::Name(text)) => text.clone(),
        _ => return None,
    };
    Some(words.unwrap_or_default())
}

/// `text` as a value of the same field; nothing clears it.
///
/// # Errors
/// What to tell who wrote something that can't be read.
pub fn read(field: &Field, text: &str, t: &Texts) -> Result<Field, &'static str> {
    /// The value, unless the text says something and can't be read.
    fn value<T>(
        text: &str,
        parse: fn(&str) -> Option<T>,
        unreadable: &'static str,
    ) -> Result<Option<T>, &'static str> {
        match text {
            "" => Ok(None),
            text => parse(text).ok_or(unreadable).map(Some),
        }
    }
    let text = text.trim();
    let date = || value(text, format::parse_date, t.date_unreadable);
    Ok(match field {
        Field::Goal(goal::Field::Weight(_)) => {
            let share = value(text, format::parse_percent, t.share_unreadable)?;
            Field::Goal(goal::Field::Weight(share))
        }
        Field::Measure(measure::Field::TimeFrame(_)) => {
            Field::Measure(measure::Field::TimeFrame(format::parse_time_frame(text)))
        }
        Field::LogEntry(log_entry::Field::Version(_)) => {
            let version = (!text.is_empty()).then(|| text.to_owned());
            Field::LogEntry(log_entry::Field::Version(version))
        }
        Field::LogEntry(log_entry::Field::Date(_)) => {
            Field::LogEntry(log_entry::Field::Date(date()?))
        }
        Field::Anchoring(anchoring::Field::Date(_)) => {
            Field::Anchoring(anchoring::Field::Date(date()?))
        }
        // Not written as text anywhere; what stands there stays.
        other => other.clone(),
    })
}
