//! The report as it is drawn.

use askama::Template;

use super::facts::{Fact, Facts};
use crate::care::calendar::day_text;
use crate::care::facility::Facility;
use crate::care::gradual::standing::Counting;
use crate::care::gradual::treatment::Urgency;
use crate::web::parts::gradual::{Ground, standing_tag};
use crate::web::parts::{Icon, Tag};
use crate::web::{Link, Menu, Shell, links};

#[derive(Template)]
#[template(path = "pages/gradual_reductions.html")]
pub struct View {
    shell: Shell,
    facility: String,
    csv: String,
    others: Vec<Link>,
    chips: Vec<Chip>,
    groups: Vec<Group>,
    /// How many medicines there are, whichever are shown.
    all: usize,
    ground: Ground,
}

/// Medicines of one urgency.
struct Group {
    id: &'static str,
    icon: Icon,
    /// The colour of its icon.
    tone: &'static str,
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    surname: String,
    forename: String,
    place: String,
    medicine: String,
    class: &'static str,
    since: String,
    attempts: String,
    tag: Tag,
    sentence: String,
    /// Who judged it contraindicated, and why.
    excuse: Option<String>,
    href: String,
}

struct Chip {
    text: String,
    href: String,
    icon: Option<Icon>,
    tone: &'static str,
    current: bool,
}

const GROUPS: [(Urgency, &str, Icon, &str, &str); 7] = [
    (Urgency::Late, "late", Icon::Overdue, "t-over", "Late"),
    (Urgency::Soon, "soon", Icon::Due, "t-due", "Due within 30 days"),
    (Urgency::Unknown, "unknown", Icon::NoRecord, "t-over", "Start not recorded"),
    (Urgency::Later, "later", Icon::Soon, "muted", "Due later"),
    (Urgency::Contraindicated, "contraindicated", Icon::Withheld, "t-warn", "Contraindicated"),
    (Urgency::Met, "met", Icon::Given, "t-ok", "Met"),
    (Urgency::Ended, "ended", Icon::Absent, "muted", "No longer taken"),
];

impl View {
    pub fn new<'a>(facts: &Facts, shell: Shell, others: impl Iterator<Item = &'a Facility>, only: &str) -> View {
        let id = &facts.facility.id;
        let known = GROUPS.iter().any(|(_, group, ..)| *group == only);
        let group = |(urgency, id, icon, tone, title)| Group {
            id,
            icon,
            tone,
            title,
            rows: facts.rows.iter().filter(|fact| fact.urgency == urgency).map(|fact| row(facts, fact)).collect(),
        };
        let mut groups: Vec<Group> = GROUPS.into_iter().map(group).collect();
        groups.retain(|group| !group.rows.is_empty() && (!known || group.id == only));
        View {
            csv: format!("/gradual-reductions.csv?facility={id}"),
            facility: facts.facility.name.clone(),
            others: others.map(|other| Link::new(&other.name, address(&other.id, ""))).collect(),
            chips: chips(facts, if known { only } else { "" }),
            groups,
            all: facts.rows.len(),
            ground: Ground::new(&facts.facility.gradual),
            shell,
        }
    }
}

fn address(facility: &str, only: &str) -> String {
    let only = if only.is_empty() { String::new() } else { format!("&only={only}") };
    format!("{}?facility={facility}{only}", Menu::Gradual.href())
}

fn chips(facts: &Facts, only: &str) -> Vec<Chip> {
    let id = &facts.facility.id;
    let all = facts.rows.len();
    let mut chips = vec![Chip {
        text: format!("All {all}"),
        href: address(id, ""),
        icon: None,
        tone: "",
        current: only.is_empty(),
    }];
    for (urgency, group, icon, tone, title) in GROUPS {
        let count = facts.rows.iter().filter(|fact| fact.urgency == urgency).count();
        if count > 0 || only == group {
            let (text, href) = (format!("{title} {count}"), address(id, group));
            chips.push(Chip { text, href, icon: Some(icon), tone, current: only == group });
        }
    }
    chips
}

fn row(facts: &Facts, fact: &Fact) -> Row {
    let (resident, report) = (&fact.resident, fact.report.as_ref());
    Row {
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        place: format!("{} {} · no. {}", fact.unit, resident.room, resident.number),
        medicine: fact.treatment.medicine.to_string(),
        class: report.map_or("", |report| report.spell.class.text()),
        since: report.map_or_else(|| "not recorded".to_owned(), |report| day_text(report.spell.since)),
        attempts: attempts(fact),
        tag: standing_tag(report, facts.today),
        sentence: report.map_or_else(
            || "Nothing can be said before its start is noted.".to_owned(),
            |report| report.sentence(&facts.facility.gradual),
        ),
        excuse: excuse(facts, fact),
        href: links::gradual_reduction(&resident.id),
    }
}

/// The attempts that count: `01 Mar 2026, 20 Apr 2026`.
fn attempts(fact: &Fact) -> String {
    let all = fact.report.iter().flat_map(|report| &report.attempts);
    let counted: Vec<String> =
        all.filter(|(_, counting)| *counting == Counting::Counts).map(|(attempt, _)| day_text(attempt.on)).collect();
    if counted.is_empty() { "none".to_owned() } else { counted.join(", ") }
}

fn excuse(facts: &Facts, fact: &Fact) -> Option<String> {
    let note = fact.contraindication().filter(|_| fact.urgency != Urgency::Met)?;
    let name = facts.names.get(&note.by).map_or("", String::as_str);
    Some(format!("{name}, {}: {}", day_text(facts.facility.zone.day(note.at)), note.rationale))
}
