//! The binary's own `plan preview`, asked as a person would ask it.

use std::process::Command;

use serde_json::Value;

/// What the binary answered.
pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {} {}", self.out, self.err))
    }
}

pub fn stepdown(arguments: &[&str]) -> Answer {
    let ran = Command::new(env!("CARGO_BIN_EXE_stepdown")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Answer { code: ran.status.code().unwrap(), out: text(ran.stdout), err: text(ran.stderr) }
}

/// `plan preview` from 23 November 2026, as JSON.
pub fn preview(arguments: &str) -> Answer {
    let mut all = vec!["plan", "preview", "--json"];
    all.extend(arguments.split_whitespace());
    if !arguments.contains("--start") {
        all.extend(["--start", "2026-11-23"]);
    }
    stepdown(&all)
}

/// A file in a folder of its own, which goes away with the first value.
pub fn file(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.csv");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

const CLONAZEPAM: &str = "--medicine clonazepam --dose 08:00=1mg --dose 20:00=1mg --protocol";

/// What cannot be planned exits with 2, with one sentence for people and its code for programs.
fn refused(arguments: &str) -> String {
    let answer = preview(arguments);
    assert_eq!(answer.code, 2, "{arguments}: {} {}", answer.out, answer.err);
    assert_eq!(answer.err.trim_end().lines().count(), 1, "{}", answer.err);
    let refused = answer.json()["refused"].clone();
    assert_eq!(refused["text"], answer.err.trim_end());
    refused["code"].as_str().unwrap().to_owned()
}

#[test]
fn bad_input_in_any_argument_is_refused_with_one_sentence() {
    let fixed = format!("{CLONAZEPAM} clonazepam-fixed");
    let one = |dose: &str| format!("--medicine clonazepam --dose {dose} --protocol clonazepam-fixed");
    for (arguments, code) in [
        (one("08:00=.5mg"), "amount_unreadable"),
        (one("08:00=1,5mg"), "amount_unreadable"),
        (one("08:00=500µg"), "amount_unit"),
        (one("08:00=-1mg"), "amount_unreadable"),
        (one("08:00=1e3"), "amount_unreadable"),
        (one("08:00=99999mg"), "amount_too_large"),
        (one("8=1mg"), "slot_unreadable"),
        (one("25:00=1mg"), "slot_unreadable"),
        (one("08:00"), "no_equals_sign"),
        (one("08:00=0mg"), "no_dose"),
        (one("08:00=0.3mg"), "dose_unmakeable"),
        (format!("{fixed} --dose 20:00=1mg"), "slot_twice"),
        (fixed.replace("clonazepam --dose", "clonazepan --dose"), "medicine_unknown"),
        (fixed.replace("clonazepam --dose", "diazepam --dose"), "protocol_medicine"),
        (format!("{CLONAZEPAM} moonlight"), "protocol_unknown"),
        (format!("{fixed} --set hold_days=10"), "setting_wrong"),
        (format!("{fixed} --set hold_days=7 --set hold_days=14"), "set_twice"),
        (format!("{fixed} --set speed=fast"), "setting_unknown"),
        (format!("{fixed} --set hold_days"), "no_equals_sign"),
        (format!("{fixed} --start 2026-02-30"), "date_unreadable"),
        (format!("{fixed} --start 23.11.2026"), "date_unreadable"),
        (format!("{fixed} --stay-at 2mg"), "goal_too_high"),
        (format!("{fixed} --stay-at 0.8mg"), "goal_unmakeable"),
        (format!("{fixed} --stay-at much"), "amount_unreadable"),
        (format!("{fixed} --with-liquids 309843"), "no_such_liquid"),
        (format!("{fixed} --products /no/such/file"), "file_unreadable"),
        (format!("{fixed} --steps /no/such/file"), "file_unreadable"),
        (format!("{CLONAZEPAM} table"), "steps_missing"),
        ("--medicine diazepam --dose 20:00=50mg --protocol fixed-by-band".to_owned(), "protocol_dose"),
    ] {
        assert_eq!(refused(&arguments), code, "{arguments}");
    }
}

#[test]
fn typed_steps_that_are_no_taper_are_refused() {
    for (table, code) in [
        ("days,08:00,20:00\n14,1,1\n,0,0\n", "step_repeats"),
        ("days,08:00,20:00\n14,1,1.5\n,0,0\n", "step_rises"),
        ("days,daily\n14,3\n,0\n", "step_rises"),
        ("days,08:00,12:00\n14,0.5,0.5\n,0,0\n", "step_slot"),
        ("days,08:00,20:00\n14,0.9,1\n,0,0\n", "step_unmakeable"),
        ("days,08:00,20:00\n14,0.1,1\n,0,0\n", "nothing_smaller"),
        ("days,08:00,20:00\n,0.5,1\n,0,0\n", "step_days"),
        ("days,08:00,20:00\n0,0.5,1\n,0,0\n", "step_days"),
        ("days,08:00,20:00\n14,0.5,1\n", "steps_end"),
        ("days,08:00,20:00\n14,0.5,.5\n,0,0\n", "steps_unreadable"),
        ("08:00,20:00\n0.5,1\n", "steps_unreadable"),
        ("", "steps_unreadable"),
    ] {
        let (_folder, path) = file(table);
        assert_eq!(refused(&format!("{CLONAZEPAM} table --steps {path}")), code, "{table}");
    }
    let (_folder, path) = file("days,daily\n14,1\n,0\n");
    assert_eq!(refused(&format!("{CLONAZEPAM} clonazepam-fixed --steps {path}")), "steps_unused");
}

#[test]
fn an_amount_may_move_from_one_slot_to_another_when_it_is_typed() {
    let (_folder, path) = file("days,08:00,20:00\n14,0.5,1.5\n14,0,1.5\n,0,0\n");
    let answer = preview(&format!("{CLONAZEPAM} by-hand --steps {path}")).json();
    assert_eq!(answer["steps"][0]["cut_percent"], 0.0);
    assert_eq!(answer["steps"][1]["doses"][0]["pieces"], Value::Array(vec![]));
    assert_eq!(answer["administrations"], 14 * 2 + 14);
}

#[test]
fn a_taper_may_end_above_0() {
    let answer = preview(&format!("{CLONAZEPAM} clonazepam-fixed --stay-at 1mg")).json();
    let steps = answer["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 2);
    assert_eq!((&steps[1]["daily_ug"], &steps[1]["least_days"]), (&1_000.into(), &Value::Null));
    assert_eq!(answer["ends_on"], "2026-12-07");
    let off_the_grid = preview(&format!("{CLONAZEPAM} clonazepam-fixed --stay-at 1.125mg")).json();
    assert_eq!(off_the_grid["steps"][1]["daily_ug"], 1_125);
}

/// A dose off the grid of 0.5 mg and 0.25 mg first lands on it.
#[test]
fn an_odd_dose_lands_on_the_grid_first() {
    for (dose, daily) in [("1.25", 1_000), ("1.75", 1_500), ("1.125", 1_000), ("0.875", 750), ("0.125", 0)] {
        let ask = format!("--medicine clonazepam --dose 20:00={dose}mg --protocol clonazepam-fixed");
        assert_eq!(preview(&ask).json()["steps"][0]["daily_ug"], daily, "{dose}");
    }
}

/// 10 % of 1.875 mg asks for 1.6875 mg, as far from 1.625 mg as from 1.75 mg.
#[test]
fn of_two_doses_as_near_the_higher_is_taken() {
    let ask = "--medicine clonazepam --dose 20:00=1.875mg --protocol percent-of-current --set round=nearest";
    assert_eq!(preview(ask).json()["steps"][0]["daily_ug"], 1_750);
}

/// 10 % of 1.001 mg is 100.1 micrograms: 901 are left where 900 could be made.
#[test]
fn a_cut_is_not_larger_than_asked_by_a_part_of_a_microgram() {
    let (_folder, path) = file("code,medicine,form,strength_ug,measure_ul\nfine,clonazepam,oral solution,1000,1\n");
    let ask = format!("--medicine clonazepam --dose 20:00=1.001mg --protocol percent-of-current --products {path}");
    assert_eq!(preview(&ask).json()["steps"][0]["daily_ug"], 901);
}

#[test]
fn a_taper_ends_within_the_calendar() {
    assert_eq!(refused(&format!("{CLONAZEPAM} clonazepam-fixed --start 9999-12-01")), "too_far_ahead");
}

#[test]
fn the_bands_of_diazepam_shrink_with_the_dose() {
    let ask = "--medicine diazepam --dose 20:00=24mg --protocol fixed-by-band --with-liquids 309843";
    let answer = preview(ask).json();
    let daily: Vec<u64> =
        answer["steps"].as_array().unwrap().iter().map(|step| step["daily_ug"].as_u64().unwrap() / 100).collect();
    assert_eq!(daily[..4], [220, 200, 190, 180]);
    assert_eq!(daily[11..], [100, 90, 80, 70, 60, 50, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0][..]);
}

/// The trap of the 5 mg/mL concentrate: where no liquid is named, 1 mg is 1 mL.
#[test]
fn a_liquid_that_nobody_named_is_never_the_concentrate() {
    let ask = "--medicine diazepam --dose 20:00=4.75mg --protocol label-fixed --set cut=0.25mg --with-liquids";
    let answer = preview(ask).json();
    assert_eq!(answer["steps"][0]["daily_ug"], 4_500);
    assert_eq!(answer["steps"][0]["doses"][0]["pieces"][0]["product"], "309843");
    assert_eq!(answer["steps"][0]["doses"][0]["pieces"][0]["volume_ul"], 4_500);
}

#[test]
fn the_protocols_are_listed_with_parameters_defaults_and_sources() {
    let answer = stepdown(&["plan", "protocols", "--json"]).json();
    let protocols = answer["protocols"].as_array().unwrap();
    assert_eq!(protocols.len(), 11);
    let fixed = protocols.iter().find(|protocol| protocol["id"] == "clonazepam-fixed").unwrap();
    assert!(fixed["citation"].as_str().unwrap().contains("Nardi"));
    assert_eq!(fixed["parameters"][0]["default"], "14");
    assert_eq!(fixed["parameters"][0]["one_of"][1], "7");
    assert!(stepdown(&["plan", "protocols"]).out.contains("hold_days = 14 (14 or 7 days)"));
}

#[test]
fn without_json_it_is_a_table_for_people() {
    let ask = format!("plan preview {CLONAZEPAM} clonazepam-fixed --start 2026-11-23");
    let answer = stepdown(&ask.split_whitespace().collect::<Vec<_>>());
    assert_eq!(answer.code, 0);
    assert!(
        answer.out.contains("1      Mon 23 Nov 2026   14     1.5 mg    from 2 mg to 1.5 mg, 25%"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains("Last step on 11 Jan 2027. 45.5 mg in 98 doses until then."));
    let refused = stepdown(&ask.replace("=1mg", "=.5mg").split_whitespace().collect::<Vec<_>>());
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
}
