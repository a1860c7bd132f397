//! What a decision about a reduction rests on: the resident as they are known at that moment. The page shows it, and the
//! signature keeps it, so that years later the same words can be read again, whatever was corrected since.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::fact::PlanAct;
use super::guideline::Adherence;
use super::level::{Course, Stage};
use super::plan::{Medicine, Plan};
use super::risks::Risks;
use super::schedule::doses_between;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, days_before};
use crate::care::incident::Mistake;
use crate::care::medicine::tablets::Pieces;
use crate::care::round::outcome::Outcome;
use crate::care::round::taper_alert::Because;
use crate::care::scale::kept::ScoreKept;
use crate::care::severe_sign::Sign;

/// So many days back the doses are told one by one: four weeks, today included.
pub const DAYS: u32 = 28;
/// So many days back as-needed doses are told, today included.
pub const AS_NEEDED_DAYS: u32 = 14;

/// What a signature keeps beside its checks. What an earlier version did not keep is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// The first day at the dose before the reduction.
    pub since: Option<NaiveDate>,
    pub adherence: Adherence,
    /// Of the last weeks’ doses, those that the resident was handed to take alone.
    pub handed: u32,
    /// The last weeks, the first day first.
    pub days: Vec<DayTaken>,
    /// The doses of those days that were not given as ordered, the first one first.
    pub not_given: Vec<NotGiven>,
    /// The severe signs since the last reduction, and at least of the last weeks, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<SignKept>,
    /// The urgent orders and the steps back of the same time, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderKept>,
    /// The taper alert that stands, and those of the last weeks with what was done about each, the newest first.
    pub alerts: Vec<AlertKept>,
    /// The as-needed doses of the last two weeks, the first one first.
    pub as_needed: Vec<AsNeededKept>,
    /// What was given in error in the same two weeks, the first one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_error: Vec<InErrorKept>,
    /// Whether the facility asks for scores; and the last ones, the newest first.
    pub scores_asked: bool,
    pub scores: Vec<ScoreKept>,
    pub risks: Risks,
    /// What each new dose is counted out from.
    pub pieces: Vec<Made>,
    /// The products of these medicines in stock.
    pub stock: Vec<String>,
    /// How long there is enough of each medicine, a sentence each. It tells days and no counts: a dose that is given as it was
    /// foreseen changes nothing of it.
    pub supply: Vec<String>,
}

/// One medicine on one day: what the plan wanted, what the signatures put in force, and what was given of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTaken {
    pub on: NaiveDate,
    pub medicine: Medicine,
    pub planned: Amount,
    pub signed: Amount,
    pub given: Amount,
    /// Doses of the day of which nothing is recorded.
    pub open: u32,
}

/// A dose that was not given as ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotGiven {
    pub on: NaiveDate,
    pub slot: Slot,
    pub medicine: Medicine,
    pub amount: Amount,
    pub given: Amount,
    /// None: nobody recorded it.
    pub outcome: Option<Outcome>,
    /// The reason in words.
    pub reason: String,
    /// It was given, and vomited so many minutes after that it may not have stayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vomited_minutes: Option<i64>,
}

/// A severe sign, with how it came to be released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignKept {
    pub sign: Sign,
    pub seen_at: DateTime<Utc>,
    /// What was seen, beside the sign itself; may be empty.
    pub note: String,
    /// None: no prescriber has released it.
    pub released: Option<ReleaseKept>,
}

/// Who released what a severe sign held, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseKept {
    pub at: DateTime<Utc>,
    /// As their name is printed.
    pub by: String,
    pub why: String,
}

/// An urgent order or a step back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderKept {
    pub at: DateTime<Utc>,
    /// The prescriber whose word it is, as their name is printed.
    pub by: String,
    pub ordered: PlanAct,
    pub why: String,
}

/// A taper alert, with what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertKept {
    pub since: DateTime<Utc>,
    pub because: BTreeSet<Because>,
    /// Empty: nobody has acknowledged it.
    pub done: String,
    /// Who said so, as their name is printed; empty where nobody has.
    pub by: String,
}

/// One as-needed dose, with what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsNeededKept {
    pub given_at: DateTime<Utc>,
    pub medicine: Medicine,
    pub given: Amount,
    pub why: String,
    /// Empty where nobody noted it.
    pub effect: String,
}

/// Something that was given in error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InErrorKept {
    pub given_at: DateTime<Utc>,
    pub medicine: Medicine,
    pub given: Amount,
    pub mistake: Mistake,
    /// What happened.
    pub what: String,
}

/// What one dose is counted out from; nothing where the stock does not make it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub slot: Slot,
    pub medicine: Medicine,
    pub amount: Amount,
    pub pieces: Option<Pieces>,
}

/// A dose of which something is known: how much was given, if anything was recorded.
#[derive(Debug, Clone)]
pub struct Taken {
    pub on: NaiveDate,
    pub medicine: Medicine,
    pub given: Option<Amount>,
}

/// From which day on severe signs and orders are told: the first day of the last reduction in force, of the plan where there
/// was none, and at least four weeks back. A step back is no such day: what led to it is told with it.
pub fn told_since(course: &Course, today: NaiveDate) -> NaiveDate {
    let began = |stage: &&Stage| stage.from.on <= today;
    let reduced = course.stages.iter().rev().filter(began).find(|stage| stage.n.is_some());
    let since = reduced.or(course.stages.first()).map_or(today, |stage| stage.from.on);
    since.min(days_before(today, DAYS - 1))
}

/// Each day from one to another, both included, medicine by medicine. A day on which nothing was wanted and nothing was
/// given is left out: the plan had not begun.
pub fn days_taken(
    plan: &Plan,
    course: &Course,
    (from, until): (NaiveDate, NaiveDate),
    taken: &[Taken],
) -> Vec<DayTaken> {
    let days = || from.iter_days().take_while(|on| *on <= until);
    let planned = sums(days().flat_map(|on| planned_on(plan, on)));
    let levels = doses_between(course, from, until);
    let decided = levels.into_iter().filter(|(_, level)| !level.undecided);
    let signed = sums(decided.map(|(key, level)| ((key.on, key.medicine), level.amount)));
    let taken = || taken.iter().filter(|one| (from..=until).contains(&one.on));
    let key = |one: &Taken| (one.on, one.medicine.clone());
    let given = sums(taken().map(|one| (key(one), one.given.unwrap_or_default())));
    let open = |at: &Key| taken().filter(|one| one.given.is_none() && key(one) == *at).count() as u32;
    let keys: BTreeSet<&Key> = planned.keys().chain(signed.keys()).chain(given.keys()).collect();
    let of = |sums: &BTreeMap<Key, Amount>, at: &Key| sums.get(at).copied().unwrap_or_default();
    let day = |at: &Key| DayTaken {
        on: at.0,
        medicine: at.1.clone(),
        planned: of(&planned, at),
        signed: of(&signed, at),
        given: of(&given, at),
        open: open(at),
    };
    keys.into_iter().map(day).collect()
}

/// A day and a medicine.
type Key = (NaiveDate, Medicine);

fn sums(amounts: impl Iterator<Item = (Key, Amount)>) -> BTreeMap<Key, Amount> {
    let mut sums = BTreeMap::new();
    for (key, amount) in amounts {
        let sum = sums.entry(key).or_insert(Amount::ZERO);
        *sum = *sum + amount;
    }
    sums
}

/// What the plan wanted for a day, had every reduction been signed in time.
fn planned_on(plan: &Plan, on: NaiveDate) -> Vec<(Key, Amount)> {
    let Some(step) = plan.steps.iter().rfind(|step| step.planned_on <= on) else { return Vec::new() };
    let days = u32::try_from((on - step.planned_on).num_days()).unwrap_or(0);
    step.regimen_after(days).doses().map(|dose| ((on, dose.medicine), dose.amount)).collect()
}
