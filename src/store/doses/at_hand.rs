//! A dose in the hand of somebody who records it, with all that stands against recording it.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::{DoseFile, DoseRecords, DoseRow, dose_records};
use crate::care::severe_sign::Withheld;
use crate::on_either;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::schema::{administrations, doses, history, severe_sign_releases, severe_signs};
use crate::store::severe_signs::withheld_load;

/// A dose that is about to be recorded.
#[derive(Debug, Clone)]
pub struct AtHand {
    pub dose: DoseFile,
    /// What was recorded of it before.
    pub records: DoseRecords,
    /// A fact bears the number of the form.
    pub form_used: bool,
    /// A severe sign stops every sedative of the resident.
    pub withheld: Option<Withheld>,
}

/// One question in all for nearly every dose: what is seldom there is asked for only where it is there. The resident is
/// held, so that nothing of it changes any more.
pub fn dose_at_hand(conn: &mut Conn, id: &str, form: &str) -> Result<AtHand, StoreError> {
    let recorded = exists(administrations::table.filter(administrations::dose.eq(doses::id)));
    let used = exists(history::table.filter(history::id.eq(form)));
    let released = severe_sign_releases::table.filter(severe_sign_releases::of_sign.eq(severe_signs::id));
    let open_sign = severe_signs::resident.eq(doses::resident).and(diesel::dsl::not(exists(released)));
    let asked = doses::table.find(id).select((
        doses::all_columns,
        recorded,
        used,
        exists(severe_signs::table.filter(open_sign)),
    ));
    let (row, recorded, form_used, signs): (DoseRow, bool, bool, bool) = on_either!(conn, |c| asked.first(c))?;
    let dose = DoseFile::try_from(row)?;
    Ok(AtHand {
        records: if recorded { dose_records(conn, id)? } else { DoseRecords::default() },
        form_used,
        withheld: if signs { withheld_load(conn, &dose.resident)? } else { None },
        dose,
    })
}
