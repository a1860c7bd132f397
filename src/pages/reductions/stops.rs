//! The abrupt stops that wait for a pharmacist's countersignature, the longest wait first.

use chrono::NaiveDate;

use crate::care::resident::Resident;
use crate::store::cases::Found;
use crate::web::links;
use crate::web::parts::waiting::Waiting;

/// A stop somebody asked for. The dose goes on until it is countersigned.
#[derive(Debug, Clone)]
pub struct Stop {
    pub since: NaiveDate,
    pub href: String,
    pub surname: String,
    pub forename: String,
    pub place: String,
    pub medicine: String,
    pub words: String,
    /// Whoever reads the page asked for it.
    pub own: bool,
}

impl Stop {
    pub fn of(found: &Found, resident: &Resident, place: &str, person: &str) -> Option<Stop> {
        let (case, file) = (&found.case, &found.file);
        let waiting = Waiting::of(&case.course, &file.facts, case.sign_ahead_days, case.today);
        let Waiting::Stop { since } = waiting else { return None };
        Some(Stop {
            since,
            href: links::ending(&file.plan.id),
            surname: resident.surname.to_uppercase(),
            forename: resident.forename.clone(),
            place: place.to_owned(),
            medicine: file.plan.named(),
            words: waiting.words(&case.daily_at_next().unwrap_or_default(), case.today),
            own: file.stop_asked().is_some_and(|asked| asked.by == person),
        })
    }
}
