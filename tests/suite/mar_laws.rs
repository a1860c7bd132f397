//! Laws of the MAR: every dose of the month in exactly one cell, every record exactly once, whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use stepdown::care::absence::Away;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Slot, Zone, days_after};
use stepdown::care::facility::Facility;
use stepdown::care::medicine::Medicine;
use stepdown::care::round::mar::{Entry, Mar, MarAbsence, MarDose, MarFacts, MarRecord, Month, Stand};
use stepdown::care::round::outcome::Outcome;
use stepdown::care::taper::schedule::{DoseKey, DoseLevel};

const ZONES: [&str; 3] = ["Europe/London", "America/St_Johns", "Pacific/Apia"];

/// One dose and what was recorded of it, drawn by chance.
#[derive(Debug, Clone)]
struct Drawn {
    day: u32,
    slot: u32,
    medicine: u8,
    ug: u64,
    undecided: bool,
    outcomes: Vec<usize>,
    /// The last of its records was made in error.
    in_error: bool,
    /// The dose itself is gone, and its records are left.
    lost: bool,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let outcomes = prop::collection::vec(0..Outcome::ALL.len(), 0..3);
    let amount = prop_oneof![Just(0), Just(250), Just(750)];
    (0_u32..70, 0_u32..1440, 0_u8..2, amount, any::<bool>(), outcomes, any::<bool>(), prop::bool::weighted(0.1))
        .prop_map(|(day, slot, medicine, ug, undecided, outcomes, in_error, lost)| Drawn {
            day,
            slot,
            medicine,
            ug,
            undecided: undecided && outcomes.is_empty(),
            outcomes,
            in_error,
            lost,
        })
}

struct Ward {
    facility: Facility,
    doses: Vec<MarDose>,
    records: Vec<MarRecord>,
}

/// From the middle of October to the end of December, clocks changing.
fn ward(zone: &str, all: &[Drawn]) -> Ward {
    let zone: Zone = zone.parse().unwrap();
    let facility = Facility::new("alder".into(), "Alder House".into(), zone);
    let (mut doses, mut records) = (Vec::new(), Vec::new());
    for (n, drawn) in all.iter().enumerate() {
        let on = days_after(day("2026-10-20"), drawn.day);
        let slot: Slot = format!("{:02}:{:02}", drawn.slot / 60, drawn.slot % 60).parse().unwrap();
        let medicine = Medicine(format!("medicine-{}", drawn.medicine));
        let (key, due_at) = (DoseKey { on, slot, medicine }, zone.at(on, slot));
        let id = format!("dose-{n}");
        records
            .extend(drawn.outcomes.iter().enumerate().map(|(nth, outcome)| record(&id, nth, &key, due_at, *outcome)));
        if let Some(last) = records.last_mut().filter(|last: &&mut MarRecord| last.dose == id) {
            last.in_error = drawn.in_error;
        }
        if !drawn.lost || drawn.outcomes.is_empty() {
            let level = DoseLevel {
                amount: Amount::from_ug(drawn.ug),
                step: 0,
                authorised_by: "approval".into(),
                undecided: drawn.undecided,
            };
            doses.push(MarDose { id, key, due_at, level });
        }
    }
    Ward { facility, doses, records }
}

fn record(dose: &str, nth: usize, key: &DoseKey, due_at: DateTime<Utc>, outcome: usize) -> MarRecord {
    MarRecord {
        in_error: false,
        corrected: None,
        id: format!("{dose} record {nth}"),
        n: i64::try_from(nth).unwrap(),
        dose: dose.to_owned(),
        corrects: (nth > 0).then(|| format!("{dose} record {}", nth - 1)),
        key: key.clone(),
        due_at,
        outcome: Outcome::ALL[outcome],
        reason: String::new(),
        note: String::new(),
        planned: Amount::from_ug(750),
        given: Amount::ZERO,
        given_at: due_at + TimeDelta::minutes(5),
        by: "nurse".into(),
        witness: None,
        vomited: Vec::new(),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn mar(ward: &Ward, month: Month, absences: &[MarAbsence], levels: &BTreeMap<DoseKey, DoseLevel>) -> Mar {
    let now = "2026-11-20T08:12:00Z".parse().unwrap();
    let Ward { facility, doses, records } = ward;
    Mar::new(month, MarFacts { facility, doses, records, absences, levels, taken: &BTreeMap::new(), now })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_dose_of_the_month_stands_in_one_cell_and_every_record_once(
        all in prop::collection::vec(drawn(), 0..60),
        zone in prop::sample::select(&ZONES[..]),
        month in 10_u32..13,
    ) {
        let (ward, month) = (ward(zone, &all), Month::parse(&format!("2026-{month}")).unwrap());
        let mar = mar(&ward, month, &[], &BTreeMap::new());
        let mut shown: Vec<&str> = mar.entries().filter_map(|e| Some(e.dose.as_ref()?.id.as_str())).collect();
        let mut wanted: Vec<&str> = ward.doses.iter().filter(|d| month.has(d.key.on)).map(|d| d.id.as_str()).collect();
        shown.sort();
        wanted.sort();
        prop_assert_eq!(shown, wanted);
        let mut told: Vec<&str> = mar.entries().flat_map(|e| &e.records).map(|record| record.id.as_str()).collect();
        let mut kept: Vec<&str> =
            ward.records.iter().filter(|r| month.has(r.key.on)).map(|r| r.id.as_str()).collect();
        told.sort();
        kept.sort();
        prop_assert_eq!(told, kept);
        for row in &mar.rows {
            prop_assert_eq!(row.cells.len(), month.days().count());
            prop_assert_eq!(row.bands.iter().map(|band| band.days).sum::<usize>(), row.cells.len());
            for (on, cell) in month.days().zip(&row.cells) {
                let at_home = |e: &Entry| e.key == DoseKey { on, slot: row.slot, medicine: row.medicine.clone() };
                prop_assert!(cell.entries.iter().all(at_home));
            }
        }
    }

    #[test]
    fn what_was_not_given_as_ordered_has_a_note_and_notes_are_numbered_without_a_gap(
        all in prop::collection::vec(drawn(), 0..60),
    ) {
        let mar = mar(&ward("Europe/London", &all), Month::parse("2026-11").unwrap(), &[], &BTreeMap::new());
        let numbers: Vec<usize> = mar.notes().iter().filter_map(|entry| entry.note).collect();
        prop_assert_eq!(&numbers, &(1..=numbers.len()).collect::<Vec<_>>());
        for entry in mar.entries() {
            let missed = entry.standing().is_some_and(|record| record.outcome != Outcome::Given);
            let open = matches!(entry.stand, Stand::NoRecord | Stand::Undecided);
            prop_assert!(!(missed || open || !entry.corrected().is_empty()) || entry.note.is_some(), "{:?}", entry);
            prop_assert_eq!(entry.stand == Stand::Recorded, entry.standing().is_some());
            let in_error = entry.records.last().is_some_and(|last| last.in_error);
            prop_assert_eq!(entry.standing().is_some(), !entry.records.is_empty() && !in_error);
            prop_assert_eq!(entry.corrected().len() + usize::from(entry.standing().is_some()), entry.records.len());
        }
    }
}

#[test]
fn a_level_that_no_dose_was_laid_out_for_still_stands_above_its_days() {
    let ward = ward("Europe/London", &[]);
    let month = Month::parse("2026-11").unwrap();
    let level =
        |ug| DoseLevel { amount: Amount::from_ug(ug), step: 0, authorised_by: "approval".into(), undecided: false };
    let key = |on| DoseKey { on, slot: "08:00".parse().unwrap(), medicine: Medicine("clonazepam".into()) };
    let levels = month.days().skip(9).map(|on| (key(on), level(if on < day("2026-11-20") { 1000 } else { 750 })));
    let mar = mar(&ward, month, &[], &levels.collect());
    let bands: Vec<(usize, usize, Option<u64>)> = mar.rows[0]
        .bands
        .iter()
        .map(|band| (band.from, band.days, band.level.as_ref().map(|level| level.amount.ug())))
        .collect();
    assert_eq!(bands, [(0, 9, None), (9, 10, Some(1000)), (19, 11, Some(750))]);
    assert_eq!(mar.rows[0].bands[2].changed_from, Some(Amount::from_ug(1000)));
    assert_eq!(mar.rows[0].bands[1].changed_from, None);
}

#[test]
fn a_slot_at_which_the_resident_is_away_says_so() {
    let one = Drawn {
        day: 20,
        slot: 480,
        medicine: 0,
        ug: 750,
        undecided: false,
        outcomes: vec![0],
        in_error: false,
        lost: false,
    };
    let ward = ward("Europe/London", &[one]);
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let absence = MarAbsence {
        kind: Away::Hospital,
        left_at: at("2026-11-10T09:00:00Z"),
        back_at: Some(at("2026-11-12T08:00:00Z")),
    };
    let mar = mar(&ward, Month::parse("2026-11").unwrap(), &[absence], &BTreeMap::new());
    let away: BTreeSet<usize> =
        mar.rows[0].cells.iter().enumerate().filter(|(_, cell)| cell.away.is_some()).map(|(n, _)| n + 1).collect();
    assert_eq!(away, BTreeSet::from([11]));
}
