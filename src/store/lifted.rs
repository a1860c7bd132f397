//! What barred a resident's doses of a medicine lately, and has been lifted since.

use chrono::{DateTime, TimeDelta, Utc};

use super::db::Conn;
use super::{StoreError, absences, plans, severe_signs};
use crate::care::calendar::Zone;
use crate::care::medicine::Medicine;
use crate::care::round::as_needed::barred::Barred;
use crate::care::round::as_needed::lifted::{Bar, Lifted};

/// Nothing given longer ago is written down as a dose.
const REACH: TimeDelta = TimeDelta::days(31);

pub fn lifted_load(
    conn: &mut Conn,
    (resident, medicine): (&str, &Medicine),
    zone: Zone,
    now: DateTime<Utc>,
) -> Result<Vec<Lifted>, StoreError> {
    let mut lifted = Vec::new();
    for file in severe_signs::signs_of_resident(conn, resident)? {
        let until = file.released.as_ref().map(|release| release.released_at);
        let (sign, since) = (file.sign.sign, file.sign.seen_at);
        lifted.extend(until.filter(|_| sign.withholds()).map(|until| Lifted {
            bar: Bar::Withheld(sign),
            since,
            until,
        }));
    }
    for (absence, end) in absences::absences_of(conn, resident)? {
        let since = absence.left_at;
        lifted.extend(end.map(|end| Lifted { bar: Bar::Away, since, until: end.back_at }));
    }
    let ids = plans::plan_ids_of_resident(conn, resident)?;
    for file in plans::plans_load(conn, &ids)?.iter().filter(|file| file.plan.medicines().contains(medicine)) {
        let spans = Barred::lifted(&file.course(), &file.facts, medicine, zone);
        lifted.extend(spans.into_iter().map(|(why, since, until)| Lifted { bar: Bar::Taper(why), since, until }));
    }
    lifted.retain(|one| one.until > now - REACH);
    Ok(lifted)
}
