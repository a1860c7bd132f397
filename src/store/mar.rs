//! A month of some residents, as their medication administration records show it: in as many queries for a unit as for one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::as_needed::{AsNeededDose, NotedEffect, OrderFile, Strike};
use super::assessments::{Assessment, assessments_between};
use super::doses::{Administration, Correction, DoseFile};
use super::plans::{PlanFile, PlanState};
use super::schema::mar_letters;
use super::{Conn, StoreError, absences, as_needed, doses, facilities, incidents, people, plans};
use crate::care::calendar::{Slot, Zone};
use crate::care::facility::Facility;
use crate::care::incident::IncidentFile;
use crate::care::medicine::shelves::Shelves;
use crate::care::resident::Resident;
use crate::care::round::mar::{LetterSet, MarAbsence, MarCorrection, MarDose, MarRecord, Month};
use crate::care::round::vomit::Vomited;
use crate::care::taper::fact::Telephone;
use crate::care::taper::schedule::DoseKey;

/// One resident's month.
#[derive(Debug, Clone)]
pub struct MonthOf {
    pub resident: Resident,
    /// Those that run, and those that had a dose in the month.
    pub plans: Vec<PlanFile>,
    pub doses: Vec<MarDose>,
    pub records: Vec<MarRecord>,
    pub absences: Vec<MarAbsence>,
    /// As-needed orders with a day in the month, or a dose.
    pub orders: Vec<OrderFile>,
    pub as_needed: Vec<AsNeededDose>,
    /// What was given in error.
    pub incidents: Vec<IncidentFile>,
    pub scores: Vec<Assessment>,
}

/// The month of some residents of a facility.
#[derive(Debug, Clone)]
pub struct MonthFile {
    pub month: Month,
    pub facility: Facility,
    pub residents: Vec<MonthOf>,
    /// What as-needed doses did, by the dose.
    pub effects: HashMap<String, NotedEffect>,
    /// As-needed doses that no longer stand, by the dose.
    pub strikes: HashMap<String, Strike>,
    pub letters: LetterSet,
    pub shelves: Shelves,
    /// The printed names of everybody who recorded, ordered or decided, by their ids.
    pub names: HashMap<String, String>,
    pub now: DateTime<Utc>,
}

/// Reads a month. `scales` are those that residents may have been scored on.
pub fn month_load(
    conn: &mut Conn,
    facility: &Facility,
    residents: Vec<Resident>,
    month: Month,
    scales: &[String],
    now: DateTime<Utc>,
) -> Result<MonthFile, StoreError> {
    let ids: Vec<String> = residents.iter().map(|resident| resident.id.clone()).collect();
    let (days, instants) = ((month.first(), month.last()), month.instants(facility.zone));
    let mut found = Pile {
        doses: doses::doses_of_days(conn, &ids, days)?,
        administrations: doses::administrations_of_days(conn, &ids, days)?,
        absences: absences::absences_between(conn, &ids, instants)?,
        orders: as_needed::orders_of_days(conn, &ids, days)?,
        as_needed: as_needed::doses_of_residents_between(conn, &ids, instants)?,
        scores: assessments_between(conn, &ids, scales, instants)?,
        incidents: incidents::incidents_between(conn, &ids, instants)?,
        plans: Vec::new(),
        corrections: HashMap::new(),
        vomits: HashMap::new(),
    };
    let written: Vec<String> = found.administrations.iter().map(|record| record.id.clone()).collect();
    found.corrections = doses::corrections_of(conn, &written)?;
    found.vomits =
        doses::vomits_of(conn, &found.administrations.iter().map(|one| one.dose.clone()).collect::<Vec<_>>())?;
    // What is about a record stands in the cell of its dose.
    found.incidents.retain(|file| file.incident.of_record.is_none());
    found.plans = plans_load(conn, &ids, &found.doses)?;
    let given: Vec<String> = found.as_needed.iter().map(|dose| dose.id.clone()).collect();
    let effects = as_needed::effects_of(conn, &given)?;
    let strikes = as_needed::strikes_of(conn, &given)?;
    let names = people::names_of(conn, &found.people(&effects, &strikes))?;
    Ok(MonthFile {
        month,
        letters: letters_load(conn, &facility.id)?,
        shelves: facilities::shelves_load(conn, &facility.id)?,
        residents: residents.into_iter().map(|resident| found.take(resident, facility.zone)).collect(),
        facility: facility.clone(),
        effects,
        strikes,
        names,
        now,
    })
}

fn plans_load(conn: &mut Conn, residents: &[String], doses: &[DoseFile]) -> Result<Vec<PlanFile>, StoreError> {
    let mut ids: BTreeSet<String> = doses.iter().map(|dose| dose.plan.clone()).collect();
    ids.extend(plans::running_plan_ids_of(conn, residents)?);
    let mut found = plans::plans_load(conn, &ids.into_iter().collect::<Vec<_>>())?;
    found.retain(|file| matches!(file.state, PlanState::Running | PlanState::Ended));
    Ok(found)
}

/// Everybody's rows, before each resident takes theirs.
struct Pile {
    doses: Vec<DoseFile>,
    administrations: Vec<Administration>,
    /// Why some of them no longer stand, by the record.
    corrections: HashMap<String, Correction>,
    /// What was seen after doses, by the dose.
    vomits: HashMap<String, Vec<Vomited>>,
    absences: Vec<absences::Span>,
    orders: Vec<OrderFile>,
    as_needed: Vec<AsNeededDose>,
    incidents: Vec<IncidentFile>,
    scores: Vec<Assessment>,
    plans: Vec<PlanFile>,
}

impl Pile {
    /// Everybody who is named.
    fn people<'a>(
        &'a self,
        effects: &'a HashMap<String, NotedEffect>,
        strikes: &'a HashMap<String, Strike>,
    ) -> BTreeSet<&'a str> {
        let facts = || self.plans.iter().flat_map(|file| &file.facts);
        let recorded = self.administrations.iter().flat_map(Administration::people);
        let given = self.as_needed.iter().flat_map(AsNeededDose::people);
        let wrong = self.incidents.iter().flat_map(IncidentFile::people);
        let corrected = self.corrections.values().map(|one| &one.corrected_by);
        let struck = strikes.values().map(|strike| &strike.struck_by);
        let noted = effects.values().map(|effect| &effect.noted_by);
        let ordered = self.orders.iter().map(|file| &file.order.ordered_by);
        let scored = self.scores.iter().map(|score| &score.recorded_by);
        let by_telephone = facts().filter_map(|fact| fact.telephone.as_ref()).flat_map(Telephone::people);
        let all = corrected
            .chain(struck)
            .chain(noted)
            .chain(ordered)
            .chain(scored)
            .chain(self.vomits.values().flatten().map(|one| &one.noted_by))
            .chain(facts().map(|fact| &fact.by));
        all.map(String::as_str).chain(wrong).chain(recorded).chain(given).chain(by_telephone).collect()
    }

    fn take(&mut self, resident: Resident, zone: Zone) -> MonthOf {
        let id = resident.id.as_str();
        let doses: Vec<DoseFile> = self.doses.extract_if(.., |dose| dose.resident == id).collect();
        let keys: BTreeMap<&str, &DoseKey> = doses.iter().map(|dose| (dose.id.as_str(), &dose.key)).collect();
        let records = self.administrations.extract_if(.., |record| record.resident == id);
        let correction = |record: &Administration| self.corrections.get(&record.id);
        let vomited = |record: &Administration| {
            let seen = self.vomits.get(&record.dose).filter(|_| !record.given.is_zero());
            seen.cloned().unwrap_or_default()
        };
        let told = |record| MarRecord {
            in_error: correction(&record).is_some_and(|one| one.replacement.is_none()),
            corrected: correction(&record).map(corrected_of),
            vomited: vomited(&record),
            ..record_of(record, &keys, zone)
        };
        let records = records.map(told).collect();
        MonthOf {
            plans: self.plans.extract_if(.., |file| file.plan.resident == id).collect(),
            records,
            doses: doses.into_iter().map(dose_of).collect(),
            absences: self.absences.extract_if(.., |(absence, _)| absence.resident == id).map(absence_of).collect(),
            orders: self.orders.extract_if(.., |file| file.order.resident == id).collect(),
            as_needed: self.as_needed.extract_if(.., |dose| dose.resident == id).collect(),
            incidents: self.incidents.extract_if(.., |file| file.incident.resident == id).collect(),
            scores: self.scores.extract_if(.., |score| score.resident == id).collect(),
            resident,
        }
    }
}

fn dose_of(dose: DoseFile) -> MarDose {
    MarDose { id: dose.id, key: dose.key, due_at: dose.due_at, level: dose.level }
}

fn absence_of((absence, back_at): absences::Span) -> MarAbsence {
    MarAbsence { kind: absence.kind, left_at: absence.left_at, back_at }
}

fn corrected_of(correction: &Correction) -> MarCorrection {
    MarCorrection {
        by: correction.corrected_by.clone(),
        at: correction.corrected_at,
        reason: correction.reason.clone(),
    }
}

/// A record stands where its dose stands; without it, at the time it was due.
fn record_of(record: Administration, keys: &BTreeMap<&str, &DoseKey>, zone: Zone) -> MarRecord {
    let due = || {
        let slot = Slot::of(zone.local(record.due_at).time());
        DoseKey { on: record.on, slot, medicine: record.medicine.clone() }
    };
    MarRecord {
        key: keys.get(record.dose.as_str()).map_or_else(due, |key| (*key).clone()),
        id: record.id,
        n: record.n,
        dose: record.dose,
        corrects: record.corrects,
        in_error: false,
        corrected: None,
        due_at: record.due_at,
        outcome: record.outcome,
        reason: record.reason,
        note: record.note,
        planned: record.planned,
        given: record.given,
        given_at: record.given_at,
        by: record.given_by.unwrap_or(record.recorded_by),
        witness: record.witnessed_by,
        vomited: Vec::new(),
    }
}

/// A facility's letters; the usual ones where it has said nothing.
pub fn letters_load(conn: &mut Conn, facility: &str) -> Result<LetterSet, StoreError> {
    let here = mar_letters::table.filter(mar_letters::facility.eq(facility));
    let rows: Vec<(String, String)> = here.select((mar_letters::stands_for, mar_letters::letters)).load(conn)?;
    Ok(LetterSet::of(rows))
}

/// A facility's letters in place of those it had.
pub fn letters_replace(conn: &mut Conn, facility: &str, letters: &LetterSet) -> Result<(), StoreError> {
    diesel::delete(mar_letters::table.filter(mar_letters::facility.eq(facility))).execute(conn)?;
    for (stands_for, letters) in letters.rows() {
        let row = (
            mar_letters::facility.eq(facility),
            mar_letters::stands_for.eq(stands_for),
            mar_letters::letters.eq(letters),
        );
        diesel::insert_into(mar_letters::table).values(row).execute(conn)?;
    }
    Ok(())
}
