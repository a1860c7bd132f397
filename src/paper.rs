//! Paper for when the house is down: the pack of each unit, as one file that opens from a disk with nothing beside it.

mod folder;

use askama::Template;
use chrono::NaiveDate;

pub use folder::{Folder, Lost, Lying, MARK_FILE, file_name, folders_of, lay, packs_of, set_up, take_away};

use crate::care::calendar::{day_text, moment_text};
use crate::care::downtime::{Balance, Bed, Behind, Late, Near, Pack, PackDose, PackOrder, What};
use crate::care::round::as_needed::barred::Why;
use crate::care::round::as_needed::giving::span;
use crate::care::taper::late::LateRule;

#[derive(Template)]
#[template(path = "print/downtime.html")]
struct Sheets {
    facility: String,
    unit: String,
    mark: String,
    made: String,
    expires: String,
    entry: i64,
    /// What the pack cannot know.
    missing: Option<String>,
    call: String,
    contact: String,
    letters: Vec<(String, String)>,
    sedation: bool,
    doses: usize,
    days: Vec<Day>,
    beds: Vec<Person>,
    balances: Vec<Balance>,
}

/// The doses of one day, by their time; those apart whose window had closed.
struct Day {
    title: String,
    /// What the column of its doses is called.
    column: &'static str,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    slot: String,
    who: Who,
    medicine: String,
    amount: String,
    make_up: String,
    notices: Vec<String>,
    /// Nothing is given, whatever the amount.
    stop: Option<String>,
}

#[derive(Clone)]
struct Who {
    surname: String,
    forename: String,
    place: String,
    allergies: String,
    alike: String,
}

/// What may be given as needed, and why it is not.
struct Ordered {
    words: String,
    stop: Option<&'static str>,
}

/// What concerns a resident beside the doses.
struct Person {
    who: Who,
    stop: Option<&'static str>,
    unsigned: Vec<String>,
    /// What is done with a dose that comes late.
    late: Vec<String>,
    orders: Vec<Ordered>,
    behind: Vec<String>,
}

/// What the pack cannot know: what was lost with the database before it, or what the time is.
fn missing(pack: &Pack) -> Option<String> {
    let ahead = pack.ahead.map(|ahead| {
        format!(
            "{} Look at a clock. If it is wrong, a dose that stands here as late or left out may be still to come: give by \
             an older pack.",
            ahead.told(pack.zone, pack.made.at)
        )
    });
    let told: Vec<String> = pack.gap.map(|gap| gap.told(pack.zone)).into_iter().chain(ahead).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// A pack as the text of its file.
pub fn pack_text(pack: &Pack) -> String {
    let sheets = Sheets {
        facility: pack.facility.clone(),
        unit: pack.unit.clone(),
        mark: pack.made.mark(),
        made: moment_text(pack.zone, pack.made.at),
        expires: moment_text(pack.zone, pack.made.expires_at()),
        entry: pack.made.entry,
        missing: missing(pack),
        call: pack.emergency.call(),
        contact: pack.emergency.contact.clone(),
        letters: pack.letters.legend().into_iter().map(|(letters, meaning)| (letters.to_owned(), meaning)).collect(),
        sedation: pack.sedation,
        doses: pack.beds.iter().map(|bed| bed.doses.len()).sum(),
        days: days(pack),
        balances: pack.balances.clone(),
        beds: pack.beds.iter().map(|bed| person(pack, bed)).collect(),
    };
    sheets.render().expect("a template written to a string cannot fail")
}

fn days(pack: &Pack) -> Vec<Day> {
    let mut all: Vec<(&Bed, &PackDose)> =
        pack.beds.iter().flat_map(|bed| bed.doses.iter().map(move |d| (bed, d))).collect();
    let late = |dose: &PackDose| dose.late.as_ref().is_some_and(|late| late.closed);
    all.sort_by_key(|(_, dose)| (!late(dose), dose.key.on, dose.key.slot));
    let mut days: Vec<((bool, NaiveDate), Day)> = Vec::new();
    for (bed, dose) in all {
        let of = (late(dose), dose.key.on);
        if days.last().is_none_or(|(day, _)| *day != of) {
            days.push((of, Day::new(of)));
        }
        days.last_mut().expect("a day was begun above").1.rows.push(row(pack, bed, dose));
    }
    days.into_iter().map(|(_, day)| day).collect()
}

impl Day {
    fn new((late, on): (bool, NaiveDate)) -> Day {
        let day = format!("{} {}", on.format("%A"), day_text(on));
        let (title, column) = match late {
            true => (format!("Late, and not recorded when this was printed: {day}"), "Only if it was not given"),
            false => (day, "Dose to give"),
        };
        Day { title, column, rows: Vec::new() }
    }
}

fn row(pack: &Pack, bed: &Bed, dose: &PackDose) -> Row {
    let stop = stop(bed).map(str::to_owned).or_else(|| stop_of(pack, dose));
    let changed = dose.changed_from.map(|from| format!("Dose changed: from {from} to {}", dose.amount));
    let given = !nothing_of(bed, dose);
    let near = dose.near.as_ref().filter(|_| given).map(|near| near_text(pack, near));
    let late = dose.late.as_ref().filter(|_| given).map(|late| late_text(pack, late));
    let first = dose.asks_first.then(|| "Not recorded when this was printed. Ask whether it was given.".to_owned());
    let make_up = match &dose.pieces {
        Some(pieces) => pieces.to_string(),
        None => "Cannot be made from what is in stock: call the pharmacist".to_owned(),
    };
    Row {
        id: dose.id.clone(),
        slot: dose.key.slot.to_string(),
        who: who(bed),
        medicine: dose.key.medicine.to_string(),
        amount: dose.amount.to_string(),
        make_up,
        notices: changed.into_iter().chain(first).chain(near).chain(late).collect(),
        stop,
    }
}

/// Nothing of it is given: what the plan says of a late dose must not stand beside that.
fn nothing_of(bed: &Bed, dose: &PackDose) -> bool {
    let ordered = dose.ordered.is_some_and(|since| since.undecided || since.most.is_zero());
    stop(bed).is_some() || dose.undecided || ordered || dose.late.as_ref().is_some_and(|late| late.left_out)
}

/// `0.5 mg was given elsewhere, 24 Nov 2026 07:00.`
fn near_text(pack: &Pack, near: &Near) -> String {
    let (at, from) = (moment_text(pack.zone, near.at), moment_text(pack.zone, near.from));
    format!(
        "{} was given elsewhere, {at}. At least {}\u{a0}h lie between two doses: do not give this one before {from} without \
         a prescriber’s word.",
        near.amount, near.least_hours
    )
}

/// `Late: only if it was not given.`, what the plan says of it, and from when until when it can be given.
fn late_text(pack: &Pack, late: &Late) -> String {
    let moment = |at| moment_text(pack.zone, at);
    let begins = if late.closed { "Late: only if it was not given." } else { "If it comes late:" };
    let when = match (late.from.map(moment), late.until.map(moment)) {
        (Some(from), Some(until)) => format!(": not before {from}, and not after {until}"),
        (Some(from), None) => format!(": not before {from}"),
        (None, Some(until)) => format!(": not after {until}"),
        (None, None) => String::new(),
    };
    format!("{begins} {}{when}.", late_rule(&late.rule))
}

/// What a plan says, without a full stop at its end.
fn late_rule(rule: &LateRule) -> String {
    format!("{} At least {}\u{a0}h lie between two doses", rule.instruction, rule.least_hours)
}

/// Why a dose is not given, or not all of it.
fn stop_of(pack: &Pack, dose: &PackDose) -> Option<String> {
    if dose.undecided || dose.ordered.is_some_and(|since| since.undecided) {
        return Some("Do not give: a prescriber decides this dose. Call.".to_owned());
    }
    if dose.late.as_ref().is_some_and(|late| late.left_out) {
        return Some(format!("Too late for {}: leave it out. Nothing is given to make up for it.", dose.amount));
    }
    let ordered = dose.ordered?;
    let since = moment_text(pack.zone, ordered.since);
    Some(match ordered.most.is_zero() {
        true => format!("Do not give: a prescriber ordered so, {since}."),
        false => format!("Give at most {} of {}: a prescriber ordered so, {since}.", ordered.most, dose.amount),
    })
}

/// Why nothing of a resident's is given.
fn stop(bed: &Bed) -> Option<&'static str> {
    match (bed.withheld, bed.away) {
        (true, _) => Some("Do not give any sedative. Call now."),
        (false, Some(_)) => Some("Away. Give nothing until a prescriber has decided the dose."),
        (false, None) => None,
    }
}

fn who(bed: &Bed) -> Who {
    let resident = &bed.resident;
    Who {
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        place: format!("Room {}, born {}, no. {}", resident.room, day_text(resident.born_on), resident.number),
        allergies: resident.allergies.told(),
        alike: bed.alike.join("; "),
    }
}

fn person(pack: &Pack, bed: &Bed) -> Person {
    Person {
        who: who(bed),
        stop: stop(bed),
        unsigned: bed.unsigned.clone(),
        late: bed.late.iter().map(|(of, rule)| format!("If a dose of {of} comes late: {}.", late_rule(rule))).collect(),
        orders: bed.orders.iter().map(ordered).collect(),
        behind: bed.behind.iter().map(|one| behind_text(pack, one)).collect(),
    }
}

fn ordered(PackOrder { order, most, barred }: &PackOrder) -> Ordered {
    let least = span(order.least_minutes);
    let words = format!(
        "{} {} as needed for {}. At least {least} apart, at most {most} of it in any 24 hours, scheduled doses \
         counted in. From {} until {}.",
        order.medicine,
        order.amount,
        order.reason,
        day_text(order.starts_on),
        day_text(order.ends_on)
    );
    let stop = barred.as_ref().map(|barred| match barred.why {
        Why::Suspended => "Do not give: a prescriber suspended it.",
        Why::Undecided => "Do not give: a prescriber decides the dose. Call.",
    });
    Ordered { words, stop }
}

fn behind_text(pack: &Pack, behind: &Behind) -> String {
    let at = moment_text(pack.zone, behind.at);
    match &behind.what {
        What::Recorded { words } => format!("{at} {}: {words}", behind.of),
        What::InError { amount, by } => format!("{at} {}: given in error {amount}, reported by {by}", behind.of),
        What::AsNeeded { amount, by } => format!("{at} {}: as needed {amount}, {by}", behind.of),
        What::Elsewhere { amount } => format!("{at} {}: given elsewhere {amount}", behind.of),
    }
}
