//! A nurse notes what an as-needed dose did. It is noted once; whoever is second is told who was first.

use chrono::{DateTime, Utc};

use super::{ActError, standing_check};
use crate::care::calendar::clock_text;
use crate::care::people::{Actor, Nurse};
use crate::care::refusal::Refusal;
use crate::care::round::as_needed::effect::{EffectAsk, Stood, note};
use crate::store::as_needed::{self, AsNeededDose, NotedEffect};
use crate::store::db::Conn;
use crate::store::history::{NewFact, fact_append, fact_exists};
use crate::store::{StoreError, facilities, people, residents};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NoteEffect {
    /// The id of the effect, made when the form was drawn.
    pub form: String,
    pub of_dose: String,
    pub effect: EffectAsk,
}

pub fn note_effect(conn: &mut Conn, by: &Nurse, ask: &NoteEffect, now: DateTime<Utc>) -> Result<(), ActError> {
    standing_check(conn, by, now)?;
    let dose = as_needed::dose_find(conn, &ask.of_dose)?.ok_or(StoreError::Missing)?;
    if dose.facility != by.staff().facility {
        return Err(StoreError::Missing.into());
    }
    let noted_at = residents::recorded_at(conn, &dose.resident, now)?;
    let standing = as_needed::effects_of(conn, std::slice::from_ref(&dose.id))?.remove(&dose.id);
    match &standing {
        Some(first) if first.id == ask.form => return same_answer(by, first, ask),
        None if fact_exists(conn, &ask.form)? => return Err(Refusal::FormReused.into()),
        _ => {}
    }
    let stood = standing.map(|first| stood(conn, &dose, &first, now)).transpose()?;
    let (effect, words) = note(stood.as_ref(), &ask.effect)?;
    let noted = NotedEffect {
        id: ask.form.clone(),
        of_dose: dose.id.clone(),
        effect,
        note: words,
        noted_by: by.staff().person.clone(),
        noted_at,
    };
    as_needed::effect_insert(conn, &noted)?;
    Ok(save(conn, by, &dose, &noted)?)
}

/// A repeated post gets the first answer; the same page sent again with something else is told so.
fn same_answer(by: &Nurse, first: &NotedEffect, ask: &NoteEffect) -> Result<(), ActError> {
    let same = first.noted_by == by.staff().person && ask.effect.effect == Some(first.effect);
    if same { Ok(()) } else { Err(Refusal::FormReused.into()) }
}

fn stood(conn: &mut Conn, dose: &AsNeededDose, first: &NotedEffect, now: DateTime<Utc>) -> Result<Stood, StoreError> {
    let zone = facilities::facility_load(conn, &dose.facility)?.zone;
    let by = people::name_load(conn, &first.noted_by)?;
    Ok(Stood { effect: first.effect, by, at: clock_text(zone, first.noted_at, now) })
}

fn save(conn: &mut Conn, by: &Nurse, dose: &AsNeededDose, noted: &NotedEffect) -> Result<(), StoreError> {
    let fact = NewFact {
        id: &noted.id,
        kind: "note_effect",
        facility: &dose.facility,
        resident: Some(&dose.resident),
        subject: &dose.of_order,
        done_by: Some(&by.staff().person),
        role: Nurse::ROLE.word(),
        body: noted,
    };
    fact_append(conn, &fact, noted.noted_at)?;
    Ok(())
}
