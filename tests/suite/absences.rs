//! Away and back: no dose is due here meanwhile, none is missed, nothing resumes by itself, and no slot is silent.

mod back;

use stepdown::acts::correct_dose::CorrectDose;
use stepdown::acts::record_dose::{RecordDose, record_dose};
use stepdown::care::people::Nurse;
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::correction::Instead;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::taper::level::Footing;
use stepdown::care::taper::plan::Medicine;
use stepdown::store::doses::doses_of_plan_from;
use stepdown::store::plans::plan_load;

use crate::as_needed::given_anew;
use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::correct_dose::{ask, corrected};
use crate::desk;
use crate::house::{House, RESIDENT, at, on_both};
use crate::ward;

const ABSENCE: &str = "/residents/resident-1/absence";

fn clonazepam() -> Medicine {
    Medicine("clonazepam".into())
}

/// The house as tests know it, with tablets of 0.5 mg that may be halved.
fn stocked(house: &House) {
    settle(house);
    let stock = "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)";
    house.plain_sql(stock).unwrap();
}

/// 0.5 mg at 08:00 and 20:00 from 21 November; the clock stands in the evening of the second day, both doses given.
pub fn begun(house: &House) -> String {
    stocked(house);
    let plan = ward::plan(house, RESIDENT, "2026-11-21");
    for on in ["2026-11-21", "2026-11-22"] {
        for slot in ["08:00", "20:00"] {
            house.clock.set(at(&format!("{on}T{slot}:00Z")));
            ward::give(house, &plan, on, slot);
        }
    }
    house.clock.set(at("2026-11-22T21:30:00Z"));
    plan
}

pub fn leaves(nurse: &Visitor, left_at: &str) -> Shown {
    leaves_for(nurse, "hospital", left_at)
}

/// `kind` is a word of the form: `hospital`, `leave`, `discharged`, `died`.
pub fn leaves_for(nurse: &Visitor, kind: &str, left_at: &str) -> Shown {
    let page = nurse.get(ABSENCE);
    nurse.fill(&page, ABSENCE, &[("kind", kind), ("left_at", left_at), ("note", "Fell at night.")])
}

pub fn comes_back(nurse: &Visitor, plan: &str, back_at: &str, on: &str) -> Shown {
    let page = nurse.get(ABSENCE);
    let (back_on, letter) = (format!("back_on.{plan}"), format!("letter.{plan}"));
    let fields = [("back_at", back_at), (back_on.as_str(), on), (letter.as_str(), "1 mg at night")];
    nurse.fill(&page, &format!("{ABSENCE}/return"), &fields)
}

#[test]
fn while_somebody_is_away_no_dose_is_due_and_none_is_missed() {
    on_both(|house| {
        let plan = begun(house);
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let left = leaves(&nurse, "2026-11-22T21:00");
        assert_eq!((left.status, left.location()), (303, "/residents/resident-1"), "{}", left.text());
        assert_eq!(house.count("doses WHERE NOT void AND NOT recorded"), 0);
        assert_eq!(house.count("doses WHERE NOT void AND recorded"), 4, "what was given stays");
        let page = nurse.get("/residents/resident-1");
        assert!(page.text().contains("In hospital since 22 Nov 2026 21:00"), "{}", page.text());
        house.clock.set(at("2026-11-26T12:00:00Z"));
        desk::lay_out(house, &plan);
        assert_eq!(house.count("doses WHERE NOT void AND NOT recorded"), 0, "nor on any later day");
        assert!(!served.signed_in("nurse").get("/round").text().contains("0.5\u{a0}mg"));
    });
}

#[test]
fn of_two_nurses_who_see_somebody_leave_one_is_told_that_it_is_written_down() {
    on_both(|house| {
        begun(house);
        let served = Served::start(house);
        let (one, other) = (served.signed_in("nurse"), served.signed_in("nurse"));
        let (page, later) = (one.get(ABSENCE), other.get(ABSENCE));
        let fields = [("kind", "hospital"), ("left_at", "2026-11-22T21:00")];
        assert_eq!(one.fill(&page, ABSENCE, &fields).status, 303);
        assert_eq!(one.fill(&page, ABSENCE, &fields).status, 303, "a double tap gets the first answer");
        let told = other.fill(&later, ABSENCE, &fields);
        assert_eq!(told.status, 409);
        assert!(told.text().contains("away already: in hospital since 21:00"), "{}", told.text());
        assert_eq!(house.count("absences"), 1);
        assert_eq!(house.count("plan_facts WHERE kind = 'left'"), 1);
    });
}

/// A dose that was given here as needed says that they were here.
#[test]
fn nobody_left_before_an_as_needed_dose_that_was_given_here() {
    on_both(|house| {
        begun(house);
        house
            .plain_sql(
                "INSERT INTO as_needed_orders (id, facility, resident, medicine, amount_ug, reason, least_minutes, most_ug,
                     starts_on, ends_on, rationale, ordered_by, ordered_at)
                 VALUES ('order-1', 'alder', 'resident-1', 'clonazepam', 500, 'panic', 60, 4000, '2026-11-20',
                     '2026-12-01', '', 'prescriber', '2026-11-20 09:00:00')",
            )
            .unwrap();
        let served = Served::start(house);
        let given = given_anew(&served, "/as-needed/order-1/give", "");
        assert_eq!(given.status, 303, "{}", given.text());
        let refused = leaves(&served.signed_in("nurse"), "2026-11-22T21:00");
        assert_eq!((refused.status, house.count("absences")), (422, 0));
        assert!(refused.text().contains("A dose was taken here"), "{}", refused.text());
    });
}

/// Two short leaves before the plan begins leave it as it was approved.
#[test]
fn whoever_leaves_twice_before_the_baseline_begins_with_the_baseline() {
    on_both(|house| {
        stocked(house);
        let plan = ward::plan(house, RESIDENT, "2026-12-10");
        for day in ["2026-11-23", "2026-11-25"] {
            house.clock.set(at(&format!("{day}T12:30:00Z")));
            let served = Served::start(house);
            let nurse = served.signed_in("nurse");
            let left = leaves(&nurse, &format!("{day}T08:00"));
            assert_eq!(left.status, 303, "{}", left.text());
            let back = comes_back(&nurse, &plan, &format!("{day}T12:00"), "same");
            assert_eq!(back.status, 303, "{}", back.text());
        }
        let course = house.db.read(|conn| plan_load(conn, &plan)).unwrap().course();
        assert_eq!(course.footing(), Footing::Planned, "{:?}", course.stages);
    });
}

#[test]
fn a_signature_ahead_is_void_by_an_absence_and_asked_for_again_after_it() {
    on_both(|house| {
        stocked(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-12-03T09:00:00Z"));
        ward::sign(house, &plan, 1, "2026-12-06");
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        leaves(&nurse, "2026-12-03T08:30");
        house.clock.set(at("2026-12-04T09:00:00Z"));
        comes_back(&served.signed_in("nurse"), &plan, "2026-12-04T08:45", "same");
        assert_eq!(house.count("doses WHERE on_date >= '2026-12-06' AND amount_ug <> 500 AND NOT void"), 0);
        let page = served.signed_in("pharmacist").get(&format!("/plans/{plan}/reductions/1"));
        assert!(page.text().contains("ended without taking effect"), "{}", page.text());
    });
}

#[test]
fn an_absence_is_seen_in_the_list_on_the_chart_and_in_the_history() {
    on_both(|house| {
        let plan = begun(house);
        let served = Served::start(house);
        leaves(&served.signed_in("nurse"), "2026-11-22T21:00");
        house.clock.set(at("2026-11-24T19:30:00Z"));
        let nurse = served.signed_in("nurse");
        let list = nurse.get("/residents").text();
        assert!(list.contains("In hospital since 22 Nov 2026") && list.contains("no dose due here"), "{list}");
        let chart = served.signed_in("pharmacist").get(&format!("/plans/{plan}"));
        assert!(chart.text().contains("Away: since 22 Nov 2026") && chart.has("rect.c-away"), "{}", chart.text());
        comes_back(&nurse, &plan, "2026-11-24T19:15", "other");
        let list = nurse.get("/residents").text();
        assert!(list.contains("decision needed") && !list.contains("In hospital"), "{list}");
        let supervisor = served.signed_in("supervisor");
        let entries = 1..=house.count("history");
        let told: String = entries.map(|n| supervisor.get(&format!("/history/{n}")).text()).collect();
        for words in [
            "Absence recorded",
            "In hospital since 22 Nov 2026 21:00. No doses are due here.",
            "Return recorded",
            "Another dose than before: a prescriber decides.",
            "Discharge letter: “1 mg at night”",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
    });
}

#[test]
fn no_plan_is_approved_while_somebody_is_away() {
    on_both(|house| {
        let served = desk::open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = desk::save(&prescriber, &[]);
        house.clock.set(at("2026-11-20T12:00:00Z"));
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-11-20T11:00").status, 303);
        let before = desk::written(house);
        let prescriber = served.signed_in("prescriber");
        let refused = desk::approve(&prescriber, &plan);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("The resident is away. A plan is approved once"), "{}", refused.text());
        assert_eq!(desk::written(house), before);
        assert_eq!(comes_back(&served.signed_in("nurse"), "none", "2026-11-20T11:30", "same").status, 303);
        assert_eq!(desk::approve(&prescriber, &plan).status, 303);
    });
}

#[test]
fn what_cannot_be_is_refused_in_a_sentence_and_saves_nothing() {
    on_both(|house| {
        let plan = begun(house);
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(ABSENCE);
        for (fields, said) in [
            ([("kind", ""), ("left_at", "2026-11-22T21:00")], "Choose why the resident is away"),
            ([("kind", "moon"), ("left_at", "2026-11-22T21:00")], "Choose why the resident is away"),
            ([("kind", "leave"), ("left_at", "2026-11-23T21:00")], "still to come"),
            ([("kind", "leave"), ("left_at", "2026-11-22T19:00")], "after the time you entered"),
            ([("kind", "leave"), ("left_at", "yesterday")], "yesterday"),
        ] {
            let refused = nurse.fill(&page, ABSENCE, &fields);
            assert_eq!(refused.status, 422, "{fields:?}");
            assert!(refused.text().contains(said) && refused.text().contains("Nothing has been saved"), "{said}");
        }
        assert_eq!(house.count("absences"), 0);
        leaves(&nurse, "2026-11-22T21:00");
        let page = nurse.get(ABSENCE);
        let undecided = nurse.fill(&page, &format!("{ABSENCE}/return"), &[("back_at", "2026-11-22T21:15")]);
        assert_eq!(undecided.status, 422);
        assert!(undecided.text().contains("Choose on which dose the resident comes back"), "{}", undecided.text());
        assert_eq!(house.count("absence_ends"), 0);
        assert_eq!(house.count("doses WHERE NOT void AND NOT recorded"), 0, "nothing resumed: {plan}");
        assert_eq!(comes_back(&nurse, &plan, "2026-11-22T21:15", "same").status, 303);
        let again = leaves(&nurse, "2026-11-22T21:10");
        assert!(again.status == 422 && again.text().contains("The resident came back at 21:15"), "{}", again.text());
        assert_eq!(house.count("absences"), 1);
        for (person, status) in [("pharmacist", 403), ("stranger", 404)] {
            assert_eq!(served.signed_in(person).get(ABSENCE).status, status, "{person}");
        }
    });
}

/// The 08:00 dose was not given, and may still be on time, when somebody has left already.
#[test]
fn no_order_ends_an_absence_though_a_dose_of_before_is_still_open() {
    on_both(|house| {
        stocked(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-22T08:20:00Z"));
        let served = Served::start(house);
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-11-22T08:10").status, 303);
        house.clock.set(at("2026-11-22T08:25:00Z"));
        let (address, prescriber) = (format!("/plans/{plan}"), served.signed_in("prescriber"));
        for (what, fields) in [
            ("suspend", &[][..]),
            ("step-back", &[("step", "0")]),
            ("lower", &[("amount_1", "0.25"), ("amount_2", "0.25")]),
        ] {
            let page = prescriber.get(&format!("{address}/decide"));
            let why = desk::rationale(90);
            let all = [&[("password", PASSWORD), ("rationale", why.as_str())], fields].concat();
            let refused = desk::forced(&prescriber, &format!("{address}/decide/{what}"), &all);
            assert!(refused.status >= 400, "{what}: {}", refused.text());
            assert!(!page.has(&format!("form[action$='{what}']")), "{what} is not offered: {}", page.text());
        }
        assert_eq!(house.count("plan_facts WHERE kind IN ('ordered', 'stepped_back')"), 0);
        assert_eq!(house.count("doses WHERE due_at > '2026-11-22 09:00:00' AND NOT void"), 0, "nothing is due");
    });
}

/// Refused at eight in the evening, and so it was written down; but she had left at seven.
#[test]
fn a_dose_that_is_opened_again_follows_what_was_decided_meanwhile() {
    on_both(|house| {
        let plan = begun(house);
        house.clock.set(at("2026-11-23T20:10:00Z"));
        let refused = ward::giving(house, &plan, "2026-11-23", "20:00");
        let refused = RecordDose {
            record: RecordAsk { outcome: Some(Outcome::Refused), reason: "R1".into(), ..refused.record },
            ..refused
        };
        let record = refused.form.clone();
        house.db.write(move |conn, now| record_dose(conn, &Nurse(ward::staff("nurse")), &refused, now)).unwrap();
        house.clock.set(at("2026-11-23T20:30:00Z"));
        let served = Served::start(house);
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-11-23T19:00").status, 303);
        house.clock.set(at("2026-11-23T20:40:00Z"));
        let by = Nurse(ward::staff("nurse")).into();
        corrected(house, &by, &CorrectDose { witness: None, ..ask(&record, Instead::Nothing) }).unwrap();
        assert_eq!(house.count("doses WHERE on_date = '2026-11-23' AND slot = '20:00' AND NOT void"), 0);
    });
}

/// The 20:00 dose was taken at 19:50, the ambulance left at 19:55, and the nurse wrote the absence down first.
#[test]
fn a_dose_taken_just_before_they_left_is_recorded_though_the_absence_was_first() {
    on_both(|house| {
        stocked(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-22T20:05:00Z"));
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let left = leaves(&nurse, "2026-11-22T19:55");
        assert_eq!((left.status, left.location()), (303, ABSENCE), "{}", left.text());
        let page = nurse.get(ABSENCE);
        assert!(page.text().contains("Not recorded before the resident left."), "{}", page.text());
        let [dose] = page.attributes(".panel a[href^='/doses/']", "href").try_into().unwrap();
        let page = nurse.get(&dose);
        assert!(page.text().contains("The resident left at 19:55."), "{}", page.text());
        assert!(!page.text().contains("Record as given now") && !page.text().contains("Record as refused"));
        assert!(page.text().contains("Before 19:55") && !page.text().contains("Empty: now"), "{}", page.text());
        let record = |fields: &[(&str, &str)]| nurse.fill(&page, &format!("{dose}/administration"), fields);
        for fields in [
            &[("outcome", "given")][..],
            &[("outcome", "given"), ("given_at", "19:55")],
            &[("outcome", "refused"), ("given_at", "19:50"), ("reason", "R1")],
        ] {
            let refused = record(fields);
            let said = "Only what was taken before 19:55 can be recorded, with its time.";
            assert!(refused.status == 422 && refused.text().contains(said), "{fields:?}: {}", refused.text());
        }
        assert_eq!(house.count("administrations"), 0);
        let given = record(&[("outcome", "given"), ("given_at", "19:50")]);
        assert_eq!(given.status, 303, "{}", given.text());
        assert_eq!(house.count("administrations WHERE given_ug = 500 AND given_at = '2026-11-22 19:50:00'"), 1);
        assert_eq!(house.count("doses WHERE on_date = '2026-11-22' AND slot = '20:00' AND recorded AND NOT void"), 1);
        assert!(!nurse.get(ABSENCE).text().contains("Not recorded before"));
        let tomorrow = house.db.read(|conn| doses_of_plan_from(conn, &plan, "2026-11-23".parse().unwrap())).unwrap();
        let gone = nurse.get(&format!("/doses/{}", tomorrow[0].id));
        assert!(gone.text().contains("no longer part of the plan"), "{}", gone.text());
        house.clock.set(at("2026-11-22T21:00:00Z"));
        let back = comes_back(&served.signed_in("nurse"), &plan, "2026-11-22T20:50", "same");
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!(house.count("doses WHERE on_date = '2026-11-22' AND slot = '20:00' AND recorded AND NOT void"), 1);
    });
}

/// The ambulance left at 08:10 with the 08:00 dose still open, and the page of another nurse is still open, too.
#[test]
fn nothing_that_was_due_before_is_given_to_somebody_who_has_left() {
    on_both(|house| {
        stocked(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-22T08:05:00Z"));
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        let doses = house.db.read(|conn| doses_of_plan_from(conn, &plan, "2026-11-22".parse().unwrap())).unwrap();
        let dose = format!("/doses/{}", doses[0].id);
        let open = nurse.get(&dose);
        assert!(open.text().contains("Record as given now"), "{}", open.text());
        house.clock.set(at("2026-11-22T08:14:00Z"));
        assert_eq!(leaves(&nurse, "2026-11-22T08:10").status, 303);
        let page = nurse.get(&dose);
        assert!(page.text().contains("The resident left at 08:10."), "{}", page.text());
        assert!(!page.text().contains("Record as given now"), "{}", page.text());
        for page in [&open, &page] {
            let record = |fields: &[(&str, &str)]| nurse.fill(page, &format!("{dose}/administration"), fields);
            for fields in [&[("outcome", "given")][..], &[("outcome", "given"), ("given_at", "08:12")]] {
                let refused = record(fields);
                assert_eq!(refused.status, 422, "{fields:?}: {}", refused.text());
                assert!(refused.text().contains("The resident left at 08:10."), "{}", refused.text());
            }
        }
        assert_eq!(house.count("administrations"), 0);
        let before =
            nurse.fill(&page, &format!("{dose}/administration"), &[("outcome", "given"), ("given_at", "08:05")]);
        assert_eq!(before.status, 303, "{}", before.text());
    });
}

/// Nobody looked for her for four days: what the page says of her return does not shorten them.
#[test]
fn a_return_that_is_written_down_days_later_asks_a_prescriber() {
    on_both(|house| {
        stocked(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-21T21:30:00Z"));
        let served = Served::start(house);
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-11-21T21:00").status, 303);
        house.clock.set(at("2026-11-26T19:30:00Z"));
        let back = comes_back(&served.signed_in("nurse"), &plan, "2026-11-22T15:00", "same");
        assert_eq!(back.status, 303, "{}", back.text());
        let undecided = "doses WHERE on_date = '2026-11-26' AND slot = '20:00' AND undecided AND NOT void";
        assert_eq!(house.count(undecided), 1);
    });
}
