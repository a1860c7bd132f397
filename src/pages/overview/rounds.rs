//! Overdue doses, the rounds of today, and how many doses were given on time.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{BAR_DAYS, Found};
use crate::care::calendar::{Slot, days_after};
use crate::care::facility::Unit;
use crate::care::round::due::{Urgency, round_of};
use crate::store::doses::DoseFile;
use crate::web::links;
use crate::web::parts::on_time::{OnTime, OnTimeFacts};
use crate::web::parts::progress::{Counts, Progress};
use crate::web::parts::span::span_text;
use crate::web::parts::{DoseView, Tag};

/// A dose whose window is over, and that may still be given.
pub struct Overdue {
    pub tag: Tag,
    pub surname: String,
    pub forename: String,
    pub place: String,
    pub medicine: String,
    pub dose: DoseView,
    pub due: String,
    pub href: String,
}

/// A round of a unit.
pub struct RoundLine {
    pub unit: String,
    pub round: String,
    pub progress: Progress,
    pub recorded: String,
    pub nurses: String,
}

/// The bars of a unit.
pub struct UnitBars {
    pub unit: String,
    pub whole: String,
    pub bars: OnTime,
}

/// So many percent of the doses of a day should be on time.
pub const TARGET: u8 = 95;

pub fn overdue(found: &Found) -> Vec<Overdue> {
    let asked_after = found.facility.no_record_before(found.now);
    let open = found.doses.iter().filter(|dose| is_overdue(found, dose) && dose.due_at >= asked_after);
    open.filter_map(|dose| overdue_line(found, dose)).collect()
}

fn is_overdue(found: &Found, dose: &DoseFile) -> bool {
    let open = !dose.recorded && !dose.level.amount.is_zero();
    open && found.facility.windows.urgency(dose.due_at, found.now) == Urgency::Overdue
}

fn overdue_line(found: &Found, dose: &DoseFile) -> Option<Overdue> {
    let resident = found.resident(&dose.resident)?;
    Some(Overdue {
        tag: Tag::overdue(match dose.level.undecided {
            true => "Decision needed".to_owned(),
            false => span_text(found.now - dose.due_at),
        }),
        surname: resident.surname.to_uppercase(),
        forename: resident.forename.clone(),
        place: format!("{} {}", found.unit(&resident.unit), resident.room),
        medicine: dose.key.medicine.to_string(),
        dose: DoseView::new(dose.level.amount),
        due: found.facility.zone.local(dose.due_at).format("%H:%M").to_string(),
        href: links::resident(&resident.id),
    })
}

/// The rounds of today in their order; a unit whose rounds are not set shows its slots.
pub fn rounds(found: &Found) -> Vec<RoundLine> {
    let mut rounds: BTreeMap<(Slot, &str, &str), Vec<&DoseFile>> = BTreeMap::new();
    for dose in found.doses_today() {
        if let Some(unit) = unit_of(found, dose) {
            let round = round_of(dose.key.slot, &unit.rounds).unwrap_or(dose.key.slot);
            rounds.entry((round, &unit.name, &unit.id)).or_default().push(dose);
        }
    }
    rounds.into_iter().map(|((round, unit, _), doses)| round_line(found, round, unit, &doses)).collect()
}

/// In which the resident lived when it was due.
fn unit_of<'a>(found: &'a Found, dose: &DoseFile) -> Option<&'a Unit> {
    let lived = found.lived.get(&dose.resident)?.at(dose.due_at);
    found.units.iter().find(|unit| unit.id == lived)
}

fn round_line(found: &Found, round: Slot, unit: &str, doses: &[&DoseFile]) -> RoundLine {
    let mut counts = Counts::default();
    let mut nurses: Vec<String> = Vec::new();
    for dose in doses {
        match found.standings.get(&dose.id) {
            Some(record) => {
                let given = record.outcome.takes();
                *(if given { &mut counts.given } else { &mut counts.not_given }) += 1;
                nurses.push(short_name(found.person(record.giver())));
            }
            None if is_overdue(found, dose) => counts.overdue += 1,
            None => counts.to_come += 1,
        }
    }
    nurses.sort();
    nurses.dedup();
    RoundLine {
        unit: unit.to_owned(),
        round: round.to_string(),
        progress: Progress::new(counts),
        recorded: format!("{} of {}", counts.recorded(), counts.all()),
        nurses: if nurses.is_empty() { "not started".to_owned() } else { nurses.join(", ") },
    }
}

/// `A. Diallo RN` of Amara Diallo RN, so that a column of names stays narrow.
fn short_name(name: &str) -> String {
    match (name.chars().next(), name.split_once(' ')) {
        (Some(initial), Some((_, rest))) => format!("{initial}.\u{a0}{}", rest.replace(' ', "\u{a0}")),
        _ => name.to_owned(),
    }
}

/// On time is what was given within the window, of all that was given and all that has no record. A dose that was
/// refused or withheld was not late.
pub fn bars(found: &Found) -> Vec<UnitBars> {
    (1..).zip(&found.units).map(|(nth, unit)| unit_bars(found, nth, unit)).collect()
}

fn unit_bars(found: &Found, nth: usize, unit: &Unit) -> UnitBars {
    let bars = &found.bars;
    let here = |day| (on(&bars.on_time, unit, day), on(&bars.given, unit, day) + unrecorded_on(found, unit, day));
    let days: Vec<(usize, usize)> = (0..BAR_DAYS as u32).map(|nth| here(days_after(bars.from, nth))).collect();
    let whole = days.iter().fold((0, 0), |sum, day| (sum.0 + day.0, sum.1 + day.1));
    let facts = OnTimeFacts {
        name: format!("bars-{nth}"),
        unit: unit.name.clone(),
        from_on: bars.from,
        percents: days.into_iter().map(percent).collect(),
        target: TARGET,
    };
    UnitBars {
        unit: unit.name.clone(),
        whole: percent(whole).map_or("no doses".to_owned(), |percent| format!("{percent}% over {BAR_DAYS} days")),
        bars: OnTime::new(&facts),
    }
}

fn on(given: &[crate::store::audit::GivenOnDay], unit: &Unit, day: NaiveDate) -> usize {
    given.iter().filter(|one| one.unit == unit.id && one.on == day).map(|one| one.count).sum()
}

fn unrecorded_on(found: &Found, unit: &Unit, day: NaiveDate) -> usize {
    let theirs = found.bars.unrecorded.iter().filter(|some| some.on == day && some.unit == unit.id);
    theirs.map(|some| some.count as usize).sum()
}

/// Never rounded up: 99.9 is not yet 100.
fn percent((part, all): (usize, usize)) -> Option<u8> {
    (part * 100).checked_div(all).map(|percent| u8::try_from(percent).unwrap_or(100))
}
