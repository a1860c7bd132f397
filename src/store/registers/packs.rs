//! The packs that came into a register.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::RegisterFile;
use crate::care::register::book::Pack;
use crate::care::register::lots::{Came, on_shelf, reach};
use crate::care::register::parts::Parts;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::register_entries as entries;

/// So many are looked at together. Most shelves hold fewer.
const AT_ONCE: i64 = 16;

/// The packs that may still be on a register's shelf, the newest first. What came is read from the newest on, and only as far
/// back as what is there: whoever keeps a register for years waits no longer than on its first day.
pub fn packs_there(conn: &mut Conn, register: &RegisterFile) -> Result<Vec<Pack>, StoreError> {
    let (on_hand, mut came) = (register.book.on_hand(), Vec::new());
    for page in 0.. {
        let some = came_load(conn, &register.id, page)?;
        let no_more = (some.len() as i64) < AT_ONCE;
        came.extend(some);
        if no_more || reach(&came, on_hand) {
            break;
        }
    }
    Ok(on_shelf(&came, on_hand).into_iter().cloned().collect())
}

/// How many parts came, and with which lot: received, or moved in.
type CameRow = (i64, (Option<String>, Option<NaiveDate>), (Option<String>, Option<NaiveDate>));

/// Some of what came with a lot, the newest first.
fn came_load(conn: &mut Conn, register: &str, page: i64) -> Result<Vec<Came>, StoreError> {
    // Said as the index of such entries says it, so that it is found.
    let with_a_lot = entries::lot.is_not_null().or(entries::of_lot.is_not_null());
    let rows: Vec<CameRow> = entries::table
        .filter(entries::register.eq(register).and(with_a_lot).and(entries::parts.gt(0)))
        .order(entries::seq.desc())
        .select((entries::parts, (entries::lot, entries::expires_on), (entries::of_lot, entries::of_expires_on)))
        .limit(AT_ONCE)
        .offset(page * AT_ONCE)
        .load(conn)?;
    let came = |(parts, received, moved): CameRow| {
        let pack = received.0.zip(received.1).or(moved.0.zip(moved.1)).map(Pack::from);
        let pack = pack.ok_or_else(|| StoreError::Corrupt(format!("a lot of register {register}")))?;
        Ok(Came { pack, parts: Parts(parts.unsigned_abs()) })
    };
    rows.into_iter().map(came).collect()
}
