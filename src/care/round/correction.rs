//! Who may correct what was recorded of a dose, until when, and what may take its place.
//!
//! A correction never changes a record: it says that the record no longer stands, why, and what happened really. It is
//! about what has happened already, so nothing that bars a dose from being given bars it.
//! Sources: 21 CFR 11.10(e) (changes do not obscure what was recorded before); FHIR R4 `entered-in-error`, which is what
//! becomes of a record made in error.

use chrono::{DateTime, TimeDelta, Utc};

use super::administration::{DoseCase, RecordAsk, Recorded, Said, note, typed};
use crate::care::people::{Role, one_of_several};
use crate::care::refusal::Refusal;

one_of_several! {
    /// Whoever corrects: a nurse their own records, a supervisor any.
    Corrector: Nurse Supervisor
}

/// A record that somebody wants to correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correctable {
    /// The person's id.
    pub recorded_by: String,
    /// When the dose was first recorded: correcting it does not begin the hours anew.
    pub first_at: DateTime<Utc>,
    /// The facility's setting.
    pub hours: u32,
    /// Somebody corrected it already.
    pub corrected: Option<Corrected>,
}

/// A correction that was made already, in words for the person who was second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    pub by: String,
    pub at: String,
}

/// What stands instead of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// What happened really.
    Record(RecordAsk),
    /// Nothing: it was recorded in error, for instance of another resident’s dose. The dose is open again.
    Nothing,
}

impl Correctable {
    /// Only what stands is corrected: by whoever recorded it, for so many hours, or by a supervisor.
    pub fn allows(&self, by: &Corrector, now: DateTime<Utc>) -> Result<(), Refusal> {
        if let Some(Corrected { by, at }) = &self.corrected {
            return Err(Refusal::CorrectedAlready { by: by.clone(), at: at.clone() });
        }
        let until = self.first_at + TimeDelta::hours(self.hours.into());
        match by.role {
            Role::Supervisor => Ok(()),
            _ if self.recorded_by != by.staff.person => Err(Refusal::CorrectionNotOwn),
            _ if now > until => Err(Refusal::CorrectionTooLate { hours: self.hours }),
            _ => Ok(()),
        }
    }

    /// What happened really, told of the dose as it was recorded, and given then where no other time is typed: in the hour that
    /// clocks repeat the time that the page shows is the one that was meant, not the other one that reads the same.
    pub fn retold(
        &self,
        dose: &DoseCase,
        ask: &RecordAsk,
        given_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, Refusal> {
        let unchanged = ask.given_at.trim() == typed(dose.zone, dose.due_at, given_at);
        let typed = if unchanged { String::new() } else { ask.given_at.clone() };
        let ask = RecordAsk { given_at: typed, ..ask.clone() };
        dose.happened(&ask, Said { now, first: self.first_at, unsaid: given_at })
    }
}

/// Whether a correction tells of another time. A page shows minutes: within the same one nothing else was said.
pub fn another_time(was: DateTime<Utc>, told: DateTime<Utc>) -> bool {
    (told - was).abs() >= TimeDelta::minutes(1)
}

/// Why a record is corrected.
pub fn reason(typed: &str) -> Result<String, Refusal> {
    match note(typed) {
        Ok(reason) if !reason.is_empty() => Ok(reason),
        _ => Err(Refusal::CorrectionReason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::people::Staff;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    fn corrector(person: &str, role: Role) -> Corrector {
        let staff = Staff { person: person.into(), name: person.into(), facility: "alder".into() };
        Corrector { staff, role }
    }

    fn record() -> Correctable {
        Correctable { recorded_by: "nora".into(), first_at: at(8), hours: 12, corrected: None }
    }

    #[test]
    fn whoever_recorded_it_corrects_it_within_their_shift_and_a_supervisor_at_any_time() {
        let (nora, tom) = (corrector("nora", Role::Nurse), corrector("tom", Role::Nurse));
        assert_eq!(record().allows(&nora, at(20)), Ok(()));
        assert_eq!(record().allows(&nora, at(21)), Err(Refusal::CorrectionTooLate { hours: 12 }));
        assert_eq!(record().allows(&tom, at(9)), Err(Refusal::CorrectionNotOwn));
        assert_eq!(record().allows(&corrector("sue", Role::Supervisor), at(9_000)), Ok(()));
    }

    #[test]
    fn what_is_corrected_already_is_not_corrected_again() {
        let corrected = Corrected { by: "Sue Supervisor".into(), at: "09:10".into() };
        let told = Refusal::CorrectedAlready { by: "Sue Supervisor".into(), at: "09:10".into() };
        let record = Correctable { corrected: Some(corrected), ..record() };
        for role in [Role::Nurse, Role::Supervisor] {
            assert_eq!(record.allows(&corrector("nora", role), at(9)), Err(told.clone()));
        }
    }

    #[test]
    fn a_correction_says_why() {
        assert_eq!(reason("  The wrong tile. "), Ok("The wrong tile.".to_owned()));
        for unsaid in ["", " \u{a0} ", &"x".repeat(501)] {
            assert_eq!(reason(unsaid), Err(Refusal::CorrectionReason), "{unsaid:?}");
        }
    }
}
