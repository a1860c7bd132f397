//! What the evidence before a signature counts: doses that were vomited, doses in error, levels of the last two weeks, nights
//! without; and what a hold, or the words of the last decision, mean for the next one.

use stepdown::acts::approve_plan::{ApprovePlan, approve_plan};
use stepdown::acts::draft_plan::{DraftPlan, draft_plan};
use stepdown::care::amount::Amount;
use stepdown::care::calendar::days_after;
use stepdown::care::people::{Confirmed, Prescriber};
use stepdown::care::taper::plan::{Plan, Regimen, Step};

use crate::as_needed::furnished;
use crate::browser_like::Served;
use crate::deciding;
use crate::desk::{self, decide, lay_out, open, rationale, running, sign};
use crate::house::{House, RESIDENT, at, on_both};
use crate::ward::{self, day, dose_on_saturday, id, served_on_saturday};

/// A plan with other steps, which runs from the Saturday on; its address.
fn plan_with(house: &House, steps: impl FnOnce(&Plan) -> Vec<Step>) -> String {
    let plan = ward::plan_of(RESIDENT, day("2026-11-21"), "08:00");
    let steps = steps(&plan);
    let plan = Plan { first_reduction_on: steps[1].planned_on, steps, ..plan };
    let (of, draft, approval) = (plan.id.clone(), id(), id());
    let (by, confirmed) = (Prescriber(ward::staff("prescriber")), Confirmed { person: "prescriber".into() });
    house
        .db
        .write(move |conn, now| {
            draft_plan(conn, &by, &DraftPlan { form: draft.clone(), plan: plan.clone(), revision: None }, now)?;
            let ask = ApprovePlan { form: approval.clone(), plan: plan.id.clone(), revision: 0 };
            approve_plan(conn, &by, &confirmed, &ask, now)
        })
        .unwrap();
    format!("/plans/{of}")
}

/// A house with tablets where a plan with other steps begins on Saturday.
fn served_with(house: &House, steps: impl FnOnce(&Plan) -> Vec<Step>) -> (Served, String) {
    crate::browser_like::settle(house);
    let stocked = "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)";
    house.plain_sql(stocked).unwrap();
    let plan = plan_with(house, steps);
    (Served::start(house), plan)
}

#[test]
fn a_dose_that_was_vomited_is_not_counted_as_given_and_kept() {
    on_both(|house| {
        let (served, plan) = served_on_saturday(house, "08:10:00");
        ward::give(house, &plan, "2026-11-21", "08:00");
        house.clock.set(at("2026-11-21T08:40:00Z"));
        let (nurse, morning) = (served.signed_in("nurse"), dose_on_saturday(&plan, "08:00"));
        let action = format!("{morning}/vomit");
        let noted = nurse.fill(&nurse.get(&action), &action, &[("at", "20"), ("seen", "a whole tablet")]);
        assert_eq!(noted.status, 303, "{}", noted.text());
        house.clock.set(at("2026-11-21T20:00:00Z"));
        ward::give(house, &plan, "2026-11-21", "20:00");
        house.clock.set(at("2026-11-21T20:10:00Z"));
        let page = served.signed_in("pharmacist").get(&format!("/plans/{plan}/reductions/1"));
        let text = page.text();
        assert!(text.contains("1 of 2 doses given and kept since 21 Nov 2026, 1 vomited"), "{text}");
        assert!(text.contains("1 of 2 given and kept, 1 vomited"), "the check says it too: {text}");
        assert!(text.contains("V 21 Nov 08:00 vomited"), "the strip says it: {text}");
        assert!(
            page.body.contains("1 of 2 given. 21\u{a0}Nov\u{a0}2026 08:00 vomited"),
            "and its words: {}",
            page.body
        );
    });
}

#[test]
fn what_was_given_in_error_of_the_tapered_medicine_counts_as_its_use_until_it_is_struck() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let reduction = format!("/plans/{plan}/reductions/1");
        house.clock.set(at("2026-12-03T09:30:00Z"));
        let (nurse, address) = (served.signed_in("nurse"), "/residents/resident-1/given-in-error");
        let fields = [
            ("mistake", "over_limit"),
            ("medicine", "clonazepam"),
            ("amount", "0.5 mg"),
            ("given_by", "nurse"),
            ("what", "A third one since midnight, after she had screamed for an hour."),
            ("done", "Watched every 15 minutes, doctor called at 09:10."),
        ];
        let recorded = nurse.fill(&nurse.get(address), address, &fields);
        assert_eq!(recorded.status, 303, "{}", recorded.text());
        let page = served.signed_in("pharmacist").get(&reduction);
        let found = "never in the last 7 days, and once in error of the tapered medicine; never in the 7 before";
        assert!(page.text().contains(found), "{}", page.text());
        let check = page.all(".checks li").into_iter().find(|check| check.contains(found)).unwrap();
        assert!(check.contains("Needs reason"), "{check}");
        let strike = format!("{}/strike", recorded.location());
        let struck = nurse.fill(&nurse.get(&strike), &strike, &[("why", "It was not given after all.")]);
        assert_eq!(struck.status, 303, "{}", struck.text());
        let page = served.signed_in("pharmacist").get(&reduction);
        assert!(page.text().contains("never in the last 7 days; never in the 7 before"), "{}", page.text());
    });
}

/// 1 mg, 0.75 mg, 0.5 mg and nothing, three days each.
fn quick(plan: &Plan) -> Vec<Step> {
    let step = |(ordinal, (morning, evening)): (u32, (u64, u64))| Step {
        ordinal,
        planned_on: days_after(plan.baseline_on, 3 * ordinal),
        least_days: (ordinal < 3).then_some(3),
        cycle: vec![Regimen::of(
            &plan.medicine,
            [("08:00", morning), ("20:00", evening)].map(|(at, ug)| (at.parse().unwrap(), Amount::from_ug(ug))),
        )],
    };
    (0..).zip([(500, 500), (250, 500), (250, 250), (0, 0)]).map(step).collect()
}

#[test]
fn after_a_step_back_up_the_highest_dose_of_the_last_14_days_is_what_a_fall_is_measured_from() {
    on_both(|house| {
        let (served, plan) = served_with(house, quick);
        let of = desk::id_of(&plan).to_owned();
        let on = |moment: &str| {
            house.clock.set(at(&format!("{moment}:00Z")));
            lay_out(house, &plan);
        };
        on("2026-11-23T12:00");
        ward::sign(house, &of, 1, "2026-11-24");
        on("2026-11-26T12:00");
        ward::sign(house, &of, 2, "2026-11-27");
        on("2026-12-10T07:00");
        let back = deciding::decide(&served.signed_in("prescriber"), &plan, "step-back", &[("step", "0")]);
        assert_eq!(back.status, 303, "{}", back.text());
        on("2026-12-12T12:00");
        ward::sign(house, &of, 4, "2026-12-13");
        on("2026-12-15T12:00");
        let page = served.signed_in("pharmacist").get(&format!("{plan}/reductions/5"));
        let checks = page.all(".checks li");
        let check = checks.iter().find(|check| check.contains("in any 14 days")).unwrap();
        assert!(check.contains("from 1 mg to 0.5 mg is 50%") && check.contains("Needs reason"), "{check}");
    });
}

/// 0.5 mg every night, then on six nights of seven, then nothing.
fn nights(plan: &Plan) -> Vec<Step> {
    let night = |ug| Regimen::of(&plan.medicine, [("20:00".parse().unwrap(), Amount::from_ug(ug))]);
    let mut six = vec![night(500); 6];
    six.push(night(0));
    let step = |(ordinal, cycle): (u32, Vec<Regimen>)| Step {
        ordinal,
        planned_on: days_after(plan.baseline_on, 14 * ordinal),
        least_days: (ordinal < 2).then_some(14),
        cycle,
    };
    (0..).zip([vec![night(500)], six, vec![night(0)]]).map(step).collect()
}

#[test]
fn a_passage_to_nights_without_is_told_and_kept_with_its_nights() {
    on_both(|house| {
        let (served, plan) = served_with(house, nights);
        house.clock.set(at("2026-12-03T12:00:00Z"));
        lay_out(house, &plan);
        let (pharmacist, first) = (served.signed_in("pharmacist"), format!("{plan}/reductions/1"));
        let row = |page: &crate::browser_like::Shown| page.all(".cols-sign table.tight tbody tr").remove(0);
        let now = "0.5 mg, no dose on day 7 of every 7";
        let shown = row(&pharmacist.get(&first));
        assert!(shown.contains(now) && !shown.contains("no change"), "{shown}");
        assert_eq!(sign(&pharmacist, &first, 1).status, 303);
        let kept = served.signed_in("nurse").get(&first).all("section[aria-labelledby=kept-h] dl").concat();
        assert!(kept.contains(&format!("from 0.5 mg to {now} daily")), "{kept}");
        assert!(kept.contains(&format!("20:00from 0.5 mg to {now}")), "{kept}");
    });
}

#[test]
fn while_a_hold_lasts_page_and_queue_say_until_when_and_why() {
    on_both(|house| {
        let served = open(house);
        let plan = running(&served);
        house.clock.set(at("2026-11-28T09:00:00Z"));
        lay_out(house, &plan);
        let (pharmacist, first) = (served.signed_in("pharmacist"), format!("{plan}/reductions/1"));
        let why = "Tremor of both hands since Tuesday; Ada asks to wait until it has settled.";
        let held = [("rationale", why), ("reassess_on", "2026-12-05")];
        assert_eq!(decide(&pharmacist, &first, "hold", &held).status, 303);
        let told = format!("On hold until 05 Dec 2026, because “{why}”");
        for path in [&first, &plan, "/reductions"] {
            let page = pharmacist.get(path).text();
            assert!(page.contains(&told), "{path}: {page}");
            assert!(!page.contains("Waits for a pharmacist’s signature since"), "{path}: {page}");
        }
        assert!(pharmacist.get("/reductions").text().contains("Hold until 05 Dec"));
        assert!(pharmacist.get(&first).text().contains("A signature ends the hold"), "and it may be signed");
        assert_eq!(sign(&pharmacist, &first, 2).status, 303);
        assert!(!pharmacist.get(&first).text().contains("On hold until"), "the signature has ended it");
    });
}

#[test]
fn a_held_reduction_that_cannot_be_signed_yet_says_why_too() {
    on_both(|house| {
        let served = open(house);
        let plan = running(&served);
        house.clock.set(at("2026-11-28T09:00:00Z"));
        let (pharmacist, first) = (served.signed_in("pharmacist"), format!("{plan}/reductions/1"));
        let held = [("rationale", rationale(3).as_str().to_owned()), ("reassess_on", "2026-12-20".to_owned())];
        let fields: Vec<(&str, &str)> = held.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(decide(&pharmacist, &first, "hold", &fields).status, 303);
        let page = pharmacist.get(&first).text();
        assert!(page.contains(&format!("On hold until 20 Dec 2026, because “{}”", rationale(3))), "{page}");
    });
}

#[test]
fn the_words_of_the_last_signature_are_refused_again_whatever_a_nurse_wrote_meanwhile() {
    on_both(|house| {
        let served = open(house);
        let plan = running(&served);
        house.clock.set(at("2026-11-28T09:00:00Z"));
        lay_out(house, &plan);
        let (pharmacist, first) = (served.signed_in("pharmacist"), format!("{plan}/reductions/1"));
        assert_eq!(sign(&pharmacist, &first, 1).status, 303);
        let nurse = served.signed_in("nurse");
        let paused = nurse.fill(&nurse.get(&first), &format!("{first}/pause"), &[("rationale", "Shaking since noon.")]);
        assert_eq!(paused.status, 303, "{}", paused.text());
        let again = sign(&pharmacist, &format!("{plan}/reductions/3"), 1);
        assert_eq!(again.status, 422, "{}", again.text());
        assert!(again.text().contains("word for word"), "{}", again.text());
        assert_eq!(sign(&pharmacist, &format!("{plan}/reductions/3"), 2).status, 303);
    });
}
