//! As-needed (PRN) orders as several pages show them: what is ordered, what is left, and what was given.

mod said;
mod section;

use chrono::{DateTime, TimeDelta, Utc};

use super::banner::Banner;
use crate::care::facility::Facility;
use crate::care::register::source::Source;
use crate::care::resident::Resident;
use crate::care::round::as_needed::giving::GiveCase;
use crate::care::round::identity::IdentityCase;
use crate::store::as_needed::{AsNeededDose, NotedEffect, OrderFile, Strike};
use crate::store::identity::{Identifying, identifying_load};
use crate::store::registers::{Taker, stock_load};
use crate::store::{Conn, StoreError, as_needed, people, residents};
pub use said::{Said, hindrance};
pub use section::{Reader, Section};

/// So far back the doses of a resident are shown.
const SHOWN: TimeDelta = TimeDelta::days(14);

/// An order with everything that deciding about it shows.
#[derive(Debug, Clone)]
pub struct Ordered {
    pub file: OrderFile,
    pub case: GiveCase,
    /// The printed names.
    pub ordered_by: String,
    pub ended_by: String,
}

/// An order at its resident.
#[derive(Debug, Clone)]
pub struct Place {
    pub now: DateTime<Utc>,
    pub facility: Facility,
    pub resident: Resident,
    pub banner: Banner,
    pub ordered: Ordered,
    /// What the register says of its pieces; none where nothing stocked makes the dose.
    pub source: Option<Source>,
    /// Where the facility wants it scanned who is given it.
    pub identifying: Identifying,
}

impl Place {
    pub fn identity(&self) -> IdentityCase<'_> {
        let pieces = self.source.as_ref().map(|source| &source.pieces);
        self.identifying.case(&self.facility, &self.resident, pieces, self.now)
    }
}

/// One order; none where it belongs to no facility of theirs.
pub fn place_load(
    conn: &mut Conn,
    mine: &[Facility],
    order: &str,
    now: DateTime<Utc>,
) -> Result<Option<Place>, StoreError> {
    let file = as_needed::order_load(conn, order)?;
    let Some(facility) = mine.iter().find(|one| one.id == file.order.facility).cloned() else { return Ok(None) };
    let resident = residents::resident_load(conn, &file.order.resident)?;
    let banner = Banner::load(conn, &resident, facility.zone.day(now))?;
    let ordered = ordered(conn, file, &facility, now)?;
    let order = &ordered.file.order;
    let taker = Taker { facility: &facility, resident: &resident.id, unit: &resident.unit, medicine: &order.medicine };
    let source = stock_load(conn, &taker, order.amount)?.source;
    let identifying = identifying_load(conn, &facility, &resident)?;
    Ok(Some(Place { now, ordered, source, identifying, facility, resident, banner }))
}

fn ordered(conn: &mut Conn, file: OrderFile, facility: &Facility, now: DateTime<Utc>) -> Result<Ordered, StoreError> {
    let ended_by = file.end.as_ref().map(|end| people::name_load(conn, &end.ended_by)).transpose()?;
    Ok(Ordered {
        case: as_needed::case_load(conn, &file, facility, now)?,
        ordered_by: people::name_load(conn, &file.order.ordered_by)?,
        ended_by: ended_by.unwrap_or_default(),
        file,
    })
}

/// A dose that was given, with what it did and who recorded it.
#[derive(Debug, Clone)]
pub struct GivenDose {
    pub dose: AsNeededDose,
    pub effect: Option<NotedEffect>,
    pub by: String,
    /// It was recorded in error.
    pub struck: Option<Strike>,
}

/// What is ordered for a resident, the newest first, and what was given lately, the newest first.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    pub orders: Vec<Ordered>,
    pub given: Vec<GivenDose>,
}

/// The orders of a resident that run, will run, or ran lately.
pub fn orders_load(
    conn: &mut Conn,
    resident: &str,
    facility: &Facility,
    now: DateTime<Utc>,
) -> Result<Orders, StoreError> {
    let since = facility.zone.day(now - SHOWN);
    let mut orders = Vec::new();
    for file in as_needed::orders_of_resident(conn, resident)? {
        if file.order.ends_on >= since {
            orders.push(ordered(conn, file, facility, now)?);
        }
    }
    let (one, then) = ([resident.to_owned()], (now - SHOWN, now + TimeDelta::seconds(1)));
    let mut doses = as_needed::doses_of_residents_between(conn, &one, then)?;
    doses.reverse();
    Ok(Orders { orders, given: given(conn, doses)? })
}

/// Doses with what they did.
pub fn given(conn: &mut Conn, doses: Vec<AsNeededDose>) -> Result<Vec<GivenDose>, StoreError> {
    let ids: Vec<String> = doses.iter().map(|dose| dose.id.clone()).collect();
    let mut strikes = as_needed::strikes_of(conn, &ids)?;
    let mut effects = as_needed::effects_of(conn, &ids)?;
    let names = people::names_of(conn, &doses.iter().flat_map(AsNeededDose::people).collect())?;
    let name = |person: &str| names.get(person).cloned().unwrap_or_default();
    let told = |dose: AsNeededDose| GivenDose {
        effect: effects.remove(&dose.id),
        struck: strikes.remove(&dose.id),
        by: match &dose.given_by {
            Some(giver) => format!("{}, typed in from paper by {}", name(giver), name(&dose.recorded_by)),
            None => name(&dose.recorded_by),
        },
        dose,
    };
    Ok(doses.into_iter().map(told).collect())
}
