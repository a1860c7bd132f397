//! Which doses stand on a round's page, how each stands, and under which heading its resident comes.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::facts::Facts;
use crate::care::amount::Amount;
use crate::care::resident::Resident;
use crate::care::round::due::{RoundOf, Urgency};
use crate::store::doses::{Administration, DoseFile};
use crate::web::parts::progress::Counts;

/// How a dose stands.
#[derive(Debug, Clone, Copy)]
pub enum Stand<'a> {
    /// Nobody recorded it.
    Open(Urgency),
    /// Nothing is given before a prescriber has decided: 0 mg was in force before an absence.
    Undecided,
    /// 0 mg: planned, no dose.
    NoDose,
    /// 0 mg by an urgent order.
    Suspended,
    Recorded(&'a Administration),
}

/// A dose on the page.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub dose: &'a DoseFile,
    pub stand: Stand<'a>,
    /// The amount of the day before, where a decision has changed it for today.
    pub changed_from: Option<Amount>,
    /// The prescriber whose urgent order it stands on.
    pub ordered_by: Option<&'a str>,
}

impl Entry<'_> {
    pub fn urgency(&self) -> Option<Urgency> {
        match self.stand {
            Stand::Open(urgency) => Some(urgency),
            _ => None,
        }
    }
}

/// A resident with every dose of theirs on this page.
pub struct Bedside<'a> {
    pub resident: &'a Resident,
    pub entries: Vec<Entry<'a>>,
}

impl Bedside<'_> {
    /// Of the most urgent dose; none where nothing is left to record.
    pub fn urgency(&self) -> Option<Urgency> {
        self.entries.iter().filter_map(Entry::urgency).min()
    }

    /// Nothing is left to record, and something was suspended.
    pub fn suspended(&self) -> bool {
        let suspended = |entry: &Entry| matches!(entry.stand, Stand::Suspended);
        self.urgency().is_none() && self.entries.iter().any(suspended)
    }

    /// The most urgent first; of two, the one whose dose has been due for longer, then by room and by name.
    fn order(&self) -> (bool, Option<Urgency>, Option<DateTime<Utc>>, u32, String, &str) {
        let urgency = self.urgency();
        let first = self.entries.iter().filter(|entry| entry.urgency() == urgency).map(|entry| entry.dose.due_at).min();
        let room: String = self.resident.room.chars().take_while(char::is_ascii_digit).collect();
        let number = room.parse().unwrap_or(u32::MAX);
        let waits = first.filter(|_| urgency.is_some());
        (urgency.is_none(), urgency, waits, number, self.resident.surname.to_lowercase(), &self.resident.id)
    }
}

/// One round, arranged.
pub struct Sheet<'a> {
    pub round: RoundOf,
    /// The most urgent first; each resident once.
    pub bedsides: Vec<Bedside<'a>>,
}

impl<'a> Sheet<'a> {
    /// The round that was asked for. Otherwise the one of this hour; where all of it is recorded, the next.
    pub fn of(facts: &'a Facts) -> Sheet<'a> {
        if let Some(round) = facts.asked {
            return Sheet::at(facts, round);
        }
        let sheet = Sheet::at(facts, facts.opened());
        let done = !sheet.bedsides.is_empty() && sheet.bedsides.iter().all(|bedside| bedside.urgency().is_none());
        if done { Sheet::at(facts, sheet.round.next(&facts.unit.rounds)) } else { sheet }
    }

    pub fn at(facts: &'a Facts, round: RoundOf) -> Sheet<'a> {
        let days = by_day(facts);
        let mut by_resident: HashMap<&str, Vec<Entry<'a>>> = HashMap::new();
        for dose in &facts.doses {
            let Some(stand) = stand(facts, dose) else { continue };
            if stands_here(facts, round, dose, stand) {
                let ordered_by = facts.orders.get(&dose.level.authorised_by).map(String::as_str);
                let entry = Entry { dose, stand, changed_from: changed_from(facts, dose, &days), ordered_by };
                by_resident.entry(&dose.resident).or_default().push(entry);
            }
        }
        let residents = facts.residents.iter();
        let bedside = |resident: &'a Resident| {
            let mut entries = by_resident.remove(resident.id.as_str())?;
            entries.sort_by_key(|entry| (entry.dose.due_at, &entry.dose.key.medicine, entry.dose.id.as_str()));
            Some(Bedside { resident, entries })
        };
        let mut bedsides: Vec<Bedside<'a>> = residents.filter_map(bedside).collect();
        bedsides.sort_by(|one, other| one.order().cmp(&other.order()));
        Sheet { round, bedsides }
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.bedsides.iter().flat_map(|bedside| &bedside.entries)
    }

    /// How many doses stand so.
    pub fn open(&self, urgency: Urgency) -> usize {
        self.entries().filter(|entry| entry.urgency() == Some(urgency)).count()
    }

    /// Doses of 0 mg are no doses here.
    pub fn counts(&self) -> Counts {
        let recorded = |given: bool| {
            let so = |entry: &&Entry| matches!(entry.stand, Stand::Recorded(a) if a.given.is_zero() != given);
            self.entries().filter(so).count()
        };
        let overdue = self.open(Urgency::Overdue);
        let to_come = self.open(Urgency::DueNow) + self.open(Urgency::DueSoon);
        Counts { given: recorded(true), not_given: recorded(false), overdue, to_come }
    }

    /// Something can be recorded now.
    pub fn is_open(&self) -> bool {
        self.open(Urgency::Overdue) + self.open(Urgency::DueNow) > 0
    }
}

/// None: it was recorded on a day that is not shown.
fn stand<'a>(facts: &'a Facts, dose: &DoseFile) -> Option<Stand<'a>> {
    let nothing = dose.level.amount.is_zero();
    Some(match (facts.standings.get(&dose.id), facts.orders.get(&dose.level.authorised_by)) {
        (Some(administration), _) => Stand::Recorded(administration),
        (None, _) if dose.recorded => return None,
        (None, _) if nothing && dose.level.undecided => Stand::Undecided,
        (None, Some(_)) if nothing => Stand::Suspended,
        (None, _) if nothing => Stand::NoDose,
        (None, _) => Stand::Open(facts.facility.windows.urgency(dose.due_at, facts.now)),
    })
}

/// The doses of the round; beside them whatever is late or due now of any other, and what was recorded during the round.
fn stands_here(facts: &Facts, round: RoundOf, dose: &DoseFile, stand: Stand) -> bool {
    let pressing = match stand {
        Stand::Open(urgency) => urgency != Urgency::DueSoon,
        Stand::Recorded(record) => recorded_during(facts, round, record),
        Stand::Undecided | Stand::NoDose | Stand::Suspended => false,
    };
    let just_recorded = facts.just_recorded.as_ref() == Some(&dose.id);
    pressing || just_recorded || round.has(dose.key.on, dose.key.slot, &facts.unit.rounds)
}

/// Whoever gives the next dose sees the one that was given late beside it.
fn recorded_during(facts: &Facts, round: RoundOf, record: &Administration) -> bool {
    let opens_at = |round: RoundOf| round.opens_at(facts.facility.zone, facts.facility.windows);
    (opens_at(round)..opens_at(round.next(&facts.unit.rounds))).contains(&record.recorded_at)
}

/// The doses of the page, by plan and day.
type Days<'a> = HashMap<(&'a str, NaiveDate), Vec<&'a DoseFile>>;

fn by_day(facts: &Facts) -> Days<'_> {
    let mut days = Days::new();
    for dose in &facts.doses {
        days.entry((dose.plan.as_str(), dose.key.on)).or_default().push(dose);
    }
    days
}

/// By the dose of the day before; where there is none, by the plan.
fn changed_from(facts: &Facts, dose: &DoseFile, days: &Days) -> Option<Amount> {
    let (slot, medicine) = (dose.key.slot, &dose.key.medicine);
    let same = |before: &&&DoseFile| before.key.slot == slot && before.key.medicine == *medicine;
    let day_before = days.get(&(dose.plan.as_str(), dose.key.on.pred_opt()?));
    let from = match day_before.and_then(|doses| doses.iter().find(same)) {
        Some(before) if before.level.authorised_by == dose.level.authorised_by => return None,
        Some(before) => before.level.amount,
        None => *facts.changed.get(&dose.id)?,
    };
    (from != dose.level.amount).then_some(from)
}
