//! What is to be given, said and drawn: the sheet at the left of a dose's page.

use super::facts::{Barred, Facts};
use crate::care::amount::Amount;
use crate::care::calendar::{clock_text, day_text};
use crate::care::incident::Incident;
use crate::care::round::due::Urgency;
use crate::care::taper::level::PlanAct;
use crate::web::parts::orders::prescriber;
use crate::web::parts::pieces::{MakeUp, Shapes, counted, form_of};
use crate::web::parts::{DoseView, Tag, initials, span_text};
use crate::web::{Link, links};

/// How soon before its date a reduction that nobody has signed is spoken of: as early as it can be signed, or a week.
const SPOKEN_OF_DAYS: i64 = 7;

pub struct Give {
    pub slot: String,
    /// The day, where it is another than today.
    pub day: Option<String>,
    pub tag: Tag,
    pub medicine: String,
    pub form: String,
    pub dose: DoseView,
    pub nothing: bool,
    /// It is not given now: `Do not give`.
    pub barred: Option<&'static str>,
    pub make_up: Option<MakeUp>,
    pub shapes: Option<Shapes>,
    pub counted: String,
    pub changed: Option<Changed>,
    pub unsigned: Option<Unsigned>,
    /// What an urgent order says of it.
    pub ordered: Option<String>,
    pub signed: Signed,
    pub last: String,
    pub next: String,
    /// What the resident was given in error since yesterday, while this dose is still to be given.
    pub in_error: Vec<Link>,
}

pub struct Changed {
    pub from: Amount,
    pub to: Amount,
}

/// A reduction that nobody has signed: the dose stays.
pub struct Unsigned {
    pub to: String,
    pub planned_on: String,
    pub keep: Amount,
}

/// By what this dose is given.
pub struct Signed {
    pub word: &'static str,
    pub level: String,
    pub by: String,
}

impl Give {
    pub fn new(facts: &Facts) -> Give {
        let (dose, amount) = (&facts.dose, facts.amount());
        let today = facts.facility.zone.day(facts.now);
        let pieces = facts.pieces.as_ref();
        Give {
            slot: dose.key.slot.to_string(),
            day: (dose.key.on != today).then(|| day_text(dose.key.on)),
            tag: tag(facts),
            medicine: dose.key.medicine.to_string(),
            form: pieces.and_then(form_of).unwrap_or_default().to_owned(),
            dose: DoseView::large(amount),
            nothing: amount.is_zero(),
            barred: facts.barred().map(Barred::word),
            make_up: pieces.filter(|_| !amount.is_zero()).map(MakeUp::of),
            shapes: pieces.map(Shapes::of),
            counted: pieces.map(counted).unwrap_or_default(),
            changed: facts.changed_from().map(|from| Changed { from, to: dose.level.amount }),
            in_error: in_error(facts),
            ordered: facts.ordered_by().map(|name| ordered(name, dose.level.amount)),
            unsigned: unsigned(facts).filter(|_| facts.barred().is_none()),
            signed: signed(facts),
            last: last(facts),
            next: next(facts),
        }
    }
}

fn tag(facts: &Facts) -> Tag {
    let dose = &facts.dose;
    if let Some(standing) = &facts.standing {
        return Tag::outcome(standing.outcome, standing.outcome.title());
    }
    if facts.ordered_by().is_some() && dose.level.amount.is_zero() && !facts.is_gone() {
        return Tag::hold("Suspended by order");
    }
    if dose.level.undecided && dose.level.amount.is_zero() && !facts.is_gone() {
        return Tag::overdue(Barred::Undecided.word());
    }
    if facts.is_gone() || dose.level.amount.is_zero() {
        return Tag::due_soon("Planned: no dose");
    }
    if let Some(barred) = facts.barred() {
        return Tag::overdue(barred.word());
    }
    match facts.facility.windows.urgency(dose.due_at, facts.now) {
        Urgency::Overdue if facts.past() => Tag::no_record(),
        Urgency::Overdue => Tag::overdue(format!("{}\u{a0}late", span_text(facts.now - dose.due_at))),
        Urgency::DueNow => Tag::due_now(),
        Urgency::DueSoon => Tag::due_soon(format!("in\u{a0}{}", span_text(dose.due_at - facts.now))),
    }
}

fn unsigned(facts: &Facts) -> Option<Unsigned> {
    let course = &facts.course;
    let (waiting, planned_on) = (course.waiting()?, course.due_on()?);
    let days = SPOKEN_OF_DAYS.max(i64::from(facts.facility.sign_ahead_days));
    let near = (planned_on - facts.facility.zone.day(facts.now)).num_days() <= days;
    let to = facts.plan.plan.daily(&waiting.to).to_string();
    let keep = facts.amount();
    (near && !keep.is_zero() && !facts.past()).then(|| Unsigned { to, planned_on: day_text(planned_on), keep })
}

/// `1.5 mg daily since 02 Nov 2026`, and whose word it is.
fn signed(facts: &Facts) -> Signed {
    let level = &facts.dose.level;
    let stage = facts.course.stages.iter().find(|stage| stage.authorised_by == level.authorised_by);
    let daily = stage.map(|stage| facts.plan.plan.daily(&stage.step)).unwrap_or_default();
    let since = stage.map(|stage| format!(" since {}", day_text(stage.from.on))).unwrap_or_default();
    let Some(fact) = facts.authority() else {
        return Signed { word: "Level", level: format!("{daily} daily{since}"), by: String::new() };
    };
    let (word, role) = match fact.act {
        PlanAct::Approved { .. } => ("Approved", "prescriber"),
        PlanAct::Ordered { .. } | PlanAct::SteppedBack { .. } => ("Ordered", "prescriber"),
        PlanAct::CameBack { settled: true, .. } => ("Resumed", "nurse"),
        PlanAct::CameBack { settled: false, .. } => ("Back, not decided", "nurse"),
        PlanAct::Stopped { .. } => ("Stopped", "pharmacist"),
        _ => ("Signed", "pharmacist"),
    };
    let at = facts.facility.zone.local(fact.at);
    let by = format!("{}, {role}, {} {}", facts.name(prescriber(fact)), day_text(at.date()), at.format("%H:%M"));
    Signed { word, level: format!("{daily} daily{since}"), by }
}

/// `2 mg diazepam at 21:50`, and where it is told.
fn in_error(facts: &Facts) -> Vec<Link> {
    let told = |one: &Incident| {
        let at = clock_text(facts.facility.zone, one.given_at, facts.now);
        Link::new(format!("{} {} at {at}", one.given, one.medicine), links::incident(&one.id))
    };
    facts.in_error.iter().filter(|_| facts.standing.is_none()).map(told).collect()
}

fn ordered(prescriber: &str, amount: Amount) -> String {
    match amount.is_zero() {
        true => format!("Urgent order by {prescriber}: give nothing."),
        false => format!("Urgent order by {prescriber}: lowered to {amount}."),
    }
}

/// `1 mg given 20 Nov 2026 20:03, TF`, `0.5 mg given 21 Nov 2026 07:00, elsewhere`
fn last(facts: &Facts) -> String {
    let here = facts.last.iter().map(|last| (last.given_at, last.given, initials(facts.name(last.giver()))));
    let apart = facts.apart.iter().map(|one| (one.at, one.given, one.how.clone()));
    let Some((at, given, how)) = here.chain(apart).max() else { return "none recorded here".to_owned() };
    let at = facts.facility.zone.local(at);
    format!("{given} given {} {}, {how}", day_text(at.date()), at.format("%H:%M"))
}

fn next(facts: &Facts) -> String {
    let Some(next) = &facts.next else { return "none laid out".to_owned() };
    let due = clock_text(facts.facility.zone, next.due_at, facts.now);
    match next.level.amount {
        none if none.is_zero() => format!("{due}, planned: no dose"),
        amount => format!("{due}, {amount}"),
    }
}
