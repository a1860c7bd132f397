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
use crate::care::facility::{Facility, Unit};
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
    unit: String,
    /// `as_needed` or `in_error`; both where nothing is said.
    kind: String,
    /// `yes`: only what stands; `no`: only what was struck.
    stands: String,
    from: String,
    to: String,
}

/// What is asked for, understood.
#[derive(Debug, Clone)]
pub struct Search {
    resident: Option<String>,
    unit: Option<String>,
    /// Only what was given in error, or only what was not.
    in_error: Option<bool>,
    /// Only what stands, or only what was struck.
    standing: Option<bool>,
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
        if !errors.is_empty() {
            return Err(errors);
        }
        let either = |text: &str, yes: &str, no: &str| match text {
            said if said == yes => Some(true),
            said if said == no => Some(false),
            _ => None,
        };
        Ok(Search {
            resident: some(&self.resident).map(str::to_owned),
            unit: some(&self.unit).map(str::to_owned),
            in_error: either(&self.kind, "in_error", "as_needed"),
            standing: either(&self.stands, "yes", "no"),
            days,
        })
    }

    fn csv(&self) -> String {
        let said: Vec<_> = self.fields().into_iter().filter(|(_, value)| some(value).is_some()).collect();
        match serde_urlencoded::to_string(said) {
            Ok(query) if !query.is_empty() => format!("/history/unscheduled.csv?{query}"),
            _ => "/history/unscheduled.csv".to_owned(),
        }
    }

    fn fields(&self) -> [(&'static str, &String); 7] {
        [
            ("facility", &self.facility),
            ("resident", &self.resident),
            ("unit", &self.unit),
            ("kind", &self.kind),
            ("stands", &self.stands),
            ("from", &self.from),
            ("to", &self.to),
        ]
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
    units: Vec<Choice>,
    kinds: Vec<Choice>,
    stands: Vec<Choice>,
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
        let resident = |one: &Resident| Choice::new(&one.id, one.name());
        let unit = |one: &Unit| Choice::new(&one.id, &one.name);
        View {
            form: asked.fields().into_iter().fold(Form::asking(errors), |form, (name, value)| form.with(name, value)),
            facilities: match facilities {
                [_] => Vec::new(),
                many => many.iter().map(|one| Choice::new(&one.id, &one.name)).collect(),
            },
            residents: std::iter::once(Choice::new("", "Anyone")).chain(facts.residents.iter().map(resident)).collect(),
            units: std::iter::once(Choice::new("", "All units")).chain(facts.units.iter().map(unit)).collect(),
            kinds: choices([("", "All"), ("as_needed", "As needed (PRN)"), ("in_error", "Given in error")]),
            stands: choices([("", "All"), ("yes", "As they stand"), ("no", "Struck out")]),
            found: found_text(facts, count),
            cut: (count > MOST_SHOWN).then(|| format!("The newest {MOST_SHOWN} are shown. The file has all {count}.")),
            csv: asked.csv(),
            lines,
            shell,
        }
    }
}

fn choices(all: [(&str, &str); 3]) -> Vec<Choice> {
    all.into_iter().map(|(value, text)| Choice::new(value, text)).collect()
}

fn found_text(facts: &Facts, count: usize) -> String {
    let doses = if count == 1 { "1 dose".to_owned() } else { format!("{count} doses") };
    match facts.days {
        Some((from, to)) => format!("{doses} from {} to {}.", day_text(from), day_text(to)),
        None => String::new(),
    }
}
