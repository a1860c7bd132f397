//! A list as a spreadsheet gives it: with commas, semicolons, or tabs; its columns by their names, in any order.

use csv::StringRecord;

use super::refusal::Refusal;

/// A house with more lines takes them in part by part.
pub const MOST_LINES: usize = 2_000;

/// A column: the name that is asked for, and other names that houses give it.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub others: &'static [&'static str],
    /// The list may leave it out: its cells are then empty.
    pub optional: bool,
}

impl Column {
    pub const fn new(name: &'static str, others: &'static [&'static str]) -> Column {
        Column { name, others, optional: false }
    }

    pub const fn optional(name: &'static str, others: &'static [&'static str]) -> Column {
        Column { name, others, optional: true }
    }

    fn is(&self, cell: &str) -> bool {
        self.name == cell || self.others.contains(&cell)
    }
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Counted from the line with the column names, which is 1.
    pub number: u64,
    /// Its cells, as they were typed.
    pub text: String,
    /// In the order of the columns; or why the line has not as many cells as the first.
    pub cells: Result<Vec<String>, Refusal>,
}

/// Reads a list that has these columns. A list that names them otherwise is not guessed at.
pub fn read(list: &str, columns: &[Column]) -> Result<Vec<Record>, Refusal> {
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
    let places = places(&head, columns)?;
    let lines: Vec<Record> = records.take(MOST_LINES + 1).map(|record| line(&record, head.len(), &places)).collect();
    match lines.len() {
        0 => Err(Refusal::ListEmpty),
        1..=MOST_LINES => Ok(lines),
        _ => Err(Refusal::ListTooLong { most: MOST_LINES }),
    }
}

/// Where each column stands; none: the list leaves it out.
fn places(head: &StringRecord, columns: &[Column]) -> Result<Vec<Option<usize>>, Refusal> {
    let plain =
        |cell: &str| cell.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>();
    let head: Vec<String> = head.iter().map(plain).collect();
    let found = |column: &Column| -> Vec<usize> {
        head.iter().enumerate().filter(|(_, cell)| column.is(cell)).map(|(at, _)| at).collect()
    };
    let all: Vec<(&Column, Vec<usize>)> = columns.iter().map(|column| (column, found(column))).collect();
    if let Some((column, _)) = all.iter().find(|(_, places)| places.len() > 1) {
        return Err(Refusal::ListColumnTwice { column: column.name.to_owned() });
    }
    let missing = all.iter().filter(|(column, places)| places.is_empty() && !column.optional);
    let missing: Vec<&str> = missing.map(|(column, _)| column.name).collect();
    if !missing.is_empty() {
        return Err(Refusal::ListColumns { missing: missing.join(", ") });
    }
    Ok(all.into_iter().map(|(_, places)| places.first().copied()).collect())
}

fn line(record: &StringRecord, wanted: usize, places: &[Option<usize>]) -> Record {
    let cell = |place: &Option<usize>| place.and_then(|at| record.get(at)).unwrap_or_default().to_owned();
    Record {
        number: record.position().map_or(0, csv::Position::line),
        text: record.iter().collect::<Vec<_>>().join(", "),
        cells: match record.len() == wanted {
            true => Ok(places.iter().map(cell).collect()),
            false => Err(Refusal::ListCells { cells: record.len(), wanted }),
        },
    }
}
