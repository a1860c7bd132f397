//! Decisions wanted, with their age and whoever owes them: levels, reductions, stops, amendments; and holds.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Found;
use crate::care::calendar::day_text;
use crate::care::people::Role;
use crate::care::taper::level::{Course, Footing, PlanAct, PlanFact, Reduction};
use crate::store::plans::PlanFile;
use crate::web::links;
use crate::web::parts::Tag;

/// One line about a resident's plan.
pub struct PlanLine {
    pub surname: String,
    pub forename: String,
    pub href: String,
    pub sentences: Vec<String>,
    pub tag: Option<Tag>,
    /// Days past its date; before it below 0. The longest wait comes first.
    age: i64,
}

/// What nobody has decided since a return, or released after a severe sign; the stops and the amendments that wait, the urgent
/// orders that stand; the reductions that could be signed now, or were sent back.
pub fn waiting(found: &Found) -> Vec<PlanLine> {
    let mut lines: Vec<PlanLine> = found.plans.iter().filter_map(|file| waiting_line(found, file)).collect();
    lines.sort_by_key(|line| (-line.age, line.surname.clone()));
    lines
}

fn waiting_line(found: &Found, file: &PlanFile) -> Option<PlanLine> {
    let course = file.course();
    let first = [decision_line, alarm_line, wanted_line, ordered_line];
    if let Some(line) = first.iter().find_map(|line| line(found, file, &course)) {
        return Some(line);
    }
    let open = course.waiting()?;
    if course.sent_back {
        return Some(sent_back_line(found, file, open));
    }
    let due_on = course.due_on()?;
    let held = course.held_until.is_some_and(|until| until > found.today);
    let age = (found.today - due_on).num_days();
    if held || age < -i64::from(found.facility.sign_ahead_days) {
        return None;
    }
    let sentences = vec![
        format!("{}, step date {}", change(file, open), day_text(due_on)),
        format!("Waits for {}. {}", signers(found, file), stays(file, found.today)),
    ];
    Some(line(found, file, sentences, Some(age_tag(age)), age))
}

/// They came back, and none is given before a prescriber has decided the dose.
fn decision_line(found: &Found, file: &PlanFile, course: &Course) -> Option<PlanLine> {
    let stage = course.stages.last().filter(|stage| stage.footing == Footing::Undecided)?;
    let age = (found.today - stage.from.on).num_days();
    let sentences = vec![
        format!("{}: nobody has decided the dose since {}", file.plan.named(), day_text(stage.from.on)),
        "Waits for a prescriber. None is given until the dose is decided.".to_owned(),
    ];
    Some(line(found, file, sentences, Some(Tag::overdue("Decision needed")), age))
}

/// Nothing is signed before a prescriber has released the reductions.
fn alarm_line(found: &Found, file: &PlanFile, course: &Course) -> Option<PlanLine> {
    let since = course.alarms.first()?.since;
    let sentences = vec![
        format!("{}: a severe sign stands since {}", file.plan.named(), day_text(since)),
        format!("Waits for a prescriber to release it. {}", stays(file, found.today)),
    ];
    let age = (found.today - since).num_days();
    Some(line(found, file, sentences, Some(Tag::unsigned(waited(age))), age))
}

/// An urgent order stands, whether it was reviewed or not: the level is a prescriber's to decide.
fn ordered_line(found: &Found, file: &PlanFile, course: &Course) -> Option<PlanLine> {
    let stage = course.stages.last().filter(|stage| stage.footing == Footing::Ordered)?;
    let age = (found.today - stage.from.on).num_days();
    let daily = file.plan.daily(&stage.step);
    let sentences = vec![
        format!("{}: an urgent order stands since {}", file.plan.named(), day_text(stage.from.on)),
        format!("Waits for a prescriber to decide the level. The dose stays at {daily} daily."),
    ];
    Some(line(found, file, sentences, Some(Tag::unsigned(waited(age))), age))
}

/// A decision that stands in the way of every signature: a stop to countersign, or other steps to approve.
fn wanted_line(found: &Found, file: &PlanFile, course: &Course) -> Option<PlanLine> {
    let (asked, what, owner) = if let Some(asked) = file.stop_asked() {
        (asked, "an abrupt stop was asked for", format!("{} to countersign", signers_of_stop(found, asked)))
    } else {
        let version = course.amendment?;
        let submitted = last(file, |act| *act == PlanAct::Amended { version })?;
        (submitted, "other steps were submitted", format!("a prescriber’s approval of version {version}"))
    };
    let age = (found.today - asked.on).num_days();
    let sentences = vec![
        format!("{}: {what} by {} on {}", file.plan.named(), found.person(&asked.by), day_text(asked.on)),
        format!("Waits for {owner}. {}", stays(file, found.today)),
    ];
    Some(line(found, file, sentences, Some(Tag::unsigned(waited(age))), age))
}

fn sent_back_line(found: &Found, file: &PlanFile, open: &Reduction) -> PlanLine {
    let returned = last(file, |act| matches!(act, PlanAct::Returned { .. }));
    let age = returned.map_or(0, |fact| (found.today - fact.on).num_days());
    let by = returned.map_or(String::new(), |fact| format!(" by {} on {}", found.person(&fact.by), day_text(fact.on)));
    let sentences = vec![
        format!("{}, sent back{by}", change(file, open)),
        format!("Waits for the prescriber, {}. {}", found.person(&file.drafted_by), stays(file, found.today)),
    ];
    line(found, file, sentences, Some(Tag::unsigned(waited(age))), age)
}

/// `clonazepam from 1.5 mg to 1.25 mg daily`
fn change(file: &PlanFile, open: &Reduction) -> String {
    format!("{} from {} to {} daily", file.plan.named(), file.plan.daily(&open.from), file.plan.daily(&open.to))
}

/// Whoever made the plan cannot sign it: the others are named.
fn signers(found: &Found, file: &PlanFile) -> String {
    pharmacists_but(found, &file.makers())
}

/// Whoever asked for a stop cannot countersign it.
fn signers_of_stop(found: &Found, asked: &PlanFact) -> String {
    pharmacists_but(found, &BTreeSet::from([asked.by.clone()]))
}

fn pharmacists_but(found: &Found, barred: &BTreeSet<String>) -> String {
    let may_sign = found.staff.iter().filter(|(person, roles)| {
        let pharmacist = roles.iter().any(|one| one.role == Role::Pharmacist && one.in_force(found.now));
        pharmacist && person.disabled_at.is_none() && !barred.contains(&person.id)
    });
    let names: Vec<&str> = may_sign.map(|(person, _)| person.name.as_str()).collect();
    match names[..] {
        [] => "a pharmacist, and nobody here may sign it".to_owned(),
        [one] => format!("the pharmacist {one}"),
        _ => format!("a pharmacist: {}", names.join(" or ")),
    }
}

fn stays(file: &PlanFile, today: NaiveDate) -> String {
    let course = file.course();
    match course.level_on(today) {
        None => String::new(),
        Some(level) if level.undecided() => "None is given until the dose is decided.".to_owned(),
        Some(level) => format!("The dose stays at {} daily.", file.plan.daily(&level.stage.step)),
    }
}

fn age_tag(age: i64) -> Tag {
    match age {
        1.. => Tag::overdue(format!("{} past", days(age))),
        0 => Tag::unsigned("Step date today"),
        _ => Tag::unsigned(format!("In {}", days(-age))),
    }
}

fn waited(age: i64) -> String {
    if age == 0 { "Since today".to_owned() } else { format!("For {}", days(age)) }
}

fn days(count: i64) -> String {
    if count == 1 { "1\u{a0}day".to_owned() } else { format!("{count}\u{a0}days") }
}

/// The holds that are not over.
pub fn holds(found: &Found) -> Vec<PlanLine> {
    let mut lines: Vec<PlanLine> = found.plans.iter().filter_map(|file| hold_line(found, file)).collect();
    lines.sort_by_key(|line| (-line.age, line.surname.clone()));
    lines
}

fn hold_line(found: &Found, file: &PlanFile) -> Option<PlanLine> {
    let course = file.course();
    let until = course.held_until.filter(|until| *until > found.today)?;
    let held = last(file, |act| matches!(act, PlanAct::Held { .. }))?;
    let daily = course.level_on(found.today).map(|level| file.plan.daily(&level.stage.step).to_string());
    let sentences = vec![
        format!("{} {} daily, look again {}", file.plan.named(), daily.unwrap_or_default(), day_text(until)),
        format!("Held by {} since {}", found.person(&held.by), day_text(held.on)),
    ];
    let left = (until - found.today).num_days();
    Some(line(found, file, sentences, Some(Tag::hold(format!("{} left", days(left)))), -left))
}

fn last(file: &PlanFile, of: impl Fn(&PlanAct) -> bool) -> Option<&PlanFact> {
    file.facts.iter().rev().find(|fact| of(&fact.act))
}

fn line(found: &Found, file: &PlanFile, sentences: Vec<String>, tag: Option<Tag>, age: i64) -> PlanLine {
    let resident = found.resident(&file.plan.resident);
    PlanLine {
        surname: resident.map_or_else(String::new, |one| one.surname.to_uppercase()),
        forename: resident.map_or_else(String::new, |one| one.forename.clone()),
        href: links::resident(&file.plan.resident),
        sentences,
        tag,
        age,
    }
}
