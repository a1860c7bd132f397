//! The page of a taper alert as it is drawn.

use askama::Template;
use chrono::{DateTime, Utc};

use super::facts::Facts;
use crate::care::calendar::day_text;
use crate::care::round::outcome::reason_text;
use crate::care::round::taper_alert::{AlertAcknowledgement, because_text};
use crate::care::round::vomit::Vomited;
use crate::store::doses::{Administration, Fate};
use crate::web::parts::severe::moment_text;
use crate::web::parts::told::{Told, told};
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Form, Shell, links};

#[derive(Template)]
#[template(path = "pages/taper_alert.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    medicine: String,
    plan: String,
    prescriber: String,
    /// What the plan says of a missed dose.
    instruction: String,
    standing: Option<Standing>,
    told: Vec<Told>,
    before: Vec<Before>,
    action: String,
    /// None: this reader is not one of those who are called.
    form: Option<Form>,
}

struct Standing {
    because: String,
    since: String,
    doses: Vec<Line>,
    /// What the form carries back: the doses that the page showed.
    ids: String,
}

/// A dose that was not given.
struct Line {
    when: String,
    dose: String,
    tag: Tag,
    reason: String,
    note: String,
    /// `Vomited 25 min after it; it may not have stayed`
    vomited: String,
    by: String,
    href: Option<String>,
}

/// What was done about an alert.
struct Before {
    because: String,
    since: String,
    done: String,
    by: String,
}

impl View {
    pub fn new(facts: &Facts, shell: Shell, form: Option<Form>) -> View {
        let plan = &facts.plan.plan;
        View {
            banner: facts.banner.clone(),
            medicine: plan.named(),
            plan: links::plan(&plan.id),
            prescriber: facts.prescriber().to_owned(),
            instruction: plan.late_rule().instruction,
            told: told(&facts.letters, |at| moment(facts, at)),
            before: facts.before.iter().map(|one| before(facts, one)).collect(),
            action: format!("{}/acknowledgement", links::taper_alert(&plan.id)),
            form: form.filter(|form| facts.standing.is_some() || form.wrong()),
            standing: facts.standing.as_ref().map(|one| Standing {
                because: because_text(&one.alert.because),
                since: moment(facts, one.alert.since),
                doses: one.doses.iter().map(|fate| line(facts, fate)).collect(),
                ids: one.alert.doses.join(" "),
            }),
            shell,
        }
    }
}

fn moment(facts: &Facts, at: DateTime<Utc>) -> String {
    moment_text(facts.facility.zone, at, facts.facility.zone.day(facts.now))
}

fn line(facts: &Facts, fate: &Fate) -> Line {
    let key = &fate.dose.key;
    let record = fate.standing.as_ref();
    Line {
        when: format!("{} {}", day_text(key.on), key.slot),
        dose: format!("{} {}", key.medicine, record.map_or(fate.dose.level.amount, |record| record.planned)),
        tag: record.map_or_else(Tag::no_record, |record| Tag::outcome(record.outcome, record.outcome.title())),
        reason: record.and_then(|record| reason_text(&record.reason)).unwrap_or_default().to_owned(),
        note: record.map(|record| record.note.clone()).unwrap_or_default(),
        vomited: lost(fate),
        by: record.map(|record| facts.name(&record.recorded_by).to_owned()).unwrap_or_default(),
        href: record.map(|record| links::fact(record.n)),
    }
}

fn lost(fate: &Fate) -> String {
    let vomited = fate.standing.as_ref().zip(fate.may_be_lost());
    let told = |(record, one): (&Administration, &Vomited)| {
        format!("Vomited {}\u{a0}min after it; it may not have stayed", one.minutes_after(record.given_at))
    };
    vomited.map(told).unwrap_or_default()
}

fn before(facts: &Facts, one: &AlertAcknowledgement) -> Before {
    Before {
        because: because_text(&one.because),
        since: moment(facts, one.since),
        done: one.done.clone(),
        by: format!("{}, {}", facts.name(&one.acknowledged_by), moment(facts, one.acknowledged_at)),
    }
}
