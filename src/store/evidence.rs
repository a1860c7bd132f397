//! What a pharmacist sees before signing, and what the signature keeps of it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;

use super::as_needed::doses_of_resident;
use super::assessments::{Assessment, assessments_before};
use super::cases::Found;
use super::doses::{may_be_lost, standings_of, vomits_of};
use super::incidents::incidents_since;
use super::schema::doses;
use super::severe_signs::signs_of_resident_since;
use super::{Conn, StoreError, facilities, people, residents};
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, Zone, day_text, days_before};
use crate::care::exact::Exact;
use crate::care::medicine::shelves::Shelves;
use crate::care::people::Staff;
use crate::care::round::assessment_due::FRESH;
use crate::care::severe_sign::SignFile;
use crate::care::taper::daily::Daily;
use crate::care::taper::guideline::{Adherence, AsNeededUse, Check, LastScore, Passage};
use crate::care::taper::level::{Course, PlanAct, Reduction, Stage};
use crate::care::taper::plan::{Plan, Regimen};
use crate::care::taper::reduction::Decision;
use crate::care::taper::snapshot::{Snapshot, told_since};
use crate::care::taper::statement::{Change, Statement, meaning};

/// How it went lately.
#[derive(Debug, Clone)]
pub struct Lately {
    /// Since the last change.
    pub adherence: Adherence,
    pub as_needed: AsNeededUse,
    /// The last assessments, the newest first; none where the facility asks for no scores.
    pub scores: Vec<Assessment>,
    /// The severe signs since the last reduction, and at least of the last weeks, the newest first.
    pub signs: Vec<SignFile>,
}

/// What a decision about the reduction that waits rests on.
#[derive(Debug, Clone)]
pub struct Evidence {
    pub from: Regimen,
    pub to: Regimen,
    /// What a day comes to, before and after.
    pub daily: (Daily, Daily),
    /// The passage in words, with its nights without.
    pub change: Change,
    /// Doses since the last change.
    pub adherence: Adherence,
    pub as_needed: AsNeededUse,
    /// The last assessments, the newest first; none where the facility asks for no scores.
    pub scores: Vec<Assessment>,
    /// The severe signs since the last reduction, and at least of the last weeks, the newest first.
    pub signs: Vec<SignFile>,
    pub checks: Vec<Check>,
}

impl Evidence {
    /// None where no reduction waits.
    pub fn new(
        found: &Found,
        lately: Lately,
        effective_on: NaiveDate,
        shelves: &Shelves,
        now: DateTime<Utc>,
    ) -> Option<Evidence> {
        let course = &found.case.course;
        let (open, stage) = course.waiting().zip(course.stages.last())?;
        let (from, to) = (open.from.regimen().clone(), open.to.regimen().clone());
        let mut doses = open.to.cycle.iter().flat_map(|regimen| regimen.doses());
        let makeable =
            doses.all(|dose| dose.amount.is_zero() || shelves.of(&dose.medicine).pieces(dose.amount).is_some());
        let score = found.facility.scores.is_on().then(|| last_score(&lately.scores, found.facility.zone, now));
        let passage = Passage {
            smallest: shelves.of(found.file.plan.last_medicine()).smallest(),
            makeable,
            score,
            ..passage(found, open, stage, effective_on, &lately)
        };
        let daily = (found.file.plan.daily(&open.from), found.file.plan.daily(&open.to));
        let change = Change::new(&found.file.plan, &open.from, &open.to);
        let Lately { adherence, as_needed, scores, signs } = lately;
        Some(Evidence { checks: passage.checks(), adherence, as_needed, scores, signs, from, to, daily, change })
    }

    /// Some check wants a written reason.
    pub fn needs_reason(&self) -> bool {
        self.checks.iter().any(|check| !check.passed)
    }
}

/// The evidence on the reduction that waits, were it to take effect on a day. None where none waits.
pub fn evidence_load(
    conn: &mut Conn,
    found: &Found,
    effective_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<Evidence>, StoreError> {
    let Some(since) = found.case.course.level_since() else { return Ok(None) };
    let no_record_before = found.facility.no_record_before(now);
    let adherence = adherence_load(conn, &found.file.plan.id, since, no_record_before)?;
    let shelves = facilities::shelves_load(conn, &found.facility.id)?;
    let as_needed = as_needed_load(conn, &found.file.plan, now)?;
    let scores = match found.facility.scores.scale.as_str() {
        "" => Vec::new(),
        scale => assessments_before(conn, &found.file.plan.resident, scale, now, SCORES)?,
    };
    let told_from = found.facility.zone.at(told_since(&found.case.course, found.case.today), Slot::MIDNIGHT);
    let signs = signs_of_resident_since(conn, &found.file.plan.resident, told_from)?;
    Ok(Evidence::new(found, Lately { adherence, as_needed, scores, signs }, effective_on, &shelves, now))
}

/// So many assessments are looked at.
const SCORES: i64 = 6;

/// The last complete one of some, the newest first.
fn last_score(scores: &[Assessment], zone: Zone, now: DateTime<Utc>) -> LastScore {
    let Some(last) = scores.iter().find(|score| score.total.is_some()) else {
        let found = if scores.is_empty() { "never scored" } else { "no complete score" };
        return LastScore { found: found.to_owned(), fresh: false };
    };
    let at = zone.local(last.assessed_at);
    let band = last.band.as_ref().map(|band| format!(", {band}")).unwrap_or_default();
    let found =
        format!("{} {}{band}, {} {}", last.scale_name, last.total_text(), day_text(at.date()), at.format("%H:%M"));
    LastScore { found, fresh: now - last.assessed_at <= FRESH }
}

fn passage(found: &Found, open: &Reduction, stage: &Stage, starts_on: NaiveDate, lately: &Lately) -> Passage {
    let (plan, course) = (&found.file.plan, &found.case.course);
    let changed = course.stages.iter().any(|other| other.step.cycle != stage.step.cycle);
    let first_reduced = course.stages.iter().find(|stage| stage.n.is_some());
    Passage {
        from: plan.average(&open.from),
        to: plan.average(&open.to),
        highest_in_14_days: highest_in_14_days(plan, course, starts_on),
        counted_in: plan.conversion.as_ref().map(|conversion| conversion.to.clone()),
        last_dose: open.from.daily(),
        starts_on,
        last_change_on: changed.then_some(stage.counts_from),
        taper_began_on: first_reduced.map_or(starts_on, |stage| stage.from.on),
        smallest: None,
        makeable: false,
        adherence: Some(lately.adherence),
        as_needed: Some(lately.as_needed),
        severe_signs: Some(lately.signs.len()),
        score: None,
    }
}

/// The highest level in force on any of the 14 days before a day; the baseline before the plan began. A level that was ordered
/// or interrupted meanwhile takes nothing away from it.
fn highest_in_14_days(plan: &Plan, course: &Course, starts_on: NaiveDate) -> Exact {
    let days = (1..=14).map(|back| days_before(starts_on, back));
    let in_force = |on| course.stages_of(on).map(|stage| &stage.step).collect::<Vec<_>>();
    let baseline = |on| course.stage_on(on).is_none().then(|| plan.step(0)).flatten();
    let levels = days.flat_map(|on| in_force(on).into_iter().chain(baseline(on)));
    levels.map(|step| plan.average(step)).max().unwrap_or(Amount::ZERO.into())
}

/// How often a plan’s resident was given something as needed in the last two weeks, and a tapered medicine in error.
fn as_needed_load(conn: &mut Conn, plan: &Plan, now: DateTime<Utc>) -> Result<AsNeededUse, StoreError> {
    let doses = doses_of_resident(conn, &plan.resident, now - TimeDelta::days(14))?;
    let last_week = || doses.iter().filter(|dose| dose.given_at > now - TimeDelta::days(7));
    let a_week_ago = now - TimeDelta::days(7);
    let wrongly = incidents_since(conn, &plan.resident, a_week_ago)?.into_iter();
    let of_plan = wrongly.filter(|one| one.given_at > a_week_ago && plan.medicines().contains(&one.medicine));
    Ok(AsNeededUse {
        in_error: of_plan.count() as u32,
        last_week: last_week().count() as u32,
        week_before: (doses.len() - last_week().count()) as u32,
        of_tapered: last_week().filter(|dose| plan.medicines().contains(&dose.medicine)).count() as u32,
    })
}

/// How many of a plan's doses from a day on were given and stayed, of those that were recorded or have no record. A dose that is due
/// and may still be recorded counts for nothing yet.
pub fn adherence_load(
    conn: &mut Conn,
    plan: &str,
    from: NaiveDate,
    no_record_before: DateTime<Utc>,
) -> Result<Adherence, StoreError> {
    let settled = doses::recorded.eq(true).or(doses::due_at.lt(no_record_before.naive_utc()));
    let ids: Vec<String> = doses::table
        .filter(doses::plan.eq(plan).and(doses::on_date.ge(from)).and(settled))
        .filter(doses::void.eq(false).and(doses::recorded.eq(true).or(doses::amount_ug.gt(0))))
        .select(doses::id)
        .load(conn)?;
    let standings = standings_of(conn, &ids)?;
    let vomits = vomits_of(conn, &ids)?;
    let lost = |dose: &str, standing| vomits.get(dose).is_some_and(|seen| may_be_lost(standing, seen).is_some());
    let whole = standings.iter().filter(|(_, standing)| standing.outcome.whole());
    let (vomited, kept): (Vec<_>, Vec<_>) = whole.partition(|(dose, standing)| lost(dose, standing));
    Ok(Adherence { given: kept.len() as u32, planned: ids.len() as u32, vomited: vomited.len() as u32 })
}

/// The statement of a signature, as it was on the screen.
pub fn statement_new(
    conn: &mut Conn,
    found: &Found,
    by: &Staff,
    (evidence, snapshot): (Evidence, Snapshot),
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<Statement, StoreError> {
    let plan = &found.file.plan;
    let resident = residents::resident_load(conn, &plan.resident)?;
    let signer = people::person_load(conn, &by.person)?;
    let (n, effective_on) = match decision.act {
        PlanAct::Signed { n, effective_on, .. } => (n, effective_on),
        _ => return Err(StoreError::Corrupt("a statement belongs to a signature".to_owned())),
    };
    let (from, to) = &evidence.daily;
    Ok(Statement {
        meaning: meaning(&plan.named(), from, to, evidence.to.slots().first().copied(), effective_on),
        signer: signer.name,
        registration: signer.registration,
        signed_at: now,
        resident: resident.name(),
        resident_number: resident.number,
        born_on: resident.born_on,
        medicine: plan.named(),
        plan_version: plan.version,
        n,
        from: evidence.from.clone(),
        to: evidence.to.clone(),
        change: Some(evidence.change.clone()),
        effective_on,
        rationale: decision.rationale.clone(),
        flags_reason: decision.flags_reason.clone(),
        checks: evidence.checks.iter().map(Into::into).collect(),
        snapshot: Some(snapshot),
    })
}
