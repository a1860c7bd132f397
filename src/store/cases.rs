//! A plan with everything a decision about it rests on, and writing such a decision down.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use super::alert_marks::mark_back;
use super::db::Conn;
use super::history::{NewFact, fact_append};
use super::plans::{PlanFile, PlanState};
use super::{StoreError, doses, facilities, people, plans, residents};
use crate::care::amount::Amount;
use crate::care::calendar::{Day, Moment, days_after};
use crate::care::facility::Facility;
use crate::care::people::{Actor, Role, Staff};
use crate::care::taper::fact::{last_rationale, written_at};
use crate::care::taper::late_start::still_to_come;
use crate::care::taper::level::{Course, PlanAct, PlanFact, Standing};
use crate::care::taper::reduction::{Case, Decision};
use crate::care::taper::schedule::{FOLLOW_UP_DAYS, doses_between, lay_out};
use crate::care::taper::telephone::Orderer;

/// A plan, its facility, and the case that care decides about.
#[derive(Debug, Clone)]
pub struct Found {
    pub file: PlanFile,
    pub facility: Facility,
    pub case: Case,
}

/// Loads a plan for a decision about its reduction `n`.
/// Another facility's plan is missing to the person who asks.
pub fn case_load(conn: &mut Conn, by: &Staff, plan: &str, n: u32, now: DateTime<Utc>) -> Result<Found, StoreError> {
    let file = plans::plan_load(conn, plan)?;
    if file.plan.facility != by.facility {
        return Err(StoreError::Missing);
    }
    case_of(conn, file, n, now)
}

/// From here to the end of the act nobody else records or decides anything about the plan's resident: an order never
/// starts at a dose that is given beside it.
pub fn case_hold(conn: &mut Conn, plan: &str) -> Result<(), StoreError> {
    let resident = plans::plan_resident_find(conn, plan)?.ok_or(StoreError::Missing)?;
    residents::resident_hold(conn, &resident)?;
    Ok(())
}

/// The case of a plan that somebody may read.
pub fn case_of(conn: &mut Conn, file: PlanFile, n: u32, now: DateTime<Utc>) -> Result<Found, StoreError> {
    let facility = facilities::facility_load(conn, &file.plan.facility)?;
    let course = file.course();
    let today = facility.zone.day(written_at(&file.facts, now));
    let signature = course.reduction(n).and_then(|r| match &r.standing {
        Standing::Signed { by_fact, .. } => file.facts.iter().find(|fact| &fact.id == by_fact),
        _ => None,
    });
    let case = Case {
        today,
        sign_ahead_days: facility.sign_ahead_days,
        first_free_day: first_free_day(conn, &file.plan.id, today)?,
        next: next_moment(conn, &file.plan.id, &facility, now)?,
        makers: file.makers(),
        last_rationale: last_rationale(&file.facts).cloned(),
        signed_by: signature.map(|fact| signer(conn, &facility, fact)).transpose()?,
        begun: begun(conn, &file.plan.id, &course, Amount::ZERO)?,
        needs_reason: false,
        evidence_moved: false,
        checks_unseen: false,
        plan: file.plan.clone(),
        course,
    };
    Ok(Found { file, facility, case })
}

/// The running plans of a resident, for what concerns all of them.
pub fn cases_of_resident(conn: &mut Conn, resident: &str, now: DateTime<Utc>) -> Result<Vec<Found>, StoreError> {
    let ids = plans::plan_ids_of_resident(conn, resident)?;
    let files = plans::plans_load(conn, &ids)?;
    let running = files.into_iter().filter(|file| file.state == PlanState::Running);
    running.map(|file| case_of(conn, file, 0, now)).collect()
}

/// Of the signed stages that stand last, the last one of which a dose was recorded, and so much of it given.
fn begun(conn: &mut Conn, plan: &str, course: &Course, least: Amount) -> Result<Option<u32>, StoreError> {
    for (stage, n) in course.stages.iter().rev().map_while(|stage| Some((stage, stage.n?))) {
        if doses::given_under(conn, (plan, stage.from.on), &stage.authorised_by, least)? {
            return Ok(Some(n));
        }
    }
    Ok(None)
}

fn signer(conn: &mut Conn, facility: &Facility, fact: &PlanFact) -> Result<(String, String), StoreError> {
    let at = facility.zone.local(fact.at);
    let name = people::name_load(conn, &fact.by)?;
    Ok((name, format!("{} on {}", at.format("%H:%M"), Day(at.date()))))
}

/// The first day after today on which no dose of the plan has been recorded.
fn first_free_day(conn: &mut Conn, plan: &str, today: NaiveDate) -> Result<NaiveDate, StoreError> {
    let tomorrow = days_after(today, 1);
    let recorded = doses::recorded_days_from(conn, plan, tomorrow)?;
    Ok(tomorrow.iter_days().find(|day| !recorded.contains(day)).unwrap_or(tomorrow))
}

/// Where an order takes effect: at the first dose that may still be given on time, and nothing of whose slot is recorded. What
/// was given there already would be doubled by a step back.
fn next_moment(conn: &mut Conn, plan: &str, facility: &Facility, now: DateTime<Utc>) -> Result<Moment, StoreError> {
    let still_on_time = now - TimeDelta::minutes(facility.windows.late_minutes.into());
    let open = doses::open_moment_find(conn, plan, still_on_time)?;
    Ok(open.unwrap_or_else(|| Moment::of(facility.zone.local(now))))
}

impl Found {
    /// The case as it was when the resident left: the next dose is the first that was still to come, and a reduction had begun
    /// where something of it was taken. That a dose was written down as not given, because they were away, begins nothing.
    pub fn left_at(&mut self, conn: &mut Conn, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.case.next = Moment::of(self.facility.zone.local(at));
        self.case.begun = begun(conn, &self.file.plan.id, &self.case.course, Amount::from_ug(1))?;
        Ok(())
    }
}

/// Who decided, in which role, by which form, and when.
#[derive(Debug, Clone)]
pub struct DecidedBy<'a> {
    pub form: &'a str,
    pub staff: &'a Staff,
    pub role: Role,
    pub now: DateTime<Utc>,
}

impl<'a> DecidedBy<'a> {
    pub fn new<A: Actor>(form: &'a str, by: &'a A, now: DateTime<Utc>) -> Self {
        DecidedBy { form, staff: by.staff(), role: A::ROLE, now }
    }

    /// Of an order: whoever gave it at a screen, or wrote it down.
    pub fn ordering(form: &'a str, by: &'a Orderer, now: DateTime<Utc>) -> Self {
        DecidedBy { form, staff: by.staff(), role: by.role(), now }
    }
}

/// The body of a decision's fact in the history: all that the clinical rows hold.
#[derive(Debug, Serialize)]
struct DecisionBody<'a, S: Serialize> {
    plan: &'a str,
    version: u32,
    fact: &'a PlanFact,
    statement: &'a S,
}

/// Writes a decision down: the fact, the doses that follow from it, the plan moved on, and the history.
pub fn decision_save<S: Serialize>(
    conn: &mut Conn,
    found: &mut Found,
    by: &DecidedBy<'_>,
    act: &'static str,
    decision: Decision,
    statement: &S,
) -> Result<PlanFact, StoreError> {
    let at = written_at(&found.file.facts, by.now);
    let fact = PlanFact {
        id: by.form.to_owned(),
        seq: found.file.facts.len() as u32 + 1,
        by: by.staff.person.clone(),
        at,
        on: found.facility.zone.day(at),
        ahead_from: Some(found.case.ahead_from()),
        rationale: decision.rationale,
        telephone: decision.telephone,
        act: decision.act,
    };
    let statement_text = serde_json::to_string(statement).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    plans::plan_fact_insert(conn, &found.file.plan, &fact, &statement_text)?;
    found.file.facts.push(fact.clone());
    let from = change_from(found, &fact);
    let laid_until = doses_follow(conn, &found.file, &found.facility, from, by.now)?;
    let state = if found.file.course().ended { PlanState::Ended } else { PlanState::Running };
    plans::plan_move(conn, &found.file, state, laid_until)?;
    let plan = &found.file.plan;
    let body = DecisionBody { plan: &plan.id, version: plan.version, fact: &fact, statement };
    fact_append(
        conn,
        &NewFact {
            id: by.form,
            kind: act,
            facility: &plan.facility,
            resident: Some(&plan.resident),
            subject: &plan.id,
            done_by: Some(&by.staff.person),
            role: by.role.word(),
            body: &body,
        },
        by.now,
    )?;
    Ok(fact)
}

/// From which day on the level may be another than before: a pause takes back days that are already in force, an absence
/// may be written down some days later, the first slot of what is taken back may be late yesterday.
fn change_from(found: &Found, fact: &PlanFact) -> NaiveDate {
    let from = match fact.act {
        PlanAct::Paused { n } => found.case.course.stages.iter().find(|stage| stage.n == Some(n)).map(|s| s.from.on),
        _ => fact.act.from().map(|from| from.on),
    };
    let ahead = found.case.ahead().map(|stage| stage.from.on);
    from.into_iter().chain(ahead).fold(fact.on, NaiveDate::min)
}

/// A dose that nobody has recorded any more follows the level again: it stood still while others were decided around it.
pub fn dose_follows(conn: &mut Conn, id: &str, facility: &Facility) -> Result<(), StoreError> {
    let dose = doses::dose_load(conn, id)?;
    let file = plans::plan_load(conn, &dose.plan)?;
    let mut wanted = doses_between(&file.course(), dose.key.on, dose.key.on);
    wanted.retain(|key, _| *key == dose.key);
    doses::lay_out_save(conn, &file.plan, facility.zone, &lay_out(wanted, vec![doses::laid(dose)]))
}

/// Brings the rows of a plan in line with the level, from a day to the facility's horizon. Doses whose time had
/// passed when the baseline was approved are not laid out; a day that was never laid out is, even in the past.
pub fn doses_follow(
    conn: &mut Conn,
    file: &PlanFile,
    facility: &Facility,
    from: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<NaiveDate>, StoreError> {
    let course = file.course();
    // The bell lays out the days ahead of running plans only: what an ended one still writes out is laid at once.
    let ahead = if course.ended { facility.horizon_days.max(FOLLOW_UP_DAYS) } else { facility.horizon_days };
    let until = days_after(facility.zone.day(now), ahead);
    let from = file.laid_until.map_or(from, |laid| from.min(days_after(laid, 1)));
    let mut wanted = doses_between(&course, from, until);
    if file.laid_until.is_none() {
        wanted.retain(|key, _| still_to_come(facility.zone, key.on, key.slot, now));
    }
    // A slot before the plan's first dose was past when the baseline was approved: it stays without one.
    let first = doses::first_dose_find(conn, &file.plan.id)?;
    wanted.retain(|key, _| first.as_ref().is_none_or(|first| key >= first));
    let found = doses::doses_of_plan_from(conn, &file.plan.id, from)?;
    let change = lay_out(wanted, found.into_iter().map(doses::laid).collect());
    doses::lay_out_save(conn, &file.plan, facility.zone, &change)?;
    mark_back(conn, &file.plan.id, from)?;
    Ok(Some(until))
}
