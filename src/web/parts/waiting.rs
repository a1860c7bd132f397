//! What a plan waits for: for whom, and since when. The dose never waits: it stays as it was signed.

use chrono::NaiveDate;

use super::icon::Icon;
use super::tags::Tag;
use crate::care::calendar::day_text;
use crate::care::taper::daily::Daily;
use crate::care::taper::level::{Course, Footing, PlanAct, PlanFact};
use crate::care::taper::plan::Plan;

/// What has to happen next, and who does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// The last step is in force, or signed: nothing is asked for any more.
    Nobody,
    /// A pharmacist sent the plan back on this day.
    Prescriber { since: NaiveDate },
    /// A severe sign was recorded on this day; a prescriber releases the reductions.
    Alarm { since: NaiveDate },
    /// An urgent order is in force since this day; a prescriber decides the level.
    Order { since: NaiveDate },
    /// The resident left on this day.
    Away { since: NaiveDate },
    /// The resident came back on this day; a prescriber decides the level.
    Decision { since: NaiveDate },
    /// A stop was asked for on this day; a pharmacist countersigns or declines.
    Stop { since: NaiveDate },
    /// Other steps were submitted on this day; a prescriber approves them.
    Amendment { since: NaiveDate },
    /// Stopped or finished on this day.
    Ended { since: NaiveDate },
    /// The next step is signed and begins on this day.
    Day { effective_on: NaiveDate },
    /// Held: a pharmacist looks again on its day.
    Hold(Hold),
    /// The next reduction can be signed from a day on.
    Opening { opens_on: NaiveDate, due_on: NaiveDate },
    /// A pharmacist can sign, since `since`; the step was planned for `due_on`. A hold that lasts still ends with the signature.
    Pharmacist { since: NaiveDate, due_on: NaiveDate, held: Option<Hold> },
}

/// A hold that lasts still, and nobody has signed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    until: NaiveDate,
    why: String,
}

impl Hold {
    fn of(course: &Course, facts: &[PlanFact], today: NaiveDate) -> Option<Hold> {
        let until = course.held_until.filter(|until| *until > today)?;
        let turns = || facts.iter().rev().filter(|fact| matches!(fact.act.kind(), "held" | "signed"));
        turns().next().filter(|last| last.act.kind() == "held")?;
        let held = turns().find(|fact| fact.held_until(facts) == Some(until))?;
        Some(Hold { until, why: held.rationale.clone() })
    }

    pub fn until(&self) -> NaiveDate {
        self.until
    }

    /// `On hold until 05 Dec 2026, because “Tremor since Tuesday.”`
    fn words(&self) -> String {
        let end = if self.why.ends_with(['.', '!', '?']) { "" } else { "." };
        format!("On hold until {}, because “{}”{end}", day_text(self.until), self.why)
    }
}

impl Waiting {
    pub fn of(course: &Course, facts: &[PlanFact], sign_ahead_days: u32, today: NaiveDate) -> Waiting {
        if let Some(bar) = barred(course, facts) {
            return bar;
        }
        if let Some(stage) = course.ahead_of(today) {
            return Waiting::Day { effective_on: stage.from.on };
        }
        let opens_on = course.opens_on(sign_ahead_days);
        let (Some(due_on), Some(opens_on)) = (course.due_on(), opens_on) else { return Waiting::Nobody };
        let asked_anew = facts.last().map_or(opens_on, |fact| fact.on);
        match Hold::of(course, facts, today) {
            Some(hold) if opens_on > today && hold.until == due_on => Waiting::Hold(hold),
            _ if opens_on > today => Waiting::Opening { opens_on, due_on },
            held => Waiting::Pharmacist { since: opens_on.max(asked_anew), due_on, held },
        }
    }

    /// In full sentences, of a plan whose level today is `daily`: that of a later day, where a prescriber has decided it already.
    pub fn told(&self, course: &Course, plan: &Plan, daily: &Daily, today: NaiveDate) -> String {
        match course.decided_ahead(today) {
            None => self.words(daily, today),
            Some(ahead) => {
                let (on, then) = (day_text(ahead.from.on), plan.daily(&ahead.step));
                format!("From {on} {then} daily, as a prescriber decided. {}", self.words(&then, today))
            }
        }
    }

    /// In full sentences, which say the state of the dose.
    pub fn words(&self, daily: &Daily, today: NaiveDate) -> String {
        match *self {
            Waiting::Nobody => format!("No reduction is asked for any more. The dose stays at {daily} daily."),
            Waiting::Prescriber { since } => format!(
                "Sent back to the prescriber {}. The dose stays at {daily} daily until an answer is approved and a \
                 pharmacist signs.",
                since_words(since, today)
            ),
            Waiting::Alarm { since } => format!(
                "A severe sign is open {}. Nothing is signed until a prescriber has released the reductions; the \
                 last signed dose is {daily} daily.",
                since_words(since, today)
            ),
            Waiting::Order { since } if since > today => format!(
                "An urgent order holds from the next dose on, {}. The level before it is {daily} daily.",
                day_text(since)
            ),
            Waiting::Order { since } => format!(
                "An urgent order is in force {}: {daily} daily. It lasts until a prescriber decides the level.",
                since_words(since, today)
            ),
            Waiting::Away { since } => {
                format!("Away {}. No doses are due here, and no reduction takes effect.", since_words(since, today))
            }
            Waiting::Decision { since } => format!(
                "Back {}, and no prescriber has decided the dose. None is given until then.",
                since_words(since, today)
            ),
            Waiting::Stop { since } => format!(
                "A stop has been waiting for a pharmacist {}. The dose stays at {daily} daily until it is countersigned.",
                since_words(since, today)
            ),
            Waiting::Amendment { since } => format!(
                "Other steps have been waiting for a prescriber’s approval {}. The dose stays at {daily} daily.",
                since_words(since, today)
            ),
            Waiting::Ended { since } => format!("This plan ended on {}.", day_text(since)),
            Waiting::Day { effective_on } => {
                format!(
                    "The next reduction is signed and begins on {}. Until then {daily} daily.",
                    day_text(effective_on)
                )
            }
            Waiting::Hold(ref hold) => format!(
                "{} The dose stays at {daily} daily. A pharmacist looks again on that day; nothing changes by itself.",
                hold.words()
            ),
            Waiting::Opening { opens_on, due_on } => format!(
                "The next reduction, planned for {}, can be signed from {}. The dose stays at {daily} daily.",
                day_text(due_on),
                day_text(opens_on)
            ),
            Waiting::Pharmacist { due_on, held: Some(ref hold), .. } => format!(
                "{} The dose stays at {daily} daily until somebody signs. A signature ends the hold; it can take effect on {} \
                 at the earliest.",
                hold.words(),
                day_text(due_on)
            ),
            Waiting::Pharmacist { since, due_on, held: None } => format!(
                "Waits for a pharmacist’s signature {}.{} The dose stays at {daily} daily until somebody signs.",
                since_words(since, today),
                past_words(due_on, today)
            ),
        }
    }

    /// Since when it waits, in a few words.
    pub fn since(&self, today: NaiveDate) -> String {
        match *self {
            Waiting::Pharmacist { held: Some(ref hold), .. } => hold.words(),
            Waiting::Prescriber { since }
            | Waiting::Pharmacist { since, .. }
            | Waiting::Alarm { since }
            | Waiting::Order { since }
            | Waiting::Decision { since }
            | Waiting::Stop { since }
            | Waiting::Amendment { since } => {
                format!("Waits {}", since_words(since, today))
            }
            _ => String::new(),
        }
    }

    pub fn tag(&self, today: NaiveDate) -> Tag {
        match *self {
            Waiting::Nobody => Tag::signed("Complete"),
            Waiting::Ended { .. } => Tag::signed("Ended"),
            Waiting::Prescriber { .. } => Tag::new("warn", Icon::Left, "With the prescriber"),
            Waiting::Amendment { .. } => Tag::new("warn", Icon::Left, "Amended, not approved"),
            Waiting::Stop { .. } => Tag::new("warn", Icon::Left, "Stop, not countersigned"),
            Waiting::Alarm { .. } => Tag::overdue("Severe sign"),
            Waiting::Order { .. } => Tag::hold("Urgent order"),
            Waiting::Away { .. } => Tag::hold("Away"),
            Waiting::Decision { .. } => Tag::overdue("Decision needed"),
            Waiting::Day { effective_on } => Tag::signed(format!("Signed, from {}", effective_on.format("%d\u{a0}%b"))),
            Waiting::Hold(ref hold) | Waiting::Pharmacist { held: Some(ref hold), .. } => {
                Tag::hold(format!("Hold until {}", hold.until.format("%d\u{a0}%b")))
            }
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

/// What stands in the way of any signature, and since when.
fn barred(course: &Course, facts: &[PlanFact]) -> Option<Waiting> {
    let last = |of: fn(&PlanAct) -> bool| facts.iter().rev().find(|fact| of(&fact.act)).map(|fact| fact.on);
    let since = course.stages.last()?.from.on;
    match course.footing() {
        _ if course.ended => Some(Waiting::Ended { since: facts.last()?.on }),
        _ if !course.alarms.is_empty() => Some(Waiting::Alarm { since: course.alarms[0].since }),
        Footing::Ordered => Some(Waiting::Order { since }),
        Footing::Away => Some(Waiting::Away { since }),
        Footing::Undecided => Some(Waiting::Decision { since }),
        _ if course.stop_asked.is_some() => last(|act| *act == PlanAct::StopAsked).map(|since| Waiting::Stop { since }),
        _ if course.amendment.is_some() => {
            last(|act| matches!(act, PlanAct::Amended { .. })).map(|since| Waiting::Amendment { since })
        }
        _ if course.sent_back => {
            last(|act| matches!(act, PlanAct::Returned { .. })).map(|since| Waiting::Prescriber { since })
        }
        _ => None,
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
pub fn daily(plan: &Plan, step: u32) -> Daily {
    plan.step(step).map(|step| plan.daily(step)).unwrap_or_default()
}
