//! A plan with everything that its pages show, read at one moment.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::cases::{Found, case_of};
use super::doses::{Fate, fates_from};
use super::{Conn, StoreError, facilities, people, plans, residents};
use crate::care::medicine::tablets::Shelf;
use crate::care::resident::Resident;

/// A plan, whose it is, what became of its doses, and who decided about it.
#[derive(Debug, Clone)]
pub struct Dossier {
    pub found: Found,
    pub resident: Resident,
    /// From the baseline on.
    pub fates: Vec<Fate>,
    /// The printed names of everybody who made the plan or decided about it, by their ids.
    pub names: HashMap<String, String>,
    /// What doses are made from now.
    pub shelf: Shelf,
}

/// One plan for somebody who may read in some facilities, with the case of its reduction `n`; any other plan is missing.
pub fn dossier_load(
    conn: &mut Conn,
    readable: &[String],
    plan: &str,
    n: u32,
    now: DateTime<Utc>,
) -> Result<Dossier, StoreError> {
    let file = plans::plan_load(conn, plan)?;
    if !readable.contains(&file.plan.facility) {
        return Err(StoreError::Missing);
    }
    let ids: BTreeSet<&str> = file
        .facts
        .iter()
        .map(|fact| fact.by.as_str())
        .chain(file.plan.authors.iter().map(String::as_str))
        .chain([file.drafted_by.as_str()])
        .collect();
    Ok(Dossier {
        names: people::names_of(conn, &ids)?,
        resident: residents::resident_load(conn, &file.plan.resident)?,
        fates: fates_from(conn, plan, file.plan.baseline_on)?,
        shelf: facilities::shelf_load(conn, &file.plan.facility, &file.plan.medicine)?,
        found: case_of(conn, file, n, now)?,
    })
}
