//! Letters about a severe sign: at once, and again every hour until somebody acknowledges it or a prescriber releases it.

use chrono::{DateTime, TimeDelta, Utc};

use super::hourly::hour_since;
use super::matters::{Matters, UnknownSign};
use super::message::{Link, Message, Place};
use super::{Kind, Letter, Subject};
use crate::care::calendar::Slot;

/// To whoever prescribes for the resident, to every pharmacist and to every supervisor.
pub fn letters(matters: &Matters, now: DateTime<Utc>) -> Vec<Letter> {
    matters.signs.iter().flat_map(|sign| about(matters, sign, now)).collect()
}

fn about(matters: &Matters, sign: &UnknownSign, now: DateTime<Utc>) -> Vec<Letter> {
    let (hour, wanted_at) = hour_since(sign.recorded_at, now);
    let local = matters.facility.zone.local(sign.recorded_at.min(now));
    let message = Message::SevereSign {
        unit: Place::of_unit(&sign.unit),
        on: local.date(),
        at: Slot::of(local.time()),
        hours: hour.max(0),
    };
    let letter = |recipient: String| Letter {
        kind: Kind::SevereSign,
        subject: Subject::SevereSign { hour, sign: &sign.id }.key(),
        recipient,
        wanted_at,
        expires_at: wanted_at + TimeDelta::hours(1),
        message: message.clone(),
        link: Link::severe_sign(&sign.id),
    };
    told(matters, sign).into_iter().map(letter).collect()
}

/// Nobody known in a role is a letter to nobody, which fails where it is seen.
fn told(matters: &Matters, sign: &UnknownSign) -> Vec<String> {
    [matters.prescribers_among(&sign.prescribers), matters.pharmacists(), matters.supervisors()].concat()
}
