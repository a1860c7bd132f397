//! The page where it is decided from the next dose on: what is in force, and what each choice would do.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Reader, Sight};
use crate::care::amount::Amount;
use crate::care::calendar::{Moment, Slot, day_text, days_after};
use crate::care::taper::daily::Daily;
use crate::care::taper::level::{Course, Footing};
use crate::care::taper::plan::{Medicine, Plan, PlannedDose, Regimen, Step};
use crate::care::taper::reduction::Case;
use crate::store::absences::AbsenceEnd;
use crate::web::parts::pieces::MakeUp;
use crate::web::parts::{Banner, DoseView, Icon, Tag};
use crate::web::{Choice, Form, Shell, links};

/// A hold usually looks again in two weeks.
const USUAL_HOLD_DAYS: u32 = 14;

/// The decisions of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    StepBack,
    Suspend,
    Lower,
    Hold,
    EndHold,
}

impl Kind {
    /// The orders, by the last word of their address. A hold is ended at an address of its own.
    pub fn of_word(word: &str) -> Option<Kind> {
        match word {
            "step-back" => Some(Kind::StepBack),
            "suspend" => Some(Kind::Suspend),
            "lower" => Some(Kind::Lower),
            "hold" => Some(Kind::Hold),
            _ => None,
        }
    }
}

/// The forms of the page, one for each decision.
pub struct Forms {
    step_back: Form,
    suspend: Form,
    lower: Form,
    hold: Form,
    end_hold: Form,
    /// The one that came back.
    answered: Option<Kind>,
}

impl Forms {
    pub fn fresh(csrf: &str, now: DateTime<Utc>) -> Forms {
        let form = |prefix| Form::new(csrf, now).named(prefix);
        Forms {
            step_back: form("back"),
            suspend: form("suspend"),
            lower: form("lower"),
            hold: form("hold"),
            end_hold: form("end"),
            answered: None,
        }
    }

    /// One of them as it was filled in, with what is wrong.
    pub fn answered(mut self, kind: Kind, form: Form) -> Forms {
        match kind {
            Kind::StepBack => self.step_back = form.named("back"),
            Kind::Suspend => self.suspend = form.named("suspend"),
            Kind::Lower => self.lower = form.named("lower"),
            Kind::Hold => self.hold = form.named("hold"),
            Kind::EndHold => self.end_hold = form.named("end"),
        }
        Forms { answered: Some(kind), ..self }
    }

    /// An error leads to a field only where its form stands on the page.
    fn shown(self, can: &Can, who: Reader) -> Forms {
        let proof: &[&str] = match who {
            Reader::Nurse => {
                &["rationale", "prescriber", "called_at", "read_back", "second_username", "second_password"]
            }
            _ => &["rationale", "password"],
        };
        let amounts: Vec<String> = (1..=can.lower.len()).map(|nth| format!("amount_{nth}")).collect();
        let there = |form: Form, there: bool, own: &[&str]| {
            let fields: Vec<&str> = if there { own.iter().chain(proof).copied().collect() } else { Vec::new() };
            form.showing(&fields)
        };
        let lowering: Vec<&str> = amounts.iter().map(String::as_str).chain(["amounts"]).collect();
        Forms {
            step_back: there(self.step_back, !can.steps.is_empty(), &["step"]),
            suspend: there(self.suspend, can.suspend, &[]),
            lower: there(self.lower, !can.lower.is_empty(), &lowering),
            hold: there(self.hold, can.hold, &["reassess_on"]),
            end_hold: there(self.end_hold, can.held_until.is_some(), &[]),
            ..self
        }
    }

    /// The form whose errors the page tells first.
    pub fn wrong(&self) -> Option<&Form> {
        let all = [&self.step_back, &self.suspend, &self.lower, &self.hold, &self.end_hold];
        all.into_iter().find(|form| form.wrong())
    }

    fn is_open(&self, kind: Kind) -> bool {
        self.answered == Some(kind)
    }
}

/// One dose time of a level, and what it is counted out from.
struct Line {
    slot: String,
    medicine: String,
    amount: Amount,
    made_of: MakeUp,
}

/// One dose time of what is asked for, with its medicine where there are two.
struct Change {
    slot: String,
    from: Amount,
    to: Amount,
    made_of: MakeUp,
}

/// What this reader can decide now.
#[derive(Default)]
struct Can {
    steps: Vec<Choice>,
    /// An order or an absence interrupted the step: a prescriber decides the level anew.
    interrupted: bool,
    suspend: bool,
    /// The most for each dose time.
    lower: Vec<PlannedDose>,
    hold: bool,
    /// Where other steps go on from what was ordered; none for whoever only writes an order down.
    go_on: Option<String>,
    held_until: Option<String>,
    /// Why nothing can be ordered, in a full sentence.
    hindrance: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/decide.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    telephone: bool,
    orders: bool,
    href: String,
    end_href: String,
    medicine: String,
    state: Tag,
    /// What stands here is what was given before an absence: none is given now.
    undecided: bool,
    /// What is known of the time elsewhere: `Back 24 Nov 2026 07:30.`
    elsewhere: Vec<String>,
    daily: DoseView,
    level: Daily,
    lines: Vec<Line>,
    /// `from the 20:00 dose today`
    from: String,
    /// A signed reduction that an order would make void.
    voids: Option<String>,
    decisions: usize,
    next: String,
    can: Can,
    preview: Option<Vec<Change>>,
    prescribers: Vec<Choice>,
    name: String,
    forms: Forms,
}

impl View {
    pub(super) fn new(shell: Shell, sight: &Sight, who: Reader, name: &str, forms: Forms) -> View {
        let case = &sight.dossier.found.case;
        let plan = &sight.dossier.found.file.plan;
        let can = Can::new(sight, who);
        let regimen = in_force(case);
        let daily = plan.daily_of(&regimen);
        let chosen = Choice::new("", "Choose who called");
        let callers = sight.prescribers.iter().map(|(id, name)| Choice::new(id, name));
        View {
            telephone: who == Reader::Nurse,
            orders: who != Reader::Pharmacist,
            href: if who == Reader::Nurse { links::telephone(&plan.id) } else { links::decide(&plan.id) },
            end_href: format!("{}/end-hold", links::decide(&plan.id)),
            medicine: plan.named(),
            state: state(&case.course, case),
            undecided: undecided(case),
            elsewhere: sight.back.iter().filter(|_| undecided(case)).flat_map(|end| elsewhere(sight, end)).collect(),
            daily: DoseView::large_daily(&daily),
            level: daily,
            lines: regimen.doses().map(|dose| line(sight, dose)).collect(),
            from: case.from_words(),
            voids: voids(case),
            decisions: sight.dossier.found.file.facts.len(),
            next: case.next_dose().map(Moment::typed).unwrap_or_default(),
            preview: None,
            prescribers: std::iter::once(chosen).chain(callers).collect(),
            name: name.to_owned(),
            forms: filled(forms.shown(&can, who), case),
            banner: sight.banner.clone(),
            can,
            shell,
        }
    }

    fn amount_field(&self, nth: &usize) -> String {
        format!("amount_{nth}")
    }

    fn amount_label(&self, line: &PlannedDose) -> String {
        format!("{} {}, in mg", line.slot, line.medicine)
    }

    fn amount_hint(&self, line: &PlannedDose) -> String {
        if self.undecided { format!("Before the absence {}", line.amount) } else { format!("Now {}", line.amount) }
    }

    /// Shows from what to what the typed amounts lead, and what they would be made from.
    pub(super) fn previewing(self, sight: &Sight) -> View {
        let typed = |nth: usize| Amount::parse(self.forms.lower.value(&self.amount_field(&nth))).ok();
        let change = |(nth, from): (usize, &PlannedDose)| {
            let to = PlannedDose { amount: typed(nth)?, ..from.clone() };
            let (slot, made_of) = (named(&sight.dossier.found.file.plan, from), made_of(sight, &to));
            Some(Change { slot, from: from.amount, to: to.amount, made_of })
        };
        let preview = (1..).zip(&self.can.lower).filter_map(change).collect();
        View { preview: Some(preview), ..self }
    }
}

impl Can {
    fn new(sight: &Sight, who: Reader) -> Can {
        let case = &sight.dossier.found.case;
        let until = case.on_hold().filter(|_| who != Reader::Nurse).map(day_text);
        if who == Reader::Pharmacist {
            return Can { held_until: until, ..Can::default() };
        }
        let most = match case.most() {
            Ok(most) => most,
            Err(refusal) => return Can { hindrance: Some(refusal.to_string()), ..Can::default() },
        };
        let lower: Vec<PlannedDose> = most.doses().filter(|_| !most.daily().is_zero()).collect();
        Can {
            steps: case.steps_back().into_iter().map(|step| step_choice(sight, step)).collect(),
            interrupted: case.course.stage_at(case.next).is_some_and(|stage| stage.footing != Footing::Planned),
            suspend: undecided(case)
                || case.course.stage_at(case.next).is_some_and(|stage| !stage.step.daily().is_zero()),
            lower,
            hold: case.to_hold().is_some(),
            go_on: case.ordered_step().filter(|_| who == Reader::Prescriber).map(|_| links::amend(&case.plan.id)),
            held_until: until,
            hindrance: None,
        }
    }
}

/// `Step 1, 1.75 mg daily`, and what is given at each time from what.
fn step_choice(sight: &Sight, step: &Step) -> Choice {
    let (case, plan) = (&sight.dossier.found.case, &sight.dossier.found.file.plan);
    let now = if undecided(case) { Regimen::default() } else { in_force(case) };
    let slot = |(slot, medicine): (Slot, Medicine)| {
        let from = now.amount(slot, &medicine);
        let dose = PlannedDose { slot, amount: step.regimen().amount(slot, &medicine), medicine };
        let change =
            if from == dose.amount { format!("stays {from}") } else { format!("from {from} to {}", dose.amount) };
        format!("{}: {change} ({})", named(plan, &dose), pieces_text(sight, &dose))
    };
    let slots: Vec<String> = now.lines_with(step.regimen()).into_iter().map(slot).collect();
    let name = if step.ordinal == 0 { "The start".to_owned() } else { format!("Step {}", step.ordinal) };
    Choice::new(step.ordinal.to_string(), format!("{name}, {} daily", plan.daily(step))).hinted(slots.join("; "))
}

/// `20:00`; `20:00 diazepam` in a cross-taper.
fn named(plan: &Plan, dose: &PlannedDose) -> String {
    match plan.heading() {
        Some(_) => dose.slot.to_string(),
        None => format!("{} {}", dose.slot, dose.medicine),
    }
}

/// What is taken at the next dose’s level; nothing while the resident is away.
fn in_force(case: &Case) -> Regimen {
    case.course.level_at(case.next).map(|level| level.regimen.clone()).unwrap_or_default()
}

/// What the discharge letter says, and what was given there last.
fn elsewhere(sight: &Sight, end: &AbsenceEnd) -> Vec<String> {
    let (zone, plan) = (sight.dossier.found.facility.zone, &sight.dossier.found.file.plan);
    let moment = |at| {
        let local = zone.local(at);
        format!("{} {}", day_text(local.date()), local.format("%H:%M"))
    };
    let mut told = vec![format!("Back {}.", moment(end.back_at))];
    if let Some(one) = end.elsewhere.iter().find(|one| one.plan == plan.id) {
        let last = one.last_at.zip(one.last_amount);
        told.extend(last.map(|(at, amount)| format!("Last dose elsewhere: {amount}, {}.", moment(at))));
        told.extend(
            Some(&one.letter).filter(|letter| !letter.is_empty()).map(|letter| format!("Discharge letter: “{letter}”")),
        );
    }
    told.extend(Some(&end.note).filter(|note| !note.is_empty()).map(|note| format!("Note: “{note}”")));
    told
}

/// Nobody has decided the dose since a return: what was in force before is not given now.
fn undecided(case: &Case) -> bool {
    case.course.level_at(case.next).is_some_and(|level| level.undecided())
}

fn state(course: &Course, case: &Case) -> Tag {
    match course.stage_at(case.next).map(|stage| stage.footing) {
        None => Tag::unsigned("Not in effect"),
        Some(Footing::Planned) => Tag::signed("In effect, signed"),
        Some(Footing::Ordered) => Tag::hold("Urgent order in force"),
        Some(Footing::Away) => Tag::hold("Away"),
        Some(Footing::Undecided) => Tag::overdue("Decision needed"),
        Some(Footing::Stopped) => Tag::due_soon("Stopped"),
    }
}

fn line(sight: &Sight, dose: PlannedDose) -> Line {
    let made_of = made_of(sight, &dose);
    Line { slot: dose.slot.to_string(), medicine: dose.medicine.to_string(), amount: dose.amount, made_of }
}

fn made_of(sight: &Sight, dose: &PlannedDose) -> MakeUp {
    let pieces = sight.shelves.of(&dose.medicine).pieces(dose.amount);
    MakeUp::planned(dose.amount, &pieces.unwrap_or_default())
}

fn pieces_text(sight: &Sight, dose: &PlannedDose) -> String {
    let pieces = sight.shelves.of(&dose.medicine).pieces(dose.amount);
    match pieces {
        Some(pieces) if !dose.amount.is_zero() => pieces.to_string(),
        _ if dose.amount.is_zero() => "no dose".to_owned(),
        _ => "cannot be made from what is in stock".to_owned(),
    }
}

fn voids(case: &Case) -> Option<String> {
    let ahead = case.ahead()?;
    Some(format!(
        "The signed reduction to {} daily from {} becomes void: it is asked for again.",
        case.plan.daily(&ahead.step),
        day_text(ahead.from.on)
    ))
}

/// The day that is most often meant stands in its field; no decision is chosen.
fn filled(forms: Forms, case: &Case) -> Forms {
    let again = days_after(case.today, USUAL_HOLD_DAYS).to_string();
    Forms { hold: forms.hold.with("reassess_on", again), ..forms }
}
