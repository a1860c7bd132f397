//! Coming home: what goes on, what waits for a prescriber, and what was given elsewhere.

use stepdown::care::taper::schedule::{DoseKey, dose_id};

use super::{ABSENCE, begun, clonazepam, comes_back, leaves};
use crate::as_needed::given_anew;
use crate::browser_like::Served;
use crate::house::{at, on_both};
use crate::{desk, ward};

#[test]
fn back_on_the_same_dose_within_two_days_the_nurse_goes_on() {
    on_both(|house| {
        let plan = begun(house);
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        leaves(&nurse, "2026-11-22T21:00");
        house.clock.set(at("2026-11-24T19:30:00Z"));
        let back = comes_back(&served.signed_in("nurse"), &plan, "2026-11-24T19:15", "same");
        assert_eq!((back.status, back.location()), (303, "/residents/resident-1"), "{}", back.text());
        assert_eq!(desk::doses_on(house, &plan, "2026-11-23"), [0u64; 0], "nothing was due while away");
        assert_eq!(house.count("doses WHERE on_date = '2026-11-24' AND NOT void AND slot = '20:00'"), 1);
        assert_eq!(house.count("doses WHERE on_date = '2026-11-24' AND NOT void AND slot = '08:00'"), 0);
        assert_eq!(house.count("doses WHERE on_date = '2026-11-25' AND NOT void AND NOT undecided"), 2);
        house.clock.set(at("2026-11-24T20:00:00Z"));
        ward::give(house, &plan, "2026-11-24", "20:00");
        let page = served.signed_in("pharmacist").get(&format!("/plans/{plan}/reductions/2")).text();
        assert!(page.contains("3 days at this dose, since 21 Nov 2026"), "the return changed nothing: {page}");
        let step = served.signed_in("pharmacist").get(&format!("/plans/{plan}")).all("tr.tr-now").concat();
        assert!(step.contains("Pat Prescriber") && !step.contains("Nora Nurse"), "whoever decided it: {step}");
    });
}

/// Hazard 16: the commonest error on coming home is the dose that was given there and is given again here.
#[test]
fn a_dose_given_elsewhere_keeps_the_next_one_here_at_its_distance() {
    on_both(|house| {
        let plan = begun(house);
        let served = Served::start(house);
        leaves(&served.signed_in("nurse"), "2026-11-22T21:00");
        house.clock.set(at("2026-11-24T07:31:00Z"));
        let nurse = served.signed_in("nurse");
        let page = nurse.get(ABSENCE);
        assert!(page.text().contains("The same dose as before: 0.5 mg at 08:00, 0.5 mg at 20:00"), "{}", page.text());
        let [back_on, last_at, last_amount] =
            ["back_on", "last_at", "last_amount"].map(|name| format!("{name}.{plan}"));
        let fields = [
            ("back_at", "2026-11-24T07:30"),
            (back_on.as_str(), "same"),
            (last_at.as_str(), "2026-11-24T07:00"),
            (last_amount.as_str(), "0.5 mg"),
        ];
        let back = nurse.fill(&page, &format!("{ABSENCE}/return"), &fields);
        assert_eq!(back.status, 303, "{}", back.text());
        let key = DoseKey { on: ward::day("2026-11-24"), slot: "08:00".parse().unwrap(), medicine: clonazepam() };
        let dose = format!("/doses/{}", dose_id(&plan, &key));
        let page = nurse.get(&dose);
        let text = page.text();
        assert!(text.contains("Do not give it now without a prescriber’s word."), "{text}");
        assert!(text.contains("one was given at 07:00: not before 13:00"), "{text}");
        assert!(text.contains("0.5 mg given 24 Nov 2026 07:00, elsewhere"), "{text}");
        assert!(!page.has("form.now"), "no single tap: {text}");
        let pack = nurse.get("/units/east/downtime").text().replace('\u{a0}', " ");
        assert!(pack.contains("24 Nov 2026 07:00 clonazepam: given elsewhere 0.5 mg"), "{pack}");
        let near = "0.5 mg was given elsewhere, 24 Nov 2026 07:00. At least 6 h lie between two doses: do not give this one \
                    before 24 Nov 2026 13:00 without a prescriber’s word.";
        assert_eq!(pack.matches(near).count(), 1, "the evening is far enough: {pack}");
        let action = format!("{dose}/administration");
        let given = [("outcome", "given")];
        let refused = nurse.fill(&page, &action, &given);
        assert_eq!((refused.status, house.count("administrations")), (422, 4), "{}", refused.text());
        assert!(refused.text().contains("A dose was given at 07:00"), "{}", refused.text());
        let word = [("prescriber", "prescriber"), ("called_at", "07:31"), ("read_back", "yes")];
        let asked = nurse.fill(&refused, &action, &[&given[..], &word].concat());
        assert_eq!((asked.status, house.count("administrations WHERE word_by IS NOT NULL")), (303, 1));
    });
}

/// What was given there counts for what is given as needed here: for its distance, and in 24 hours.
#[test]
fn a_dose_given_elsewhere_counts_for_as_needed_doses() {
    on_both(|house| {
        let plan = begun(house);
        house
            .plain_sql(
                "INSERT INTO as_needed_orders (id, facility, resident, medicine, amount_ug, reason, least_minutes, most_ug,
                     starts_on, ends_on, rationale, ordered_by, ordered_at)
                 VALUES ('order-1', 'alder', 'resident-1', 'clonazepam', 500, 'panic', 240, 1500, '2026-11-20',
                     '2026-12-01', '', 'prescriber', '2026-11-20 09:00:00')",
            )
            .unwrap();
        let served = Served::start(house);
        leaves(&served.signed_in("nurse"), "2026-11-22T21:00");
        house.clock.set(at("2026-11-24T07:31:00Z"));
        let nurse = served.signed_in("nurse");
        let [back_on, last_at, last_amount] =
            ["back_on", "last_at", "last_amount"].map(|name| format!("{name}.{plan}"));
        let fields = [
            ("back_at", "2026-11-24T07:30"),
            (back_on.as_str(), "same"),
            (last_at.as_str(), "2026-11-24T07:00"),
            (last_amount.as_str(), "0.5 mg"),
        ];
        assert_eq!(nurse.fill(&nurse.get(ABSENCE), &format!("{ABSENCE}/return"), &fields).status, 303);
        let give = "/as-needed/order-1/give";
        let near = given_anew(&served, give, "");
        assert_eq!(near.status, 422);
        assert!(near.text().contains("given at 07:00, and 4 h must lie between"), "{}", near.text());
        house.clock.set(at("2026-11-24T11:05:00Z"));
        let beyond = given_anew(&served, give, "");
        assert_eq!((beyond.status, house.count("as_needed_doses")), (422, 0));
        assert!(beyond.text().contains("0.5 mg given elsewhere"), "{}", beyond.text());
    });
}

/// Nobody goes without tonight's dose because they came home a quarter of an hour after it.
#[test]
fn a_dose_whose_window_is_still_open_on_the_return_is_due() {
    on_both(|house| {
        let plan = begun(house);
        let served = Served::start(house);
        house.clock.set(at("2026-11-23T08:00:00Z"));
        ward::give(house, &plan, "2026-11-23", "08:00");
        house.clock.set(at("2026-11-23T17:05:00Z"));
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-11-23T17:00").status, 303);
        house.clock.set(at("2026-11-23T20:16:00Z"));
        let back = comes_back(&served.signed_in("nurse"), &plan, "2026-11-23T20:15", "same");
        assert_eq!(back.status, 303, "{}", back.text());
        assert!(served.signed_in("nurse").get("/round").text().contains("0.5 mg"));
        ward::give(house, &plan, "2026-11-23", "20:00");
        assert_eq!(house.count("administrations WHERE on_date = '2026-11-23'"), 2);
    });
}

/// Hazard 17: three days without doses, another dose, or nobody knows: a prescriber decides, and every slot says so.
#[test]
fn after_three_days_or_on_another_dose_every_slot_waits_for_a_prescriber() {
    for (on, back_at) in
        [("same", "2026-11-25T19:15"), ("other", "2026-11-23T10:00"), ("not_known", "2026-11-23T10:00")]
    {
        on_both(|house| {
            let plan = begun(house);
            let served = Served::start(house);
            let nurse = served.signed_in("nurse");
            leaves(&nurse, "2026-11-22T21:00");
            let away = nurse.get("/residents/resident-1").text();
            assert!(away.contains("Away: nothing is due here"), "{away}");
            house.clock.set(at("2026-11-25T19:30:00Z"));
            let back = comes_back(&served.signed_in("nurse"), &plan, back_at, on);
            assert_eq!(back.status, 303, "{}", back.text());
            assert_eq!(house.count("doses WHERE on_date = '2026-11-26' AND undecided AND NOT void"), 2, "{on}");
            assert_eq!(house.count("doses WHERE NOT undecided AND NOT void AND NOT recorded"), 0, "no slot goes on");
            let back = served.signed_in("nurse").get("/residents/resident-1").text();
            assert!(back.contains("Decision needed: none is given") && !back.contains("mg daily since"), "{back}");
            let decide = served.signed_in("prescriber").get(&format!("/plans/{plan}/decide")).text();
            assert!(decide.contains("None is given now: nobody has decided the dose."), "{decide}");
            assert!(decide.contains("Discharge letter: “1 mg at night”"), "{decide}");
            assert!(decide.contains("from 0 mg to 0.5 mg") && !decide.contains("In force now"), "{decide}");
        });
    }
}

/// The X-ray of an afternoon, while a prescriber is waited for: what the letter said the day before is still what they decide on.
#[test]
fn a_second_absence_hides_nothing_of_what_a_prescriber_still_has_to_decide() {
    on_both(|house| {
        let plan = begun(house);
        let served = Served::start(house);
        leaves(&served.signed_in("nurse"), "2026-11-22T21:00");
        house.clock.set(at("2026-11-23T14:05:00Z"));
        assert_eq!(comes_back(&served.signed_in("nurse"), &plan, "2026-11-23T14:00", "other").status, 303);
        house.clock.set(at("2026-11-23T15:35:00Z"));
        assert_eq!(leaves(&served.signed_in("nurse"), "2026-11-23T15:30").status, 303);
        house.clock.set(at("2026-11-23T17:35:00Z"));
        let nurse = served.signed_in("nurse");
        let (page, back_on) = (nurse.get(ABSENCE), format!("back_on.{plan}"));
        assert!(page.text().contains("Nobody has decided it yet"), "{}", page.text());
        let fields = [("back_at", "2026-11-23T17:30"), (back_on.as_str(), "same")];
        let back = nurse.fill(&page, &format!("{ABSENCE}/return"), &fields);
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!(house.count("doses WHERE NOT undecided AND NOT void AND NOT recorded"), 0, "no slot goes on");
        assert_eq!(house.count("absence_ends WHERE elsewhere LIKE '%\"settled\":true%'"), 0, "nor says so");
        let decide = served.signed_in("prescriber").get(&format!("/plans/{plan}/decide")).text();
        for told in ["Back 23 Nov 2026 17:30.", "Back 23 Nov 2026 14:00.", "Discharge letter: “1 mg at night”"] {
            assert!(decide.contains(told), "{told}: {decide}");
        }
    });
}

/// Rows beyond the horizon were never laid out while away: they are on the return.
#[test]
fn an_absence_longer_than_the_horizon_ends_with_doses_ahead() {
    on_both(|house| {
        let plan = begun(house);
        let served = Served::start(house);
        let nurse = served.signed_in("nurse");
        leaves(&nurse, "2026-11-22T21:00");
        for on in ["2026-11-30", "2026-12-10", "2026-12-20"] {
            house.clock.set(at(&format!("{on}T12:00:00Z")));
            desk::lay_out(house, &plan);
        }
        let back = comes_back(&served.signed_in("nurse"), &plan, "2026-12-20T11:00", "same");
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!(house.count("doses WHERE on_date = '2026-12-21' AND NOT void"), 2);
        assert_eq!(house.count("doses WHERE on_date = '2026-12-20' AND NOT void"), 1, "the evening dose");
    });
}
