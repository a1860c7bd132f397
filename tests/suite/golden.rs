//! Published tapers, worked out by hand from their sources, against the binary's preview.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::preview::{file, preview};

fn vector(id: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../golden/tapers.json")).unwrap();
    all.as_array().unwrap().iter().find(|vector| vector["id"] == id).unwrap().clone()
}

/// What the binary's preview must say of the vector's steps, the first of which starts on `first_day`.
fn agrees(id: &str, steps: &[Value], answer: &Value) {
    let start: NaiveDate = "2026-11-23".parse().unwrap();
    let first_day = steps[0]["start_day"].as_u64().unwrap();
    let found = answer["steps"].as_array().unwrap();
    assert_eq!(found.len(), steps.len(), "{id}");
    for (ours, theirs) in found.iter().zip(steps) {
        let starts_on = start + Days::new(theirs["start_day"].as_u64().unwrap() - first_day);
        assert_eq!(ours["starts_on"], starts_on.to_string(), "{id}");
        assert_eq!(ours["daily_ug"], theirs["daily_total_ug"], "{id}");
        assert_eq!(ours["least_days"], theirs["days"], "{id}");
        assert_eq!(ours["cut_percent"], theirs["pct_cut_vs_previous"], "{id}");
        assert_eq!(ours["cut_percent_14_days"], theirs["pct_cut_vs_14_days_earlier"], "{id}");
        adds_up(ours);
    }
    assert_eq!(answer["ends_on"], found.last().unwrap()["starts_on"], "{id}");
    assert_eq!(answer["stalls"], Value::Array(vec![]), "{id}");
}

fn adds_up(step: &Value) {
    let sum =
        |of: &Value, what: &str| of.as_array().unwrap().iter().map(|each| each[what].as_u64().unwrap()).sum::<u64>();
    let doses = step["doses"].as_array().unwrap();
    assert!(doses.iter().all(|dose| sum(&dose["pieces"], "amount_ug") == dose["amount_ug"]));
    assert_eq!(step["daily_ug"], sum(&step["doses"], "amount_ug"));
}

/// The steps that fall by more than 25 % in 14 days, the stop left out.
fn steep(answer: &Value) -> Vec<u64> {
    let steps = answer["steps"].as_array().unwrap();
    let flagged = |step: &&Value| {
        step["flags"].as_array().unwrap().iter().any(|flag| flag["code"] == "over_25_percent_in_14_days")
    };
    steps.iter().filter(flagged).map(|step| step["ordinal"].as_u64().unwrap()).collect()
}

fn steps(vector: &Value) -> Vec<Value> {
    vector["steps"].as_array().unwrap().clone()
}

/// Dates, daily amounts, days, percentages, total, administrations and steep steps of one vector.
fn whole(id: &str, arguments: &str, slots: u64) {
    let vector = vector(id);
    let answer = preview(arguments).json();
    agrees(id, &steps(&vector), &answer);
    let total_ug = (vector["expected_total_mg"].as_f64().unwrap() * 1000.0).round() as u64;
    assert_eq!(answer["total_ug"], total_ug, "{id}");
    let days = vector["taper_days_to_first_zero_day"].as_u64().unwrap();
    assert_eq!(answer["administrations"], days * slots, "{id}");
    assert_eq!(Value::from(steep(&answer)), vector["steps_over_asam_25pct_per_14d_excluding_stop"], "{id}");
}

#[test]
fn gv1a_the_label_of_clonazepam() {
    let arguments = "--medicine clonazepam --dose 08:00=0.5mg --dose 20:00=0.5mg --protocol label-fixed";
    whole("GV1a", arguments, 2);
    let vector = vector("GV1a");
    for (ours, theirs) in preview(arguments).json()["steps"].as_array().unwrap().iter().zip(steps(&vector)) {
        assert_eq!(ours["doses"][0]["amount_ug"], theirs["doses_ug"]["AM"]);
        assert_eq!(ours["doses"][1]["amount_ug"], theirs["doses_ug"]["PM"]);
    }
}

#[test]
fn gv2_clonazepam_by_fixed_amounts_with_either_reading_of_the_hold() {
    let from = |mg, hold| {
        format!("--medicine clonazepam --dose 20:00={mg}mg --protocol clonazepam-fixed --set hold_days={hold}")
    };
    whole("GV2a", &from(3, 14), 1);
    whole("GV2b", &from(2, 14), 1);
    whole("GV2c", &from(2, 7), 1);
}

#[test]
fn gv2b_divided_over_two_slots_keeps_them_even() {
    let answer = preview(
        "--medicine clonazepam --dose 08:00=1mg --dose 20:00=1mg --protocol clonazepam-fixed --set hold_days=14",
    )
    .json();
    agrees("GV2b", &steps(&vector("GV2b")), &answer);
    assert_eq!((&answer["total_ug"], &answer["administrations"]), (&45_500.into(), &98.into()));
    for step in answer["steps"].as_array().unwrap() {
        assert_eq!(step["doses"][0]["amount_ug"], step["doses"][1]["amount_ug"]);
    }
}

/// Day 1 to 7 is the baseline; the first reduction is on day 8.
#[test]
fn gv3_the_26_week_table_seen_from_its_first_reduction() {
    let vector = vector("GV3");
    let reductions = &steps(&vector)[1..];
    let mut table = "days,daily\n".to_owned();
    for step in reductions {
        let days = step["days"].as_u64().map(|days| days.to_string()).unwrap_or_default();
        table += &format!("{days},{} micrograms\n", step["daily_total_ug"]);
    }
    let (_folder, path) = file(&table);
    let ask = format!("--medicine diazepam --dose 20:00=15mg --protocol table --steps {path}");
    let answer = preview(&format!("{ask} --with-liquids 309843")).json();
    agrees("GV3", reductions, &answer);
    assert_eq!((&answer["total_ug"], &answer["administrations"]), (&591_500.into(), &168.into()));
    let shifted: Vec<u64> = steep(&answer).iter().map(|ordinal| ordinal + 1).collect();
    assert_eq!(Value::from(shifted), vector["steps_over_asam_25pct_per_14d_excluding_stop"]);
    let pieces = &answer["steps"][3]["doses"][0]["pieces"];
    assert_eq!((&pieces[0]["product"], &pieces[0]["volume_ul"]), (&"309843".into(), &4_750.into()));

    let tablets_only = preview(&ask);
    assert_eq!(tablets_only.code, 2);
    assert_eq!(tablets_only.json()["refused"]["code"], "step_unmakeable");
}

#[test]
fn gv6_capsules_of_temazepam_and_the_half_step_they_cannot_make() {
    let strengths = [7_500, 15_000, 22_500, 30_000].map(|ug| format!("c{ug},temazepam,capsule,{ug}\n"));
    let (_folder, capsules) = file(&format!("code,medicine,form,strength_ug\n{}", strengths.concat()));
    let ask = format!("--medicine temazepam --dose 22:00=30mg --products {capsules} --protocol");
    whole("GV6", &format!("{ask} percent-of-initial"), 1);
    whole("GV6", "--medicine temazepam --dose 22:00=30mg --protocol percent-of-initial", 1);

    let (_folder, path) = file("days,22:00\n14,22.5\n14,15\n14,7.5\n14,3.75\n,0\n");
    let refused = preview(&format!("{ask} table --steps {path}"));
    assert_eq!((refused.code, refused.json()["refused"]["code"].as_str()), (2, Some("nothing_smaller")));
    for offered in ["3.75\u{a0}mg", "7.5\u{a0}mg", "drug-free nights"] {
        assert!(refused.err.contains(offered), "{}", refused.err);
    }
    let eighths = preview(&format!("{ask} percent-of-initial --set percent=12.5"));
    assert_eq!((eighths.code, eighths.json()["refused"]["code"].as_str()), (2, Some("no_reduction_makeable")));
}

/// Where the same amount comes twice the steps are merged and the stall is listed.
#[test]
fn gv7_ten_percent_of_the_current_dose_lists_its_stalls() {
    let vector = vector("GV7");
    let answer = preview(
        "--medicine clonazepam --dose 20:00=2mg --protocol percent-of-current --set percent=10 --set days=14 --set round=nearest",
    )
    .json();
    let mut turns = Vec::new();
    for step in answer["steps"].as_array().unwrap() {
        let turn = step["least_days"].as_u64().unwrap_or(0) / 14;
        turns.extend(vec![step["daily_ug"].clone(); turn as usize]);
        adds_up(step);
    }
    let grid = vector["rounded_to_125ug_grid"].as_array().unwrap();
    assert_eq!(&turns[..grid.len()], &grid[..]);
    assert_eq!(answer["steps"].as_array().unwrap().last().unwrap()["daily_ug"], 0);
    let stalled: Vec<u64> =
        answer["stalls"].as_array().unwrap().iter().map(|stall| stall["ordinal"].as_u64().unwrap()).collect();
    assert_eq!(stalled, [5, 8, 9, 10, 11, 12, 13]);
}

/// The cut is taken of the dose actually made and never larger than asked, so the series ends where 10 % is less than the
/// smallest piece: for good, with `ends_on` empty.
#[test]
fn gv7_rounded_up_comes_to_a_halt_and_says_so() {
    let answer = preview("--medicine clonazepam --dose 20:00=2mg --protocol percent-of-current").json();
    let daily: Vec<u64> =
        answer["steps"].as_array().unwrap().iter().map(|step| step["daily_ug"].as_u64().unwrap()).collect();
    assert_eq!(daily, [1_875, 1_750, 1_625, 1_500, 1_375, 1_250, 1_125]);
    assert_eq!(answer["ends_on"], Value::Null);
    assert_eq!(answer["stalls"][0]["code"], "for_good");
}
