//! The form of a baseline: grouped questions, what the plan says already, and how much is still open.

use askama::Template;

use super::Desk;
use super::questions::{self, Question};
use crate::care::calendar::day_text;
use crate::care::taper::draft::baseline_wanting;
use crate::store::dossiers::EndedPlan;
use crate::web::parts::{Banner, Icon};
use crate::web::{Choice, Form, Link, Shell, links};

#[derive(Template)]
#[template(path = "pages/baseline.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    form: Form,
    action: String,
    medicine: String,
    /// `2 mg a day; the goal is 0 mg.`
    dose: String,
    age: i32,
    /// `3 answers are still open.`
    open: String,
    days_a_week: Vec<Choice>,
    of_the_use: Vec<Question>,
    beside_it: Vec<Question>,
    of_the_resident: Vec<Question>,
    support: Question,
    education: Question,
    agreed_by: Question,
    agreed_how: Question,
    /// What this plan may continue after; nothing is asked where there is none.
    ended: Vec<Choice>,
    /// The draft as it stands now, where somebody changed it meanwhile.
    pub(super) moved: Option<Link>,
}

impl View {
    pub(super) fn new(shell: Shell, desk: &Desk, form: Form) -> View {
        let plan = &desk.file.plan;
        View {
            action: links::baseline(&plan.id),
            medicine: plan.named(),
            dose: format!("{} a day; the goal is {} a day.", plan.daily_before(), plan.goal),
            age: desk.resident.age_on(desk.today),
            open: open(baseline_wanting(plan, desk.today).len()),
            days_a_week: questions::days_a_week(),
            of_the_use: questions::of_the_use(),
            beside_it: questions::beside_it(),
            of_the_resident: questions::of_the_resident(),
            support: questions::support(),
            education: questions::education(),
            agreed_by: questions::agreed_by(),
            agreed_how: questions::agreed_how(),
            ended: ended(&desk.ended),
            moved: None,
            banner: desk.banner.clone(),
            form,
            shell,
        }
    }
}

fn open(wanting: usize) -> String {
    match wanting {
        0 => "Everything is answered.".to_owned(),
        1 => "1 answer is still open.".to_owned(),
        many => format!("{many} answers are still open."),
    }
}

fn ended(plans: &[EndedPlan]) -> Vec<Choice> {
    let choice = |one: &EndedPlan| {
        let words = format!(
            "The plan of {} to {}, lowest dose {} a day",
            day_text(one.began_on),
            day_text(one.ended_on),
            one.lowest
        );
        Choice::new(one.plan.clone(), words)
    };
    let none = (!plans.is_empty()).then(|| Choice::new("", "No, it stands alone"));
    none.into_iter().chain(plans.iter().map(choice)).collect()
}
