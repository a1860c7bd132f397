//! The nurse's pause: offered wherever a signed reduction is shown whose first dose nobody has recorded.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::Icon;
use crate::care::calendar::day_text;
use crate::care::taper::daily::Daily;
use crate::care::taper::level::{Course, Stage};
use crate::care::taper::plan::Plan;
use crate::web::form::Form;
use crate::web::links;

/// A signed reduction that can still be paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pausable {
    pub plan: String,
    pub medicine: String,
    pub n: u32,
    /// The whole day's amounts.
    pub from: Daily,
    pub to: Daily,
    pub effective_on: NaiveDate,
    /// The id of the signature.
    pub signature: String,
}

impl Pausable {
    /// The last signed reduction of a plan, but not one to 0 mg of a day before; whether its first dose has been recorded is
    /// for the store to say.
    pub fn of(plan: &Plan, course: &Course, today: NaiveDate) -> Option<Pausable> {
        let at_nothing = |stage: &&Stage| stage.step.daily().is_zero() && stage.from.on < today;
        let stage = course.stages.last().filter(|stage| !at_nothing(stage))?;
        let before = course.stages.len().checked_sub(2).and_then(|i| course.stages.get(i))?;
        Some(Pausable {
            plan: plan.id.clone(),
            medicine: plan.named(),
            n: stage.n?,
            from: plan.daily(&before.step),
            to: plan.daily(&stage.step),
            effective_on: stage.from.on,
            signature: stage.authorised_by.clone(),
        })
    }
}

/// The form that pauses it. A page writes `{{ pause }}` and no more.
#[derive(Template)]
#[template(path = "parts/pause.html")]
pub struct PauseForm {
    action: String,
    medicine: String,
    from: Daily,
    to: Daily,
    effective_on: String,
    form: Form,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for PauseForm {}

impl PauseForm {
    /// `form` is named apart from the other forms of the page.
    pub fn new(pausable: &Pausable, form: Form) -> PauseForm {
        PauseForm {
            action: links::pause(&pausable.plan, pausable.n),
            medicine: pausable.medicine.clone(),
            from: pausable.from.clone(),
            to: pausable.to.clone(),
            effective_on: day_text(pausable.effective_on),
            form,
        }
    }
}
