//! A prescriber saves a draft, new or edited. Nothing of it takes effect.

use chrono::{DateTime, Utc};

use super::{ActError, standing_check};
use crate::care::people::{Actor, Prescriber};
use crate::care::refusal::Refusal;
use crate::care::taper::baseline::Baseline;
use crate::care::taper::draft::confirm;
use crate::care::taper::plan::{Medicine, Plan};
use crate::store::db::Conn;
use crate::store::history::{NewFact, body_find, fact_append};
use crate::store::plans::{self, PlanFile, PlanState};
use crate::store::{StoreError, residents};

/// The draft as it should be.
#[derive(Debug, Clone)]
pub struct DraftPlan {
    /// The id of this saving, made when the form was drawn.
    pub form: String,
    /// With the steps; the id is the plan's, new or known.
    pub plan: Plan,
    /// The revision that was edited; none for a new draft.
    pub revision: Option<i64>,
}

pub fn draft_plan(conn: &mut Conn, by: &Prescriber, ask: &DraftPlan, now: DateTime<Utc>) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    let resident = residents::resident_load(conn, &ask.plan.resident)?;
    if resident.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let mut plan = ask.plan.clone();
    plan.facility = resident.facility;
    plan.authors.insert(by.staff().person.clone());
    confirm(&mut plan, by.staff())?;
    // Whoever else saves or approves the draft waits: nobody looks at one that is half replaced.
    residents::resident_hold(conn, &plan.resident)?;
    match plans::plan_find(conn, &plan.id)? {
        Some(file) => edit(conn, by, ask, plan, &file, now),
        None => {
            plans::draft_insert(conn, &plan, &by.staff().person, now)?;
            note(conn, by, ask, &plan, now)
        }
    }
}

fn edit(
    conn: &mut Conn,
    by: &Prescriber,
    ask: &DraftPlan,
    mut plan: Plan,
    file: &PlanFile,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    if let Some(first) = body_find::<Plan>(conn, &ask.form)? {
        // The page sent once more with other content, after a step back, is no repetition: it may not seem to be saved.
        let asked = Plan { authors: first.authors.clone(), baseline: first.baseline.clone(), ..plan };
        return if first == asked { Ok(()) } else { Err(Refusal::DraftMoved.into()) };
    }
    if file.plan.facility != plan.facility || file.plan.resident != plan.resident {
        return Err(StoreError::Missing.into());
    }
    if file.state != PlanState::Draft || ask.revision != Some(file.revision) {
        return Err(Refusal::DraftMoved.into());
    }
    plan.authors.extend(file.plan.authors.iter().cloned());
    plan.baseline = plan.baseline.or_else(|| baseline_kept(&file.plan, &plan.medicine));
    plans::plan_move(conn, file, PlanState::Draft, None)?;
    plans::draft_replace(conn, &plan, (&file.drafted_by, file.drafted_at))?;
    note(conn, by, ask, &plan, now)
}

/// What was found out stays with the draft; where it turns to another medicine, what is true of the resident does.
fn baseline_kept(before: &Plan, medicine: &Medicine) -> Option<Baseline> {
    let known = before.baseline.as_ref()?;
    Some(if &before.medicine == medicine { known.clone() } else { known.of_the_resident() })
}

fn note(conn: &mut Conn, by: &Prescriber, ask: &DraftPlan, plan: &Plan, now: DateTime<Utc>) -> Result<(), ActError> {
    fact_append(
        conn,
        &NewFact {
            id: &ask.form,
            kind: "draft_plan",
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
