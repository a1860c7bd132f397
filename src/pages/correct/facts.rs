//! Everything the page of a correction shows, read at one moment of the database.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::IN_ERROR;
use crate::care::facility::{Facility, Unit};
use crate::care::refusal::Refusal;
use crate::care::register::book::Kind;
use crate::care::register::parts::Parts;
use crate::care::register::source::{Source, StockAsk};
use crate::care::register::taking::{OtherHalf, Rest};
use crate::care::resident::Resident;
use crate::care::round::administration::typed;
use crate::care::round::correction::Corrector;
use crate::care::round::outcome::Outcome;
use crate::care::severe_sign::SevereSign;
use crate::store::db::Conn;
use crate::store::doses::{self, Administration, DoseFile, DoseRecords};
use crate::store::photos::digest_find;
use crate::store::registers::{Stock, Taker, stock_put_back};
use crate::store::{StoreError, facilities, people, residents, severe_signs};
use crate::web::Form;
use crate::web::parts::struck::named;

/// What the page of a correction is made from.
pub struct Facts {
    pub now: DateTime<Utc>,
    pub facility: Facility,
    pub unit: Unit,
    pub resident: Resident,
    /// There is a photo of the resident.
    pub photo: bool,
    /// Everybody else in the facility, each with the name of their unit.
    pub others: Vec<(Resident, String)>,
    pub signs: Vec<SevereSign>,
    pub dose: DoseFile,
    pub records: DoseRecords,
    /// Whoever reads it, and why they may not correct what stands.
    pub by: Corrector,
    pub refused: Option<Refusal>,
    /// The register as it is once what the record took is put back; and what that is, by product.
    pub source: Option<Source>,
    pub back: Vec<(String, Kind, Parts)>,
    /// What was said of the pieces.
    pub told: StockAsk,
    /// A difference that the record opened waits for a supervisor.
    pub differs: bool,
    /// The printed names of everybody who appears.
    pub names: HashMap<String, String>,
}

/// The facts of a dose whose record is corrected; a dose of no facility of theirs is not found.
pub fn load(
    conn: &mut Conn,
    mine: Vec<(Facility, Corrector)>,
    id: &str,
    now: DateTime<Utc>,
) -> Result<Facts, StoreError> {
    let dose = doses::dose_load(conn, id)?;
    let (facility, by) =
        mine.into_iter().find(|(facility, _)| facility.id == dose.facility).ok_or(StoreError::Missing)?;
    let records = doses::dose_records(conn, id)?;
    let resident = residents::resident_load(conn, &dose.resident)?;
    let units = facilities::units_of(conn, &facility.id)?;
    let unit = facilities::unit_load(conn, &resident.unit)?;
    let unit_name = |id: &str| units.iter().find(|unit| unit.id == id).map_or("", |unit| unit.name.as_str()).to_owned();
    let all = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let others = all.into_iter().filter(|other| other.id != resident.id);
    let stock = records.standing().map(|standing| stock(conn, &facility, standing)).transpose()?;
    Ok(Facts {
        differs: stock.as_ref().is_some_and(|stock| stock.differs),
        back: stock.as_ref().map(Stock::goes_back).unwrap_or_default(),
        told: stock.as_ref().map(Stock::told).unwrap_or_default(),
        source: stock.and_then(|stock| stock.source),
        others: others.map(|other| (other.clone(), unit_name(&other.unit))).collect(),
        photo: digest_find(conn, &resident.id)?.is_some(),
        signs: severe_signs::signs_open_of(conn, &resident.id)?,
        names: people::names_of(conn, &named(&records))?,
        refused: refused(conn, &facility, &records, &by, now)?,
        now,
        facility,
        unit,
        resident,
        dose,
        records,
        by,
    })
}

fn stock(conn: &mut Conn, facility: &Facility, was: &Administration) -> Result<Stock, StoreError> {
    let taker = Taker { facility, resident: &was.resident, unit: &was.unit, medicine: &was.medicine };
    stock_put_back(conn, &taker, was)
}

fn refused(
    conn: &mut Conn,
    facility: &Facility,
    records: &DoseRecords,
    by: &Corrector,
    now: DateTime<Utc>,
) -> Result<Option<Refusal>, StoreError> {
    let Some(standing) = records.standing() else { return Ok(None) };
    Ok(doses::correctable(conn, facility, records, standing, now)?.allows(by, now).err())
}

impl Facts {
    /// The form with what was recorded, to be put right.
    pub fn filled(&self, form: Form) -> Form {
        let Some(was) = self.records.standing() else { return form };
        let ticked = |so: bool, word: &'static str| if so { word } else { "" };
        let form = form
            .with("outcome", was.outcome.word())
            .with("reason", &was.reason)
            .with("given_at", typed(self.facility.zone, was.due_at, was.given_at))
            .with("sedation", was.sedation.map(|point| point.to_string()).unwrap_or_default())
            .with("note", &was.note)
            .with("other_half", self.told.other_half.map_or("", OtherHalf::word))
            .with("rest", ticked(self.told.rest == Rest::Kept, "yes"))
            .with("spoiled", ticked(self.told.spoiled, "yes"));
        if was.outcome == Outcome::GivenInPart { form.with("amount", was.given.number()) } else { form }
    }

    /// What is chosen where nothing stands in the place of the record.
    pub fn in_error(&self) -> &'static str {
        IN_ERROR
    }
}
