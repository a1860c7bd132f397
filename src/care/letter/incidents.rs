//! Letters about what was given in error: at once, and every morning, to whoever has still to answer.

use chrono::{DateTime, Utc};

use super::matters::{Matters, OpenIncident};
use super::message::{Link, Message, Place};
use super::{Kind, Letter, Subject};
use crate::care::calendar::days_after;
use crate::care::people::Role;

pub fn letters(matters: &Matters, now: DateTime<Utc>) -> Vec<Letter> {
    matters.incidents.iter().flat_map(|incident| about(matters, incident, now)).collect()
}

fn about(matters: &Matters, incident: &OpenIncident, now: DateTime<Utc>) -> Vec<Letter> {
    let on = matters.letter_day(now);
    let letter = |recipient: String| Letter {
        kind: Kind::Incident,
        subject: Subject::Incident { on, incident: &incident.id }.key(),
        recipient,
        wanted_at: matters.morning(on).max(incident.recorded_at.min(now)),
        expires_at: matters.morning(days_after(on, 1)),
        message: Message::Incident { unit: Place::of_unit(&incident.unit), on },
        link: Link::incident(&incident.id),
    };
    let told = |role: &Role| match role {
        Role::Prescriber => matters.prescribers_among(&incident.prescribers),
        _ => matters.supervisors(),
    };
    incident.wanting.iter().flat_map(told).map(letter).collect()
}
