//! Administrations: what happened to a dose, written once.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::DoseFile;
use super::stands::stands;
use crate::care::amount::Amount;
use crate::care::round::interval::Word;
use crate::care::round::outcome::Outcome;
use crate::care::taper::plan::Medicine;
use crate::on_either;
use crate::store::alert_marks::mark_back_for;
use crate::store::db::Conn;
use crate::store::schema::{administrations, doses};
use crate::store::{StoreError, point, ug};

/// What happened to a dose, as it was written down for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Administration {
    pub id: String,
    /// Its number in the history, which is where the fact that holds the rest keeps it.
    #[serde(skip)]
    pub n: i64,
    pub dose: String,
    /// The administration it replaces.
    pub corrects: Option<String>,
    pub facility: String,
    /// The unit in which the resident lived when it was given.
    pub unit: String,
    pub resident: String,
    pub medicine: Medicine,
    pub on: NaiveDate,
    pub due_at: DateTime<Utc>,
    pub planned: Amount,
    pub given: Amount,
    /// The approval or signature that authorised the dose.
    pub authorised_by: String,
    pub outcome: Outcome,
    pub reason: String,
    pub note: String,
    /// What was counted out, in words.
    pub pieces: String,
    pub given_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    /// The person's id.
    pub recorded_by: String,
    /// How awake the resident was: a point of the sedation scale, where the facility asks.
    #[serde(default)]
    pub sedation: Option<i32>,
    /// The second person who saw it and signed, where there was one.
    #[serde(default)]
    pub witnessed_by: Option<String>,
    /// What was scanned before it was given, or why it was not, in words; empty where nobody asked.
    #[serde(default)]
    pub identified: String,
    /// Whoever gave it, where somebody else may have typed it in from paper; none: whoever recorded it.
    #[serde(default)]
    pub given_by: Option<String>,
    /// The prescriber's word on which it was given, where it came too near to another dose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Word>,
    /// Why nobody saw it given, where a witness was wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unwitnessed: Option<String>,
}

impl Administration {
    /// Minutes from the slot to the actual time; before the slot it is negative.
    pub fn late_minutes(&self) -> i64 {
        (self.given_at - self.due_at).num_minutes()
    }

    /// Who gave it, or did not: the person’s id.
    pub fn giver(&self) -> &str {
        self.given_by.as_ref().unwrap_or(&self.recorded_by)
    }

    /// Everybody it names.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        [Some(&self.recorded_by), self.given_by.as_ref(), self.witnessed_by.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = administrations, treat_none_as_default_value = false)]
pub(in crate::store) struct AdministrationRow {
    id: String,
    n: i64,
    dose: String,
    corrects: Option<String>,
    facility: String,
    unit: String,
    resident: String,
    medicine: String,
    on_date: NaiveDate,
    due_at: NaiveDateTime,
    planned_ug: i64,
    given_ug: i64,
    authorised_by: String,
    outcome: String,
    reason: String,
    note: String,
    pieces: String,
    given_at: NaiveDateTime,
    recorded_at: NaiveDateTime,
    late_minutes: i64,
    recorded_by: String,
    sedation: Option<i64>,
    witnessed_by: Option<String>,
    identified: String,
    given_by: Option<String>,
    word_by: Option<String>,
    word_at: Option<NaiveDateTime>,
    handed: bool,
    unwitnessed: Option<String>,
}

impl From<&Administration> for AdministrationRow {
    fn from(a: &Administration) -> AdministrationRow {
        AdministrationRow {
            id: a.id.clone(),
            n: a.n,
            dose: a.dose.clone(),
            corrects: a.corrects.clone(),
            facility: a.facility.clone(),
            unit: a.unit.clone(),
            resident: a.resident.clone(),
            medicine: a.medicine.0.clone(),
            on_date: a.on,
            due_at: a.due_at.naive_utc(),
            planned_ug: a.planned.ug() as i64,
            given_ug: a.given.ug() as i64,
            authorised_by: a.authorised_by.clone(),
            outcome: stored(a.outcome).to_owned(),
            reason: a.reason.clone(),
            note: a.note.clone(),
            pieces: a.pieces.clone(),
            given_at: a.given_at.naive_utc(),
            recorded_at: a.recorded_at.naive_utc(),
            late_minutes: a.late_minutes(),
            recorded_by: a.recorded_by.clone(),
            sedation: a.sedation.map(i64::from),
            witnessed_by: a.witnessed_by.clone(),
            identified: a.identified.clone(),
            given_by: a.given_by.clone(),
            word_by: a.word.as_ref().map(|word| word.by.clone()),
            word_at: a.word.as_ref().map(|word| word.at.naive_utc()),
            handed: a.outcome == Outcome::SelfAdministered,
            unwitnessed: a.unwitnessed.clone(),
        }
    }
}

impl TryFrom<AdministrationRow> for Administration {
    type Error = StoreError;
    fn try_from(row: AdministrationRow) -> Result<Administration, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("outcome of administration {}", row.id));
        Ok(Administration {
            outcome: match row.handed {
                true => Outcome::SelfAdministered,
                false => Outcome::of_word(&row.outcome).ok_or_else(corrupt)?,
            },
            n: row.n,
            dose: row.dose,
            corrects: row.corrects,
            facility: row.facility,
            unit: row.unit,
            resident: row.resident,
            medicine: Medicine(row.medicine),
            on: row.on_date,
            due_at: row.due_at.and_utc(),
            planned: ug(row.planned_ug)?,
            given: ug(row.given_ug)?,
            authorised_by: row.authorised_by,
            reason: row.reason,
            note: row.note,
            pieces: row.pieces,
            given_at: row.given_at.and_utc(),
            recorded_at: row.recorded_at.and_utc(),
            recorded_by: row.recorded_by,
            sedation: row.sedation.map(point).transpose()?,
            witnessed_by: row.witnessed_by,
            identified: row.identified,
            given_by: row.given_by,
            unwitnessed: row.unwitnessed,
            word: row.word_by.zip(row.word_at).map(|(by, at)| Word { by, at: at.and_utc() }),
            id: row.id,
        })
    }
}

/// The word of an outcome as rows hold it: a dose handed to the resident is a dose given.
pub fn stored(outcome: Outcome) -> &'static str {
    if outcome.whole() { Outcome::Given.word() } else { outcome.word() }
}

/// Marks a dose as recorded, if it is still the one that was read and nobody was first: neither a rival at the dose nor
/// a signature that changes it meanwhile goes unseen.
pub fn dose_claim(conn: &mut Conn, dose: &DoseFile) -> Result<(), StoreError> {
    let unmoved = doses::revision.eq(i64::from(dose.revision)).and(doses::recorded.eq(false));
    // Of what was taken before the resident left, the dose was void until now.
    let taken = (doses::recorded.eq(true), doses::void.eq(false));
    let claim = diesel::update(doses::table.find(&dose.id).filter(unmoved)).set(taken);
    let claimed = on_either!(conn, |c| claim.execute(c))?;
    if claimed == 1 { Ok(()) } else { Err(StoreError::Moved) }
}

/// Writes an administration down. The database lets one stand for each dose.
pub fn administration_insert(conn: &mut Conn, administration: &Administration) -> Result<(), StoreError> {
    let row = AdministrationRow::from(administration);
    on_either!(conn, |c| diesel::insert_into(administrations::table).values(&row).execute(c))?;
    let Administration { dose, on, recorded_at, .. } = administration;
    mark_back_for(conn, dose, *on, *recorded_at)
}

/// The administrations of one dose, the first one first.
pub fn administrations_of(conn: &mut Conn, dose: &str) -> Result<Vec<Administration>, StoreError> {
    let rows: Vec<AdministrationRow> =
        administrations::table.filter(administrations::dose.eq(dose)).order(administrations::n).load(conn)?;
    rows.into_iter().map(Administration::try_from).collect()
}

/// What stands for each of some doses; a dose that nobody recorded, or whose record was made in error, is left out.
pub fn standings_of(conn: &mut Conn, doses: &[String]) -> Result<HashMap<String, Administration>, StoreError> {
    let mut standings = HashMap::new();
    for some in doses.chunks(500) {
        let rows: Vec<AdministrationRow> =
            administrations::table.filter(administrations::dose.eq_any(some)).filter(stands()).load(conn)?;
        for row in rows {
            let administration = Administration::try_from(row)?;
            standings.insert(administration.dose.clone(), administration);
        }
    }
    Ok(standings)
}

/// What stands given to a resident of a medicine from one instant to another, the first one first.
pub fn administrations_around(
    conn: &mut Conn,
    (resident, medicine): (&str, &Medicine),
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Administration>, StoreError> {
    let theirs = administrations::resident.eq(resident).and(administrations::medicine.eq(&medicine.0));
    let then = administrations::given_at.between(from.naive_utc(), until.naive_utc());
    let given = administrations::table.filter(theirs.and(then).and(administrations::given_ug.gt(0)).and(stands()));
    let rows: Vec<AdministrationRow> = given.order((administrations::given_at, administrations::id)).load(conn)?;
    rows.into_iter().map(Administration::try_from).collect()
}

/// What was last written down about a resident's doses, the newest first; what was corrected since is among it.
pub fn administrations_latest_of(
    conn: &mut Conn,
    resident: &str,
    most: i64,
) -> Result<Vec<Administration>, StoreError> {
    let theirs = administrations::table.filter(administrations::resident.eq(resident));
    let rows: Vec<AdministrationRow> = theirs.order(administrations::n.desc()).limit(most).load(conn)?;
    rows.into_iter().map(Administration::try_from).collect()
}

/// Everything that was written down about some residents' doses of the days from one to another, corrected records
/// too, in the order of the history.
pub fn administrations_of_days(
    conn: &mut Conn,
    residents: &[String],
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<Administration>, StoreError> {
    let rows: Vec<AdministrationRow> = administrations::table
        .filter(administrations::resident.eq_any(residents))
        .filter(administrations::on_date.between(from, until))
        .order(administrations::n)
        .load(conn)?;
    rows.into_iter().map(Administration::try_from).collect()
}

/// The last dose of a medicine that a resident took, before an instant.
pub fn last_given_find(
    conn: &mut Conn,
    resident: &str,
    medicine: &Medicine,
    before: DateTime<Utc>,
) -> Result<Option<Administration>, StoreError> {
    let row: Option<AdministrationRow> = administrations::table
        .filter(administrations::resident.eq(resident))
        .filter(administrations::medicine.eq(&medicine.0))
        .filter(administrations::given_ug.gt(0))
        .filter(administrations::given_at.le(before.naive_utc()))
        .filter(stands())
        .order((administrations::given_at.desc(), administrations::n.desc()))
        .first(conn)
        .optional()?;
    row.map(Administration::try_from).transpose()
}
