//! How plans end: a stop above 0 mg that two sign, a plan that is finished at 0 mg, and one that resumes it.

use stepdown::care::letter::Kind;

use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::deciding::decide;
use crate::desk::{
    approve, doses_on, forced, id_of, lay_out, open, rationale, record_baseline, running, save, sign, waiting, written,
};
use crate::house::{House, RESIDENT, at, on_both};
use crate::smtp::Server;
use crate::ward::{Ringer, letters};

fn on(house: &House, day: &str) {
    house.clock.set(format!("{day}T09:00:00Z").parse().unwrap());
}

/// Sends one decision about the end of a plan from its page, with the password.
pub fn end(by: &Visitor, plan: &str, what: &str, why: &str) -> Shown {
    let page = by.get(&format!("{plan}/end"));
    assert_eq!(page.status, 200, "{}", page.text());
    by.fill(&page, &format!("{plan}/{what}"), &[("rationale", why), ("password", PASSWORD)])
}

fn why(n: usize) -> String {
    format!("Seen at the bedside {n} times today; breathing shallow, hard to wake since noon.")
}

/// A running plan of 1 mg twice a day, eight days old.
fn at_the_bedside(house: &House) -> (Served, String) {
    let served = open(house);
    let plan = running(&served);
    on(house, "2026-11-28");
    lay_out(house, &plan);
    (served, plan)
}

/// Failure 1541370: a medicine that vanished from the chart without anybody's order. Stopping is a fact that two sign.
#[test]
fn a_stop_waits_for_another_hand_and_the_dose_goes_on_until_then() {
    on_both(|house| {
        let (served, plan) = at_the_bedside(house);
        let (both, pharmacist) = (served.signed_in("both"), served.signed_in("pharmacist"));
        let page = both.get(&format!("{plan}/end"));
        assert!(page.text().contains("An abrupt stop is dangerous") && page.text().contains("ASAM"), "{}", page.text());
        assert_eq!(end(&both, &plan, "stop-request", &why(1)).status, 303);
        assert_eq!(doses_on(house, &plan, "2026-11-29"), [1_000, 1_000], "nothing stops yet");
        assert!(both.get(&plan).text().contains("An abrupt stop was asked for. The dose stays"));
        let queue = pharmacist.get("/reductions");
        assert!(queue.text().contains("Stops to countersign"), "{}", queue.text());
        assert!(served.signed_in("supervisor").get("/overview").text().contains("an abrupt stop was asked for"));
        let refused = {
            let open = pharmacist.get(&format!("{plan}/end"));
            let shown = |field: &str| open.attribute(&format!("input[name='{field}']"), "value").unwrap();
            let (asked, decisions, next, why) = (shown("asked"), shown("decisions"), shown("next"), why(2));
            let seen = [("decisions", decisions.as_str()), ("next", next.as_str())];
            let fields = [&seen[..], &[("asked", asked.as_str()), ("rationale", why.as_str())]].concat();
            let page = both.get(&format!("{plan}/end"));
            assert!(!page.has(&format!("form[action='{plan}/stop']")), "no form for whoever asked");
            forced(&both, &format!("{plan}/stop"), &fields)
        };
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("other than you must countersign"), "{}", refused.text());
        assert_eq!(end(&pharmacist, &plan, "stop", "").status, 422);
        let stopped = end(&pharmacist, &plan, "stop", &why(3));
        assert_eq!((stopped.status, stopped.location()), (303, plan.as_str()), "{}", stopped.text());
        assert_eq!(doses_on(house, &plan, "2026-11-29"), [0, 0], "planned: no dose");
        assert_eq!(doses_on(house, &plan, "2026-12-20"), [0, 0], "written out through the follow-up");
        let text = served.signed_in("nurse").get(&plan).text();
        assert!(text.contains("Stopped, countersigned") && text.contains(&why(3)), "{text}");
        assert!(text.contains("Ended"), "{text}");
    });
}

#[test]
fn a_stop_that_is_declined_or_taken_back_leaves_the_plan_as_it_was() {
    on_both(|house| {
        let (served, plan) = at_the_bedside(house);
        let (prescriber, pharmacist) = (served.signed_in("prescriber"), served.signed_in("pharmacist"));
        assert_eq!(end(&prescriber, &plan, "stop-request", &why(1)).status, 303);
        let stale = pharmacist.get(&format!("{plan}/end"));
        let fields =
            [("rationale", rationale(3)), ("flags_reason", rationale(4)), ("effective_on", "2026-12-04".into())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let barred = forced(&pharmacist, &format!("{}/signature", waiting(&pharmacist, &plan)), &fields);
        assert!(barred.status == 422 && barred.text().contains("A stop was asked for"), "{}", barred.text());
        assert_eq!(end(&prescriber, &plan, "stop-refusal", &why(2)).status, 303);
        let fields = [("rationale", why(3)), ("password", PASSWORD.to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let late = pharmacist.fill(&stale, &format!("{plan}/stop"), &fields);
        assert_eq!(late.status, 409, "{}", late.text());
        assert_eq!(end(&prescriber, &plan, "stop-request", &why(4)).status, 303);
        assert_eq!(end(&pharmacist, &plan, "stop-refusal", &why(5)).status, 303);
        assert_eq!(doses_on(house, &plan, "2026-11-29"), [1_000, 1_000]);
        assert_eq!(sign(&pharmacist, &waiting(&pharmacist, &plan), 6).status, 303);
    });
}

#[test]
fn nobody_else_ends_a_plan_and_a_bad_form_saves_nothing() {
    on_both(|house| {
        let (served, plan) = at_the_bedside(house);
        let prescriber = served.signed_in("prescriber");
        let before = written(house);
        for text in ["", "stop it", "Reviewed. No concerns. OK to proceed per protocol."] {
            let refused = end(&prescriber, &plan, "stop-request", text);
            assert!(refused.status == 422 && refused.has(".field .err"), "{text}: {}", refused.text());
        }
        let page = prescriber.get(&format!("{plan}/end"));
        let fields = [("rationale", rationale(9)), ("password", "wrong".to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(prescriber.fill(&page, &format!("{plan}/stop-request"), &fields).status, 422);
        for who in ["nurse", "supervisor"] {
            let page = served.signed_in(who).get(&format!("{plan}/end"));
            assert!(page.status == 200 && !page.has("main form"), "{who} reads");
        }
        assert_eq!(served.signed_in("afar").get(&format!("{plan}/end")).status, 404);
        assert_eq!(written(house), before);
    });
}

/// 0.5 mg twice a day, stopped in one step; at 0 mg since 4 December.
fn at_nothing(house: &House) -> (Served, String) {
    let served = open(house);
    let prescriber = served.signed_in("prescriber");
    let one_step = [("protocol", "by-hand"), ("daily_1", "0 mg")];
    let plan = save(&prescriber, &one_step);
    assert_eq!(approve(&prescriber, &plan).status, 303);
    on(house, "2026-11-28");
    lay_out(house, &plan);
    let pharmacist = served.signed_in("pharmacist");
    assert_eq!(sign(&pharmacist, &format!("{plan}/reductions/1"), 1).status, 303);
    on(house, "2026-12-05");
    lay_out(house, &plan);
    (served, plan)
}

#[test]
fn the_last_reduction_of_a_finished_plan_is_not_paused() {
    on_both(|house| {
        let (served, plan) = at_nothing(house);
        let nurse = served.signed_in("nurse");
        let finished = end(&served.signed_in("pharmacist"), &plan, "finish", "No symptoms at all; she sleeps well.");
        assert_eq!(finished.status, 303, "{}", finished.text());
        let before = written(house);
        let paused = forced(&nurse, &format!("{plan}/reductions/1/pause"), &[("rationale", "Shaking since midnight.")]);
        assert!(paused.status >= 400, "{}", paused.text());
        assert_eq!(written(house), before);
        assert_eq!(house.count("plan_facts WHERE kind = 'paused'"), 0);
    });
}

/// Where withdrawal shows after a stop a new plan begins, and no slot has both the 0 mg of the one and the dose of the other.
#[test]
fn after_a_stop_a_new_plan_is_the_only_one_that_writes_doses_out() {
    on_both(|house| {
        let (served, plan) = at_the_bedside(house);
        let (prescriber, pharmacist) = (served.signed_in("prescriber"), served.signed_in("pharmacist"));
        assert_eq!(end(&prescriber, &plan, "stop-request", &why(1)).status, 303);
        assert_eq!(end(&pharmacist, &plan, "stop", &why(3)).status, 303);
        on(house, "2026-11-30");
        let prescriber = served.signed_in("prescriber");
        let resumed = save(&prescriber, &[("baseline_on", "2026-12-01"), ("first_reduction_on", "2026-12-15")]);
        let approved = approve(&prescriber, &resumed);
        assert_eq!(approved.status, 303, "{}", approved.text());
        lay_out(house, &resumed);
        assert_eq!(doses_on(house, &plan, "2026-12-02"), [] as [u64; 0], "one plan a day");
        assert_eq!(doses_on(house, &resumed, "2026-12-02"), [1_000, 1_000]);
    });
}

#[test]
fn a_plan_is_finished_at_nothing_and_not_before() {
    on_both(|house| {
        let (served, plan) = at_nothing(house);
        let pharmacist = served.signed_in("pharmacist");
        let follow_up = pharmacist.get(&plan).text();
        assert!(follow_up.contains("Follow-up: 0 mg since 04 Dec 2026."), "{follow_up}");
        assert!(follow_up.contains("Scores: daily until 01 Jan 2027."), "{follow_up}");
        assert!(follow_up.contains("Support: A weekly talk with J. Ward, until "), "{follow_up}");
        assert_eq!(doses_on(house, &plan, "2026-12-10"), [0, 0]);
        assert_eq!(end(&pharmacist, &plan, "finish", "").status, 422);
        let finished = end(&pharmacist, &plan, "finish", "No symptoms at all; she sleeps well.");
        assert_eq!(finished.status, 303, "{}", finished.text());
        let state = format!("plans WHERE id = '{}' AND state = 'ended'", id_of(&plan));
        assert_eq!(house.count(&state), 1);
        assert!(pharmacist.get(&plan).text().contains("Plan finished"));
        assert_eq!(doses_on(house, &plan, "2026-12-10"), [] as [u64; 0], "nothing more is written out");
        assert!(pharmacist.get(&format!("{plan}/end")).text().contains("nothing to stop or to finish"));
    });
}

/// Nothing more would be written out, and a dose that a prescriber has ordered would be none.
#[test]
fn a_plan_at_nothing_is_not_finished_over_a_dose_that_was_ordered_since() {
    on_both(|house| {
        let (served, plan) = at_nothing(house);
        let today = house.clock.now().date_naive();
        house.clock.set(at(&format!("{today}T21:10:00Z")));
        let back = decide(&served.signed_in("prescriber"), &plan, "step-back", &[("step", "0")]);
        assert_eq!(back.status, 303, "{}", back.text());
        let refused =
            forced(&served.signed_in("pharmacist"), &format!("{plan}/finish"), &[("rationale", "It is over.")]);
        assert_eq!((refused.status, house.count("plans WHERE state = 'ended'")), (422, 0), "{}", refused.text());
    });
}

#[test]
fn at_a_goal_above_nothing_the_doses_go_on_and_the_plan_with_them() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = save(&prescriber, &[("protocol", "by-hand"), ("daily_1", "1.5 mg"), ("goal", "1.5 mg")]);
        assert_eq!(approve(&prescriber, &plan).status, 303);
        on(house, "2026-11-28");
        lay_out(house, &plan);
        let pharmacist = served.signed_in("pharmacist");
        assert_eq!(sign(&pharmacist, &format!("{plan}/reductions/1"), 1).status, 303);
        on(house, "2026-12-05");
        let pharmacist = served.signed_in("pharmacist");
        let page = pharmacist.get(&format!("{plan}/end"));
        assert!(page.text().contains("reached its goal of 1.5 mg a day"), "{}", page.text());
        let refused = forced(&pharmacist, &format!("{plan}/finish"), &[("rationale", "It is over.")]);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("those doses go on under it"), "{}", refused.text());
    });
}

#[test]
fn a_new_plan_resumes_one_at_nothing_and_finishes_it_in_the_same_act() {
    on_both(|house| {
        let (served, old) = at_nothing(house);
        let prescriber = served.signed_in("prescriber");
        let days = [("baseline_on", "2026-12-05"), ("first_reduction_on", "2026-12-19")];
        let new = save(&prescriber, &days);
        let resumes = [("resumes", id_of(&old)), ("agreed_on", "2026-12-05")];
        assert_eq!(record_baseline(&prescriber, &new, &resumes).status, 303);
        let approved = approve(&prescriber, &new);
        assert_eq!(approved.status, 303, "{}", approved.text());
        assert_eq!(doses_on(house, &old, "2026-12-06"), [] as [u64; 0], "one plan a day");
        assert_eq!(doses_on(house, &new, "2026-12-06"), [1_000, 1_000]);
        assert!(prescriber.get(&old).has(&format!("main a[href='{new}']")), "the old one leads to the new one");
        assert!(prescriber.get(&new).has(&format!("main a[href='{old}']")), "the new one leads to the old one");
        assert!(prescriber.get(&old).text().contains("Finished by the approval of a new plan"));
        let third = save(&prescriber, &days);
        let refused = approve(&prescriber, &third);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("has a running clonazepam plan already"), "{}", refused.text());
    });
}

#[test]
fn pharmacists_hear_of_a_stop_at_once_and_prescribers_daily_of_an_amendment() {
    on_both(|house| {
        let (served, plan) = at_the_bedside(house);
        house.plain_sql("UPDATE people SET email = 'petra@alder.example' WHERE id = 'second'").unwrap();
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        let count = |kind| letters(house).into_iter().filter(|letter| letter.kind == kind).count();
        let prescriber = served.signed_in("prescriber");
        assert_eq!(end(&prescriber, &plan, "stop-request", &why(1)).status, 303);
        ringer.ring();
        ringer.ring();
        let asked = count(Kind::StopAsked);
        assert!(asked >= 1, "pharmacists with an address");
        assert_eq!(end(&prescriber, &plan, "stop-refusal", &why(2)).status, 303);
        let page = prescriber.get(&format!("{plan}/amend"));
        let other = [("days_1", "28"), ("rationale", &why(3)), ("do", "submit")];
        assert_eq!(prescriber.fill(&page, &format!("{plan}/amend"), &other).status, 303);
        ringer.ring();
        let first = count(Kind::Amended);
        assert!(first >= 2, "both prescribers with an address");
        on(house, "2026-11-29");
        ringer.ring();
        assert_eq!((count(Kind::Amended), count(Kind::StopAsked)), (2 * first, asked), "daily, while it waits");
    });
}

/// Of 0 mg no dose is ever recorded: a pause weeks later would begin the medicine again without a prescriber.
#[test]
fn a_reduction_to_nothing_is_paused_until_its_first_slot_is_over_and_not_after() {
    on_both(|house| {
        let (served, plan) = at_nothing(house);
        let pause = |who: &Visitor| {
            forced(who, &format!("{plan}/reductions/1/pause"), &[("rationale", "Shaking since midnight.")])
        };
        on(house, "2026-12-30");
        lay_out(house, &plan);
        let nurse = served.signed_in("nurse");
        assert!(!nurse.get(&format!("/residents/{RESIDENT}")).has(".pause"), "it is not offered");
        let late = pause(&nurse);
        assert_eq!(late.status, 422, "{}", late.text());
        assert!(late.text().contains("no longer be paused"), "{}", late.text());
        assert_eq!(house.count("doses WHERE on_date >= '2026-12-04' AND amount_ug > 0 AND NOT void"), 0);
        house.clock.set(crate::house::at("2026-12-04T07:30:00Z"));
        let in_time = pause(&served.signed_in("nurse"));
        assert_eq!(in_time.status, 303, "{}", in_time.text());
    });
}

/// The resident is not as they were: an older request would take from 1 mg to nothing whom a prescriber has just raised.
#[test]
fn a_stop_is_asked_for_anew_after_another_order_and_no_open_page_countersigns_it() {
    on_both(|house| {
        let (served, plan) = at_the_bedside(house);
        let (prescriber, pharmacist) = (served.signed_in("prescriber"), served.signed_in("pharmacist"));
        assert_eq!(end(&prescriber, &plan, "stop-request", &why(1)).status, 303);
        let (open, reason) = (pharmacist.get(&format!("{plan}/end")), why(3));
        let back = decide(&prescriber, &plan, "suspend", &[]);
        assert_eq!(back.status, 303, "{}", back.text());
        let fields = [("rationale", reason.as_str()), ("password", PASSWORD)];
        let late = pharmacist.fill(&open, &format!("{plan}/stop"), &fields);
        assert_eq!(late.status, 409, "{}", late.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'stopped'"), 0);
        let page = pharmacist.get(&format!("{plan}/end"));
        assert!(!page.has(&format!("form[action='{plan}/stop']")), "{}", page.text());
        assert_eq!(end(&prescriber, &plan, "stop-request", &why(4)).status, 303);
        assert_eq!(end(&pharmacist, &plan, "stop", &why(5)).status, 303);
    });
}

#[test]
fn a_countersignature_rests_on_what_its_page_showed() {
    on_both(|house| {
        let (served, plan) = at_the_bedside(house);
        let (prescriber, pharmacist) = (served.signed_in("prescriber"), served.signed_in("pharmacist"));
        assert_eq!(end(&prescriber, &plan, "stop-request", &why(1)).status, 303);
        let (open, reason) = (pharmacist.get(&format!("{plan}/end")), why(3));
        let sentence = "clonazepam goes from 2 mg daily to 0 mg, from the 08:00 dose today. The plan ends.";
        assert!(open.text().contains(sentence), "{}", open.text());
        let fields = [("rationale", reason.as_str()), ("password", PASSWORD)];
        house.clock.set(at("2026-11-28T09:10:00Z"));
        let moved = pharmacist.fill(&open, &format!("{plan}/stop"), &fields);
        assert!(moved.status == 409 && moved.text().contains("20:00"), "{}", moved.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'stopped'"), 0);
        assert_eq!(end(&pharmacist, &plan, "stop", &why(5)).status, 303);
        let kept = "history WHERE kind = 'stop_plan' AND body LIKE '%from the 20:00 dose today. The plan ends.%'";
        assert_eq!(house.count(kept), 1);
    });
}
