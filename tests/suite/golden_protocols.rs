//! Every other protocol, against tapers that were worked out by hand or by an independent computation: the file says how.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::preview::preview;

fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../golden/protocols.json")).unwrap()
}

/// One vector against the binary's own preview.
fn holds(vector: &Value) {
    let start: NaiveDate = "2026-11-23".parse().unwrap();
    let id = vector["id"].as_str().unwrap();
    let answer = preview(vector["arguments"].as_str().unwrap()).json();
    let (found, expected) = (answer["steps"].as_array().unwrap(), vector["steps"].as_array().unwrap());
    assert_eq!(found.len(), expected.len(), "{id}: {found:#?}");
    for (ours, theirs) in found.iter().zip(expected) {
        let starts_on = start + Days::new(theirs["start_day"].as_u64().unwrap() - 1);
        assert_eq!(ours["starts_on"], starts_on.to_string(), "{id}");
        assert_eq!(ours["daily_ug"], theirs["daily_ug"], "{id}");
        assert_eq!(ours["least_days"], theirs["days"], "{id}");
        assert_eq!(ours["free_days"], theirs["free_days"], "{id}");
    }
    let zero_on = start + Days::new(vector["zero_day"].as_u64().unwrap() - 1);
    assert_eq!(answer["ends_on"], zero_on.to_string(), "{id}");
    assert_eq!(answer["total_ug"], vector["total_ug"], "{id}");
    assert_eq!(answer["administrations"], vector["administrations"], "{id}");
}

#[test]
fn every_vector_holds_to_the_microgram_and_the_day() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 11);
    vectors.iter().for_each(holds);
}

#[test]
fn every_vector_says_how_it_was_derived() {
    assert!(vectors().iter().all(|vector| vector["derived"].as_str().unwrap().len() > 40));
}

/// The step of nights is compared by its average night: 7.5 mg on 7 nights, then on 6, is a seventh less.
#[test]
fn a_week_with_a_night_without_is_a_smaller_dose() {
    let answer = preview("--medicine temazepam --dose 22:00=30mg --protocol nights-without").json();
    let cuts: Vec<f64> =
        answer["steps"].as_array().unwrap()[3..].iter().map(|step| step["cut_percent"].as_f64().unwrap()).collect();
    assert_eq!(cuts, [14.29, 16.67, 20.0, 25.0, 33.33, 50.0, 100.0]);
    let flags = &answer["steps"][9]["flags"];
    assert!(flags.as_array().unwrap().iter().all(|flag| flag["code"] != "last_step"), "{flags}");
}

#[test]
fn nights_without_need_one_dose_a_day_and_lead_to_0() {
    for (ask, code) in
        [("--dose 22:00=15mg --dose 08:00=15mg", "nights_doses"), ("--dose 22:00=30mg --stay-at 7.5mg", "nights_goal")]
    {
        let refused = preview(&format!("--medicine temazepam {ask} --protocol nights-without"));
        assert_eq!((refused.code, refused.json()["refused"]["code"].as_str()), (2, Some(code)), "{ask}");
    }
    let halt = preview("--medicine zolpidem --dose 22:00=10mg --protocol nights-without");
    assert_eq!(halt.json()["refused"]["code"], "no_reduction_makeable");
}
