//! Letters that ask whether as-needed doses helped: to the unit, when it is time to go back, while nobody has noted it.

use chrono::TimeDelta;

use super::matters::{Matters, UnitEffects, address};
use super::message::{Link, Message, Place};
use super::{Kind, Letter, Subject};

/// So long a letter is of use: after that the dose is no longer what a resident feels.
const HOURS: i64 = 4;

/// One for each unit and minute at which an effect is asked for.
pub fn letters(matters: &Matters) -> Vec<Letter> {
    matters.effects.iter().filter_map(|effects| about(matters, effects)).collect()
}

fn about(matters: &Matters, effects: &UnitEffects) -> Option<Letter> {
    let unit = matters.units.iter().find(|unit| unit.id == effects.unit)?;
    let UnitEffects { on, at, .. } = *effects;
    Some(Letter {
        kind: Kind::EffectWanted,
        subject: Subject::Effects { on, at, unit: &unit.id }.key(),
        recipient: address(&unit.mailbox),
        wanted_at: effects.due_at,
        expires_at: effects.due_at + TimeDelta::hours(HOURS),
        message: Message::EffectWanted { unit: Place::of_unit(unit), on, at, doses: effects.doses },
        link: Link::effects(&unit.id),
    })
}
