//! A prescriber throws a draft away. It stays readable in the history.

use chrono::{DateTime, Utc};

use super::{ActError, standing_check};
use crate::care::people::{Actor, Prescriber};
use crate::care::refusal::Refusal;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::plans::{self, PlanState};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct DiscardDraft {
    pub form: String,
    pub plan: String,
}

pub fn discard_draft(conn: &mut Conn, by: &Prescriber, ask: &DiscardDraft, now: DateTime<Utc>) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    let file = plans::plan_load(conn, &ask.plan)?;
    if file.plan.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    if fact_exists(conn, &ask.form)? {
        return Ok(());
    }
    if file.state != PlanState::Draft {
        return Err(Refusal::DraftMoved.into());
    }
    plans::plan_move(conn, &file, PlanState::Discarded, None)?;
    fact_append(
        conn,
        &NewFact {
            id: &ask.form,
            kind: "discard_draft",
            facility: &file.plan.facility,
            resident: Some(&file.plan.resident),
            subject: &file.plan.id,
            done_by: Some(&by.staff().person),
            role: Prescriber::ROLE.word(),
            body: &(),
        },
        now,
    )?;
    Ok(())
}
