//! Taper alerts: which plans have doses not given that people must hear of, and what was done about such doses before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::StoreError;
use super::alert_marks::{BEHIND_DAYS, CLEAR_DAYS, Moved, looked_at_from, marks_of};
use super::db::Conn;
use super::doses::{Fate, fates_between, open, stands};
use super::plans::{PlanState, plan_ids};
use super::schema::{
    administrations, doses, plans, taper_alert_acknowledgements as acknowledgements, taper_alert_doses, vomits,
};
use crate::care::calendar::days_before;
use crate::care::facility::Facility;
use crate::care::medicine::Medicine;
use crate::care::round::outcome::Outcome;
use crate::care::round::taper_alert::{AlertAcknowledgement, DoseSeen, HowNot, NotGiven, TaperAlert, WEEK_DAYS};

/// An alert that stands, with the doses it is about.
#[derive(Debug, Clone)]
pub struct StandingAlert {
    pub plan: String,
    pub resident: String,
    pub alert: TaperAlert,
    /// Those not given that nobody has acknowledged, in order of their time.
    pub doses: Vec<Fate>,
}

impl StandingAlert {
    /// The medicines that were not given.
    pub fn medicines(&self) -> BTreeSet<&Medicine> {
        self.doses.iter().map(|fate| &fate.dose.key.medicine).collect()
    }
}

/// A dose of which nothing was given, before anybody looks at the doses around it.
struct Missed {
    dose: String,
    plan: String,
    on: NaiveDate,
    due_at: DateTime<Utc>,
    not_available: bool,
}

/// The alerts that stand in a facility, or over some residents of it. Few plans have one: the doses of these alone are
/// looked at one by one.
pub fn alerts_load(
    conn: &mut Conn,
    facility: &Facility,
    residents: Option<&[String]>,
    now: DateTime<Utc>,
) -> Result<Vec<StandingAlert>, StoreError> {
    let running = running(conn, facility, residents)?;
    // A mark set while the clock was ahead hides nothing that happens since: the last weeks are always looked at.
    let nearest = days_before(facility.zone.day(now), CLEAR_DAYS);
    let mut marks = marks_of(conn, &running)?;
    marks.values_mut().for_each(|mark| *mark = nearest.min(*mark));
    let mut missed = missed_load(conn, facility, residents, since(&running, &marks), now)?;
    let from_mark = |plan: &str| marks.get(plan).map(|mark| looked_at_from(*mark));
    missed.retain(|one| running.contains(&one.plan) && from_mark(&one.plan).is_none_or(|from| one.on >= from));
    let ids: Vec<String> = missed.iter().map(|one| one.dose.clone()).collect();
    let known = known_of(conn, &ids)?;
    let mut by_plan: BTreeMap<&str, Vec<&Missed>> = BTreeMap::new();
    for one in &missed {
        by_plan.entry(&one.plan).or_default().push(one);
    }
    let mut alerts = Vec::new();
    for (plan, missed) in by_plan {
        if !may_alert(conn, plan, &missed, &known)? {
            continue;
        }
        let Some(from) = looks_from(&missed, &known) else { continue };
        let from = from_mark(plan).map_or(from, |mark| mark.max(from));
        let fates = fates_between(conn, plan, (from, facility.zone.day(now)))?;
        alerts.extend(standing(plan, fates, &known, facility, now));
    }
    Ok(alerts)
}

/// The alert that stands over one plan.
pub fn alert_find(
    conn: &mut Conn,
    facility: &Facility,
    (plan, resident): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Option<StandingAlert>, StoreError> {
    let one = [resident.to_owned()];
    Ok(alerts_load(conn, facility, Some(&one), now)?.into_iter().find(|alert| alert.plan == plan))
}

fn running(conn: &mut Conn, facility: &Facility, residents: Option<&[String]>) -> Result<BTreeSet<String>, StoreError> {
    let here = plans::facility.eq(&facility.id).and(plans::state.eq(PlanState::Running.word()));
    let mut asked = plans::table.filter(here).select(plans::id).into_boxed();
    if let Some(residents) = residents {
        asked = asked.filter(plans::resident.eq_any(residents));
    }
    Ok(asked.load(conn)?.into_iter().collect())
}

/// Before which instant no dose of these plans is looked at again; where a plan bears no mark yet, before there were any.
fn since(running: &BTreeSet<String>, marks: &HashMap<String, NaiveDate>) -> NaiveDateTime {
    let all: Option<Vec<NaiveDate>> = running.iter().map(|plan| marks.get(plan).copied()).collect();
    let first = all.unwrap_or_default().into_iter().min();
    // A civil day is nowhere further than a day from its UTC date.
    first.map(|first| looked_at_from(first).and_time(NaiveTime::MIN) - TimeDelta::days(1)).unwrap_or_default()
}

/// A dose, its plan, its civil day and its time.
type MissedRow = (String, String, NaiveDate, NaiveDateTime);

impl From<MissedRow> for Missed {
    fn from((dose, plan, on, due_at): MissedRow) -> Missed {
        Missed { dose, plan, on, due_at: due_at.and_utc(), not_available: false }
    }
}

/// Of some residents, or of a whole facility: each is found by an index of its own. What was vomited may be another's.
fn missed_load(
    conn: &mut Conn,
    facility: &Facility,
    residents: Option<&[String]>,
    since: NaiveDateTime,
    now: DateTime<Utc>,
) -> Result<Vec<Missed>, StoreError> {
    let mut missed = nothing_given(conn, facility, residents, since)?;
    missed.extend(vomited(conn, since)?);
    missed.extend(unrecorded(conn, facility, residents, since, now)?);
    Ok(missed)
}

fn nothing_given(
    conn: &mut Conn,
    facility: &Facility,
    residents: Option<&[String]>,
    since: NaiveDateTime,
) -> Result<Vec<Missed>, StoreError> {
    // Said as the index of such doses says it, so that it is found.
    let nothing_given = sql::<Bool>("administrations.given_ug = 0");
    let mut asked = administrations::table
        .inner_join(doses::table)
        .filter(nothing_given)
        .filter(stands())
        .filter(administrations::due_at.ge(since))
        .select(((doses::id, doses::plan, doses::on_date, doses::due_at), administrations::outcome))
        .into_boxed();
    asked = match residents {
        Some(residents) => asked.filter(administrations::resident.eq_any(residents)),
        None => asked.filter(administrations::facility.eq(&facility.id)),
    };
    let rows: Vec<(MissedRow, String)> = asked.load(conn)?;
    let told = |(row, outcome): (MissedRow, String)| Missed {
        not_available: outcome == Outcome::NotAvailable.word(),
        ..Missed::from(row)
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Anybody’s: these are few, and asked for by resident every dose of theirs would be looked at.
fn vomited(conn: &mut Conn, since: NaiveDateTime) -> Result<Vec<Missed>, StoreError> {
    // No dose is given a day before its time.
    let lately = vomits::vomited_at.ge(since - TimeDelta::days(1));
    let asked = vomits::table.inner_join(doses::table).filter(lately);
    let rows: Vec<MissedRow> = asked.select((doses::id, doses::plan, doses::on_date, doses::due_at)).load(conn)?;
    Ok(rows.into_iter().map(Missed::from).collect())
}

fn unrecorded(
    conn: &mut Conn,
    facility: &Facility,
    residents: Option<&[String]>,
    since: NaiveDateTime,
    now: DateTime<Utc>,
) -> Result<Vec<Missed>, StoreError> {
    let mut asked = doses::table
        .filter(doses::due_at.ge(since).and(doses::due_at.lt(facility.no_record_before(now).naive_utc())))
        .filter(open())
        .select((doses::id, doses::plan, doses::on_date, doses::due_at))
        .into_boxed();
    asked = match residents {
        Some(residents) => asked.filter(doses::resident.eq_any(residents)),
        // In the order of the open doses, or SQLite would look for them among all that ever were.
        None => asked.filter(doses::facility.eq(&facility.id)).order((doses::due_at, doses::id)),
    };
    let rows: Vec<MissedRow> = asked.load(conn)?;
    Ok(rows.into_iter().map(Missed::from).collect())
}

/// The marks of a facility that may be moved on, and where to.
pub fn marks_compared(conn: &mut Conn, facility: &Facility, now: DateTime<Utc>) -> Result<Vec<Moved>, StoreError> {
    let today = facility.zone.day(now);
    let running: BTreeSet<String> =
        plan_ids(conn, std::slice::from_ref(&facility.id), PlanState::Running)?.into_iter().collect();
    let marks = marks_of(conn, &running)?;
    let behind = |plan: &&String| marks.get(*plan).is_none_or(|mark| *mark < days_before(today, BEHIND_DAYS));
    let behind: Vec<&String> = running.iter().filter(behind).collect();
    if behind.is_empty() {
        return Ok(Vec::new());
    }
    let alerts = alerts_load(conn, facility, None, now)?;
    let first = |alert: &StandingAlert| alert.doses.iter().map(|fate| fate.dose.key.on).min();
    let standing: BTreeMap<&str, NaiveDate> =
        alerts.iter().filter_map(|alert| Some((alert.plan.as_str(), first(alert)?))).collect();
    let usual = days_before(today, CLEAR_DAYS);
    let to = |plan: &String| standing.get(plan.as_str()).map_or(usual, |first| usual.min(*first));
    let moved = |plan: &String| Moved { plan: plan.clone(), from: marks.get(plan).copied(), to: to(plan) };
    Ok(behind.into_iter().map(moved).filter(|one| one.from != Some(one.to)).collect())
}

/// Of some doses those that somebody has acknowledged.
fn known_of(conn: &mut Conn, ids: &[String]) -> Result<BTreeSet<String>, StoreError> {
    let mut known = BTreeSet::new();
    for some in ids.chunks(500) {
        let here = taper_alert_doses::table.filter(taper_alert_doses::dose.eq_any(some));
        known.extend(here.select(taper_alert_doses::dose).load::<String>(conn)?);
    }
    Ok(known)
}

/// Whether an alert may stand over a plan, as far as the doses not given tell: one was not available, three are of one week,
/// or nothing was due between two. Most plans have one such dose now and then, and nothing else of them is looked at.
fn may_alert(conn: &mut Conn, plan: &str, missed: &[&Missed], known: &BTreeSet<String>) -> Result<bool, StoreError> {
    let mut times: BTreeMap<DateTime<Utc>, &Missed> = BTreeMap::new();
    for one in missed {
        if one.not_available && !known.contains(&one.dose) {
            return Ok(true);
        }
        times.insert(one.due_at, one);
    }
    let times: Vec<&Missed> = times.into_values().collect();
    let of_one_week = |some: &[&Missed]| (some[some.len() - 1].on - some[0].on).num_days() < WEEK_DAYS;
    if times.windows(3).any(of_one_week) {
        return Ok(true);
    }
    for pair in times.windows(2).filter(|pair| of_one_week(pair)) {
        if nothing_between(conn, plan, pair[0], pair[1])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether no dose above 0 of a plan was due between two.
fn nothing_between(conn: &mut Conn, plan: &str, one: &Missed, other: &Missed) -> Result<bool, StoreError> {
    let between: Option<String> = doses::table
        .filter(doses::plan.eq(plan))
        .filter(doses::on_date.between(one.on, other.on))
        .filter(doses::due_at.gt(one.due_at.naive_utc()).and(doses::due_at.lt(other.due_at.naive_utc())))
        .filter(doses::void.eq(false).and(doses::amount_ug.gt(0)))
        .select(doses::id)
        .first(conn)
        .optional()?;
    Ok(between.is_none())
}

/// From which day on a plan's doses are looked at: a week before the first dose that might be one of an alert. None where
/// there can be no alert.
fn looks_from(missed: &[&Missed], known: &BTreeSet<String>) -> Option<NaiveDate> {
    let near =
        |one: &Missed, other: &Missed| one.dose != other.dose && (one.on - other.on).num_days().abs() < WEEK_DAYS;
    let might = |one: &&&Missed| one.not_available || missed.iter().any(|other| near(one, other));
    let first = missed.iter().filter(|one| !known.contains(&one.dose)).filter(might).map(|one| one.on).min()?;
    Some(days_before(first, WEEK_DAYS as u32))
}

fn standing(
    plan: &str,
    mut fates: Vec<Fate>,
    known: &BTreeSet<String>,
    facility: &Facility,
    now: DateTime<Utc>,
) -> Option<StandingAlert> {
    let seen: Vec<DoseSeen> = fates.iter().map(|fate| seen(fate, known, facility, now)).collect();
    let alert = TaperAlert::of(&seen)?;
    let resident = fates.first()?.dose.resident.clone();
    fates.retain(|fate| alert.doses.contains(&fate.dose.id));
    Some(StandingAlert { plan: plan.to_owned(), resident, alert, doses: fates })
}

fn seen(fate: &Fate, known: &BTreeSet<String>, facility: &Facility, now: DateTime<Utc>) -> DoseSeen {
    let dose = &fate.dose;
    let unrecorded = dose.due_at < facility.no_record_before(now);
    let not_given = match &fate.standing {
        Some(_) if fate.may_be_lost().is_some() => {
            fate.may_be_lost().map(|vomited| NotGiven { how: HowNot::Vomited, since: vomited.noted_at })
        }
        Some(record) if record.given.is_zero() => {
            Some(NotGiven { how: HowNot::Recorded(record.outcome), since: record.recorded_at })
        }
        None if unrecorded => Some(NotGiven { how: HowNot::NoRecord, since: facility.no_record_at(dose.due_at) }),
        _ => None,
    };
    DoseSeen { dose: dose.id.clone(), on: dose.key.on, due_at: dose.due_at, not_given, known: known.contains(&dose.id) }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = acknowledgements)]
struct AcknowledgementRow {
    id: String,
    of_plan: String,
    because: String,
    since: NaiveDateTime,
    done: String,
    acknowledged_by: String,
    acknowledged_at: NaiveDateTime,
}

/// Somebody has seen to an alert. A dose is acknowledged once.
pub fn acknowledgement_insert(conn: &mut Conn, one: &AlertAcknowledgement) -> Result<(), StoreError> {
    let row = AcknowledgementRow {
        id: one.id.clone(),
        of_plan: one.of_plan.clone(),
        because: serde_json::to_string(&one.because).expect("a set of words is JSON"),
        since: one.since.naive_utc(),
        done: one.done.clone(),
        acknowledged_by: one.acknowledged_by.clone(),
        acknowledged_at: one.acknowledged_at.naive_utc(),
    };
    diesel::insert_into(acknowledgements::table).values(row).execute(conn)?;
    for dose in &one.doses {
        let row = (taper_alert_doses::acknowledgement.eq(&one.id), taper_alert_doses::dose.eq(dose));
        diesel::insert_into(taper_alert_doses::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// What was done about a plan's alerts from an instant on, the newest first.
pub fn acknowledgements_since(
    conn: &mut Conn,
    plan: &str,
    since: DateTime<Utc>,
) -> Result<Vec<AlertAcknowledgement>, StoreError> {
    let of_plan = acknowledgements::of_plan.eq(plan).and(acknowledgements::acknowledged_at.ge(since.naive_utc()));
    let newest_first = (acknowledgements::acknowledged_at.desc(), acknowledgements::id.desc());
    let rows: Vec<AcknowledgementRow> = acknowledgements::table.filter(of_plan).order(newest_first).load(conn)?;
    let ids: Vec<&String> = rows.iter().map(|row| &row.id).collect();
    let mut doses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let theirs: Vec<(String, String)> =
        taper_alert_doses::table.filter(taper_alert_doses::acknowledgement.eq_any(ids)).load(conn)?;
    for (acknowledgement, dose) in theirs {
        doses.entry(acknowledgement).or_default().push(dose);
    }
    rows.into_iter().map(|row| acknowledged(row, &mut doses)).collect()
}

fn acknowledged(
    row: AcknowledgementRow,
    doses: &mut BTreeMap<String, Vec<String>>,
) -> Result<AlertAcknowledgement, StoreError> {
    let because = serde_json::from_str(&row.because);
    Ok(AlertAcknowledgement {
        because: because.map_err(|_| StoreError::Corrupt(format!("taper alert {}", row.id)))?,
        doses: doses.remove(&row.id).unwrap_or_default(),
        id: row.id,
        of_plan: row.of_plan,
        since: row.since.and_utc(),
        done: row.done,
        acknowledged_by: row.acknowledged_by,
        acknowledged_at: row.acknowledged_at.and_utc(),
    })
}
