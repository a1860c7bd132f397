//! A prescriber releases what a severe sign held, on every plan of the resident. The doses stay as they were signed.

use chrono::{DateTime, Utc};

use super::{ActError, part_id, standing_check};
use crate::care::people::{Actor, Confirmed, Prescriber};
use crate::care::refusal::Refusal;
use crate::care::severe_sign::{Release, SevereSign};
use crate::care::taper::level::PlanAct;
use crate::care::taper::reduction::Decision;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, plans, residents, severe_signs};

const KIND: &str = "release_reductions";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ReleaseReductions {
    /// The id of the release, made when the form was drawn.
    pub form: String,
    pub of_sign: String,
    pub rationale: String,
}

pub fn release_reductions(
    conn: &mut Conn,
    by: &Prescriber,
    confirmed: &Confirmed,
    ask: &ReleaseReductions,
    now: DateTime<Utc>,
) -> Result<Release, ActError> {
    standing_check(conn, by, now)?;
    let sign = severe_signs::sign_load(conn, &ask.of_sign)?.sign;
    if sign.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let released_at = residents::recorded_at(conn, &sign.resident, now)?;
    let file = severe_signs::sign_load(conn, &ask.of_sign)?;
    if let Some(first) = file.released.as_ref().filter(|first| first.id == ask.form) {
        return Ok(first.clone());
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let last = severe_signs::last_rationale_find(conn, &sign.resident)?;
    let release = Release {
        id: ask.form.clone(),
        of_sign: sign.id.clone(),
        rationale: file.release(by.staff(), confirmed, &ask.rationale, last.as_deref())?,
        released_by: by.staff().person.clone(),
        released_at,
    };
    save(conn, by, &sign, &release, now)?;
    Ok(release)
}

fn save(
    conn: &mut Conn,
    by: &Prescriber,
    sign: &SevereSign,
    release: &Release,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    severe_signs::release_insert(conn, release)?;
    for plan in plans::running_plan_ids(conn, &sign.resident)? {
        let form = part_id(&release.id, &plan);
        let decided = DecidedBy::new(&form, by, now);
        let mut found = case_load(conn, by.staff(), &plan, 0, now)?;
        if found.case.course.alarms.iter().all(|alarm| alarm.sign != sign.id) {
            continue;
        }
        let decision = Decision::new(PlanAct::Released { sign: sign.id.clone() }, release.rationale.clone());
        decision_save(conn, &mut found, &decided, KIND, decision, &())?;
    }
    let fact = NewFact {
        id: &release.id,
        kind: KIND,
        facility: &sign.facility,
        resident: Some(&sign.resident),
        subject: &sign.id,
        done_by: Some(&release.released_by),
        role: Prescriber::ROLE.word(),
        body: release,
    };
    fact_append(conn, &fact, release.released_at)?;
    Ok(())
}
