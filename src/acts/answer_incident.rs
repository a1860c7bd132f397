//! A prescriber says what an incident means for the resident, a supervisor what it means for the house.

use chrono::{DateTime, Utc};

use super::{ActError, role_check};
use crate::care::incident::{Answer, Answerer};
use crate::care::refusal::Refusal;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, incidents, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct AnswerIncident {
    /// The id of the answer, made when the form was drawn.
    pub form: String,
    pub of_incident: String,
    pub said: String,
}

pub fn answer_incident(
    conn: &mut Conn,
    by: &Answerer,
    ask: &AnswerIncident,
    now: DateTime<Utc>,
) -> Result<Answer, ActError> {
    role_check(conn, &by.staff, by.role, now)?;
    let incident = incidents::incident_load(conn, &ask.of_incident)?.incident;
    if incident.facility != by.staff.facility {
        return Err(StoreError::Missing.into());
    }
    let answered_at = residents::recorded_at(conn, &incident.resident, now)?;
    let file = incidents::incident_load(conn, &ask.of_incident)?;
    if let Some(first) = file.answers.iter().find(|answer| answer.id == ask.form) {
        return if first.answered_by == by.staff.person { Ok(first.clone()) } else { Err(Refusal::FormReused.into()) };
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let answer = Answer {
        id: ask.form.clone(),
        of_incident: incident.id.clone(),
        role: by.role,
        said: file.answer(by, &ask.said)?,
        answered_by: by.staff.person.clone(),
        answered_at,
    };
    incidents::answer_insert(conn, &answer)?;
    let fact = NewFact {
        id: &answer.id,
        kind: "answer_incident",
        facility: &incident.facility,
        resident: Some(&incident.resident),
        subject: &incident.id,
        done_by: Some(&answer.answered_by),
        role: by.role.word(),
        body: &answer,
    };
    fact_append(conn, &fact, answered_at)?;
    Ok(answer)
}
