//! The administrator writes down by which numbers the packs of the products are known.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::medicine::coded::{Coded, each_of_one_product};
use crate::care::people::{Actor, Administrator};
use crate::care::refusal::Refusal;
use crate::store::db::Conn;
use crate::store::facilities;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::pack_codes::{pack_codes_of, pack_codes_replace};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct CodePacks {
    /// The id of the form.
    pub form: String,
    /// The revision of the facility that the page showed.
    pub revision: i64,
    /// The whole list, in place of what it was.
    pub codes: Vec<Coded>,
}

#[derive(Serialize)]
struct Body<'a> {
    before: Vec<Coded>,
    after: &'a [Coded],
}

pub fn code_packs(conn: &mut Conn, by: &Administrator, ask: &CodePacks, now: DateTime<Utc>) -> Result<(), ActError> {
    let facility = standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    if facility.revision != ask.revision {
        return Err(Refusal::SettingsMoved.into());
    }
    each_of_one_product(&ask.codes)?;
    let before = pack_codes_of(conn, &facility.id)?;
    pack_codes_replace(conn, &facility.id, &ask.codes)?;
    facilities::facility_change(conn, &facility)?;
    let fact = NewFact {
        id: &ask.form,
        kind: "code_packs",
        facility: &facility.id,
        resident: None,
        subject: &facility.id,
        done_by: Some(&by.staff().person),
        role: Administrator::ROLE.word(),
        body: &Body { before, after: &ask.codes },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
