//! The administrator says what of one medicine a second person has to see, in place of what holds for every medicine.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{ActError, standing_check};
use crate::care::medicine::Medicine;
use crate::care::people::{Actor, Administrator};
use crate::care::refusal::Refusal;
use crate::care::witness::WitnessPolicy;
use crate::store::db::Conn;
use crate::store::facilities;
use crate::store::history::{NewFact, fact_append, fact_exists};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct WitnessMedicine {
    /// The id of the form.
    pub form: String,
    /// The revision of the facility that the page showed.
    pub revision: i64,
    pub medicine: Medicine,
    /// None: what holds for every medicine holds for this one again.
    pub policy: Option<WitnessPolicy>,
}

#[derive(Serialize)]
struct Change<'a> {
    medicine: &'a Medicine,
    before: Option<WitnessPolicy>,
    after: Option<&'a WitnessPolicy>,
}

pub fn witness_medicine(
    conn: &mut Conn,
    by: &Administrator,
    ask: &WitnessMedicine,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let mut facility = standing_check(conn, by, now)?;
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    if facility.revision != ask.revision {
        return Err(Refusal::SettingsMoved.into());
    }
    let rules = &mut facility.register.witness_of;
    let before = rules.remove(&ask.medicine);
    rules.extend(ask.policy.clone().map(|policy| (ask.medicine.clone(), policy)));
    facilities::facility_change(conn, &facility)?;
    let fact = NewFact {
        id: &ask.form,
        kind: "witness_medicine",
        facility: &facility.id,
        resident: None,
        subject: &facility.id,
        done_by: Some(&by.staff().person),
        role: Administrator::ROLE.word(),
        body: &Change { medicine: &ask.medicine, before, after: ask.policy.as_ref() },
    };
    fact_append(conn, &fact, now)?;
    Ok(())
}
