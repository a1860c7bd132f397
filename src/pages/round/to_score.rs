//! Who of the unit is to be scored now: a line each, beside the doses.

use super::facts::Facts;
use crate::care::round::assessment_due::Standing;
use crate::store::assessments::DueHere;
use crate::web::links;
use crate::web::parts::{Tag, span_text};

/// A resident to be scored.
pub struct ToScore {
    pub surname: String,
    pub forename: String,
    pub room: String,
    pub tag: Tag,
    pub href: String,
}

pub fn to_score(facts: &Facts) -> Vec<ToScore> {
    facts.to_score.iter().filter_map(|here| line(facts, here)).collect()
}

fn line(facts: &Facts, here: &DueHere) -> Option<ToScore> {
    let resident = facts.residents.iter().find(|resident| resident.id == here.resident)?;
    let late = || Tag::overdue(format!("{}\u{a0}late", span_text(facts.now - here.due.at)));
    Some(ToScore {
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        room: resident.room.clone(),
        tag: if here.due.standing == Standing::Late { late() } else { Tag::due_now() },
        href: links::score(&resident.id, &facts.facility.scores.scale),
    })
}
