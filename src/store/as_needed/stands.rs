//! Which as-needed doses stand: those that nobody struck.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

/// Nobody struck it. Said in the words of both databases, for queries on as-needed doses.
pub(in crate::store) fn stands() -> SqlLiteral<Bool> {
    sql("NOT EXISTS (SELECT 1 FROM as_needed_strikes WHERE as_needed_strikes.of_dose = as_needed_doses.id)")
}
