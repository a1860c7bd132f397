//! How the error rate is shown: the rate, then every part of it.

use askama::Template;
use chrono::NaiveDate;

use super::{Asked, Facts, Search};
use crate::care::calendar::day_text;
use crate::care::error_rate::{Counted, Part};
use crate::care::facility::{Facility, Unit};
use crate::care::round::outcome::Outcome;
use crate::store::audit::LEAST_LATE_MINUTES;
use crate::web::links::DosesOf;
use crate::web::parts::Icon;
use crate::web::parts::error_rate::RateView;
use crate::web::{Choice, Errors, Form, Link, Shell};

#[derive(Template)]
#[template(path = "pages/error_rate.html")]
pub struct View {
    shell: Shell,
    form: Form,
    facilities: Vec<Choice>,
    units: Vec<Choice>,
    /// None where the question could not be read.
    shown: Option<Shown>,
    /// After so many minutes a dose is late.
    window: u32,
}

/// What was counted.
pub struct Shown {
    /// `East, 25 Oct 2026 to 23 Nov 2026`
    of: String,
    rate: RateView,
    rows: Vec<Row>,
    counting: u64,
    errors: u64,
}

/// One part; where nothing of it is counted or an error, that says so.
pub struct Row {
    part: Link,
    note: Option<String>,
    doses: u32,
    counting: u32,
    errors: u32,
    late: Option<Late>,
}

/// Doses given after their window.
pub struct Late {
    count: u32,
    /// None where the window is so short that the history is not searched by it.
    href: Option<String>,
}

impl View {
    pub(super) fn new(shell: Shell, asked: &Asked, facts: &Facts, facilities: &[Facility], errors: Errors) -> View {
        // The days that are shown, so that a usual month can be moved from where it stands.
        let (from, to) = match &facts.found {
            Some((search, _)) => (search.days.0.to_string(), search.days.1.to_string()),
            None => (asked.from.clone(), asked.to.clone()),
        };
        let fields = [("facility", &asked.facility), ("unit", &asked.unit), ("from", &from), ("to", &to)];
        let unit = |unit: &Unit| Choice::new(&unit.id, &unit.name);
        View {
            form: fields.into_iter().fold(Form::asking(errors), |form, (name, value)| form.with(name, value)),
            facilities: match facilities {
                [_] => Vec::new(),
                many => many.iter().map(|one| Choice::new(&one.id, &one.name)).collect(),
            },
            units: std::iter::once(Choice::new("", "All units")).chain(facts.units.iter().map(unit)).collect(),
            shown: facts.found.as_ref().map(|(search, counted)| shown(facts, search, counted)),
            window: facts.facility.windows.late_minutes,
            shell,
        }
    }
}

fn shown(facts: &Facts, search: &Search, counted: &Counted) -> Shown {
    let of = DosesOf {
        facility: facts.facility.id.clone(),
        unit: search.unit.clone().unwrap_or_default(),
        days: search.days,
    };
    let rate = counted.rate();
    Shown {
        of: of_text(facts, search),
        rate: RateView::new(counted),
        rows: Part::ALL.into_iter().map(|part| row(facts, &of, counted, part)).collect(),
        counting: rate.of,
        errors: rate.errors,
    }
}

fn of_text(facts: &Facts, Search { unit, days }: &Search) -> String {
    let named =
        |id: &String| facts.units.iter().find(|unit| unit.id == *id).map_or("No unit of here", |unit| &unit.name);
    let day = |on: NaiveDate| day_text(on);
    format!("{}, {} to {}", unit.as_ref().map_or("All units", named), day(days.0), day(days.1))
}

fn row(facts: &Facts, of: &DosesOf, counted: &Counted, part: Part) -> Row {
    let count = counted.of(part);
    let minutes = facts.facility.windows.late_minutes;
    let late = |outcome: Outcome| Late {
        count: count.late,
        href: (minutes >= LEAST_LATE_MINUTES).then(|| of.scheduled(outcome.word(), Some(minutes))),
    };
    Row {
        part: Link::new(part.title(), href(of, part)),
        note: note(part, count.unordered),
        doses: count.doses,
        counting: counted.counting(part),
        errors: counted.errors(part),
        late: match part {
            Part::Recorded(outcome) if count.late > 0 => Some(late(outcome)),
            _ => None,
        },
    }
}

/// The list that shows these doses.
fn href(of: &DosesOf, part: Part) -> String {
    match part {
        Part::Recorded(outcome) => of.scheduled(outcome.word(), None),
        Part::NoRecord => of.scheduled("no_record", None),
        Part::AsNeeded => of.beside("as_needed"),
        Part::InError => of.beside("in_error"),
    }
}

/// Why some of them do not count.
fn note(part: Part, unordered: u32) -> Option<String> {
    match (part, unordered) {
        (Part::Recorded(Outcome::Absent), _) => Some("Nothing was due here.".to_owned()),
        (_, 0) => None,
        (Part::Recorded(Outcome::Withheld), some) => {
            Some(format!("{some} not counted: a prescriber had said so, or had not decided the dose yet."))
        }
        (_, some) => Some(format!("{some} not counted: no prescriber had decided the dose yet.")),
    }
}
