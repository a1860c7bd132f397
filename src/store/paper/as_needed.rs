//! What may have been given as needed while the system was down: every order of those days, beside what is recorded of it.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::staff_then;
use crate::care::facility::{Facility, Unit};
use crate::care::incident::Incident;
use crate::care::register::source::Source;
use crate::care::resident::Resident;
use crate::care::round::as_needed::limits::WINDOW;
use crate::store::as_needed::{self, AsNeededDose, OrderFile};
use crate::store::db::Conn;
use crate::store::downtime::room;
use crate::store::moves::residences_of;
use crate::store::registers::{Taker, stock_load};
use crate::store::{StoreError, incidents, people, residents};

/// An order on paper, and in the system.
#[derive(Debug, Clone)]
pub struct PaperOrder {
    pub file: OrderFile,
    pub resident: Resident,
    /// What one dose of it is made of now; none where nothing stocked makes it.
    pub source: Option<Source>,
    /// What is recorded of it near that time, the first one first.
    pub given: Vec<AsNeededDose>,
    /// What of the medicine was given in error near that time.
    pub in_error: Vec<Incident>,
}

/// The as-needed part of a unit's paper.
#[derive(Debug, Clone)]
pub struct AsNeededPaper {
    /// By room and name.
    pub orders: Vec<PaperOrder>,
    /// Who may have given a dose then: their ids and names.
    pub staff: Vec<(String, String)>,
    /// The printed names of everybody who gave or recorded something.
    pub names: HashMap<String, String>,
}

/// What is recorded so near to the outage may be a dose of the paper, or counts towards the limits of one.
const NEAR: TimeDelta = WINDOW;

/// Every order of whoever lived in a unit meanwhile, of which a dose could be given from one instant to another.
pub fn as_needed_paper_load(
    conn: &mut Conn,
    facility: &Facility,
    unit: &Unit,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<AsNeededPaper, StoreError> {
    let mut here = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let lived = residences_of(conn, &facility.id, &here, from)?;
    let lived_here = |one: &Resident| Some(lived.get(&one.id)?.between(from, until).contains(unit.id.as_str()));
    here.retain(|one| lived_here(one).unwrap_or(false));
    let ids: Vec<String> = here.iter().map(|one| one.id.clone()).collect();
    let days = (facility.zone.day(from), facility.zone.day(until));
    let mut files = as_needed::orders_of_days(conn, &ids, days)?;
    files.retain(|file| file.end.as_ref().is_none_or(|end| end.ended_at >= from));
    let near = (from - NEAR, until + NEAR);
    let mut doses = as_needed::doses_of_residents_between(conn, &ids, near)?;
    let struck = as_needed::strikes_of(conn, &doses.iter().map(|dose| dose.id.clone()).collect::<Vec<_>>())?;
    doses.retain(|dose| !struck.contains_key(&dose.id));
    let stand = incidents::incidents_between(conn, &ids, near)?.into_iter().filter(|file| file.struck.is_none());
    let wrong: Vec<Incident> = stand.map(|file| file.incident).filter(|one| one.of_record.is_none()).collect();
    let people: BTreeSet<&str> = doses.iter().flat_map(AsNeededDose::people).collect();
    let people = people.into_iter().chain(wrong.iter().map(|one| one.recorded_by.as_str())).collect();
    let names = people::names_of(conn, &people)?;
    let mut orders = Vec::new();
    for file in files {
        let Some(resident) = here.iter().find(|one| one.id == file.order.resident) else { continue };
        orders.push(order(conn, (facility, unit), resident, file, (&doses, &wrong))?);
    }
    orders.sort_by_cached_key(|one| (room(&one.resident), one.resident.name(), one.file.order.medicine.to_string()));
    Ok(AsNeededPaper { orders, staff: staff_then(conn, &facility.id, from)?, names })
}

fn order(
    conn: &mut Conn,
    (facility, unit): (&Facility, &Unit),
    resident: &Resident,
    file: OrderFile,
    (doses, wrong): (&[AsNeededDose], &[Incident]),
) -> Result<PaperOrder, StoreError> {
    let order = &file.order;
    let taker = Taker { facility, resident: &resident.id, unit: &unit.id, medicine: &order.medicine };
    let theirs = |one: &&Incident| one.resident == resident.id && one.medicine == order.medicine;
    Ok(PaperOrder {
        source: stock_load(conn, &taker, order.amount)?.source,
        given: doses.iter().filter(|dose| dose.of_order == order.id).cloned().collect(),
        in_error: wrong.iter().filter(theirs).cloned().collect(),
        resident: resident.clone(),
        file,
    })
}
