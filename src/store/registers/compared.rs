//! Doses and registers compared: whose dose an entry was, and which doses no register has.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::Entry;
use crate::care::medicine::Medicine;
use crate::store::StoreError;
use crate::store::as_needed;
use crate::store::db::Conn;
use crate::store::doses::stands;
use crate::store::incidents::stands as incidents_stand;
use crate::store::schema::{administrations, as_needed_doses, incidents, register_entries};

/// Doses of a resident's medicine that were given and that no register has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbooked {
    pub resident: String,
    pub medicine: Medicine,
    pub doses: usize,
}

/// What was given in a facility since an instant without a register, by resident and medicine.
pub fn unbooked_since(conn: &mut Conn, facility: &str, since: DateTime<Utc>) -> Result<Vec<Unbooked>, StoreError> {
    let taken = register_entries::table.filter(register_entries::administration.eq(administrations::id.nullable()));
    let scheduled: Vec<(String, String)> = administrations::table
        .filter(administrations::facility.eq(facility).and(administrations::given_ug.gt(0)))
        .filter(administrations::recorded_at.ge(since.naive_utc()))
        .filter(stands())
        .filter(not(exists(taken)))
        .select((administrations::resident, administrations::medicine))
        .load(conn)?;
    let taken = register_entries::table.filter(register_entries::as_needed_dose.eq(as_needed_doses::id.nullable()));
    let as_needed: Vec<(String, String)> = as_needed_doses::table
        .filter(as_needed_doses::facility.eq(facility))
        .filter(as_needed_doses::given_at.ge(since.naive_utc()))
        .filter(as_needed::stands())
        .filter(not(exists(taken)))
        .select((as_needed_doses::resident, as_needed_doses::medicine))
        .load(conn)?;
    let taken = register_entries::table.filter(register_entries::incident.eq(incidents::id.nullable()));
    let in_error: Vec<(String, String)> = incidents::table
        .filter(incidents::facility.eq(facility))
        .filter(incidents::recorded_at.ge(since.naive_utc()))
        .filter(incidents_stand())
        .filter(incidents::of_record.is_null())
        .filter(not(exists(taken)))
        .select((incidents::resident, incidents::medicine))
        .load(conn)?;
    let mut counted = BTreeMap::<(String, String), usize>::new();
    for one in scheduled.into_iter().chain(as_needed).chain(in_error) {
        *counted.entry(one).or_default() += 1;
    }
    let unbooked = |((resident, medicine), doses)| Unbooked { resident, medicine: Medicine(medicine), doses };
    Ok(counted.into_iter().map(unbooked).collect())
}

/// Whose dose each of some entries was, by the entry; others are left out.
pub fn takers_of(conn: &mut Conn, entries: &[Entry]) -> Result<HashMap<String, String>, StoreError> {
    let ids = |of: fn(&Entry) -> Option<&String>| entries.iter().filter_map(of).cloned().collect::<Vec<String>>();
    let scheduled = ids(|entry| entry.administration.as_ref());
    let as_needed = ids(|entry| entry.as_needed_dose.as_ref());
    let in_error = ids(|entry| entry.incident.as_ref());
    let mut residents: HashMap<String, String> = administrations::table
        .filter(administrations::id.eq_any(&scheduled))
        .select((administrations::id, administrations::resident))
        .load::<(String, String)>(conn)?
        .into_iter()
        .collect();
    let prn = as_needed_doses::table
        .filter(as_needed_doses::id.eq_any(&as_needed))
        .select((as_needed_doses::id, as_needed_doses::resident));
    residents.extend(prn.load::<(String, String)>(conn)?);
    let wrong = incidents::table.filter(incidents::id.eq_any(&in_error)).select((incidents::id, incidents::resident));
    residents.extend(wrong.load::<(String, String)>(conn)?);
    let taker = |entry: &Entry| {
        let dose = entry.administration.as_ref().or(entry.as_needed_dose.as_ref()).or(entry.incident.as_ref())?;
        Some((entry.id.clone(), residents.get(dose)?.clone()))
    };
    Ok(entries.iter().filter_map(taker).collect())
}
