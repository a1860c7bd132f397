//! What a pharmacist has seen and what the signature keeps: severe signs and orders of late, what was decided meanwhile, the
//! checks of the day that was chosen, the supply, and how much of the first dose is left.

use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::deciding::{self, lowered};
use crate::desk::{self, decide, lay_out, open, rationale, running, sign, written};
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::receive;

const WHY: &str = "Seen by the neurologist; the seizure came with a fever that is gone since Tuesday.";
const TREMOR: &str = "Tremor of both hands since Tuesday; Ada asks to wait until it has settled.";

/// A running plan whose first reduction can be signed, its address, and a pharmacist.
fn at_the_desk(house: &House) -> (Served, String, Visitor) {
    let served = open(house);
    let plan = running(&served);
    house.clock.set(at("2026-11-28T09:00:00Z"));
    lay_out(house, &plan);
    let pharmacist = served.signed_in("pharmacist");
    (served, plan, pharmacist)
}

/// A nurse records a seizure and a prescriber releases what it held.
fn seizure_released(served: &Served) {
    let nurse = served.signed_in("nurse");
    let address = format!("/residents/{RESIDENT}/severe-sign");
    let fields = [("sign", "seizure"), ("note", "two minutes, on the right side")];
    let recorded = nurse.fill(&nurse.get(&address), &address, &fields);
    assert_eq!(recorded.status, 303, "{}", recorded.text());
    let sign = recorded.location().to_owned();
    let prescriber = served.signed_in("prescriber");
    let fields = [("rationale", WHY), ("password", PASSWORD)];
    let released = prescriber.fill(&prescriber.get(&sign), &format!("{sign}/release"), &fields);
    assert_eq!(released.status, 303, "{}", released.text());
}

fn evidence(page: &Shown) -> String {
    page.all(".evidence").concat()
}

#[test]
fn a_released_severe_sign_stands_on_the_page_that_is_signed_wants_a_reason_and_is_kept() {
    on_both(|house| {
        let (served, plan, _) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        let pharmacist = served.signed_in("pharmacist");
        let before = pharmacist.get(&first);
        assert!(before.text().contains("No severe sign since the last reduction"), "{}", before.text());
        assert!(!before.all("#sign-flags_reason-hint").concat().contains("severe sign"), "it passes");
        seizure_released(&served);
        let page = pharmacist.get(&first);
        keeps_the_laws("a reduction after a severe sign", &page.body);
        let told = evidence(&page);
        for words in ["Seizure", "28 Nov 2026 09:00", "two minutes, on the right side", "Pat Prescriber", WHY] {
            assert!(told.contains(words), "{words}: {told}");
        }
        let hint = page.all("#sign-flags_reason-hint").concat();
        assert!(hint.contains("No severe sign since the last reduction"), "{hint}");
        let queue = pharmacist.get("/reductions").text();
        assert!(queue.contains("Severe sign of late"), "{queue}");
        assert_eq!(sign(&pharmacist, &first, 1).status, 303);
        house.clock.set(at("2027-02-01T09:00:00Z"));
        let kept = served.signed_in("nurse").get(&first);
        assert_eq!(evidence(&kept), told, "it is kept as it was seen");
        assert_eq!(house.count("plan_facts WHERE kind = 'signed' AND statement LIKE '%two minutes, on the right%'"), 1);
    });
}

#[test]
fn urgent_orders_and_steps_back_of_late_stand_on_the_page_that_is_signed_and_are_kept() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        let why = "Drowsy since breakfast, slurred speech; nothing until I have seen her tonight.";
        assert_eq!(deciding::decide(&prescriber, &plan, "suspend", &[("rationale", why)]).status, 303);
        house.clock.set(at("2026-12-05T18:00:00Z"));
        let back = "Awake and clear again this evening; the old dose, and slower from there.";
        let prescriber = served.signed_in("prescriber");
        let ordered = deciding::decide(&prescriber, &plan, "step-back", &[("step", "0"), ("rationale", back)]);
        assert_eq!(ordered.status, 303, "{}", ordered.text());
        house.clock.set(at("2026-12-18T09:00:00Z"));
        lay_out(house, &plan);
        let pharmacist = served.signed_in("pharmacist");
        let reduction = desk::waiting(&pharmacist, &plan);
        let told = evidence(&pharmacist.get(&reduction));
        for words in ["Urgent order: suspended", why, "Level decided: step 0", back, "Pat Prescriber", "05 Dec 2026"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert_eq!(sign(&pharmacist, &reduction, 2).status, 303);
        assert_eq!(evidence(&served.signed_in("nurse").get(&reduction)), told);
    });
}

#[test]
fn a_page_whose_reader_never_saw_a_hold_signs_nothing_and_holds_nothing() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        let page = pharmacist.get(&first);
        let held = [("rationale", TREMOR), ("reassess_on", "2026-12-01")];
        assert_eq!(decide(&served.signed_in("deputy"), &first, "hold", &held).status, 303);
        let before = written(house);
        let (why, about) = (rationale(1), rationale(2));
        let fields = [("rationale", why.as_str()), ("password", PASSWORD)];
        for (what, more) in [("signature", ("flags_reason", about.as_str())), ("hold", ("reassess_on", "2026-12-09"))] {
            let sent: Vec<_> = fields.into_iter().chain([more]).collect();
            let refused = pharmacist.fill(&page, &format!("{first}/{what}"), &sent);
            assert_eq!(refused.status, 409, "{what}: {}", refused.text());
            assert!(refused.text().contains(TREMOR), "what was decided is shown: {}", refused.text());
            let kept = refused.fields(&format!("{first}/{what}"));
            assert!(kept.iter().any(|(_, value)| *value == why), "what was written is still there: {kept:?}");
        }
        assert_eq!(pharmacist.fill(&page, &format!("{first}/return"), &fields).status, 409);
        assert_eq!(written(house), before);
        assert_eq!(sign(&pharmacist, &first, 3).status, 303, "whoever has seen it may sign");
    });
}

#[test]
fn a_severe_sign_recorded_and_released_meanwhile_sends_the_signature_back() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        let page = pharmacist.get(&first);
        seizure_released(&served);
        let before = written(house);
        let (why, about) = (rationale(1), rationale(2));
        let fields = [("rationale", why.as_str()), ("flags_reason", &about), ("password", PASSWORD)];
        let refused = pharmacist.fill(&page, &format!("{first}/signature"), &fields);
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert!(evidence(&refused).contains(WHY), "{}", refused.text());
        assert_eq!(written(house), before);
    });
}

#[test]
fn the_checks_of_the_day_that_was_chosen_are_shown_before_they_are_signed() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        assert_eq!(sign(&pharmacist, &format!("{plan}/reductions/1"), 1).status, 303);
        // Six months after 4 December are over on 4 June.
        house.clock.set(at("2027-05-30T09:00:00Z"));
        lay_out(house, &plan);
        let pharmacist = served.signed_in("pharmacist");
        let second = format!("{plan}/reductions/2");
        let page = pharmacist.get(&second);
        let asked = |page: &Shown| page.all("#sign-flags_reason-hint").concat().contains("at 6 months");
        assert!(!asked(&page), "on 31 May they are not");
        let (why, about, before) = (rationale(5), rationale(6), written(house));
        let typed = [
            ("rationale", why.as_str()),
            ("flags_reason", &about),
            ("effective_on", "2027-06-05"),
            ("password", PASSWORD),
        ];
        let action = format!("{second}/signature");
        let refused = pharmacist.fill(&page, &action, &typed);
        assert_eq!((refused.status, written(house)), (422, before), "{}", refused.text());
        assert!(refused.has("#sign-effective_on-error") && asked(&refused), "{}", refused.text());
        let kept = refused.fields(&action);
        for (name, value) in &typed[..3] {
            assert!(kept.contains(&((*name).to_owned(), (*value).to_owned())), "{name}: {kept:?}");
        }
        keeps_the_laws("a reduction on another day", &refused.body);
        let signed = pharmacist.fill(&refused, &action, &[("password", PASSWORD)]);
        assert_eq!(signed.status, 303, "{}", signed.text());
        let checks = pharmacist.get(&second).all(".checks li");
        let six_months = checks.iter().find(|check| check.contains("at 6 months")).unwrap();
        assert!(six_months.contains("Needed a reason"), "{six_months}");
    });
}

#[test]
fn how_long_the_supply_lasts_is_kept_as_it_was_on_the_screen() {
    on_both(|house| {
        let (served, plan, _) = at_the_desk(house);
        receive(house, "36");
        let (first, pharmacist) = (format!("{plan}/reductions/1"), served.signed_in("pharmacist"));
        let shown = pharmacist.get(&first);
        let lasts = |page: &Shown| {
            let told = evidence(page);
            told.split("How long the supply lasts").nth(1).map(|rest| rest.chars().take(60).collect::<String>())
        };
        let then = lasts(&shown).unwrap_or_else(|| panic!("the supply is evidence: {}", shown.text()));
        assert!(then.contains("clonazepam: lasts until"), "{then}");
        assert_eq!(sign(&pharmacist, &first, 1).status, 303);
        receive(house, "100");
        assert_eq!(lasts(&served.signed_in("nurse").get(&first)), Some(then));
        assert_eq!(house.count("plan_facts WHERE statement LIKE '%clonazepam: lasts until%'"), 1);
    });
}

#[test]
fn a_reduction_is_told_in_percent_of_the_dose_now_and_of_the_first_dose_and_both_are_kept() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        let told = "−25%, to 75% of the first dose";
        assert!(pharmacist.get(&first).all(".drop").concat().contains(told), "{}", pharmacist.get(&first).text());
        assert_eq!(sign(&pharmacist, &first, 1).status, 303);
        house.clock.set(at("2026-12-12T09:00:00Z"));
        lay_out(house, &plan);
        let pharmacist = served.signed_in("pharmacist");
        let second = format!("{plan}/reductions/2");
        let told = "−33.3%, to 50% of the first dose";
        for path in [&second, &plan, "/reductions"] {
            assert!(pharmacist.get(path).text().contains(told), "{path}: {}", pharmacist.get(path).text());
        }
        assert_eq!(sign(&pharmacist, &second, 2).status, 303);
        let kept = served.signed_in("nurse").get(&second);
        assert!(kept.all("section[aria-labelledby=kept-h]").concat().contains(told), "{}", kept.text());
    });
}
