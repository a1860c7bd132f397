//! A prescriber records what was found out before a taper. Nothing takes effect; the plan can be approved once it is whole.

use chrono::{DateTime, Utc};

use super::{ActError, standing_check};
use crate::care::people::{Actor, Prescriber};
use crate::care::refusal::Refusal;
use crate::care::taper::baseline::Baseline;
use crate::care::taper::plan::Plan;
use crate::store::StoreError;
use crate::store::cases::case_hold;
use crate::store::db::Conn;
use crate::store::dossiers::ended_plans;
use crate::store::facilities::facility_load;
use crate::store::history::{NewFact, body_find, fact_append};
use crate::store::plans::{self, PlanFile, PlanState};

/// The baseline as it should be.
#[derive(Debug, Clone)]
pub struct RecordBaseline {
    /// The id of this recording, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The revision the page showed: a draft edited meanwhile is looked at again.
    pub revision: i64,
    pub baseline: Baseline,
}

pub fn record_baseline(
    conn: &mut Conn,
    by: &Prescriber,
    ask: &RecordBaseline,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    // Whoever else saves or approves the draft waits: nobody looks at one that is half replaced.
    case_hold(conn, &ask.plan)?;
    let mut file = plans::plan_load(conn, &ask.plan)?;
    if file.plan.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    if let Some(first) = body_find::<Plan>(conn, &ask.form)? {
        let same = first.baseline.as_ref() == Some(&ask.baseline);
        return if same { Ok(()) } else { Err(Refusal::DraftMoved.into()) };
    }
    if file.state != PlanState::Draft || file.revision != ask.revision {
        return Err(Refusal::DraftMoved.into());
    }
    resumes_an_ended_plan(conn, &file, &ask.baseline, now)?;
    // Whoever says what a plan rests on has made it: they cannot sign its reductions.
    file.plan.authors.insert(by.staff().person.clone());
    file.plan.baseline = Some(ask.baseline.clone());
    plans::plan_move(conn, &file, PlanState::Draft, None)?;
    plans::draft_replace(conn, &file.plan, (&file.drafted_by, file.drafted_at))?;
    note(conn, by, ask, &file, now)
}

/// A plan that continues after an earlier one names one that has ended or come to 0 mg, of the same resident and medicine.
fn resumes_an_ended_plan(
    conn: &mut Conn,
    file: &PlanFile,
    baseline: &Baseline,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let Some(earlier) = &baseline.resumes else { return Ok(()) };
    let today = facility_load(conn, &file.plan.facility)?.zone.day(now);
    let known = ended_plans(conn, &file.plan, today)?.iter().any(|ended| &ended.plan == earlier);
    if known { Ok(()) } else { Err(Refusal::ResumesUnknown.into()) }
}

fn note(
    conn: &mut Conn,
    by: &Prescriber,
    ask: &RecordBaseline,
    file: &PlanFile,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let plan = &file.plan;
    fact_append(
        conn,
        &NewFact {
            id: &ask.form,
            kind: "record_baseline",
            facility: &plan.facility,
            resident: Some(&plan.resident),
            subject: &plan.id,
            done_by: Some(&by.staff().person),
            role: Prescriber::ROLE.word(),
            body: plan,
        },
        now,
    )?;
    Ok(())
}
