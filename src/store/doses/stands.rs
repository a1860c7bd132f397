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

/// Something is due and nobody recorded it: for queries on doses. Their index is of those that are not recorded and not
/// void, and a file knows it again only where no value stands for either: it plans a query before it knows the values.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::store) fn open() -> _ {
    not(doses::recorded).and(not(doses::void)).and(doses::amount_ug.gt(0i64))
}
