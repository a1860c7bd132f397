//! The round as it is drawn.

use super::effects::{Wanted, wanted};
use super::facts::Facts;
use super::groups::{Group, groups};
use super::rows::{anchor, clock};
use super::sheet::{Entry, Sheet, Stand};
use super::to_score::{ToScore, to_score};
use crate::care::calendar::{day_text, moment_text};
use crate::care::leap::WentAhead;
use crate::care::resident::Allergies;
use crate::care::ringing::Silence;
use crate::care::round::due::{RoundOf, Urgency};
use crate::store::doses::DoseFile;
use crate::web::page::Shell;
use crate::web::parts::alerts::Alerts;
use crate::web::parts::progress::Progress;
use crate::web::parts::severe::OpenSigns;
use crate::web::parts::{Icon, Tag, span_text};
use crate::web::{Link, links};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/round.html")]
pub struct View {
    shell: Shell,
    heading: String,
    picks: Vec<Pick>,
    reminders: Vec<Late>,
    signs: OpenSigns,
    /// Of residents who are not on this page.
    alerts: Alerts,
    progress: Progress,
    /// There is something to record, or something was.
    begun: bool,
    recorded: usize,
    all: usize,
    chips: Vec<Chip>,
    groups: Vec<Group>,
    calm: Option<Calm>,
    to_score: Vec<ToScore>,
    next: Vec<Next>,
    effects: Vec<Wanted>,
    /// The pack for when the system is down.
    downtime: Link,
    paper: Link,
    /// The registers of the unit.
    register: Link,
}

/// Another round or unit to go to.
struct Pick {
    text: String,
    href: String,
    current: bool,
}

struct Chip {
    anchor: String,
    tone: &'static str,
    icon: Icon,
    text: String,
}

/// Why reminders do not come as they should.
struct Late {
    title: &'static str,
    text: String,
}

/// Nothing can be recorded now.
struct Calm {
    title: String,
    text: String,
    before: Option<Pick>,
}

struct Next {
    slot: String,
    day: Option<String>,
    surname: String,
    forename: String,
    medicine: String,
    amount: String,
    /// Why it would not be given, as things stand, instead of the amount.
    barred: Option<Tag>,
    within: String,
    href: String,
}

impl View {
    pub fn new(facts: &Facts, shell: Shell) -> View {
        let sheet = Sheet::of(facts);
        let counts = sheet.counts();
        let begun = sheet.is_open() || counts.recorded() > 0;
        let groups: Vec<Group> = groups(facts, &sheet).into_iter().filter(|group| begun || group.stays()).collect();
        View {
            heading: heading(&sheet.round, &facts.unit.name),
            picks: picks(facts, &sheet.round),
            reminders: reminders(facts),
            signs: facts.open_signs(),
            progress: Progress::new(counts),
            begun,
            recorded: counts.recorded(),
            all: counts.all(),
            chips: chips(&sheet),
            alerts: alerts_elsewhere(facts, &groups),
            groups,
            calm: (!sheet.is_open()).then(|| calm(facts, &sheet)),
            to_score: to_score(facts),
            next: if begun { Vec::new() } else { next(facts, &sheet.round) },
            effects: wanted(facts),
            register: Link::new(
                format!("Register of {}", facts.unit.name),
                links::register_of(&facts.unit.id, &facts.facility.id),
            ),
            downtime: Link::new(
                format!("If the system is down: the pack of {}", facts.unit.name),
                links::downtime(&facts.unit.id),
            ),
            paper: Link::new("It was down: enter what stands on paper", links::paper(&facts.unit.id)),
            shell,
        }
    }
}

/// An alert is shown at its resident; where nothing of theirs is on the page, above everybody.
fn alerts_elsewhere(facts: &Facts, groups: &[Group]) -> Alerts {
    let shown = |id: &str| groups.iter().flat_map(|group| &group.people).any(|person| person.anchor == anchor(id));
    let here = |id: &str| facts.residents.iter().find(|one| one.id == id && one.unit == facts.unit.id);
    let resident = |id: &str| here(id).filter(|one| !shown(&one.id));
    Alerts::new(&facts.alerts, resident, |_| facts.unit.name.clone())
}

/// `08:00 round, Willow`
fn heading(round: &RoundOf, unit: &str) -> String {
    match round.slot {
        Some(slot) => format!("{slot} round, {unit}"),
        None => format!("Doses of the day, {unit}"),
    }
}

fn picks(facts: &Facts, round: &RoundOf) -> Vec<Pick> {
    let today = facts.facility.zone.day(facts.now);
    let mut picks = Vec::new();
    for unit in &facts.units {
        let slots: Vec<_> = unit.rounds.iter().copied().map(Some).collect();
        for slot in if slots.is_empty() { vec![None] } else { slots } {
            let text = slot.map_or_else(|| unit.name.clone(), |slot| format!("{}, {slot}", unit.name));
            let current = unit.id == facts.unit.id && slot == round.slot;
            picks.push(Pick { text, href: links::round(&unit.id, today, slot), current });
        }
    }
    picks
}

/// What is due here follows the clock: whoever reads the page is asked where it may be wrong.
fn doubted(facts: &Facts, ahead: &WentAhead) -> Late {
    Late {
        title: "Look at a clock.",
        text: format!(
            "{} If that is wrong, record on paper and call whoever looks after this system. If it is right, ask a \
             supervisor or an administrator to say so under Letters: reminders by e-mail and the packs for downtime wait until then.",
            ahead.told(facts.facility.zone, facts.now)
        ),
    }
}

/// A clock that was set back: what was recorded before lies ahead, and what is due now may have been given.
fn behind(facts: &Facts) -> Option<Late> {
    let found = facts.set_back?;
    let (told, from) = (found.told(facts.facility.zone, facts.now), moment_text(facts.facility.zone, found.from));
    Some(Late {
        title: "Look at a clock.",
        text: format!(
            "{told} If that is wrong, record on paper and call whoever looks after this system. If it is right, ask a \
             supervisor or an administrator to say so under Letters. What was recorded is all here; some of it may show a \
             later time than now. Reminders by e-mail go out by this clock. This notice ends by itself at {from}."
        ),
    })
}

/// What the page cannot know is said above all else.
fn reminders(facts: &Facts) -> Vec<Late> {
    let gaps = facts.gaps.iter().filter(|gap| gap.open).map(|gap| Late {
        title: "Doses and orders may be missing here.",
        text: format!(
            "{} Reminders by e-mail wait until a supervisor or an administrator has looked under Letters.",
            gap.told(facts.facility.zone)
        ),
    });
    gaps.chain(behind(facts)).chain(late(facts)).collect()
}

/// The page never depends on the bell, and says when it is silent or sends nothing. Of a copy put back it is told before.
fn late(facts: &Facts) -> Option<Late> {
    let text = match (Silence::of(facts.bell, facts.now), &facts.ahead) {
        (_, Some(ahead)) => return Some(doubted(facts, ahead)),
        (None, _) if facts.unreckoned => "They cannot be worked out: tell whoever looks after this system.".to_owned(),
        (None, _) => return None,
        (Some(Silence::Ever), _) => "They have not started yet.".to_owned(),
        (Some(Silence::Since(span)), _) => format!("The last ones were looked for {} ago.", span_text(span)),
        (Some(Silence::BeforeTheClockWentBack), _) => "None were looked for since the clock was set back.".to_owned(),
    };
    let gap = facts.gaps.iter().any(|gap| gap.open);
    let complete = if gap { "" } else { " This page is complete: it does not wait for reminders." };
    Some(Late { title: "Reminders by e-mail are late.", text: format!("{text}{complete}") })
}

/// One chip for each way a dose stands. It leads to the group; where such doses are only of residents in a more urgent
/// group, to the first of them.
fn chips(sheet: &Sheet) -> Vec<Chip> {
    let kinds = [
        ("overdue", "t-over", Icon::Overdue, "Overdue", Some(Urgency::Overdue)),
        ("now", "t-due", Icon::Due, "Due now", Some(Urgency::DueNow)),
        ("soon", "", Icon::Soon, "Due soon", Some(Urgency::DueSoon)),
        ("done", "t-ok", Icon::Given, "Recorded", None),
    ];
    let chip = |(group, tone, icon, word, urgency): (&str, _, _, _, Option<Urgency>)| {
        let counted = |entry: &&Entry| {
            entry.urgency() == urgency && !matches!(entry.stand, Stand::Undecided | Stand::NoDose | Stand::Suspended)
        };
        let count = sheet.entries().filter(counted).count();
        let first = sheet.entries().find(counted)?;
        let grouped = sheet.bedsides.iter().any(|bedside| bedside.urgency() == urgency);
        let anchor = if grouped { group.to_owned() } else { anchor(&first.dose.resident) };
        Some(Chip { anchor, tone, icon, text: format!("{word} {count}") })
    };
    kinds.into_iter().filter_map(chip).collect()
}

/// Why there is nothing to record now, and what comes.
fn calm(facts: &Facts, sheet: &Sheet) -> Calm {
    let (unit, counts) = (&facts.unit.name, sheet.counts());
    if counts.recorded() > 0 {
        let text = format!("{} {}", all_recorded(sheet), opening(facts, sheet.round.next(&facts.unit.rounds)));
        let title = if counts.to_come > 0 { "Nothing is due now" } else { "This round is done" };
        return Calm { title: title.to_owned(), text, before: None };
    }
    let next = next(facts, &sheet.round);
    let title = match next.first() {
        Some(Next { day: Some(day), slot, .. }) => format!("No doses are due in {unit} until {day} {slot}"),
        Some(Next { slot, .. }) => format!("No doses are due in {unit} until {slot}"),
        None => format!("No doses are planned in {unit}"),
    };
    let before = facts.opened();
    let text = format!("{} {}", all_recorded(&Sheet::at(facts, before)), opening(facts, sheet.round));
    let slot = before.slot.filter(|_| before != sheet.round);
    let see = |slot| Pick {
        text: format!("See the {slot} round"),
        href: links::round(&facts.unit.id, before.on, Some(slot)),
        current: false,
    };
    Calm { title, text: text.trim().to_owned(), before: slot.map(see) }
}

/// `All 13 doses of the 08:00 round are recorded: 12 given, 1 not given.`
fn all_recorded(sheet: &Sheet) -> String {
    let counts = sheet.counts();
    let round = sheet.round.slot.map_or_else(|| "of the day".to_owned(), |slot| format!("of the {slot} round"));
    let recorded = [(counts.given, "given"), (counts.not_given, "not given")];
    let told: Vec<String> =
        recorded.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    match (counts.recorded(), counts.all()) {
        (0, _) => String::new(),
        (1, 1) => format!("The one dose {round} is recorded: {}.", told.join(", ")),
        (recorded, all) if recorded == all => format!("All {all} doses {round} are recorded: {}.", told.join(", ")),
        (recorded, all) => format!("{recorded} of {all} doses {round} are recorded: {}.", told.join(", ")),
    }
}

fn opening(facts: &Facts, round: RoundOf) -> String {
    let opens_at = round.opens_at(facts.facility.zone, facts.facility.windows);
    match round.slot {
        Some(slot) if opens_at > facts.now => {
            format!("The window for the {slot} round opens at {}.", clock(facts, opens_at))
        }
        _ => String::new(),
    }
}

/// What comes: every dose of this round that is still ahead, and a few after it.
fn next(facts: &Facts, round: &RoundOf) -> Vec<Next> {
    let ahead = |dose: &&DoseFile| dose.due_at > facts.now && !dose.recorded && !dose.level.amount.is_zero();
    let mut doses: Vec<&DoseFile> = facts.doses.iter().filter(ahead).collect();
    doses.sort_by_key(|dose| (dose.due_at, &dose.key.medicine, dose.id.as_str()));
    let of_round = |dose: &DoseFile| round.has(dose.key.on, dose.key.slot, &facts.unit.rounds);
    let here = doses.iter().filter(|dose| of_round(dose)).count();
    let after = doses.iter().filter(|dose| !of_round(dose)).take(5_usize.saturating_sub(here));
    let shown = doses.iter().filter(|dose| of_round(dose)).chain(after);
    shown.filter_map(|dose| next_line(facts, dose)).collect()
}

fn next_line(facts: &Facts, dose: &DoseFile) -> Option<Next> {
    let resident = facts.residents.iter().find(|resident| resident.id == dose.resident)?;
    let another_day = dose.key.on != facts.facility.zone.day(facts.now);
    Some(Next {
        slot: dose.key.slot.to_string(),
        day: another_day.then(|| day_text(dose.key.on)),
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        medicine: dose.key.medicine.to_string(),
        amount: dose.level.amount.to_string(),
        barred: facts.barred(dose).map(Tag::overdue),
        within: format!("in\u{a0}{}", span_text(dose.due_at - facts.now)),
        href: links::dose(&dose.id),
    })
}
