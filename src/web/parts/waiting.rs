//! What a plan waits for: for whom, and since when. The dose never waits: it stays as it was signed.

use chrono::NaiveDate;

use super::icon::Icon;
use super::tags::Tag;
use crate::care::amount::Amount;
use crate::care::calendar::{day_text, days_before};
use crate::care::taper::level::{Course, PlanAct, PlanFact};
use crate::care::taper::plan::{Plan, Step};

/// What has to happen next, and who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// The last step is in force, or signed: nothing is asked for any more.
    Nobody,
    /// A pharmacist sent the plan back on this day.
    Prescriber { since: NaiveDate },
    /// The next step is signed and begins on this day.
    Day { effective_on: NaiveDate },
    /// Held until this day: then a pharmacist looks again.
    Hold { until: NaiveDate },
    /// The next reduction can be signed from a day on.
    Opening { opens_on: NaiveDate, due_on: NaiveDate },
    /// A pharmacist can sign, since `since`; the step was planned for `due_on`.
    Pharmacist { since: NaiveDate, due_on: NaiveDate },
}

impl Waiting {
    pub fn of(plan: &Plan, course: &Course, facts: &[PlanFact], sign_ahead_days: u32, today: NaiveDate) -> Waiting {
        let returned = facts.iter().rev().find(|fact| matches!(fact.act, PlanAct::Returned { .. }));
        if let Some(fact) = returned.filter(|_| course.sent_back) {
            return Waiting::Prescriber { since: fact.on };
        }
        if let Some(stage) = course.ahead_of(today) {
            return Waiting::Day { effective_on: stage.from };
        }
        let (Some(due_on), Some(stage)) = (course.due_on(plan), course.stages.last()) else { return Waiting::Nobody };
        let opens_on = days_before(due_on, sign_ahead_days).max(stage.from);
        let asked_anew = facts.last().map_or(opens_on, |fact| fact.on);
        match course.held_until {
            Some(until) if opens_on > today && until == due_on => Waiting::Hold { until },
            _ if opens_on > today => Waiting::Opening { opens_on, due_on },
            _ => Waiting::Pharmacist { since: opens_on.max(asked_anew), due_on },
        }
    }

    /// In full sentences, which say the state of the dose.
    pub fn words(self, daily: Amount, today: NaiveDate) -> String {
        match self {
            Waiting::Nobody => format!("No reduction is asked for any more. The dose stays at {daily} daily."),
            Waiting::Prescriber { since } => format!(
                "Sent back to the prescriber {}. The dose stays at {daily} daily until an answer is approved and a \
                 pharmacist signs.",
                since_words(since, today)
            ),
            Waiting::Day { effective_on } => {
                format!(
                    "The next reduction is signed and begins on {}. Until then {daily} daily.",
                    day_text(effective_on)
                )
            }
            Waiting::Hold { until } => format!(
                "On hold: the dose stays at {daily} daily. A pharmacist looks again on {}; nothing changes by itself.",
                day_text(until)
            ),
            Waiting::Opening { opens_on, due_on } => format!(
                "The next reduction, planned for {}, can be signed from {}. The dose stays at {daily} daily.",
                day_text(due_on),
                day_text(opens_on)
            ),
            Waiting::Pharmacist { since, due_on } => format!(
                "Waits for a pharmacist’s signature {}.{} The dose stays at {daily} daily until somebody signs.",
                since_words(since, today),
                past_words(due_on, today)
            ),
        }
    }

    /// Since when it waits, in a few words.
    pub fn since(self, today: NaiveDate) -> String {
        match self {
            Waiting::Prescriber { since } | Waiting::Pharmacist { since, .. } => {
                format!("Waits {}", since_words(since, today))
            }
            _ => String::new(),
        }
    }

    pub fn tag(self, today: NaiveDate) -> Tag {
        match self {
            Waiting::Nobody => Tag::signed("Complete"),
            Waiting::Prescriber { .. } => Tag::new("warn", Icon::Left, "With the prescriber"),
            Waiting::Day { effective_on } => Tag::signed(format!("Signed, from {}", effective_on.format("%d\u{a0}%b"))),
            Waiting::Hold { until } => Tag::hold(format!("Hold until {}", until.format("%d\u{a0}%b"))),
            Waiting::Opening { due_on, .. } => {
                Tag::new("soon", Icon::Soon, format!("Next {}", due_on.format("%d\u{a0}%b")))
            }
            Waiting::Pharmacist { due_on, .. } => match (due_on - today).num_days() {
                0 => Tag::overdue("Date is today"),
                -1 => Tag::overdue("1 day past"),
                past if past < 0 => Tag::overdue(format!("{} days past", -past)),
                1 => Tag::new("due", Icon::Due, "Tomorrow"),
                ahead if ahead <= 3 => Tag::new("due", Icon::Due, format!("In {ahead} days")),
                ahead => Tag::due_soon(format!("In {ahead} days")),
            },
        }
    }
}

/// `since 16 Nov 2026, 4 days`
fn since_words(since: NaiveDate, today: NaiveDate) -> String {
    match (today - since).num_days() {
        0 => "since today".to_owned(),
        1 => format!("since {}, 1 day", day_text(since)),
        days => format!("since {}, {days} days", day_text(since)),
    }
}

fn past_words(due_on: NaiveDate, today: NaiveDate) -> String {
    match (today - due_on).num_days() {
        past if past < 0 => String::new(),
        0 => " Its planned day is today.".to_owned(),
        1 => format!(" Its planned day, {}, passed 1 day ago.", day_text(due_on)),
        past => format!(" Its planned day, {}, passed {past} days ago.", day_text(due_on)),
    }
}

/// What is taken a day at a step.
pub fn daily(plan: &Plan, step: u32) -> Amount {
    plan.step(step).map(Step::daily).unwrap_or_default()
}
