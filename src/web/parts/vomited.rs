//! What was seen after a dose, in one sentence wherever the dose is shown.

use std::collections::HashMap;

use crate::care::calendar::{Zone, clock_text};
use crate::care::round::vomit::Vomited;
use chrono::{DateTime, Utc};

/// `Vomited at 08:40, 25 min after it: “half a tablet”. Nora Nurse.`
pub fn vomited_text(
    one: &Vomited,
    given_at: DateTime<Utc>,
    names: &HashMap<String, String>,
    zone: Zone,
    now: DateTime<Utc>,
) -> String {
    let by = names.get(&one.noted_by).map_or("", String::as_str);
    let (at, minutes) = (clock_text(zone, one.vomited_at, now), one.minutes_after(given_at));
    format!("Vomited at {at}, {minutes}\u{a0}min after it: “{}” {by}.", one.seen)
}
