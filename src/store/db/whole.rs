//! Whether a SQLite file is whole: looked through page by page, and never changed by looking.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::mark::beside;
use crate::store::StoreError;

/// Opens a connection as SQLite would have it, with no setting of ours.
pub(super) fn plain(path: &Path) -> Result<SqliteConnection, StoreError> {
    let text = path.to_str().ok_or_else(|| unusable(path, "its name is not UTF-8"))?;
    SqliteConnection::establish(text).map_err(|why| unusable(path, &why.to_string()))
}

/// Opens a connection that leaves a file and its log as they are, when it is closed too.
fn untouched(path: &Path) -> Result<SqliteConnection, StoreError> {
    let text = path.to_str().ok_or_else(|| unusable(path, "its name is not UTF-8"))?;
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let mut conn = SqliteConnection::establish(&format!("file:{escaped}?mode=ro"))
        .map_err(|why| unusable(path, &why.to_string()))?;
    conn.batch_execute("PRAGMA busy_timeout = 5000")?;
    Ok(conn)
}

/// Looks through every page; or what is wrong.
pub(super) fn looked_through(conn: &mut SqliteConnection) -> Result<(), String> {
    match sql::<Text>("PRAGMA quick_check(1)").get_result::<String>(conn) {
        Ok(said) if said == "ok" => Ok(()),
        Ok(said) => Err(said.trim().replace('\n', " ")),
        Err(why) => Err(why.to_string()),
    }
}

/// SQLite folds whatever log lies beside a file into it. Where a copy was laid over the file by hand, that ruins the copy: a
/// file that is younger than its log is looked through first, without a change to either. Mostly it is not, or there is
/// no log.
pub(super) fn fits(file: &Path) -> Result<(), StoreError> {
    let log = beside(file, "-wal");
    let changed = |path: &Path| path.metadata().and_then(|it| Ok((it.len(), it.modified()?))).ok();
    let (Some((_, file_at)), Some((1.., log_at))) = (changed(file), changed(&log)) else { return Ok(()) };
    if file_at <= log_at {
        return Ok(());
    }
    match untouched(file).map(|mut conn| looked_through(&mut conn)) {
        Ok(Err(why)) if !by_the_way(&why) => Err(foreign(file, &log, &why)),
        // Whatever else is in the way is told when the file is opened.
        _ => Ok(()),
    }
}

/// It says nothing of the file, which somebody else holds just now, or which lies where nothing can be written.
fn by_the_way(why: &str) -> bool {
    ["locked", "busy", "unable to open", "readonly", "disk I/O"].iter().any(|word| why.contains(word))
}

fn foreign(file: &Path, log: &Path, why: &str) -> StoreError {
    StoreError::Unusable(format!(
        "{} was changed after {}, and the two do not belong together ({why}): most likely a copy was laid over the \
         database by hand. Nothing was changed now. Put the copy back with `stepdown restore FILE`, which moves all that \
         is here aside.",
        file.display(),
        log.display()
    ))
}

pub(super) fn unusable(path: &Path, why: &str) -> StoreError {
    StoreError::Unusable(format!("The database file {} cannot be used: {why}.", path.display()))
}
