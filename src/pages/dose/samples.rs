//! Doses, and records that met, to be rendered by the test of every page.

use super::Record;
use super::conflict::Conflict;
use super::facts::{Apart, Facts};
use super::view::View;
use crate::care::amount::Amount;
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::register::parts::Parts;
use crate::care::register::source::{Source, Supply};
use crate::care::resident::Allergies;
use crate::care::round::identity::asked::Identify;
use crate::care::round::interval::{Beside, Interval, Word};
use crate::care::round::left::Left;
use crate::care::round::ordered::OrderedSince;
use crate::care::round::outcome::Outcome;
use crate::care::severe_sign::Sign;
use crate::care::taper::late::LateRule;
use crate::care::witness::{Watched, WitnessPolicy};
use crate::store::doses::{DoseFile, DoseRecords};
use crate::store::identity::Identifying;
use crate::web::parts::pause::Pausable;
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::parts::stock::StockFields;
use crate::web::{Form, Menu, Shell};

fn facts(dose: DoseFile, signed: bool, surname: &str) -> Facts {
    let plan = samples::plan(signed);
    let course = plan.course();
    Facts {
        now: now(),
        pieces: samples::shelf().pieces(dose.level.amount),
        source: Source::of(&samples::shelf(), dose.level.amount, Supply::default()),
        facility: samples::facility(),
        unit: samples::unit("Willow"),
        resident: samples::resident("margit", surname, Allergies::Known { list: "penicillin (rash)".to_owned() }),
        photo: true,
        others: vec![(samples::resident("mary", "Halverson", Allergies::NoneKnown), "Rowan".to_owned())],
        pausable: Pausable::of(&plan.plan, &course, today()),
        ordered: None,
        left: None,
        away: None,
        apart: Vec::new(),
        left_out: Vec::new(),
        interval: None,
        prescribers: vec![("prescriber".to_owned(), "Dr Helen Marsh".to_owned())],
        alert: None,
        gap: None,
        signs: Vec::new(),
        in_error: Vec::new(),
        plan,
        course,
        standing: None,
        records: DoseRecords::default(),
        vomited: Vec::new(),
        last: Some(samples::administration(&dose, Outcome::Given, "")),
        next: Some(samples::dose("margit", today(), "20:00", 750, "approval")),
        identifying: Identifying::default(),
        names: samples::names("Tom Fielding RN"),
        dose,
    }
}

fn due_now(signed: bool, ug: u64) -> Facts {
    let authority = if signed { "signature" } else { "approval" };
    facts(samples::dose("margit", today(), "08:00", ug, authority), signed, "Halvorsen")
}

fn recorded(note: &str, surname: &str) -> Facts {
    let mut facts = facts(samples::dose("margit", today(), "08:00", 750, "approval"), false, surname);
    facts.standing = Some(samples::administration(&facts.dose, Outcome::GivenInPart, note));
    facts.vomited = vec![samples::alerts::vomited(&facts.dose, note)];
    facts
}

/// Its record was made in error: it is open again.
fn struck(words: &str) -> Facts {
    let mut facts = due_now(false, 750);
    let record = samples::administration(&facts.dose, Outcome::Given, words);
    let corrections = [(record.id.clone(), samples::correction(&record, words))].into();
    facts.records = DoseRecords { all: vec![record], corrections };
    facts
}

/// A suspected overdose was recorded; somebody came back whose dose nobody has decided; a prescriber ordered nothing, or
/// less, when the dose was late; and the resident left before its slot.
fn barred() -> [Facts; 5] {
    let mut withheld = due_now(false, 750);
    withheld.signs = vec![samples::severe_sign(Sign::Overdose, "margit")];
    let mut undecided = due_now(false, 750);
    undecided.dose.level.undecided = true;
    let ordered = |ug| {
        let mut facts = due_now(false, 750);
        facts.ordered = Some(OrderedSince { most: Amount::from_ug(ug), since: facts.now, undecided: false });
        facts
    };
    let mut left = due_now(false, 750);
    (left.dose.void, left.left) = (true, Some(Left { at: left.now }));
    [withheld, undecided, ordered(0), ordered(500), left]
}

/// The register holds the pieces, and a witness signs; it holds others, of which one is broken; it holds too few.
fn counted() -> Vec<Facts> {
    let held = |parts: &[(&str, u64)]| {
        let mut facts = due_now(false, 750);
        let supply = parts.iter().map(|(code, parts)| ((*code).to_owned(), Parts(*parts))).collect();
        facts.source = Source::of(&samples::shelf(), facts.dose.level.amount, Supply(supply));
        facts.facility.register.witness = WitnessPolicy(Watched::ALL.to_vec());
        facts
    };
    vec![held(&[("197527", 24), ("349195", 8)]), held(&[("197527", 3)]), held(&[("197527", 0)])]
}

/// Nothing was scanned yet; the label was, and that is all; and somebody else’s was.
fn scanned() -> Vec<View> {
    let facts = |identify| {
        let mut facts = due_now(false, 750);
        facts.facility.identify = identify;
        facts
    };
    let form = || Form::new("proof", now());
    let (all, one) = (facts(Identify::ResidentAndProduct), facts(Identify::Resident));
    let wrong = Refusal::WrongResident { name: HOSTILE.to_owned(), wanted: one.resident.name() };
    vec![
        View::new(&all, shell(), form(), None),
        View::new(&one, shell(), form().also("scanned", &one.resident.number), None),
        View::new(&all, shell(), form(), None).scanned(Some(wrong)),
    ]
}

/// Late: far enough from the next one, and too near to it, to the last one, and given on a prescriber's word.
fn late(words: &str) -> Vec<Facts> {
    let at = |beside| {
        let mut facts = facts(samples::dose("margit", today(), "06:00", 750, "approval"), false, "Halvorsen");
        facts.interval = Some(Interval { least_hours: 6, beside: vec![beside] });
        facts
    };
    let hour = chrono::TimeDelta::hours;
    let mut left_out = at(Beside::Due(now() + hour(12)));
    left_out.left_out = vec![samples::administration(&left_out.dose, Outcome::Withheld, words)];
    let mut said = at(Beside::Due(now() + hour(12)));
    let rule = LateRule { instruction: words.to_owned(), least_hours: 24 };
    said.plan.plan.late = Some(rule);
    let mut record = samples::administration(&said.dose, Outcome::Given, "");
    record.word = Some(Word { by: "prescriber".to_owned(), at: now() });
    let mut given = at(Beside::Given(now() - hour(1)));
    given.standing = Some(record);
    vec![
        at(Beside::Due(now() + hour(12))),
        at(Beside::Due(now() + hour(4))),
        at(Beside::Given(now() - hour(1))),
        left_out,
        back(),
        said,
        given,
    ]
}

/// On time, and an hour after one that was given elsewhere.
fn back() -> Facts {
    let mut facts = due_now(false, 750);
    let at = now() - chrono::TimeDelta::hours(1);
    facts.interval = Some(Interval { least_hours: 6, beside: vec![Beside::Given(at)] });
    facts.apart = vec![Apart { at, given: facts.dose.level.amount, how: "elsewhere".to_owned() }];
    facts
}

fn shell() -> Shell {
    Shell::sample(Role::Nurse, Menu::Round).back_to("Willow round", "/round")
}

impl View {
    /// Due, changed today, late, long past, to come, no dose, unmakeable, recorded; and hostile words.
    pub fn samples() -> Vec<View> {
        let form = || Form::new("proof", now());
        let at = |on, at: &str, ug| facts(samples::dose("margit", on, at, ug, "approval"), false, "Halvorsen");
        let long_ago = today() - chrono::Days::new(40);
        let mut sedation = due_now(false, 750);
        sedation.facility.sedation.asked = true;
        let mut all = vec![
            sedation,
            due_now(false, 750),
            due_now(true, 500),
            at(today(), "06:00", 750),
            at(long_ago, "20:00", 750),
            at(today(), "20:00", 750),
            at(today(), "08:00", 0),
            at(today(), "08:00", 1),
            recorded("", "Halvorsen"),
            recorded(HOSTILE, HOSTILE),
            struck("it was the dose of 12:00"),
            struck(HOSTILE),
        ];
        all.extend(counted());
        let moved = Refusal::FormReused.to_string();
        let mut views: Vec<View> = all.iter().map(|facts| View::new(facts, shell(), form(), None)).collect();
        views.push(View::new(&due_now(false, 750), shell(), form(), Some(moved)));
        views.extend(late(HOSTILE).iter().map(|facts| View::new(facts, shell(), form(), None)));
        let mut alerted = due_now(false, 750);
        alerted.alert = Some(samples::alerts::standing(&[Some(Outcome::Refused), None], ""));
        views.push(View::new(&alerted, shell(), form(), None));
        views.extend(scanned());
        views.extend(barred().iter().map(|facts| View::new(facts, shell(), form(), None)));
        views
    }
}

impl Conflict {
    /// Another nurse was first; the nurse herself was; and hostile words.
    pub fn samples() -> Vec<Conflict> {
        let sent = |outcome: &str, note: &str| Record {
            outcome: outcome.to_owned(),
            reason: "R1".to_owned(),
            given_at: "08:10".to_owned(),
            sedation: String::new(),
            note: note.to_owned(),
            amount: String::new(),
            prescriber: String::new(),
            called_at: String::new(),
            read_back: String::new(),
            revision: "0".to_owned(),
            shown: "0.75".to_owned(),
            confirm: None,
            stock: StockFields::default(),
        };
        vec![
            Conflict::new(&recorded("", "Halvorsen"), shell(), "somebody", "Amara Diallo RN", &sent("given", "")),
            Conflict::new(&recorded("", "Halvorsen"), shell(), "nurse", "Tom Fielding RN", &sent("", "")),
            Conflict::new(&recorded(HOSTILE, HOSTILE), shell(), "somebody", HOSTILE, &sent("refused", HOSTILE)),
        ]
    }
}
