//! A plan's baseline in brief: what is still missing, what it gives to think about, and everything that was answered.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::risks::Risks;
use super::tags::Tag;
use crate::care::calendar::day_text;
use crate::care::resident::Resident;
use crate::care::taper;
use crate::care::taper::baseline::{Agreement, Answer, Baseline, Said, Support};
use crate::care::taper::draft::baseline_wanting;
use crate::care::taper::plan::Plan;
use crate::store::dossiers::EndedPlan;
use crate::web::links::{self, Link};

#[derive(Debug, Clone, Template)]
#[template(path = "parts/baseline.html")]
pub struct BaselineView {
    /// What an approval waits for, each leading to its question.
    pub wanting: Vec<Link>,
    risks: Risks,
    facts: Vec<(&'static str, String)>,
    /// The plan that this one continues after.
    resumes: Option<Link>,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for BaselineView {}

impl BaselineView {
    pub fn new(plan: &Plan, resident: &Resident, resumes: Option<&EndedPlan>, today: NaiveDate) -> BaselineView {
        let href = links::baseline(&plan.id);
        let wanting = baseline_wanting(plan, today).into_iter();
        BaselineView {
            wanting: wanting.map(|one| Link::new(one.what, format!("{href}#{}", one.field))).collect(),
            risks: Risks::new(&taper::risks::Risks::of(plan, resident, today)),
            facts: plan.baseline.as_ref().map(|known| facts(known, resident, today)).unwrap_or_default(),
            resumes: resumes.map(earlier_plan),
        }
    }

    /// `3 things missing`
    pub fn count(&self) -> String {
        match self.wanting.len() {
            0 => "Complete".to_owned(),
            1 => "1 thing missing".to_owned(),
            many => format!("{many} things missing"),
        }
    }

    pub fn tag(&self) -> Tag {
        if self.wanting.is_empty() { Tag::given(self.count()) } else { Tag::unsigned(self.count()) }
    }
}

fn earlier_plan(ended: &EndedPlan) -> Link {
    let text = format!(
        "The plan of {} to {}, lowest dose {} a day",
        day_text(ended.began_on),
        day_text(ended.ended_on),
        ended.lowest
    );
    Link::new(text, links::plan(&ended.plan))
}

/// Everything that was answered, in the order of the form.
fn facts(known: &Baseline, resident: &Resident, today: NaiveDate) -> Vec<(&'static str, String)> {
    let answer = |answer: &Option<Answer>| answer.as_ref().map(answer_text);
    let days = |days: u8| if days == 7 { "every day".to_owned() } else { format!("{days} of 7") };
    let all = [
        ("Taken since", known.since.map(|since| since.to_string())),
        ("Days a week", known.days_a_week.map(days)),
        ("Misuse", known.route.map(|route| route.text().to_owned())),
        ("Earlier attempts", answer(&known.earlier)),
        ("Other sedatives", answer(&known.sedatives)),
        ("Opioids", answer(&known.opioids)),
        ("Alcohol", answer(&known.alcohol)),
        ("Age", Some(format!("{} years", resident.age_on(today)))),
        ("Seizures", answer(&known.seizures)),
        ("For epilepsy", known.epilepsy.as_ref().map(specialist_text)),
        ("Other illness", answer(&known.illness)),
        ("Pregnancy", known.pregnancy.map(|one| one.text().to_owned())),
        ("Support", known.support.as_ref().map(support_text)),
        ("Told what to expect", known.education.map(|told| if told { "Yes" } else { "No" }.to_owned())),
        ("Agreed", known.agreement.as_ref().map(agreement_text)),
        ("Prescription until", known.expires_on.map(day_text)),
        ("Off other MARs", known.taken_off.as_ref().map(|it| format!("{}, {}", it.name, day_text(it.on)))),
    ];
    all.into_iter().filter_map(|(title, text)| Some((title, text?))).collect()
}

/// `Yes: morphine 5 mg twice a day`
fn answer_text(answer: &Answer) -> String {
    match answer.words.as_str() {
        "" => answer.said.text().to_owned(),
        words => format!("{}: {words}", answer.said.text()),
    }
}

fn specialist_text(answer: &Answer) -> String {
    match answer.said {
        Said::Yes => format!("Yes; specialist {}", answer.words),
        said => said.text().to_owned(),
    }
}

fn support_text(support: &Support) -> String {
    match support.until {
        Some(until) => format!("{}, until {until}", support.words),
        None => format!("None: {}", support.words),
    }
}

fn agreement_text(agreement: &Agreement) -> String {
    let who = match agreement.representative.as_str() {
        "" => "The resident".to_owned(),
        name => format!("{name}, representative"),
    };
    format!("{who}, {} {}", agreement.how.text().to_lowercase(), day_text(agreement.on))
}
