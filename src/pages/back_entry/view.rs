//! The paper as it is drawn: each dose with what the paper says at the left, and what the system says at the right.

use askama::Template;

use super::lines::{AS_LEVEL, SPOILED, UNTOUCHED, field};
use super::{Asked, DOSES_A_PAGE, Facts};
use crate::care::calendar::day_text;
use crate::care::register::taking::OtherHalf;
use crate::care::round::outcome::Outcome;
use crate::care::round::paper::PaperCase;
use crate::care::round::sedation::SedationRule;
use crate::care::witness::Watched;
use crate::store::paper::{Paper, PaperDose};
use crate::web::parts::happened::Sedation;
use crate::web::parts::stock::StockView;
use crate::web::parts::struck::said;
use crate::web::parts::{Icon, Tag};
use crate::web::{Choice, Form, Link, Shell, links};

#[derive(Template)]
#[template(path = "pages/back_entry.html")]
pub struct View {
    shell: Shell,
    banner: &'static str,
    unit: String,
    action: String,
    /// When the system was down, and from which pack.
    asking: Form,
    form: Form,
    /// None: the paper was not asked for yet.
    sheet: Option<Sheet>,
    saved: usize,
}

struct Sheet {
    from: String,
    until: String,
    entry: String,
    page: usize,
    pages: usize,
    all: usize,
    open: usize,
    lines: Vec<Line>,
    staff: Vec<Choice>,
    reasons: Vec<(&'static str, Vec<Choice>)>,
    /// How awake somebody may have been; empty where the facility does not ask.
    awake: Vec<Choice>,
    /// What became of pieces that were not taken.
    left: Vec<Choice>,
    /// What a second person sees of these medicines here.
    stock: StockView,
    as_needed: String,
    before: Option<Link>,
    after: Option<Link>,
}

struct Line {
    id: String,
    /// The day, where it is another than that of the line before.
    day: Option<String>,
    slot: String,
    who: String,
    place: String,
    medicine: String,
    printed: String,
    make_up: String,
    /// `The paper said 1 mg; the level was 0.75 mg.`
    differs: Option<String>,
    /// It is due after the system was back.
    early: bool,
    system: System,
    /// Where what was given and is not part of the plan is written down.
    in_error: String,
}

enum System {
    Open { revision: u32, outcomes: Vec<Choice> },
    Recorded { tag: Tag, words: String, entry: Link },
    Void,
}

impl Line {
    fn field(&self, name: &str) -> String {
        field(name, &self.id)
    }
}

impl View {
    pub(super) fn new(facts: &Facts, shell: Shell, form: Form) -> View {
        let asked = &facts.asked;
        let asking = Form::asking(if form.wrong() { Default::default() } else { facts.errors.clone() });
        let asking = asking.with("from", &asked.from).with("until", &asked.until).with("entry", &asked.entry);
        View {
            shell,
            banner: "",
            unit: facts.unit.name.clone(),
            action: links::paper(&facts.unit.id),
            asking,
            sheet: facts.paper.as_ref().map(|(_, paper)| Sheet::new(facts, paper)),
            saved: asked.saved,
            form,
        }
    }
}

impl Sheet {
    fn new(facts: &Facts, paper: &Paper) -> Sheet {
        let Asked { from, until, entry, page, .. } = facts.asked.clone();
        let pages = paper.doses.len().div_ceil(DOSES_A_PAGE).max(1);
        let page = page.min(pages - 1);
        let here: Vec<&PaperDose> = paper.doses.iter().skip(page * DOSES_A_PAGE).take(DOSES_A_PAGE).collect();
        let turned = |page: usize, text: &str| Link::new(text, facts.asked.address(&facts.unit.id, page, 0));
        let days: Vec<_> = here.iter().map(|one| one.dose.key.on).collect();
        let lines = here.iter().enumerate().map(|(n, one)| Line {
            day: (n == 0 || days[n - 1] != days[n]).then(|| day_text(days[n])),
            ..line(facts, paper, one)
        });
        Sheet {
            lines: lines.collect(),
            staff: staff(paper),
            reasons: reasons(),
            awake: awake(facts.facility.sedation),
            left: left(),
            stock: watched(facts, &here),
            as_needed: facts.asked.as_needed_address(&facts.unit.id, 0),
            all: paper.doses.len(),
            open: paper.doses.iter().filter(|one| one.standing.is_none() && !one.case.void).count(),
            before: page.checked_sub(1).map(|page| turned(page, "Page before")),
            after: (page + 1 < pages).then(|| turned(page + 1, "Next page")),
            from,
            until,
            entry,
            page,
            pages,
        }
    }
}

fn line(facts: &Facts, paper: &Paper, one: &PaperDose) -> Line {
    let (case, key) = (&one.case, &one.dose.key);
    let amount = case.printed.as_ref().unwrap_or(&case.level).amount;
    let pieces = paper.shelves.of(&key.medicine).pieces(amount);
    let early = facts.paper.as_ref().is_some_and(|(outage, _)| case.due_at > outage.span.1);
    Line {
        id: one.dose.id.clone(),
        day: None,
        slot: key.slot.to_string(),
        who: one.resident.name(),
        place: one.resident.room.clone(),
        medicine: key.medicine.to_string(),
        printed: amount.to_string(),
        make_up: pieces.map(|pieces| pieces.to_string()).unwrap_or_default(),
        differs: differs(case),
        early: early && one.standing.is_none(),
        system: system(facts, paper, one),
        in_error: links::given_in_error(&one.resident.id),
    }
}

fn differs(case: &PaperCase) -> Option<String> {
    let level = case.level.amount;
    match &case.printed {
        None => Some("Not on this paper: it was decided after the pack was printed.".to_owned()),
        Some(printed) if case.differs() && !case.void => {
            let printed = printed.amount;
            Some(format!("The paper said {printed}; the level was {level}. Record what was really given."))
        }
        Some(_) => None,
    }
}

fn system(facts: &Facts, paper: &Paper, one: &PaperDose) -> System {
    match &one.standing {
        Some(record) => System::Recorded {
            tag: Tag::outcome(record.outcome, record.outcome.title()),
            words: said(record, &paper.names, facts.facility.zone, facts.now),
            entry: Link::new(format!("See entry {}", record.n), links::fact(record.n)),
        },
        None if one.case.void => System::Void,
        None => System::Open { revision: one.case.revision, outcomes: outcomes(one) },
    }
}

/// What the paper may say of a dose. Where paper and level differ, each amount is a choice of its own.
fn outcomes(one: &PaperDose) -> Vec<Choice> {
    let level = one.case.level.amount;
    let mut all = vec![Choice::new("", "Nothing entered yet")];
    if let Some(printed) = one.case.printed.as_ref().filter(|printed| !printed.amount.is_zero()) {
        all.push(Choice::new(Outcome::Given.word(), format!("Given: {}, as printed", printed.amount)));
    }
    if (one.case.differs() || one.case.printed.is_none()) && !level.is_zero() {
        all.push(Choice::new(AS_LEVEL, format!("Given: {level}, the level")));
    }
    let others = Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Given);
    all.extend(others.map(|outcome| Choice::new(outcome.word(), outcome.title())));
    all
}

/// What the lines of the page may want a witness for.
fn watched(facts: &Facts, here: &[&PaperDose]) -> StockView {
    let rules = &facts.facility.register;
    let asks = |watched| rules.ask_of_any(watched, here.iter().map(|one| &one.dose.key.medicine));
    StockView::of_a_page(asks(Watched::Give), asks(Watched::Waste))
}

/// The paper has a column for it where the facility asks.
fn awake(rule: SedationRule) -> Vec<Choice> {
    let unsaid = Choice::new("", "The paper does not say");
    let points = Sedation::new(rule, "").points.into_iter().map(|one| Choice::new(one.value, one.word));
    if rule.asked { [unsaid].into_iter().chain(points).collect() } else { Vec::new() }
}

fn left() -> Vec<Choice> {
    vec![
        Choice::new("", "As usual: half kept, rest wasted"),
        Choice::new(OtherHalf::Wasted.word(), "Other half wasted too"),
        Choice::new(UNTOUCHED, "Rest untouched, kept"),
        Choice::new(SPOILED, "Counted out, not given, wasted"),
    ]
}

fn staff(paper: &Paper) -> Vec<Choice> {
    let nobody = Choice::new("", "Choose by the initials");
    std::iter::once(nobody).chain(paper.staff.iter().map(|(id, name)| Choice::new(id, name))).collect()
}

fn reasons() -> Vec<(&'static str, Vec<Choice>)> {
    let of = |outcome: Outcome| {
        let title = if outcome == Outcome::Given { "Given late" } else { outcome.title() };
        let choices = outcome.reasons().iter().map(|(code, words)| Choice::new(*code, format!("{words} ({code})")));
        (title, choices.collect())
    };
    // Whatever was handed over was late for the same reasons as what was given.
    Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::SelfAdministered).map(of).collect()
}
