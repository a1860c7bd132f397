//! A prescriber's as-needed order: what, what for, how often, how much in 24 hours, and until when.
//!
//! The maximum counts everything of the medicine in any 24 hours: as-needed doses of all its orders, scheduled doses as
//! they were taken, and scheduled doses still due. An order that could never be given beside the scheduled doses is
//! refused when it is written, not at the bedside.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::care::amount::Amount;
use crate::care::calendar::{Day, days_after};
use crate::care::medicine::Medicine;
use crate::care::medicine::limit::Limit;
use crate::care::medicine::tablets::Shelf;
use crate::care::people::{Confirmed, Staff};
use crate::care::refusal::Refusal;
use crate::care::taper::rationale;

/// An order as it stands, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub id: String,
    pub facility: String,
    pub resident: String,
    pub medicine: Medicine,
    /// Of one dose.
    pub amount: Amount,
    /// What it is for.
    pub reason: String,
    /// Between the last as-needed dose of the medicine, of whichever order, and one of this order: elapsed time.
    pub least_minutes: u32,
    /// Of the medicine in any 24 hours, scheduled doses counted in.
    pub most: Amount,
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// Why it lasts longer than 14 days; empty where it does not.
    pub rationale: String,
    /// The person's id.
    pub ordered_by: String,
    pub ordered_at: DateTime<Utc>,
}

impl Order {
    pub fn least(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.least_minutes))
    }
}

/// What the prescriber asks for, field by field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderAsk {
    pub medicine: Medicine,
    pub amount: Amount,
    pub reason: String,
    pub least_minutes: u32,
    pub most: Amount,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub rationale: String,
}

/// Minutes between two doses: from a quarter of an hour to two days.
pub const LEAST_MINUTES: (u32, u32) = (15, 2_880);

/// The last day of an order that says nothing else: 14 days with the first one (42 CFR 483.45(e), read strictly).
pub fn usual_end(starts_on: NaiveDate) -> NaiveDate {
    days_after(starts_on, 13)
}

/// No order starts or lasts longer ahead than this.
const LONGEST_DAYS: u32 = 365;

/// What deciding about an order rests on.
#[derive(Debug, Clone)]
pub struct OrderCase<'a> {
    pub today: NaiveDate,
    pub shelf: &'a Shelf,
    pub limit: Option<&'a Limit>,
    /// What the resident's plans bring of this medicine in 24 hours.
    pub scheduled: Amount,
}

impl OrderCase<'_> {
    /// Yields the order's reason and rationale, tidied, and its last day.
    pub fn order(
        &self,
        by: &Staff,
        confirmed: &Confirmed,
        ask: &OrderAsk,
    ) -> Result<(String, String, NaiveDate), Refusal> {
        if confirmed.person != by.person {
            return Err(Refusal::WrongPassword);
        }
        self.can_be_made(ask)?;
        let reason = rationale::reason(&ask.reason).map_err(|_| Refusal::AsNeededReason)?;
        self.has_room(ask)?;
        let (rationale, ends_on) = self.days(ask)?;
        Ok((reason, rationale, ends_on))
    }

    fn can_be_made(&self, ask: &OrderAsk) -> Result<(), Refusal> {
        if ask.amount.is_zero() {
            return Err(Refusal::AsNeededNothing);
        }
        if self.shelf.pieces(ask.amount).is_some() {
            return Ok(());
        }
        let (amount, medicine) = (ask.amount, ask.medicine.to_string());
        if self.shelf.is_empty() {
            return Err(Refusal::AsNeededNoProduct { medicine });
        }
        Err(Refusal::AsNeededUnmakeable { amount, medicine, nearest: self.shelf.nearest(amount).to_string() })
    }

    /// Both maxima leave room for one dose beside the scheduled ones, and the order's is not above the medicine's.
    fn has_room(&self, ask: &OrderAsk) -> Result<(), Refusal> {
        let (most, amount, scheduled) = (ask.most, ask.amount, self.scheduled);
        if let Some(Limit { medicine, most: limit, source }) = self.limit.filter(|limit| most > limit.most) {
            let (medicine, says) = (medicine.to_string(), source.clone());
            return Err(Refusal::AsNeededMostOverLimit { most, medicine, limit: *limit, says });
        }
        let least = amount + scheduled;
        if most < least { Err(Refusal::AsNeededNoRoom { most, amount, scheduled, least }) } else { Ok(()) }
    }

    /// The last day, and the rationale that an order beyond 14 days needs.
    fn days(&self, ask: &OrderAsk) -> Result<(String, NaiveDate), Refusal> {
        let usual = usual_end(ask.starts_on);
        let ends_on = ask.ends_on.ok_or(Refusal::AsNeededNoEnd { usual: Day(usual) })?;
        if ask.starts_on < self.today {
            return Err(Refusal::AsNeededStartsInPast { today: Day(self.today) });
        }
        if ends_on < ask.starts_on {
            return Err(Refusal::AsNeededEndsFirst { starts_on: Day(ask.starts_on) });
        }
        let latest = days_after(self.today, LONGEST_DAYS);
        if ends_on > latest {
            return Err(Refusal::AsNeededEndsTooLate { latest: Day(latest) });
        }
        if ends_on <= usual {
            return Ok((rationale::tidy(&ask.rationale), ends_on));
        }
        let rationale = rationale::of_this_resident(&ask.rationale, None);
        Ok((rationale.map_err(|_| Refusal::AsNeededLong { usual: Day(usual) })?, ends_on))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::calendar::parse_day;
    use crate::care::medicine::product::Products;

    fn day(text: &str) -> NaiveDate {
        parse_day(text).expect("a day")
    }

    fn ask() -> OrderAsk {
        OrderAsk {
            medicine: Medicine("clonazepam".into()),
            amount: Amount::from_ug(500),
            reason: "panic that talking does not settle".into(),
            least_minutes: 240,
            most: Amount::from_ug(1_500),
            starts_on: day("2026-11-20"),
            ends_on: Some(day("2026-12-03")),
            rationale: String::new(),
        }
    }

    fn decide(ask: &OrderAsk) -> Result<(String, String, NaiveDate), Refusal> {
        let medicine = Medicine("clonazepam".into());
        let tablet = Products::ours().product("197527").expect("a product we ship").clone();
        let (shelf, limit) = (Shelf::of([(tablet, true)]), Limit::published(&medicine));
        let scheduled = Amount::from_ug(1_000);
        let case = OrderCase { today: day("2026-11-20"), shelf: &shelf, limit: limit.as_ref(), scheduled };
        let by = Staff { person: "p".into(), name: "P".into(), facility: "f".into() };
        case.order(&by, &Confirmed { person: "p".into() }, ask)
    }

    /// Citations 1493378 and 1542641: as-needed clonazepam and lorazepam without a stop date.
    #[test]
    fn an_order_has_an_end_and_beyond_14_days_a_rationale() {
        assert!(decide(&ask()).is_ok());
        let usual = Day(day("2026-12-03"));
        assert_eq!(decide(&OrderAsk { ends_on: None, ..ask() }), Err(Refusal::AsNeededNoEnd { usual }));
        let long = OrderAsk { ends_on: Some(day("2026-12-04")), ..ask() };
        assert_eq!(decide(&long), Err(Refusal::AsNeededLong { usual }));
        let told = "Panic returns with each visit of the dentist, the last of which is on 10 December.";
        assert!(decide(&OrderAsk { rationale: told.into(), ..long.clone() }).is_ok());
        let never = OrderAsk { ends_on: Some(day("2028-01-01")), rationale: told.into(), ..ask() };
        assert!(matches!(decide(&never), Err(Refusal::AsNeededEndsTooLate { .. })));
        let first = OrderAsk { ends_on: Some(day("2026-11-19")), ..ask() };
        assert!(matches!(decide(&first), Err(Refusal::AsNeededEndsFirst { .. })));
        let past = OrderAsk { starts_on: day("2026-11-19"), ..ask() };
        assert!(matches!(decide(&past), Err(Refusal::AsNeededStartsInPast { .. })));
    }

    /// Citation 1510889: scheduled plus as-needed alprazolam could reach 4.5 mg against a maximum of 4 mg.
    #[test]
    fn the_maximum_has_room_for_the_scheduled_doses_and_not_more_than_the_medicines() {
        let most = |ug| decide(&OrderAsk { most: Amount::from_ug(ug), ..ask() });
        assert!(matches!(most(1_499), Err(Refusal::AsNeededNoRoom { .. })));
        assert!(most(4_000).is_ok());
        assert!(matches!(most(4_001), Err(Refusal::AsNeededMostOverLimit { .. })));
    }

    #[test]
    fn an_amount_is_made_exactly_or_refused() {
        let amount = |ug| decide(&OrderAsk { amount: Amount::from_ug(ug), ..ask() });
        assert_eq!(amount(0), Err(Refusal::AsNeededNothing));
        assert!(amount(250).is_ok());
        assert!(matches!(amount(300), Err(Refusal::AsNeededUnmakeable { .. })));
        assert_eq!(decide(&OrderAsk { reason: " ".into(), ..ask() }), Err(Refusal::AsNeededReason));
    }
}
