//! Doses laid out, and what happened to them.

mod at_hand;
mod correction;
mod fates;
mod record;
mod stands;
mod vomits;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

pub use at_hand::{AtHand, away_load, dose_at_hand, ordered_since};
pub use correction::{
    Correction, DoseRecords, administration_about, administration_load, correctable, corrected_since,
    correction_insert, corrections_of, dose_records, dose_reopen,
};
pub use fates::{Fate, fates_between, fates_from, may_be_lost};
pub(super) use record::AdministrationRow;
pub use record::{
    Administration, administration_insert, administrations_around, administrations_latest_of, administrations_of,
    administrations_of_days, dose_claim, last_given_find, standings_of, stored,
};
pub(super) use stands::{open, stands};
pub use vomits::{vomit_insert, vomits_of};

use super::db::Conn;
use super::schema::{administrations, doses};
use super::{StoreError, small, ug};
use crate::care::amount::Amount;
use crate::care::calendar::{Moment, Zone};
use crate::care::taper::plan::{Medicine, Plan};
use crate::care::taper::schedule::{DoseKey, DoseLevel, LaidDose, LayOut, dose_id};
use crate::on_either;

/// A dose as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseFile {
    pub id: String,
    pub plan: String,
    pub facility: String,
    pub resident: String,
    pub key: DoseKey,
    pub due_at: DateTime<Utc>,
    pub level: DoseLevel,
    /// No longer part of the level.
    pub void: bool,
    /// A standing administration exists.
    pub recorded: bool,
    /// Grows whenever the dose follows the level; a page that showed an older one is refused.
    pub revision: u32,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = doses)]
pub(super) struct DoseRow {
    id: String,
    plan: String,
    facility: String,
    resident: String,
    medicine: String,
    on_date: NaiveDate,
    slot: String,
    due_at: NaiveDateTime,
    amount_ug: i64,
    step: i64,
    authorised_by: String,
    undecided: bool,
    void: bool,
    recorded: bool,
    revision: i64,
}

impl TryFrom<DoseRow> for DoseFile {
    type Error = StoreError;
    fn try_from(row: DoseRow) -> Result<DoseFile, StoreError> {
        let slot = row.slot.parse().map_err(|_| StoreError::Corrupt(format!("slot of dose {}", row.id)))?;
        Ok(DoseFile {
            key: DoseKey { on: row.on_date, slot, medicine: Medicine(row.medicine) },
            due_at: row.due_at.and_utc(),
            level: DoseLevel {
                amount: ug(row.amount_ug)?,
                step: small(row.step)?,
                authorised_by: row.authorised_by,
                undecided: row.undecided,
            },
            void: row.void,
            recorded: row.recorded,
            revision: small(row.revision)?,
            id: row.id,
            plan: row.plan,
            facility: row.facility,
            resident: row.resident,
        })
    }
}

/// One dose; must exist.
pub fn dose_load(conn: &mut Conn, id: &str) -> Result<DoseFile, StoreError> {
    doses::table.find(id).first::<DoseRow>(conn)?.try_into()
}

/// A dose, if there is one by that id.
pub fn dose_find(conn: &mut Conn, id: &str) -> Result<Option<DoseFile>, StoreError> {
    doses::table.find(id).first::<DoseRow>(conn).optional()?.map(DoseFile::try_from).transpose()
}

/// A plan's rows from a day on.
pub fn doses_of_plan_from(conn: &mut Conn, plan: &str, from: NaiveDate) -> Result<Vec<DoseFile>, StoreError> {
    let asked = doses::table.filter(doses::plan.eq(plan)).filter(doses::on_date.ge(from)).order((
        doses::on_date,
        doses::slot,
        doses::medicine,
    ));
    let rows: Vec<DoseRow> = on_either!(conn, |c| asked.load(c))?;
    rows.into_iter().map(DoseFile::try_from).collect()
}

/// A plan's rows of some days.
pub fn doses_of_plan_between(
    conn: &mut Conn,
    plan: &str,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<DoseFile>, StoreError> {
    let asked = doses::table.filter(doses::plan.eq(plan)).filter(doses::on_date.between(from, until)).order((
        doses::on_date,
        doses::slot,
        doses::medicine,
    ));
    let rows: Vec<DoseRow> = on_either!(conn, |c| asked.load(c))?;
    rows.into_iter().map(DoseFile::try_from).collect()
}

/// The doses of a facility due in a span of time, void ones left out, in order of their time.
pub fn doses_due_between(
    conn: &mut Conn,
    facility: &str,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<DoseFile>, StoreError> {
    let mut found = doses_ever_due_between(conn, facility, (from, until))?;
    found.retain(|dose| !dose.void);
    Ok(found)
}

/// The same with void ones, which were part of a level once.
pub fn doses_ever_due_between(
    conn: &mut Conn,
    facility: &str,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<DoseFile>, StoreError> {
    let rows: Vec<DoseRow> = doses::table
        .filter(doses::facility.eq(facility))
        .filter(doses::due_at.between(from.naive_utc(), until.naive_utc()))
        .order((doses::due_at, doses::id))
        .load(conn)?;
    rows.into_iter().map(DoseFile::try_from).collect()
}

/// The doses above 0 that nobody has recorded, due before an instant, oldest first.
pub fn doses_open_before(conn: &mut Conn, facility: &str, until: DateTime<Utc>) -> Result<Vec<DoseFile>, StoreError> {
    let rows: Vec<DoseRow> = doses::table
        .filter(doses::facility.eq(facility))
        .filter(doses::due_at.lt(until.naive_utc()))
        .filter(open())
        .order((doses::due_at, doses::id))
        .load(conn)?;
    rows.into_iter().map(DoseFile::try_from).collect()
}

/// The doses of a resident from one instant to another, void ones left out, in order of their time.
pub fn doses_of_resident_between(
    conn: &mut Conn,
    resident: &str,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<DoseFile>, StoreError> {
    of_resident_between(conn, resident, (from, until), false)
}

/// The void doses of a resident that nobody recorded, from one instant to another, in order of their time.
pub fn doses_void_between(
    conn: &mut Conn,
    resident: &str,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<DoseFile>, StoreError> {
    let mut found = of_resident_between(conn, resident, (from, until), true)?;
    found.retain(|dose| !dose.recorded);
    Ok(found)
}

fn of_resident_between(
    conn: &mut Conn,
    resident: &str,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    void: bool,
) -> Result<Vec<DoseFile>, StoreError> {
    let rows: Vec<DoseRow> = doses::table
        .filter(doses::resident.eq(resident))
        .filter(doses::due_at.between(from.naive_utc(), until.naive_utc()))
        .filter(doses::void.eq(void))
        .order((doses::due_at, doses::id))
        .load(conn)?;
    rows.into_iter().map(DoseFile::try_from).collect()
}

/// The doses of some residents of the days from one to another, void ones left out, in order of their time.
pub fn doses_of_days(
    conn: &mut Conn,
    residents: &[String],
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<DoseFile>, StoreError> {
    // A civil day is nowhere further than a day from its UTC date: by their instants the doses are found quickest.
    let around =
        (from.and_time(NaiveTime::MIN) - TimeDelta::days(2), until.and_time(NaiveTime::MIN) + TimeDelta::days(3));
    let rows: Vec<DoseRow> = doses::table
        .filter(doses::resident.eq_any(residents))
        .filter(doses::due_at.between(around.0, around.1))
        .filter(doses::on_date.between(from, until))
        .filter(doses::void.eq(false))
        .order((doses::due_at, doses::id))
        .load(conn)?;
    rows.into_iter().map(DoseFile::try_from).collect()
}

/// The next dose of a resident's medicine after an instant.
pub fn next_dose_find(
    conn: &mut Conn,
    plan: &str,
    medicine: &Medicine,
    after: DateTime<Utc>,
) -> Result<Option<DoseFile>, StoreError> {
    let row: Option<DoseRow> = doses::table
        .filter(doses::plan.eq(plan))
        .filter(doses::medicine.eq(&medicine.0))
        .filter(doses::due_at.gt(after.naive_utc()))
        .filter(doses::void.eq(false))
        .filter(doses::recorded.eq(false))
        .order(doses::due_at)
        .first(conn)
        .optional()?;
    row.map(DoseFile::try_from).transpose()
}

/// The first moment of a plan's doses, due at an instant or later, of which nobody has recorded any: of two medicines at one
/// slot one may have been given already.
pub fn open_moment_find(conn: &mut Conn, plan: &str, from: DateTime<Utc>) -> Result<Option<Moment>, StoreError> {
    let beside = diesel::alias!(doses as beside);
    let same_moment = beside
        .field(doses::plan)
        .eq(plan)
        .and(beside.field(doses::on_date).eq(doses::on_date))
        .and(beside.field(doses::slot).eq(doses::slot));
    let one_recorded = exists(beside.filter(same_moment.and(beside.field(doses::recorded).eq(true))));
    let first: Option<(NaiveDate, String)> = doses::table
        .filter(doses::plan.eq(plan))
        .filter(doses::due_at.ge(from.naive_utc()))
        .filter(doses::void.eq(false).and(doses::recorded.eq(false)))
        .filter(not(one_recorded))
        .order((doses::due_at, doses::id))
        .select((doses::on_date, doses::slot))
        .first(conn)
        .optional()?;
    let moment = |(on, slot): (NaiveDate, String)| slot.parse().map(|slot| Moment { on, slot });
    first.map(|first| moment(first).map_err(|_| StoreError::Corrupt(format!("a slot of plan {plan}")))).transpose()
}

/// The first dose that a plan ever had.
pub fn first_dose_find(conn: &mut Conn, plan: &str) -> Result<Option<DoseKey>, StoreError> {
    let of_plan = doses::table.filter(doses::plan.eq(plan));
    let row: Option<DoseRow> = of_plan.order((doses::on_date, doses::slot, doses::medicine)).first(conn).optional()?;
    row.map(|row| DoseFile::try_from(row).map(|dose| dose.key)).transpose()
}

/// The days from `from` on that have a recorded dose of the plan.
pub fn recorded_days_from(conn: &mut Conn, plan: &str, from: NaiveDate) -> Result<BTreeSet<NaiveDate>, StoreError> {
    let days: Vec<NaiveDate> = doses::table
        .filter(doses::plan.eq(plan))
        .filter(doses::on_date.ge(from))
        .filter(doses::recorded.eq(true))
        .select(doses::on_date)
        .load(conn)?;
    Ok(days.into_iter().collect())
}

/// Whether a dose of the plan, from a day on, was recorded under this approval or signature. What was written down from old
/// paper stands on what authorised it then.
pub fn recorded_under(conn: &mut Conn, of: (&str, NaiveDate), authority: &str) -> Result<bool, StoreError> {
    given_under(conn, of, authority, Amount::ZERO)
}

/// Whether so much of one, or more, was given.
pub fn given_under(
    conn: &mut Conn,
    (plan, from): (&str, NaiveDate),
    authority: &str,
    least: Amount,
) -> Result<bool, StoreError> {
    let first: Option<String> = doses::table
        .inner_join(administrations::table)
        .filter(doses::plan.eq(plan).and(doses::on_date.ge(from)).and(doses::recorded.eq(true)))
        .filter(administrations::authorised_by.eq(authority).and(administrations::given_ug.ge(least.ug() as i64)))
        .filter(stands())
        .select(doses::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// The row as the arithmetic of laying out sees it.
pub fn laid(dose: DoseFile) -> LaidDose {
    LaidDose { id: dose.id, key: dose.key, level: dose.level, void: dose.void, recorded: dose.recorded }
}

/// Carries a lay-out into the rows.
pub fn lay_out_save(conn: &mut Conn, plan: &Plan, zone: Zone, change: &LayOut) -> Result<(), StoreError> {
    let rows: Vec<DoseRow> = change.lay.iter().map(|(key, level)| row_of(plan, zone, key, level)).collect();
    doses_insert(conn, &rows)?;
    doses_follow(conn, &change.follow)?;
    for some in change.void.chunks(500) {
        let void = doses::table.filter(doses::id.eq_any(some)).filter(doses::recorded.eq(false));
        diesel::update(void).set((doses::void.eq(true), doses::revision.eq(doses::revision + 1))).execute(conn)?;
    }
    Ok(())
}

/// A file takes row after row by one statement that it keeps; a server takes many in one way there and back.
fn doses_insert(conn: &mut Conn, rows: &[DoseRow]) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(conn) => {
            for row in rows {
                diesel::insert_into(doses::table).values(row).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            for some in rows.chunks(500) {
                diesel::insert_into(doses::table).values(some).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Brings rows up to the level, all of one level together.
fn doses_follow(conn: &mut Conn, follow: &[(String, DoseLevel)]) -> Result<(), StoreError> {
    let mut levels: Vec<(&DoseLevel, Vec<&String>)> = Vec::new();
    for (id, level) in follow {
        match levels.iter_mut().find(|(known, _)| *known == level) {
            Some((_, ids)) => ids.push(id),
            None => levels.push((level, vec![id])),
        }
    }
    for (level, ids) in levels {
        ids.chunks(500).try_for_each(|some| doses_follow_one(conn, some, level))?;
    }
    Ok(())
}

fn doses_follow_one(conn: &mut Conn, ids: &[&String], level: &DoseLevel) -> Result<(), StoreError> {
    let open = doses::table.filter(doses::id.eq_any(ids).and(doses::recorded.eq(false)));
    let followed = diesel::update(open)
        .set((
            doses::amount_ug.eq(level.amount.ug() as i64),
            doses::step.eq(i64::from(level.step)),
            doses::authorised_by.eq(&level.authorised_by),
            doses::undecided.eq(level.undecided),
            doses::void.eq(false),
            doses::revision.eq(doses::revision + 1),
        ))
        .execute(conn)?;
    // Somebody recorded one meanwhile: the act looks again, and leaves that day as it is.
    if followed == ids.len() { Ok(()) } else { Err(StoreError::Moved) }
}

fn row_of(plan: &Plan, zone: Zone, key: &DoseKey, level: &DoseLevel) -> DoseRow {
    DoseRow {
        id: dose_id(&plan.id, key),
        plan: plan.id.clone(),
        facility: plan.facility.clone(),
        resident: plan.resident.clone(),
        medicine: key.medicine.0.clone(),
        on_date: key.on,
        slot: key.slot.to_string(),
        due_at: zone.at(key.on, key.slot).naive_utc(),
        amount_ug: level.amount.ug() as i64,
        step: i64::from(level.step),
        authorised_by: level.authorised_by.clone(),
        undecided: level.undecided,
        void: false,
        recorded: false,
        revision: 0,
    }
}
