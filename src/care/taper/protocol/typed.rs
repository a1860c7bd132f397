//! Typed steps: a table of days and doses.
//!
//! A file has one line a step, the first reduction first. The column `days` is the least number of days of the step,
//! empty in the last line, which is the goal. The doses stand either in one column for each time of day, or in one column
//! `daily`, which is then divided over the times of day.
//!
//! ```csv
//! days,08:00,20:00        days,daily
//! 14,0.5,1                14,11 mg
//! 14,0.5,0.5              14,8.5 mg
//! ,0,0                    ,0
//! ```

use std::collections::BTreeMap;

use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::refusal::Refusal;

/// One typed step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// None: the last step.
    pub days: Option<u32>,
    pub doses: Doses,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doses {
    /// The whole day's amount, divided over the slots as evenly as the pieces allow.
    Daily(Amount),
    /// Each slot's amount; a slot that is left out has none.
    BySlot(BTreeMap<Slot, Amount>),
}

impl Doses {
    pub fn daily(&self) -> Amount {
        match self {
            Doses::Daily(daily) => *daily,
            Doses::BySlot(doses) => doses.values().copied().sum(),
        }
    }
}

/// A column of the table.
enum Column {
    Days,
    Daily,
    Dose(Slot),
}

/// Reads a table of steps; the first line that is wrong is named.
pub fn read(text: &str) -> Result<Vec<Row>, Refusal> {
    let mut lines = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let wrong = |line: usize, problem: &str| Refusal::StepsUnreadable { line, problem: problem.to_owned() };
    let header = lines.headers().map_err(|error| wrong(1, &error.to_string()))?;
    let columns = header.iter().map(column).collect::<Result<Vec<_>, _>>().map_err(|problem| wrong(1, &problem))?;
    whole(&columns).map_err(|problem| wrong(1, problem))?;
    let mut rows = Vec::new();
    for (line, record) in (2..).zip(lines.records()) {
        let record = record.map_err(|error| wrong(line, &error.to_string()))?;
        rows.push(row(&columns, record.iter()).map_err(|problem| wrong(line, &problem))?);
    }
    if rows.is_empty() { Err(Refusal::StepsMissing) } else { Ok(rows) }
}

fn column(name: &str) -> Result<Column, String> {
    match name {
        "days" => Ok(Column::Days),
        "daily" => Ok(Column::Daily),
        _ => name.parse().map(Column::Dose).map_err(|refusal: Refusal| refusal.to_string()),
    }
}

/// The columns make sense together: days once, and either daily or times of day, each once.
fn whole(columns: &[Column]) -> Result<(), &'static str> {
    let days = columns.iter().filter(|column| matches!(column, Column::Days)).count();
    let daily = columns.iter().filter(|column| matches!(column, Column::Daily)).count();
    let mut slots: Vec<Slot> = columns.iter().filter_map(Column::slot).collect();
    slots.sort_unstable();
    let twice = slots.windows(2).any(|pair| pair[0] == pair[1]);
    match (days, daily, slots.len()) {
        (1, 1, 0) => Ok(()),
        (1, 0, 1..) if !twice => Ok(()),
        _ => Err("the columns are days, then daily or one for each time of day."),
    }
}

impl Column {
    fn slot(&self) -> Option<Slot> {
        match self {
            Column::Dose(slot) => Some(*slot),
            _ => None,
        }
    }
}

fn row<'a>(columns: &[Column], fields: impl Iterator<Item = &'a str>) -> Result<Row, String> {
    let mut row = Row { days: None, doses: Doses::BySlot(BTreeMap::new()) };
    for (column, text) in columns.iter().zip(fields) {
        let amount = || Amount::parse(text).map_err(|refusal| refusal.to_string());
        match (column, &mut row.doses) {
            (Column::Days, _) => row.days = days(text)?,
            (Column::Dose(slot), Doses::BySlot(doses)) => drop(doses.insert(*slot, amount()?)),
            _ => row.doses = Doses::Daily(amount()?),
        }
    }
    Ok(row)
}

fn days(text: &str) -> Result<Option<u32>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let plain = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let days = plain.then(|| text.parse().ok()).flatten();
    days.map(Some).ok_or_else(|| format!("“{text}” is not a number of days."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_slot_or_by_day() {
        let rows = read("days,08:00,20:00\n14,0.5,1 mg\n,0,0\n").unwrap();
        let slots = |row: &Row| match &row.doses {
            Doses::BySlot(doses) => doses.values().map(|amount| amount.ug()).collect::<Vec<_>>(),
            Doses::Daily(_) => vec![],
        };
        assert_eq!((rows[0].days, slots(&rows[0])), (Some(14), vec![500, 1_000]));
        assert_eq!((rows[1].days, slots(&rows[1])), (None, vec![0, 0]));
        let rows = read("days, daily\n7, 11 mg\n,0\n").unwrap();
        assert_eq!(rows[0].doses, Doses::Daily(Amount::from_ug(11_000)));
    }

    #[test]
    fn a_table_that_cannot_be_read_is_refused_with_its_line() {
        for (table, line) in [
            ("days\n14\n", 1),
            ("08:00\n1\n", 1),
            ("days,8am\n14,1\n", 1),
            ("days,daily,08:00\n14,1,1\n", 1),
            ("days,08:00,08:00\n14,1,1\n", 1),
            ("days,daily\n14,.5\n", 2),
            ("days,daily\n14,1\n-3,1\n", 3),
            ("days,daily\n14,1,1\n", 2),
            ("days,daily\n14,\n", 2),
        ] {
            let read = read(table);
            assert!(matches!(read, Err(Refusal::StepsUnreadable { line: at, .. }) if at == line), "{table}: {read:?}");
        }
        assert_eq!(read("days,daily\n"), Err(Refusal::StepsMissing));
    }
}
