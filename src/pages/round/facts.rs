//! Everything a round's page shows, read at one moment of the database, in as many queries for sixty residents as for one.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::Asked;
use crate::care::absence::Absence;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, days_after, days_before};
use crate::care::facility::{Facility, Unit};
use crate::care::gap::Gap;
use crate::care::leap::{SetBack, WentAhead};
use crate::care::medicine::shelves::Shelves;
use crate::care::resident::Resident;
use crate::care::round::assessment_due::Standing;
use crate::care::round::due::{RoundOf, opened_round};
use crate::care::round::ordered::OrderedSince;
use crate::care::round::vomit::Vomited;
use crate::care::severe_sign::{SignFile, Withheld};
use crate::care::taper::fact::PlanFact;
use crate::care::taper::level::Course;
use crate::store::as_needed::AsNeededDose;
use crate::store::assessments::{DueHere, dues_load};
use crate::store::db::Conn;
use crate::store::doses::{self, Administration, DoseFile};
use crate::store::letters::{gaps_of, went_ahead_find};
use crate::store::photos::photographed;
use crate::store::taper_alerts::{StandingAlert, alerts_load};
use crate::store::{StoreError, absences, as_needed, bells, facilities, people, plans, residents, severe_signs};
use crate::web::parts::orders::prescriber;
use crate::web::parts::severe::OpenSigns;

/// What a round's page is made from.
pub struct Facts {
    pub now: DateTime<Utc>,
    pub facility: Facility,
    pub unit: Unit,
    /// Every unit the nurse may choose from.
    pub units: Vec<Unit>,
    /// The round that was asked for; none: the round of this hour.
    pub asked: Option<RoundOf>,
    /// A dose that was recorded a moment ago.
    pub just_recorded: Option<String>,
    /// Of the whole facility: names are compared with all of them.
    pub residents: Vec<Resident>,
    /// Of whom there is a photo.
    pub photographed: HashSet<String>,
    /// The unit's doses of the days around the round, and those of earlier days that nobody recorded.
    pub doses: Vec<DoseFile>,
    /// What stands recorded of those that may be shown.
    pub standings: HashMap<String, Administration>,
    /// What was seen after doses, by the dose.
    pub vomited: HashMap<String, Vec<Vomited>>,
    /// The printed names of whoever recorded.
    pub names: HashMap<String, String>,
    pub shelves: Shelves,
    /// Whose urgent orders the doses here stand on, by the facts that authorise them.
    pub orders: HashMap<String, String>,
    /// Of the doses that nobody recorded: of which a prescriber has ordered less since.
    pub ordered: HashMap<String, OrderedSince>,
    /// Of the doses whose slot gave nothing the day before: the last amount, where a decision has changed it since.
    pub changed: HashMap<String, Amount>,
    /// Who is away.
    pub away: HashMap<String, Absence>,
    /// The severe signs of the unit that no prescriber has released.
    pub signs: Vec<SignFile>,
    /// The taper alerts of the unit that nobody has acknowledged.
    pub alerts: Vec<StandingAlert>,
    pub bell: Option<DateTime<Utc>>,
    /// The bell cannot work out the facility's letters.
    pub unreckoned: bool,
    /// The clock went ahead, and nobody has said yet that it is right.
    pub ahead: Option<WentAhead>,
    /// The clock was set back, and has not come again to where it was.
    pub set_back: Option<SetBack>,
    /// Of what the database knows nothing, since it was put back from a copy.
    pub gaps: Vec<Gap>,
    /// The unit's as-needed doses of the last day whose effect nobody has noted, the first given first.
    pub effects: Vec<AsNeededDose>,
    /// The residents for whom something may be given as needed.
    pub as_needed: BTreeSet<String>,
    /// Who of the unit is to be scored now.
    pub to_score: Vec<DueHere>,
}

/// The facts of the round asked for; none where the unit is not one of theirs.
pub fn load(
    conn: &mut Conn,
    mine: &[Facility],
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<Option<Facts>, StoreError> {
    let mut units = Vec::new();
    for facility in mine {
        units.extend(facilities::units_of(conn, &facility.id)?);
    }
    let chosen = match &asked.unit {
        Some(id) => units.iter().find(|unit| unit.id == *id),
        None => units.first(),
    };
    let Some(unit) = chosen.cloned() else { return Ok(None) };
    let Some(facility) = mine.iter().find(|facility| facility.id == unit.facility).cloned() else { return Ok(None) };
    let residents = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let here: Vec<String> = residents.iter().filter(|one| one.unit == unit.id).map(|one| one.id.clone()).collect();
    let round = round_asked(&facility, &unit, asked, now);
    let doses = doses_around(conn, &facility, &unit, &residents, round, asked, now)?;
    let from = first_shown(&facility, &unit, round, now);
    let shown = |dose: &&DoseFile| dose.recorded && (dose.key.on >= from || asked.recorded.as_ref() == Some(&dose.id));
    let recorded: Vec<String> = doses.iter().filter(shown).map(|dose| dose.id.clone()).collect();
    let standings = doses::standings_of(conn, &recorded)?;
    let mut signs = severe_signs::signs_open_in(conn, std::slice::from_ref(&facility.id))?;
    signs.retain(|file| residents.iter().any(|r| r.id == file.sign.resident && r.unit == unit.id));
    let by: BTreeSet<&str> = standings.values().flat_map(Administration::people).collect();
    Ok(Some(Facts {
        now,
        names: people::names_of(conn, &by)?,
        vomited: doses::vomits_of(conn, &recorded)?,
        orders: orders(conn, &doses)?,
        ordered: doses::ordered_since(conn, &doses.iter().filter(|dose| !dose.recorded).collect::<Vec<_>>())?,
        changed: changed(conn, &doses)?,
        away: absences::absences_open(conn, std::slice::from_ref(&facility.id))?,
        photographed: photographed(conn, &facility.id)?,
        shelves: facilities::shelves_load(conn, &facility.id)?,
        alerts: alerts_load(conn, &facility, Some(&here), now)?,
        bell: bells::bell_find(conn)?,
        unreckoned: false,
        ahead: went_ahead_find(conn, &facility.id)?,
        set_back: bells::set_back_find(conn, now)?,
        gaps: gaps_of(conn, &facility.id)?,
        effects: effects(conn, &facility, &unit, &residents, now)?,
        as_needed: as_needed::residents_with_orders(conn, &facility.id, facility.zone.day(now))?,
        to_score: to_score(conn, &facility, &unit, now)?,
        asked: round,
        just_recorded: asked.recorded.clone(),
        facility,
        unit,
        units,
        residents,
        doses,
        standings,
        signs,
    }))
}

/// Whose urgent orders the doses stand on: `Dr Helen Marsh`.
fn orders(conn: &mut Conn, doses: &[DoseFile]) -> Result<HashMap<String, String>, StoreError> {
    let ids: BTreeSet<&str> = doses.iter().map(|dose| dose.level.authorised_by.as_str()).collect();
    let orders = plans::urgent_orders_of(conn, &ids)?;
    let names = people::names_of(conn, &orders.values().map(prescriber).collect())?;
    let name = |fact: &PlanFact| names.get(prescriber(fact)).cloned().unwrap_or_default();
    Ok(orders.iter().map(|(authority, fact)| (authority.clone(), name(fact))).collect())
}

/// As on their first days, and after an absence: the rows of the day before say nothing, the plans do.
fn changed(conn: &mut Conn, doses: &[DoseFile]) -> Result<HashMap<String, Amount>, StoreError> {
    let slot_of = |dose: &DoseFile, on| (dose.plan.clone(), on, dose.key.slot, dose.key.medicine.clone());
    let given: HashSet<_> = doses.iter().map(|dose| slot_of(dose, dose.key.on)).collect();
    let first = |dose: &&DoseFile| !dose.recorded && !given.contains(&slot_of(dose, days_before(dose.key.on, 1)));
    let firsts: Vec<&DoseFile> = doses.iter().filter(first).collect();
    let ids: BTreeSet<String> = firsts.iter().map(|dose| dose.plan.clone()).collect();
    let files = plans::plans_load(conn, &ids.into_iter().collect::<Vec<_>>())?;
    let courses: HashMap<&str, Course> = files.iter().map(|file| (file.plan.id.as_str(), file.course())).collect();
    let from = |dose: &DoseFile| {
        let (course, key) = (courses.get(dose.plan.as_str())?, &dose.key);
        course.changed_from(key.on, key.slot, &key.medicine)
    };
    Ok(firsts.into_iter().filter_map(|dose| Some((dose.id.clone(), from(dose)?))).collect())
}

/// After a day nobody can say any more what a dose did; the resident's page still shows that it was not noted.
fn effects(
    conn: &mut Conn,
    facility: &Facility,
    unit: &Unit,
    residents: &[Resident],
    now: DateTime<Utc>,
) -> Result<Vec<AsNeededDose>, StoreError> {
    let mut doses = as_needed::doses_without_effect(conn, &facility.id, now - TimeDelta::days(1))?;
    doses.retain(|dose| residents.iter().any(|resident| resident.id == dose.resident && resident.unit == unit.id));
    Ok(doses)
}

fn to_score(conn: &mut Conn, facility: &Facility, unit: &Unit, now: DateTime<Utc>) -> Result<Vec<DueHere>, StoreError> {
    let mut dues = dues_load(conn, facility, now)?;
    dues.retain(|here| here.unit == unit.id && here.due.standing != Standing::Next);
    Ok(dues)
}

/// The round in the address; a time that is no round of this unit any more leads to the round of this hour.
fn round_asked(facility: &Facility, unit: &Unit, asked: &Asked, now: DateTime<Utc>) -> Option<RoundOf> {
    let slot = asked.slot().filter(|slot| unit.rounds.contains(slot));
    if slot.is_none() && !(unit.rounds.is_empty() && asked.on.is_some()) {
        return None;
    }
    Some(RoundOf { on: asked.day().unwrap_or_else(|| facility.zone.day(now)), slot })
}

/// The first day of which records stand on the page; what was recorded before it is no dose of any round there.
fn first_shown(facility: &Facility, unit: &Unit, round: Option<RoundOf>, now: DateTime<Utc>) -> NaiveDate {
    let opened = opened_round(&unit.rounds, facility.zone, facility.windows, now).on;
    opened.min(facility.zone.day(now)).min(round.map_or(opened, |round| round.on))
}

/// The doses from the day before the round, or before today, to the day after both, and whatever is open from before.
fn doses_around(
    conn: &mut Conn,
    facility: &Facility,
    unit: &Unit,
    residents: &[Resident],
    round: Option<RoundOf>,
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<Vec<DoseFile>, StoreError> {
    let today = facility.zone.day(now);
    let on = round.map_or(today, |round| round.on);
    let start = |day: NaiveDate| facility.zone.at(day, Slot::MIDNIGHT);
    let first = days_before(today.min(on), 1);
    let mut found = doses::doses_open_before(conn, &facility.id, start(first))?;
    let here: Vec<String> = residents.iter().filter(|r| r.unit == unit.id).map(|r| r.id.clone()).collect();
    found.extend(doses::doses_of_days(conn, &here, (first, days_after(today.max(on), 1)))?);
    if let Some(id) = asked.recorded.as_ref().filter(|id| !found.iter().any(|dose| dose.id == **id)) {
        found.extend(doses::dose_find(conn, id)?.filter(|dose| dose.facility == facility.id));
    }
    let here: HashSet<String> = here.into_iter().collect();
    found.retain(|dose| here.contains(&dose.resident));
    Ok(found)
}

impl Facts {
    pub fn open_signs(&self) -> OpenSigns {
        let today = self.facility.zone.day(self.now);
        OpenSigns::new(&self.signs, &self.residents, |_| self.unit.name.clone(), self.facility.zone, today)
    }

    /// Why a dose that is due is not given now, or not whole: `Do not give`.
    pub fn barred(&self, dose: &DoseFile) -> Option<&'static str> {
        let theirs = self.signs.iter().map(|file| &file.sign).filter(|sign| sign.resident == dose.resident);
        match (Withheld::by(theirs), self.ordered.get(&dose.id)) {
            (Some(_), _) => Some("Do not give"),
            (None, Some(since)) if since.undecided => Some("Decision needed"),
            (None, Some(order)) if order.most.is_zero() => Some("Do not give"),
            (None, Some(_)) => Some("Give less"),
            (None, None) if self.away.contains_key(&dose.resident) => Some("Away"),
            (None, None) => dose.level.undecided.then_some("Decision needed"),
        }
    }

    /// Its window and the time of grace are over, and nobody recorded it.
    pub fn has_no_record(&self, dose: &DoseFile) -> bool {
        dose.due_at < self.facility.no_record_before(self.now)
    }

    pub fn lives_here(&self, resident: &Resident) -> bool {
        !self.away.get(&resident.id).is_some_and(|absence| absence.kind.is_for_good())
    }

    /// Whether a dose that nobody recorded may have been given all the same.
    pub fn asks_first(&self, dose: &DoseFile) -> bool {
        let opens_at = self.facility.windows.opens_at(dose.due_at);
        self.gaps.iter().any(|gap| gap.may_hide(opens_at, dose.due_at))
    }

    /// The round of this hour: the last one whose window has opened.
    pub fn opened(&self) -> RoundOf {
        opened_round(&self.unit.rounds, self.facility.zone, self.facility.windows, self.now)
    }
}
