//! The administrator writes down how much of a medicine any 24 hours may hold here, and who says so.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::medicine::Medicine;
use crate::care::medicine::limit::Limit;
use crate::care::people::{Actor, Administrator};
use crate::care::refusal::Refusal;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{as_needed, facilities};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct LimitMedicine {
    /// The id of the form.
    pub form: String,
    /// The revision of the facility that the page showed.
    pub revision: i64,
    pub medicine: Medicine,
    /// None: the published maximum holds again, where there is one.
    pub limit: Option<Limit>,
}

#[derive(Serialize)]
struct Change<'a> {
    medicine: &'a Medicine,
    before: Option<Limit>,
    after: Option<&'a Limit>,
}

pub fn limit_medicine(
    conn: &mut Conn,
    by: &Administrator,
    ask: &LimitMedicine,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let facility = standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    if facility.revision != ask.revision {
        return Err(Refusal::SettingsMoved.into());
    }
    let before = as_needed::limit_find(conn, &facility.id, &ask.medicine)?;
    as_needed::limit_replace(conn, &facility.id, &ask.medicine, ask.limit.as_ref())?;
    facilities::facility_change(conn, &facility)?;
    let fact = NewFact {
        id: &ask.form,
        kind: "limit_medicine",
        facility: &facility.id,
        resident: None,
        subject: &facility.id,
        done_by: Some(&by.staff().person),
        role: Administrator::ROLE.word(),
        body: &Change { medicine: &ask.medicine, before, after: ask.limit.as_ref() },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
