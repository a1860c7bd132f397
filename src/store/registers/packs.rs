//! The packs that came into registers.

use std::collections::HashMap;

use diesel::prelude::*;

use super::entry::{Entry, EntryRow};
use crate::care::register::lots::Came;
use crate::care::register::parts::Parts;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::register_entries;

/// What came into some registers with a lot, the newest first.
pub fn packs_of(conn: &mut Conn, registers: &[String]) -> Result<HashMap<String, Vec<Came>>, StoreError> {
    let rows: Vec<EntryRow> = register_entries::table
        .filter(register_entries::register.eq_any(registers).and(register_entries::parts.gt(0)))
        .filter(register_entries::lot.is_not_null().or(register_entries::of_lot.is_not_null()))
        .order((register_entries::register, register_entries::seq.desc()))
        .load(conn)?;
    let mut packs = HashMap::<String, Vec<Came>>::new();
    for row in rows {
        let entry = Entry::try_from(row)?;
        let came = entry.pack.map(|pack| Came { pack, parts: Parts(entry.parts.unsigned_abs()) });
        packs.entry(entry.register).or_default().extend(came);
    }
    Ok(packs)
}
