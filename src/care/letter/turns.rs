//! Letters about a plan that took a turn which people must hear of at once: a nurse paused a reduction, a pharmacist sent the plan back.

use chrono::{DateTime, TimeDelta, Utc};

use super::matters::{Matters, Turn, TurnKind, address, reachable};
use super::message::{Link, Message, Place};
use super::{Kind, Letter, Subject};
use crate::care::calendar::days_after;
use crate::care::people::Role;

/// Of a pause, pharmacists and the prescriber hear once and at once; of a plan that was sent back, the prescriber hears
/// at once and then every morning until it is answered.
pub fn letters(matters: &Matters, now: DateTime<Utc>) -> Vec<Letter> {
    let about = |turn: &Turn| match turn.kind {
        TurnKind::Paused => paused(matters, turn),
        TurnKind::SentBack => sent_back(matters, turn, now),
    };
    matters.turns.iter().flat_map(about).collect()
}

fn paused(matters: &Matters, turn: &Turn) -> Vec<Letter> {
    let pharmacists = matters.addressees.iter().filter(|a| a.role == Role::Pharmacist).map(|a| a.email.as_str());
    let mut to = reachable(pharmacists);
    to.extend(prescribers(matters, turn));
    let letter = |recipient: String| Letter {
        kind: Kind::Paused,
        subject: Subject::Paused { n: turn.n, plan: &turn.plan }.key(),
        recipient,
        wanted_at: turn.at,
        expires_at: turn.at + TimeDelta::days(1),
        message: Message::Paused {
            facility: Place::of_facility(&matters.facility),
            on: matters.facility.zone.day(turn.at),
        },
        link: Link::reduction(&turn.plan, turn.n),
    };
    to.into_iter().map(letter).collect()
}

fn sent_back(matters: &Matters, turn: &Turn, now: DateTime<Utc>) -> Vec<Letter> {
    let on = matters.letter_day(now);
    let letter = |recipient: String| Letter {
        kind: Kind::SentBack,
        subject: Subject::SentBack { n: turn.n, on, plan: &turn.plan }.key(),
        recipient,
        wanted_at: matters.morning(on).max(turn.at),
        expires_at: matters.morning(days_after(on, 1)),
        message: Message::SentBack { facility: Place::of_facility(&matters.facility), on },
        link: Link::plan(&turn.plan),
    };
    prescribers(matters, turn).into_iter().map(letter).collect()
}

/// The prescriber whose plan it is; every prescriber where that one cannot be reached any more.
fn prescribers(matters: &Matters, turn: &Turn) -> Vec<String> {
    let all = || matters.addressees.iter().filter(|a| a.role == Role::Prescriber);
    let own = all().find(|a| Some(&a.person) == turn.prescriber.as_ref() && !a.email.is_empty());
    match own {
        Some(own) => vec![address(&own.email)],
        None => reachable(all().map(|a| a.email.as_str())),
    }
}
