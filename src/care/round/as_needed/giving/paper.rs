//! What the paper says was given as needed while the system was down. It has happened: where the order's limits would have
//! refused it, it is kept all the same, as given in error, once it is said what was done about it.

use chrono::{DateTime, Utc};

use super::{GiveCase, Given};
use crate::care::amount::Amount;
use crate::care::calendar::{Day, clock_text};
use crate::care::incident::{Happened, Mistake, done_at_once};
use crate::care::refusal::Refusal;
use crate::care::register::source::StockAsk;
use crate::care::round::as_needed::limits::{Kind, Taken};

/// One row of the paper, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaperRow {
    /// The order's id.
    pub order: String,
    /// Which of the rows of its order.
    pub nth: usize,
    /// Which state of the order the page showed.
    pub revision: i64,
    /// As typed; empty: as ordered.
    pub amount: String,
    pub given_at: String,
    /// The person's id.
    pub given_by: String,
    pub why: String,
    /// What was done at once, where it was not to be given.
    pub done: String,
    pub stock: StockAsk,
}

/// Which paper: who may have given a dose then, and when the system was down.
#[derive(Debug, Clone, Copy)]
pub struct Outage<'a> {
    /// Their ids and names.
    pub staff: &'a [(String, String)],
    pub span: (DateTime<Utc>, DateTime<Utc>),
}

/// What goes into the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    Given(Given),
    /// It was not to be given then, or not so much.
    InError(Happened),
}

impl PaperRow {
    /// The row among all rows of the page.
    pub fn key(&self) -> String {
        format!("{}-{}", self.order, self.nth)
    }
}

impl GiveCase {
    /// A row of the paper is entered. What stands already is never written over, and nothing that was given is refused.
    pub fn enter(&self, row: &PaperRow, outage: Outage, now: DateTime<Utc>) -> Result<Entered, Refusal> {
        let moments = self.told_at(&row.given_at, outage.span)?;
        let giver = outage.staff.iter().find(|(id, _)| *id == row.given_by).ok_or(Refusal::GivenByMissing)?;
        let why = super::why(&row.why)?;
        let amount = if row.amount.trim().is_empty() { self.order.amount } else { Amount::parse(&row.amount)? };
        if amount.is_zero() {
            return Err(Refusal::IncidentNothing);
        }
        self.unmoved(row.revision, now)?;
        let given_at = moments.last().copied().unwrap_or(now);
        let Some((mistake, beyond)) = self.beyond(amount, &moments, now)? else {
            return Ok(Entered::Given(Given { amount, why, given_at }));
        };
        if row.done.trim().is_empty() {
            return Err(Refusal::PaperBeyond { what: beyond });
        }
        let what = format!("From paper: given as needed by {}. Why: {why}. {beyond}", giver.1);
        let done = done_at_once(&row.done)?;
        Ok(Entered::InError(Happened {
            mistake,
            medicine: self.order.medicine.clone(),
            given: amount,
            given_at,
            given_by: Some(giver.0.clone()),
            what,
            done,
        }))
    }

    /// Within the time that the system was down: a time without its day is the last one in it.
    fn told_at(
        &self,
        text: &str,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<DateTime<Utc>>, Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::PaperTimeMissing);
        }
        match self.moments(text, until) {
            Ok(moments) if moments.iter().all(|at| *at >= from) => Ok(moments),
            Ok(_) | Err(Refusal::GivenInFuture) => Err(Refusal::PaperTimeOutside),
            Err(other) => Err(other),
        }
    }

    /// How it came that it was not to be given; none where it was.
    fn beyond(
        &self,
        amount: Amount,
        moments: &[DateTime<Utc>],
        now: DateTime<Utc>,
    ) -> Result<Option<(Mistake, String)>, Refusal> {
        if amount != self.order.amount {
            return Ok(Some((Mistake::WrongDose, format!("The order is for {}.", self.order.amount))));
        }
        let allowed = self.not_barred(moments, now).and_then(|()| self.running(moments, now));
        let within = allowed.and_then(|()| moments.iter().try_for_each(|at| self.within_limits(*at, now)));
        match within {
            Ok(()) => Ok(None),
            Err(refusal) => told(&refusal).map(Some).ok_or(refusal),
        }
    }

    /// A row that was entered counts for the rows after it, whichever order of the medicine they are of.
    pub fn count(&mut self, entered: &Entered) {
        let (at, amount, kind) = match entered {
            Entered::Given(given) => (given.given_at, given.amount, Kind::AsNeeded),
            Entered::InError(happened) => (happened.given_at, happened.given, Kind::InError),
        };
        self.taken.push(Taken { at, amount, kind });
        self.given.push(at);
    }

    fn unmoved(&self, revision: i64, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.last.as_ref().filter(|_| revision != self.revision) {
            Some(last) => {
                Err(Refusal::AsNeededMoved { by: last.by.clone(), at: clock_text(self.zone, last.given_at, now) })
            }
            None => Ok(()),
        }
    }
}

/// Why it was not to be given, told of what has happened; none of a refusal that is about something else.
fn told(refusal: &Refusal) -> Option<(Mistake, String)> {
    let barred = |what: String| Some((Mistake::NotToBeGiven, what));
    match refusal {
        Refusal::AsNeededTooSoon { last, least, .. } => {
            Some((Mistake::TooSoon, format!("One was given at {last}, and {least} must lie between two.")))
        }
        Refusal::AsNeededOverMost { medicine, total, most, whose, .. } => Some((
            Mistake::OverLimit,
            format!("With it {medicine} comes to {total} in 24 hours; the maximum is {most} ({whose})."),
        )),
        Refusal::AsNeededSuspended { medicine, at } => {
            barred(format!("An urgent order had suspended {medicine} at {at}."))
        }
        Refusal::AsNeededUndecided { medicine } => barred(format!("No prescriber had decided {medicine}.")),
        Refusal::DoNotGive { what, at } => barred(format!("{what} was seen at {at}.")),
        Refusal::BarredThen { what, .. } => barred(format!("At that time {what}.")),
        Refusal::NothingGivenAway => barred("The resident was away.".to_owned()),
        Refusal::AsNeededEnded { at } => barred(format!("The order had been ended on {at}.")),
        Refusal::AsNeededOver { last: Day(last) } => barred(format!("The last day of the order was {}.", Day(*last))),
        Refusal::AsNeededNotYet { first } => barred(format!("The order starts on {first}.")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::care::calendar::{Zone, parse_day};
    use crate::care::medicine::Medicine;
    use crate::care::round::as_needed::order::Order;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-12-05T{text}:00Z").parse().unwrap()
    }

    /// 0.5 mg every four hours, 1.5 mg in 24 hours; one was given at 08:00.
    fn case() -> GiveCase {
        let order = Order {
            id: "order".into(),
            facility: "alder".into(),
            resident: "ada".into(),
            medicine: Medicine("clonazepam".into()),
            amount: Amount::from_ug(500),
            reason: "panic".into(),
            least_minutes: 240,
            most: Amount::from_ug(1_500),
            starts_on: parse_day("2026-12-01").unwrap(),
            ends_on: parse_day("2026-12-10").unwrap(),
            rationale: String::new(),
            ordered_by: "helen".into(),
            ordered_at: at("00:00") - TimeDelta::days(4),
        };
        let taken = Taken { at: at("08:00"), amount: order.amount, kind: Kind::AsNeeded };
        GiveCase {
            order,
            revision: 1,
            ended_at: None,
            limit: None,
            taken: vec![taken],
            given: vec![at("08:00")],
            last: Some(super::super::Last { by: "Tom".into(), given_at: at("08:00") }),
            zone: Zone::UTC,
            withheld: None,
            barred: None,
            away_since: None,
            others: Vec::new(),
            lifted: Vec::new(),
        }
    }

    fn row(given_at: &str) -> PaperRow {
        PaperRow {
            order: "order".into(),
            revision: 1,
            given_at: given_at.into(),
            given_by: "tom".into(),
            why: "pacing".into(),
            ..PaperRow::default()
        }
    }

    fn entered(case: &GiveCase, row: &PaperRow) -> Result<Entered, Refusal> {
        let staff = [("tom".to_owned(), "Tom Fielding RN".to_owned())];
        case.enter(row, Outage { staff: &staff, span: (at("06:00"), at("21:00")) }, at("21:30"))
    }

    #[test]
    fn what_the_order_allowed_is_a_dose_at_the_time_of_the_paper() {
        let given = Given { amount: Amount::from_ug(500), why: "pacing".into(), given_at: at("12:00") };
        assert_eq!(entered(&case(), &row("12:00")), Ok(Entered::Given(given.clone())));
        assert_eq!(
            entered(&case(), &PaperRow { amount: "0.5 mg".into(), ..row("2026-12-05T12:00") }),
            Ok(Entered::Given(given))
        );
    }

    #[test]
    fn what_was_beyond_a_limit_is_asked_about_and_then_kept_as_given_in_error() {
        let asked = entered(&case(), &row("11:59"));
        assert!(matches!(asked, Err(Refusal::PaperBeyond { .. })), "{asked:?}");
        let done = "Watched, doctor called at noon.";
        let kept = |case: &GiveCase, row: PaperRow| match entered(case, &PaperRow { done: done.into(), ..row }) {
            Ok(Entered::InError(happened)) => (happened.mistake, happened.given.ug()),
            other => panic!("{other:?}"),
        };
        assert_eq!(kept(&case(), row("11:59")), (Mistake::TooSoon, 500));
        assert_eq!(kept(&case(), PaperRow { amount: "1 mg".into(), ..row("12:00") }), (Mistake::WrongDose, 1_000));
        let away = GiveCase { away_since: Some(at("10:00")), ..case() };
        assert_eq!(kept(&away, row("13:00")), (Mistake::NotToBeGiven, 500));
    }

    #[test]
    fn a_row_counts_for_the_rows_after_it() {
        let mut case = case();
        for time in ["12:00", "16:00"] {
            let first = entered(&case, &row(time)).unwrap();
            case.count(&first);
        }
        let over = entered(&case, &row("20:00"));
        assert!(
            matches!(&over, Err(Refusal::PaperBeyond { what }) if what.contains("2 mg in 24 hours") || what.contains("2\u{a0}mg in 24 hours")),
            "{over:?}"
        );
    }

    #[test]
    fn a_row_says_when_by_whom_and_why_and_what_stands_is_not_entered_again() {
        for (wrong, refusal) in [
            (row(" "), Refusal::PaperTimeMissing),
            (row("05:59"), Refusal::PaperTimeOutside),
            (row("2026-12-04T12:00"), Refusal::PaperTimeOutside),
            (row("2026-12-05T21:01"), Refusal::PaperTimeOutside),
            (row("noon"), Refusal::GivenAtUnreadable),
            (PaperRow { given_by: "eve".into(), ..row("12:00") }, Refusal::GivenByMissing),
            (PaperRow { why: " ".into(), ..row("12:00") }, Refusal::AsNeededWhy),
            (PaperRow { amount: "0".into(), ..row("12:00") }, Refusal::IncidentNothing),
        ] {
            assert_eq!(entered(&case(), &wrong), Err(refusal), "{wrong:?}");
        }
        assert!(matches!(
            entered(&case(), &PaperRow { revision: 0, ..row("12:00") }),
            Err(Refusal::AsNeededMoved { .. })
        ));
    }
}
