//! The page of a severe sign as it is drawn.

use askama::Template;
use chrono::{DateTime, Utc};

use super::facts::Facts;
use crate::care::severe_sign::Sign;
use crate::store::plans::PlanFile;
use crate::web::parts::severe::{Call, moment_text};
use crate::web::parts::told::{Told, told};
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Form, Shell, links};

#[derive(Template)]
#[template(path = "pages/severe_sign.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    sign: Sign,
    tag: Tag,
    seen: String,
    recorded: String,
    note: String,
    call: Option<Call>,
    held: Vec<Held>,
    told: Vec<Told>,
    known: Vec<String>,
    released: Option<Stamp>,
    href: String,
    forms: Forms,
    /// Nobody may release it twice: the form is gone once it is done.
    may_release: bool,
}

/// What this reader may do.
pub struct Forms {
    pub acknowledge: Option<Form>,
    pub release: Option<Form>,
    /// The printed name beside a signature.
    pub signer: String,
}

/// What it holds on one plan.
struct Held {
    medicine: String,
    text: String,
    href: String,
}

struct Stamp {
    by: String,
    at: String,
    rationale: String,
}

impl View {
    pub fn new(facts: &Facts, shell: Shell, forms: Forms) -> View {
        let (file, open) = (&facts.file, facts.file.is_open());
        let sign = &file.sign;
        let known = |by: &str, at| format!("{}, {}", facts.name(by), moment(facts, at));
        View {
            banner: facts.banner.clone(),
            sign: sign.sign,
            tag: tag(facts),
            seen: moment(facts, sign.seen_at),
            recorded: known(&sign.recorded_by, sign.recorded_at),
            note: sign.note.clone(),
            call: open.then(|| Call::new(&facts.facility.emergency)),
            held: facts.plans.iter().filter(|_| open).map(|plan| held(facts, plan)).collect(),
            told: told(&facts.letters, |at| moment(facts, at)),
            known: file.acknowledged.iter().map(|one| known(&one.acknowledged_by, one.acknowledged_at)).collect(),
            released: file.released.as_ref().map(|release| Stamp {
                by: facts.name(&release.released_by).to_owned(),
                at: moment(facts, release.released_at),
                rationale: release.rationale.clone(),
            }),
            href: links::severe_sign(&sign.id),
            may_release: open && forms.release.is_some(),
            forms,
            shell,
        }
    }
}

fn moment(facts: &Facts, at: DateTime<Utc>) -> String {
    moment_text(facts.facility.zone, at, facts.facility.zone.day(facts.now))
}

fn tag(facts: &Facts) -> Tag {
    match (facts.file.is_open(), facts.file.acknowledged.is_empty()) {
        (true, true) => Tag::overdue("Open, nobody has acknowledged it"),
        (true, false) => Tag::overdue("Open"),
        (false, _) => Tag::signed("Released"),
    }
}

fn held(facts: &Facts, file: &PlanFile) -> Held {
    let course = file.course();
    let level = course.level_on(facts.facility.zone.day(facts.now));
    let daily = level.map(|level| file.plan.daily_of(level.regimen));
    let text = match (course.withhold(), daily) {
        (true, _) => "Do not give. No sedative is given until a prescriber has decided.".to_owned(),
        (false, Some(daily)) => format!("The dose stays at {daily} daily. No reduction can be signed."),
        (false, None) => "Nothing is given here now. No reduction can be signed.".to_owned(),
    };
    Held { medicine: file.plan.named(), text, href: links::plan(&file.plan.id) }
}
