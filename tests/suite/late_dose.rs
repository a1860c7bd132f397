//! Late doses over HTTP: the plan's own word is shown before one is given, and one that comes too near to another wants the
//! word of a prescriber.

use stepdown::store::plans::late_rule_load;

use crate::browser_like::{PASSWORD, Shown, Visitor};
use crate::desk;
use crate::house::{at, on_both};
use crate::ward::{dose_on_saturday, served_on_saturday};

const GIVEN: [(&str, &str); 2] = [("outcome", "given"), ("reason", "L2")];
const WORD: [(&str, &str); 3] = [("prescriber", "prescriber"), ("called_at", "14:20"), ("read_back", "yes")];

fn record(nurse: &Visitor, dose: &str, more: &[(&str, &str)]) -> Shown {
    nurse.fill(&nurse.get(dose), &format!("{dose}/administration"), &[&GIVEN, more].concat())
}

#[test]
fn a_late_dose_shows_what_the_plan_says_when_the_next_one_comes_and_until_when_it_can_be_given() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "13:59:00");
        let (nurse, dose) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"));
        let page = nurse.get(&dose);
        let text = page.text();
        assert!(text.contains("This plan says:") && text.contains("Never give two doses at once"), "{text}");
        assert!(text.contains("The next dose comes as planned: 20:00"), "{text}");
        assert!(text.contains("lie between two doses of this plan: it can be given until 14:00"), "{text}");
        assert!(!page.has("[name=prescriber]"), "nobody has to be asked");
        let given = record(&nurse, &dose, &[]);
        assert_eq!(given.status, 303, "{}", given.text());
        assert_eq!(house.count("administrations WHERE word_by IS NULL"), 1);
    });
}

#[test]
fn nearer_to_the_next_one_than_the_plan_allows_it_is_not_given_without_a_prescribers_word() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "14:30:00");
        let (nurse, dose) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"));
        let page = nurse.get(&dose);
        assert!(page.text().contains("Do not give it now without a prescriber’s word."), "{}", page.text());
        let history = house.count("history");
        let refused = record(&nurse, &dose, &[]);
        assert_eq!((refused.status, house.count("administrations"), house.count("history")), (422, 0, history));
        let text = refused.text();
        assert!(text.contains("The next dose is due at 20:00: less than the 6 h"), "{text}");
        assert!(text.contains("record it as given in error"), "{text}");
        for (wrong, says) in [
            ([WORD[0], WORD[1], ("read_back", "")], "Read the order back"),
            ([("prescriber", ""), WORD[1], WORD[2]], "Choose the prescriber"),
            ([("prescriber", "pharmacist"), WORD[1], WORD[2]], "Choose the prescriber"),
            ([WORD[0], ("called_at", "14:31"), WORD[2]], "Enter when the call was"),
        ] {
            let refused = record(&nurse, &dose, &wrong);
            assert_eq!((refused.status, house.count("administrations")), (422, 0), "{says}");
            assert!(refused.text().contains(says), "{says}: {}", refused.text());
        }
        let given = record(&nurse, &dose, &WORD);
        assert_eq!(given.status, 303, "{}", given.text());
        assert_eq!(house.count("administrations WHERE word_by = 'prescriber' AND word_at IS NOT NULL"), 1);
        let after = nurse.get(&dose).text();
        assert!(after.contains("With the word of Pat Prescriber, on the telephone at 14:20, read back."), "{after}");
    });
}

#[test]
fn what_was_given_in_time_enough_can_be_written_down_later_and_what_was_not_wants_a_word_from_before() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "15:00:00");
        let (nurse, dose) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"));
        let too_near = record(&nurse, &dose, &[("given_at", "14:10")]);
        assert_eq!((too_near.status, house.count("administrations")), (422, 0), "{}", too_near.text());
        let after = record(&nurse, &dose, &[&WORD[..], &[("given_at", "14:10")]].concat());
        assert!(after.text().contains("The call was after the dose was given."), "{}", after.text());
        let given = record(&nurse, &dose, &[("given_at", "13:30")]);
        assert_eq!(given.status, 303, "{}", given.text());
    });
}

#[test]
fn a_late_dose_keeps_its_distance_from_the_one_given_before_it_and_a_refusal_is_never_barred() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "14:00:00");
        assert_eq!(
            record(&served.signed_in("nurse"), &dose_on_saturday(&plan, "08:00"), &[("given_at", "13:55")]).status,
            303
        );
        // The evening's dose in its window is given as planned, however late the morning's was.
        house.clock.set(at("2026-11-21T19:30:00Z"));
        let nurse = served.signed_in("nurse");
        let evening = dose_on_saturday(&plan, "20:00");
        let page = nurse.get(&evening);
        assert_eq!(nurse.fill(&page, &format!("{evening}/administration"), &[]).status, 303);
        assert_eq!(house.count("administrations WHERE outcome = 'given'"), 2);
    });
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "15:30:00");
        let (nurse, dose) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"));
        let fields = [("outcome", "refused"), ("reason", "R1")];
        assert_eq!(nurse.fill(&nurse.get(&dose), &format!("{dose}/administration"), &fields).status, 303);
    });
}

/// The later dose may have been left out because of something that bars the earlier one as well.
#[test]
fn a_late_dose_says_what_became_of_the_later_one_and_can_be_left_out_as_too_near_the_next() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "19:10:00");
        let nurse = served.signed_in("nurse");
        let (morning, evening) = (dose_on_saturday(&plan, "08:00"), dose_on_saturday(&plan, "20:00"));
        assert!(nurse.get(&morning).text().contains("Do not give both"), "{}", nurse.get(&morning).text());
        let sedated = [("outcome", "withheld"), ("reason", "W1")];
        assert_eq!(nurse.fill(&nurse.get(&evening), &format!("{evening}/administration"), &sedated).status, 303);
        let page = nurse.get(&morning);
        let text = page.text();
        assert!(text.contains("The dose due at 20:00 was recorded as withheld at 19:10: too sedated."), "{text}");
        assert!(!text.contains("Do not give both") && !text.contains("comes as planned: 20:00"), "{text}");
        let near = [("outcome", "withheld"), ("reason", "W6")];
        assert_eq!(nurse.fill(&page, &format!("{morning}/administration"), &near).status, 303);
        assert!(nurse.get(&morning).text().contains("Late, too near the next dose"));
    });
}

/// A night's dose is late in elapsed time, not by the calendar.
#[test]
fn after_midnight_a_night_dose_is_late_like_any_other() {
    on_both(|house| {
        let (served, _) = served_on_saturday(house, "09:00:00");
        let night = crate::ward::resident(house, "Birch", "Bo", "2", "14");
        let plan = crate::ward::plan_at(house, &night, "2026-11-21", "23:00");
        house.clock.set(at("2026-11-22T00:05:00Z"));
        let (nurse, dose) = (served.signed_in("nurse"), dose_on_saturday(&plan, "23:00"));
        let text = nurse.get(&dose).text();
        assert!(text.contains("This dose is late.") && text.contains("it can be given until 18:00"), "{text}");
        assert!(!text.contains("do not give it now"), "{text}");
        house.clock.set(at("2026-11-22T18:01:00Z"));
        let text = served.signed_in("nurse").get(&dose).text();
        assert!(text.contains("If it was not given, do not give it now."), "{text}");
    });
}

#[test]
fn a_prescriber_writes_the_rule_into_the_plan_and_an_amendment_may_change_it_alone() {
    on_both(|house| {
        let served = desk::open(house);
        let prescriber = served.signed_in("prescriber");
        let wrong = desk::propose(&prescriber, "check", &[("least_hours", "0")]);
        assert!(
            wrong.status == 422 && wrong.text().contains("a whole number of hours from 1 to 24"),
            "{}",
            wrong.text()
        );
        let plan = desk::save(&prescriber, &[("missed_dose", "Call me before noon."), ("least_hours", "9")]);
        let page = prescriber.get(&plan);
        assert!(page.text().contains("Call me before noon.") && page.text().contains("at least 9"), "{}", page.text());
        assert_eq!(desk::approve(&prescriber, &plan).status, 303);
        let frozen = house.plain_sql("UPDATE plan_versions SET missed_dose = 'x'");
        assert!(frozen.is_err(), "what is approved is written once");
        let amend = format!("{plan}/amend");
        let form = prescriber.get(&amend);
        let same = [("rationale", "Ada sleeps badly and asks for it; nothing else is new."), ("do", "submit")];
        assert_eq!(prescriber.fill(&form, &amend, &same).status, 422, "nothing was amended");
        let other = [&same[..], &[("least_hours", "4"), ("missed_dose", "")]].concat();
        let submitted = prescriber.fill(&form, &amend, &other);
        assert_eq!(submitted.status, 303, "{}", submitted.text());
        let least_hours = || house.db.read(|conn| late_rule_load(conn, desk::id_of(&plan))).unwrap().least_hours;
        assert_eq!(least_hours(), 9, "what waits for its approval rules nothing");
        let version = submitted.location().to_owned();
        let shown = prescriber.get(&version);
        assert!(shown.all("del").iter().any(|was| was.contains("Call me before noon.")), "{}", shown.text());
        let approval = [("password", PASSWORD)];
        let approved = prescriber.fill(&shown, &format!("{version}/approval"), &approval);
        assert_eq!(approved.status, 303, "{}", approved.text());
        assert!(prescriber.get(&plan).text().contains("at least 4"));
        assert_eq!(least_hours(), 4);
        assert_eq!(house.count("history WHERE kind = 'draft_plan' AND body LIKE '%Call me before noon.%'"), 1);
    });
}

#[test]
fn a_dose_written_down_late_keeps_its_distance_from_the_one_that_was_given_after_it() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "19:05:00");
        let (nurse, evening) = (served.signed_in("nurse"), dose_on_saturday(&plan, "20:00"));
        assert_eq!(nurse.fill(&nurse.get(&evening), &format!("{evening}/administration"), &[]).status, 303);
        let morning = dose_on_saturday(&plan, "08:00");
        let too_near = record(&nurse, &morning, &[("given_at", "13:30")]);
        assert_eq!((too_near.status, house.count("administrations")), (422, 1), "{}", too_near.text());
        assert!(too_near.text().contains("A dose was given at 19:05: less than the 6 h"), "{}", too_near.text());
        let far_enough = record(&nurse, &morning, &[("given_at", "13:00")]);
        assert_eq!(far_enough.status, 303, "{}", far_enough.text());
    });
}
