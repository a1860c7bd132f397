//! What is, as far as letters are about it.

mod turn;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::care::calendar::{Slot, days_before};
use crate::care::facility::{Facility, Unit};
use crate::care::people::Role;
use crate::care::round::taper_alert::TaperAlert;
use crate::care::taper::level::{Course, PlanAct, PlanFact};

pub use turn::{Turn, TurnKind};

/// Letters about a day are written from this hour on, and until the same hour of the next day.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(7, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// A facility, or the part of it that some letters are about.
#[derive(Debug, Clone)]
pub struct Matters {
    pub facility: Facility,
    pub units: Vec<Unit>,
    pub slots: Vec<UnitSlot>,
    pub reductions: Vec<OpenReduction>,
    pub turns: Vec<Turn>,
    pub signs: Vec<UnknownSign>,
    pub alerts: Vec<AlertMatter>,
    pub incidents: Vec<OpenIncident>,
    pub orders: Vec<Order>,
    pub assessments: Vec<UnitAssessments>,
    pub effects: Vec<UnitEffects>,
    pub addressees: Vec<Addressee>,
    pub counts: Counts,
}

/// What the morning's letter counts. It is written whatever the counts are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Doses that nobody recorded, after the grace period.
    pub no_record: u32,
    /// Letters of the last day that did not arrive.
    pub undelivered: u32,
    /// Differences of registers that nobody has resolved.
    pub differences: u32,
}

impl Matters {
    pub(super) fn morning(&self, on: NaiveDate) -> DateTime<Utc> {
        morning(&self.facility, on)
    }

    pub(super) fn supervisors(&self) -> Vec<String> {
        reachable(self.everybody(Role::Supervisor).map(|a| a.email.as_str()))
    }

    pub(super) fn pharmacists(&self) -> Vec<String> {
        reachable(self.everybody(Role::Pharmacist).map(|a| a.email.as_str()))
    }

    /// The prescriber it is about; every prescriber where that one cannot be reached any more.
    pub(super) fn prescribers(&self, own: Option<&String>) -> Vec<String> {
        let own = self.everybody(Role::Prescriber).find(|a| Some(&a.person) == own && !a.email.is_empty());
        match own {
            Some(own) => vec![address(&own.email)],
            None => reachable(self.everybody(Role::Prescriber).map(|a| a.email.as_str())),
        }
    }

    /// Those of several who can be reached; every prescriber where none of them can.
    pub(super) fn prescribers_among(&self, own: &BTreeSet<String>) -> Vec<String> {
        let theirs = || self.everybody(Role::Prescriber).filter(|a| own.contains(&a.person) && !a.email.is_empty());
        match theirs().next() {
            Some(_) => reachable(theirs().map(|a| a.email.as_str())),
            None => reachable(self.everybody(Role::Prescriber).map(|a| a.email.as_str())),
        }
    }

    fn everybody(&self, role: Role) -> impl Iterator<Item = &Addressee> {
        self.addressees.iter().filter(move |a| a.role == role)
    }

    /// The day that letters are about now: it begins in the morning.
    pub(super) fn letter_day(&self, now: DateTime<Utc>) -> NaiveDate {
        letter_day(&self.facility, now)
    }
}

fn morning(facility: &Facility, on: NaiveDate) -> DateTime<Utc> {
    facility.zone.instant(on.and_time(MORNING))
}

fn letter_day(facility: &Facility, now: DateTime<Utc>) -> NaiveDate {
    let today = facility.zone.day(now);
    if now < morning(facility, today) { days_before(today, 1) } else { today }
}

/// From the last morning but one to the last: what a morning's letter counts is told once, and no moment is left out.
pub fn last_day(facility: &Facility, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let on = letter_day(facility, now);
    (morning(facility, days_before(on, 1)), morning(facility, on))
}

/// The doses above 0 of one unit at one instant, recorded or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitSlot {
    /// The unit's id.
    pub unit: String,
    pub on: NaiveDate,
    pub slot: Slot,
    pub due_at: DateTime<Utc>,
    /// Those that nobody has recorded.
    pub open: u32,
}

/// The residents of one unit who are to be scored, and since when on that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitAssessments {
    /// The unit's id.
    pub unit: String,
    pub on: NaiveDate,
    pub due_at: DateTime<Utc>,
    pub residents: u32,
}

/// As-needed doses of one unit whose effect nobody has noted, asked for at one minute of its clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitEffects {
    /// The unit's id.
    pub unit: String,
    pub on: NaiveDate,
    pub at: Slot,
    pub due_at: DateTime<Utc>,
    pub doses: u32,
}

/// Somebody who may get letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// The person's id.
    pub person: String,
    pub role: Role,
    pub email: String,
}

/// A reduction that waits for a pharmacist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReduction {
    pub plan: String,
    pub n: u32,
    /// The first day on which it can be signed.
    pub opens_on: NaiveDate,
    /// The day from which it may take effect.
    pub due_on: NaiveDate,
    /// The day of a hold, where nobody has signed since.
    pub held_until: Option<NaiveDate>,
    /// Who cannot sign it: they drafted, edited or approved the plan.
    pub makers: BTreeSet<String>,
    /// Who decided on the plan's reductions, the last one first: pharmacists, and prescribers who held.
    pub deciders: Vec<String>,
    /// The prescriber who approved the version.
    pub prescriber: Option<String>,
}

impl OpenReduction {
    /// The reduction of a running plan that wants a decision from a pharmacist; none while the plan is with the
    /// prescriber, or a step is signed and still ahead.
    pub fn of(
        plan: &str,
        course: &Course,
        facts: &[PlanFact],
        makers: BTreeSet<String>,
        facility: &Facility,
        today: NaiveDate,
    ) -> Option<Self> {
        let waits_for_another =
            course.sent_back || course.amendment.is_some() || course.stop_asked.is_some() || !course.alarms.is_empty();
        if waits_for_another || course.ahead_of(today).is_some() {
            return None;
        }
        let (open, due_on) = (course.waiting()?, course.due_on()?);
        let signed_since = last_turn_of(facts, holds_or_signs).is_some_and(|fact| fact.act.kind() == "signed");
        Some(OpenReduction {
            plan: plan.to_owned(),
            n: open.n,
            opens_on: course.opens_on(facility.sign_ahead_days)?,
            due_on,
            held_until: course.held_until.filter(|_| !signed_since),
            makers,
            deciders: facts.iter().rev().filter(|fact| decides(&fact.act)).map(|fact| fact.by.clone()).collect(),
            prescriber: last_turn_of(facts, approves).map(|fact| fact.by.clone()),
        })
    }

    /// How many days have passed since the day it was planned for.
    pub fn days_waited(&self, on: NaiveDate) -> u32 {
        u32::try_from((on - self.due_on).num_days()).unwrap_or(0)
    }
}

fn last_turn_of(facts: &[PlanFact], of: fn(&PlanAct) -> bool) -> Option<&PlanFact> {
    facts.iter().rev().find(|fact| of(&fact.act))
}

fn holds_or_signs(act: &PlanAct) -> bool {
    matches!(act, PlanAct::Held { .. } | PlanAct::Signed { .. })
}

fn approves(act: &PlanAct) -> bool {
    matches!(act, PlanAct::Approved { .. })
}

fn decides(act: &PlanAct) -> bool {
    matches!(act, PlanAct::Signed { .. } | PlanAct::Held { .. } | PlanAct::Returned { .. } | PlanAct::Withdrawn { .. })
}

/// A severe sign that nobody has acknowledged and no prescriber has released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownSign {
    pub id: String,
    pub unit: Unit,
    pub recorded_at: DateTime<Utc>,
    /// Who approved the resident's running plans.
    pub prescribers: BTreeSet<String>,
}

/// A taper alert that nobody has acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertMatter {
    pub plan: String,
    /// When the dose was due that raised it, and since when the house knows.
    pub raised_by: DateTime<Utc>,
    pub since: DateTime<Utc>,
    /// The prescriber who approved the version.
    pub prescriber: Option<String>,
    /// The pharmacist who signed last.
    pub signer: Option<String>,
}

impl AlertMatter {
    pub fn of(plan: &str, alert: &TaperAlert, facts: &[PlanFact]) -> AlertMatter {
        let by = |of: fn(&PlanAct) -> bool| last_turn_of(facts, of).map(|fact| fact.by.clone());
        AlertMatter {
            plan: plan.to_owned(),
            raised_by: alert.raised_by,
            since: alert.since,
            prescriber: by(approves),
            signer: by(|act| matches!(act, PlanAct::Signed { .. })),
        }
    }
}

/// Something was given in error, and somebody has still to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIncident {
    pub id: String,
    pub unit: Unit,
    pub recorded_at: DateTime<Utc>,
    pub wanting: Vec<Role>,
    /// Who approved the resident's running plans.
    pub prescribers: BTreeSet<String>,
}

/// A prescriber's order that somebody has to hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub plan: String,
    /// The order's own id, and its place among the plan's decisions.
    pub id: String,
    pub seq: u32,
    pub at: DateTime<Utc>,
    pub kind: OrderKind,
    /// Whose order it is.
    pub prescriber: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// No pharmacist has reviewed it.
    Urgent,
    SteppedBack,
    /// Given by telephone, and not confirmed.
    Unconfirmed,
}

impl Order {
    /// The orders of a plan that letters may be about. Of one that has ended those that still wait for somebody.
    pub fn all(plan: &str, course: &Course, facts: &[PlanFact]) -> Vec<Order> {
        let kinds = |fact: &PlanFact| {
            let urgent = course.unreviewed.contains(&fact.id).then_some(OrderKind::Urgent);
            let back = matches!(fact.act, PlanAct::SteppedBack { .. }) && !course.ended;
            let back = back.then_some(OrderKind::SteppedBack);
            let call = course.unconfirmed.contains(&fact.id).then_some(OrderKind::Unconfirmed);
            [urgent, back, call]
        };
        let order = |fact: &PlanFact, kind| Order {
            plan: plan.to_owned(),
            id: fact.id.clone(),
            seq: fact.seq,
            at: fact.at,
            kind,
            prescriber: fact.telephone.as_ref().map_or(&fact.by, |call| &call.prescriber).clone(),
        };
        let of = |fact| kinds(fact).into_iter().flatten().map(move |kind| order(fact, kind));
        facts.iter().flat_map(of).collect()
    }
}

/// Addresses are compared as they are typed most often: without blanks around them, in small letters.
pub(super) fn address(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Everybody who has an address; a letter to nobody, which will be shown as failed, when nobody has one.
pub(super) fn reachable<'a>(emails: impl Iterator<Item = &'a str>) -> Vec<String> {
    let known: BTreeSet<String> = emails.map(address).filter(|email| !email.is_empty()).collect();
    if known.is_empty() { vec![String::new()] } else { known.into_iter().collect() }
}
