//! Which records stand: those that nobody corrected.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::store::schema::{administrations, corrections};

/// Nobody corrected it: for queries on administrations.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::store) fn stands() -> _ {
    let corrected = corrections::administration.eq(administrations::id);
    not(exists(corrections::table.filter(corrected)))
}
