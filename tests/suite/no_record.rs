//! Doses that nobody recorded: everywhere they have "no record" from the same minute on.

use chrono::TimeDelta;
use stepdown::care::letter::Kind;

use crate::browser_like::Served;
use crate::house::{House, RESIDENT, at, on_both};
use crate::smtp;
use crate::ward::{Ringer, of_kind, served_on_saturday};

/// Who says that Saturday's dose of 08:00 has no record.
fn said_by(house: &House, served: &Served, plan: &str) -> Vec<&'static str> {
    let supervisor = served.signed_in("supervisor");
    let mar = supervisor.get(&format!("/residents/{RESIDENT}/mar?month=2026-11")).text();
    let reduction = served.signed_in("pharmacist").get(&format!("/plans/{plan}/reductions/1"));
    let strip = reduction.attributes(".strip", "aria-label").concat();
    Ringer::new(&house.db, &smtp::nobody()).ring();
    let says = [
        ("letter", !of_kind(house, Kind::NoRecord).is_empty()),
        ("overview", supervisor.get("/overview").text().contains("1 dose with no record")),
        ("MAR", mar.contains("No record: nobody has written down")),
        ("evidence", reduction.text().contains("08:00, clonazepam 0.5 mg: no record")),
        ("strip", strip.contains("no record")),
    ];
    says.into_iter().filter(|(_, says)| *says).map(|(who, _)| who).collect()
}

/// Sheet and chart must not disagree: the longer of the window and the time of grace counts for all of them.
#[test]
fn a_dose_has_no_record_from_the_same_minute_on_wherever_it_is_told() {
    for (late, grace) in [(60, 120), (240, 120)] {
        on_both(|house| {
            let (served, plan) = served_on_saturday(house, "08:00:00");
            let set = format!("UPDATE facilities SET late_minutes = {late}, no_record_minutes = {grace}");
            house.plain_sql(&set).unwrap();
            let over = at("2026-11-21T08:00:00Z") + TimeDelta::minutes(late.max(grace));
            house.clock.set(over - TimeDelta::minutes(1));
            assert_eq!(said_by(house, &served, &plan), Vec::<&str>::new(), "a window of {late}, {grace} of grace");
            house.clock.set(over + TimeDelta::minutes(1));
            let all = ["letter", "overview", "MAR", "evidence", "strip"];
            assert_eq!(said_by(house, &served, &plan), all, "a window of {late}, {grace} of grace");
        });
    }
}
