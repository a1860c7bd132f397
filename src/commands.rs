//! Commands: what can be asked of the binary, one file each.

pub mod demo;
pub mod migrate;
pub mod person;
pub mod plan;
pub mod serve;
pub mod verify;

use crate::store::Db;

/// An empty database, and a file that is copied first, are migrated; a server with data is left to `migrate`.
fn bring_up_to_date(db: &Db) -> Result<(), String> {
    let text = |why: crate::store::StoreError| why.to_string();
    let pending = db.pending().map_err(text)?;
    if pending.is_empty() || db.migrates_by_itself().map_err(text)? {
        return db.migrate().map(|_| ()).map_err(text);
    }
    let names = pending.join(", ");
    Err(format!("the database waits for {names}: make a backup, run `stepdown migrate`, and start again."))
}
