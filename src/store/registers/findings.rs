//! What people found out about a register beside its entries: counts, and differences that opened and ended.

use diesel::prelude::*;

use super::entry::{Discrepancy, DiscrepancyRow, Ended, EndedRow};
use super::{Counted, counts_between};
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::{discrepancies, discrepancy_endings, history};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Counted(Counted),
    Opened(Discrepancy),
    /// With the difference that it ends.
    Ended(Discrepancy, Ended),
}

/// What was found out under facts from one number up to another, each with its number, the newest first. A count comes
/// before the difference that it opens.
pub fn findings_between(
    conn: &mut Conn,
    register: &str,
    from: i64,
    until: i64,
) -> Result<Vec<(i64, Finding)>, StoreError> {
    let counts = counts_between(conn, register, from, until)?;
    let mut found: Vec<(i64, Finding)> = counts.into_iter().map(|one| (one.n, Finding::Counted(one))).collect();
    let opened: Vec<DiscrepancyRow> = discrepancies::table
        .filter(discrepancies::register.eq(register))
        .filter(discrepancies::n.between(from, until))
        .order(discrepancies::id)
        .load(conn)?;
    for row in opened {
        let opened = Discrepancy::try_from(row)?;
        found.push((opened.n, Finding::Opened(opened)));
    }
    // The fact of an ending has its id.
    let ended: Vec<(i64, DiscrepancyRow, EndedRow)> = discrepancy_endings::table
        .inner_join(discrepancies::table)
        .inner_join(history::table.on(history::id.eq(discrepancy_endings::id)))
        .filter(discrepancies::register.eq(register))
        .filter(history::n.between(from, until))
        .select((history::n, discrepancies::all_columns, discrepancy_endings::all_columns))
        .load(conn)?;
    for (n, opened, ended) in ended {
        found.push((n, Finding::Ended(opened.try_into()?, ended.try_into()?)));
    }
    // Of one fact they stand in the order in which they came about, and then all of it the other way round.
    found.sort_by_key(|(n, _)| *n);
    found.reverse();
    Ok(found)
}
