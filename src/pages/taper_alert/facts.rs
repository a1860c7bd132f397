//! Everything the page of a taper alert shows, read at one moment of the database.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::care::facility::Facility;
use crate::care::resident::Resident;
use crate::care::round::taper_alert::AlertAcknowledgement;
use crate::care::taper::level::PlanAct;
use crate::store::db::Conn;
use crate::store::letters::{self, LetterFile};
use crate::store::plans::{self, PlanFile};
use crate::store::taper_alerts::{StandingAlert, acknowledgements_since, alert_find};
use crate::store::{StoreError, people, residents};
use crate::web::parts::Banner;

pub struct Facts {
    pub now: DateTime<Utc>,
    pub facility: Facility,
    pub resident: Resident,
    pub banner: Banner,
    pub plan: PlanFile,
    /// None: every dose not given is acknowledged, or too few were not given.
    pub standing: Option<StandingAlert>,
    /// What was done about the plan's alerts before, the newest first.
    pub before: Vec<AlertAcknowledgement>,
    /// What was written about the alert that stands, in order.
    pub letters: Vec<LetterFile>,
    pub names: HashMap<String, String>,
}

/// Another facility's plan is missing to whoever asks.
pub fn load(conn: &mut Conn, mine: &[Facility], plan: &str, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let plan = plans::plan_load(conn, plan)?;
    let facility = mine.iter().find(|facility| facility.id == plan.plan.facility).ok_or(StoreError::Missing)?.clone();
    let resident = residents::resident_load(conn, &plan.plan.resident)?;
    let standing = alert_find(conn, &facility, (&plan.plan.id, &resident.id), now)?;
    let before = acknowledgements_since(conn, &plan.plan.id, DateTime::UNIX_EPOCH)?;
    let letters = match &standing {
        Some(one) => letters::letters_of_alert(conn, &facility.id, &plan.plan.id, one.alert.since)?,
        None => Vec::new(),
    };
    Ok(Facts {
        now,
        banner: Banner::load(conn, &resident, facility.zone.day(now))?,
        names: people::names_of(conn, &everybody(&plan, standing.as_ref(), &before))?,
        facility,
        resident,
        plan,
        standing,
        before,
        letters,
    })
}

fn everybody<'a>(
    plan: &'a PlanFile,
    standing: Option<&'a StandingAlert>,
    before: &'a [AlertAcknowledgement],
) -> BTreeSet<&'a str> {
    let records = standing.into_iter().flat_map(|one| &one.doses).filter_map(|fate| fate.standing.as_ref());
    let recorded = records.map(|record| record.recorded_by.as_str());
    let answered = before.iter().map(|one| one.acknowledged_by.as_str());
    recorded.chain(answered).chain(plan.facts.iter().map(|fact| fact.by.as_str())).collect()
}

impl Facts {
    pub fn name(&self, person: &str) -> &str {
        self.names.get(person).map_or("somebody", String::as_str)
    }

    /// Who approved the plan last: the prescriber to call.
    pub fn prescriber(&self) -> &str {
        let approval = self.plan.facts.iter().rev().find(|fact| matches!(fact.act, PlanAct::Approved { .. }));
        approval.map_or("the prescriber", |fact| self.name(&fact.by))
    }
}
