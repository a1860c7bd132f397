//! What giving an as-needed dose rests on: everything of the medicine around that moment, and the maxima.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::dose::{AsNeededDose, doses_of_medicine};
use super::order::{OrderFile, orders_of_resident};
use crate::care::calendar::Zone;
use crate::care::facility::Facility;
use crate::care::incident::Incident;
use crate::care::medicine::Medicine;
use crate::care::medicine::limit::Limit;
use crate::care::round::as_needed::barred::Barred;
use crate::care::round::as_needed::giving::{GiveCase, Last, REACH};
use crate::care::round::as_needed::limits::{Kind, Taken};
use crate::store::absences::{absence_open_find, all_elsewhere_since};
use crate::store::db::Conn;
use crate::store::doses::{doses_of_resident_between, standings_of};
use crate::store::incidents::incidents_since;
use crate::store::lifted::lifted_load;
use crate::store::plans;
use crate::store::schema::medicine_limits;
use crate::store::{StoreError, people, severe_signs, ug};

/// A late dose was due at most so long before it was given; one recorded later still has no bearing on today.
const LATEST: TimeDelta = TimeDelta::days(7);

/// The case of an order at this moment. Whoever decides on it holds the resident's row: nobody adds to it meanwhile.
pub fn case_load(
    conn: &mut Conn,
    file: &OrderFile,
    facility: &Facility,
    now: DateTime<Utc>,
) -> Result<GiveCase, StoreError> {
    let order = &file.order;
    let from = order.ordered_at - REACH;
    let doses = doses_of_medicine(conn, &order.resident, &order.medicine, from)?;
    let of_order: Vec<&AsNeededDose> = doses.iter().filter(|dose| dose.of_order == order.id).collect();
    let mut taken = scheduled_load(conn, &order.resident, &order.medicine, from, now + REACH)?;
    taken.extend(doses.iter().map(|dose| Taken { at: dose.given_at, amount: dose.given, kind: Kind::AsNeeded }));
    let wrong = incidents_since(conn, &order.resident, from)?;
    let wrong: Vec<&Incident> = wrong.iter().filter(|incident| incident.medicine == order.medicine).collect();
    taken.extend(wrong.iter().map(|one| Taken { at: one.given_at, amount: one.given, kind: Kind::InError }));
    let elsewhere = elsewhere_load(conn, (&order.resident, &order.medicine), from)?;
    taken.extend(&elsewhere);
    let given = doses.iter().map(|dose| dose.given_at).chain(wrong.iter().map(|one| one.given_at));
    let given = given.chain(elsewhere.iter().map(|one| one.at)).collect();
    let last = of_order.iter().max_by_key(|dose| dose.n).map(|dose| last(conn, dose)).transpose()?;
    Ok(GiveCase {
        revision: file.revision,
        ended_at: file.end.as_ref().map(|end| end.ended_at),
        limit: limit_find(conn, &order.facility, &order.medicine)?,
        given,
        zone: facility.zone,
        others: orders_of_resident(conn, &order.resident)?
            .into_iter()
            .filter(|other| other.order.medicine == order.medicine && other.order.id != order.id)
            .map(|other| (other.order, other.end.map(|end| end.ended_at)))
            .collect(),
        lifted: lifted_load(conn, (&order.resident, &order.medicine), facility.zone, now)?,
        away_since: absence_open_find(conn, &order.resident)?.map(|absence| absence.left_at),
        withheld: severe_signs::withheld_load(conn, &order.resident)?,
        barred: barred_find(conn, &order.resident, &order.medicine, facility.zone)?,
        order: order.clone(),
        taken,
        last,
    })
}

/// What the running plan of a medicine says of its as-needed doses, where there is one.
fn barred_find(conn: &mut Conn, resident: &str, medicine: &Medicine, zone: Zone) -> Result<Option<Barred>, StoreError> {
    let ids = plans::running_plan_ids(conn, resident)?;
    let files = plans::plans_load(conn, &ids)?;
    let of_it = files.iter().filter(|file| file.plan.medicines().contains(medicine));
    Ok(of_it.filter_map(|file| Barred::by(&file.course(), &file.facts, medicine, zone)).min_by_key(|bar| bar.since))
}

fn last(conn: &mut Conn, dose: &AsNeededDose) -> Result<Last, StoreError> {
    Ok(Last { by: people::name_load(conn, &dose.recorded_by)?, given_at: dose.given_at })
}

/// The scheduled doses of a resident's medicine: taken at the time they were given, still due at their slot.
fn scheduled_load(
    conn: &mut Conn,
    resident: &str,
    medicine: &Medicine,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Taken>, StoreError> {
    scheduled_but(conn, "", (resident, medicine), (from, until))
}

/// The same without one dose, by its id.
pub(super) fn scheduled_but(
    conn: &mut Conn,
    but: &str,
    (resident, medicine): (&str, &Medicine),
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Taken>, StoreError> {
    let mut doses = doses_of_resident_between(conn, resident, from - LATEST, until)?;
    doses.retain(|dose| dose.key.medicine == *medicine && dose.id != but);
    let recorded: Vec<String> = doses.iter().filter(|dose| dose.recorded).map(|dose| dose.id.clone()).collect();
    let standings = standings_of(conn, &recorded)?;
    let taken = doses.iter().map(|dose| match standings.get(&dose.id) {
        Some(stood) => Taken { at: stood.given_at, amount: stood.given, kind: Kind::Scheduled },
        None => Taken { at: dose.due_at, amount: dose.level.amount, kind: Kind::StillDue },
    });
    Ok(taken.filter(|one| !one.amount.is_zero() && one.at >= from).collect())
}

/// What the resident was last given of a medicine while they were away. Of a plan with two medicines nobody said which
/// it was: it counts for both.
pub(super) fn elsewhere_load(
    conn: &mut Conn,
    (resident, medicine): (&str, &Medicine),
    from: DateTime<Utc>,
) -> Result<Vec<Taken>, StoreError> {
    let given = all_elsewhere_since(conn, resident, from)?;
    let ids: BTreeSet<String> = given.iter().map(|(plan, ..)| plan.clone()).collect();
    let mut files = plans::plans_load(conn, &ids.into_iter().collect::<Vec<_>>())?;
    files.retain(|file| file.plan.medicines().contains(medicine));
    let of_it = given.into_iter().filter(|(plan, ..)| files.iter().any(|file| file.plan.id == *plan));
    let taken = of_it.map(|(_, at, amount)| Taken { at, amount, kind: Kind::Elsewhere });
    Ok(taken.filter(|one| !one.amount.is_zero()).collect())
}

/// The doses that a resident's plans bring of a medicine from now on, as far as they matter to today.
pub fn ahead_load(
    conn: &mut Conn,
    resident: &str,
    medicine: &Medicine,
    now: DateTime<Utc>,
) -> Result<Vec<Taken>, StoreError> {
    let mut ahead = scheduled_load(conn, resident, medicine, now, now + REACH)?;
    ahead.retain(|one| one.kind == Kind::StillDue);
    Ok(ahead)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = medicine_limits)]
struct LimitRow {
    facility: String,
    medicine: String,
    most_ug: i64,
    source: String,
}

impl TryFrom<LimitRow> for Limit {
    type Error = StoreError;
    fn try_from(row: LimitRow) -> Result<Limit, StoreError> {
        Ok(Limit { medicine: Medicine(row.medicine), most: ug(row.most_ug)?, source: row.source })
    }
}

/// A medicine's maximum in a facility: its own, or the published one; none where nobody gives one.
pub fn limit_find(conn: &mut Conn, facility: &str, medicine: &Medicine) -> Result<Option<Limit>, StoreError> {
    let row: Option<LimitRow> = medicine_limits::table.find((facility, &medicine.0)).first(conn).optional()?;
    match row {
        Some(row) => Ok(Some(row.try_into()?)),
        None => Ok(Limit::published(medicine)),
    }
}

/// A facility's own maxima, in the order of the alphabet.
pub fn limits_of(conn: &mut Conn, facility: &str) -> Result<Vec<Limit>, StoreError> {
    let here = medicine_limits::table.filter(medicine_limits::facility.eq(facility));
    let rows: Vec<LimitRow> = here.order(medicine_limits::medicine).load(conn)?;
    rows.into_iter().map(Limit::try_from).collect()
}

/// A facility's own maximum of a medicine in place of what it was; without one the published holds again.
pub fn limit_replace(
    conn: &mut Conn,
    facility: &str,
    medicine: &Medicine,
    limit: Option<&Limit>,
) -> Result<(), StoreError> {
    diesel::delete(medicine_limits::table.find((facility, &medicine.0))).execute(conn)?;
    if let Some(limit) = limit {
        let most_ug = limit.most.ug() as i64;
        let row = LimitRow {
            facility: facility.to_owned(),
            medicine: medicine.0.clone(),
            most_ug,
            source: limit.source.clone(),
        };
        diesel::insert_into(medicine_limits::table).values(row).execute(conn)?;
    }
    Ok(())
}
