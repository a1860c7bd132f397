//! Whom a supervisor let in for a shift, or out before its end, told in sentences.

use serde::Deserialize;

use super::Told;
use crate::care::calendar::{Zone, moment_text};
use crate::care::people::Engagement;
use crate::store::history::Fact;

#[derive(Deserialize)]
struct Access {
    name: String,
    registration: String,
    opened: bool,
    engagement: Engagement,
}

/// None where the fact is about something else.
pub fn told(fact: &Fact, zone: Zone) -> Option<Told> {
    let access: Access = (fact.kind == "let_in_nurse").then(|| serde_json::from_str(&fact.body).ok()).flatten()?;
    let (name, until) = (&access.name, moment_text(zone, access.engagement.ends_at?));
    let role = access.engagement.role.word();
    let told = match access.engagement.ended_at {
        None => ("Agency nurse let in", format!("{name} is let in until {until}, as a {role}.")),
        Some(at) => (
            "Access of an agency nurse ended",
            format!(
                "{name} has no access as a {role} from {} on; it would have lasted until {until}.",
                moment_text(zone, at)
            ),
        ),
    };
    let opened = access
        .opened
        .then(|| format!("A new account was opened, with the registration number {}.", access.registration));
    Some(Told { title: told.0.to_owned(), sentences: std::iter::once(told.1).chain(opened).collect() })
}
