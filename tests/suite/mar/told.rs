//! What the MAR says of a dose: who gave it, what was written down first and who put it right, and who suspended it.

use stepdown::acts::correct_dose::CorrectDose;
use stepdown::care::people::Supervisor;
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::correction::Instead;
use stepdown::care::round::outcome::Outcome;

use super::{cells, lived};
use crate::browser_like::{Served, Shown};
use crate::correct_dose::{ask, corrected, standing};
use crate::deciding::{decide, lowered};
use crate::desk;
use crate::ending::end;
use crate::house::{House, RESIDENT, on_both};
use crate::shelf::record_ask;
use crate::ward;

fn mar(served: &Served, month: &str) -> Shown {
    let shown = served.signed_in("nurse").get(&format!("/residents/{RESIDENT}/mar?month={month}"));
    assert_eq!(shown.status, 200, "{}", shown.text());
    shown
}

/// Nora reports what somebody gave in error.
fn reported(served: &Served, given_by: &str) {
    let (nora, new) = (served.signed_in("nurse"), format!("/residents/{RESIDENT}/given-in-error"));
    let fields = [
        ("mistake", "given_twice"),
        ("medicine", "clonazepam"),
        ("amount", "0.5 mg"),
        ("given_by", given_by),
        ("what", "The cup was not cleared away."),
        ("done", "Watched every 15 minutes, doctor called."),
    ];
    let answer = nora.fill(&nora.get(&new), &new, &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// Initials say who gave it; whoever found it out stands in the note.
#[test]
fn what_was_given_in_error_has_the_initials_of_whoever_gave_it() {
    on_both(|house| {
        lived(house);
        for sql in [
            "INSERT INTO people (id, username, name, registration, email, password_hash)
             SELECT 'tom', 'tom', 'Tom Fielding RN', '', '', password_hash FROM people WHERE id = 'nurse'",
            "INSERT INTO memberships (id, person, facility, role) VALUES ('m-tom', 'tom', 'alder', 'nurse')",
        ] {
            house.plain_sql(sql).unwrap();
        }
        let served = Served::start(house);
        reported(&served, "tom");
        reported(&served, "not_known");
        let shown = mar(&served, "2026-11");
        let wrong = cells(&shown, "x");
        assert!(wrong[0].contains("TF07:30 given in error") && wrong[0].contains("?07:30 given in error"), "{wrong:?}");
        assert!(shown.all(".mar-page dl dd").contains(&"Tom Fielding RN".to_owned()), "his initials are explained");
        let notes = shown.all(".mar-notes li").join("\n");
        assert!(notes.contains("Given by Tom Fielding RN, reported by Nora Nurse."), "{notes}");
        assert!(notes.contains("Who gave it is not known; reported by Nora Nurse."), "{notes}");
    });
}

/// Given at 08:05 in time; really it was 09:40, which a supervisor puts right.
fn put_right(house: &House, plan: &str) {
    let doses = desk::laid(house, plan, ward::day("2026-11-21"));
    let morning = &doses[0];
    let told = RecordAsk { reason: "L2".into(), given_at: "09:40".into(), ..record_ask(morning, Outcome::Given, "") };
    let record = standing(house, morning).unwrap().id;
    let by = Supervisor(ward::staff("supervisor")).into();
    let ask = CorrectDose { witness: None, ..ask(&record, Instead::Record(told)) };
    corrected(house, &by, &ask).unwrap();
}

#[test]
fn a_correction_keeps_the_first_time_its_own_lateness_and_who_put_it_right_and_why() {
    on_both(|house| {
        let plan = lived(house);
        put_right(house, &plan);
        let served = Served::start(house);
        let shown = mar(&served, "2026-11");
        let struck = shown.all(".mar-notes del");
        assert_eq!(struck, ["Corrected, was: Given at 08:05. Nora Nurse."], "it was in time then");
        let note = shown.all(".mar-notes li").remove(0);
        let by = "Corrected by Sue Supervisor, 23 Nov 2026 07:30: The wrong tile was touched.";
        assert!(note.contains(by), "{note}");
        assert!(note.contains("Now: Given at 09:40, 1 h 40 min late"), "{note}");
    });
}

#[test]
fn a_dose_that_an_urgent_order_took_away_is_not_called_planned() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let ordered = decide(&served.signed_in("prescriber"), &plan, "suspend", &[]);
        assert_eq!(ordered.status, 303, "{}", ordered.text());
        let shown = mar(&served, "2026-12");
        let suspended = cells(&shown, "off");
        assert!(suspended[0].starts_with("Sus suspended, urgent order"), "{suspended:?}");
        assert!(!shown.all("table.mar").concat().contains("planned"), "{}", shown.text());
        let notes = shown.all(".mar-notes li").join("\n");
        let by = "Suspended by an urgent order of Pat Prescriber, 05 Dec 2026 09:30: none is given until a prescriber has decided.";
        assert!(notes.contains(by), "{notes}");
    });
}

#[test]
fn a_dose_of_a_plan_that_was_stopped_is_not_called_planned() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let why = "Seen at the bedside three times today; breathing shallow, hard to wake since noon.";
        let asked = end(&served.signed_in("prescriber"), &plan, "stop-request", why);
        assert_eq!(asked.status, 303, "{}", asked.text());
        let why = "Spoke with the ward; stopping now is the lesser danger, and she is watched all night.";
        let stopped = end(&served.signed_in("pharmacist"), &plan, "stop", why);
        assert_eq!(stopped.status, 303, "{}", stopped.text());
        let shown = mar(&served, "2026-12");
        let none = cells(&shown, "off");
        assert!(none[0].starts_with("Stp stopped, countersigned"), "{none:?}");
        let notes = shown.all(".mar-notes li").join("\n");
        assert_eq!(
            notes.matches("Stopped above 0 mg, countersigned by Phil Pharmacist").count(),
            1,
            "told once: {notes}"
        );
    });
}

/// What is in stock today says nothing of the tablets of last month.
#[test]
fn a_month_that_is_over_says_no_tablets() {
    on_both(|house| {
        lived(house);
        let served = Served::start(house);
        assert!(mar(&served, "2026-11").text().contains("0.5 mg: 1 × 0.5 mg tablet"));
        house.clock.set(crate::house::at("2026-12-10T10:00:00Z"));
        let over = mar(&served, "2026-11");
        assert!(!over.text().contains("tablet"), "{}", over.text());
    });
}
