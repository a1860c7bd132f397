//! The count as it is drawn: by holder, and never with what should be there.

use askama::Template;
use chrono::NaiveDate;

use super::{Facts, Shelved, Whose, revision_field};
use crate::web::parts::Icon;
use crate::web::parts::registered::{expired_text, product_of};
use crate::web::{Form, Shell, links};

#[derive(Template)]
#[template(path = "pages/register_count.html")]
pub struct View {
    shell: Shell,
    form: Form,
    unit: String,
    action: String,
    back: String,
    whose: &'static str,
    /// The figures of the second person are taken down.
    second: bool,
    /// Another person counts after this page.
    two_count: bool,
    groups: Vec<Group>,
    by: String,
}

/// What one holder has.
struct Group {
    holder: String,
    lines: Vec<Line>,
}

/// One product on the shelf. What should be there is not said.
struct Line {
    count: String,
    /// The first figure, which goes along unseen.
    carried: Option<String>,
    revision_field: String,
    revision: i64,
    label: String,
    hint: &'static str,
    /// Packs of which nothing may be given.
    expired: Vec<String>,
}

impl View {
    pub(super) fn new(facts: &Facts, shell: Shell, form: Form, whose: Whose) -> View {
        let back = links::register_of(&facts.unit.id, &facts.facility.id);
        View {
            unit: facts.unit.name.clone(),
            action: links::count(&facts.unit.id),
            whose: whose.word(),
            second: whose == Whose::Second,
            two_count: facts.two_count(),
            groups: groups(facts, whose),
            by: shell.me.as_ref().map(|me| me.name.clone()).unwrap_or_default(),
            shell: shell.back_to("Register", back.clone()),
            back,
            form,
        }
    }
}

/// In the order of the registers, which is that of their holders.
fn groups(facts: &Facts, whose: Whose) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for one in &facts.registers {
        let (holder, Some(line)) = (facts.holders.name(&one.register.holder), line(one, facts.today, whose)) else {
            continue;
        };
        match groups.last_mut() {
            Some(group) if group.holder == holder => group.lines.push(line),
            _ => groups.push(Group { holder, lines: vec![line] }),
        }
    }
    groups
}

fn line(Shelved { register, packs }: &Shelved, today: NaiveDate, whose: Whose) -> Option<Line> {
    let product = product_of(register).ok()?;
    Some(Line {
        count: whose.field(register),
        carried: (whose == Whose::Second).then(|| Whose::First.field(register)),
        revision_field: revision_field(register),
        revision: register.revision.unwrap_or_default(),
        label: format!("{} {}", product.medicine, product.name()),
        hint: if product.form.is_liquid() { "In mL" } else { "" },
        expired: expired_text(packs, today),
    })
}
