//! Who may be taken in as a resident: what must be known, and written how.

use chrono::NaiveDate;

use super::{Allergies, Resident, age_on};
use crate::care::calendar::parse_day;
use crate::care::refusal::Refusal;
use crate::care::written::on_one_line;

/// What was typed about a resident.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdmissionAsk {
    pub surname: String,
    pub forename: String,
    pub born_on: String,
    pub number: String,
    pub unit: String,
    pub room: String,
    /// `known`, `none`, `not_recorded` or `unavailable`.
    pub allergy_state: String,
    pub allergies: String,
}

const LONGEST_NAME: usize = 80;
const LONGEST_LIST: usize = 300;
const OLDEST_YEARS: i32 = 125;

impl AdmissionAsk {
    /// The resident it describes, with an id and a facility; or the first thing that is wrong.
    pub fn read(&self, id: &str, facility: &str, today: NaiveDate) -> Result<Resident, Refusal> {
        self.read_whole(id, facility, today).map_err(|mut wrong| wrong.remove(0))
    }

    /// The resident it describes; or everything that is wrong, at least one thing.
    pub fn read_whole(&self, id: &str, facility: &str, today: NaiveDate) -> Result<Resident, Vec<Refusal>> {
        let mut wrong = Vec::new();
        let surname = keep(&mut wrong, text(&self.surname, LONGEST_NAME).ok_or(Refusal::ResidentSurname));
        let forename = keep(&mut wrong, text(&self.forename, LONGEST_NAME).ok_or(Refusal::ResidentForename));
        let born_on = keep(&mut wrong, birthday(&self.born_on, today));
        let number = keep(&mut wrong, text(&self.number, LONGEST_NAME).ok_or(Refusal::ResidentNumber));
        let room = keep(&mut wrong, text(&self.room, LONGEST_NAME).ok_or(Refusal::ResidentRoom));
        let allergies = keep(&mut wrong, self.known_allergies());
        let resident = || {
            Some(Resident {
                id: id.to_owned(),
                facility: facility.to_owned(),
                unit: self.unit.clone(),
                surname: surname?,
                forename: forename?,
                born_on: born_on?,
                number: number?,
                room: room?,
                allergies: allergies?,
            })
        };
        resident().ok_or(wrong)
    }

    /// "None" is something somebody found out; nothing chosen is not "none".
    fn known_allergies(&self) -> Result<Allergies, Refusal> {
        match (self.allergy_state.as_str(), text(&self.allergies, LONGEST_LIST)) {
            ("known", Some(list)) => Ok(Allergies::Known { list }),
            ("known", None) => Err(Refusal::AllergiesMissing),
            (_, Some(_)) => Err(Refusal::AllergiesContradict),
            ("none", None) => Ok(Allergies::NoneKnown),
            ("not_recorded", None) => Ok(Allergies::NotRecorded),
            ("unavailable", None) => Ok(Allergies::Unavailable),
            _ => Err(Refusal::AllergyStateMissing),
        }
    }
}

fn keep<T>(wrong: &mut Vec<Refusal>, read: Result<T, Refusal>) -> Option<T> {
    read.map_err(|refusal| wrong.push(refusal)).ok()
}

/// In the past, and in living memory.
fn birthday(typed: &str, today: NaiveDate) -> Result<NaiveDate, Refusal> {
    let born_on = parse_day(typed).map_err(|_| Refusal::ResidentBirthday)?;
    let alive = born_on <= today && age_on(born_on, today) <= OLDEST_YEARS;
    if alive { Ok(born_on) } else { Err(Refusal::ResidentBirthday) }
}

/// Something written, on one line, and not too long.
pub(super) fn text(typed: &str, longest: usize) -> Option<String> {
    on_one_line(typed).filter(|line| !line.is_empty() && line.chars().count() <= longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask() -> AdmissionAsk {
        AdmissionAsk {
            surname: " de  Waal ".into(),
            forename: "Pieter".into(),
            born_on: "1945-06-17".into(),
            number: "AH-0429".into(),
            unit: "willow".into(),
            room: "9".into(),
            allergy_state: "none".into(),
            allergies: String::new(),
        }
    }

    fn read(ask: &AdmissionAsk) -> Result<Resident, Refusal> {
        ask.read("id", "alder", parse_day("2026-11-20").unwrap())
    }

    #[test]
    fn a_resident_is_read_as_written() {
        assert_eq!(read(&ask()).map(|r| r.name()), Ok("DE WAAL, Pieter".to_owned()));
    }

    #[test]
    fn nothing_chosen_is_not_no_allergies() {
        let silent = AdmissionAsk { allergy_state: String::new(), ..ask() };
        assert_eq!(read(&silent), Err(Refusal::AllergyStateMissing));
        let empty = AdmissionAsk { allergy_state: "known".into(), ..ask() };
        assert_eq!(read(&empty), Err(Refusal::AllergiesMissing));
        let both = AdmissionAsk { allergies: "penicillin".into(), ..ask() };
        assert_eq!(read(&both), Err(Refusal::AllergiesContradict));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong = AdmissionAsk { surname: " ".into(), born_on: "1945".into(), ..ask() };
        let told = wrong.read_whole("id", "alder", parse_day("2026-11-20").unwrap());
        assert_eq!(told, Err(vec![Refusal::ResidentSurname, Refusal::ResidentBirthday]));
    }

    #[test]
    fn a_birthday_is_in_the_past_and_in_living_memory() {
        for born_on in ["2026-11-21", "1890-01-01", "17/06/1945", ""] {
            let wrong = AdmissionAsk { born_on: born_on.into(), ..ask() };
            assert_eq!(read(&wrong), Err(Refusal::ResidentBirthday), "{born_on}");
        }
    }
}
