//! Which records stand: those that nobody corrected. Which doses are open: those that nobody recorded.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::store::schema::{administrations, corrections, doses};

/// Nobody corrected it: for queries on administrations.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::store) fn stands() -> _ {
    let corrected = corrections::administration.eq(administrations::id);
    not(exists(corrections::table.filter(corrected)))
}

/// Something is due and nobody recorded it: for queries on doses. Said as their index says it, without a value that is
/// bound, because a file plans a query before it knows the values.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::store) fn open() -> _ {
    not(doses::recorded).and(not(doses::void)).and(doses::amount_ug.gt(0i64))
}
