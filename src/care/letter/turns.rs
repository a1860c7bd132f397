//! Letters about a plan that took a turn which people must hear of at once: a pause, an answer that is wanted, a dose that
//! nobody has decided.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::hourly::hour_since;
use super::matters::{Matters, Turn, TurnKind};
use super::message::{Link, Message, Place};
use super::{Kind, Letter, Subject};
use crate::care::calendar::{Slot, Zone, days_after};

/// What has waited so many days for one person goes to the deputies and supervisors too.
pub(super) const DAYS_UNTIL_DEPUTIES: u32 = 3;

/// Of a pause, pharmacists and the prescriber hear once and at once; of what wants an answer, those who give it hear at
/// once and then every morning; of a dose that nobody has decided, every hour. What a clock ran ahead to write down has
/// happened by now.
pub fn letters(matters: &Matters, now: DateTime<Utc>) -> Vec<Letter> {
    let about = |turn: &Turn| match turn.kind {
        TurnKind::Paused => paused(matters, turn, now),
        TurnKind::SentBack => sent_back(matters, turn, now),
        TurnKind::StopAsked => stop_asked(matters, turn, now),
        TurnKind::Amended => amended(matters, turn, now),
        TurnKind::OrderStands => order_stands(matters, turn, now),
        TurnKind::Undecided => undecided(matters, turn, now),
    };
    matters.turns.iter().flat_map(about).collect()
}

fn paused(matters: &Matters, turn: &Turn, now: DateTime<Utc>) -> Vec<Letter> {
    let at = turn.at.min(now);
    let mut to = matters.pharmacists();
    to.extend(matters.prescribers(turn.prescriber.as_ref()));
    let letter = |recipient: String| Letter {
        kind: Kind::Paused,
        subject: Subject::Paused { n: turn.n, plan: &turn.plan }.key(),
        recipient,
        wanted_at: at,
        expires_at: at + TimeDelta::days(1),
        message: Message::Paused { facility: Place::of_facility(&matters.facility), on: matters.facility.zone.day(at) },
        link: Link::reduction(&turn.plan, turn.n),
    };
    to.into_iter().map(letter).collect()
}

/// To the prescriber who approved, at once and then every morning until the plan is answered.
fn sent_back(matters: &Matters, turn: &Turn, now: DateTime<Utc>) -> Vec<Letter> {
    let of_day = OfDay::new(matters, turn, now);
    let subject = Subject::SentBack { n: turn.n, on: of_day.on, plan: &turn.plan }.key();
    let message = Message::SentBack { facility: Place::of_facility(&matters.facility), on: of_day.on };
    let to = [matters.prescribers(turn.prescriber.as_ref()), others(matters, turn, of_day.on)].concat();
    of_day.letters(Kind::SentBack, subject, message, to)
}

/// At once to every pharmacist, and then every morning until it is countersigned or declined.
fn stop_asked(matters: &Matters, turn: &Turn, now: DateTime<Utc>) -> Vec<Letter> {
    let facility = Place::of_facility(&matters.facility);
    let of_day = OfDay::new(matters, turn, now);
    let subject = Subject::StopAsked { seq: turn.n, on: of_day.on, plan: &turn.plan }.key();
    let message = Message::StopAsked { facility, on: of_day.on };
    let to = [matters.pharmacists(), others(matters, turn, of_day.on)].concat();
    of_day.letters(Kind::StopAsked, subject, message, to)
}

/// To the prescribers, at once and then every morning until the steps are approved or taken back.
fn amended(matters: &Matters, turn: &Turn, now: DateTime<Utc>) -> Vec<Letter> {
    let facility = Place::of_facility(&matters.facility);
    let of_day = OfDay::new(matters, turn, now);
    let subject = Subject::Amended { version: turn.n, on: of_day.on, plan: &turn.plan }.key();
    let message = Message::Amended { facility, on: of_day.on };
    let to = [matters.prescribers(None), others(matters, turn, of_day.on)].concat();
    of_day.letters(Kind::Amended, subject, message, to)
}

/// Who hears of it too once nobody has answered for days: whoever it waits for may be away.
fn others(matters: &Matters, turn: &Turn, on: NaiveDate) -> Vec<String> {
    match turn.days_unanswered(matters.facility.zone, on) {
        Some(days) if days >= DAYS_UNTIL_DEPUTIES => [matters.prescribers(None), matters.supervisors()].concat(),
        _ => Vec::new(),
    }
}

impl Turn {
    /// For how many days nothing of the plan could be signed, because this waits for somebody's answer; none where it waits for
    /// none.
    pub(super) fn days_unanswered(&self, zone: Zone, on: NaiveDate) -> Option<u32> {
        let waits = matches!(self.kind, TurnKind::SentBack | TurnKind::StopAsked | TurnKind::Amended);
        waits.then(|| u32::try_from((on - zone.day(self.at)).num_days()).unwrap_or(0))
    }
}

/// Whoever ordered knows of it: every morning after that the prescribers and the supervisors hear that the level is still
/// to be decided, whether a pharmacist has reviewed the order or not.
fn order_stands(matters: &Matters, turn: &Turn, now: DateTime<Utc>) -> Vec<Letter> {
    let of_day = OfDay::new(matters, turn, now);
    if of_day.on <= matters.facility.zone.day(turn.at) {
        return Vec::new();
    }
    let subject = Subject::OrderStands { seq: turn.n, on: of_day.on, plan: &turn.plan }.key();
    let message = Message::OrderStands { facility: Place::of_facility(&matters.facility), on: of_day.on };
    let to = [matters.prescribers(turn.prescriber.as_ref()), matters.supervisors()].concat();
    of_day.letters(Kind::DecisionNeeded, subject, message, to)
}

/// To the prescriber at once; every hour from then on to every prescriber and to the supervisors, until somebody decides.
fn undecided(matters: &Matters, turn: &Turn, now: DateTime<Utc>) -> Vec<Letter> {
    let (hour, wanted_at) = hour_since(turn.at, now);
    let local = matters.facility.zone.local(turn.at.min(now));
    let message = Message::DecisionNeeded {
        facility: Place::of_facility(&matters.facility),
        on: local.date(),
        at: Slot::of(local.time()),
        hours: hour.max(0),
    };
    let letter = |recipient: String| Letter {
        kind: Kind::DecisionNeeded,
        subject: Subject::DecisionNeeded { seq: turn.n, hour, plan: &turn.plan }.key(),
        recipient,
        wanted_at,
        expires_at: wanted_at + TimeDelta::hours(1),
        message: message.clone(),
        link: Link::plan(&turn.plan),
    };
    let to = match hour {
        0 => matters.prescribers(turn.prescriber.as_ref()),
        _ => [matters.prescribers(None), matters.supervisors()].concat(),
    };
    to.into_iter().map(letter).collect()
}

/// Letters about a plan that come at once and then every morning.
struct OfDay<'a> {
    plan: &'a str,
    on: NaiveDate,
    wanted_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl<'a> OfDay<'a> {
    fn new(matters: &Matters, turn: &'a Turn, now: DateTime<Utc>) -> OfDay<'a> {
        let on = matters.letter_day(now);
        let wanted_at = matters.morning(on).max(turn.at.min(now));
        OfDay { plan: &turn.plan, on, wanted_at, expires_at: matters.morning(days_after(on, 1)) }
    }

    fn letters(&self, kind: Kind, subject: String, message: Message, to: Vec<String>) -> Vec<Letter> {
        let letter = |recipient: String| Letter {
            kind,
            subject: subject.clone(),
            recipient,
            wanted_at: self.wanted_at,
            expires_at: self.expires_at,
            message: message.clone(),
            link: Link::plan(self.plan),
        };
        to.into_iter().map(letter).collect()
    }
}
