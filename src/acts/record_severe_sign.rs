//! Somebody at the bedside records a severe sign. From that moment nothing of the resident is signed, and what was signed
//! ahead is void; a suspected overdose stops every sedative.

use chrono::{DateTime, Utc};

use super::{ActError, part_id, role_check};
use crate::care::refusal::Refusal;
use crate::care::severe_sign::{Onlooker, Seen, SevereSign, SignAsk};
use crate::care::taper::level::PlanAct;
use crate::care::taper::reduction::Decision;
use crate::store::cases::{DecidedBy, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities, plans, residents, severe_signs};

const KIND: &str = "record_severe_sign";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RecordSevereSign {
    /// The id of the sign, made when the form was drawn.
    pub form: String,
    pub resident: String,
    pub sign: SignAsk,
}

pub fn record_severe_sign(
    conn: &mut Conn,
    by: &Onlooker,
    ask: &RecordSevereSign,
    now: DateTime<Utc>,
) -> Result<SevereSign, ActError> {
    role_check(conn, by.staff(), by.role(), now)?;
    let resident = residents::resident_load(conn, &ask.resident)?;
    if resident.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    // From here to the end of the act no dose of the resident is recorded and no plan of theirs is approved.
    let recorded_at = residents::recorded_at(conn, &resident.id, now)?;
    let zone = facilities::facility_load(conn, &resident.facility)?.zone;
    let seen = ask.sign.read(zone, now)?;
    if let Some(first) = severe_signs::sign_find(conn, &ask.form)? {
        return same_answer(by, first.sign, &resident.id, &seen);
    }
    if fact_exists(conn, &ask.form)? {
        return Err(Refusal::FormReused.into());
    }
    let sign = SevereSign {
        id: ask.form.clone(),
        facility: resident.facility,
        unit: resident.unit,
        resident: resident.id,
        sign: seen.sign,
        note: seen.note,
        seen_at: seen.at,
        recorded_at,
        recorded_by: by.staff().person.clone(),
    };
    save(conn, by, &sign, now)?;
    Ok(sign)
}

/// A repeated post gets the first answer; the same page sent again with another sign is told so.
fn same_answer(by: &Onlooker, first: SevereSign, resident: &str, seen: &Seen) -> Result<SevereSign, ActError> {
    let again = (first.sign, &first.note) == (seen.sign, &seen.note);
    let same = again && first.recorded_by == by.staff().person && first.resident == resident;
    if same { Ok(first) } else { Err(Refusal::FormReused.into()) }
}

fn save(conn: &mut Conn, by: &Onlooker, sign: &SevereSign, now: DateTime<Utc>) -> Result<(), StoreError> {
    severe_signs::sign_insert(conn, sign)?;
    for plan in plans::running_plan_ids(conn, &sign.resident)? {
        let form = part_id(&sign.id, &plan);
        let decided = DecidedBy { form: &form, staff: by.staff(), role: by.role(), now };
        let mut found = case_load(conn, by.staff(), &plan, 0, now)?;
        let act = PlanAct::Alarmed { sign: sign.id.clone(), withhold: sign.sign.withholds() };
        let decision = Decision::new(act, sign.sign.title().to_owned());
        decision_save(conn, &mut found, &decided, KIND, decision, &())?;
    }
    let fact = NewFact {
        id: &sign.id,
        kind: KIND,
        facility: &sign.facility,
        resident: Some(&sign.resident),
        subject: &sign.id,
        done_by: Some(&sign.recorded_by),
        role: by.role().word(),
        body: sign,
    };
    fact_append(conn, &fact, sign.recorded_at)?;
    Ok(())
}
