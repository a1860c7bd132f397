//! What somebody did about a taper alert, told in sentences.

use super::Told;
use crate::care::calendar::{Zone, day_text};
use crate::care::round::taper_alert::{AlertAcknowledgement, because_text};

/// None where the fact is about something else.
pub fn told(body: &str, zone: Zone) -> Option<Told> {
    let one: AlertAcknowledgement = serde_json::from_str(body).ok()?;
    let since = zone.local(one.since);
    let because = because_text(&one.because);
    let sentences = vec![
        format!("Since {} {}: {because}.", day_text(since.date()), since.format("%H:%M")),
        format!("What was done: “{}”", one.done),
        "The letters about it stop.".to_owned(),
    ];
    Some(Told { title: "Taper alert acknowledged".to_owned(), sentences })
}
