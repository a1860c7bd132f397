//! That somebody vomited after a dose, told in sentences.

use super::Told;
use crate::care::calendar::{Zone, day_text};
use crate::care::round::vomit::Vomited;

/// None where the fact is about something else.
pub fn told(body: &str, zone: Zone) -> Option<Told> {
    let one: Vomited = serde_json::from_str(body).ok()?;
    let at = zone.local(one.vomited_at);
    let sentences = vec![
        format!("{} {}: “{}”", day_text(at.date()), at.format("%H:%M"), one.seen),
        "The record of the dose stays, and it is not given again without a prescriber’s word.".to_owned(),
    ];
    Some(Told { title: "Vomited after a dose".to_owned(), sentences })
}
