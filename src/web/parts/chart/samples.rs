//! Charts as they may come: empty, usual, longest, hostile.

use chrono::NaiveDate;

use super::{Breadth, Chart, ChartFacts, Equivalents, Level, ScoreFacts};
use crate::care::amount::Amount;
use crate::care::calendar::days_after;
use crate::care::medicine::equivalence::TableName;
use crate::care::taper::plan::Medicine;
use crate::web::parts::missed::Missed;

type Levels = Vec<Level>;

impl ChartFacts {
    pub fn samples() -> Vec<(&'static str, ChartFacts)> {
        vec![
            ("empty", empty()),
            ("usual", usual(Breadth::Wide)),
            ("usual beside a form", ChartFacts { name: "asked", until_on: day(2027, 1, 24), ..usual(Breadth::Narrow) }),
            (
                "one step",
                ChartFacts {
                    name: "one",
                    signed: levels(&[(day(2026, 8, 24), 2000)]),
                    planned: vec![],
                    ..usual(Breadth::Wide)
                },
            ),
            (
                "draft",
                ChartFacts {
                    name: "draft",
                    signed: vec![],
                    planned: whole_plan(),
                    waits: false,
                    asks: false,
                    ..empty()
                },
            ),
            ("cross-taper", crossing()),
            ("longest", longest()),
            (
                "hostile",
                ChartFacts {
                    name: "hostile",
                    resident: HOSTILE.into(),
                    medicine: Medicine(HOSTILE.into()),
                    ..usual(Breadth::Narrow)
                },
            ),
        ]
    }
}

impl Chart {
    pub fn samples() -> Vec<(&'static str, Chart)> {
        ChartFacts::samples().into_iter().map(|(name, facts)| (name, Chart::new(&facts))).collect()
    }
}

const HOSTILE: &str = "</title><script>alert('\"')</script>&amp;";

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("samples name days that exist")
}

fn levels(levels: &[(NaiveDate, u64)]) -> Levels {
    levels.iter().map(|(on, ug)| Level::plain(*on, Amount::from_ug(*ug))).collect()
}

fn empty() -> ChartFacts {
    ChartFacts {
        name: "empty",
        medicine: Medicine("clonazepam".into()),
        equivalents: None,
        resident: "HALVORSEN, Margit".into(),
        from_on: day(2026, 8, 24),
        until_on: day(2027, 7, 26),
        today: day(2026, 11, 20),
        signed: vec![],
        planned: vec![],
        waits: true,
        asks: true,
        holds: vec![],
        away: vec![],
        not_given: vec![],
        as_needed: vec![],
        scores: ScoreFacts::default(),
        breadth: Breadth::Wide,
    }
}

/// A taper of clonazepam a third of the way down, held once.
fn usual(breadth: Breadth) -> ChartFacts {
    let signed = [
        (day(2026, 8, 24), 2000),
        (day(2026, 9, 7), 1875),
        (day(2026, 9, 21), 1750),
        (day(2026, 10, 5), 1625),
        (day(2026, 11, 2), 1500),
    ];
    let missed =
        [Missed::Refused, Missed::Withheld, Missed::Absent, Missed::NoRecord, Missed::Refused, Missed::Withheld];
    let days =
        [day(2026, 10, 9), day(2026, 10, 16), day(2026, 11, 1), day(2026, 11, 5), day(2026, 11, 10), day(2026, 11, 14)];
    ChartFacts {
        name: "usual",
        signed: levels(&signed),
        planned: going_down(day(2026, 11, 23), 1375, 125, 21),
        asks: breadth == Breadth::Narrow,
        holds: vec![(day(2026, 10, 19), day(2026, 11, 2))],
        away: vec![(day(2026, 9, 11), Some(day(2026, 9, 17)))],
        not_given: days.into_iter().zip(missed).collect(),
        as_needed: [day(2026, 11, 13), day(2026, 11, 14), day(2026, 11, 18)].map(|on| (on, lorazepam())).into(),
        scores: scores(&[9, 8, 14, 11, 16, 13, 24, 34, 29, 21, 22, 18, 16]),
        breadth,
        ..empty()
    }
}

fn lorazepam() -> Medicine {
    Medicine("lorazepam".into())
}

/// 2 mg of clonazepam for 40 mg of diazepam; the night has been swapped.
fn crossing() -> ChartFacts {
    let level = |on, mg: u64, words: &str| Level { on, amount: Amount::from_ug(mg * 1000), words: words.into() };
    let both = "1 mg clonazepam and 20 mg diazepam";
    ChartFacts {
        name: "crossing",
        equivalents: Some(Equivalents {
            with: Medicine("diazepam".into()),
            table: TableName { id: "ashton-2002".into(), version: "1".into() },
        }),
        signed: vec![level(day(2026, 8, 24), 40, "2 mg clonazepam"), level(day(2026, 11, 2), 40, both)],
        planned: vec![
            level(day(2026, 11, 23), 40, "40 mg diazepam"),
            level(day(2026, 12, 14), 30, "30 mg diazepam"),
            level(day(2027, 2, 1), 20, "20 mg diazepam"),
            level(day(2027, 4, 5), 0, "0 mg"),
        ],
        ..usual(Breadth::Wide)
    }
}

fn whole_plan() -> Levels {
    going_down(day(2026, 8, 24), 2000, 125, 21)
}

/// Three hundred steps over eleven years, and more doses missed than there are places for letters.
fn longest() -> ChartFacts {
    let all = going_down(day(2020, 1, 6), 29_900, 100, 14);
    let (signed, planned) = all.split_at(150);
    let missed =
        (0..400).map(|nth| (days_after(day(2020, 1, 8), nth * 5), Missed::ALL[nth as usize % Missed::ALL.len()]));
    ChartFacts {
        name: "longest",
        resident: "VAN DER BERGH-WOLFESCHLEGELSTEINHAUSENBERGERDORFF, Wilhelmina Alexandrina".repeat(3),
        from_on: day(2020, 1, 6),
        until_on: day(2031, 7, 21),
        today: day(2025, 10, 3),
        signed: signed.to_vec(),
        planned: planned.to_vec(),
        holds: (0..20)
            .map(|nth| (days_after(day(2020, 3, 1), nth * 90), days_after(day(2020, 3, 15), nth * 90)))
            .collect(),
        away: vec![(day(2021, 2, 1), Some(day(2021, 6, 1))), (day(2025, 9, 30), None)],
        not_given: missed.collect(),
        as_needed: (0..90).map(|nth| (days_after(day(2020, 1, 8), nth * 20), lorazepam())).collect(),
        scores: scores(&(0..280).map(|nth| nth % 81).collect::<Vec<_>>()),
        asks: false,
        ..empty()
    }
}

/// One a week from the beginning of September on.
fn scores(totals: &[i32]) -> ScoreFacts {
    let on = |nth: usize| days_after(day(2026, 8, 27), 7 * u32::try_from(nth).expect("samples are short"));
    let totals = totals.iter().enumerate().map(|(nth, total)| (on(nth), *total)).collect();
    ScoreFacts { most: 80, totals }
}

/// Even steps down to 0 mg, all equally long.
fn going_down(first_on: NaiveDate, from_ug: u64, by_ug: u64, days: u32) -> Levels {
    let steps = u32::try_from(from_ug / by_ug).expect("samples are short");
    let amount = |nth: u32| Amount::from_ug(from_ug - u64::from(nth) * by_ug);
    let level = |nth: u32| Level::plain(days_after(first_on, nth * days), amount(nth));
    (0..=steps).map(level).collect()
}
