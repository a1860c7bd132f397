//! Which records stand: those that nobody corrected.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

/// Nobody corrected it. Said in the words of both databases, for queries on administrations.
pub(in crate::store) fn stands() -> SqlLiteral<Bool> {
    sql("NOT EXISTS (SELECT 1 FROM corrections WHERE corrections.administration = administrations.id)")
}
