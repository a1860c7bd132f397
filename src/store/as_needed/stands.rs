//! Which as-needed doses stand: those that nobody struck.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::store::schema::{as_needed_doses, as_needed_strikes};

/// Nobody struck it: for queries on as-needed doses.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::store) fn stands() -> _ {
    let struck = as_needed_strikes::of_dose.eq(as_needed_doses::id);
    not(exists(as_needed_strikes::table.filter(struck)))
}
