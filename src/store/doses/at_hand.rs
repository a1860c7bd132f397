//! A dose in the hand of somebody who records it, with all that stands against recording it.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;

use super::{DoseFile, DoseRecords, DoseRow, dose_records};
use crate::care::facility::Facility;
use crate::care::round::left::Left;
use crate::care::round::ordered::OrderedSince;
use crate::care::severe_sign::Withheld;
use crate::on_either;
use crate::store::StoreError;
use crate::store::absences::absence_open_find;
use crate::store::db::Conn;
use crate::store::plans::{plan_load, plans_load};
use crate::store::schema::{
    absence_ends, absences, administrations, as_needed_doses, doses, history, plan_facts, severe_sign_releases,
    severe_signs,
};
use crate::store::severe_signs::withheld_load;

/// A dose that is about to be recorded.
#[derive(Debug, Clone)]
pub struct AtHand {
    pub dose: DoseFile,
    /// What was recorded of it before.
    pub records: DoseRecords,
    /// A fact bears the number of the form.
    pub form_used: bool,
    /// A severe sign stops every sedative of the resident.
    pub withheld: Option<Withheld>,
    /// A prescriber ordered less after its time had come, or nobody has decided the level since.
    pub ordered: Option<OrderedSince>,
    /// In the days before it the resident came back from an absence, or was given its medicine under another plan.
    pub others_lately: bool,
    /// The resident was ever given its medicine as needed, which has a maximum.
    pub as_needed: bool,
    /// Of a void dose: the resident left after its window had opened.
    pub left: Option<Left>,
    /// Of any other, which was due before that: the resident has left since, and is away.
    pub away: Option<Left>,
}

/// The row, and whether each of the things is there that are seldom there.
type Asked = (DoseRow, bool, bool, bool, bool, bool, bool, bool, bool);

/// What was given longer ago is beside no dose of now.
const LATELY: TimeDelta = TimeDelta::days(3);

/// No dose that is due later was given already.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// One question in all for nearly every dose: what is seldom there is asked for only where it is there. The resident is
/// held, so that nothing of it changes any more.
pub fn dose_at_hand(
    conn: &mut Conn,
    (id, form): (&str, &str),
    facility: &Facility,
    now: DateTime<Utc>,
) -> Result<AtHand, StoreError> {
    let recorded = exists(administrations::table.filter(administrations::dose.eq(doses::id)));
    let used = exists(history::table.filter(history::id.eq(form)));
    let released = severe_sign_releases::table.filter(severe_sign_releases::of_sign.eq(severe_signs::id));
    let open_sign = severe_signs::resident.eq(doses::resident).and(diesel::dsl::not(exists(released)));
    // Not `IN (…)`: a list of any length is prepared anew with every dose.
    let bars = plan_facts::kind.eq("ordered").or(plan_facts::kind.eq("stopped")).or(plan_facts::kind.eq("came_back"));
    let of_plan = plan_facts::plan.eq(doses::plan).and(bars);
    let later = plan_facts::effective_on.ge(doses::on_date.nullable());
    let back = absence_ends::table.inner_join(absences::table).filter(absences::resident.eq(doses::resident));
    let ended = absence_ends::table.filter(absence_ends::absence.eq(absences::id));
    let open = absences::resident.eq(doses::resident).and(diesel::dsl::not(exists(ended)));
    let lately = (now - LATELY).naive_utc();
    let others = diesel::alias!(doses as others);
    let due_at = others.field(doses::due_at);
    let around = due_at.ge(lately).and(due_at.le((now + AHEAD).naive_utc()));
    let under_another = others.field(doses::resident).eq(doses::resident).and(around);
    let under_another = under_another.and(others.field(doses::plan).ne(doses::plan));
    let under_another = under_another.and(others.field(doses::medicine).eq(doses::medicine));
    let under_another = under_another.and(others.field(doses::recorded).eq(true));
    let its = as_needed_doses::resident.eq(doses::resident).and(as_needed_doses::medicine.eq(doses::medicine));
    let asked = doses::table.find(id).select((
        doses::all_columns,
        recorded,
        used,
        exists(severe_signs::table.filter(open_sign)),
        exists(plan_facts::table.filter(of_plan.and(later))),
        exists(back.filter(absence_ends::back_at.ge(lately))),
        exists(others.filter(under_another)),
        exists(as_needed_doses::table.filter(its)),
        exists(absences::table.filter(open)),
    ));
    let (row, recorded, form_used, signs, orders, back, other_plan, as_needed, away): Asked =
        on_either!(conn, |c| asked.first(c))?;
    let dose = DoseFile::try_from(row)?;
    Ok(AtHand {
        ordered: if orders { ordered_load(conn, &dose)? } else { None },
        left: if dose.void { left_load(conn, &dose, facility)? } else { None },
        away: if away && !dose.void { away_load(conn, &dose.resident)? } else { None },
        records: if recorded { dose_records(conn, id)? } else { DoseRecords::default() },
        form_used,
        others_lately: back || other_plan,
        as_needed,
        withheld: if signs { withheld_load(conn, &dose.resident)? } else { None },
        dose,
    })
}

/// Of some doses those of which a prescriber has ordered less since, or that nobody has decided since an absence, by their ids.
/// Few plans have had either: the others are not looked at.
pub fn ordered_since(conn: &mut Conn, of: &[&DoseFile]) -> Result<HashMap<String, OrderedSince>, StoreError> {
    let Some(first) = of.iter().map(|dose| dose.key.on).min() else { return Ok(HashMap::new()) };
    let plans: BTreeSet<&str> = of.iter().map(|dose| dose.plan.as_str()).collect();
    let bars = plan_facts::kind.eq("ordered").or(plan_facts::kind.eq("stopped")).or(plan_facts::kind.eq("came_back"));
    let since_then = bars.and(plan_facts::effective_on.ge(first).assume_not_null());
    let ordered = plan_facts::table.filter(plan_facts::plan.eq_any(plans)).filter(since_then);
    let ids: Vec<String> = ordered.select(plan_facts::plan).distinct().load(conn)?;
    let mut found = HashMap::new();
    for file in plans_load(conn, &ids)? {
        let course = file.course();
        for dose in of.iter().filter(|dose| dose.plan == file.plan.id) {
            let order = OrderedSince::by(&course, &file.facts, &dose.key, dose.level.amount);
            found.extend(order.map(|order| (dose.id.clone(), order)));
        }
    }
    Ok(found)
}

fn left_load(conn: &mut Conn, dose: &DoseFile, facility: &Facility) -> Result<Option<Left>, StoreError> {
    let course = plan_load(conn, &dose.plan)?.course();
    Ok(Left::before(&course, &dose.key, facility.windows, facility.zone))
}

/// Since when a resident is away.
pub fn away_load(conn: &mut Conn, resident: &str) -> Result<Option<Left>, StoreError> {
    Ok(absence_open_find(conn, resident)?.map(|absence| Left { at: absence.left_at }))
}

fn ordered_load(conn: &mut Conn, dose: &DoseFile) -> Result<Option<OrderedSince>, StoreError> {
    let file = plan_load(conn, &dose.plan)?;
    Ok(OrderedSince::by(&file.course(), &file.facts, &dose.key, dose.level.amount))
}
