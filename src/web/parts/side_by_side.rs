//! Two versions of a plan side by side, step by step: what stays, what changes, what comes and what goes.

use askama::Template;
use askama::filters::HtmlSafe;

use super::steps::flags;
use super::tags::Tag;
use super::{Icon, samples};
use crate::care::calendar::day_text;
use crate::care::medicine::Medicine;
use crate::care::medicine::shelves::Shelves;
use crate::care::taper::daily::Daily;
use crate::care::taper::plan::{Plan, Regimen, Step};
use crate::care::taper::preview::Preview;

#[derive(Debug, Clone, Template)]
#[template(path = "parts/side_by_side.html")]
pub struct SideBySide {
    before: String,
    after: String,
    /// `3 steps stay, 2 steps change, 1 step is added.`
    words: String,
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    step: String,
    class: &'static str,
    /// Before and after.
    sides: [Option<Side>; 2],
    tags: Vec<Tag>,
}

/// A step in a few words.
#[derive(Debug, Clone)]
struct Side {
    daily: Daily,
    /// `08:00 0.5 mg, 20:00 0.5 mg`
    doses: String,
    planned: String,
    /// `at least 14 days`, `from then on`
    lasts: String,
}

/// How the two stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// In force, or in force before.
    Settled,
    Same,
    /// The same doses on other days.
    Days,
    Doses,
    Added,
    Removed,
    /// What an urgent order gives, from which the later version goes on.
    Ordered,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for SideBySide {}

impl SideBySide {
    /// The first `settled` steps are or were in force. The flags are those of the later version.
    pub fn new(before: &Plan, after: &Plan, settled: usize, shelves: &Shelves) -> SideBySide {
        let flagged = Preview::of_plan(after, shelves).ok();
        let flags_of = |ordinal: usize| {
            let steps = flagged.iter().flat_map(|preview| &preview.steps);
            let step = steps.filter(|step| step.ordinal as usize == ordinal).flat_map(|step| step.flags());
            flags(step.map(|check| check.code))
        };
        let count = before.steps.len().max(after.steps.len());
        let changes: Vec<Change> =
            (0..count).map(|at| change(before.steps.get(at), after.steps.get(at), at < settled)).collect();
        let row = |(at, change): (usize, &Change)| {
            let asks = if matches!(change, Change::Settled | Change::Ordered) { Vec::new() } else { flags_of(at) };
            Row {
                step: if at == 0 { "Start".to_owned() } else { at.to_string() },
                class: if at + 1 == settled { "tr-now" } else { "" },
                sides: [before, after].map(|plan| plan.steps.get(at).map(|step| side(plan, step))),
                tags: std::iter::once(change.tag()).chain(asks).collect(),
            }
        };
        SideBySide {
            before: format!("Version {}", before.version),
            after: format!("Version {}", after.version),
            words: words(&changes),
            rows: changes.iter().enumerate().map(row).collect(),
        }
    }

    /// Other words above the two versions.
    pub fn headed(self, before: &str, after: &str) -> SideBySide {
        SideBySide { before: before.to_owned(), after: after.to_owned(), ..self }
    }

    pub fn samples() -> Vec<(&'static str, SideBySide)> {
        let plan = samples::plan(true).plan;
        let mut shorter = plan.clone();
        shorter.steps.pop();
        let mut slower = plan.clone();
        if let Some(step) = slower.steps.get_mut(1) {
            step.least_days = Some(28);
        }
        let nothing = Plan { steps: Vec::new(), ..plan.clone() };
        let shelves = samples::shelves();
        let two = |before: &Plan, after: &Plan| SideBySide::new(before, after, 1, &shelves);
        vec![
            ("empty", two(&nothing, &nothing)),
            ("usual", two(&plan, &slower)),
            ("removed", two(&plan, &shorter)),
            ("added", two(&shorter, &plan)),
            ("hostile", two(&plan, &slower).headed(samples::HOSTILE, samples::HOSTILE)),
        ]
    }
}

fn change(before: Option<&Step>, after: Option<&Step>, settled: bool) -> Change {
    match (before, after) {
        (Some(before), Some(after)) if settled && before == after => Change::Settled,
        (_, Some(_)) if settled => Change::Ordered,
        (Some(_), None) => Change::Removed,
        (None, _) => Change::Added,
        (Some(before), Some(after)) if before == after => Change::Same,
        (Some(before), Some(after)) if before.cycle == after.cycle => Change::Days,
        _ => Change::Doses,
    }
}

impl Change {
    fn tag(self) -> Tag {
        match self {
            Change::Settled => Tag::signed("Stays, was signed"),
            Change::Same => Tag::new("soon", Icon::Flat, "Stays"),
            Change::Days => Tag::unsigned("Other days"),
            Change::Doses => Tag::unsigned("Changed"),
            Change::Ordered => Tag::signed("Goes on, as ordered"),
            Change::Added => Tag::unsigned("Added"),
            Change::Removed => Tag::new("warn", Icon::Left, "Removed"),
        }
    }
}

/// `3 steps stay, 2 steps change, 1 step is added.`
fn words(changes: &[Change]) -> String {
    let count = |of: &[Change]| changes.iter().filter(|change| of.contains(change)).count();
    let told = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 step {one}")),
        count => Some(format!("{count} steps {many}")),
    };
    let parts = [
        told(count(&[Change::Settled, Change::Ordered, Change::Same]), "stays", "stay"),
        told(count(&[Change::Days, Change::Doses]), "changes", "change"),
        told(count(&[Change::Added]), "is added", "are added"),
        told(count(&[Change::Removed]), "is removed", "are removed"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "There are no steps.".to_owned() } else { format!("{}.", parts.join(", ")) }
}

fn side(plan: &Plan, step: &Step) -> Side {
    let lasts = match step.least_days {
        Some(1) => "at least 1 day".to_owned(),
        Some(days) => format!("at least {days} days"),
        None => "from then on".to_owned(),
    };
    let (daily, doses) = (plan.daily(step), doses_text(step, plan.heading()));
    Side { daily, doses, planned: day_text(step.planned_on), lasts }
}

/// `08:00 0.5 mg, 20:00 0.5 mg`, of a cycle its fullest day.
pub fn doses_text(step: &Step, heading: Option<&Medicine>) -> String {
    let fullest = step.cycle.iter().max_by_key(|regimen| regimen.daily());
    let told = |regimen: &Regimen| {
        let slots = regimen.slots().into_iter();
        slots.map(|slot| format!("{slot} {}", regimen.told_at(slot, heading))).collect::<Vec<_>>().join(", ")
    };
    let doses = fullest.map(told).unwrap_or_default();
    let free = step.cycle.iter().filter(|regimen| regimen.daily().is_zero()).count();
    let nights = match (free, step.cycle.len()) {
        (0, _) | (_, 1) => String::new(),
        (free, days) => format!("; none on {free} of {days} days"),
    };
    format!("{doses}{nights}")
}
