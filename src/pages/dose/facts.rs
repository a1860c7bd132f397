//! Everything the page of a dose shows, read at one moment of the database.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::care::amount::Amount;
use crate::care::calendar::days_after;
use crate::care::facility::{Facility, Unit};
use crate::care::gap::Gap;
use crate::care::incident::Incident;
use crate::care::medicine::tablets::Pieces;
use crate::care::people::Role;
use crate::care::register::source::Source;
use crate::care::resident::Resident;
use crate::care::round::as_needed::limits::WINDOW;
use crate::care::round::due::Urgency;
use crate::care::round::identity::IdentityCase;
use crate::care::round::interval::Interval;
use crate::care::round::left::Left;
use crate::care::round::ordered::OrderedSince;
use crate::care::round::vomit::Vomited;
use crate::care::severe_sign::{SevereSign, Withheld};
use crate::care::taper::level::{Course, PlanAct, PlanFact};
use crate::store::absences::{elsewhere_since, residents_here};
use crate::store::as_needed::doses_of_resident;
use crate::store::beside::{beside, beside_of_others, given_under_another};
use crate::store::db::Conn;
use crate::store::doses::{self, Administration, DoseFile, DoseRecords, Fate};
use crate::store::identity::{Identifying, identifying_load};
use crate::store::incidents::incidents_since;
use crate::store::letters::gaps_of;
use crate::store::photos::digest_find;
use crate::store::plans::{self, PlanFile};
use crate::store::registers::{Taker, stock_load};
use crate::store::taper_alerts::{StandingAlert, alert_find};
use crate::store::{StoreError, facilities, people, residents, severe_signs};
use crate::web::parts::initials;
use crate::web::parts::orders::prescriber;
use crate::web::parts::pause::Pausable;
use crate::web::parts::struck::named;

/// What the page of a dose is made from.
pub struct Facts {
    pub now: DateTime<Utc>,
    pub dose: DoseFile,
    pub facility: Facility,
    pub unit: Unit,
    pub resident: Resident,
    /// There is a photo of the resident.
    pub photo: bool,
    /// Everybody else who lives in the facility, each with the name of their unit.
    pub others: Vec<(Resident, String)>,
    pub plan: PlanFile,
    pub course: Course,
    pub standing: Option<Administration>,
    /// Every record of the dose, those that no longer stand among them.
    pub records: DoseRecords,
    /// What was seen after it.
    pub vomited: Vec<Vomited>,
    /// The last dose of this medicine that the resident took.
    pub last: Option<Administration>,
    /// What the resident was given of it lately beside the scheduled doses.
    pub apart: Vec<Apart>,
    /// The next that nobody has recorded.
    pub next: Option<DoseFile>,
    /// Of a dose whose window is over: those after it that were recorded and not given whole.
    pub left_out: Vec<Administration>,
    /// None: it cannot be made from what is in stock.
    pub pieces: Option<Pieces>,
    /// Of a dose that can be given: what the register says of its pieces.
    pub source: Option<Source>,
    /// A signed reduction whose first dose nobody has recorded.
    pub pausable: Option<Pausable>,
    /// A prescriber ordered less after its time had come.
    pub ordered: Option<OrderedSince>,
    /// Of a void dose: the resident left after its window had opened.
    pub left: Option<Left>,
    /// Of a dose that was due before that: the resident has left since, and is away.
    pub away: Option<Left>,
    /// Of a dose whose window is over: how near it comes to the doses beside it; of one on time: to one given elsewhere.
    pub interval: Option<Interval>,
    /// Who may give their word on it: the ids and names of the prescribers here.
    pub prescribers: Vec<(String, String)>,
    /// The plan’s taper alert that nobody has acknowledged.
    pub alert: Option<StandingAlert>,
    /// The database was put back from a copy, and knows nothing of the time in which it may have been given.
    pub gap: Option<Gap>,
    /// The resident’s severe signs that no prescriber has released.
    pub signs: Vec<SevereSign>,
    /// What the resident was given in error in the last 24 hours, as far as it stands.
    pub in_error: Vec<Incident>,
    /// Where the facility wants it scanned who is given it.
    pub identifying: Identifying,
    /// The printed names of everybody who appears.
    pub names: HashMap<String, String>,
}

/// What was given longer ago is told by the history.
const LATELY: TimeDelta = TimeDelta::days(2);

/// Something of the medicine that was given, and how: `as needed, ND`, `elsewhere`.
#[derive(Debug, Clone)]
pub struct Apart {
    pub at: DateTime<Utc>,
    pub given: Amount,
    pub how: String,
}

/// Why a dose that is due is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// A severe sign stops every sedative of the resident.
    Withheld(Withheld),
    /// The resident came back, and no prescriber has decided the dose.
    Undecided,
    /// A prescriber ordered less after its time had come.
    Ordered(OrderedSince),
    /// The resident left: only what was taken before is written down.
    Away(Left),
}

impl Barred {
    /// Nothing of the dose may be given.
    pub fn leaves_nothing(self) -> bool {
        !matches!(self, Barred::Ordered(OrderedSince { most, .. }) if !most.is_zero())
    }

    pub fn word(self) -> &'static str {
        match self {
            Barred::Undecided => "Decision needed",
            Barred::Away(_) => "Away",
            barred if barred.leaves_nothing() => "Do not give",
            _ => "Give less",
        }
    }
}

/// The facts of a dose; none where it belongs to no facility of theirs.
pub fn load(conn: &mut Conn, mine: &[Facility], id: &str, now: DateTime<Utc>) -> Result<Option<Facts>, StoreError> {
    let dose = doses::dose_load(conn, id)?;
    let Some(facility) = mine.iter().find(|facility| facility.id == dose.facility).cloned() else { return Ok(None) };
    let plan = plans::plan_load(conn, &dose.plan)?;
    let course = plan.course();
    let resident = residents::resident_load(conn, &dose.resident)?;
    let units = facilities::units_of(conn, &facility.id)?;
    let records = doses::dose_records(conn, id)?;
    let standing = records.standing().cloned();
    let last = doses::last_given_find(conn, &dose.resident, &dose.key.medicine, now)?;
    let amount = standing.as_ref().map_or(dose.level.amount, |standing| standing.planned);
    let taker =
        Taker { facility: &facility, resident: &resident.id, unit: &resident.unit, medicine: &dose.key.medicine };
    let stock = stock_load(conn, &taker, amount)?;
    let source = stock.source.filter(|_| standing.is_none());
    let mut people = everybody(&plan, last.iter());
    people.extend(named(&records));
    people.extend(records.all.iter().filter_map(|record| record.word.as_ref()).map(|word| word.by.as_str()));
    let vomited = doses::vomits_of(conn, std::slice::from_ref(&dose.id))?.remove(&dose.id).unwrap_or_default();
    people.extend(vomited.iter().map(|one| one.noted_by.as_str()));
    let names = people::names_of(conn, &people)?;
    let unit = units.iter().find(|unit| unit.id == resident.unit).cloned();
    let identifying = identifying_load(conn, &facility, &resident)?;
    let interval = interval(conn, &dose, &plan, &facility, now)?;
    Ok(Some(Facts {
        now,
        pieces: source.as_ref().map(|source| source.pieces.clone()).or_else(|| stock.shelf.pieces(amount)),
        source,
        next: next(conn, &dose, &facility, now)?,
        left_out: left_out(conn, &dose, &facility, now)?,
        pausable: pausable(conn, &plan, &course, facility.zone.day(now))?,
        ordered: OrderedSince::by(&course, &plan.facts, &dose.key, dose.level.amount),
        left: Left::before(&course, &dose.key, facility.windows, facility.zone).filter(|_| dose.void),
        away: if dose.void { None } else { doses::away_load(conn, &dose.resident)? },
        others: others(conn, &facility, &units, &resident)?,
        prescribers: prescribers(conn, interval.as_ref(), &facility, now)?,
        interval,
        apart: apart(conn, &dose, now)?,
        alert: alert_find(conn, &facility, (&plan.plan.id, &resident.id), now)?,
        gap: gap(conn, &dose, &facility)?,
        signs: severe_signs::signs_open_of(conn, &resident.id)?,
        in_error: incidents_since(conn, &resident.id, now - WINDOW)?,
        photo: digest_find(conn, &resident.id)?.is_some(),
        unit: unit.ok_or_else(|| StoreError::Corrupt(format!("unit of resident {}", resident.id)))?,
        dose,
        resident,
        plan,
        course,
        standing,
        vomited,
        records,
        last,
        identifying,
        names,
        facility,
    }))
}

fn gap(conn: &mut Conn, dose: &DoseFile, facility: &Facility) -> Result<Option<Gap>, StoreError> {
    let opens_at = facility.windows.opens_at(dose.due_at);
    let mut gaps = if dose.recorded { Vec::new() } else { gaps_of(conn, &facility.id)? };
    gaps.retain(|gap| gap.may_hide(opens_at, dose.due_at));
    Ok(gaps.into_iter().next())
}

fn everybody<'a>(plan: &'a PlanFile, records: impl Iterator<Item = &'a Administration>) -> BTreeSet<&'a str> {
    let deciders = plan.facts.iter().flat_map(|fact| [fact.by.as_str(), prescriber(fact)]);
    deciders.chain(records.flat_map(Administration::people)).collect()
}

fn interval(
    conn: &mut Conn,
    dose: &DoseFile,
    plan: &PlanFile,
    facility: &Facility,
    now: DateTime<Utc>,
) -> Result<Option<Interval>, StoreError> {
    let beside = if is_late(dose, facility, now) { beside(conn, dose)? } else { beside_of_others(conn, dose)? };
    let least_hours = plan.plan.late_rule().least_hours;
    Ok(Some(Interval { least_hours, beside }).filter(|one| !dose.recorded && !one.beside.is_empty()))
}

/// What was given beside the scheduled doses counts as a last dose too.
fn apart(conn: &mut Conn, dose: &DoseFile, now: DateTime<Utc>) -> Result<Vec<Apart>, StoreError> {
    let since = now - LATELY;
    let mut given = doses_of_resident(conn, &dose.resident, since)?;
    given.retain(|one| one.medicine == dose.key.medicine);
    let names = people::names_of(conn, &given.iter().map(|one| one.giver()).collect())?;
    let by = |id: &str| names.get(id).map(|name| initials(name)).unwrap_or_default();
    let as_needed = given.iter().map(|one| {
        let how = format!("as needed, {}", by(one.giver()));
        Apart { at: one.given_at, given: one.given, how }
    });
    let elsewhere = elsewhere_since(conn, &dose.resident, &dose.plan, since)?;
    let elsewhere = elsewhere.map(|(at, given)| Apart { at, given, how: "elsewhere".to_owned() });
    let before = given_under_another(conn, dose, since)?.into_iter();
    let before = before.map(|(at, given)| Apart { at, given, how: "under the plan before".to_owned() });
    Ok(as_needed.chain(elsewhere).chain(before).collect())
}

fn is_late(dose: &DoseFile, facility: &Facility, now: DateTime<Utc>) -> bool {
    !dose.recorded && facility.windows.urgency(dose.due_at, now) == Urgency::Overdue
}

/// Whoever may be asked for their word, where another dose may be too near.
fn prescribers(
    conn: &mut Conn,
    interval: Option<&Interval>,
    facility: &Facility,
    now: DateTime<Utc>,
) -> Result<Vec<(String, String)>, StoreError> {
    if interval.is_none() {
        return Ok(Vec::new());
    }
    let staff = people::staff_of(conn, &facility.id)?.into_iter();
    let here = staff.filter(|(one, roles)| {
        let prescribes = roles.iter().any(|role| role.role == Role::Prescriber && role.in_force(now));
        prescribes && one.disabled_at.is_none()
    });
    Ok(here.map(|(one, _)| (one.id, one.name)).collect())
}

/// The dose after this one; of a dose long past, the first that can still be given.
fn next(
    conn: &mut Conn,
    dose: &DoseFile,
    facility: &Facility,
    now: DateTime<Utc>,
) -> Result<Option<DoseFile>, StoreError> {
    let late = TimeDelta::minutes(i64::from(facility.windows.late_minutes));
    doses::next_dose_find(conn, &dose.plan, &dose.key.medicine, dose.due_at.max(now - late))
}

/// Why a later dose was not given may be why this one is not given either.
fn left_out(
    conn: &mut Conn,
    dose: &DoseFile,
    facility: &Facility,
    now: DateTime<Utc>,
) -> Result<Vec<Administration>, StoreError> {
    if !is_late(dose, facility, now) {
        return Ok(Vec::new());
    }
    let fates = doses::fates_between(conn, &dose.plan, (dose.key.on, days_after(dose.key.on, 1)))?;
    let later = |fate: &Fate| fate.dose.due_at > dose.due_at && fate.dose.key.medicine == dose.key.medicine;
    let recorded = fates.into_iter().filter(later).filter_map(|fate| fate.standing);
    Ok(recorded.filter(|record| !record.outcome.whole()).collect())
}

fn others(
    conn: &mut Conn,
    facility: &Facility,
    units: &[Unit],
    resident: &Resident,
) -> Result<Vec<(Resident, String)>, StoreError> {
    let names: BTreeMap<&str, &str> = units.iter().map(|unit| (unit.id.as_str(), unit.name.as_str())).collect();
    let all = residents_here(conn, &facility.id)?;
    let others = all.into_iter().filter(|other| other.id != resident.id);
    Ok(others.map(|r| (r.clone(), names.get(r.unit.as_str()).copied().unwrap_or_default().to_owned())).collect())
}

fn pausable(
    conn: &mut Conn,
    plan: &PlanFile,
    course: &Course,
    today: NaiveDate,
) -> Result<Option<Pausable>, StoreError> {
    let Some(signed) = Pausable::of(&plan.plan, course, today) else { return Ok(None) };
    let begun = doses::recorded_under(conn, (&signed.plan, signed.effective_on), &signed.signature)?;
    Ok((!begun).then_some(signed))
}

impl Facts {
    /// It is of a day before today, and too late to be given: what happened then can be recorded. A night's dose that was
    /// due before midnight is late like any other, until the next one is nearer than the plan allows.
    pub fn past(&self) -> bool {
        let least = TimeDelta::hours(self.plan.plan.late_rule().least_hours.into());
        let near = self.next.as_ref().is_none_or(|next| next.due_at - self.now < least);
        let before_today = self.dose.key.on < self.facility.zone.day(self.now);
        before_today && (near || self.now - self.dose.due_at >= WINDOW)
    }

    pub fn identity(&self) -> IdentityCase<'_> {
        self.identifying.case(&self.facility, &self.resident, self.pieces.as_ref(), self.now)
    }

    /// Why it is not given now, although it is due.
    pub fn barred(&self) -> Option<Barred> {
        let open = self.standing.is_none() && !self.is_gone() && !self.dose.level.amount.is_zero();
        let away = self.left.or(self.away).map(Barred::Away);
        let withheld = Withheld::by(&self.signs).map(Barred::Withheld);
        let since = self.ordered.map(|order| if order.undecided { Barred::Undecided } else { Barred::Ordered(order) });
        let undecided = self.dose.level.undecided.then_some(Barred::Undecided);
        away.or(withheld).or(undecided).or(since).filter(|_| open)
    }

    /// It is no longer part of the plan, and nothing of it can be recorded.
    pub fn is_gone(&self) -> bool {
        self.dose.void && self.left.is_none()
    }

    pub fn name(&self, person: &str) -> &str {
        self.names.get(person).map_or("", String::as_str)
    }

    /// The amount to give; of a recorded dose, the amount that was planned when it was recorded.
    pub fn amount(&self) -> Amount {
        self.standing.as_ref().map_or(self.dose.level.amount, |standing| standing.planned)
    }

    /// The approval or signature that authorises the dose.
    pub fn authority(&self) -> Option<&PlanFact> {
        self.plan.facts.iter().find(|fact| fact.id == self.dose.level.authorised_by)
    }

    /// Whose urgent order the dose stands on.
    pub fn ordered_by(&self) -> Option<&str> {
        let order = self.course.order_behind(&self.plan.facts, &self.dose.level.authorised_by);
        order.map(|order| self.name(prescriber(order)))
    }

    /// Who approved the plan last: the prescriber to call.
    pub fn prescriber(&self) -> &str {
        let approval = self.plan.facts.iter().rev().find(|fact| matches!(fact.act, PlanAct::Approved { .. }));
        approval.map_or("the prescriber", |fact| self.name(&fact.by))
    }

    /// The last amount of this slot, where a decision has changed it and this is the first dose since.
    pub fn changed_from(&self) -> Option<Amount> {
        let key = &self.dose.key;
        self.course.changed_from(key.on, key.slot, &key.medicine).filter(|from| *from != self.dose.level.amount)
    }
}
