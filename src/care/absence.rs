//! Away and back: hospital, leave, discharge, death. No dose is due here meanwhile, and nothing resumes by itself.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::care::amount::Amount;
use crate::care::calendar::{Zone, clock_text, parse_moment};
use crate::care::refusal::Refusal;
use crate::care::round::due::Windows;
use crate::care::taper::rationale::tidy;

/// Why somebody is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Away {
    Hospital,
    Leave,
    Discharged,
    Died,
}

impl Away {
    pub const ALL: [Away; 4] = [Away::Hospital, Away::Leave, Away::Discharged, Away::Died];

    /// The word as stored and as posted.
    pub fn word(self) -> &'static str {
        match self {
            Away::Hospital => "hospital",
            Away::Leave => "leave",
            Away::Discharged => "discharged",
            Away::Died => "died",
        }
    }

    pub fn of_word(word: &str) -> Option<Away> {
        Away::ALL.into_iter().find(|away| away.word() == word)
    }

    /// They live here no more, unless somebody writes down that they came back.
    pub fn is_for_good(self) -> bool {
        matches!(self, Away::Discharged | Away::Died)
    }

    /// As a label begins.
    pub fn title(self) -> &'static str {
        match self {
            Away::Hospital => "In hospital",
            Away::Leave => "On leave",
            Away::Discharged => "Discharged",
            Away::Died => "Died",
        }
    }
}

/// An absence as it was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub id: String,
    pub facility: String,
    pub resident: String,
    pub kind: Away,
    pub left_at: DateTime<Utc>,
    pub note: String,
    /// The person's id.
    pub by: String,
    pub at: DateTime<Utc>,
}

impl Absence {
    /// From when on doses are due here again: a slot whose window is still open on the return is not missed because of it.
    pub fn over_from(&self, back_at: DateTime<Utc>, windows: Windows) -> DateTime<Utc> {
        (back_at - TimeDelta::minutes(windows.late_minutes.into())).max(self.left_at)
    }
}

/// What a person says when somebody leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveAsk {
    pub kind: Option<Away>,
    /// `2026-11-20T14:30`, the facility's time.
    pub left_at: String,
    pub note: String,
}

/// What writing an absence down rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveCase {
    pub zone: Zone,
    /// Nobody has come back from it.
    pub open: Option<Absence>,
    /// The end of the last absence.
    pub back_at: Option<DateTime<Utc>>,
    /// The last dose that was taken here.
    pub last_taken_at: Option<DateTime<Utc>>,
}

/// An absence is written down at most so long after it began: an older one would void days that people have acted on.
pub const LONGEST_LATE: TimeDelta = TimeDelta::days(7);

const LONGEST_NOTE: usize = 500;

impl LeaveCase {
    /// Why, since when, and a note. A time that lies ahead was written down by a clock that ran ahead: it says nothing of a dose,
    /// and after a return that lies ahead somebody can leave all the same.
    pub fn leave(&self, ask: &LeaveAsk, now: DateTime<Utc>) -> Result<(Away, DateTime<Utc>, String), Refusal> {
        if let Some(open) = &self.open {
            let since = clock_text(self.zone, open.left_at, now);
            return Err(Refusal::AwayAlready { what: open.kind.title().to_lowercase(), since });
        }
        let kind = ask.kind.ok_or(Refusal::AwayKindMissing)?;
        let latest = self.back_at.map_or(now, |back_at| back_at.max(now));
        let taken_at = self.last_taken_at.filter(|taken_at| *taken_at <= now);
        let gone =
            |at| self.back_at.is_none_or(|back_at| back_at < at) && taken_at.is_none_or(|taken_at| taken_at <= at);
        let left_at = self.zone.possible(parse_moment(&ask.left_at)?, |at| at <= latest && gone(at));
        if left_at > latest {
            return Err(Refusal::LeftInFuture);
        }
        if now - left_at > LONGEST_LATE {
            return Err(Refusal::LeftTooLongAgo);
        }
        let here = |what, at| Err(Refusal::HereAfterLeaving { what, at: clock_text(self.zone, at, now) });
        if let Some(back_at) = self.back_at.filter(|back_at| *back_at >= left_at) {
            return here("The resident came back", back_at);
        }
        if let Some(taken_at) = taken_at.filter(|taken_at| *taken_at > left_at) {
            return here("A dose was taken here", taken_at);
        }
        Ok((kind, left_at, note(&ask.note)?))
    }
}

/// On which dose somebody comes back, of one plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackOn {
    /// On the dose they left with.
    Same,
    /// On another one, or on none.
    Other,
    NotKnown,
}

impl BackOn {
    pub const ALL: [BackOn; 3] = [BackOn::Same, BackOn::Other, BackOn::NotKnown];

    pub fn word(self) -> &'static str {
        match self {
            BackOn::Same => "same",
            BackOn::Other => "other",
            BackOn::NotKnown => "not_known",
        }
    }

    pub fn of_word(word: &str) -> Option<BackOn> {
        BackOn::ALL.into_iter().find(|back| back.word() == word)
    }
}

/// What a person says about one plan when somebody comes back, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElsewhereAsk {
    pub plan: String,
    /// The last dose elsewhere; both empty: none that anybody knows of.
    pub last_at: String,
    pub last_amount: String,
    pub back_on: Option<BackOn>,
    /// What the discharge letter says, where it is another dose.
    pub letter: String,
}

/// What is known of one plan's medicine while somebody was away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    pub plan: String,
    pub last_at: Option<DateTime<Utc>>,
    pub last_amount: Option<Amount>,
    pub back_on: BackOn,
    pub letter: String,
    /// The nurse goes on with the dose from before; else a prescriber decides.
    pub settled: bool,
}

/// What coming back rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackCase {
    pub zone: Zone,
    /// From so many days without doses here on, a prescriber decides (a facility setting; 3 by default).
    pub away_days: u32,
    pub absence: Option<Absence>,
    /// The last dose of each plan that was taken here.
    pub last_taken_at: Vec<(String, DateTime<Utc>)>,
    /// The plans whose level nobody has decided since an earlier return, or since an order that the absence overtook.
    pub undecided: Vec<String>,
}

impl BackCase {
    /// When, what is known of each plan, and a note. A plan's dose goes on by itself only where somebody had decided it, it is
    /// the same as before, and fewer days than the setting passed without doses here (loss of tolerance). Whoever left by a
    /// clock that ran ahead can come back at that time.
    pub fn back(
        &self,
        back_at: &str,
        plans: &[ElsewhereAsk],
        words: &str,
        now: DateTime<Utc>,
    ) -> Result<(DateTime<Utc>, Vec<Elsewhere>, String), Refusal> {
        let absence = self.absence.as_ref().ok_or(Refusal::NotAway)?;
        let latest = absence.left_at.max(now);
        let here = |at| (absence.left_at..=latest).contains(&at);
        let back_at = self.zone.possible(parse_moment(back_at)?, here);
        if back_at > latest {
            return Err(Refusal::BackInFuture);
        }
        if back_at < absence.left_at {
            return Err(Refusal::BackBeforeLeft { left: clock_text(self.zone, absence.left_at, now) });
        }
        let elsewhere = plans.iter().map(|ask| self.elsewhere(absence, (back_at, now), ask));
        Ok((back_at, elsewhere.collect::<Result<_, _>>()?, note(words)?))
    }

    fn elsewhere(
        &self,
        absence: &Absence,
        (back_at, now): (DateTime<Utc>, DateTime<Utc>),
        ask: &ElsewhereAsk,
    ) -> Result<Elsewhere, Refusal> {
        let back_on = ask.back_on.ok_or(Refusal::BackOnMissing)?;
        let letter = note(&ask.letter)?;
        if back_on == BackOn::Other && letter.is_empty() {
            return Err(Refusal::LetterMissing);
        }
        let (last_at, last_amount) = (ask.last_at.trim(), ask.last_amount.trim());
        if last_at.is_empty() != last_amount.is_empty() {
            return Err(Refusal::LastElsewhereHalf);
        }
        let last_at = (!last_at.is_empty()).then(|| parse_moment(last_at)).transpose()?;
        let last_at = last_at.map(|local| self.zone.passed(local, back_at));
        if last_at.is_some_and(|at| at < absence.left_at || at > back_at) {
            return Err(Refusal::LastElsewhereOutside);
        }
        let last_amount = (!last_amount.is_empty()).then(|| Amount::parse(last_amount)).transpose()?;
        // Whoever came back days ago, unseen, was given nothing since either.
        let days = self.days_without(absence, now.max(back_at), &ask.plan);
        let settled = back_on == BackOn::Same && days < self.away_days && !self.undecided.contains(&ask.plan);
        Ok(Elsewhere { plan: ask.plan.clone(), last_at, last_amount, back_on, letter, settled })
    }

    /// Civil days from the last dose here to an instant.
    pub fn days_without(&self, absence: &Absence, until: DateTime<Utc>, plan: &str) -> u32 {
        let taken = self.last_taken_at.iter().find(|(of, _)| of == plan).map(|(_, at)| *at);
        let last_on = self.zone.day(taken.unwrap_or(absence.left_at));
        u32::try_from((self.zone.day(until) - last_on).num_days()).unwrap_or(0)
    }
}

fn note(text: &str) -> Result<String, Refusal> {
    let text = tidy(text);
    if text.chars().count() > LONGEST_NOTE { Err(Refusal::NoteTooLong) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn absence() -> Absence {
        let (left_at, text) = (at("2026-11-16T21:00:00Z"), String::new);
        let (id, facility, resident, note, by) = (text(), text(), text(), text(), text());
        Absence { id, facility, resident, kind: Away::Hospital, left_at, note, by, at: left_at }
    }

    fn case() -> BackCase {
        let last_taken_at = vec![("plan".to_owned(), at("2026-11-16T20:00:00Z"))];
        BackCase { zone: Zone::UTC, away_days: 3, absence: Some(absence()), last_taken_at, undecided: Vec::new() }
    }

    fn ask(back_on: Option<BackOn>) -> ElsewhereAsk {
        let (last_at, last_amount, letter) = (String::new(), String::new(), String::new());
        ElsewhereAsk { plan: "plan".into(), last_at, last_amount, back_on, letter }
    }

    fn settled(back_at: &str, back_on: BackOn) -> bool {
        settled_by(back_at, back_at, back_on)
    }

    /// Written down some time after the return.
    fn settled_by(back_at: &str, now: &str, back_on: BackOn) -> bool {
        let (ask, now) =
            (ElsewhereAsk { letter: "1 mg at night".into(), ..ask(Some(back_on)) }, at(&format!("{now}:00Z")));
        let (_, elsewhere, _) = case().back(back_at, &[ask], "", now).expect("a return that is well told");
        elsewhere[0].settled
    }

    #[test]
    fn the_nurse_goes_on_with_the_same_dose_only_before_the_third_day_without_doses() {
        assert!(settled("2026-11-18T23:59", BackOn::Same), "2 days");
        assert!(!settled("2026-11-19T00:00", BackOn::Same), "3 days");
        assert!(!settled("2026-11-20T08:00", BackOn::Same), "4 days");
        assert!(!settled("2026-11-17T08:00", BackOn::Other));
        assert!(!settled("2026-11-17T08:00", BackOn::NotKnown));
        assert!(settled_by("2026-11-17T08:00", "2026-11-18T23:59", BackOn::Same));
        assert!(!settled_by("2026-11-17T08:00", "2026-11-19T00:00", BackOn::Same), "nothing was given since");
    }

    #[test]
    fn what_nobody_has_decided_goes_on_by_no_second_return() {
        let case = BackCase { undecided: vec!["plan".to_owned()], ..case() };
        let now = at("2026-11-17T08:00:00Z");
        let (_, elsewhere, _) = case.back("2026-11-17T08:00", &[ask(Some(BackOn::Same))], "", now).expect("a return");
        assert!(!elsewhere[0].settled);
    }

    #[test]
    fn a_return_says_on_which_dose_and_what_was_given_elsewhere_whole_or_not_at_all() {
        let now = at("2026-11-20T08:00:00Z");
        let back = |ask: ElsewhereAsk| case().back("2026-11-18T10:00", &[ask], "", now).map(drop);
        assert_eq!(back(ask(None)), Err(Refusal::BackOnMissing));
        assert_eq!(back(ask(Some(BackOn::Other))), Err(Refusal::LetterMissing));
        let half = ElsewhereAsk { last_amount: "1 mg".into(), ..ask(Some(BackOn::Same)) };
        assert_eq!(back(half), Err(Refusal::LastElsewhereHalf));
        let late =
            ElsewhereAsk { last_at: "2026-11-18T10:01".into(), last_amount: "1 mg".into(), ..ask(Some(BackOn::Same)) };
        assert_eq!(back(late), Err(Refusal::LastElsewhereOutside));
        assert_eq!(back(ask(Some(BackOn::Same))), Ok(()));
        let before = case().back("2026-11-16T20:59", &[], "", now);
        assert!(matches!(before, Err(Refusal::BackBeforeLeft { .. })));
        assert_eq!(case().back("2026-11-20T08:01", &[], "", now), Err(Refusal::BackInFuture));
    }

    #[test]
    fn nobody_leaves_twice_or_tomorrow_or_before_they_were_here_last() {
        let now = at("2026-11-20T08:00:00Z");
        let (taken, back) = (at("2026-11-20T07:30:00Z"), at("2026-11-19T12:00:00Z"));
        let case = LeaveCase { zone: Zone::UTC, open: None, back_at: Some(back), last_taken_at: Some(taken) };
        let leave = |case: &LeaveCase, kind, left_at: &str| {
            case.leave(&LeaveAsk { kind, left_at: left_at.to_owned(), note: String::new() }, now).map(drop)
        };
        let hospital = Some(Away::Hospital);
        assert_eq!(leave(&case, None, "2026-11-20T07:45"), Err(Refusal::AwayKindMissing));
        assert_eq!(leave(&case, hospital, "2026-11-20T07:30"), Ok(()));
        assert!(matches!(
            leave(&case, hospital, "2026-11-20T07:29"),
            Err(Refusal::HereAfterLeaving { what: "A dose was taken here", .. })
        ));
        assert_eq!(leave(&case, hospital, "2026-11-20T08:01"), Err(Refusal::LeftInFuture));
        let first_here = LeaveCase { last_taken_at: None, ..case.clone() };
        let overlaps = leave(&first_here, hospital, "2026-11-19T12:00");
        assert!(matches!(overlaps, Err(Refusal::HereAfterLeaving { what: "The resident came back", .. })));
        assert_eq!(leave(&first_here, hospital, "2026-11-19T12:01"), Ok(()));
        let never = LeaveCase { back_at: None, ..first_here };
        assert_eq!(leave(&never, hospital, "2026-11-13T07:59"), Err(Refusal::LeftTooLongAgo));
        let away = LeaveCase { open: Some(absence()), ..case };
        assert!(matches!(leave(&away, hospital, "2026-11-20T07:45"), Err(Refusal::AwayAlready { .. })));
    }
}
