//! Vomited after a dose, over HTTP: never given again, seen wherever the dose is seen, and counted where it may not have
//! stayed.

use crate::browser_like::{Shown, Visitor};
use crate::house::{RESIDENT, at, on_both};
use crate::ward::{dose_on_saturday, served_on_saturday};

fn note(nurse: &Visitor, dose: &str, when: &str, seen: &str) -> Shown {
    let action = format!("{dose}/vomit");
    nurse.fill(&nurse.get(&action), &action, &[("at", when), ("seen", seen)])
}

#[test]
fn a_dose_that_was_vomited_is_never_given_again_and_says_so_wherever_it_is_seen() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "08:40:00");
        let (nurse, morning) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"));
        let action = format!("{morning}/administration");
        assert_eq!(
            nurse.fill(&nurse.get(&morning), &action, &[("outcome", "given"), ("given_at", "08:10")]).status,
            303
        );
        let noted = note(&nurse, &morning, "25", "half a tablet");
        assert_eq!((noted.status, noted.location()), (303, morning.as_str()), "{}", noted.text());
        let page = nurse.get(&morning);
        let says = "Do not give it again. Call the prescriber, Pat Prescriber.";
        assert!(page.text().contains(says) && page.text().contains("half a tablet"), "{}", page.text());
        assert!(page.text().contains("Never give two doses at once"), "the plan's word is there");
        assert!(!page.has("form[action$=administration]"));
        let round = nurse.get("/round?unit=east&round=08:00&on=2026-11-21");
        assert!(round.text().contains("Vomited at 08:35") && round.text().contains("Do not give it again"));
        let mar = nurse.get(&format!("/residents/{RESIDENT}/mar?month=2026-11"));
        assert!(mar.text().contains("Vomited 25 min after it: half a tablet."), "{}", mar.text());
        assert_eq!(house.count("administrations"), 1);
        assert_eq!(house.count("history WHERE kind = 'note_vomit'"), 1);
        let supervisor = served.signed_in("supervisor");
        let said = "Vomited 21 Nov 2026 08:35, 25 min after it: “half a tablet” Nora Nurse.";
        assert!(supervisor.get("/history").text().contains(said), "{}", supervisor.get("/history").text());
        let file = supervisor.get("/history.csv").body;
        assert!(file.contains(",Vomited after,Given by,Recorded by,") && file.contains(said), "{file}");
        assert!(
            house.plain_sql("UPDATE vomits SET seen = 'x'").is_err() && house.plain_sql("DELETE FROM vomits").is_err()
        );
    });
}

#[test]
fn what_is_not_understood_is_not_noted_and_a_double_tap_is_one_note() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "08:40:00");
        let (nurse, morning) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"));
        let empty = nurse.get(&format!("{morning}/vomit"));
        assert!(empty.text().contains("Nothing of this dose is recorded as taken."), "{}", empty.text());
        let action = format!("{morning}/administration");
        assert_eq!(
            nurse.fill(&nurse.get(&morning), &action, &[("outcome", "given"), ("given_at", "08:10")]).status,
            303
        );
        for (when, seen, says) in [
            ("later", "food", "Write the time on the 24-hour clock"),
            ("08:05", "food", "before the dose was given"),
            ("31", "food", "still to come"),
            ("20", "  ", "Write what you saw"),
        ] {
            let refused = note(&nurse, &morning, when, seen);
            assert_eq!((refused.status, house.count("vomits")), (422, 0), "{says}");
            assert!(refused.text().contains(says), "{says}: {}", refused.text());
        }
        let page = nurse.get(&format!("{morning}/vomit"));
        for _ in 0..2 {
            let fields = [("at", "08:30"), ("seen", "food")];
            assert_eq!(nurse.fill(&page, &format!("{morning}/vomit"), &fields).status, 303);
        }
        assert_eq!(house.count("vomits"), 1);
    });
}

#[test]
fn within_the_hour_it_counts_for_the_taper_alert_like_a_dose_not_given_and_after_it_does_not() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "08:10:00");
        let (nurse, morning) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"));
        assert_eq!(nurse.fill(&nurse.get(&morning), &format!("{morning}/administration"), &[]).status, 303);
        house.clock.set(at("2026-11-21T20:10:00Z"));
        let (nurse, evening) = (served.signed_in("nurse"), dose_on_saturday(&plan, "20:00"));
        let fields = [("outcome", "refused"), ("reason", "R1")];
        assert_eq!(nurse.fill(&nurse.get(&evening), &format!("{evening}/administration"), &fields).status, 303);
        assert_eq!(note(&nurse, &morning, "61", "food").status, 303);
        let alert = format!("/plans/{plan}/alert");
        assert!(nurse.get(&alert).text().contains("No alert stands"));
        assert_eq!(note(&nurse, &morning, "60", "a whole tablet").status, 303);
        let shown = nurse.get(&alert).text();
        assert!(
            shown.contains("two doses in a row were not given") && shown.contains("it may not have stayed"),
            "{shown}"
        );
    });
}
