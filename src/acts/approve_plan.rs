//! A prescriber approves a plan: its baseline comes into force and the doses are laid out. Nothing is lowered by it.

use chrono::{DateTime, Utc};

use super::{ActError, first_answer, part_id, standing_check};
use crate::care::calendar::Moment;
use crate::care::medicine::Medicine;
use crate::care::people::{Actor, Confirmed, Prescriber};
use crate::care::taper::draft::DraftCase;
use crate::care::taper::level::PlanFact;
use crate::store::StoreError;
use crate::store::cases::{DecidedBy, Found, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::doses::doses_of_plan_from;
use crate::store::plans::{PlanState, plans_sharing};
use crate::store::{absences, facilities, severe_signs};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ApprovePlan {
    /// The id of the approval, made when the form was drawn.
    pub form: String,
    pub plan: String,
    /// The revision the page showed: a draft edited meanwhile is looked at again.
    pub revision: i64,
}

pub fn approve_plan(
    conn: &mut Conn,
    by: &Prescriber,
    confirmed: &Confirmed,
    ask: &ApprovePlan,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    // From here to the end of the act the zone stays what it is: it cannot be changed while a plan runs.
    facilities::facility_hold(conn, &by.staff().facility)?;
    let mut found = case_load(conn, by.staff(), &ask.plan, 0, now)?;
    // The plan is held: a severe sign is either seen below, or finds this plan running.
    let open = severe_signs::signs_open_of(conn, &found.file.plan.resident)?;
    let mut earlier = earlier_load(conn, by, &found, now)?;
    let recorded_ahead = recorded_ahead(conn, &earlier, &found, now)?;
    earlier.retain(|one| one.case.course.finished_on.is_none());
    let shelves = facilities::shelves_load(conn, &found.facility.id)?;
    let draft = DraftCase {
        plan: &found.file.plan,
        unmoved: found.file.state == PlanState::Draft && found.file.revision == ask.revision,
        running: earlier.iter().find(|one| one.case.finish_for_another().is_err()).and_then(|one| shared(one, &found)),
        recorded_ahead,
        sign_open: !open.is_empty(),
        away: absences::absence_open_find(conn, &found.file.plan.resident)?.is_some(),
        today: found.case.today,
    };
    let decision = draft.approve(by.staff(), confirmed, &shelves)?;
    for one in &mut earlier {
        finish(conn, by, ask, one, now)?;
    }
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "approve_plan", decision, &())?)
}

/// The plans of the same resident that have a medicine of this one.
fn earlier_load(conn: &mut Conn, by: &Prescriber, found: &Found, now: DateTime<Utc>) -> Result<Vec<Found>, StoreError> {
    let mut earlier = Vec::new();
    for plan in plans_sharing(conn, &found.file.plan)? {
        earlier.push(case_load(conn, by.staff(), &plan, 0, now)?);
    }
    Ok(earlier)
}

/// The last dose of the earlier plans that was recorded before its time, which is still to come.
fn recorded_ahead(
    conn: &mut Conn,
    earlier: &[Found],
    found: &Found,
    now: DateTime<Utc>,
) -> Result<Option<Moment>, StoreError> {
    let mut last = None;
    for one in earlier {
        let doses = doses_of_plan_from(conn, &one.file.plan.id, found.case.today)?.into_iter();
        let ahead = doses.filter(|dose| dose.recorded && !dose.level.amount.is_zero() && dose.due_at > now);
        last = last.max(ahead.map(|dose| Moment { on: dose.key.on, slot: dose.key.slot }).max());
    }
    Ok(last)
}

/// A medicine that both plans have.
fn shared(one: &Found, other: &Found) -> Option<Medicine> {
    one.file.plan.medicines().intersection(&other.file.plan.medicines()).next().copied().cloned()
}

/// A plan at 0 mg is closed in the same act, so that no day has two plans. Its fact’s id follows from the form’s.
fn finish(
    conn: &mut Conn,
    by: &Prescriber,
    ask: &ApprovePlan,
    earlier: &mut Found,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let decision = earlier.case.finish_for_another()?;
    let form = part_id(&ask.form, &earlier.file.plan.id);
    let decided = DecidedBy::new(&form, by, now);
    decision_save(conn, earlier, &decided, "finish_plan", decision, &())?;
    Ok(())
}
