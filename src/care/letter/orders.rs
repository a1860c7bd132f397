//! Letters about a prescriber's orders: an urgent one to pharmacists until it is reviewed, a step back once, a telephone
//! order to its prescriber until it is confirmed.

use chrono::{DateTime, TimeDelta, Utc};

use super::matters::{Matters, Order, OrderKind};
use super::message::{Link, Message, Place};
use super::{Kind, Letter, Subject};
use crate::care::calendar::{days_after, is_working_day};
use crate::care::taper::telephone::CONFIRM_WITHIN;

pub fn letters(matters: &Matters, now: DateTime<Utc>) -> Vec<Letter> {
    let about = |order: Order| match order.kind {
        OrderKind::Urgent => urgent(matters, &order, now),
        OrderKind::SteppedBack => stepped_back(matters, &order),
        OrderKind::Unconfirmed => unconfirmed(matters, &order, now),
    };
    // What a clock ran ahead to write down was ordered by now.
    let by_now = |order: &Order| Order { at: order.at.min(now), ..order.clone() };
    matters.orders.iter().map(by_now).flat_map(about).collect()
}

/// At once, whatever day it is, and again every working day until a pharmacist has reviewed it.
fn urgent(matters: &Matters, order: &Order, now: DateTime<Utc>) -> Vec<Letter> {
    let on = matters.letter_day(now);
    if on != matters.letter_day(order.at) && !is_working_day(on) {
        return Vec::new();
    }
    let letter = |recipient: String| Letter {
        kind: Kind::UrgentOrder,
        subject: Subject::UrgentOrder { seq: order.seq, on, plan: &order.plan }.key(),
        recipient,
        wanted_at: matters.morning(on).max(order.at),
        expires_at: matters.morning(days_after(on, 1)),
        message: Message::UrgentOrder { facility: Place::of_facility(&matters.facility), on },
        link: Link::order(&order.plan, &order.id),
    };
    matters.pharmacists().into_iter().map(letter).collect()
}

fn stepped_back(matters: &Matters, order: &Order) -> Vec<Letter> {
    let on = matters.facility.zone.day(order.at);
    let letter = |recipient: String| Letter {
        kind: Kind::SteppedBack,
        subject: Subject::SteppedBack { seq: order.seq, plan: &order.plan }.key(),
        recipient,
        wanted_at: order.at,
        expires_at: order.at + TimeDelta::days(1),
        message: Message::SteppedBack { facility: Place::of_facility(&matters.facility), on },
        link: Link::order(&order.plan, &order.id),
    };
    matters.pharmacists().into_iter().map(letter).collect()
}

/// To the very prescriber, or to every one where they have left, at once and every morning; once it is late to the supervisors too.
fn unconfirmed(matters: &Matters, order: &Order, now: DateTime<Utc>) -> Vec<Letter> {
    let on = matters.letter_day(now);
    let late_at = order.at + CONFIRM_WITHIN;
    let letter = |recipient: String, from: DateTime<Utc>| Letter {
        kind: Kind::Unconfirmed,
        subject: Subject::Unconfirmed { seq: order.seq, on, plan: &order.plan }.key(),
        recipient,
        wanted_at: matters.morning(on).max(from),
        expires_at: matters.morning(days_after(on, 1)),
        message: Message::Unconfirmed { facility: Place::of_facility(&matters.facility), on },
        link: Link::order(&order.plan, &order.id),
    };
    let to_prescriber = matters.prescribers(Some(&order.prescriber)).into_iter().map(|to| letter(to, order.at));
    let to_supervisors = matters.supervisors().into_iter().map(|to| letter(to, late_at));
    to_prescriber.chain(to_supervisors).collect()
}
