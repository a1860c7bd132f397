//! The questions of a scale as they are drawn: five points side by side, more as a list, numbers as fields.

use askama::Template;

use super::facts::Facts;
use crate::care::calendar::day_text;
use crate::care::scale::{Item, Part, Scale};
use crate::store::assessments::Assessment;
use crate::web::parts::Banner;
use crate::web::{Form, Shell, links};

/// So many points stand side by side, on a phone too.
const SIDE_BY_SIDE: usize = 5;

#[derive(Template)]
#[template(path = "pages/assessment.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    form: Form,
    action: String,
    scale: String,
    title: String,
    asks: String,
    citation: String,
    parts: Vec<Questions>,
    last: Option<Last>,
    /// Several items, whose total the browser can count.
    counts: bool,
    scored: usize,
    most: i32,
}

/// The last time.
struct Last {
    total: String,
    on: String,
    by: String,
}

/// One part of the scale.
struct Questions {
    anchor: String,
    title: String,
    /// The point and its word, where they stand above columns.
    columns: Vec<(i32, String)>,
    kind: Kind,
    items: Vec<Question>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Columns,
    List,
    Numbers,
}

struct Question {
    number: usize,
    field: String,
    label: String,
    hint: String,
    reversed: String,
    points: Vec<Point>,
}

struct Point {
    value: String,
    word: String,
    /// `1, a little, last time`
    said: String,
    was: bool,
}

/// The name of an item's field in the form.
pub fn field(item: &str) -> String {
    format!("item-{item}")
}

impl View {
    pub fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let scale = &facts.scale;
        let last = facts.last.as_ref().map(|(last, _)| last);
        let mut number = 0;
        let parts = scale.parts.iter().enumerate().map(|(nth, part)| {
            let questions = questions(nth, part, number, last);
            number += part.items.len();
            questions
        });
        View {
            action: links::assessments_of(&facts.resident.id),
            scale: scale.id.clone(),
            title: scale.title.clone(),
            asks: scale.asks.clone(),
            citation: format!("{}, version {}. {}", scale.name, scale.version, scale.citation),
            parts: parts.collect(),
            last: facts.last.as_ref().map(|(last, by)| last_time(facts, last, by)),
            counts: counts(scale),
            scored: scale.scored().count(),
            most: scale.range().1,
            banner: facts.banner.clone(),
            form,
            shell,
        }
    }
}

/// The stylesheet counts points from 0 to this one.
const COUNTED: i32 = 10;

/// A scale of one item has no total to watch.
fn counts(scale: &Scale) -> bool {
    scale.scored().count() > 1 && scale.scored().all(|(part, _)| part.lowest >= 0 && part.highest() <= COUNTED)
}

fn last_time(facts: &Facts, last: &Assessment, by: &str) -> Last {
    let on = day_text(facts.facility.zone.day(last.assessed_at));
    Last { total: last.total_text(), on, by: by.to_owned() }
}

fn questions(nth: usize, part: &Part, before: usize, last: Option<&Assessment>) -> Questions {
    let kind = match part.words.len() {
        0 => Kind::Numbers,
        SIDE_BY_SIDE => Kind::Columns,
        _ => Kind::List,
    };
    let items = part.items.iter().enumerate();
    Questions {
        anchor: format!("part-{nth}"),
        title: part.title.clone(),
        columns: part.points().map(|(point, word)| (point, word.to_owned())).collect(),
        kind,
        items: items.map(|(at, item)| question(before + at + 1, part, item, last)).collect(),
    }
}

fn question(number: usize, part: &Part, item: &Item, last: Option<&Assessment>) -> Question {
    let was = last.and_then(|last| last.answer(&item.id));
    let point = |(value, word): (i32, &str)| {
        let again = Some(value) == was;
        let word = if item.reversed.is_empty() { word } else { "" };
        let parts = [value.to_string(), word.to_lowercase(), if again { "last time" } else { "" }.to_owned()];
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Point { value: value.to_string(), word: word.to_owned(), said: said.join(", "), was: again }
    };
    let hint = if part.is_scored() { item.hint.clone() } else { number_hint(part.bounds(item).1, was) };
    Question {
        number,
        field: field(&item.id),
        label: item.label.clone(),
        hint,
        reversed: item.reversed.clone(),
        points: part.points().map(point).collect(),
    }
}

fn number_hint(most: i32, was: Option<i32>) -> String {
    let last = was.map(|was| format!("; last time {was}")).unwrap_or_default();
    format!("A whole number up to {most}{last}")
}
