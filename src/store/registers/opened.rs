//! The differences that an act opened, found by its fact.

use diesel::prelude::*;

use crate::care::register::parts::Parts;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::{discrepancies, discrepancy_endings, history};

/// Whether a difference that one of some facts opened waits for a supervisor.
pub(super) fn one_is_open(conn: &mut Conn, facts: &[i64]) -> Result<bool, StoreError> {
    let open: Option<String> = discrepancies::table
        .left_join(discrepancy_endings::table)
        .filter(discrepancies::n.eq_any(facts).and(discrepancy_endings::id.is_null()))
        .select(discrepancies::id)
        .first(conn)
        .optional()?;
    Ok(open.is_some())
}

/// How many differences a form opened, however they ended.
pub fn differences_opened_by(conn: &mut Conn, form: &str) -> Result<usize, StoreError> {
    let facts = history::table.filter(history::id.eq(form)).select(history::n);
    let opened: Vec<String> =
        discrepancies::table.filter(discrepancies::n.eq_any(facts)).select(discrepancies::id).load(conn)?;
    Ok(opened.len())
}

/// What nobody saw wasted by one of some facts, by register. However a supervisor ended it, it has been accounted for.
pub(super) fn unseen_of(conn: &mut Conn, facts: &[i64]) -> Result<Vec<(String, Parts)>, StoreError> {
    let unseen =
        discrepancies::table.filter(discrepancies::n.eq_any(facts).and(discrepancies::unwitnessed.is_not_null()));
    let rows: Vec<(String, i64)> = unseen.select((discrepancies::register, discrepancies::difference)).load(conn)?;
    Ok(rows.into_iter().map(|(register, difference)| (register, Parts(difference.unsigned_abs()))).collect())
}
