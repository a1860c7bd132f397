//! The headings of a round: overdue, due now, due soon, suspended, done; each with its residents.

use super::facts::Facts;
use super::rows::{Person, clock, person};
use super::sheet::{Bedside, Sheet};
use crate::care::name_alert::Surnames;
use crate::care::round::due::Urgency;
use crate::web::parts::Icon;

/// What stands beside the heading of those who are given nothing by an urgent order.
const SUSPENDED: &str = "give nothing until a prescriber has decided";

/// One heading with its residents.
pub struct Group {
    pub anchor: &'static str,
    pub tone: &'static str,
    pub rail: &'static str,
    pub icon: Icon,
    pub title: &'static str,
    pub note: String,
    pub people: Vec<Person>,
}

impl Group {
    /// It is shown although no round has begun: it says what is not given, or what was.
    pub fn stays(&self) -> bool {
        matches!(self.anchor, "done" | "suspended")
    }
}

pub fn groups(facts: &Facts, sheet: &Sheet) -> Vec<Group> {
    let kinds = [
        (Some(Urgency::Overdue), false),
        (Some(Urgency::DueNow), false),
        (Some(Urgency::DueSoon), false),
        (None, true),
        (None, false),
    ];
    let surnames = Surnames::of(facts.residents.iter().filter(|one| facts.lives_here(one)));
    let group = |(urgency, suspended): (Option<Urgency>, bool)| {
        let stands = |bedside: &&Bedside| bedside.urgency() == urgency && bedside.suspended() == suspended;
        let here = sheet.bedsides.iter().filter(stands);
        let people: Vec<Person> = here.map(|bedside| person(facts, &sheet.round, bedside, &surnames)).collect();
        let note = if suspended { SUSPENDED.to_owned() } else { note(facts, sheet, urgency) };
        let (anchor, tone, rail, icon, title) = match urgency {
            Some(Urgency::Overdue) => ("overdue", "t-over", "rail-over", Icon::Overdue, "Overdue"),
            Some(Urgency::DueNow) => ("now", "t-due", "rail-due", Icon::Due, "Due now"),
            Some(Urgency::DueSoon) => ("soon", "", "rail-soon", Icon::Soon, "Due soon"),
            None if suspended => ("suspended", "t-warn", "rail-soon", Icon::Hold, "Suspended by order"),
            None if sheet.counts().recorded() == 0 => ("done", "", "", Icon::Soon, "Nothing to give"),
            None => ("done", "t-ok", "", Icon::Given, "Recorded"),
        };
        Group { anchor, tone, rail, icon, title, note, people }
    };
    kinds.into_iter().map(group).filter(|group| !group.people.is_empty()).collect()
}

fn note(facts: &Facts, sheet: &Sheet, urgency: Option<Urgency>) -> String {
    let windows = facts.facility.windows;
    match urgency {
        Some(Urgency::Overdue) if may_be_given(facts, sheet) => {
            "open each before you give it, or record why not".to_owned()
        }
        Some(Urgency::Overdue) => "record what happened".to_owned(),
        Some(Urgency::DueNow) => {
            match sheet.round.slot.filter(|_| sheet.round.on == facts.facility.zone.day(facts.now)) {
                Some(slot) => {
                    let due = facts.facility.zone.at(sheet.round.on, slot);
                    format!(
                        "window {} to {}",
                        clock(facts, windows.opens_at(due)),
                        clock(facts, windows.closes_at(due))
                    )
                }
                None => String::new(),
            }
        }
        Some(Urgency::DueSoon) => format!("can be recorded from {} min before their time", windows.early_minutes),
        None => match sheet.counts().recorded() {
            0 => "planned: no dose".to_owned(),
            1 => "1 dose".to_owned(),
            count => format!("{count} doses"),
        },
    }
}

/// No overdue dose has “no record” yet: what nobody recorded by then is not given any more.
fn may_be_given(facts: &Facts, sheet: &Sheet) -> bool {
    let mut overdue = sheet.entries().filter(|entry| entry.urgency() == Some(Urgency::Overdue));
    overdue.all(|entry| !facts.has_no_record(entry.dose))
}
