//! The snapshot on which a decision about a reduction rests, read at one moment.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::as_needed::{doses_of_resident, effects_of};
use super::cases::Found;
use super::doses::{Fate, fates_between};
use super::evidence::Evidence;
use super::incidents::incidents_since;
use super::registers::outlooks_held;
use super::taper_alerts::{acknowledgements_since, alert_find};
use super::{Conn, StoreError, facilities, people, residents};
use crate::care::calendar::{Slot, days_before};
use crate::care::facility::Facility;
use crate::care::incident::Incident;
use crate::care::resident::Resident;
use crate::care::round::outcome::{Outcome, reason_text};
use crate::care::scale::kept::ScoreKept;
use crate::care::severe_sign::{Release, SignFile};
use crate::care::taper::fact::{PlanAct, PlanFact};
use crate::care::taper::plan::Plan;
use crate::care::taper::risks::Risks;
use crate::care::taper::snapshot::{
    AS_NEEDED_DAYS, AlertKept, AsNeededKept, DAYS, InErrorKept, Made, NotGiven, OrderKept, ReleaseKept, SignKept,
    Snapshot, Taken, days_taken, told_since,
};
use crate::care::taper::statement::CheckKept;

/// What is known at this moment of the resident whose reduction waits.
pub fn snapshot_load(
    conn: &mut Conn,
    found: &Found,
    evidence: &Evidence,
    now: DateTime<Utc>,
) -> Result<Snapshot, StoreError> {
    let (plan, course, today) = (&found.file.plan, &found.case.course, found.case.today);
    let from = days_before(today, DAYS - 1).max(plan.baseline_on.min(today));
    let fates = fates_between(conn, &plan.id, (from, today))?;
    let no_record_before = found.facility.no_record_before(now);
    let resident = residents::resident_load(conn, &plan.resident)?;
    let (pieces, stock) = made(conn, &found.facility, evidence)?;
    let two_weeks = found.facility.zone.at(days_before(today, AS_NEEDED_DAYS - 1), Slot::MIDNIGHT);
    Ok(Snapshot {
        since: course.level_since(),
        adherence: evidence.adherence,
        handed: fates.iter().filter(|fate| handed(fate)).count() as u32,
        days: days_taken(plan, course, (from, today), &fates.iter().map(taken).collect::<Vec<_>>()),
        not_given: fates.iter().filter_map(|fate| not_given(fate, no_record_before)).collect(),
        signs: signs(conn, evidence)?,
        orders: orders(conn, found)?,
        alerts: alerts(conn, found, now)?,
        as_needed: as_needed(conn, plan, two_weeks)?,
        in_error: in_error(conn, plan, two_weeks)?,
        scores_asked: found.facility.scores.is_on(),
        scores: scores(conn, evidence)?,
        risks: Risks::of(plan, &resident, today),
        pieces,
        stock,
        supply: supply(conn, found, &resident, now)?,
    })
}

/// What tells a snapshot and its checks from others: a page carries it back, and so does not sign what it never showed.
pub fn mark(evidence: &Evidence, snapshot: &Snapshot) -> String {
    let checks: Vec<CheckKept> = evidence.checks.iter().map(CheckKept::from).collect();
    let text = serde_json::to_string(&(checks, snapshot)).expect("checks and a snapshot are plain values");
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn handed(fate: &Fate) -> bool {
    fate.standing.as_ref().is_some_and(|record| record.outcome == Outcome::SelfAdministered)
}

fn taken(fate: &Fate) -> Taken {
    let key = &fate.dose.key;
    Taken { on: key.on, medicine: key.medicine.clone(), given: fate.standing.as_ref().map(|standing| standing.given) }
}

/// A dose without a record counts once its time to be recorded has passed.
fn not_given(fate: &Fate, no_record_before: DateTime<Utc>) -> Option<NotGiven> {
    let standing = fate.standing.as_ref();
    let as_ordered = match standing {
        Some(standing) => standing.outcome.whole() && fate.may_be_lost().is_none(),
        None => fate.dose.due_at >= no_record_before,
    };
    let key = &fate.dose.key;
    (!as_ordered).then(|| NotGiven {
        on: key.on,
        slot: key.slot,
        medicine: key.medicine.clone(),
        amount: fate.dose.level.amount,
        given: standing.map(|standing| standing.given).unwrap_or_default(),
        outcome: standing.map(|standing| standing.outcome),
        reason: standing.and_then(|standing| reason_text(&standing.reason)).unwrap_or_default().to_owned(),
        vomited_minutes: standing.zip(fate.may_be_lost()).map(|(standing, one)| one.minutes_after(standing.given_at)),
    })
}

fn signs(conn: &mut Conn, evidence: &Evidence) -> Result<Vec<SignKept>, StoreError> {
    let releases = evidence.signs.iter().filter_map(|file| file.released.as_ref());
    let by: BTreeSet<&str> = releases.map(|release| release.released_by.as_str()).collect();
    let names = people::names_of(conn, &by)?;
    let released = |release: &Release| ReleaseKept {
        at: release.released_at,
        by: names.get(&release.released_by).cloned().unwrap_or_default(),
        why: release.rationale.clone(),
    };
    let kept = |file: &SignFile| SignKept {
        sign: file.sign.sign,
        seen_at: file.sign.seen_at,
        note: file.sign.note.clone(),
        released: file.released.as_ref().map(released),
    };
    Ok(evidence.signs.iter().map(kept).collect())
}

/// The urgent orders and the steps back since the last reduction, and at least of the last weeks.
fn orders(conn: &mut Conn, found: &Found) -> Result<Vec<OrderKept>, StoreError> {
    let since = told_since(&found.case.course, found.case.today);
    let is_order = |fact: &&PlanFact| matches!(fact.act, PlanAct::Ordered { .. } | PlanAct::SteppedBack { .. });
    let lately = || found.file.facts.iter().rev().filter(is_order).filter(|fact| fact.on >= since);
    let by: BTreeSet<&str> = lately().map(PlanFact::decided_by).collect();
    let names = people::names_of(conn, &by)?;
    let kept = |fact: &PlanFact| OrderKept {
        at: fact.at,
        by: names.get(fact.decided_by()).cloned().unwrap_or_default(),
        ordered: fact.act.clone(),
        why: fact.rationale.clone(),
    };
    Ok(lately().map(kept).collect())
}

/// The alert that stands, and what was done about those of the days that are told one by one.
fn alerts(conn: &mut Conn, found: &Found, now: DateTime<Utc>) -> Result<Vec<AlertKept>, StoreError> {
    let plan = &found.file.plan;
    let standing = alert_find(conn, &found.facility, (&plan.id, &plan.resident), now)?;
    let since = found.facility.zone.at(days_before(found.case.today, DAYS - 1), Slot::MIDNIGHT);
    let before = acknowledgements_since(conn, &plan.id, since)?;
    let by: BTreeSet<&str> = before.iter().map(|one| one.acknowledged_by.as_str()).collect();
    let names = people::names_of(conn, &by)?;
    let unanswered = standing.map(|one| one.alert).map(|alert| AlertKept {
        since: alert.since,
        because: alert.because,
        done: String::new(),
        by: String::new(),
    });
    let answered = before.into_iter().map(|one| AlertKept {
        by: names.get(&one.acknowledged_by).cloned().unwrap_or_default(),
        since: one.since,
        because: one.because,
        done: one.done,
    });
    Ok(unanswered.into_iter().chain(answered).collect())
}

fn as_needed(conn: &mut Conn, plan: &Plan, since: DateTime<Utc>) -> Result<Vec<AsNeededKept>, StoreError> {
    let doses = doses_of_resident(conn, &plan.resident, since)?;
    let ids: Vec<String> = doses.iter().map(|dose| dose.id.clone()).collect();
    let effects = effects_of(conn, &ids)?;
    let effect = |id: &str| effects.get(id).map(|noted| noted.effect.title().to_owned()).unwrap_or_default();
    let kept = doses.into_iter().map(|dose| AsNeededKept {
        effect: effect(&dose.id),
        given_at: dose.given_at,
        medicine: dose.medicine,
        given: dose.given,
        why: dose.why,
    });
    Ok(kept.collect())
}

fn in_error(conn: &mut Conn, plan: &Plan, since: DateTime<Utc>) -> Result<Vec<InErrorKept>, StoreError> {
    let kept = |incident: Incident| InErrorKept {
        given_at: incident.given_at,
        medicine: incident.medicine,
        given: incident.given,
        mistake: incident.mistake,
        what: incident.what,
    };
    Ok(incidents_since(conn, &plan.resident, since)?.into_iter().map(kept).collect())
}

fn scores(conn: &mut Conn, evidence: &Evidence) -> Result<Vec<ScoreKept>, StoreError> {
    let by: BTreeSet<&str> = evidence.scores.iter().map(|score| score.recorded_by.as_str()).collect();
    let names = people::names_of(conn, &by)?;
    Ok(evidence.scores.iter().map(|score| score.kept(&names)).collect())
}

/// How long there is enough of each medicine of the plan, as the dose is and along the reduction.
fn supply(conn: &mut Conn, found: &Found, resident: &Resident, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let holder = found.facility.register.held_by.holder(&resident.id, &resident.unit);
    let outlooks = outlooks_held(conn, &found.facility, &holder, now)?;
    let medicines = found.file.plan.medicines();
    let of_plan = medicines.iter().filter_map(|medicine| outlooks.of(&holder, medicine));
    Ok(of_plan.map(|outlook| outlook.told(outlooks.rules)).collect())
}

/// What each new dose is counted out from, and the products of its medicines in stock.
fn made(conn: &mut Conn, facility: &Facility, evidence: &Evidence) -> Result<(Vec<Made>, Vec<String>), StoreError> {
    let shelves = facilities::shelves_load(conn, &facility.id)?;
    let doses = evidence.to.doses().map(|dose| {
        let pieces = shelves.of(&dose.medicine).pieces(dose.amount);
        Made { slot: dose.slot, medicine: dose.medicine, amount: dose.amount, pieces }
    });
    let medicines: BTreeSet<_> = evidence.from.doses().chain(evidence.to.doses()).map(|dose| dose.medicine).collect();
    let stock =
        medicines.iter().flat_map(|medicine| shelves.of(medicine).products()).map(|product| product.full_name.clone());
    Ok((doses.collect(), stock.collect()))
}
