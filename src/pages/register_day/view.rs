//! A day looked through, as it is drawn.

use askama::Template;

use super::Facts;
use super::rows::{Balance, Row, balances, rows};
use crate::care::calendar::{day_text, days_after, days_before};
use crate::web::parts::Icon;
use crate::web::{Form, Link, Shell, links};

#[derive(Template)]
#[template(path = "pages/register_day.html")]
pub struct View {
    shell: Shell,
    unit: String,
    back: String,
    day: String,
    before: Link,
    after: Option<Link>,
    /// What does not agree, in words; none where all does.
    wrong: Option<String>,
    /// What nobody saw given, in words.
    unseen: Option<String>,
    rows: Vec<Row>,
    balances: Vec<Balance>,
    looked: Vec<String>,
    /// For whoever may say that they looked.
    form: Option<Form>,
    action: String,
    csv: String,
}

impl View {
    pub(super) fn new(facts: &Facts, shell: Shell, form: Option<Form>) -> View {
        let (unit, on) = (&facts.unit.id, facts.on);
        let day = |on| Link::new(day_text(on), links::register_day(unit, on));
        View {
            shell,
            unit: facts.unit.name.clone(),
            back: links::register_of(unit, &facts.facility.id),
            day: day_text(on),
            before: day(days_before(on, 1)),
            after: (on < facts.today).then(|| day(days_after(on, 1))),
            wrong: wrong(facts),
            unseen: unseen(facts),
            rows: rows(facts),
            balances: balances(facts),
            looked: looked(facts),
            form,
            action: links::register_day(unit, on),
            csv: links::register_day_csv(unit, on),
        }
    }

    fn title(&self) -> &'static str {
        self.form.as_ref().map_or("", Form::title)
    }
}

fn unseen(facts: &Facts) -> Option<String> {
    let doses = match facts.day.given_unseen() {
        0 => return None,
        1 => "One dose was".to_owned(),
        many => format!("{many} doses were"),
    };
    Some(format!(
        "{doses} given without the witness wanted here. A supervisor asks about it, and says below that they looked."
    ))
}

fn wrong(facts: &Facts) -> Option<String> {
    match facts.day.disagreeing() {
        0 => None,
        1 => Some(
            "One thing does not agree. Tell the supervisor and the pharmacist: nobody’s act can have written it."
                .to_owned(),
        ),
        many => Some(format!(
            "{many} things do not agree. Tell the supervisor and the pharmacist: nobody’s act can have written them."
        )),
    }
}

fn looked(facts: &Facts) -> Vec<String> {
    let one = |looked: &crate::store::registers::Looked| {
        let at = facts.facility.zone.local(looked.looked_at);
        let found = match looked.disagreeing {
            0 => "all agreed".to_owned(),
            1 => "one thing did not agree".to_owned(),
            many => format!("{many} things did not agree"),
        };
        let note = if looked.note.is_empty() { String::new() } else { format!(": “{}”", looked.note) };
        let (by, day) = (facts.name(&looked.looked_by), day_text(at.date()));
        format!("{by}, {day} {}, {found}{note}", at.format("%H:%M"))
    };
    facts.looked.iter().map(one).collect()
}
