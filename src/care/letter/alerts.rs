//! Letters about a taper alert: to the plan's prescriber, the pharmacist who signed last and the supervisors, at once and
//! then every morning until somebody says what was done.

use chrono::{DateTime, Utc};

use super::matters::{AlertMatter, Matters, address, reachable};
use super::message::{Link, Message, Place};
use super::{Kind, Letter, Subject};
use crate::care::calendar::days_after;
use crate::care::people::Role;

pub fn letters(matters: &Matters, now: DateTime<Utc>) -> Vec<Letter> {
    matters.alerts.iter().flat_map(|alert| about(matters, alert, now)).collect()
}

fn about(matters: &Matters, alert: &AlertMatter, now: DateTime<Utc>) -> Vec<Letter> {
    let on = matters.letter_day(now);
    let letter = |recipient: String| Letter {
        kind: Kind::TaperAlert,
        subject: Subject::TaperAlert { raised_by: alert.raised_by, on, plan: &alert.plan }.key(),
        recipient,
        wanted_at: matters.morning(on).max(alert.since.min(now)),
        expires_at: matters.morning(days_after(on, 1)),
        message: Message::TaperAlert { facility: Place::of_facility(&matters.facility), on },
        link: Link::taper_alert(&alert.plan),
    };
    told(matters, alert).into_iter().map(letter).collect()
}

/// The pharmacist who signed last; all of them where that one cannot be reached, or nobody has signed yet.
fn told(matters: &Matters, alert: &AlertMatter) -> Vec<String> {
    let pharmacists = || matters.addressees.iter().filter(|one| one.role == Role::Pharmacist);
    let own = pharmacists().find(|one| Some(&one.person) == alert.signer.as_ref() && !one.email.is_empty());
    let mut to = matters.prescribers(alert.prescriber.as_ref());
    match own {
        Some(own) => to.push(address(&own.email)),
        None => to.extend(reachable(pharmacists().map(|one| one.email.as_str()))),
    }
    to.extend(matters.supervisors());
    to
}
