//! Letters that wait for a person, since the database was put back from a copy or the clock leapt ahead: what is known,
//! what would be sent, and the word that sends it. And the word that a clock which was set back is right.

use chrono::{DateTime, Utc};

use crate::care::calendar::{Zone, day_text, moment_text};
use crate::care::leap::SetBack;
use crate::store::letters::{Wait, Why};
use crate::web::Form;

/// What a person reads before they have letters sent again.
pub struct Waiting {
    pub id: String,
    /// The database was put back from a copy: what that means.
    pub put_back: Option<String>,
    /// Who may sign in again since.
    pub people: Option<String>,
    /// The clock leapt ahead.
    pub clock_ahead: bool,
    /// `20 Nov 2026, 07:12`: when the copy was made, or what the clock should have shown.
    pub since: String,
    pub found: String,
    /// What the clock shows now.
    pub now: String,
    /// How many would be sent now.
    pub count: usize,
    pub look: String,
    pub form: Form,
}

impl Waiting {
    /// `look` leads to the letters that wait.
    pub fn new(wait: &Wait, count: usize, (zone, now): (Zone, DateTime<Utc>), look: String, form: Form) -> Waiting {
        Waiting {
            id: wait.id.clone(),
            put_back: wait.gap().map(|gap| gap.told(zone)),
            people: wait.gap().map(|gap| gap.told_of_people(zone)),
            clock_ahead: wait.why == Why::ClockAhead,
            since: moment(wait.since, zone),
            found: moment(wait.found_at, zone),
            now: moment(now, zone),
            count,
            look,
            form,
        }
    }

    /// `12 letters would be sent now.`
    pub fn told(&self) -> String {
        match self.count {
            0 => "No letter waits just now.".to_owned(),
            1 => "1 letter would be sent now.".to_owned(),
            many => format!("{many} letters would be sent now."),
        }
    }

    pub fn these(&self) -> String {
        if self.count == 1 { "this letter".to_owned() } else { format!("these {} letters", self.count) }
    }
}

/// What a person reads before they say that a clock is right which was set back.
pub struct Behind {
    pub told: String,
    /// `20 Nov 2026 07:12`: when it is there again.
    pub until: String,
    pub mark: String,
    pub form: Form,
}

impl Behind {
    pub fn new(found: &SetBack, (zone, now): (Zone, DateTime<Utc>), form: Form) -> Behind {
        Behind { told: found.told(zone, now), until: moment_text(zone, found.from), mark: found.mark(), form }
    }
}

fn moment(at: DateTime<Utc>, zone: Zone) -> String {
    let local = zone.local(at);
    format!("{}, {}", day_text(local.date()), local.format("%H:%M"))
}
