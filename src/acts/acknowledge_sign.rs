//! Somebody who was told of a severe sign says that they know: the letters about it stop.

use chrono::{DateTime, Utc};

use super::{ActError, role_check};
use crate::care::refusal::Refusal;
use crate::care::severe_sign::{Acknowledgement, Called, SignFile};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, residents, severe_signs};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct AcknowledgeSign {
    /// The id of the acknowledgement, made when the form was drawn.
    pub form: String,
    pub of_sign: String,
}

pub fn acknowledge_sign(
    conn: &mut Conn,
    by: &Called,
    ask: &AcknowledgeSign,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    role_check(conn, by.staff(), by.role(), now)?;
    let file = severe_signs::sign_load(conn, &ask.of_sign)?;
    if file.sign.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let acknowledged_at = residents::recorded_at(conn, &file.sign.resident, now)?;
    // Whoever has said so before need not say it again.
    let person = &by.staff().person;
    if severe_signs::sign_load(conn, &ask.of_sign)?.acknowledged.iter().any(|one| one.acknowledged_by == *person) {
        return Ok(());
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let acknowledgement = Acknowledgement {
        id: ask.form.clone(),
        of_sign: ask.of_sign.clone(),
        acknowledged_by: person.clone(),
        acknowledged_at,
    };
    Ok(save(conn, by, &file, &acknowledgement)?)
}

fn save(conn: &mut Conn, by: &Called, file: &SignFile, acknowledgement: &Acknowledgement) -> Result<(), StoreError> {
    severe_signs::acknowledgement_insert(conn, acknowledgement)?;
    let fact = NewFact {
        id: &acknowledgement.id,
        kind: "acknowledge_sign",
        facility: &file.sign.facility,
        resident: Some(&file.sign.resident),
        subject: &file.sign.id,
        done_by: Some(&acknowledgement.acknowledged_by),
        role: by.role().word(),
        body: acknowledgement,
    };
    fact_append(conn, &fact, acknowledgement.acknowledged_at)?;
    Ok(())
}
