//! One line a dose, the newest first: the same on the page and in the file.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::Search;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, day_text, days_after};
use crate::care::facility::{Facility, Unit};
use crate::care::incident::{Incident, IncidentFile};
use crate::care::people::Role;
use crate::care::resident::Resident;
use crate::store::as_needed::{AsNeededDose, NotedEffect, Strike, doses_of_residents_between, effects_of, strikes_of};
use crate::store::incidents::incidents_between;
use crate::store::{Conn, StoreError, facilities, people, residents};
use crate::web::{Link, links};

/// What the page and the file are made from.
pub struct Facts {
    pub facility: Facility,
    pub units: Vec<Unit>,
    /// By surname.
    pub residents: Vec<Resident>,
    /// None where the question could not be read.
    pub days: Option<(NaiveDate, NaiveDate)>,
    pub doses: Vec<AsNeededDose>,
    pub effects: HashMap<String, NotedEffect>,
    pub strikes: HashMap<String, Strike>,
    pub incidents: Vec<IncidentFile>,
    pub names: HashMap<String, String>,
}

pub fn load(conn: &mut Conn, facility: Facility, search: Option<&Search>) -> Result<Facts, StoreError> {
    let residents = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let (mut doses, mut incidents) = (Vec::new(), Vec::new());
    if let Some(Search { resident, unit, in_error, days, .. }) = search {
        let asked = residents.iter().filter(|one| resident.as_ref().is_none_or(|id| one.id == *id));
        let ids: Vec<String> = asked.map(|one| one.id.clone()).collect();
        let start = |on: NaiveDate| facility.zone.at(on, Slot::MIDNIGHT);
        let between = (start(days.0), start(days_after(days.1, 1)));
        if *in_error != Some(true) {
            doses = doses_of_residents_between(conn, &ids, between)?;
        }
        if *in_error != Some(false) {
            incidents = incidents_between(conn, &ids, between)?;
        }
        let here = |one: &str| unit.as_ref().is_none_or(|id| id == one);
        doses.retain(|dose| here(&dose.unit));
        incidents.retain(|file| here(&file.incident.unit));
    }
    let ids: Vec<String> = doses.iter().map(|dose| dose.id.clone()).collect();
    let strikes = strikes_of(conn, &ids)?;
    if let Some(standing) = search.and_then(|search| search.standing) {
        doses.retain(|dose| strikes.contains_key(&dose.id) != standing);
        incidents.retain(|file| file.struck.is_some() != standing);
    }
    let mut by: BTreeSet<&str> = doses.iter().flat_map(AsNeededDose::people).collect();
    by.extend(strikes.values().map(|strike| strike.struck_by.as_str()));
    by.extend(incidents.iter().flat_map(IncidentFile::people));
    Ok(Facts {
        names: people::names_of(conn, &by)?,
        units: facilities::units_of(conn, &facility.id)?,
        effects: effects_of(conn, &ids)?,
        days: search.map(|search| search.days),
        residents,
        strikes,
        doses,
        incidents,
        facility,
    })
}

/// One dose.
pub struct Line {
    pub given_at: DateTime<Utc>,
    pub entry: Link,
    pub resident: String,
    pub number: String,
    pub unit: String,
    pub medicine: String,
    pub given: Amount,
    /// `As needed (PRN)`, `Given in error: given twice`
    pub kind: String,
    pub in_error: bool,
    /// On the facility's clock.
    pub actual: NaiveDateTime,
    pub recorded: NaiveDateTime,
    /// Why it was needed, or what happened and was done.
    pub why: String,
    /// What it did, or who has answered.
    pub then: String,
    pub by: String,
    pub witness: String,
    /// Of a record that no longer stands: by whom and why.
    pub struck: Option<String>,
}

pub fn lines(facts: &Facts) -> Vec<Line> {
    let doses = facts.doses.iter().map(|dose| as_needed(facts, dose));
    let mut all: Vec<Line> = doses.chain(facts.incidents.iter().map(|file| in_error(facts, file))).collect();
    all.sort_by(|one, other| (other.given_at, &other.entry.text).cmp(&(one.given_at, &one.entry.text)));
    all
}

fn as_needed(facts: &Facts, dose: &AsNeededDose) -> Line {
    let by = match &dose.given_by {
        Some(giver) => format!("{}, typed in from paper by {}", facts.name(giver), facts.name(&dose.recorded_by)),
        None => facts.name(&dose.recorded_by).to_owned(),
    };
    let effect = facts.effects.get(&dose.id);
    let struck = facts.strikes.get(&dose.id);
    Line {
        kind: "As needed (PRN)".to_owned(),
        in_error: false,
        why: dose.why.clone(),
        then: effect.map(|noted| noted.effect.title().to_owned()).unwrap_or_default(),
        witness: match (&dose.witnessed_by, &dose.unwitnessed) {
            (Some(witness), _) => facts.name(witness).to_owned(),
            (None, Some(why)) => format!("none: {why}"),
            (None, None) => String::new(),
        },
        by,
        struck: struck.map(|strike| facts.struck(&strike.struck_by, strike.struck_at, &strike.reason)),
        ..facts.line(
            (dose.n, &dose.resident, &dose.unit),
            &dose.medicine.0,
            dose.given,
            (dose.given_at, dose.recorded_at),
        )
    }
}

fn in_error(facts: &Facts, file: &IncidentFile) -> Line {
    let one = &file.incident;
    let answered = |role: Role| {
        let answer = file.answer_of(role)?;
        Some(format!("{}, {}: “{}”", facts.name(&answer.answered_by), role.word(), answer.said))
    };
    let answers: Vec<String> = [Role::Prescriber, Role::Supervisor].into_iter().filter_map(answered).collect();
    Line {
        kind: format!("Given in error: {}", one.mistake.title().to_lowercase()),
        in_error: true,
        why: format!("{} Done at once: {}", one.what, one.done),
        then: answers.join(" "),
        by: facts.giver(one),
        struck: file.struck.as_ref().map(|struck| facts.struck(&struck.struck_by, struck.struck_at, &struck.reason)),
        ..facts.line((one.n, &one.resident, &one.unit), &one.medicine.0, one.given, (one.given_at, one.recorded_at))
    }
}

impl Line {
    pub fn actual_day(&self) -> String {
        day_text(self.actual.date())
    }

    pub fn actual_time(&self) -> String {
        self.actual.format("%H:%M").to_string()
    }
}

impl Facts {
    fn name(&self, person: &str) -> &str {
        self.names.get(person).map_or("somebody who left", String::as_str)
    }

    /// `Tom Fielding RN`, `Tom Fielding RN, reported by Ada Diallo RN`
    fn giver(&self, incident: &Incident) -> String {
        let reporter = self.name(&incident.recorded_by);
        match &incident.given_by {
            Some(giver) if *giver == incident.recorded_by => reporter.to_owned(),
            Some(giver) => format!("{}, reported by {reporter}", self.name(giver)),
            None => format!("not known, reported by {reporter}"),
        }
    }

    /// What every dose has.
    fn line(
        &self,
        (n, resident, unit): (i64, &str, &str),
        medicine: &str,
        given: Amount,
        (given_at, recorded_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> Line {
        let who = self.residents.iter().find(|one| one.id == resident);
        Line {
            given_at,
            entry: Link::new(n.to_string(), links::fact(n)),
            resident: who.map(Resident::name).unwrap_or_default(),
            number: who.map(|one| one.number.clone()).unwrap_or_default(),
            unit: self.units.iter().find(|one| one.id == unit).map(|one| one.name.clone()).unwrap_or_default(),
            medicine: medicine.to_owned(),
            given,
            actual: self.facility.zone.local(given_at),
            recorded: self.facility.zone.local(recorded_at),
            kind: String::new(),
            in_error: false,
            why: String::new(),
            then: String::new(),
            by: String::new(),
            witness: String::new(),
            struck: None,
        }
    }

    /// `Struck out by Sue Pervisor, 20 Nov 2026 09:10: “the wrong resident”`
    fn struck(&self, by: &str, at: DateTime<Utc>, reason: &str) -> String {
        let at = self.facility.zone.local(at);
        format!("Struck out by {}, {} {}: “{reason}”", self.name(by), day_text(at.date()), at.format("%H:%M"))
    }
}
