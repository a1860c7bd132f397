//! One as-needed order in the words of a page.

use chrono::{DateTime, Utc};

use super::Ordered;
use crate::care::amount::Amount;
use crate::care::calendar::{Zone, clock_text, day_text};
use crate::care::refusal::Refusal;
use crate::care::round::as_needed::giving::{GiveCase, span};
use crate::care::round::as_needed::limits::Sum;
use crate::web::parts::Tag;

/// What is ordered, what is left of it now, and who ordered it.
#[derive(Debug, Clone)]
pub struct Said {
    pub medicine: String,
    pub amount: Amount,
    pub reason: String,
    /// `4 h`
    pub least: String,
    pub most: Amount,
    /// Where another maximum than the order's decides.
    pub limit: Option<String>,
    pub ends: String,
    pub rationale: String,
    pub by: String,
    pub last: String,
    pub left: Amount,
    pub counted: String,
    pub tag: Tag,
    /// A dose may be given now.
    pub free: bool,
    /// When it next may, or why not.
    pub hindrance: String,
}

impl Said {
    pub fn new(ordered: &Ordered, zone: Zone, now: DateTime<Utc>) -> Said {
        let (order, case) = (&ordered.file.order, &ordered.case);
        let allowance = case.allowance(now);
        let at = zone.local(order.ordered_at);
        Said {
            medicine: order.medicine.to_string(),
            amount: order.amount,
            reason: order.reason.clone(),
            least: span(order.least_minutes),
            most: order.most,
            limit: case.limit.as_ref().map(|limit| format!("{} ({})", limit.most, limit.source)),
            ends: day_text(order.ends_on),
            rationale: order.rationale.clone(),
            by: format!("{}, {} {}", ordered.ordered_by, day_text(at.date()), at.format("%H:%M")),
            last: last(case, zone, now),
            left: allowance.left,
            counted: counted(allowance.sum),
            tag: tag(&allowance.now),
            free: allowance.now.is_ok(),
            hindrance: allowance.now.err().map(|refusal| hindrance(&refusal)).unwrap_or_default(),
        }
    }
}

/// Of this order with whoever gave it; what was given since in another way counts for the next one, too.
fn last(case: &GiveCase, zone: Zone, now: DateTime<Utc>) -> String {
    let of_order = case.last.as_ref();
    let since = case.given.iter().max().filter(|at| of_order.is_none_or(|last| last.given_at < **at));
    match (since, of_order) {
        (Some(at), _) => format!("{}, otherwise than by this order", clock_text(zone, *at, now)),
        (None, Some(last)) => format!("{}, {}", clock_text(zone, last.given_at, now), last.by),
        (None, None) => "not given yet".to_owned(),
    }
}

fn tag(now: &Result<(), Refusal>) -> Tag {
    match now {
        Ok(()) => Tag::given("May be given now"),
        Err(Refusal::AsNeededTooSoon { next, .. } | Refusal::AsNeededOverMost { next, .. })
            if next.starts_with(|first: char| first.is_ascii_digit()) =>
        {
            Tag::due_soon(format!("Not before {next}"))
        }
        Err(Refusal::DoNotGive { .. } | Refusal::AsNeededSuspended { .. } | Refusal::AsNeededUndecided { .. }) => {
            Tag::overdue("Do not give")
        }
        Err(Refusal::AsNeededNotYet { first }) => Tag::due_soon(format!("From {first}")),
        Err(Refusal::AsNeededOver { .. } | Refusal::AsNeededEnded { .. }) => Tag::due_soon("Ended"),
        Err(_) => Tag::flag("Not now"),
    }
}

/// Why not now, for somebody who has not tried.
pub fn hindrance(refusal: &Refusal) -> String {
    refusal.to_string().replace(" Nothing has been recorded.", "")
}

/// `0.5 mg as needed, 1 mg scheduled and given, 0.5 mg scheduled and not recorded yet`
fn counted(sum: Sum) -> String {
    let parts = [
        (sum.as_needed, "as needed"),
        (sum.scheduled, "scheduled and given"),
        (sum.in_error, "given in error"),
        (sum.elsewhere, "given elsewhere"),
        (sum.still_due, "scheduled and not recorded yet"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(amount, _)| !amount.is_zero()).map(|(amount, why)| format!("{amount} {why}")).collect();
    if said.is_empty() { "nothing".to_owned() } else { said.join(", ") }
}
