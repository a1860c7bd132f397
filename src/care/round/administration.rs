//! Recording a dose: what a nurse says happened, held against the rules and against what stands already.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::as_needed::lifted::{Lifted, none_barred};
use super::due::Windows;
use super::left::Left;
use super::ordered::OrderedSince;
use super::outcome::{IN_TIME, Outcome};
use super::sedation::SedationRule;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, Zone, clock_text, days_after, parse_moment};
use crate::care::facility::Facility;
use crate::care::refusal::Refusal;
use crate::care::severe_sign::Withheld;
use crate::care::taper::rationale::tidy;

/// A dose as it lies in the store, with what recording it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseCase {
    pub amount: Amount,
    pub due_at: DateTime<Utc>,
    pub revision: u32,
    pub void: bool,
    pub windows: Windows,
    pub zone: Zone,
    pub sedation: SedationRule,
    /// It is about to be given: nobody is given anything whom nobody has looked at. Of what was given long ago nobody invents
    /// how awake they were.
    pub to_be_given: bool,
    /// The resident came back, and no prescriber has decided the level yet.
    pub undecided: bool,
    /// A severe sign stops every sedative of the resident.
    pub withheld: Option<Withheld>,
    /// A prescriber ordered less after its time had come.
    pub ordered: Option<OrderedSince>,
    /// The resident left after its window had opened: it is void, and may have been taken before.
    pub left: Option<Left>,
    /// Of a dose that was due before that: the resident has left since, and is away.
    pub away: Option<Left>,
    /// What barred it before and does not any more.
    pub lifted: Vec<Lifted>,
    /// What stands already: outcome, who, when, in words.
    pub standing: Option<Stood>,
}

/// An administration that stands already, in words for the person who was second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    pub outcome: Outcome,
    pub by: String,
    pub at: String,
}

/// What the nurse says happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAsk {
    /// The amount the page showed; a dose that changed meanwhile is refused.
    pub shown: Amount,
    pub revision: u32,
    pub outcome: Option<Outcome>,
    /// Only for a dose given in part: how much was taken, as typed.
    pub part: String,
    pub reason: String,
    pub note: String,
    /// When it happened; empty: now.
    pub given_at: String,
    /// How awake the resident is, as chosen; empty where it was not asked.
    pub sedation: String,
}

/// What goes into the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub outcome: Outcome,
    pub planned: Amount,
    pub given: Amount,
    /// A code of `Outcome::reasons`; empty for a dose given in its window.
    pub reason: String,
    pub note: String,
    pub given_at: DateTime<Utc>,
    /// A point of the sedation scale; none where it was not asked or not chosen.
    pub sedation: Option<i32>,
}

/// The instants that something said of a dose is held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    pub now: DateTime<Utc>,
    /// When it was first written down.
    pub first: DateTime<Utc>,
    /// What is meant where no actual time is typed.
    pub unsaid: DateTime<Utc>,
}

const LONGEST_NOTE: usize = 500;

impl DoseCase {
    /// A dose that was recorded already: what bars one from being given is no question any more.
    pub fn past(planned: Amount, due_at: DateTime<Utc>, facility: &Facility) -> DoseCase {
        DoseCase {
            amount: planned,
            due_at,
            revision: 0,
            void: false,
            windows: facility.windows,
            zone: facility.zone,
            sedation: facility.sedation,
            to_be_given: false,
            undecided: false,
            withheld: None,
            ordered: None,
            left: None,
            away: None,
            lifted: Vec::new(),
            standing: None,
        }
    }

    /// A nurse records a dose. Limits refuse before it is given; what stands already is never written over.
    pub fn record(&self, ask: &RecordAsk, now: DateTime<Utc>) -> Result<Recorded, Refusal> {
        self.still_open(ask)?;
        if now < self.windows.opens_at(self.due_at) {
            return Err(Refusal::TooEarly { opens_at: self.clock(self.windows.opens_at(self.due_at), now) });
        }
        self.happened(ask, Said { now, first: now, unsaid: now })
    }

    /// What happened, as it is said.
    pub(super) fn happened(&self, ask: &RecordAsk, said: Said) -> Result<Recorded, Refusal> {
        let now = said.now;
        let outcome = ask.outcome.ok_or(Refusal::OutcomeMissing)?;
        let sedation = self.sedation.answer(self.to_be_given && outcome.takes(), &ask.sedation)?;
        let given_at = self.given_at(&ask.given_at, said)?;
        if let Some(left) = self.left.filter(|left| !left.allows(outcome.takes(), given_at, now)) {
            return Err(left.refusal(self.zone, now));
        }
        if outcome.takes() {
            self.may_be_given(given_at, now)?;
        }
        let given = self.given(outcome, &ask.part)?;
        if let Some(ordered) = self.ordered.filter(|ordered| ordered.bars(given, given_at, now)) {
            return Err(ordered.refusal(self.zone, now));
        }
        let note = note(&ask.note)?;
        let reason = self.reason(outcome, ask, said.first.max(given_at))?;
        if reason == IN_TIME && given_at > self.windows.closes_at(self.due_at) {
            return Err(Refusal::GivenInTime);
        }
        if reason.ends_with('9') && note.is_empty() {
            return Err(Refusal::NoteMissing);
        }
        Ok(Recorded { outcome, planned: self.amount, given, reason, note, given_at, sedation })
    }

    /// Nobody was first, and the dose is still what the page showed.
    fn still_open(&self, ask: &RecordAsk) -> Result<(), Refusal> {
        if let Some(stood) = &self.standing {
            let what = stood.outcome.text().to_owned();
            return Err(Refusal::AlreadyRecorded { what, by: stood.by.clone(), at: stood.at.clone() });
        }
        if self.void && self.left.is_none() {
            return Err(Refusal::DoseVoid);
        }
        if ask.revision != self.revision || ask.shown != self.amount {
            return Err(Refusal::DoseChanged { from: ask.shown, to: self.amount });
        }
        if self.amount.is_zero() { Err(Refusal::NothingToGive) } else { Ok(()) }
    }

    /// Nothing is given while the level is undecided, to nobody who has left, nor from a severe sign on that stops every sedative. What was taken
    /// before it was seen is written down all the same. A sign that a clock ran ahead to write down was seen by now.
    fn may_be_given(&self, given_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.undecided {
            return Err(Refusal::DoseUndecided);
        }
        if let Some(away) = self.away.filter(|away| !away.allows(true, given_at, now)) {
            return Err(away.refusal(self.zone, now));
        }
        match self.withheld {
            Some(withheld) if given_at >= withheld.since.min(now) => Err(withheld.refusal(self.zone, now)),
            _ => none_barred(&self.lifted, given_at, self.zone, now),
        }
    }

    /// The actual time, as typed on the facility's clock: `08:10`, or with its day `2026-11-20T08:10`.
    fn given_at(&self, text: &str, Said { now, unsaid, .. }: Said) -> Result<DateTime<Utc>, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(unsaid);
        }
        let at = match text.parse() {
            Ok(slot) => self.around_the_slot(slot, now),
            Err(_) => {
                parse_moment(text).map(|local| self.zone.passed(local, now)).map_err(|_| Refusal::GivenAtUnreadable)?
            }
        };
        if at > now {
            return Err(Refusal::GivenInFuture);
        }
        let opens_at = self.windows.opens_at(self.due_at);
        if at < opens_at {
            return Err(Refusal::GivenTooEarly { opens_at: self.clock(opens_at, now) });
        }
        Ok(at)
    }

    /// A clock time without a day: of the days around the dose the one that puts it nearest to its slot, in the window
    /// or after it; where none does, the dose's own day, which then says what is wrong.
    fn around_the_slot(&self, time: Slot, now: DateTime<Utc>) -> DateTime<Utc> {
        let (on, opens_at) = (self.zone.day(self.due_at), self.windows.opens_at(self.due_at));
        let days = [on.pred_opt().unwrap_or(on), on, days_after(on, 1)];
        let possible = days
            .map(|day| self.zone.passed(day.and_time(time.time()), now))
            .into_iter()
            .filter(|at| (opens_at..=now).contains(at));
        possible.min_by_key(|at| (*at - self.due_at).abs()).unwrap_or_else(|| self.zone.at(on, time))
    }

    fn given(&self, outcome: Outcome, part: &str) -> Result<Amount, Refusal> {
        match outcome {
            Outcome::Given | Outcome::SelfAdministered => Ok(self.amount),
            Outcome::GivenInPart if part.trim().is_empty() => Err(Refusal::PartMissing),
            Outcome::GivenInPart => match Amount::parse(part)? {
                part if part.is_zero() || part >= self.amount => Err(Refusal::PartMissing),
                part => Ok(part),
            },
            _ => Ok(Amount::ZERO),
        }
    }

    /// A coded reason where something is not as planned: another outcome, or a dose given or first written down after its
    /// window.
    fn reason(&self, outcome: Outcome, ask: &RecordAsk, at: DateTime<Utc>) -> Result<String, Refusal> {
        let late = at > self.windows.closes_at(self.due_at);
        if outcome.whole() && !late {
            return Ok(String::new());
        }
        let known = outcome.reasons().iter().find(|(code, _)| *code == ask.reason);
        let missing = if outcome.whole() { Refusal::ReasonForLate } else { Refusal::ReasonForOutcome };
        known.map(|(code, _)| (*code).to_owned()).ok_or(missing)
    }

    /// The clock time, with its day where that is another than today.
    fn clock(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        clock_text(self.zone, at, now)
    }
}

impl Withheld {
    /// What whoever would give a dose is told.
    pub fn refusal(&self, zone: Zone, now: DateTime<Utc>) -> Refusal {
        Refusal::DoNotGive { what: self.sign.title().to_owned(), at: clock_text(zone, self.since, now) }
    }
}

/// How a page types when a dose was given: `08:10`, with its day where that is another than the dose's.
pub fn typed(zone: Zone, due_at: DateTime<Utc>, given_at: DateTime<Utc>) -> String {
    let same_day = zone.day(given_at) == zone.day(due_at);
    zone.local(given_at).format(if same_day { "%H:%M" } else { "%Y-%m-%dT%H:%M" }).to_string()
}

/// A note that can be read at the bedside, without blanks around it.
pub fn note(text: &str) -> Result<String, Refusal> {
    let text = tidy(text);
    if text.chars().count() > LONGEST_NOTE { Err(Refusal::NoteTooLong) } else { Ok(text) }
}
