//! What a ward needs on paper while the system is down: the doses of the next three days exactly as they are signed now.
//!
//! Nothing on it ever lowers a dose by itself: a reduction that is not signed is not printed as a dose, and one that is
//! signed is printed from its day on.

mod late;
mod made;
mod reach;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

pub use late::{GivenElsewhere, Late, Near};
pub use made::{Fate, Made, behind};
pub use reach::Reach;

use super::absence::Away;
use super::amount::Amount;
use super::calendar::{Zone, day_text};
use super::facility::Emergency;
use super::gap::Gap;
use super::leap::WentAhead;
use super::medicine::Medicine;
use super::medicine::product::Product;
use super::medicine::shelves::Shelves;
use super::medicine::tablets::Pieces;
use super::register::book::{self, Book};
use super::resident::Resident;
use super::round::as_needed::barred::Barred;
use super::round::as_needed::order::{LEAST_MINUTES, Order};
use super::round::due::Windows;
use super::round::mar::{LetterSet, MarDose, MarRecord};
use super::round::ordered::OrderedSince;
use super::taper::fact::PlanFact;
use super::taper::late::LateRule;
use super::taper::level::Course;
use super::taper::plan::Plan;
use super::taper::schedule::{DoseKey, DoseLevel, dose_id, doses_between};

/// So far ahead its doses reach, and so long it may be used.
pub const AHEAD: TimeDelta = TimeDelta::hours(72);
/// So far back it tells what was given: whoever has only the paper must not give a dose twice.
pub const BEHIND: TimeDelta = TimeDelta::hours(24);
/// So far back it tells what was given as needed, in error or elsewhere: no order asks for a longer interval.
pub const APART: TimeDelta = TimeDelta::minutes(LEAST_MINUTES.1 as i64);
/// The pack of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    pub facility: String,
    pub unit: String,
    pub zone: Zone,
    pub made: Made,
    /// The database was put back from a copy, and nobody has said yet that what is missing was found out.
    pub gap: Option<Gap>,
    /// The clock went ahead, and nobody has said yet that the time is right.
    pub ahead: Option<WentAhead>,
    pub emergency: Emergency,
    pub letters: LetterSet,
    /// How awake a resident is, is asked before a dose.
    pub sedation: bool,
    /// By room.
    pub beds: Vec<Bed>,
    /// Of the unit's box and of its residents' supplies.
    pub balances: Vec<Balance>,
}

/// What the register says is there of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The resident whose supply it is; none: the unit's box.
    pub whose: Option<String>,
    /// `clonazepam 0.5 mg tablet`
    pub product: String,
    /// `27.5`
    pub on_hand: String,
    /// The packs that may be there: `lot B1042, expires 31 Dec 2027`.
    pub packs: Vec<String>,
    /// A difference is open: the figure is as good as the last count.
    pub differs: bool,
}

impl Balance {
    pub fn new(whose: Option<String>, product: &Product, book: Book, packs: &[book::Pack]) -> Balance {
        let pack = |pack: &book::Pack| format!("lot {}, expires {}", pack.lot, day_text(pack.expires_on));
        Balance {
            whose,
            product: format!("{} {}", product.medicine, product.name()),
            on_hand: book.on_hand().text(product),
            packs: packs.iter().map(pack).collect(),
            differs: book.open != 0,
        }
    }
}

/// One resident of the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bed {
    pub resident: Resident,
    /// Residents whose surnames are within two letters.
    pub alike: Vec<String>,
    /// A severe sign stops every sedative.
    pub withheld: bool,
    pub away: Option<Away>,
    /// In order of their time.
    pub doses: Vec<PackDose>,
    /// What was due or given in the last 24 hours, and as needed, in error or elsewhere in the last 48, in order of its time.
    pub behind: Vec<Behind>,
    /// What each plan says of a dose that comes late: its medicine, and its word.
    pub late: Vec<(String, LateRule)>,
    pub orders: Vec<PackOrder>,
    /// `1.375 mg daily is planned for 23 Nov 2026 and is not signed: 1.5 mg daily continues`
    pub unsigned: Vec<String>,
}

/// Something that may be given as needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackOrder {
    pub order: Order,
    /// In any 24 hours: by the order, or by the medicine's limit where that is less.
    pub most: Amount,
    /// The taper of the medicine is suspended, or its level undecided: it is not given.
    pub barred: Option<Barred>,
}

/// A plan that runs, and what was decided of it.
#[derive(Debug, Clone)]
pub struct Running<'a> {
    pub plan: &'a Plan,
    pub course: Course,
    pub facts: &'a [PlanFact],
}

/// A dose to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackDose {
    pub id: String,
    pub key: DoseKey,
    pub amount: Amount,
    /// None: it cannot be made from what is in stock.
    pub pieces: Option<Pieces>,
    /// No prescriber has decided it since the resident came back: it is not given.
    pub undecided: bool,
    /// A prescriber has ordered less since, from a later dose on: so much of this one is given at most.
    pub ordered: Option<OrderedSince>,
    /// The dose of this slot the day before, where a decision has changed it since.
    pub changed_from: Option<Amount>,
    /// Its time had come when the pack was made, and nobody had recorded it: whoever would give it asks first.
    pub asks_first: bool,
    /// What the plan says of it then.
    pub late: Option<Late>,
    /// What was given elsewhere keeps it at a distance.
    pub near: Option<Near>,
}

/// Something of the last 24 hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    pub at: DateTime<Utc>,
    /// Its medicine; of what was given elsewhere under a plan with two, both.
    pub of: String,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// In the words of the record: `given 0.75 mg, 08:05, Amara Diallo RN`.
    Recorded {
        words: String,
    },
    AsNeeded {
        amount: Amount,
        by: String,
    },
    /// Given in error: it is in them all the same.
    InError {
        amount: Amount,
        by: String,
    },
    Elsewhere {
        amount: Amount,
    },
}

/// A dose that was given as needed, or in error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenApart {
    pub at: DateTime<Utc>,
    pub medicine: Medicine,
    pub amount: Amount,
    /// The person's id.
    pub by: String,
}

/// What is known of one resident at the moment of the pack.
#[derive(Debug, Clone)]
pub struct BedFacts<'a> {
    pub resident: Resident,
    pub alike: Vec<String>,
    pub withheld: bool,
    pub away: Option<Away>,
    /// Of the days around; void ones left out.
    pub doses: Vec<MarDose>,
    pub records: Vec<MarRecord>,
    pub as_needed: Vec<GivenApart>,
    pub in_error: Vec<GivenApart>,
    pub elsewhere: Vec<GivenElsewhere>,
    /// Those in force, each with its maximum.
    pub orders: Vec<(Order, Amount)>,
    pub plans: Vec<Running<'a>>,
    pub shelves: &'a Shelves,
    pub names: &'a HashMap<String, String>,
    pub zone: Zone,
    pub windows: Windows,
    pub now: DateTime<Utc>,
}

impl Bed {
    pub fn new(facts: BedFacts) -> Bed {
        let recorded: BTreeSet<&str> = standing(&facts).map(|record| record.dose.as_str()).collect();
        let open = |dose: &&MarDose| !recorded.contains(dose.id.as_str()) && dose.level.is_printed();
        let around = facts.now - BEHIND..=facts.now + AHEAD;
        let further = not_laid_out(&facts);
        let all: Vec<&MarDose> = facts.doses.iter().chain(&further).filter(open).collect();
        let mut doses: Vec<&MarDose> = all.iter().copied().filter(|dose| around.contains(&dose.due_at)).collect();
        doses.sort_by_key(|dose| (dose.due_at, &dose.key));
        let mut behind = last_day(&facts);
        behind.sort_by(|one, other| (one.at, &one.of).cmp(&(other.at, &other.of)));
        Bed {
            doses: doses.into_iter().map(|dose| pack_dose(&facts, dose, &all)).collect(),
            late: facts.plans.iter().map(|running| (running.plan.named(), running.plan.late_rule())).collect(),
            unsigned: facts.plans.iter().filter_map(unsigned).collect(),
            orders: facts.orders.iter().map(|(order, most)| pack_order(&facts, order, *most)).collect(),
            behind,
            resident: facts.resident,
            alike: facts.alike,
            withheld: facts.withheld,
            away: facts.away,
        }
    }

    /// There is something to say of them.
    pub fn matters(&self) -> bool {
        !(self.doses.is_empty() && self.behind.is_empty() && self.orders.is_empty())
    }
}

/// What the plans bring further ahead than doses are laid out.
fn not_laid_out(facts: &BedFacts) -> Vec<MarDose> {
    let (from, until) = (facts.zone.day(facts.now), facts.zone.day(facts.now + AHEAD));
    // Laid out are whole days. A slot without a dose before them was past when the plan began, whatever the clock says now.
    let last = |medicine: &Medicine| {
        facts.doses.iter().filter(|dose| dose.key.medicine == *medicine).map(|dose| dose.key.on).max()
    };
    let further = |key: &DoseKey| last(&key.medicine).is_none_or(|last| key.on > last);
    let of_plan = |Running { plan, course, .. }: &Running| {
        let dose = |(key, level): (DoseKey, DoseLevel)| {
            let due_at = facts.zone.at(key.on, key.slot);
            MarDose { id: dose_id(&plan.id, &key), key, due_at, level }
        };
        doses_between(course, from, until).into_iter().map(dose).collect::<Vec<_>>()
    };
    let all = facts.plans.iter().flat_map(of_plan);
    all.filter(|dose| dose.due_at > facts.now && further(&dose.key)).collect()
}

fn pack_order(facts: &BedFacts, order: &Order, most: Amount) -> PackOrder {
    let of_it = facts.plans.iter().filter(|running| running.plan.medicines().contains(&order.medicine));
    let bars = of_it.filter_map(|one| Barred::by(&one.course, one.facts, &order.medicine, facts.zone));
    PackOrder { order: order.clone(), most, barred: bars.min_by_key(|bar| bar.since) }
}

fn pack_dose(facts: &BedFacts, dose: &MarDose, all: &[&MarDose]) -> PackDose {
    let (amount, key) = (dose.level.amount, &dose.key);
    let of_it = facts.plans.iter().find(|running| dose_id(&running.plan.id, key) == dose.id);
    let changed = of_it.and_then(|running| running.course.changed_from(key.on, key.slot, &key.medicine));
    let asks_first = dose.due_at <= facts.now;
    PackDose {
        late: of_it.filter(|_| asks_first).map(|running| Late::of(facts, running, dose, all)),
        near: of_it.and_then(|running| Near::to(facts, running, dose)),
        ordered: of_it.and_then(|running| OrderedSince::by(&running.course, running.facts, key, amount)),
        id: dose.id.clone(),
        key: key.clone(),
        amount,
        pieces: facts.shelves.of(&key.medicine).pieces(amount),
        undecided: dose.level.undecided,
        asks_first,
        changed_from: changed.filter(|from| *from != amount),
    }
}

/// What was recorded of the last 24 hours as it stands, and what was given as needed, in error or elsewhere of the last 48.
fn last_day(facts: &BedFacts) -> Vec<Behind> {
    let since = facts.now - BEHIND;
    let told = standing(facts).filter(|record| record.due_at.max(record.given_at) >= since).map(|record| Behind {
        at: record.due_at,
        of: record.key.medicine.to_string(),
        what: What::Recorded { words: told(facts, record) },
    });
    let behind = |given: &GivenApart, what: What| Behind { at: given.at, of: given.medicine.to_string(), what };
    let lately = |given: &&GivenApart| given.at >= facts.now - APART;
    let as_needed = facts
        .as_needed
        .iter()
        .filter(lately)
        .map(|given| behind(given, What::AsNeeded { amount: given.amount, by: name(facts, &given.by) }));
    let in_error = facts
        .in_error
        .iter()
        .filter(lately)
        .map(|given| behind(given, What::InError { amount: given.amount, by: name(facts, &given.by) }));
    let elsewhere = facts.elsewhere.iter().filter(|given| given.at >= facts.now - APART).map(|given| Behind {
        at: given.at,
        of: given.named.clone(),
        what: What::Elsewhere { amount: given.amount },
    });
    told.chain(as_needed).chain(in_error).chain(elsewhere).collect()
}

/// The records that nobody corrected.
fn standing<'a>(facts: &'a BedFacts) -> impl Iterator<Item = &'a MarRecord> {
    let replaced: BTreeSet<&str> = facts.records.iter().filter_map(|record| record.corrects.as_deref()).collect();
    facts.records.iter().filter(move |record| !record.in_error && !replaced.contains(record.id.as_str()))
}

fn told(facts: &BedFacts, record: &MarRecord) -> String {
    let at = facts.zone.local(record.given_at).format("%H:%M");
    let amount = if record.given.is_zero() { record.planned } else { record.given };
    format!("{} {amount}, {at}, {}", record.outcome.text(), name(facts, &record.by))
}

fn name(facts: &BedFacts, person: &str) -> String {
    facts.names.get(person).cloned().unwrap_or_default()
}

/// What is planned and has no signature, so that nobody takes it for an order.
fn unsigned(Running { plan, course, .. }: &Running) -> Option<String> {
    let (waiting, due) = (course.waiting()?, course.due_on()?);
    let (from, to) = (plan.daily(&waiting.from), plan.daily(&waiting.to));
    Some(format!("{}: {to} daily, planned for {}, is not signed. {from} daily continues.", plan.named(), day_text(due)))
}
