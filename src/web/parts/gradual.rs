//! Gradual dose reductions as every page shows them: the status of a medicine, and what the rule rests on.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::icon::Icon;
use super::tags::Tag;
use crate::care::calendar::day_text;
use crate::care::gradual::rules::GradualRules;
use crate::care::gradual::standing::Standing;
use crate::care::gradual::treatment::{Report, Urgency, urgency};

/// How a medicine stands; none where its start is not recorded.
pub fn standing_tag(report: Option<&Report>, today: NaiveDate) -> Tag {
    let Some(report) = report else { return Tag::new("gap", Icon::NoRecord, "Start not recorded") };
    let soon = urgency(Some(report), today).0 == Urgency::Soon;
    match report.standing {
        Standing::Late { since, .. } => Tag::overdue(format!("Late since {}", day_text(since))),
        Standing::Wanted { by, .. } if soon => Tag::new("due", Icon::Due, format!("Due by {}", day_text(by))),
        Standing::Wanted { by, .. } => Tag::due_soon(format!("By {}", day_text(by))),
        Standing::Contraindicated { again_on } if soon => {
            Tag::new("due", Icon::Due, format!("Look again by {}", day_text(again_on)))
        }
        Standing::Contraindicated { again_on } => {
            Tag::new("warn", Icon::Withheld, format!("Contraindicated until {}", day_text(again_on)))
        }
        Standing::Met { .. } => Tag::given("Met"),
        Standing::Ended { .. } => Tag::new("soon", Icon::Absent, "No longer taken"),
    }
}

/// What the rule rests on: what is verified, and what is the facility's own reading.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/gradual_ground.html")]
pub struct Ground {
    asked: String,
    quarters: bool,
    yearly: bool,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Ground {}

impl Ground {
    pub fn new(rules: &GradualRules) -> Ground {
        Ground { asked: rules.text(), quarters: rules.quarters_differ, yearly: rules.yearly }
    }
}
