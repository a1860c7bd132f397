//! Every line that the pack prints can be typed in, with who gave it; and nothing is called printed that was not.

use super::{PAPER, enter, line};
use crate::absences::leaves;
use crate::browser_like::{Served, Visitor};
use crate::deciding::decide;
use crate::desk;
use crate::house::{House, at, on_both};
use crate::pages::keeps_the_laws;
use crate::ward;

/// A resident has 0.5 mg at 08:00 and 20:00 from this Saturday on; Tom gives from the paper, Nora types it in.
struct Saturday<'a> {
    house: &'a House,
    served: Served,
    plan: String,
}

fn saturday<'a>(house: &'a House, time: &str) -> Saturday<'a> {
    let (served, plan) = ward::served_on_saturday(house, time);
    for sql in [
        "INSERT INTO people (id, username, name, registration, email, password_hash)
         SELECT 'tom', 'tom', 'Tom Fielding RN', '', '', password_hash FROM people WHERE id = 'nurse'",
        "INSERT INTO memberships (id, person, facility, role) VALUES ('m-tom', 'tom', 'alder', 'nurse')",
    ] {
        house.plain_sql(sql).unwrap();
    }
    Saturday { house, served, plan }
}

impl Saturday<'_> {
    fn clock(&self, time: &str) {
        self.house.clock.set(at(&format!("2026-11-21T{time}:00Z")));
    }

    /// The last entry of a pack that is printed now.
    fn entry(&self) -> i64 {
        self.house.count("history")
    }

    /// It is back, and she types at once.
    fn nora(&self, until: &str) -> Visitor {
        self.clock(until);
        self.served.signed_in("nurse")
    }

    fn dose(&self, plan: &str, slot: &str) -> String {
        let doses = desk::laid(self.house, plan, ward::day("2026-11-21"));
        doses.iter().find(|dose| dose.key.slot.to_string() == slot).unwrap().id.clone()
    }
}

fn asked(from: &str, until: &str, entry: i64) -> String {
    format!("{PAPER}?from=2026-11-21T{from}&until=2026-11-21T{until}&entry={entry}")
}

/// The pack says of it: ask whether it was given.
#[test]
fn a_dose_that_was_open_when_the_system_stopped_is_typed_in_with_who_gave_it() {
    on_both(|house| {
        let saturday = saturday(house, "08:20:00");
        let entry = saturday.entry();
        let nora = saturday.nora("10:00");
        let page = nora.get(&asked("08:30", "10:00", entry));
        keeps_the_laws("a paper with an open dose", &page.body);
        assert_eq!(page.all("h3"), ["08:00 ASH, Ada, room 12"]);
        let morning = saturday.dose(&saturday.plan, "08:00");
        let saved = enter(&nora, &page, &[line(&morning, "given", "08:45", "tom")]);
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(house.count("administrations WHERE given_by = 'tom' AND recorded_by = 'nurse'"), 1);
        let after = nora.get(saved.location());
        assert!(after.text().contains("In the system Given"), "it stands beside its record: {}", after.text());
    });
}

#[test]
fn a_dose_given_early_on_paper_is_typed_in_before_it_is_due() {
    on_both(|house| {
        let saturday = saturday(house, "06:00:00");
        let entry = saturday.entry();
        let nora = saturday.nora("07:40");
        let page = nora.get(&asked("06:30", "07:40", entry));
        assert_eq!(page.all("h3"), ["08:00 ASH, Ada, room 12"], "20:00 cannot have been given yet");
        assert!(page.text().contains("Due after the system was back"), "{}", page.text());
        let morning = saturday.dose(&saturday.plan, "08:00");
        let saved = enter(&nora, &page, &[line(&morning, "given", "07:20", "tom")]);
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(house.count("administrations WHERE given_by = 'tom'"), 1);
    });
}

#[test]
fn what_was_recorded_before_the_system_stopped_is_no_line_to_type() {
    on_both(|house| {
        let saturday = saturday(house, "08:05:00");
        ward::give(house, &saturday.plan, "2026-11-21", "08:00");
        saturday.clock("08:20");
        let entry = saturday.entry();
        let page = saturday.nora("10:00").get(&asked("08:30", "10:00", entry));
        assert!(page.all("h3").is_empty(), "{}", page.text());
        assert!(page.text().contains("No dose of East stands on this paper."), "{}", page.text());
    });
}

#[test]
fn a_printed_dose_that_a_later_decision_took_out_of_the_plan_says_where_it_is_written_down() {
    on_both(|house| {
        let saturday = saturday(house, "08:20:00");
        ward::give(house, &saturday.plan, "2026-11-21", "08:00");
        let entry = saturday.entry();
        let evening = saturday.dose(&saturday.plan, "20:00");
        saturday.clock("09:10");
        let left = leaves(&saturday.served.signed_in("nurse"), "2026-11-21T09:00");
        assert_eq!(left.status, 303, "{}", left.text());
        let nora = saturday.nora("21:30");
        let page = nora.get(&asked("19:00", "21:00", entry));
        keeps_the_laws("a paper with a void dose", &page.body);
        assert_eq!(page.all("h3"), ["20:00 ASH, Ada, room 12"]);
        assert!(page.text().contains("this dose is no longer part of the plan"), "{}", page.text());
        assert!(page.has("section a[href='/residents/resident-1/given-in-error']"), "{}", page.body);
        let forced = enter(&nora, &page, &[line(&evening, "given", "20:00", "tom")]);
        assert_eq!((forced.status >= 400, house.count("administrations")), (true, 1), "{}", forced.text());
        let as_it_stands = nora.get(&format!("{PAPER}?from=2026-11-21T19:00&until=2026-11-21T21:00"));
        assert!(as_it_stands.all("h3").is_empty(), "without its pack nobody knows what was printed");
    });
}

#[test]
fn a_dose_that_was_decided_after_the_pack_is_never_called_printed() {
    on_both(|house| {
        let saturday = saturday(house, "08:20:00");
        ward::give(house, &saturday.plan, "2026-11-21", "08:00");
        let entry = saturday.entry();
        saturday.clock("09:10");
        let other = ward::resident(house, "Beech", "Bea", "2", "14");
        let swap = ward::plan(house, &other, "2026-11-21");
        let nora = saturday.nora("21:30");
        let page = nora.get(&asked("19:00", "21:00", entry));
        keeps_the_laws("a paper with a dose that is not on it", &page.body);
        assert_eq!(page.all("h3"), ["20:00 ASH, Ada, room 12", "20:00 BEECH, Bea, room 14"]);
        assert!(
            page.text().contains("Not on this paper: it was decided after the pack was printed."),
            "{}",
            page.text()
        );
        let evening = saturday.dose(&swap, "20:00");
        let choices = page.all(&format!("[id='outcome-{evening}'] option"));
        assert!(!choices.iter().any(|choice| choice.contains("as printed")), "{choices:?}");
        let saved = enter(&nora, &page, &[line(&evening, "given_as_level", "20:05", "tom")]);
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(house.count("administrations WHERE given_by = 'tom' AND given_ug = 500"), 1);
    });
}

/// The clock ran an hour fast and was put right after a prescriber had lowered the dose: the entry that tells of it has the
/// later time, and the earlier number.
#[test]
fn what_a_pack_holds_is_told_by_the_number_of_its_last_entry_and_not_by_the_time() {
    on_both(|house| {
        let saturday = saturday(house, "09:50:00");
        let prescriber = saturday.served.signed_in("prescriber");
        let plan = format!("/plans/{}", saturday.plan);
        let answer = decide(&prescriber, &plan, "lower", &[("amount_1", "0.25"), ("amount_2", "0.25")]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        saturday.clock("08:52");
        let other = ward::resident(house, "Beech", "Bea", "2", "14");
        ward::plan(house, &other, "2026-11-22");
        let entry = saturday.entry();
        let page = saturday.nora("21:30").get(&asked("19:00", "21:00", entry));
        assert_eq!(page.all("h3"), ["08:00 ASH, Ada, room 12", "20:00 ASH, Ada, room 12"]);
        let evening = saturday.dose(&saturday.plan, "20:00");
        let choices = page.all(&format!("[id='outcome-{evening}'] option")).join(", ");
        assert!(choices.contains("0.25 mg") && !choices.contains("0.5 mg"), "{choices}: {}", page.text());
    });
}
