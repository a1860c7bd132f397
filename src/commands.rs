//! Commands: what can be asked of the binary, one file each.

pub mod backup;
pub mod demo;
pub mod migrate;
pub mod person;
pub mod plan;
pub mod restore;
pub mod serve;
pub mod verify;

use crate::care::calendar::{Zone, moment_text};
use crate::store::Db;
use crate::store::db::Held;

/// The facility of the demo. Its accounts have a password that everybody can read.
pub const DEMO_FACILITY: &str = "alder-house";

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

/// `48211 entries of the history, the last of 20 Nov 2026 08:12 UTC`
fn held_text(held: &Held) -> String {
    match held.last_at {
        Some(at) => {
            // In a terminal a space is a space.
            let last = moment_text(Zone::UTC, at).replace('\u{a0}', " ");
            format!("{} entries of the history, the last of {last} UTC", held.entries)
        }
        None => "no entry of the history yet".to_owned(),
    }
}
