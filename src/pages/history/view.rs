//! How the history is shown.

use askama::Template;
use chrono::NaiveDateTime;

use super::asked::{After, Asked, NO_RECORD};
use super::names::Names;
use super::{Found, Rows};
use crate::care::calendar::day_text;
use crate::care::facility::Facility;
use crate::care::resident::Resident;
use crate::care::round::outcome::{Outcome, reason_text};
use crate::care::round::vomit::Vomited;
use crate::store::audit::MOST_COUNTED;
use crate::store::doses::{Administration, Correction, DoseFile};
use crate::web::parts::deviation::Deviation;
use crate::web::parts::{DoseView, Icon, Tag};
use crate::web::{Choice, Errors, Form, Link, Shell, links};

#[derive(Template)]
#[template(path = "pages/history.html")]
pub struct View {
    shell: Shell,
    form: Form,
    facilities: Vec<Choice>,
    residents: Vec<Choice>,
    units: Vec<Choice>,
    people: Vec<Choice>,
    outcomes: Vec<Choice>,
    stands: Vec<Choice>,
    lates: Vec<Choice>,
    /// `212 records match.`
    found: String,
    window: String,
    csv: Link,
    /// What was given beside the scheduled doses.
    unscheduled: String,
    /// `3 doses have no record.`, and the way to them.
    unrecorded: Option<(String, String)>,
    rows: Vec<Row>,
    older: Option<String>,
    newest: Option<String>,
}

/// A dose: recorded, or with nothing but its time.
pub struct Row {
    /// The number of its record.
    entry: Option<Link>,
    surname: String,
    forename: String,
    place: String,
    medicine: String,
    dose: DoseView,
    /// What was taken, where that is not the whole dose.
    taken: Option<String>,
    due_day: String,
    due_time: String,
    actual: Option<Actual>,
    tag: Tag,
    by: String,
    /// Why it was not as planned, and what was noted.
    why: Option<String>,
    /// Of a record that no longer stands: by whom and why.
    struck: Option<String>,
    /// What was seen after it, of the record that stands.
    vomited: Vec<String>,
}

pub struct Actual {
    /// Only where it is not the day the dose was due.
    day: String,
    time: String,
    recorded: String,
    deviation: Deviation,
}

impl View {
    pub(super) fn new(shell: Shell, asked: &Asked, found: &Found, facilities: &[Facility], errors: Errors) -> View {
        let names = &found.names;
        let ways_on = ways_on(asked, found);
        let unrecorded = (found.unrecorded > 0).then(|| {
            (format!("{} no record", counted(found.unrecorded, "dose has", "doses have")), asked.without_record())
        });
        View {
            form: form(asked, errors),
            facilities: facility_choices(facilities),
            residents: chosen_from("Anyone", names.residents.iter().map(|one| resident_choice(names, one))),
            units: chosen_from("All units", names.units.iter().map(|unit| Choice::new(&unit.id, &unit.name))),
            people: chosen_from("Anyone", names.nurses.iter().map(|(id, name)| Choice::new(id, name))),
            outcomes: outcomes(),
            stands: stands(),
            lates: lates(),
            found: found_text(found),
            window: window_text(&names.facility),
            csv: Link::new("Download CSV", asked.csv()),
            unscheduled: links::unscheduled(&names.facility.id),
            unrecorded,
            rows: rows(found),
            older: ways_on,
            newest: (!asked.before.is_empty()).then(|| asked.newest()),
            shell,
        }
    }
}

fn form(asked: &Asked, errors: Errors) -> Form {
    let fields = [
        ("facility", &asked.facility),
        ("resident", &asked.resident),
        ("unit", &asked.unit),
        ("person", &asked.person),
        ("outcome", &asked.outcome),
        ("stands", &asked.stands),
        ("from", &asked.from),
        ("to", &asked.to),
        ("late", &asked.late),
    ];
    fields.into_iter().fold(Form::asking(errors), |form, (name, value)| form.with(name, value))
}

/// Nothing to choose where there is one facility.
fn facility_choices(facilities: &[Facility]) -> Vec<Choice> {
    match facilities {
        [_] => Vec::new(),
        many => many.iter().map(|facility| Choice::new(&facility.id, &facility.name)).collect(),
    }
}

fn chosen_from(any: &str, choices: impl Iterator<Item = Choice>) -> Vec<Choice> {
    std::iter::once(Choice::new("", any)).chain(choices).collect()
}

fn resident_choice(names: &Names, resident: &Resident) -> Choice {
    Choice::new(&resident.id, format!("{} ({} {})", resident.name(), names.unit(&resident.unit), resident.room))
}

fn outcomes() -> Vec<Choice> {
    let known = Outcome::ALL.into_iter().map(|outcome| Choice::new(outcome.word(), capital(outcome.text())));
    chosen_from("Any outcome", known.chain([Choice::new(NO_RECORD, "No record")]))
}

fn stands() -> Vec<Choice> {
    let choices = [("", "All"), ("yes", "As they stand"), ("no", "Corrected, or in error")];
    choices.into_iter().map(|(value, text)| Choice::new(value, text)).collect()
}

fn lates() -> Vec<Choice> {
    let minutes = [("30", "30 min"), ("60", "60 min"), ("120", "2 h"), ("240", "4 h")];
    chosen_from("Any", minutes.into_iter().map(|(value, text)| Choice::new(value, text)))
}

/// `212 records match.`
fn found_text(found: &Found) -> String {
    match found.rows {
        Rows::Records(_) => format!("{}.", counted(found.count, "record matches", "records match")),
        Rows::Unrecorded(_) => format!("{} no record.", counted(found.count, "dose has", "doses have")),
    }
}

/// `1 record matches`, `more than 1 000 records match`
fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count if count > MOST_COUNTED => format!("More than {} {many}", grouped(MOST_COUNTED as i64)),
        count => format!("{} {many}", grouped(count as i64)),
    }
}

/// `48 211`, with spaces that do not break.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let parts: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    parts.join("\u{a0}")
}

fn window_text(facility: &Facility) -> String {
    let windows = facility.windows;
    match (windows.early_minutes, windows.late_minutes) {
        (early, late) if early == late => format!("{late}\u{a0}min"),
        (early, late) => format!("{early}\u{a0}min before and {late}\u{a0}min after"),
    }
}

fn ways_on(asked: &Asked, found: &Found) -> Option<String> {
    let last = match &found.rows {
        Rows::Records(records) => records.last().map(After::of_record),
        Rows::Unrecorded(doses) => doses.last().map(After::of_dose),
    };
    last.filter(|_| found.more).map(|last| asked.page_after(&last))
}

fn rows(found: &Found) -> Vec<Row> {
    match &found.rows {
        Rows::Records(records) => records
            .iter()
            .map(|record| Row {
                vomited: vomited(found, record),
                ..Row::recorded(&found.names, record, found.corrections.get(&record.id))
            })
            .collect(),
        Rows::Unrecorded(doses) => {
            let unit = |dose: &DoseFile| found.due_in.get(&dose.id).map_or("", String::as_str);
            doses.iter().map(|dose| Row::unrecorded(&found.names, unit(dose), dose)).collect()
        }
    }
}

/// Whoever gave it, and who typed it in from paper or corrected it, where that was another; who saw it, or that nobody did who should have.
fn by(names: &Names, record: &Administration) -> String {
    let typist = names.person(&record.recorded_by);
    let by = match &record.given_by {
        Some(giver) if record.corrects.is_some() => format!("{}, corrected by {typist}", names.person(giver)),
        Some(giver) => format!("{}, typed in from paper by {typist}", names.person(giver)),
        None => typist.to_owned(),
    };
    match (&record.witnessed_by, &record.unwitnessed) {
        (Some(witness), _) => format!("{by}; witness {}", names.person(witness)),
        (None, Some(_)) => format!("{by}; no witness"),
        (None, None) => by,
    }
}

impl Row {
    fn recorded(names: &Names, record: &Administration, correction: Option<&Correction>) -> Row {
        let (surname, forename) = who(names, &record.resident);
        let (due, given, recorded) =
            (names.local(record.due_at), names.local(record.given_at), names.local(record.recorded_at));
        let late = record.late_minutes();
        let actual = Actual {
            day: if given.date() == due.date() { String::new() } else { day_text(given.date()) },
            time: clock(given),
            recorded: if recorded.date() == given.date() { clock(recorded) } else { moment(recorded) },
            deviation: Deviation::new(late, names.window(late)),
        };
        Row {
            entry: Some(Link::new(grouped(record.n), links::fact(record.n))),
            surname,
            forename,
            place: place(names, &record.resident, &record.unit),
            medicine: record.medicine.to_string(),
            dose: DoseView::new(record.planned),
            taken: (record.outcome == Outcome::GivenInPart).then(|| record.given.to_string()),
            due_day: day_text(due.date()),
            due_time: clock(due),
            actual: Some(actual),
            tag: outcome_tag(record.outcome, late > names.window(late)),
            by: by(names, record),
            why: why(record),
            struck: correction.map(|correction| struck(names, correction)),
            vomited: Vec::new(),
        }
    }

    fn unrecorded(names: &Names, unit: &str, dose: &DoseFile) -> Row {
        let (surname, forename) = who(names, &dose.resident);
        let due = names.local(dose.due_at);
        Row {
            entry: None,
            surname,
            forename,
            place: place(names, &dose.resident, unit),
            medicine: dose.key.medicine.to_string(),
            dose: DoseView::new(dose.level.amount),
            taken: None,
            due_day: day_text(due.date()),
            due_time: clock(due),
            actual: None,
            tag: Tag::no_record(),
            by: "nobody".to_owned(),
            why: None,
            struck: None,
            vomited: Vec::new(),
        }
    }
}

fn who(names: &Names, id: &str) -> (String, String) {
    let resident = names.resident(id);
    resident.map_or_else(Default::default, |one| (one.surname.to_uppercase(), one.forename.clone()))
}

/// The unit of then; with the room only where they still live in that unit: nobody's room of another is known.
fn place(names: &Names, resident: &str, unit: &str) -> String {
    match names.resident(resident).filter(|one| one.unit == unit) {
        Some(one) => format!("{} {}", names.unit(unit), one.room),
        None => names.unit(unit).to_owned(),
    }
}

fn outcome_tag(outcome: Outcome, late: bool) -> Tag {
    match outcome {
        Outcome::Given if late => Tag::given_in_part("Given late"),
        Outcome::SelfAdministered | Outcome::GivenInPart if late => {
            Tag::given_in_part(format!("{}, late", outcome.title()))
        }
        Outcome::Given => Tag::given("Given"),
        Outcome::SelfAdministered => Tag::given(outcome.title()),
        Outcome::GivenInPart => Tag::given_in_part("Given in part"),
        Outcome::Refused => Tag::refused("Refused"),
        Outcome::Withheld => Tag::withheld("Withheld"),
        Outcome::NotAvailable => Tag::not_available("Not available"),
        Outcome::Absent => Tag::absent("Absent"),
    }
}

/// `Recorded in error: struck out by Sue Pervisor, 20 Nov 2026 09:10: “the wrong resident”`
fn struck(names: &Names, correction: &Correction) -> String {
    let what = match correction.replacement {
        Some(_) => "Corrected",
        None => "Recorded in error: struck out",
    };
    let at = moment(names.local(correction.corrected_at));
    format!("{what} by {}, {at}: “{}”", names.person(&correction.corrected_by), correction.reason)
}

fn why(record: &Administration) -> Option<String> {
    let reason = reason_text(&record.reason).map(|text| format!("{text} ({})", record.reason));
    let corrects = record.corrects.as_ref().map(|_| "Takes the place of an earlier record".to_owned());
    let note = Some(&record.note).filter(|note| !note.is_empty()).map(|note| format!("“{note}”"));
    let said: Vec<String> = [corrects, reason, note].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(". "))
}

/// `Vomited 20 Nov 2026 08:31, 25 min after it: “half a tablet”. Nora Nurse.`
fn vomited(found: &Found, record: &Administration) -> Vec<String> {
    let stands = !found.corrections.contains_key(&record.id);
    let seen = found.vomits.get(&record.dose).into_iter().flatten().filter(|_| stands);
    seen.map(|one| vomited_text(&found.names, one, record)).collect()
}

/// The same in the list and in its file.
pub fn vomited_text(names: &Names, one: &Vomited, record: &Administration) -> String {
    let (at, minutes) = (moment(names.local(one.vomited_at)), one.minutes_after(record.given_at));
    format!("Vomited {at}, {minutes}\u{a0}min after it: “{}” {}.", one.seen, names.person(&one.noted_by))
}

fn clock(local: NaiveDateTime) -> String {
    local.format("%H:%M").to_string()
}

fn moment(local: NaiveDateTime) -> String {
    format!("{} {}", day_text(local.date()), clock(local))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
