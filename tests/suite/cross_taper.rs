//! Cross-tapers: swapped time by time with constant equivalents, confirmed by a person, and one plan for both medicines.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Slot, days_after};
use stepdown::care::catalogue::Catalogue;
use stepdown::care::medicine::conversion::{Conversion, Converted};
use stepdown::care::medicine::product::Products;
use stepdown::care::medicine::shelves::Shelves;
use stepdown::care::medicine::tablets::Shelf;
use stepdown::care::refusal::Refusal;
use stepdown::care::taper::cross::{self, CrossAsk};
use stepdown::care::taper::plan::{Medicine, Step};
use stepdown::care::taper::preview::Preview;
use stepdown::care::taper::protocol::draft::{Ask, Draft};

use crate::browser_like::{Served, Shown};
use crate::desk::{approve, id_of, laid, open, propose, record_baseline, save, sign, written};
use crate::house::{House, on_both};

fn medicine(name: &str) -> Medicine {
    Medicine(name.to_owned())
}

fn shelf(name: &str) -> Shelf {
    Shelf::plain(Products::ours(), &medicine(name))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Clonazepam to diazepam by Ashton's table, each dose with what was confirmed for it; then by `protocol`.
pub fn crossed(doses: &[(Slot, u64, u64)], halves: bool, protocol: &str) -> Result<(Draft, Shelves), Refusal> {
    let (from, to, table) = (medicine("clonazepam"), medicine("diazepam"), Catalogue::ours().table("ashton-2002")?);
    let (from_shelf, to_shelf) = (shelf("clonazepam"), shelf("diazepam"));
    let dose = |(slot, from, to): &(Slot, u64, u64)| Converted {
        slot: *slot,
        from: Amount::from_ug(*from),
        to: Amount::from_ug(*to),
    };
    let made = Conversion::new(&from, &to, table, doses.iter().map(dose).collect())?;
    let conversion = Conversion { halves, ..made };
    let then = Ask {
        medicine: &to,
        today: conversion.doses.iter().map(|dose| (dose.slot, dose.to)).collect(),
        chosen: &BTreeMap::new(),
        first_reduction_on: day("2026-11-23"),
        shelf: &to_shelf,
        goal: Amount::ZERO,
        typed: &[],
        free_nights: 0,
    };
    let ask = CrossAsk { conversion: &conversion, shelf: &from_shelf, then };
    let draft = cross::draft(Catalogue::ours().protocol(protocol)?, &ask)?;
    Ok((draft, [(from, from_shelf), (to, to_shelf)].into_iter().collect()))
}

pub fn slot(text: &str) -> Slot {
    text.parse().unwrap()
}

/// The doses of a step in words, in the order of the day.
fn told(step: &Step) -> Vec<String> {
    let dose = |dose: stepdown::care::taper::plan::PlannedDose| {
        format!("{} {} {}", dose.slot, dose.amount.number(), dose.medicine)
    };
    step.regimen().doses().map(dose).collect()
}

/// By hand: 1 mg in the morning and 1 mg at night, each for 20 mg of diazepam. The night goes first, by halves.
#[test]
fn slot_by_slot_the_night_first() {
    let (draft, _) =
        crossed(&[(slot("08:00"), 1_000, 20_000), (slot("22:00"), 1_000, 20_000)], true, "percent-of-initial").unwrap();
    let steps: Vec<_> = draft.steps.iter().take(5).map(told).collect();
    assert_eq!(steps[0], ["08:00 1 clonazepam", "22:00 0.5 clonazepam", "22:00 10 diazepam"]);
    assert_eq!(steps[1], ["08:00 1 clonazepam", "22:00 0 clonazepam", "22:00 20 diazepam"]);
    let third = ["08:00 0.5 clonazepam", "08:00 10 diazepam", "22:00 0 clonazepam", "22:00 20 diazepam"];
    assert_eq!(steps[2], third);
    assert_eq!(steps[3], ["08:00 0 clonazepam", "08:00 20 diazepam", "22:00 0 clonazepam", "22:00 20 diazepam"]);
    assert_eq!(draft.steps[3].daily(), Amount::from_ug(40_000));
    assert_eq!(draft.steps[4].daily(), Amount::from_ug(30_000));
    let days: Vec<_> = draft.steps.iter().take(6).map(|step| step.planned_on.to_string()).collect();
    assert_eq!(days, ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2027-01-04"]);
    assert!(draft.reaches_goal);
}

#[test]
fn a_half_that_cannot_be_made_is_refused_and_the_whole_is_not() {
    let doses = [(slot("22:00"), 125, 5_000)];
    assert!(matches!(crossed(&doses, true, "percent-of-initial"), Err(Refusal::HalfUnmakeable { .. })));
    assert!(crossed(&doses, false, "percent-of-initial").is_ok());
    let unmade = [(slot("22:00"), 500, 3_000)];
    assert!(
        matches!(crossed(&unmade, false, "percent-of-initial"), Err(Refusal::DoseUnmakeable { medicine, .. }) if medicine == "diazepam")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// The equivalents are constant through the swaps under what was confirmed, whatever that was; nothing rises after; days
    /// abut; everything can be made; and the old medicine is gone for good.
    #[test]
    fn equivalents_are_constant_through_the_swaps(
        doses in prop::collection::btree_map(0u32..24, (1u64..24, 1u64..12), 1..5),
        halves in any::<bool>(),
    ) {
        let doses: Vec<_> = doses
            .into_iter()
            .map(|(hour, (from, to))| (slot(&format!("{hour:02}:00")), from * 250, to * 2_000))
            .collect();
        let Ok((draft, shelves)) = crossed(&doses, halves, "percent-of-current-with-floor") else { return Ok(()) };
        let conversion = draft.conversion.as_ref().unwrap();
        let whole = Amount::from_ug(doses.iter().map(|(_, _, to)| to).sum());
        let old = |step: &Step| step.regimen().medicines().contains(&conversion.from);
        let swaps = doses.len() * if halves { 2 } else { 1 };
        prop_assert_eq!(draft.steps.iter().filter(|step| old(step)).count(), swaps);
        let mut before = (day("2026-11-23"), whole.into());
        for (at, step) in draft.steps.iter().enumerate() {
            let average = step.average(Some(conversion));
            prop_assert_eq!(step.planned_on, before.0);
            prop_assert_eq!(step.ordinal as usize, at + 1);
            prop_assert_eq!(at < swaps, old(step));
            let kept = average == before.1 && average == whole.into();
            prop_assert!(if at < swaps { kept } else { average < before.1 }, "step {}", step.ordinal);
            for dose in step.regimen().doses() {
                let made = dose.amount.is_zero() || shelves.of(&dose.medicine).pieces(dose.amount).is_some();
                prop_assert!(made, "{} {}", dose.amount, dose.medicine);
            }
            before = (days_after(step.planned_on, step.least_days.unwrap_or(0)), average);
        }
        let preview = Preview::of(&draft, &shelves).unwrap();
        let flagged = |step: &stepdown::care::taper::preview::StepPreview| step.flags().next().is_some();
        prop_assert!(!preview.steps[..swaps].iter().any(flagged), "a swap lowers nothing");
    }
}

const CROSS: [(&str, &str); 9] = [
    ("to", "diazepam"),
    ("table", "va-dod-2021"),
    ("converted_1", "10 mg"),
    ("converted_2", "10 mg"),
    ("swap_days", "7"),
    ("confirmed", "clonazepam 08:00 1 20:00 1 diazepam"),
    ("protocol", "percent-of-initial"),
    ("first_reduction_on", "2026-11-23"),
    ("goal", "0 mg"),
];

fn cross_with<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = CROSS.into_iter().filter(|(name, _)| other.iter().all(|(field, _)| field != name));
    kept.chain(other.iter().copied()).collect()
}

/// A house that stocks diazepam too.
pub fn crossing(house: &House) -> Served {
    let served = open(house);
    let stock = "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197590', true), ('alder', '197591', false)";
    house.plain_sql(stock).unwrap();
    served
}

/// Spaces that do not break are spaces to whoever reads.
pub fn says(shown: &Shown, words: &str) {
    let text = shown.text();
    assert!(text.contains(&words.replace('\u{a0}', " ")), "{words} in {text}");
}

#[test]
fn the_form_shows_every_table_before_anybody_confirms() {
    on_both(|house| {
        let served = crossing(house);
        let prescriber = served.signed_in("prescriber");
        // The new doses are asked for once there is something to compare.
        let shown = propose(&prescriber, "tables", &[("to", "diazepam")]);
        assert_eq!(shown.status, 200);
        for words in
            ["Ashton 2002", "VA/DoD 2021", "NHS Scotland", "NSW Health 2022", "ClinCalc", "13.333\u{a0}mg, rounded"]
        {
            says(&shown, words);
        }
    });
}

#[test]
fn an_equivalence_nobody_confirmed_is_refused_and_saves_nothing() {
    on_both(|house| {
        let served = crossing(house);
        let prescriber = served.signed_in("prescriber");
        let before = written(house);
        for (other, words) in [
            (("confirmed", ""), "Nobody has confirmed the converted doses"),
            (("converted_2", ""), "Write the dose of the new medicine"),
            (("converted_2", "0 mg"), "Write the dose of the new medicine"),
            (("table", ""), "Choose the table"),
            (("table", "moonlight"), "There is no equivalence table"),
            (("swap_days", "1"), "Each swap lasts from 3 to 28 days"),
            (("to", "clonazepam"), "A cross-taper goes to another medicine"),
        ] {
            let first = propose(&prescriber, "tables", &[("to", "diazepam")]);
            let mut fields = crate::desk::draft_with(&cross_with(&[other]));
            fields.push(("do", "check"));
            let refused = prescriber.fill(&first, "/plans/new", &fields);
            assert_eq!(refused.status, 422, "{other:?}");
            says(&refused, words);
        }
        assert_eq!(written(house), before);
    });
}

/// Whoever compared the tables for one medicine and one dose has compared nothing else.
#[test]
fn a_confirmation_stands_for_what_was_compared_and_for_nothing_else() {
    on_both(|house| {
        let served = crossing(house);
        let prescriber = served.signed_in("prescriber");
        let before = written(house);
        let first = propose(&prescriber, "tables", &[("to", "diazepam")]);
        let ticked = |other: &[(&str, &str)], wish| {
            let mut fields = crate::desk::draft_with(&cross_with(other));
            fields.push(("do", wish));
            prescriber.fill(&first, "/plans/new", &fields)
        };
        assert!(ticked(&[], "tables").has("input[name=confirmed][checked]"), "the same again stays confirmed");
        for other in [("to", "lorazepam"), ("dose_1", "1.5 mg"), ("slot_2", "21:00")] {
            let tables = ticked(&[other], "tables");
            assert!(tables.has("input[name=confirmed]") && !tables.has("input[name=confirmed][checked]"), "{other:?}");
            let refused = ticked(&[other], "check");
            assert_eq!(refused.status, 422, "{other:?}");
            // Nothing of lorazepam is stocked, which is said first.
            if other.0 != "to" {
                says(&refused, "Nobody has confirmed the converted doses");
            }
        }
        assert_eq!(written(house), before);
    });
}

/// Fills in the form as it stands once the tables are shown.
pub fn saved(served: &Served, other: &[(&str, &str)]) -> String {
    let prescriber = served.signed_in("prescriber");
    let first = propose(&prescriber, "tables", &[("to", "diazepam")]);
    let mut fields = crate::desk::draft_with(&cross_with(other));
    fields.push(("do", "check"));
    let saved = prescriber.fill(&first, "/plans/new", &fields);
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(record_baseline(&prescriber, saved.location(), &[]).status, 303);
    saved.location().to_owned()
}

#[test]
fn a_cross_taper_lays_out_both_medicines_and_keeps_who_confirmed() {
    on_both(|house| {
        let served = crossing(house);
        let plan = saved(&served, &[]);
        let prescriber = served.signed_in("prescriber");
        says(&prescriber.get(&plan), "1\u{a0}mg clonazepam and 10\u{a0}mg diazepam");
        assert_eq!(approve(&prescriber, &plan).status, 303);
        let file = house.db.read(|conn| stepdown::store::plans::plan_load(conn, id_of(&plan))).unwrap();
        let conversion = file.plan.conversion.unwrap();
        assert_eq!((conversion.table.id.as_str(), conversion.table.version.as_str()), ("va-dod-2021", "1"));
        assert_eq!(conversion.confirmed_by, "prescriber");
        let pharmacist = served.signed_in("pharmacist");
        let signed = sign(&pharmacist, &format!("{plan}/reductions/1"), 1);
        assert_eq!(signed.status, 303, "{}", signed.text());
        let rows: Vec<String> = laid(house, &plan, day("2026-11-23"))
            .iter()
            .filter(|dose| dose.key.on == day("2026-11-23"))
            .map(|dose| format!("{} {} {}", dose.key.slot, dose.level.amount.number(), dose.key.medicine))
            .collect();
        assert_eq!(rows, ["08:00 1 clonazepam", "20:00 0 clonazepam", "20:00 10 diazepam"]);
        says(
            &pharmacist.get(&format!("{plan}/reductions/1")),
            "from 2\u{a0}mg clonazepam to 1\u{a0}mg clonazepam and 10\u{a0}mg diazepam",
        );
    });
}

/// P17: neither of a cross-taper's medicines is in another running plan, whichever came first.
#[test]
fn one_running_plan_holds_both_medicines() {
    on_both(|house| {
        let served = crossing(house);
        let prescriber = served.signed_in("prescriber");
        let diazepam = [
            ("medicine", "diazepam"),
            ("dose_1", "2 mg"),
            ("dose_2", "2 mg"),
            ("protocol", "percent-of-initial"),
            ("percent-of-initial.percent", "25"),
        ];
        let cross = saved(&served, &[]);
        let other = save(&prescriber, &diazepam);
        assert_eq!(approve(&prescriber, &cross).status, 303);
        let refused = approve(&prescriber, &other);
        assert_eq!(refused.status, 422);
        says(&refused, "diazepam");
        let row = "INSERT INTO plan_medicines (plan, resident, medicine, running)
            SELECT id, resident, 'diazepam', true FROM plans WHERE state = 'draft'";
        assert!(house.plain_sql(row).is_err(), "the database keeps it too");
    });
}
