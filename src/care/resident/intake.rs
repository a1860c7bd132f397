//! A list of residents as a spreadsheet gives it: read line by line, and everything that is wrong with each.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::admission::AdmissionAsk;
use super::{Resident, same_number};
use crate::care::facility::Unit;
use crate::care::list::{self, Column, Record};
use crate::care::refusal::Refusal;

/// What is known in the facility when the list is read.
pub struct Known<'a> {
    pub facility: &'a str,
    pub units: &'a [Unit],
    pub residents: &'a [Resident],
    pub today: NaiveDate,
}

/// One line of the list, as it stands there and as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Counted from the line with the column names, which is 1.
    pub number: u64,
    /// Its cells, as they were typed.
    pub text: String,
    /// The id is still empty: the act gives one.
    pub read: Result<Resident, Vec<Refusal>>,
}

const COLUMNS: [Column; 7] = [
    Column::new("number", &["residentno", "residentnumber", "no", "id"]),
    Column::new("surname", &["lastname", "familyname"]),
    Column::new("forename", &["firstname", "givenname"]),
    Column::new("born", &["bornon", "dateofbirth", "birthdate", "dob"]),
    Column::new("unit", &["ward"]),
    Column::new("room", &[]),
    Column::new("allergies", &["allergy", "knownallergies"]),
];

/// Reads a list of residents.
pub fn read(typed: &str, known: &Known) -> Result<Vec<Line>, Refusal> {
    let records = list::read(typed, &COLUMNS)?;
    let mut lines: Vec<Line> = records.into_iter().map(|record| line(record, known)).collect();
    once_each(&mut lines);
    Ok(lines)
}

fn line(Record { number, text, cells }: Record, known: &Known) -> Line {
    let read = cells.map_err(|wrong| vec![wrong]).and_then(|cells| resident(&cells, known));
    Line { number, text, read }
}

fn resident(cells: &[String], known: &Known) -> Result<Resident, Vec<Refusal>> {
    let cell = |column: usize| cells[column].clone();
    let (allergy_state, allergies) = allergies(&cell(6));
    let unit = unit(&cell(4), known);
    let ask = AdmissionAsk {
        number: cell(0),
        surname: cell(1),
        forename: cell(2),
        born_on: cell(3),
        unit: unit.clone().unwrap_or_default(),
        room: cell(5),
        allergy_state,
        allergies,
    };
    let read = ask.read_whole("", known.facility, known.today);
    match (read, [unit.err(), taken(&ask.number, known)].into_iter().flatten().collect::<Vec<_>>()) {
        (Ok(resident), more) if more.is_empty() => Ok(resident),
        (Ok(_), more) => Err(more),
        (Err(wrong), more) => Err(wrong.into_iter().chain(more).collect()),
    }
}

/// The id of the unit of that name.
fn unit(name: &str, known: &Known) -> Result<String, Refusal> {
    let found = known.units.iter().find(|unit| unit.name.to_lowercase() == name.to_lowercase());
    found.map(|unit| unit.id.clone()).ok_or_else(|| Refusal::ListUnit {
        name: name.to_owned(),
        units: known.units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}

fn taken(number: &str, known: &Known) -> Option<Refusal> {
    let other = known.residents.iter().find(|other| same_number(&other.number, number))?;
    Some(Refusal::ResidentNumberTaken { name: other.name() })
}

/// The state, and the list where they are known. An empty cell says that nobody has recorded them: never that there are none.
fn allergies(cell: &str) -> (String, String) {
    let plain = cell.to_lowercase();
    let (state, list) = match plain.trim_matches('.') {
        "" | "-" | "?" | "n/a" | "unknown" | "not known" | "not recorded" => ("not_recorded", ""),
        "none" | "nil" | "none known" | "no known allergies" | "nka" | "nkda" => ("none", ""),
        "unavailable" => ("unavailable", ""),
        _ => ("known", cell),
    };
    (state.to_owned(), list.to_owned())
}

/// A number that stands in the list twice is wrong the second time.
fn once_each(lines: &mut [Line]) {
    let mut seen: HashMap<String, u64> = HashMap::new();
    for line in lines {
        let Ok(resident) = &line.read else { continue };
        if let Some(first) = seen.insert(resident.number.to_lowercase(), line.number) {
            let twice = Refusal::ListNumberTwice { number: resident.number.clone(), line: first };
            seen.insert(resident.number.to_lowercase(), first);
            line.read = Err(vec![twice]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::calendar::parse_day;
    use crate::care::resident::Allergies;

    fn read_here(list: &str) -> Result<Vec<Line>, Refusal> {
        let unit = |name: &str| Unit {
            id: name.to_lowercase(),
            facility: "alder".into(),
            name: name.into(),
            mailbox: String::new(),
            rounds: Vec::new(),
            revision: 0,
        };
        let units = [unit("Willow"), unit("Rowan")];
        let today = parse_day("2026-11-20").unwrap();
        read(list, &Known { facility: "alder", units: &units, residents: &[], today })
    }

    fn residents(list: &str) -> Vec<Resident> {
        read_here(list).unwrap().into_iter().map(|line| line.read.unwrap()).collect()
    }

    const HEAD: &str = "Number,Surname,Forename,Born,Unit,Room,Allergies\n";

    #[test]
    fn a_list_is_read_however_a_spreadsheet_writes_it() {
        let commas = format!("\u{feff}{HEAD}AH-1,\"Waal, de\",Pieter,1945-06-17,willow,9,penicillin (rash)\r\n\r\n");
        let tabs = "Ward\tRoom\tLast name\tFirst name\tResident no.\tDate of birth\tAllergy\n\
                    Willow\t9\tWaal, de\tPieter\tAH-1\t1945-06-17\tpenicillin (rash)";
        assert_eq!(residents(&commas), residents(tabs));
        let read = &residents(&commas)[0];
        assert_eq!((read.unit.as_str(), read.name().as_str()), ("willow", "WAAL, DE, Pieter"));
    }

    #[test]
    fn an_empty_cell_never_means_no_allergies() {
        let cells = [("", Allergies::NotRecorded), ("?", Allergies::NotRecorded), ("NKDA", Allergies::NoneKnown)];
        for (cell, state) in cells {
            let list = format!("{HEAD}AH-1,Waal,Pieter,1945-06-17,Rowan,9,{cell}");
            assert_eq!(residents(&list)[0].allergies, state, "{cell}");
        }
    }

    #[test]
    fn every_line_says_what_is_wrong_with_it() {
        let list = format!(
            "{HEAD}AH-1,Waal,Pieter,1945-06-17,Rowan,9,nil\nAH-2,,Pieter,17/06/1945,Birch,9,nil\nAH-1,Berg,Ida,1940-01-02,\
             Rowan,8,nil\nAH-4,Berg,Ida,1940-01-02,Rowan,8"
        );
        let lines = read_here(&list).unwrap();
        let unit = Refusal::ListUnit { name: "Birch".into(), units: "Willow, Rowan".into() };
        assert!(lines[0].read.is_ok());
        assert_eq!(lines[1].read, Err(vec![Refusal::ResidentSurname, Refusal::ResidentBirthday, unit]));
        assert_eq!(lines[2].read, Err(vec![Refusal::ListNumberTwice { number: "AH-1".into(), line: 2 }]));
        assert_eq!((lines[3].number, &lines[3].read), (5, &Err(vec![Refusal::ListCells { cells: 6, wanted: 7 }])));
    }

    #[test]
    fn a_list_without_its_columns_is_not_guessed_at() {
        assert_eq!(read_here(" "), Err(Refusal::ListEmpty));
        assert_eq!(read_here(HEAD), Err(Refusal::ListEmpty));
        let missing = Refusal::ListColumns { missing: "born, room".into() };
        assert_eq!(read_here("number,surname,forename,unit,allergies\n1,2,3,4,5"), Err(missing));
        let twice = Refusal::ListColumnTwice { column: "unit".into() };
        assert_eq!(read_here(&format!("ward,{HEAD}x,1,2,3,4,5,6,7")), Err(twice));
    }
}
