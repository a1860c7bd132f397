//! What stands on paper after the system was down, and how it comes into the record.
//!
//! While the system was down the dose printed in the pack was the dose to give. A decision that was made after the pack was
//! printed may have changed the level meanwhile: then both are shown, and whoever types says which of them was given. A
//! record is kept under the decision by which the dose was given.

use chrono::{DateTime, Utc};

use super::administration::{DoseCase, RecordAsk, Recorded, Said, Stood};
use super::outcome::Outcome;
use crate::care::amount::Amount;
use crate::care::facility::Facility;
use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;

/// The reason of a dose that was given in time, and comes into the record from paper.
pub const FROM_PAPER: &str = "L5";

/// A dose under the decision that authorises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorised {
    pub amount: Amount,
    /// The fact.
    pub by: String,
}

/// A dose that stands on paper, and in the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperCase {
    /// As the pack says; none where the pack has no such dose, because it was decided later.
    pub printed: Option<Authorised>,
    /// As the level says now.
    pub level: Authorised,
    pub due_at: DateTime<Utc>,
    pub revision: u32,
    pub void: bool,
    /// Somebody recorded it already.
    pub standing: Option<Stood>,
}

/// One line of the paper, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaperLine {
    pub dose: String,
    /// Which state of the dose the page showed.
    pub revision: u32,
    pub outcome: Option<Outcome>,
    /// The amount of the level was given, not the one that is printed.
    pub as_level: bool,
    pub part: String,
    pub reason: String,
    pub note: String,
    pub given_at: String,
    /// The person's id.
    pub given_by: String,
    /// How awake the resident was, as chosen; empty where the paper does not say.
    pub sedation: String,
    /// What became of its pieces.
    pub stock: StockAsk,
}

/// What goes into the record, and the decision that it was given under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromPaper {
    pub recorded: Recorded,
    pub authorised_by: String,
    pub given_by: String,
    pub stock: StockAsk,
}

impl PaperCase {
    /// The paper and the level say different doses.
    pub fn differs(&self) -> bool {
        self.printed.as_ref().is_some_and(|printed| printed.amount != self.level.amount)
    }

    /// The dose that a line speaks of. What is not on the paper can only have been given as the level says.
    fn under(&self, line: &PaperLine) -> &Authorised {
        self.printed.as_ref().filter(|_| !line.as_level).unwrap_or(&self.level)
    }

    /// There is something to type: a dose above 0 on the paper, or in the level.
    pub fn is_a_line(&self) -> bool {
        let printed = self.printed.as_ref().is_some_and(|printed| !printed.amount.is_zero());
        printed || !(self.void || self.level.amount.is_zero())
    }

    /// A line of the paper is entered. It tells what has happened already: nothing that bars a dose bars it, and what
    /// stands is never written over.
    pub fn enter(
        &self,
        line: &PaperLine,
        staff: &[String],
        facility: &Facility,
        now: DateTime<Utc>,
    ) -> Result<FromPaper, Refusal> {
        self.still_open(line)?;
        let outcome = line.outcome.ok_or(Refusal::OutcomeMissing)?;
        if line.given_at.trim().is_empty() && taken(outcome) {
            return Err(Refusal::PaperTimeMissing);
        }
        if !staff.contains(&line.given_by) {
            return Err(Refusal::GivenByMissing);
        }
        let under = self.under(line);
        if under.amount.is_zero() {
            return Err(Refusal::NothingToGive);
        }
        let dose = DoseCase::past(under.amount, self.due_at, facility);
        let recorded =
            dose.happened(&ask(line, under.amount), Said { now, first: now, unsaid: self.due_at.min(now) })?;
        // That it was typed in late says nothing of a dose that was given late.
        let late = recorded.given_at > facility.windows.closes_at(self.due_at);
        if late && recorded.reason == FROM_PAPER {
            return Err(Refusal::ReasonForLate);
        }
        let (given_by, stock) = (line.given_by.clone(), line.stock.clone());
        Ok(FromPaper { recorded, authorised_by: under.by.clone(), given_by, stock })
    }

    fn still_open(&self, line: &PaperLine) -> Result<(), Refusal> {
        if let Some(Stood { outcome, by, at }) = &self.standing {
            return Err(Refusal::AlreadyRecorded { what: outcome.text().to_owned(), by: by.clone(), at: at.clone() });
        }
        if self.void {
            return Err(Refusal::DoseVoid);
        }
        if line.revision != self.revision { Err(Refusal::PaperMoved) } else { Ok(()) }
    }
}

fn taken(outcome: Outcome) -> bool {
    outcome.takes()
}

/// A dose given as printed comes late into the record for one reason, unless the paper says another.
fn ask(line: &PaperLine, shown: Amount) -> RecordAsk {
    let own = line.outcome.is_some_and(Outcome::whole) && line.reason.is_empty();
    RecordAsk {
        shown,
        revision: line.revision,
        outcome: line.outcome,
        part: line.part.clone(),
        reason: if own { FROM_PAPER.to_owned() } else { line.reason.clone() },
        note: line.note.clone(),
        given_at: line.given_at.clone(),
        sedation: line.sedation.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sedation::SedationRule;
    use super::*;
    use crate::care::calendar::Zone;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn now() -> DateTime<Utc> {
        at("2026-11-21T15:00:00Z")
    }

    /// The pack says 1 mg; a reduction that was signed after it was printed says 0.75 mg.
    fn case() -> PaperCase {
        let authorised = |ug, by: &str| Authorised { amount: Amount::from_ug(ug), by: by.to_owned() };
        PaperCase {
            printed: Some(authorised(1_000, "approval")),
            level: authorised(750, "signature"),
            due_at: at("2026-11-21T08:00:00Z"),
            revision: 1,
            void: false,
            standing: None,
        }
    }

    fn line() -> PaperLine {
        PaperLine {
            revision: 1,
            outcome: Some(Outcome::Given),
            given_at: "08:10".into(),
            given_by: "tom".into(),
            ..PaperLine::default()
        }
    }

    fn entered(case: &PaperCase, line: PaperLine) -> Result<FromPaper, Refusal> {
        let facility = Facility::new("alder".into(), "Alder House".into(), Zone::UTC);
        case.enter(&line, &["tom".to_owned()], &facility, now())
    }

    #[test]
    fn what_was_given_is_kept_under_the_decision_that_it_was_given_under() {
        let printed = entered(&case(), line()).unwrap();
        assert_eq!((printed.recorded.given.ug(), printed.authorised_by.as_str()), (1_000, "approval"));
        let level = entered(&case(), PaperLine { as_level: true, ..line() }).unwrap();
        assert_eq!((level.recorded.given.ug(), level.authorised_by.as_str()), (750, "signature"));
        let part =
            PaperLine { outcome: Some(Outcome::GivenInPart), part: "0.75".into(), reason: "P1".into(), ..line() };
        let part = entered(&case(), part).unwrap().recorded;
        assert_eq!((part.planned.ug(), part.given.ug()), (1_000, 750));
    }

    #[test]
    fn what_is_not_on_the_paper_was_given_as_the_level_says() {
        let case = PaperCase { printed: None, ..case() };
        let given = entered(&case, PaperLine { as_level: true, ..line() }).unwrap();
        assert_eq!((given.recorded.given.ug(), given.authorised_by.as_str()), (750, "signature"));
        let refused = PaperLine { outcome: Some(Outcome::Refused), reason: "R1".into(), ..line() };
        assert_eq!(entered(&case, refused).unwrap().authorised_by, "signature");
        assert!(!case.differs(), "there is nothing on paper to differ");
    }

    #[test]
    fn a_dose_given_in_time_is_recorded_late_from_paper_and_keeps_both_times() {
        let given = entered(&case(), line()).unwrap();
        assert_eq!((given.recorded.reason.as_str(), given.recorded.given_at), (FROM_PAPER, at("2026-11-21T08:10:00Z")));
        assert_eq!(given.given_by, "tom");
        let late = entered(&case(), PaperLine { given_at: "11:30".into(), reason: "L2".into(), ..line() }).unwrap();
        assert_eq!(late.recorded.reason, "L2");
    }

    #[test]
    fn a_line_says_what_happened_when_and_who_gave_it() {
        assert_eq!(entered(&case(), PaperLine { outcome: None, ..line() }), Err(Refusal::OutcomeMissing));
        assert_eq!(entered(&case(), PaperLine { given_at: " ".into(), ..line() }), Err(Refusal::PaperTimeMissing));
        assert_eq!(entered(&case(), PaperLine { given_by: "eve".into(), ..line() }), Err(Refusal::GivenByMissing));
        assert_eq!(entered(&case(), PaperLine { given_at: "15:01".into(), ..line() }), Err(Refusal::GivenInFuture));
        let refused = PaperLine { outcome: Some(Outcome::Refused), given_at: String::new(), ..line() };
        assert_eq!(entered(&case(), refused.clone()), Err(Refusal::ReasonForOutcome));
        assert!(entered(&case(), PaperLine { reason: "R1".into(), ..refused }).is_ok());
    }

    #[test]
    fn how_awake_they_were_is_kept_as_the_paper_says_and_bars_nothing() {
        let asks = SedationRule { asked: true, withhold: -2 };
        let facility = Facility { sedation: asks, ..Facility::new("alder".into(), "Alder House".into(), Zone::UTC) };
        let entered = |sedation: &str| {
            let line = PaperLine { sedation: sedation.into(), ..line() };
            case().enter(&line, &["tom".to_owned()], &facility, now()).map(|entered| entered.recorded.sedation)
        };
        assert_eq!(entered("-3"), Ok(Some(-3)), "it was given all the same");
        assert_eq!(entered(""), Ok(None), "nobody invents it");
        assert_eq!(entered("7"), Err(Refusal::SedationUnreadable));
    }

    #[test]
    fn what_stands_is_never_written_over() {
        let stood = Stood { outcome: Outcome::Refused, by: "Nora Nurse".into(), at: "08:05".into() };
        let case = PaperCase { standing: Some(stood), ..case() };
        assert!(matches!(entered(&case, line()), Err(Refusal::AlreadyRecorded { .. })));
        let moved = PaperCase { standing: None, revision: 2, ..case };
        assert_eq!(entered(&moved, line()), Err(Refusal::PaperMoved));
    }
}
