//! A slip of yesterday’s morning round in Alder House, put right by the nurse who made it.

use chrono::{NaiveDate, TimeDelta};

use super::months::Months;
use crate::acts::ActError;
use crate::acts::correct_dose::{CorrectDose, correct_dose};
use crate::care::people::Nurse;
use crate::care::register::source::StockAsk;
use crate::care::round::administration::RecordAsk;
use crate::care::round::correction::{Corrector, Instead};
use crate::care::round::outcome::Outcome;
use crate::store::Conn;
use crate::store::doses::{Administration, DoseFile, standings_of};

const NURSE: &str = "a.diallo";
const WHY: &str = "I recorded her neighbour’s time; hers was earlier, before breakfast.";

impl Months {
    /// Of the morning’s doses the first that the nurse gave in time: it was given earlier than was written down.
    pub fn correct(&self, conn: &mut Conn, on: NaiveDate, morning: &[DoseFile]) -> Result<(), ActError> {
        if on != self.yesterday() {
            return Ok(());
        }
        let ids: Vec<String> = morning.iter().map(|dose| dose.id.clone()).collect();
        let standings = standings_of(conn, &ids)?;
        let by = Nurse(self.by(NURSE));
        let hers = |record: &&Administration| {
            record.recorded_by == by.0.person && record.outcome == Outcome::Given && record.reason.is_empty()
        };
        let Some(slip) = ids.iter().filter_map(|id| standings.get(id)).find(hers) else { return Ok(()) };
        let at = self.at(on, "10:31");
        let ask = CorrectDose {
            form: self.chance.id(at, "correction"),
            record: slip.id.clone(),
            instead: Instead::Record(self.earlier(slip)),
            stock: StockAsk::default(),
            why: WHY.to_owned(),
            witness: None,
        };
        correct_dose(conn, &Corrector::from(by), &ask, at)?;
        Ok(())
    }

    fn earlier(&self, slip: &Administration) -> RecordAsk {
        let given_at = self.local(slip.given_at - TimeDelta::minutes(9));
        RecordAsk {
            shown: slip.planned,
            revision: 0,
            outcome: Some(slip.outcome),
            part: String::new(),
            reason: String::new(),
            note: slip.note.clone(),
            given_at: given_at.format("%Y-%m-%dT%H:%M").to_string(),
            sedation: String::new(),
        }
    }
}
