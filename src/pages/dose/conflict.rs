//! Two records of one dose: the one that stands, and the one that was not saved, side by side.

use askama::Template;

use super::Record;
use super::facts::Facts;
use crate::care::calendar::{clock_text, day_text};
use crate::care::round::outcome::{Outcome, reason_text};
use crate::store::doses::Administration;
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Shell, links};

#[derive(Template)]
#[template(path = "pages/dose_conflict.html")]
pub struct Conflict {
    shell: Shell,
    banner: Banner,
    heading: &'static str,
    told: String,
    caption: String,
    first: Side,
    second: Side,
    keep: String,
    prescriber: String,
    round: String,
    entry: String,
    number: i64,
    by: String,
    /// Where whoever was first corrects what they recorded.
    correct: Option<String>,
}

/// One of the two records.
struct Side {
    tag: Option<Tag>,
    at: String,
    by: String,
    reason: String,
    note: String,
}

impl Conflict {
    /// Of a dose that has a standing record; `person` is who came second, with their name and what they sent.
    pub fn new(facts: &Facts, shell: Shell, person: &str, name: &str, sent: &Record) -> Conflict {
        let standing = facts.standing.as_ref();
        let mine = standing.is_some_and(|standing| standing.recorded_by == person);
        let by = standing.map_or("", |standing| facts.name(&standing.recorded_by)).to_owned();
        let saved = standing.map(|s| clock_text(facts.facility.zone, s.recorded_at, facts.now)).unwrap_or_default();
        let first_name = by.split_whitespace().next().unwrap_or("the first");
        let key = &facts.dose.key;
        let others = facts.others.iter().map(|(other, unit)| (other, unit.as_str()));
        let today = facts.facility.zone.day(facts.now);
        Conflict {
            banner: Banner::new(&facts.resident, &facts.unit.name, today)
                .alarmed(&facts.signs, facts.facility.zone, today)
                .warning_of(&facts.resident, others)
                .pictured(&facts.resident, facts.photo),
            heading: if mine { "You have recorded this dose already" } else { "This dose is already recorded" },
            told: if mine {
                format!("You saved it at {saved}.")
            } else {
                format!("{by} saved it at {saved}, while you had the page open.")
            },
            caption: format!("{} dose, {} {}, {}", key.slot, key.medicine, facts.amount(), day_text(key.on)),
            keep: if mine {
                "No, keep my first record and go back".to_owned()
            } else {
                format!("No, keep {first_name}’s record and go back")
            },
            first: standing.map(|standing| stood(facts, standing, &by)).unwrap_or_else(|| entered(sent, &by)),
            second: entered(sent, name),
            prescriber: facts.prescriber().to_owned(),
            round: shell.back.as_ref().map(|back| back.href.clone()).unwrap_or_default(),
            entry: standing.map(|standing| links::fact(standing.n)).unwrap_or_default(),
            correct: mine.then(|| links::correction(&facts.dose.id)),
            number: standing.map_or(0, |standing| standing.n),
            by,
            shell,
        }
    }
}

fn stood(facts: &Facts, standing: &Administration, by: &str) -> Side {
    Side {
        tag: Some(Tag::outcome(standing.outcome, standing.outcome.title())),
        at: clock_text(facts.facility.zone, standing.given_at, facts.now),
        by: by.to_owned(),
        reason: reason_text(&standing.reason).unwrap_or_default().to_owned(),
        note: standing.note.clone(),
    }
}

fn entered(sent: &Record, by: &str) -> Side {
    let outcome = Outcome::of_word(&sent.outcome);
    Side {
        tag: outcome.map(|outcome| Tag::new("unsigned", Icon::from(outcome), outcome.title())),
        at: if sent.given_at.is_empty() { "now".to_owned() } else { sent.given_at.replace('T', " ") },
        by: by.to_owned(),
        reason: reason_text(&sent.reason).unwrap_or_default().to_owned(),
        note: sent.note.clone(),
    }
}
