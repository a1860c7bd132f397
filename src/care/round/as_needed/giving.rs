//! Giving an as-needed dose: whether it may be given at that moment, and when it next may.

pub mod paper;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::barred::Barred;
use super::lifted::{Lifted, none_barred};
use super::limits::{Kind, Sum, Taken, first_free, fullest, too_near};
use super::order::Order;
use crate::care::amount::Amount;
use crate::care::calendar::{Day, Zone, clock_text};
use crate::care::medicine::limit::Limit;
use crate::care::refusal::Refusal;
use crate::care::severe_sign::Withheld;
use crate::care::taper::rationale::tidy;

/// An order with everything that giving a dose of it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveCase {
    pub order: Order,
    /// Grows with every dose of the order and with its end.
    pub revision: i64,
    pub ended_at: Option<DateTime<Utc>>,
    /// The medicine's maximum here.
    pub limit: Option<Limit>,
    /// The resident's other orders of the medicine, with when each was ended.
    pub others: Vec<(Order, Option<DateTime<Utc>>)>,
    /// Everything of the medicine that was taken or is still due, of all orders and plans of the resident.
    pub taken: Vec<Taken>,
    /// When doses of the medicine were given as needed, by whichever order, when it was given in error, and last elsewhere.
    pub given: Vec<DateTime<Utc>>,
    /// The dose of this order that was recorded last.
    pub last: Option<Last>,
    pub zone: Zone,
    /// A severe sign stops every sedative of the resident, whatever the limits say.
    pub withheld: Option<Withheld>,
    /// The taper of the medicine is suspended, or its level undecided.
    pub barred: Option<Barred>,
    /// The resident left then, and nobody has written down a return.
    pub away_since: Option<DateTime<Utc>>,
    /// What barred it before and does not any more.
    pub lifted: Vec<Lifted>,
}

/// A dose that stands already, in words for the person who was second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    pub by: String,
    pub given_at: DateTime<Utc>,
}

/// What the nurse says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveAsk {
    /// What the page was drawn from: a dose given meanwhile is told.
    pub revision: i64,
    /// Why now.
    pub why: String,
    /// When it was given; empty: now.
    pub given_at: String,
}

/// What goes into the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub amount: Amount,
    pub why: String,
    pub given_at: DateTime<Utc>,
}

/// How much may still be given, as a page says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    pub most: Amount,
    /// In the fullest window around now.
    pub sum: Sum,
    pub left: Amount,
    /// Whether one dose may be given now, and why not.
    pub now: Result<(), Refusal>,
}

/// So far ahead the next possible moment is looked for.
const LOOKED_AHEAD: TimeDelta = TimeDelta::hours(48);

/// How far from a moment a dose can matter to it or to the search for the next.
pub const REACH: TimeDelta = TimeDelta::hours(72);

const LONGEST_WHY: usize = 500;

impl GiveCase {
    /// A nurse gives a dose, or says when they gave it. Nothing beyond a limit is given; scheduled doses are never stopped.
    pub fn give(&self, ask: &GiveAsk, now: DateTime<Utc>) -> Result<Given, Refusal> {
        let moments = self.moments(&ask.given_at, now)?;
        self.not_barred(&moments, now)?;
        self.running(&moments, now)?;
        if let Some(last) = self.last.as_ref().filter(|_| ask.revision != self.revision) {
            return Err(Refusal::AsNeededMoved { by: last.by.clone(), at: clock_text(self.zone, last.given_at, now) });
        }
        moments.iter().try_for_each(|at| self.within_limits(*at, now))?;
        let why = why(&ask.why)?;
        let given_at = moments.last().copied().unwrap_or(now);
        Ok(Given { amount: self.order.amount, why, given_at })
    }

    /// The least maximum of the medicine at a moment, its own or of any order of it that runs then, and whose it is.
    fn most(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> (Amount, String) {
        least_most((&self.order, "this order"), &self.others, self.limit.as_ref(), self.zone, (at, now))
    }

    /// How things stand, for a page.
    pub fn allowance(&self, now: DateTime<Utc>) -> Allowance {
        let (most, _) = self.most(now, now);
        let sum = fullest(now, &self.taken);
        let running = self.not_barred(&[now], now).and_then(|()| self.running(&[now], now));
        Allowance { most, sum, left: most.less(sum.total()), now: running.and_then(|()| self.within_limits(now, now)) }
    }

    /// From a severe sign on that stops every sedative nothing is given; what was given before can be written down.
    /// So it is where a prescriber has yet to decide the medicine's level. What a clock ran ahead to write down has happened by
    /// now.
    fn not_barred(&self, moments: &[DateTime<Utc>], now: DateTime<Utc>) -> Result<(), Refusal> {
        let from = |since: DateTime<Utc>| moments.iter().any(|at| *at >= since.min(now));
        if let Some(withheld) = self.withheld.filter(|withheld| from(withheld.since)) {
            return Err(withheld.refusal(self.zone, now));
        }
        if let Some(barred) = self.barred.filter(|barred| from(barred.since)) {
            return Err(barred.refusal(&self.order.medicine, self.zone, now));
        }
        moments.iter().try_for_each(|at| none_barred(&self.lifted, *at, self.zone, now))
    }

    /// When it was given. In the hour that clocks repeat a typed time means two moments: both have to be allowed, and the
    /// later is kept, so that the next dose is never counted from too early.
    fn moments(&self, text: &str, now: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(vec![now]);
        }
        let local = self.zone.said(text, now).ok_or(Refusal::GivenAtUnreadable)?;
        let mut moments = vec![self.zone.instant(local), self.zone.last_instant(local)];
        moments.retain(|at| *at <= now);
        moments.dedup();
        if moments.is_empty() { Err(Refusal::GivenInFuture) } else { Ok(moments) }
    }

    /// From its order to its end, while the resident is here.
    fn running(&self, moments: &[DateTime<Utc>], now: DateTime<Utc>) -> Result<(), Refusal> {
        let order = &self.order;
        for at in moments {
            if self.away_since.is_some_and(|left_at| *at >= left_at.min(now)) {
                return Err(Refusal::NothingGivenAway);
            }
            let on = self.zone.day(*at);
            if let Some(ended_at) = self.ended_at.filter(|ended| *at >= (*ended).min(now)) {
                let local = self.zone.local(ended_at);
                return Err(Refusal::AsNeededEnded { at: format!("{}, {}", Day(local.date()), local.format("%H:%M")) });
            }
            if on > order.ends_on {
                return Err(Refusal::AsNeededOver { last: Day(order.ends_on) });
            }
            if on < order.starts_on || !ordered_by(order, *at, now) {
                return Err(Refusal::AsNeededNotYet { first: Day(order.starts_on) });
            }
        }
        Ok(())
    }

    fn within_limits(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
        if let Some(last) = too_near(at, self.order.least(), &self.given) {
            let (last, least) = (clock_text(self.zone, last, now), span(self.order.least_minutes));
            return Err(Refusal::AsNeededTooSoon { last, least, next: self.next(at, now) });
        }
        let (most, whose) = self.most(at, now);
        let sum = self.sum_with(at);
        if sum.total() <= most {
            return Ok(());
        }
        Err(Refusal::AsNeededOverMost {
            medicine: self.order.medicine.to_string(),
            total: sum.total(),
            over: sum.total().less(most),
            most,
            whose,
            counted: counted(sum, self.order.amount),
            next: self.next(at, now),
        })
    }

    /// The fullest window around a dose, that dose counted in.
    fn sum_with(&self, at: DateTime<Utc>) -> Sum {
        let dose = Taken { at, amount: self.order.amount, kind: Kind::AsNeeded };
        let taken: Vec<Taken> = self.taken.iter().copied().chain([dose]).collect();
        fullest(at, &taken)
    }

    /// `20:15`, or that it is not soon. Seconds are rounded up, so that nobody is sent too early.
    fn next(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let (least, (most, _)) = (self.order.least(), self.most(at, now));
        let free = |at: DateTime<Utc>| {
            self.running(&[at], now).is_ok()
                && too_near(at, least, &self.given).is_none()
                && self.sum_with(at).total() <= most
        };
        let from = at.max(now);
        let next = first_free(from, from + LOOKED_AHEAD, least, &self.taken, &self.given, free);
        let minute = |at: DateTime<Utc>| at.duration_round_up(TimeDelta::minutes(1)).unwrap_or(at);
        match next {
            Some(at) => clock_text(self.zone, minute(at), now),
            None => "not in the next 48 hours; call the prescriber".to_owned(),
        }
    }
}

/// The least maximum of a medicine at a moment, as one knows now: of an order, of any other that runs then, or of the medicine;
/// and whose it is, where the order goes by these words.
pub fn least_most(
    (order, called): (&Order, &str),
    others: &[(Order, Option<DateTime<Utc>>)],
    limit: Option<&Limit>,
    zone: Zone,
    (at, now): (DateTime<Utc>, DateTime<Utc>),
) -> (Amount, String) {
    let on = zone.day(at);
    let runs = |(order, ended): &&(Order, Option<DateTime<Utc>>)| {
        (order.starts_on..=order.ends_on).contains(&on)
            && ordered_by(order, at, now)
            && ended.is_none_or(|end| at < end.min(now))
    };
    let other = others.iter().filter(runs).map(|(other, _)| other.most).min();
    let other = other.map(|most| (most, "another order of it".to_owned()));
    let limit = limit.map(|limit| (limit.most, limit.source.clone()));
    let own = (order.most, called.to_owned());
    [Some(own.clone()), limit, other].into_iter().flatten().min_by_key(|(most, _)| *most).unwrap_or(own)
}

/// Whether an order was given by then. Of one that a clock ran ahead to write down only its days are known.
fn ordered_by(order: &Order, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    order.ordered_at <= at || now < order.ordered_at
}

/// Why it was needed, in words that say something.
fn why(typed: &str) -> Result<String, Refusal> {
    let why = tidy(typed);
    if why.chars().filter(|letter| letter.is_alphanumeric()).count() < 3 {
        return Err(Refusal::AsNeededWhy);
    }
    if why.chars().count() > LONGEST_WHY { Err(Refusal::AsNeededWhyLong) } else { Ok(why) }
}

/// `0.5 mg of this dose, 1 mg scheduled and given, 0.5 mg scheduled and not recorded yet`
fn counted(sum: Sum, dose: Amount) -> String {
    let before = sum.as_needed.less(dose);
    let parts = [
        (dose, "of this dose"),
        (before, "given as needed"),
        (sum.scheduled, "scheduled and given"),
        (sum.in_error, "given in error"),
        (sum.elsewhere, "given elsewhere"),
        (sum.still_due, "scheduled and not recorded yet"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(amount, _)| !amount.is_zero())
        .map(|(amount, why)| format!("{amount} {why}"))
        .collect();
    said.join(", ")
}

/// `4 h`, `45 min`, `1 h 30 min`
pub fn span(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}min"),
        (hours, 0) => format!("{hours}\u{a0}h"),
        (hours, minutes) => format!("{hours}\u{a0}h {minutes}\u{a0}min"),
    }
}
