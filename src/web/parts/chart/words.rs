//! The chart in words: its title, its description with every number, and the same facts as rows of a table.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{ChartFacts, Level};
use crate::care::calendar::day_text;

/// One line of the table beside the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartRow {
    pub on: String,
    pub what: String,
    /// The daily dose from this day on, where the row is about one.
    pub amount: Option<String>,
}

pub fn title(facts: &ChartFacts) -> String {
    let (from, until) = (day_text(facts.from_on), day_text(facts.until_on));
    let medicines = match &facts.equivalents {
        Some(equivalents) => format!("{} and {}", facts.medicine, equivalents.with),
        None => facts.medicine.to_string(),
    };
    format!("Daily dose of {medicines} for {}, {from} to {until}", facts.resident)
}

/// `Counted in diazepam by ashton-2002, version 1`
pub fn counted(facts: &ChartFacts) -> Option<String> {
    facts.equivalents.as_ref().map(|equivalents| format!("Counted in diazepam by {}", equivalents.table))
}

/// What the drawing says, in sentences, for those who hear it.
pub fn description(facts: &ChartFacts) -> String {
    let holds = facts.holds.iter().map(|(from, until)| format!("{} to {}", day_text(*from), day_text(*until)));
    let missed = facts.not_given.iter().map(|(on, missed)| format!("{} {}", day_text(*on), missed.words()));
    let scores = facts.scores.totals.iter().map(|(on, total)| format!("{total} on {}", day_text(*on)));
    let sentences = [
        Some(format!("Today is {}.", day_text(facts.today))),
        counted(facts).map(|counted| format!("{counted}.")),
        sentence("Signed daily dose", facts.signed.iter().map(|level| begins(facts, level)))
            .or(Some("Nothing is signed.".into())),
        sentence("Held", holds),
        sentence("Away", facts.away.iter().map(away)),
        staying(facts).map(|level| format!("Not signed: stays at {}.", level.words)),
        sentence("Planned, not signed, not in effect", facts.planned.iter().map(|level| begins(facts, level))),
        sentence("Doses not given", missed),
        sentence(
            "As-needed doses",
            facts.as_needed.iter().map(|(on, medicine)| format!("{} {medicine}", day_text(*on))),
        ),
        sentence(&format!("Scores of {}", facts.scores.most), scores),
    ];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The medicines that were given as needed: `clonazepam and lorazepam`
pub fn medicines(facts: &ChartFacts) -> String {
    let names: BTreeSet<&str> = facts.as_needed.iter().map(|(_, medicine)| medicine.0.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(" and ")
}

/// The level that goes on until somebody signs.
pub fn staying(facts: &ChartFacts) -> Option<&Level> {
    facts.signed.iter().max_by_key(|level| level.on).filter(|_| facts.waits)
}

/// Every fact of the chart by its day.
pub fn rows(facts: &ChartFacts) -> Vec<ChartRow> {
    let signed = facts.signed.iter().map(|level| (level.on, "Signed".to_owned(), Some(taken(facts, level))));
    let planned = facts.planned.iter().map(|level| (level.on, "Planned, not signed".into(), Some(taken(facts, level))));
    let holds = facts.holds.iter().map(|(from, until)| (*from, format!("Held until {}", day_text(*until)), None));
    let away = facts.away.iter().map(|absence| (absence.0, format!("Away, {}", away(absence)), None));
    let missed = facts.not_given.iter().map(|(on, missed)| (*on, format!("Not given: {}", missed.words()), None));
    let as_needed = facts.as_needed.iter().map(|(on, medicine)| (*on, format!("As needed: {medicine}"), None));
    let most = facts.scores.most;
    let scores = facts.scores.totals.iter().map(|(on, total)| (*on, format!("Score {total} of {most}"), None));
    let mut found: Vec<(NaiveDate, String, Option<String>)> =
        signed.chain(planned).chain(holds).chain(away).chain(missed).chain(as_needed).chain(scores).collect();
    found.sort_by_key(|(on, ..)| *on);
    found.into_iter().map(|(on, what, amount)| ChartRow { on: day_text(on), what, amount }).collect()
}

/// `10 Nov 2026 to 14 Nov 2026`, `since 10 Nov 2026`
fn away((from, until): &(NaiveDate, Option<NaiveDate>)) -> String {
    match until {
        Some(until) => format!("{} to {}", day_text(*from), day_text(*until)),
        None => format!("since {}", day_text(*from)),
    }
}

fn begins(facts: &ChartFacts, level: &Level) -> String {
    format!("{} from {}", taken(facts, level), day_text(level.on))
}

/// `1 mg`; `0.5 mg clonazepam and 10 mg diazepam (20 mg in diazepam)`.
fn taken(facts: &ChartFacts, level: &Level) -> String {
    match &facts.equivalents {
        Some(_) => format!("{} ({} in diazepam)", level.words, level.amount),
        None => level.words.clone(),
    }
}

/// `Held: this, that.`, or nothing where there is nothing to tell.
fn sentence(about: &str, parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| format!("{about}: {}.", parts.join(", ")))
}
