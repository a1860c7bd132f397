//! An invented as-needed order and its doses, for the samples of pages that show them.

use chrono::TimeDelta;

use super::{facility, medicine, now, resident, shelf, today};
use crate::care::amount::Amount;
use crate::care::calendar::days_after;
use crate::care::medicine::limit::Limit;
use crate::care::register::source::{Source, Supply};
use crate::care::resident::Allergies;
use crate::care::round::as_needed::effect::Effect;
use crate::care::round::as_needed::giving::{GiveCase, Last};
use crate::care::round::as_needed::limits::{Kind, Taken};
use crate::care::round::as_needed::order::Order;
use crate::store::as_needed::{AsNeededDose, NotedEffect, OrderFile, Strike};
use crate::store::identity::Identifying;
use crate::web::parts::Banner;
pub use crate::web::parts::as_needed::Place;
use crate::web::parts::as_needed::{GivenDose, Ordered, Orders};

/// An order of which a dose was given so many hours ago; at most one every four hours.
pub fn place(words: &str, hours_ago: i64) -> Place {
    let resident = resident("margit", "Halvorsen", Allergies::Known { list: "penicillin (rash)".to_owned() });
    let banner = Banner::new(&resident, "Willow", today());
    let ordered = ordered(words, hours_ago);
    let source = Source::of(&shelf(), ordered.file.order.amount, Supply::default());
    let identifying = Identifying::default();
    Place { now: now(), facility: facility(), resident, banner, ordered, source, identifying }
}

fn ordered(words: &str, hours_ago: i64) -> Ordered {
    let order = Order {
        id: "order".to_owned(),
        facility: "alder".to_owned(),
        resident: "margit".to_owned(),
        medicine: medicine(),
        amount: Amount::from_ug(500),
        reason: words.to_owned(),
        least_minutes: 240,
        most: Amount::from_ug(2_000),
        starts_on: today() - chrono::Days::new(3),
        ends_on: days_after(today(), 10),
        rationale: String::new(),
        ordered_by: "prescriber".to_owned(),
        ordered_at: now() - TimeDelta::days(3),
    };
    let given_at = now() - TimeDelta::hours(hours_ago);
    let taken = |at, kind| Taken { at, amount: Amount::from_ug(500), kind };
    let case = GiveCase {
        revision: 1,
        ended_at: None,
        limit: Limit::published(&order.medicine),
        taken: vec![taken(given_at, Kind::AsNeeded), taken(now() + TimeDelta::hours(12), Kind::StillDue)],
        given: vec![given_at],
        last: Some(Last { by: words.to_owned(), given_at }),
        zone: facility().zone,
        withheld: None,
        barred: None,
        away_since: None,
        others: Vec::new(),
        lifted: Vec::new(),
        order: order.clone(),
    };
    let file = OrderFile { order, end: None, revision: 1 };
    Ordered { file, case, ordered_by: "Dr Helen Marsh".to_owned(), ended_by: String::new() }
}

/// A dose of an hour ago, and whether its effect is noted.
pub fn given(words: &str, noted: bool) -> GivenDose {
    let effect = NotedEffect {
        id: "effect".to_owned(),
        of_dose: "dose".to_owned(),
        effect: Effect::TooSleepy,
        note: words.to_owned(),
        noted_by: "nurse".to_owned(),
        noted_at: now(),
    };
    GivenDose { dose: dose(words), effect: noted.then_some(effect), by: words.to_owned(), struck: None }
}

/// A dose of an hour ago.
pub fn dose(words: &str) -> AsNeededDose {
    let at = now() - TimeDelta::hours(1);
    AsNeededDose {
        id: "dose".to_owned(),
        n: 48_213,
        of_order: "order".to_owned(),
        facility: "alder".to_owned(),
        unit: "willow".to_owned(),
        resident: "margit".to_owned(),
        medicine: medicine(),
        given: Amount::from_ug(500),
        why: words.to_owned(),
        pieces: String::new(),
        given_at: at,
        recorded_at: at,
        recorded_by: "nurse".to_owned(),
        witnessed_by: None,
        identified: String::new(),
        given_by: None,
        unwitnessed: None,
    }
}

/// One that was recorded in error.
pub fn struck(words: &str) -> GivenDose {
    let strike = Strike {
        id: "strike".to_owned(),
        of_dose: "dose".to_owned(),
        reason: format!("It was another resident’s dose. {words}"),
        struck_by: "nurse".to_owned(),
        struck_at: now(),
    };
    GivenDose { struck: Some(strike), ..given(words, false) }
}

/// Two orders, one of which may be given now, and two doses.
pub fn orders(words: &str) -> Orders {
    Orders {
        orders: vec![ordered(words, 26), ordered(words, 1)],
        given: vec![given(words, false), given(words, true), struck(words)],
    }
}
