//! What was given beside the scheduled doses, as needed and in error: of some days, for a supervisor, and as a file.

mod csv;
mod lines;
mod samples;

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use self::lines::{Facts, Line, lines, load};
use crate::care::calendar::{day_text, days_after, days_before, parse_day};
use crate::care::facility::Facility;
use crate::care::people::{Pharmacist, Prescriber, Supervisor};
use crate::care::resident::Resident;
use crate::web::parts::Icon;
use crate::web::{Answer, Choice, Errors, Form, Hall, Menu, Page, Shell, Signed, links, looking};

type Reader = Signed<(Supervisor, Pharmacist, Prescriber)>;

/// So many days are shown where nobody asks for others: a month.
const USUAL_DAYS: u32 = 31;

/// Nobody reads a page of more lines; the file has them all.
const MOST_SHOWN: usize = 500;

/// The address's own words; an empty one asks for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    facility: String,
    resident: String,
    from: String,
    to: String,
}

/// What is asked for, understood.
#[derive(Debug, Clone)]
pub struct Search {
    resident: Option<String>,
    /// The first and the last day.
    days: (NaiveDate, NaiveDate),
}

pub async fn show(reader: Reader, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facility = reader.chosen(some(&asked.facility))?.clone();
    let shell = reader.shell(&facility, Menu::History).back_to("Dose history", links::history());
    let (search, errors) = match asked.search(&facility, reader.now()) {
        Ok(search) => (Some(search), Errors::none()),
        Err(errors) => (None, errors),
    };
    let wrong = search.is_none();
    let facts = looking(&hall.db, move |conn| load(conn, facility, search.as_ref())).await?;
    let others: Vec<Facility> = reader.facilities().cloned().collect();
    let view = View::new(shell, &asked, &facts, &others, errors);
    if wrong { Page::refused(view, false).answer() } else { Page::new(view).answer() }
}

pub async fn download(reader: Reader, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facility = reader.chosen(some(&asked.facility))?.clone();
    let Ok(search) = asked.search(&facility, reader.now()) else {
        return show(reader, hall, asked).await;
    };
    let facts = looking(&hall.db, move |conn| load(conn, facility, Some(&search))).await?;
    Ok(csv::file(&facts))
}

impl Asked {
    /// Where no day is said, the last month; where one is, a month from it or up to it.
    fn search(&self, facility: &Facility, now: DateTime<Utc>) -> Result<Search, Errors> {
        let mut errors = Errors::none();
        let day = |text: &str| some(text).map(parse_day).transpose();
        let from = errors.keep("from", day(&self.from)).flatten();
        let to = errors.keep("to", day(&self.to)).flatten();
        let today = facility.zone.day(now);
        let days = match (from, to) {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) => (from, days_after(from, USUAL_DAYS - 1).max(today)),
            (None, to) => (days_before(to.unwrap_or(today), USUAL_DAYS - 1), to.unwrap_or(today)),
        };
        if days.0 > days.1 {
            errors.push("to", "The last day is before the first one.");
        }
        let resident = some(&self.resident).map(str::to_owned);
        if errors.is_empty() { Ok(Search { resident, days }) } else { Err(errors) }
    }

    fn csv(&self) -> String {
        let fields =
            [("facility", &self.facility), ("resident", &self.resident), ("from", &self.from), ("to", &self.to)];
        let said: Vec<_> = fields.into_iter().filter(|(_, value)| some(value).is_some()).collect();
        match serde_urlencoded::to_string(said) {
            Ok(query) if !query.is_empty() => format!("/history/unscheduled.csv?{query}"),
            _ => "/history/unscheduled.csv".to_owned(),
        }
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

#[derive(Template)]
#[template(path = "pages/unscheduled.html")]
pub struct View {
    shell: Shell,
    form: Form,
    facilities: Vec<Choice>,
    residents: Vec<Choice>,
    /// `12 doses from 24 Oct 2026 to 23 Nov 2026.`
    found: String,
    /// Where there are more than a page shows.
    cut: Option<String>,
    csv: String,
    lines: Vec<Line>,
}

impl View {
    fn new(shell: Shell, asked: &Asked, facts: &Facts, facilities: &[Facility], errors: Errors) -> View {
        let mut lines = lines(facts);
        let count = lines.len();
        lines.truncate(MOST_SHOWN);
        let fields =
            [("facility", &asked.facility), ("resident", &asked.resident), ("from", &asked.from), ("to", &asked.to)];
        let resident = |one: &Resident| Choice::new(&one.id, one.name());
        View {
            form: fields.into_iter().fold(Form::asking(errors), |form, (name, value)| form.with(name, value)),
            facilities: match facilities {
                [_] => Vec::new(),
                many => many.iter().map(|one| Choice::new(&one.id, &one.name)).collect(),
            },
            residents: std::iter::once(Choice::new("", "Anyone")).chain(facts.residents.iter().map(resident)).collect(),
            found: found_text(facts, count),
            cut: (count > MOST_SHOWN).then(|| format!("The newest {MOST_SHOWN} are shown. The file has all {count}.")),
            csv: asked.csv(),
            lines,
            shell,
        }
    }
}

fn found_text(facts: &Facts, count: usize) -> String {
    let doses = if count == 1 { "1 dose".to_owned() } else { format!("{count} doses") };
    match facts.days {
        Some((from, to)) => format!("{doses} from {} to {}.", day_text(from), day_text(to)),
        None => String::new(),
    }
}
