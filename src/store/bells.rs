//! When the bell last rang: pages say so when it falls silent.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::StoreError;
use super::db::Conn;
use super::schema::bells;
use crate::on_either;

/// There is one bell, however many programs ring it.
const BELL: &str = "bell";

pub fn bell_rang(conn: &mut Conn, now: DateTime<Utc>) -> Result<(), StoreError> {
    let rang_at = bells::rang_at.eq(now.naive_utc());
    if diesel::update(bells::table.find(BELL)).set(rang_at).execute(conn)? == 0 {
        let first = (bells::id.eq(BELL), rang_at);
        on_either!(conn, |c| diesel::insert_into(bells::table).values(first).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// When it last rang; none before it ever did.
pub fn bell_find(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let rang_at: Option<NaiveDateTime> = bells::table.find(BELL).select(bells::rang_at).first(conn).optional()?;
    Ok(rang_at.map(|at| at.and_utc()))
}
