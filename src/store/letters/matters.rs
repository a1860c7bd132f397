//! Gathers what letters are about: the doses of units by slot, the reductions that wait, and who can be written to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::undelivered_between;
use crate::care::calendar::Slot;
use crate::care::facility::{Facility, Unit};
use crate::care::incident::IncidentFile;
use crate::care::letter::Concern;
use crate::care::letter::matters::{
    Addressee, AlertMatter, Counts, Matters, OpenIncident, OpenReduction, Order, Turn, UnitAssessments, UnitEffects,
    UnitSlot, UnknownSign, last_day,
};
use crate::care::round::assessment_due::Standing;
use crate::care::severe_sign::SignFile;
use crate::care::taper::level::PlanAct;
use crate::store::assessments::dues_load;
use crate::store::db::Conn;
use crate::store::doses::doses_open_before;
use crate::store::plans::{PlanState, ended_plans_owing, plan_ids, plan_resident_find, plans_load, running_plan_ids};
use crate::store::registers::discrepancies_open;
use crate::store::residents::resident_load;
use crate::store::schema::{doses, residents};
use crate::store::taper_alerts::{StandingAlert, alert_find, alerts_load};
use crate::store::{StoreError, absences, as_needed, facilities, incidents, people, severe_signs, small};

/// No letter is about a dose longer ago: a grace period is a day at most, twice of it for supervisors, and a day to send.
const HOURS_BACK: i64 = 74;
/// A round ends before the next day is over.
const HOURS_AHEAD: i64 = 26;

/// What a facility's letters are about; or only what concerns some units, plans, signs and incidents.
pub fn matters_load(
    conn: &mut Conn,
    facility: &str,
    concerns: Option<&BTreeSet<Concern>>,
    now: DateTime<Utc>,
) -> Result<Matters, StoreError> {
    let facility = facilities::facility_load(conn, facility)?;
    let units = units_of(conn, &facility, concerns)?;
    let plans = match concerns {
        None => plans_of(conn, &facility)?,
        Some(some) => some.iter().filter_map(Concern::plan).cloned().collect(),
    };
    let Decided { reductions, turns, orders } = decided_of(conn, &facility, &plans, now)?;
    let assessments = assessments_due(conn, &facility, &units, now)?;
    Ok(Matters {
        slots: slots_of(conn, &facility, &units, now)?,
        reductions,
        turns,
        signs: signs_of(conn, &facility, concerns)?,
        alerts: alerts_of(conn, &facility, concerns, now)?,
        incidents: incidents_of(conn, &facility, concerns)?,
        orders,
        assessments,
        effects: effects_of(conn, &facility, &units, now)?,
        addressees: addressees_of(conn, &facility, now)?,
        counts: counts_of(conn, &facility, concerns, now)?,
        units,
        facility,
    })
}

fn units_of(
    conn: &mut Conn,
    facility: &Facility,
    concerns: Option<&BTreeSet<Concern>>,
) -> Result<Vec<Unit>, StoreError> {
    let mut units = facilities::units_of(conn, &facility.id)?;
    units.retain(|unit| concerns.is_none_or(|some| some.contains(&Concern::Unit(unit.id.clone()))));
    Ok(units)
}

diesel::allow_columns_to_appear_in_same_group_by_clause!(
    residents::unit,
    doses::on_date,
    doses::slot,
    doses::due_at,
    doses::recorded,
);

type SlotRow = (String, NaiveDate, String, NaiveDateTime, bool, i64);

/// The doses above 0 around now, counted by unit, slot and whether they are recorded.
fn slots_of(
    conn: &mut Conn,
    facility: &Facility,
    units: &[Unit],
    now: DateTime<Utc>,
) -> Result<Vec<UnitSlot>, StoreError> {
    let units = units.iter().map(|unit| &unit.id);
    let (from, until) = (now - TimeDelta::hours(HOURS_BACK), now + TimeDelta::hours(HOURS_AHEAD));
    let rows: Vec<SlotRow> = doses::table
        .inner_join(residents::table.on(residents::id.eq(doses::resident)))
        .filter(doses::facility.eq(&facility.id))
        .filter(residents::unit.eq_any(units))
        .filter(doses::due_at.between(from.naive_utc(), until.naive_utc()))
        .filter(doses::void.eq(false))
        .filter(doses::amount_ug.gt(0))
        .group_by((residents::unit, doses::on_date, doses::slot, doses::due_at, doses::recorded))
        .select((residents::unit, doses::on_date, doses::slot, doses::due_at, doses::recorded, count_star()))
        .load(conn)?;
    let mut slots = BTreeMap::new();
    for (unit, on, slot, due_at, recorded, count) in rows {
        let open = if recorded { 0 } else { small(count)? };
        *slots.entry((unit, on, slot, due_at)).or_insert(0u32) += open;
    }
    slots.into_iter().map(|((unit, on, slot, due_at), open)| slot_of(unit, on, &slot, due_at, open)).collect()
}

fn slot_of(unit: String, on: NaiveDate, slot: &str, due_at: NaiveDateTime, open: u32) -> Result<UnitSlot, StoreError> {
    let slot = slot.parse().map_err(|_| StoreError::Corrupt(format!("a slot of unit {unit}")))?;
    Ok(UnitSlot { unit, on, slot, due_at: due_at.and_utc(), open })
}

/// Those that run, and those that ended and still owe an answer.
fn plans_of(conn: &mut Conn, facility: &Facility) -> Result<Vec<String>, StoreError> {
    let here = std::slice::from_ref(&facility.id);
    Ok([plan_ids(conn, here, PlanState::Running)?, ended_plans_owing(conn, here)?].concat())
}

/// What the decisions on plans lead letters to be about.
#[derive(Default)]
struct Decided {
    reductions: Vec<OpenReduction>,
    turns: Vec<Turn>,
    orders: Vec<Order>,
}

fn decided_of(
    conn: &mut Conn,
    facility: &Facility,
    plans: &[String],
    now: DateTime<Utc>,
) -> Result<Decided, StoreError> {
    let today = facility.zone.day(now);
    let gone = absences::residents_gone(conn, &facility.id)?;
    let mut decided = Decided::default();
    for some in plans.chunks(500) {
        let files = plans_load(conn, some)?;
        for file in files.iter().filter(|file| file.plan.facility == facility.id) {
            let (plan, course) = (&file.plan.id, file.course());
            decided.orders.extend(Order::all(plan, &course, &file.facts));
            if file.state != PlanState::Running {
                continue;
            }
            decided.reductions.extend(OpenReduction::of(plan, &course, &file.facts, file.makers(), facility, today));
            decided.turns.extend(Turn::all(plan, &course, &file.facts, gone.contains(&file.plan.resident)));
        }
    }
    Ok(decided)
}

/// The severe signs that nobody has acknowledged; where letters about some are looked at again, those.
fn signs_of(
    conn: &mut Conn,
    facility: &Facility,
    concerns: Option<&BTreeSet<Concern>>,
) -> Result<Vec<UnknownSign>, StoreError> {
    let mut open = Vec::new();
    match concerns {
        None => open = severe_signs::signs_open_in(conn, std::slice::from_ref(&facility.id))?,
        Some(some) => {
            for id in some.iter().filter_map(Concern::sign) {
                open.extend(severe_signs::sign_find(conn, id)?);
            }
        }
    }
    open.retain(|file| file.is_open() && file.acknowledged.is_empty() && file.sign.facility == facility.id);
    open.into_iter().map(|file| unknown_sign(conn, file)).collect()
}

/// The taper alerts that nobody has acknowledged; where letters about some plans are looked at again, theirs.
fn alerts_of(
    conn: &mut Conn,
    facility: &Facility,
    concerns: Option<&BTreeSet<Concern>>,
    now: DateTime<Utc>,
) -> Result<Vec<AlertMatter>, StoreError> {
    let mut alerts = Vec::new();
    match concerns {
        None => alerts = alerts_load(conn, facility, None, now)?,
        Some(some) => {
            for plan in some.iter().filter_map(Concern::plan) {
                let resident = plan_resident_find(conn, plan)?.unwrap_or_default();
                alerts.extend(alert_find(conn, facility, (plan, &resident), now)?);
            }
        }
    }
    let plans: Vec<String> = alerts.iter().map(|alert| alert.plan.clone()).collect();
    let files = plans_load(conn, &plans)?;
    let file = |plan: &str| files.iter().find(|file| file.plan.id == plan);
    let matter = |one: &StandingAlert| Some(AlertMatter::of(&one.plan, &one.alert, &file(&one.plan)?.facts));
    Ok(alerts.iter().filter_map(matter).collect())
}

/// Who approved a resident's running plans.
fn prescribers_of(conn: &mut Conn, resident: &str) -> Result<BTreeSet<String>, StoreError> {
    let plans = running_plan_ids(conn, resident)?;
    let plans = plans_load(conn, &plans)?;
    let approvals = plans.iter().flat_map(|plan| &plan.facts).filter(|f| matches!(f.act, PlanAct::Approved { .. }));
    Ok(approvals.map(|fact| fact.by.clone()).collect())
}

/// The incidents that somebody has still to answer; where letters about some are looked at again, those.
fn incidents_of(
    conn: &mut Conn,
    facility: &Facility,
    concerns: Option<&BTreeSet<Concern>>,
) -> Result<Vec<OpenIncident>, StoreError> {
    let mut open = Vec::new();
    match concerns {
        None => open = incidents::incidents_open(conn, std::slice::from_ref(&facility.id))?,
        Some(some) => {
            for id in some.iter().filter_map(Concern::incident) {
                open.extend(incidents::incident_find(conn, id)?);
            }
        }
    }
    open.retain(|file| file.is_open() && file.incident.facility == facility.id);
    let told = |file: IncidentFile| {
        Ok(OpenIncident {
            prescribers: prescribers_of(conn, &file.incident.resident)?,
            unit: facilities::unit_load(conn, &file.incident.unit)?,
            recorded_at: file.incident.recorded_at,
            wanting: file.wanting(),
            id: file.incident.id,
        })
    };
    open.into_iter().map(told).collect()
}

fn unknown_sign(conn: &mut Conn, file: SignFile) -> Result<UnknownSign, StoreError> {
    Ok(UnknownSign {
        prescribers: prescribers_of(conn, &file.sign.resident)?,
        unit: facilities::unit_load(conn, &file.sign.unit)?,
        recorded_at: file.sign.recorded_at,
        id: file.sign.id,
    })
}

/// How many residents of each unit are to be scored today; those whose time is still to come are not.
fn assessments_due(
    conn: &mut Conn,
    facility: &Facility,
    units: &[Unit],
    now: DateTime<Utc>,
) -> Result<Vec<UnitAssessments>, StoreError> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: BTreeMap<(String, NaiveDate), UnitAssessments> = BTreeMap::new();
    for here in dues_load(conn, facility, now)?.into_iter().filter(|here| here.due.standing != Standing::Next) {
        let (unit, due) = (here.unit, here.due);
        let none = UnitAssessments { unit: unit.clone(), on: due.on, due_at: due.at, residents: 0 };
        found.entry((unit, due.on)).or_insert(none).residents += 1;
    }
    Ok(found.into_values().filter(|due| units.iter().any(|unit| unit.id == due.unit)).collect())
}

/// How many as-needed doses of each unit want their effect noted; nobody is asked about whoever is away.
fn effects_of(
    conn: &mut Conn,
    facility: &Facility,
    units: &[Unit],
    now: DateTime<Utc>,
) -> Result<Vec<UnitEffects>, StoreError> {
    let mut found: BTreeMap<(String, NaiveDate, Slot), UnitEffects> = BTreeMap::new();
    for dose in as_needed::doses_without_effect(conn, &facility.id, now - TimeDelta::days(1))? {
        // Whoever has moved since is looked at where they live now.
        let lives_in = resident_load(conn, &dose.resident)?.unit;
        let here = units.iter().any(|unit| unit.id == lives_in);
        if !here || absences::absence_open_find(conn, &dose.resident)?.is_some() {
            continue;
        }
        let due_at = facility.effect_at(dose.given_at);
        let local = facility.zone.local(due_at);
        let (on, at) = (local.date(), Slot::of(local.time()));
        let none = UnitEffects { unit: lives_in.clone(), on, at, due_at, doses: 0 };
        found.entry((lives_in, on, at)).or_insert(none).doses += 1;
    }
    Ok(found.into_values().collect())
}

/// Everybody who holds a role here at this moment, and is not disabled.
fn addressees_of(conn: &mut Conn, facility: &Facility, now: DateTime<Utc>) -> Result<Vec<Addressee>, StoreError> {
    let mut addressees = Vec::new();
    for (person, engagements) in people::staff_of(conn, &facility.id)? {
        let active = person.disabled_at.is_none();
        let roles: BTreeSet<_> = engagements.iter().filter(|e| active && e.in_force(now)).map(|e| e.role).collect();
        let addressee = |role| Addressee { person: person.id.clone(), role, email: person.email.clone() };
        addressees.extend(roles.into_iter().map(addressee));
    }
    Ok(addressees)
}

/// Where letters are looked at again nothing is counted: what they say was written when they were wanted.
fn counts_of(
    conn: &mut Conn,
    facility: &Facility,
    concerns: Option<&BTreeSet<Concern>>,
    now: DateTime<Utc>,
) -> Result<Counts, StoreError> {
    if concerns.is_some() {
        return Ok(Counts::default());
    }
    Ok(Counts {
        no_record: doses_open_before(conn, &facility.id, facility.no_record_before(now))?.len() as u32,
        undelivered: undelivered_between(conn, &facility.id, last_day(facility, now))?,
        differences: discrepancies_open(conn, &facility.id)?.len() as u32,
    })
}
