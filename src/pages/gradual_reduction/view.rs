//! The page as it is drawn.

use std::cmp::Reverse;

use askama::Template;

use super::facts::Facts;
use crate::care::calendar::{day_text, days_after};
use crate::care::gradual::note::{Class, Note, Noted};
use crate::care::gradual::standing::{Attempt, Counting, Made};
use crate::care::gradual::treatment::{Report, Treatment, urgency};
use crate::care::gradual::year::{Quarter, quarter_of};
use crate::web::parts::gradual::{Ground, standing_tag};
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Choice, Form, Shell, links};

/// What may be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Start,
    Attempt,
    Contraindication,
    End,
    Strike,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Start, Kind::Attempt, Kind::Contraindication, Kind::End, Kind::Strike];

    /// The last word of the address.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Start => "start",
            Kind::Attempt => "attempt",
            Kind::Contraindication => "contraindication",
            Kind::End => "end",
            Kind::Strike => "strike",
        }
    }

    pub fn of_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

#[derive(Template)]
#[template(path = "pages/gradual_reduction.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    here: String,
    medicines: Vec<Card>,
    /// Medicines that are taken, of which something may be noted.
    taken: Vec<Choice>,
    classes: Vec<Choice>,
    strikeable: Vec<Choice>,
    prescriber: bool,
    /// What a prescriber's password stands for.
    signer: String,
    start: Form,
    attempt: Form,
    contraindication: Form,
    end: Form,
    strike: Form,
    ground: Ground,
}

/// One medicine.
struct Card {
    medicine: String,
    tag: Tag,
    sentence: String,
    about: String,
    quarters: Vec<QuarterBox>,
    lines: Vec<Line>,
}

/// One quarter of the first year, and the attempts in it.
struct QuarterBox {
    name: String,
    days: String,
    now: bool,
    attempts: Vec<String>,
}

/// One thing that was done or noted, the newest first.
struct Line {
    rank: chrono::NaiveDate,
    day: String,
    what: String,
    counts: String,
    why: String,
    by: String,
    href: Option<String>,
    struck: Option<String>,
}

impl View {
    /// `form` draws the form of a kind, empty or as it was sent.
    pub fn new(facts: &Facts, shell: Shell, form: impl Fn(Kind) -> Form) -> View {
        let drawn = |kind: Kind| form(kind).named(kind.word());
        let (today, days) = (facts.today, facts.facility.gradual.contraindication_days);
        let contraindication = drawn(Kind::Contraindication).with("on", today.to_string());
        View {
            banner: facts.banner.clone(),
            here: links::gradual_reduction(&facts.resident.id),
            medicines: sorted(facts).into_iter().map(|one| card(facts, one)).collect(),
            taken: taken(facts),
            classes: Class::ALL.iter().map(|class| Choice::new(class.word(), class.text())).collect(),
            strikeable: strikeable(facts),
            prescriber: facts.prescriber,
            signer: shell.me.as_ref().map(|me| me.name.clone()).unwrap_or_default(),
            start: begun(drawn(Kind::Start), facts),
            attempt: drawn(Kind::Attempt),
            contraindication: contraindication.with("again_on", days_after(today, days).to_string()),
            end: drawn(Kind::End),
            strike: drawn(Kind::Strike),
            ground: Ground::new(&facts.facility.gradual),
            shell,
        }
    }

    /// The form that came back with something wrong.
    fn wrong(&self) -> Option<&Form> {
        [&self.start, &self.attempt, &self.contraindication, &self.end, &self.strike]
            .into_iter()
            .find(|one| one.wrong())
    }

    fn title(&self) -> &'static str {
        self.wrong().map_or("", Form::title)
    }
}

/// The most urgent first.
fn sorted(facts: &Facts) -> Vec<&Treatment> {
    let mut all: Vec<&Treatment> = facts.treatments.iter().collect();
    let rank = |one: &Treatment| urgency(report(facts, one).as_ref(), facts.today);
    all.sort_by(|one, other| (rank(one), &one.medicine).cmp(&(rank(other), &other.medicine)));
    all
}

fn report(facts: &Facts, treatment: &Treatment) -> Option<Report> {
    treatment.report(&facts.facility.gradual, facts.today)
}

/// A medicine whose start nobody recorded, with what the baseline of its taper says.
fn begun(form: Form, facts: &Facts) -> Form {
    let Some(unknown) = facts.treatments.iter().find(|one| report(facts, one).is_none()) else { return form };
    let form = form.with("medicine", unknown.medicine.to_string());
    let Some(since) = unknown.said_since else { return form };
    let known = format!("The baseline of its taper says since {since}.");
    form.with("on", since.first().to_string()).with("rationale", known)
}

fn taken(facts: &Facts) -> Vec<Choice> {
    let taken = |one: &&Treatment| one.spell(facts.today).is_some_and(|spell| spell.ended_on.is_none());
    let taken = facts.treatments.iter().filter(taken).map(|one| Choice::new(&one.medicine.0, &one.medicine.0));
    chosen_from("Choose a medicine", taken.collect())
}

/// Only prescribers strike out a contraindication.
fn strikeable(facts: &Facts) -> Vec<Choice> {
    let mine = |note: &&Note| facts.prescriber || !matches!(note.noted, Noted::Contraindicated { .. });
    let notes = facts.treatments.iter().flat_map(|one| one.standing_notes().collect::<Vec<_>>());
    let choice = |note: &Note| Choice::new(&note.id, format!("{}: {}", note.medicine, heading(note)));
    chosen_from("Choose a note", notes.filter(mine).map(choice).collect())
}

/// Nothing is chosen when the page opens, unless there is only one.
fn chosen_from(nothing: &str, mut choices: Vec<Choice>) -> Vec<Choice> {
    if choices.len() > 1 {
        choices.insert(0, Choice::new("", nothing));
    }
    choices
}

/// What a note says, beside its day.
fn what(note: &Note) -> String {
    match &note.noted {
        Noted::Begun { class, .. } => format!("Taken since this day, {}", class.text()),
        Noted::Attempted { .. } => "Attempt elsewhere".to_owned(),
        Noted::Contraindicated { again_on, .. } => format!("Contraindicated; look again by {}", day_text(*again_on)),
        Noted::Ended { .. } => "Last day it was taken".to_owned(),
        Noted::Struck { .. } => "A note struck out".to_owned(),
    }
}

/// What a note says, with its day.
fn heading(note: &Note) -> String {
    match &note.noted {
        Noted::Begun { on, class } => format!("taken since {}, {}", day_text(*on), class.text()),
        Noted::Attempted { on } => format!("attempt elsewhere on {}", day_text(*on)),
        Noted::Contraindicated { on, again_on } => {
            format!("contraindicated on {}, look again by {}", day_text(*on), day_text(*again_on))
        }
        Noted::Ended { on } => format!("no longer taken, last day {}", day_text(*on)),
        Noted::Struck { .. } => "a note struck out".to_owned(),
    }
}

fn card(facts: &Facts, treatment: &Treatment) -> Card {
    let (rules, report) = (&facts.facility.gradual, report(facts, treatment));
    let mut lines = done_here(facts, treatment, report.as_ref());
    lines.extend(treatment.notes.iter().filter_map(|note| noted(facts, treatment, report.as_ref(), note)));
    lines.sort_by_key(|line| Reverse(line.rank));
    Card {
        medicine: treatment.medicine.to_string(),
        tag: standing_tag(report.as_ref(), facts.today),
        sentence: report.as_ref().map_or_else(
            || "Since when it is taken is not recorded, so nothing can be said of its first year. Note its start below.".to_owned(),
            |report| report.sentence(rules),
        ),
        about: report.as_ref().map(|report| about(report, rules.text())).unwrap_or_default(),
        quarters: report.as_ref().map(|report| quarters(facts, report)).unwrap_or_default(),
        lines,
    }
}

fn about(report: &Report, asked: String) -> String {
    let class = report.spell.class.text();
    let class = if class.starts_with('a') { format!("An {class}") } else { format!("A {class}") };
    format!("{class} taken since {}. Asked for: {asked}.", day_text(report.spell.since))
}

fn quarters(facts: &Facts, report: &Report) -> Vec<QuarterBox> {
    let text = |(attempt, counting): &(Attempt, Counting)| {
        let counts = match counting {
            Counting::Counts => "counts",
            Counting::Further => "further",
            _ => "does not count",
        };
        format!("{}, {counts}", day_text(attempt.on))
    };
    let quarter = |quarter: &Quarter| {
        let within = |(attempt, _): &&(Attempt, Counting)| (quarter.first..=quarter.last).contains(&attempt.on);
        QuarterBox {
            name: format!("Quarter {}", quarter.nth + 1),
            days: format!("{} to {}", day_text(quarter.first), day_text(quarter.last)),
            now: quarter_of(report.spell.since, facts.today) == *quarter,
            attempts: report.attempts.iter().filter(within).map(text).collect(),
        }
    };
    report.quarters.iter().map(quarter).collect()
}

/// Reductions signed here.
fn done_here(facts: &Facts, treatment: &Treatment, report: Option<&Report>) -> Vec<Line> {
    let line = |attempt: &Attempt| {
        let Made::Here { plan, n, from, to } = &attempt.made else { return None };
        Some(Line {
            rank: attempt.on,
            day: day_text(attempt.on),
            what: format!("Reduced here from {from} to {to} daily"),
            counts: counts(report, &attempt.made),
            why: String::new(),
            by: "Signed here".to_owned(),
            href: Some(links::reduction(plan, i64::from(*n))),
            struck: None,
        })
    };
    treatment.lowered.iter().filter(|one| one.on <= facts.today).filter_map(line).collect()
}

/// Whether an attempt counts; one before the start does not.
fn counts(report: Option<&Report>, made: &Made) -> String {
    let Some(report) = report else { return String::new() };
    let found = report.attempts.iter().find(|(attempt, _)| attempt.made == *made);
    found.map_or_else(
        || "does not count: not within the time it is taken".to_owned(),
        |(attempt, counting)| report.counting_text(attempt.on, *counting),
    )
}

/// A note of the record; one that strikes out another is told there.
fn noted(facts: &Facts, treatment: &Treatment, report: Option<&Report>, note: &Note) -> Option<Line> {
    let on = match note.noted {
        Noted::Begun { on, .. } | Noted::Attempted { on } | Noted::Ended { on } => on,
        Noted::Contraindicated { on, .. } => on,
        Noted::Struck { .. } => return None,
    };
    let name = |id: &str| facts.names.get(id).cloned().unwrap_or_default();
    let strikes = |other: &&Note| other.noted == Noted::Struck { note: note.id.clone() };
    let struck = treatment.notes.iter().find(strikes);
    let attempted = matches!(note.noted, Noted::Attempted { .. }) && struck.is_none();
    Some(Line {
        rank: on,
        day: day_text(on),
        what: what(note),
        counts: if attempted { counts(report, &Made::Elsewhere { note: note.id.clone() }) } else { String::new() },
        why: note.rationale.clone(),
        by: format!("{}, {}", name(&note.by), day_text(facts.facility.zone.day(note.at))),
        href: None,
        struck: struck.map(|other| {
            format!(
                "Struck out by {}, {}: {}",
                name(&other.by),
                day_text(facts.facility.zone.day(other.at)),
                other.rationale
            )
        }),
    })
}
