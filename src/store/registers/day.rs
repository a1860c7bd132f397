//! One day of a unit: every dose that was recorded beside the entries that name it, and what the day did to each register.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::entry::{Discrepancy, DiscrepancyRow, Entry, EntryRow};
use super::unseen::given_unseen_of;
use super::{RegisterFile, registers_by_id, registers_of};
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, days_after};
use crate::care::facility::Facility;
use crate::care::medicine::Medicine;
use crate::care::medicine::product::Products;
use crate::care::register::Holder;
use crate::care::register::parts::Parts;
use crate::care::register::reconcile::{Account, Day, Verdict, Wrote};
use crate::care::round::outcome::Outcome;
use crate::store::as_needed::strikes_of;
use crate::store::db::Conn;
use crate::store::schema::{
    administrations, as_needed_doses, corrections, discrepancies, incident_strikes, incidents, register_entries,
};
use crate::store::{StoreError, residents, ug};

/// Everything of one day of a unit.
#[derive(Debug, Clone)]
pub struct DayFile {
    /// In order of their recording.
    pub doses: Vec<DayDose>,
    /// By holder and product.
    pub registers: Vec<(RegisterFile, Day)>,
}

/// How a dose was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Scheduled(Outcome),
    AsNeeded,
    /// What was not to be given.
    InError,
}

/// A dose, and every entry that names it.
#[derive(Debug, Clone)]
pub struct DayDose {
    pub id: String,
    pub n: i64,
    pub resident: String,
    pub medicine: Medicine,
    pub told: Told,
    pub given: Amount,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub stands: bool,
    /// Each with the code of its product.
    pub entries: Vec<(Entry, String)>,
    /// Wasted, and nobody saw it.
    pub unseen: Vec<(Discrepancy, String)>,
    /// Why nobody saw it given, where a witness was wanted.
    pub unwitnessed: Option<String>,
}

impl DayDose {
    /// A supervisor has to look: nobody saw it given, and it stands.
    pub fn given_unseen(&self) -> Option<&str> {
        self.unwitnessed.as_deref().filter(|_| self.stands)
    }

    pub fn verdict(&self) -> Verdict {
        let back: BTreeSet<&String> = self.entries.iter().filter_map(|(entry, _)| entry.reverses.as_ref()).collect();
        let wrote = |(entry, product): &(Entry, String)| {
            Some(Wrote {
                product: Products::ours().product(product)?,
                kind: entry.kind,
                parts: Parts(entry.parts.unsigned_abs()),
                put_back: back.contains(&entry.id),
            })
        };
        let in_part = self.told == Told::Scheduled(Outcome::GivenInPart);
        let wrote = self.entries.iter().filter_map(wrote).collect();
        Account { given: self.given, in_part, stands: self.stands, wrote }.verdict()
    }
}

impl DayFile {
    /// How many doses and registers do not agree.
    pub fn disagreeing(&self) -> usize {
        let doses = self.doses.iter().filter(|dose| dose.verdict().disagrees()).count();
        doses + self.registers.iter().filter(|(_, day)| !day.adds_up()).count()
    }

    /// How many doses nobody saw given where a second person was wanted.
    pub fn given_unseen(&self) -> usize {
        self.doses.iter().filter(|dose| dose.given_unseen().is_some()).count()
    }
}

type Span = (NaiveDateTime, NaiveDateTime);

pub fn day_load(conn: &mut Conn, facility: &Facility, unit: &str, on: NaiveDate) -> Result<DayFile, StoreError> {
    let at = |day| facility.zone.at(day, Slot::MIDNIGHT).naive_utc();
    let span = (at(on), at(days_after(on, 1)));
    let units = residents::units_of_residents(conn, &facility.id)?;
    let mut registers = registers_of(conn, &facility.id)?;
    registers.retain(|register| match &register.holder {
        Holder::Unit(id) => id == unit,
        Holder::Resident(id) => units.get(id).is_some_and(|of| of == unit),
    });
    let ids: Vec<String> = registers.iter().map(|register| register.id.clone()).collect();
    let entries = entries_between(conn, &ids, span)?;
    let mut doses = scheduled(conn, unit, span, &named(&entries, |entry| entry.administration.as_ref()))?;
    doses.extend(as_needed(conn, unit, span, &named(&entries, |entry| entry.as_needed_dose.as_ref()))?);
    doses.extend(in_error(conn, unit, span, &named(&entries, |entry| entry.incident.as_ref()))?);
    doses.sort_by(|one, other| (one.recorded_at, &one.id).cmp(&(other.recorded_at, &other.id)));
    with_entries(conn, &mut doses)?;
    let unseen = given_unseen_of(conn, &doses.iter().map(|dose| dose.id.as_str()).collect())?;
    doses.iter_mut().for_each(|dose| dose.unwitnessed = unseen.get(&dose.id).cloned().flatten());
    let days = registers.into_iter().map(|register| {
        let day = day_of(conn, &register, &entries, span)?;
        Ok((register, day))
    });
    Ok(DayFile { registers: days.collect::<Result<_, StoreError>>()?, doses })
}

fn entries_between(conn: &mut Conn, registers: &[String], (from, until): Span) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<EntryRow> = register_entries::table
        .filter(register_entries::register.eq_any(registers))
        .filter(register_entries::entered_at.ge(from).and(register_entries::entered_at.lt(until)))
        .order((register_entries::register, register_entries::seq))
        .load(conn)?;
    rows.into_iter().map(Entry::try_from).collect()
}

fn named(entries: &[Entry], of: fn(&Entry) -> Option<&String>) -> Vec<String> {
    entries.iter().filter_map(of).cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

#[derive(Queryable)]
struct DoseRow {
    id: String,
    n: i64,
    resident: String,
    medicine: String,
    /// The outcome of a scheduled dose; of others nothing that matters here.
    outcome: String,
    given_ug: i64,
    recorded_at: NaiveDateTime,
    recorded_by: String,
}

/// Recorded on the day, or named by an entry of the day.
fn scheduled(conn: &mut Conn, unit: &str, (from, until): Span, more: &[String]) -> Result<Vec<DayDose>, StoreError> {
    use administrations as a;
    let of_day = a::unit.eq(unit).and(a::recorded_at.ge(from)).and(a::recorded_at.lt(until));
    let rows: Vec<DoseRow> = a::table
        .filter(of_day.or(a::id.eq_any(more)))
        .select((a::id, a::n, a::resident, a::medicine, a::outcome, a::given_ug, a::recorded_at, a::recorded_by))
        .load(conn)?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let corrected: Vec<String> = corrections::table
        .filter(corrections::administration.eq_any(&ids))
        .select(corrections::administration)
        .load(conn)?;
    let scheduled = |row: DoseRow| {
        let corrupt = || StoreError::Corrupt(format!("outcome of administration {}", row.id));
        let outcome = Outcome::of_word(&row.outcome).ok_or_else(corrupt)?;
        let stands = !corrected.contains(&row.id);
        Ok(DayDose { stands, ..dose(row, Told::Scheduled(outcome))? })
    };
    rows.into_iter().map(scheduled).collect()
}

fn as_needed(conn: &mut Conn, unit: &str, (from, until): Span, more: &[String]) -> Result<Vec<DayDose>, StoreError> {
    use as_needed_doses as a;
    let of_day = a::unit.eq(unit).and(a::recorded_at.ge(from)).and(a::recorded_at.lt(until));
    let rows: Vec<DoseRow> = a::table
        .filter(of_day.or(a::id.eq_any(more)))
        .select((a::id, a::n, a::resident, a::medicine, a::why, a::given_ug, a::recorded_at, a::recorded_by))
        .load(conn)?;
    let struck = strikes_of(conn, &rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>())?;
    let as_needed = |row: DoseRow| {
        let stands = !struck.contains_key(&row.id);
        Ok(DayDose { stands, ..dose(row, Told::AsNeeded)? })
    };
    rows.into_iter().map(as_needed).collect()
}

fn in_error(conn: &mut Conn, unit: &str, (from, until): Span, more: &[String]) -> Result<Vec<DayDose>, StoreError> {
    use incident_strikes as strikes;
    use incidents as i;
    let of_day = i::unit.eq(unit).and(i::recorded_at.ge(from)).and(i::recorded_at.lt(until));
    let rows: Vec<DoseRow> = i::table
        .filter(of_day.or(i::id.eq_any(more)))
        .select((i::id, i::n, i::resident, i::medicine, i::mistake, i::given_ug, i::recorded_at, i::recorded_by))
        .load(conn)?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let struck: Vec<String> =
        strikes::table.filter(strikes::of_incident.eq_any(&ids)).select(strikes::of_incident).load(conn)?;
    let in_error = |row: DoseRow| {
        let stands = !struck.contains(&row.id);
        Ok(DayDose { stands, ..dose(row, Told::InError)? })
    };
    rows.into_iter().map(in_error).collect()
}

fn dose(row: DoseRow, told: Told) -> Result<DayDose, StoreError> {
    Ok(DayDose {
        given: ug(row.given_ug)?,
        id: row.id,
        n: row.n,
        resident: row.resident,
        medicine: Medicine(row.medicine),
        told,
        recorded_at: row.recorded_at.and_utc(),
        recorded_by: row.recorded_by,
        stands: true,
        entries: Vec::new(),
        unseen: Vec::new(),
        unwitnessed: None,
    })
}

/// Every entry that names one of the doses, of whatever day and register, and what nobody saw of them.
fn with_entries(conn: &mut Conn, doses: &mut [DayDose]) -> Result<(), StoreError> {
    let ids: Vec<&String> = doses.iter().map(|dose| &dose.id).collect();
    let facts: Vec<i64> = doses.iter().map(|dose| dose.n).collect();
    let rows: Vec<EntryRow> = register_entries::table
        .filter(
            (register_entries::administration.eq_any(&ids))
                .or(register_entries::as_needed_dose.eq_any(&ids))
                .or(register_entries::incident.eq_any(&ids)),
        )
        .order((register_entries::n, register_entries::seq))
        .load(conn)?;
    let unseen: Vec<DiscrepancyRow> = discrepancies::table
        .filter(discrepancies::n.eq_any(&facts).and(discrepancies::unwitnessed.is_not_null()))
        .load(conn)?;
    let entries: Vec<Entry> = rows.into_iter().map(Entry::try_from).collect::<Result<_, _>>()?;
    let unseen: Vec<Discrepancy> = unseen.into_iter().map(Discrepancy::try_from).collect::<Result<_, _>>()?;
    let registers = entries.iter().map(|entry| &entry.register).chain(unseen.iter().map(|one| &one.register));
    let registers: Vec<String> = registers.cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let products: HashMap<String, String> =
        registers_by_id(conn, &registers)?.into_iter().map(|one| (one.id, one.product)).collect();
    let product = |register: &String| products.get(register).cloned().unwrap_or_default();
    let mut by_dose = BTreeMap::<String, Vec<(Entry, String)>>::new();
    for entry in entries {
        let of = entry.administration.as_ref().or(entry.as_needed_dose.as_ref()).or(entry.incident.as_ref());
        let of = of.cloned().unwrap_or_default();
        let named = product(&entry.register);
        by_dose.entry(of).or_default().push((entry, named));
    }
    for dose in doses {
        dose.entries = by_dose.remove(&dose.id).unwrap_or_default();
        let mine = unseen.iter().filter(|one| one.n == dose.n);
        dose.unseen = mine.map(|one| (one.clone(), product(&one.register))).collect();
    }
    Ok(())
}

fn day_of(conn: &mut Conn, register: &RegisterFile, entries: &[Entry], span: Span) -> Result<Day, StoreError> {
    let begins = balance_before(conn, &register.id, span.0)?;
    let ends = balance_before(conn, &register.id, span.1)?;
    let mine = || entries.iter().filter(|entry| entry.register == register.id);
    let sum = |came: bool| mine().filter(|e| (e.parts > 0) == came).map(|e| Parts(e.parts.unsigned_abs())).sum();
    let last: Option<i64> = register_entries::table
        .filter(register_entries::register.eq(&register.id).and(register_entries::entered_at.ge(span.1)))
        .select(register_entries::seq)
        .first(conn)
        .optional()?;
    let stands = last.is_none().then_some(register.book.balance);
    Ok(Day { begins, came: sum(true), left: sum(false), ends, stands })
}

/// What the last entry before an instant left.
fn balance_before(conn: &mut Conn, register: &str, at: NaiveDateTime) -> Result<i64, StoreError> {
    let last: Option<i64> = register_entries::table
        .filter(register_entries::register.eq(register).and(register_entries::entered_at.lt(at)))
        .order(register_entries::seq.desc())
        .select(register_entries::balance_after)
        .first(conn)
        .optional()?;
    Ok(last.unwrap_or(0))
}
