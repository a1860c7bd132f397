//! A list of residents as a spreadsheet gives it: read line by line, and everything that is wrong with each.

use std::collections::HashMap;

use chrono::NaiveDate;
use csv::StringRecord;

use super::Resident;
use super::admission::AdmissionAsk;
use crate::care::facility::Unit;
use crate::care::refusal::Refusal;

/// A house with more residents takes them in part by part.
pub const MOST_LINES: usize = 2_000;

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

/// A column: the name that is asked for, and other names that houses give it.
struct Column {
    name: &'static str,
    others: &'static [&'static str],
}

const COLUMNS: [Column; 7] = [
    Column { name: "number", others: &["residentno", "residentnumber", "no", "id"] },
    Column { name: "surname", others: &["lastname", "familyname"] },
    Column { name: "forename", others: &["firstname", "givenname"] },
    Column { name: "born", others: &["bornon", "dateofbirth", "birthdate", "dob"] },
    Column { name: "unit", others: &["ward"] },
    Column { name: "room", others: &[] },
    Column { name: "allergies", others: &["allergy", "knownallergies"] },
];

/// Reads a list: with commas, semicolons, or tabs as a spreadsheet copies them; the columns in any order.
pub fn read(list: &str, known: &Known) -> Result<Vec<Line>, Refusal> {
    let list = list.trim_start_matches('\u{feff}');
    let head = list.lines().next().unwrap_or_default();
    let delimiter = *b"\t;,".iter().max_by_key(|one| head.bytes().filter(|byte| byte == *one).count()).unwrap_or(&b',');
    let reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(list.as_bytes());
    let mut records = reader
        .into_records()
        .map(|record| record.expect("text is UTF-8, and lines may differ in length"))
        .filter(|record| record.iter().any(|c| !c.is_empty()));
    let head = records.next().ok_or(Refusal::ListEmpty)?;
    let places = places(&head)?;
    let mut lines: Vec<Line> =
        records.take(MOST_LINES + 1).map(|record| line(&record, &head, &places, known)).collect();
    if lines.is_empty() {
        return Err(Refusal::ListEmpty);
    }
    if lines.len() > MOST_LINES {
        return Err(Refusal::ListTooLong { most: MOST_LINES });
    }
    once_each(&mut lines);
    Ok(lines)
}

/// Where each column stands.
fn places(head: &StringRecord) -> Result<[usize; COLUMNS.len()], Refusal> {
    let plain =
        |cell: &str| cell.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>();
    let head: Vec<String> = head.iter().map(plain).collect();
    let is = |column: &Column, cell: &str| column.name == cell || column.others.contains(&cell);
    let found = COLUMNS.each_ref().map(|column| {
        let mut here = head.iter().enumerate().filter(|(_, cell)| is(column, cell)).map(|(at, _)| at);
        (column.name, here.next(), here.next().is_some())
    });
    if let Some((name, ..)) = found.iter().find(|(_, _, twice)| *twice) {
        return Err(Refusal::ListColumnTwice { column: (*name).to_owned() });
    }
    let missing: Vec<&str> = found.iter().filter(|(_, at, _)| at.is_none()).map(|(name, ..)| *name).collect();
    if !missing.is_empty() {
        return Err(Refusal::ListColumns { missing: missing.join(", ") });
    }
    Ok(found.map(|(_, at, _)| at.expect("no column is missing")))
}

fn line(record: &StringRecord, head: &StringRecord, places: &[usize; COLUMNS.len()], known: &Known) -> Line {
    let number = record.position().map_or(0, csv::Position::line);
    let text = record.iter().collect::<Vec<_>>().join(", ");
    if record.len() != head.len() {
        let cells = Refusal::ListCells { cells: record.len(), wanted: head.len() };
        return Line { number, text, read: Err(vec![cells]) };
    }
    let cell = |column: usize| record.get(places[column]).unwrap_or_default().to_owned();
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
    let read = match (read, [unit.err(), taken(&ask.number, known)].into_iter().flatten().collect::<Vec<_>>()) {
        (Ok(resident), more) if more.is_empty() => Ok(resident),
        (Ok(_), more) => Err(more),
        (Err(wrong), more) => Err(wrong.into_iter().chain(more).collect()),
    };
    Line { number, text, read }
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
    let other = known.residents.iter().find(|other| other.number == number)?;
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
        if let Some(first) = seen.insert(resident.number.clone(), line.number) {
            let twice = Refusal::ListNumberTwice { number: resident.number.clone(), line: first };
            seen.insert(resident.number.clone(), first);
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
