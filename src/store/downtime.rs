//! What a downtime pack is made from, read at one moment of the database.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::absences::LastElsewhere;
use super::as_needed::{OrderFile, limit_find};
use super::letters::{gaps_of, went_ahead_find};
use super::mar::{MonthFile, MonthOf, month_load};
use super::plans::{PlanFile, PlanState};
use super::schema::history;
use super::{Conn, StoreError, absences, mar, registers, residents, severe_signs};
use crate::care::amount::Amount;
use crate::care::downtime::{AHEAD, APART, Balance, Bed, BedFacts, GivenApart, GivenElsewhere, Made, Pack, Running};
use crate::care::facility::{Facility, Unit};
use crate::care::medicine::Medicine;
use crate::care::medicine::limit::Limit;
use crate::care::medicine::product::Products;
use crate::care::name_alert::Surnames;
use crate::care::register::Holder;
use crate::care::resident::Resident;
use crate::care::round::as_needed::order::Order;
use crate::care::round::mar::Month;

/// The number of a facility's last entry in the history; 0 where there is none.
pub fn last_entry(conn: &mut Conn, facility: &str) -> Result<i64, StoreError> {
    let last: Option<i64> =
        history::table.filter(history::facility.eq(facility)).select(max(history::n)).first(conn)?;
    Ok(last.unwrap_or(0))
}

/// The pack of a unit as everything stands now.
pub fn pack_load(conn: &mut Conn, facility: &Facility, unit: &Unit, now: DateTime<Utc>) -> Result<Pack, StoreError> {
    let entry = last_entry(conn, &facility.id)?;
    let away = absences::absences_open(conn, std::slice::from_ref(&facility.id))?;
    let all = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let here: Vec<Resident> = all.iter().filter(|resident| resident.unit == unit.id).cloned().collect();
    let months = months_load(conn, facility, &here, now)?;
    let gone = |one: &&Resident| away.get(&one.id).is_some_and(|absence| absence.kind.is_for_good());
    let surnames = Surnames::of(all.iter().filter(|one| !gone(one)));
    let names = months.iter().flat_map(|month| month.names.clone()).collect();
    let limits = limits_load(conn, &facility.id, &months)?;
    let signs = severe_signs::signs_open_in(conn, std::slice::from_ref(&facility.id))?;
    let withheld: HashSet<&str> =
        signs.iter().filter(|file| file.sign.sign.withholds()).map(|file| file.sign.resident.as_str()).collect();
    let ids: Vec<String> = here.iter().map(|resident| resident.id.clone()).collect();
    let mut elsewhere = absences::elsewhere_of(conn, &ids, now - APART)?;
    let mut beds: Vec<Bed> = here
        .iter()
        .enumerate()
        .map(|(n, resident)| {
            let facts = bed_facts(&months, n, resident, (&names, &limits));
            let away = away.get(&resident.id).map(|absence| absence.kind);
            let alike = surnames.like(resident).map(Resident::name).collect();
            let elsewhere = given_elsewhere(&months, n, elsewhere.remove(&resident.id).unwrap_or_default());
            Bed::new(BedFacts { withheld: withheld.contains(resident.id.as_str()), away, alike, elsewhere, ..facts })
        })
        .collect();
    beds.retain(Bed::matters);
    beds.sort_by_key(|bed| (room(&bed.resident), bed.resident.name()));
    Ok(Pack {
        facility: facility.name.clone(),
        unit: unit.name.clone(),
        zone: facility.zone,
        made: Made { at: now, entry },
        gap: gaps_of(conn, &facility.id)?.into_iter().find(|gap| gap.open),
        ahead: went_ahead_find(conn, &facility.id)?,
        emergency: facility.emergency.clone(),
        letters: mar::letters_load(conn, &facility.id)?,
        sedation: facility.sedation.asked,
        balances: balances_load(conn, facility, unit, &here)?,
        beds,
    })
}

/// What the registers say of the unit's box and of what its residents have.
fn balances_load(
    conn: &mut Conn,
    facility: &Facility,
    unit: &Unit,
    residents: &[Resident],
) -> Result<Vec<Balance>, StoreError> {
    let mut balances = Vec::new();
    for register in registers::registers_of(conn, &facility.id)? {
        let whose = match &register.holder {
            Holder::Unit(id) if *id == unit.id => None,
            Holder::Resident(id) => match residents.iter().find(|resident| resident.id == *id) {
                Some(resident) => Some(resident.name()),
                None => continue,
            },
            Holder::Unit(_) => continue,
        };
        let Some(product) = Products::ours().product(&register.product) else { continue };
        let packs = registers::packs_there(conn, &register)?;
        balances.push(Balance::new(whose, product, register.book, &packs));
    }
    balances.sort_by(|one, other| (&one.whose, &one.product).cmp(&(&other.whose, &other.product)));
    Ok(balances)
}

/// The months that the pack reaches into: as a rule one, or two.
fn months_load(
    conn: &mut Conn,
    facility: &Facility,
    residents: &[Resident],
    now: DateTime<Utc>,
) -> Result<Vec<MonthFile>, StoreError> {
    let mut months = vec![Month::of(facility.zone.day(now - APART)), Month::of(facility.zone.day(now + AHEAD))];
    months.dedup();
    months.into_iter().map(|month| month_load(conn, facility, residents.to_vec(), month, &[], now)).collect()
}

/// What the months hold of the resident who stands at a place in each.
fn bed_facts<'a>(
    months: &'a [MonthFile],
    n: usize,
    resident: &Resident,
    (names, limits): (&'a HashMap<String, String>, &HashMap<Medicine, Limit>),
) -> BedFacts<'a> {
    let last = months.last().expect("a pack reaches into one month at least");
    let of = || months.iter().filter_map(move |month| month.residents.get(n));
    let today = last.facility.zone.day(last.now);
    let running = |file: &&PlanFile| file.state == PlanState::Running;
    // As-needed orders and plans stand in every month that they touch: those of today are in the month of today.
    let now = months.iter().find(|month| month.month.has(today)).unwrap_or(last).residents.get(n);
    let until = last.facility.zone.day(last.now + AHEAD);
    let ahead = |file: &&OrderFile| file.end.is_none() && file.order.ends_on >= today && file.order.starts_on <= until;
    let orders: BTreeMap<_, &Order> =
        of().flat_map(|of| &of.orders).filter(ahead).map(|file| (&file.order.id, &file.order)).collect();
    BedFacts {
        resident: resident.clone(),
        alike: Vec::new(),
        withheld: false,
        away: None,
        doses: of().flat_map(|of| of.doses.clone()).collect(),
        records: of().flat_map(|of| of.records.clone()).collect(),
        as_needed: months.iter().flat_map(|month| given(month, n)).collect(),
        in_error: of().flat_map(given_in_error).collect(),
        elsewhere: Vec::new(),
        orders: orders.values().map(|order| ((*order).clone(), most(order, orders.values(), limits))).collect(),
        plans: now
            .into_iter()
            .flat_map(|of| &of.plans)
            .filter(running)
            .map(|file| Running { plan: &file.plan, course: file.course(), facts: &file.facts })
            .collect(),
        shelves: &last.shelves,
        names,
        zone: last.facility.zone,
        windows: last.facility.windows,
        now: last.now,
    }
}

/// The limits of the medicines that are ordered as needed.
fn limits_load(conn: &mut Conn, facility: &str, months: &[MonthFile]) -> Result<HashMap<Medicine, Limit>, StoreError> {
    let orders = months.iter().flat_map(|month| &month.residents).flat_map(|of| &of.orders);
    let medicines: HashSet<&Medicine> = orders.map(|file| &file.order.medicine).collect();
    let mut limits = HashMap::new();
    for medicine in medicines {
        limits.extend(limit_find(conn, facility, medicine)?.map(|limit| (medicine.clone(), limit)));
    }
    Ok(limits)
}

/// So much of an order's medicine in any 24 hours, scheduled doses counted in: the least that any order of it allows.
fn most<'a>(order: &Order, all: impl Iterator<Item = &'a &'a Order>, limits: &HashMap<Medicine, Limit>) -> Amount {
    let of_it = all.filter(|other| other.medicine == order.medicine).map(|other| other.most);
    let least = of_it.chain([order.most]).min().unwrap_or(order.most);
    limits.get(&order.medicine).map_or(least, |limit| limit.most.min(least))
}

fn given_in_error(of: &MonthOf) -> Vec<GivenApart> {
    let stand = of.incidents.iter().filter(|file| file.struck.is_none()).map(|file| &file.incident);
    let given = stand.map(|incident| GivenApart {
        at: incident.given_at,
        medicine: incident.medicine.clone(),
        amount: incident.given,
        by: incident.recorded_by.clone(),
    });
    given.collect()
}

/// What stands as given as needed.
fn given(month: &MonthFile, n: usize) -> Vec<GivenApart> {
    let doses = month.residents.get(n).into_iter().flat_map(|of| &of.as_needed);
    let given = doses.filter(|dose| !month.strikes.contains_key(&dose.id)).map(|dose| GivenApart {
        at: dose.given_at,
        medicine: dose.medicine.clone(),
        amount: dose.given,
        by: dose.giver().to_owned(),
    });
    given.collect()
}

/// What the resident who stands at a place in each month was given elsewhere, with what its plan is called.
fn given_elsewhere(months: &[MonthFile], n: usize, known: Vec<LastElsewhere>) -> Vec<GivenElsewhere> {
    let plans = || months.iter().filter_map(|month| month.residents.get(n)).flat_map(|of| &of.plans);
    let named = |plan: &str| plans().find(|file| file.plan.id == plan).map(|file| file.plan.named());
    let given = known.into_iter().filter(|(.., amount)| !amount.is_zero()).map(|(plan, at, amount)| GivenElsewhere {
        named: named(&plan).unwrap_or_else(|| "medicine of a plan that has ended".to_owned()),
        plan,
        at,
        amount,
    });
    given.collect()
}

/// Rooms in the order in which a nurse comes to them.
pub fn room(resident: &Resident) -> (u32, String) {
    let number: String = resident.room.chars().take_while(char::is_ascii_digit).collect();
    (number.parse().unwrap_or(u32::MAX), resident.room.clone())
}
