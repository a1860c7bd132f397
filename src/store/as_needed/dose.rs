//! As-needed doses that were given, and what each did.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::stands::stands;
use crate::care::amount::Amount;
use crate::care::medicine::Medicine;
use crate::care::round::as_needed::effect::Effect;
use crate::store::db::Conn;
use crate::store::schema::{as_needed_doses, as_needed_effects, as_needed_ends, as_needed_orders};
use crate::store::{StoreError, ug};

/// One use of an order, as it was written down for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsNeededDose {
    pub id: String,
    /// Its number in the history, which is where the fact that holds the rest keeps it.
    #[serde(skip)]
    pub n: i64,
    pub of_order: String,
    pub facility: String,
    /// The unit in which the resident lived when it was given.
    pub unit: String,
    pub resident: String,
    pub medicine: Medicine,
    pub given: Amount,
    /// Why it was needed then.
    pub why: String,
    /// What was counted out, in words.
    pub pieces: String,
    pub given_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    /// The person's id.
    pub recorded_by: String,
    /// The second person who saw it and signed, where there was one.
    #[serde(default)]
    pub witnessed_by: Option<String>,
    /// What was scanned before it was given, or why it was not, in words; empty where nobody asked.
    #[serde(default)]
    pub identified: String,
    /// Whoever gave it, where somebody else may have typed it in from paper; none: whoever recorded it.
    #[serde(default)]
    pub given_by: Option<String>,
    /// Why nobody saw it given, where a witness was wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unwitnessed: Option<String>,
}

impl AsNeededDose {
    /// Who gave it: the person’s id.
    pub fn giver(&self) -> &str {
        self.given_by.as_ref().unwrap_or(&self.recorded_by)
    }

    /// Everybody it names.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        let all = [Some(&self.recorded_by), self.given_by.as_ref(), self.witnessed_by.as_ref()];
        all.into_iter().flatten().map(String::as_str)
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = as_needed_doses)]
struct DoseRow {
    id: String,
    n: i64,
    of_order: String,
    facility: String,
    unit: String,
    resident: String,
    medicine: String,
    given_ug: i64,
    why: String,
    pieces: String,
    given_at: NaiveDateTime,
    recorded_at: NaiveDateTime,
    recorded_by: String,
    witnessed_by: Option<String>,
    identified: String,
    given_by: Option<String>,
    unwitnessed: Option<String>,
}

impl From<&AsNeededDose> for DoseRow {
    fn from(dose: &AsNeededDose) -> DoseRow {
        DoseRow {
            id: dose.id.clone(),
            n: dose.n,
            of_order: dose.of_order.clone(),
            facility: dose.facility.clone(),
            unit: dose.unit.clone(),
            resident: dose.resident.clone(),
            medicine: dose.medicine.0.clone(),
            given_ug: dose.given.ug() as i64,
            why: dose.why.clone(),
            pieces: dose.pieces.clone(),
            given_at: dose.given_at.naive_utc(),
            recorded_at: dose.recorded_at.naive_utc(),
            recorded_by: dose.recorded_by.clone(),
            witnessed_by: dose.witnessed_by.clone(),
            identified: dose.identified.clone(),
            given_by: dose.given_by.clone(),
            unwitnessed: dose.unwitnessed.clone(),
        }
    }
}

impl TryFrom<DoseRow> for AsNeededDose {
    type Error = StoreError;
    fn try_from(row: DoseRow) -> Result<AsNeededDose, StoreError> {
        Ok(AsNeededDose {
            given: ug(row.given_ug)?,
            id: row.id,
            n: row.n,
            of_order: row.of_order,
            facility: row.facility,
            unit: row.unit,
            resident: row.resident,
            medicine: Medicine(row.medicine),
            why: row.why,
            pieces: row.pieces,
            given_at: row.given_at.and_utc(),
            recorded_at: row.recorded_at.and_utc(),
            recorded_by: row.recorded_by,
            witnessed_by: row.witnessed_by,
            identified: row.identified,
            given_by: row.given_by,
            unwitnessed: row.unwitnessed,
        })
    }
}

fn read(rows: Vec<DoseRow>) -> Result<Vec<AsNeededDose>, StoreError> {
    rows.into_iter().map(AsNeededDose::try_from).collect()
}

/// What an as-needed dose did, written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedEffect {
    pub id: String,
    pub of_dose: String,
    pub effect: Effect,
    pub note: String,
    /// The person's id.
    pub noted_by: String,
    pub noted_at: DateTime<Utc>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = as_needed_effects)]
struct EffectRow {
    id: String,
    of_dose: String,
    effect: String,
    note: String,
    noted_by: String,
    noted_at: NaiveDateTime,
}

impl TryFrom<EffectRow> for NotedEffect {
    type Error = StoreError;
    fn try_from(row: EffectRow) -> Result<NotedEffect, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("effect {}", row.id));
        Ok(NotedEffect {
            effect: Effect::of_word(&row.effect).ok_or_else(corrupt)?,
            id: row.id,
            of_dose: row.of_dose,
            note: row.note,
            noted_by: row.noted_by,
            noted_at: row.noted_at.and_utc(),
        })
    }
}

/// Writes a dose down.
pub fn dose_insert(conn: &mut Conn, dose: &AsNeededDose) -> Result<(), StoreError> {
    diesel::insert_into(as_needed_doses::table).values(DoseRow::from(dose)).execute(conn)?;
    Ok(())
}

/// A dose, if there is one by that id.
pub fn dose_find(conn: &mut Conn, id: &str) -> Result<Option<AsNeededDose>, StoreError> {
    as_needed_doses::table.find(id).first::<DoseRow>(conn).optional()?.map(AsNeededDose::try_from).transpose()
}

/// What stands as given to a resident of a medicine from an instant on, of any order, the first one first.
pub fn doses_of_medicine(
    conn: &mut Conn,
    resident: &str,
    medicine: &Medicine,
    from: DateTime<Utc>,
) -> Result<Vec<AsNeededDose>, StoreError> {
    let mut found = doses_of_resident(conn, resident, from)?;
    found.retain(|dose| dose.medicine == *medicine);
    Ok(found)
}

/// Every as-needed dose of a resident that stands, from an instant on, the first one first.
pub fn doses_of_resident(
    conn: &mut Conn,
    resident: &str,
    from: DateTime<Utc>,
) -> Result<Vec<AsNeededDose>, StoreError> {
    let theirs = as_needed_doses::table.filter(as_needed_doses::resident.eq(resident)).filter(stands());
    let since = theirs.filter(as_needed_doses::given_at.ge(from.naive_utc()));
    read(since.order((as_needed_doses::given_at, as_needed_doses::n)).load(conn)?)
}

/// Every as-needed dose that some residents were ever said to have had from an instant up to another, struck ones too, the
/// first one first.
pub fn doses_of_residents_between(
    conn: &mut Conn,
    residents: &[String],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<AsNeededDose>, StoreError> {
    let theirs = as_needed_doses::table.filter(as_needed_doses::resident.eq_any(residents));
    let since = theirs.filter(as_needed_doses::given_at.ge(from.naive_utc()));
    let between = since.filter(as_needed_doses::given_at.lt(until.naive_utc()));
    read(between.order((as_needed_doses::given_at, as_needed_doses::n)).load(conn)?)
}

/// Every as-needed dose of a facility that stands, from an instant on, the first one first.
fn doses_of_facility_since(
    conn: &mut Conn,
    facility: &str,
    from: DateTime<Utc>,
) -> Result<Vec<AsNeededDose>, StoreError> {
    let here = as_needed_doses::table.filter(as_needed_doses::facility.eq(facility)).filter(stands());
    let since = here.filter(as_needed_doses::given_at.ge(from.naive_utc()));
    read(since.order((as_needed_doses::given_at, as_needed_doses::n)).load(conn)?)
}

/// What stands as given since an instant of orders that nobody has ended and whose last day is not past.
pub fn doses_of_running_orders(
    conn: &mut Conn,
    facility: &str,
    since: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Vec<AsNeededDose>, StoreError> {
    let ended = as_needed_ends::table.select(as_needed_ends::of_order);
    let running = as_needed_orders::table
        .filter(as_needed_orders::facility.eq(facility).and(as_needed_orders::ends_on.ge(today)))
        .filter(as_needed_orders::id.ne_all(ended))
        .select(as_needed_orders::id);
    let here = as_needed_doses::table.filter(as_needed_doses::facility.eq(facility)).filter(stands());
    let lately = here.filter(as_needed_doses::given_at.ge(since.naive_utc()));
    let of_them = lately.filter(as_needed_doses::of_order.eq_any(running));
    read(of_them.order((as_needed_doses::given_at, as_needed_doses::n)).load(conn)?)
}

/// The as-needed doses of a facility since an instant whose effect nobody has noted, the first one first.
pub fn doses_without_effect(
    conn: &mut Conn,
    facility: &str,
    since: DateTime<Utc>,
) -> Result<Vec<AsNeededDose>, StoreError> {
    let mut doses = doses_of_facility_since(conn, facility, since)?;
    let ids: Vec<String> = doses.iter().map(|dose| dose.id.clone()).collect();
    let noted = effects_of(conn, &ids)?;
    doses.retain(|dose| !noted.contains_key(&dose.id));
    Ok(doses)
}

/// Writes down what a dose did. The database lets one effect stand for each dose.
pub fn effect_insert(conn: &mut Conn, effect: &NotedEffect) -> Result<(), StoreError> {
    let row = EffectRow {
        id: effect.id.clone(),
        of_dose: effect.of_dose.clone(),
        effect: effect.effect.word().to_owned(),
        note: effect.note.clone(),
        noted_by: effect.noted_by.clone(),
        noted_at: effect.noted_at.naive_utc(),
    };
    diesel::insert_into(as_needed_effects::table).values(row).execute(conn)?;
    Ok(())
}

/// What some doses did, as far as it was noted, by the dose.
pub fn effects_of(conn: &mut Conn, doses: &[String]) -> Result<HashMap<String, NotedEffect>, StoreError> {
    let mut effects = HashMap::new();
    for some in doses.chunks(500) {
        let rows: Vec<EffectRow> =
            as_needed_effects::table.filter(as_needed_effects::of_dose.eq_any(some)).load(conn)?;
        for row in rows {
            effects.insert(row.of_dose.clone(), NotedEffect::try_from(row)?);
        }
    }
    Ok(effects)
}
