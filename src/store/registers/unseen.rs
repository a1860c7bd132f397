//! Doses that nobody saw given where a second person was wanted: each waits for a supervisor to look through its day.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::care::facility::Facility;
use crate::care::medicine::Medicine;
use crate::care::people::Role;
use crate::store::StoreError;
use crate::store::as_needed;
use crate::store::db::Conn;
use crate::store::doses::stands;
use crate::store::schema::{administrations, as_needed_doses, days_looked_through, history};

/// Given unseen, and no supervisor has looked through the day since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUnseen {
    pub unit: String,
    pub resident: String,
    pub medicine: Medicine,
    /// Why nobody could see it.
    pub why: String,
    /// The person's id.
    pub recorded_by: String,
    pub recorded_at: DateTime<Utc>,
    /// The day on which it was recorded, here.
    pub on: NaiveDate,
}

type Row = (i64, String, String, String, Option<String>, String, NaiveDateTime);

/// What was recorded since an instant, the first one first.
pub fn given_unseen_since(
    conn: &mut Conn,
    facility: &Facility,
    since: DateTime<Utc>,
) -> Result<Vec<GivenUnseen>, StoreError> {
    use {administrations as a, as_needed_doses as d};
    let then = since.naive_utc();
    let scheduled = a::table.filter(a::facility.eq(&facility.id).and(a::recorded_at.ge(then))).filter(stands());
    let mut rows: Vec<Row> = scheduled
        .filter(a::unwitnessed.is_not_null())
        .select((a::n, a::unit, a::resident, a::medicine, a::unwitnessed, a::recorded_by, a::recorded_at))
        .load(conn)?;
    let here = d::table.filter(d::facility.eq(&facility.id).and(d::given_at.ge(then))).filter(as_needed::stands());
    rows.extend(
        here.filter(d::unwitnessed.is_not_null())
            .select((d::n, d::unit, d::resident, d::medicine, d::unwitnessed, d::recorded_by, d::recorded_at))
            .load::<Row>(conn)?,
    );
    rows.sort();
    let looked = looked_by_supervisors(conn, &facility.id, since)?;
    let unseen = |(n, unit, resident, medicine, why, recorded_by, at): Row| {
        let (recorded_at, why) = (at.and_utc(), why?);
        let on = facility.zone.day(recorded_at);
        let seen = looked.iter().any(|(of, day, look)| *of == unit && *day == on && *look > n);
        let medicine = Medicine(medicine);
        (!seen).then_some(GivenUnseen { unit, resident, medicine, why, recorded_by, recorded_at, on })
    };
    Ok(rows.into_iter().filter_map(unseen).collect())
}

fn looked_by_supervisors(
    conn: &mut Conn,
    facility: &str,
    since: DateTime<Utc>,
) -> Result<Vec<(String, NaiveDate, i64)>, StoreError> {
    use days_looked_through as looked;
    let theirs = history::facility.eq(facility).and(history::role.eq(Role::Supervisor.word()));
    let looks = history::table.filter(theirs.and(history::kind.eq("look_through")));
    let since = looks.filter(history::done_at.ge(since.naive_utc())).select(history::n);
    let all = looked::table.filter(looked::n.eq_any(since));
    Ok(all.select((looked::unit, looked::looked_on, looked::n)).load(conn)?)
}

/// Of some doses, by their ids: why nobody saw them given.
pub(super) fn given_unseen_of(
    conn: &mut Conn,
    doses: &BTreeSet<&str>,
) -> Result<HashMap<String, Option<String>>, StoreError> {
    use {administrations as a, as_needed_doses as d};
    let scheduled = a::table.filter(a::id.eq_any(doses).and(a::unwitnessed.is_not_null()));
    let mut whys: HashMap<String, Option<String>> =
        scheduled.select((a::id, a::unwitnessed)).load::<(String, Option<String>)>(conn)?.into_iter().collect();
    let as_needed = d::table.filter(d::id.eq_any(doses).and(d::unwitnessed.is_not_null()));
    whys.extend(as_needed.select((d::id, d::unwitnessed)).load::<(String, Option<String>)>(conn)?);
    Ok(whys)
}
