//! Residents.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::case_when;
use diesel::prelude::*;

use super::StoreError;
use super::db::Conn;
use super::schema::{doses, residents};
use crate::care::resident::{Allergies, Resident, same_number};
use crate::on_either;

#[derive(Queryable)]
struct ResidentRow {
    id: String,
    facility: String,
    unit: String,
    number: String,
    surname: String,
    forename: String,
    born_on: NaiveDate,
    room: String,
    allergy_state: String,
    allergies: String,
    last_recorded_at: NaiveDateTime,
    _revision: i64,
}

impl TryFrom<ResidentRow> for Resident {
    type Error = StoreError;
    fn try_from(row: ResidentRow) -> Result<Resident, StoreError> {
        let allergies = match row.allergy_state.as_str() {
            "known" => Allergies::Known { list: row.allergies },
            "none" => Allergies::NoneKnown,
            "not_recorded" => Allergies::NotRecorded,
            "unavailable" => Allergies::Unavailable,
            _ => return Err(StoreError::Corrupt(format!("allergies of resident {}", row.id))),
        };
        Ok(Resident {
            id: row.id,
            facility: row.facility,
            unit: row.unit,
            number: row.number,
            surname: row.surname,
            forename: row.forename,
            born_on: row.born_on,
            room: row.room,
            allergies,
        })
    }
}

/// One resident; must exist.
pub fn resident_load(conn: &mut Conn, id: &str) -> Result<Resident, StoreError> {
    residents::table.find(id).first::<ResidentRow>(conn)?.try_into()
}

/// The residents of some facilities, by surname and forename.
pub fn residents_of(conn: &mut Conn, facilities: &[String]) -> Result<Vec<Resident>, StoreError> {
    let rows: Vec<ResidentRow> = residents::table.filter(residents::facility.eq_any(facilities)).load(conn)?;
    let mut found: Vec<Resident> = rows.into_iter().map(Resident::try_from).collect::<Result<_, _>>()?;
    found.sort_by_key(|r| (r.surname.to_lowercase(), r.forename.to_lowercase(), r.id.clone()));
    Ok(found)
}

/// The unit of every resident of a facility, by their ids.
pub fn units_of_residents(conn: &mut Conn, facility: &str) -> Result<HashMap<String, String>, StoreError> {
    let rows: Vec<(String, String)> = residents::table
        .filter(residents::facility.eq(facility))
        .select((residents::id, residents::unit))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// A new resident.
pub fn resident_insert(conn: &mut Conn, resident: &Resident, now: DateTime<Utc>) -> Result<(), StoreError> {
    let known = (
        residents::id.eq(&resident.id),
        residents::facility.eq(&resident.facility),
        residents::last_recorded_at.eq(now.naive_utc()),
        residents::revision.eq(0),
    );
    diesel::insert_into(residents::table).values((known, details(resident))).execute(conn)?;
    Ok(())
}

/// The details of a resident as they should be, if nobody changed them since `revision`.
pub fn resident_change(conn: &mut Conn, resident: &Resident, revision: i64) -> Result<(), StoreError> {
    let unmoved = residents::table.find(&resident.id).filter(residents::revision.eq(revision));
    let moved = diesel::update(unmoved).set((residents::revision.eq(revision + 1), details(resident))).execute(conn)?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Moved) }
}

/// Grows with every change of the details.
pub fn revision_load(conn: &mut Conn, resident: &str) -> Result<i64, StoreError> {
    Ok(residents::table.find(resident).select(residents::revision).first(conn)?)
}

/// The resident of a facility with a number, in whatever case it is written.
pub fn resident_find_by_number(conn: &mut Conn, facility: &str, number: &str) -> Result<Option<Resident>, StoreError> {
    let numbers: Vec<(String, String)> = residents::table
        .filter(residents::facility.eq(facility))
        .select((residents::id, residents::number))
        .load(conn)?;
    let found = numbers.into_iter().find(|(_, one)| same_number(one, number));
    found.map(|(id, _)| resident_load(conn, &id)).transpose()
}

type Detail<C, V> = diesel::dsl::Eq<C, V>;
type Details<'a> = (
    Detail<residents::unit, &'a str>,
    Detail<residents::number, &'a str>,
    Detail<residents::surname, &'a str>,
    Detail<residents::forename, &'a str>,
    Detail<residents::born_on, NaiveDate>,
    Detail<residents::room, &'a str>,
    Detail<residents::allergy_state, &'static str>,
    Detail<residents::allergies, &'a str>,
);

fn details(resident: &Resident) -> Details<'_> {
    let (state, list) = match &resident.allergies {
        Allergies::Known { list } => ("known", list.as_str()),
        Allergies::NoneKnown => ("none", ""),
        Allergies::NotRecorded => ("not_recorded", ""),
        Allergies::Unavailable => ("unavailable", ""),
    };
    (
        residents::unit.eq(resident.unit.as_str()),
        residents::number.eq(resident.number.as_str()),
        residents::surname.eq(resident.surname.as_str()),
        residents::forename.eq(resident.forename.as_str()),
        residents::born_on.eq(resident.born_on),
        residents::room.eq(resident.room.as_str()),
        residents::allergy_state.eq(state),
        residents::allergies.eq(list),
    )
}

/// Touching the row makes rivals at one resident wait for each other. Yields when something was last recorded.
pub fn resident_hold(conn: &mut Conn, resident: &str) -> Result<DateTime<Utc>, StoreError> {
    let last: NaiveDateTime = diesel::update(residents::table.find(resident))
        .set(residents::last_recorded_at.eq(residents::last_recorded_at))
        .returning(residents::last_recorded_at)
        .get_result(conn)?;
    Ok(last.and_utc())
}

/// Holds the residents of some doses of a facility, in the order of their ids: of two who hold several, neither waits for the
/// other.
pub fn residents_hold(conn: &mut Conn, facility: &str, of: &[&str]) -> Result<(), StoreError> {
    let here = doses::table.filter(doses::id.eq_any(of).and(doses::facility.eq(facility)));
    let held: BTreeSet<String> = here.select(doses::resident).load(conn)?.into_iter().collect();
    held.iter().try_for_each(|resident| resident_hold(conn, resident).map(|_| ()))
}

/// The time to write down for something recorded now: recorded times of one resident never run backwards. The resident is
/// held.
pub fn recorded_at(conn: &mut Conn, resident: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
    let at: NaiveDateTime = diesel::update(residents::table.find(resident))
        .set(residents::last_recorded_at.eq(later(now.naive_utc())))
        .returning(residents::last_recorded_at)
        .get_result(conn)?;
    Ok(at.and_utc())
}

/// The resident of a dose that is recorded now, held, and the time to write down.
pub fn recorded_of_dose(
    conn: &mut Conn,
    dose: &str,
    now: DateTime<Utc>,
) -> Result<(Resident, DateTime<Utc>), StoreError> {
    let of_dose = residents::id.eq_any(doses::table.find(dose).select(doses::resident));
    let held = diesel::update(residents::table.filter(of_dose))
        .set(residents::last_recorded_at.eq(later(now.naive_utc())))
        .returning(residents::all_columns);
    let row: ResidentRow = on_either!(conn, |c| held.get_result(c))?;
    let at = row.last_recorded_at.and_utc();
    Ok((row.try_into()?, at))
}

/// Now, or when something was last recorded, where a clock was set back since.
#[diesel::dsl::auto_type(no_type_alias)]
fn later(now: NaiveDateTime) -> _ {
    let ahead = residents::last_recorded_at.gt(now);
    case_when(ahead, residents::last_recorded_at).otherwise(now)
}
