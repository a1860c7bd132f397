//! What a prescriber decides from the next dose on: steps back, urgent orders, holds; their review, and stale pages.

use crate::browser_like::{PASSWORD, Shown, Visitor};
use crate::deciding::{at, decide, lowered, send};
use crate::desk::{doses_on, id_of, laid, lay_out, open, rationale, written};
use crate::house::{House, beside, on_both};

fn order_of(house: &House, kind: &str) -> String {
    let conn = &mut house.plain();
    use diesel::RunQueryDsl;
    let sql = diesel::dsl::sql::<diesel::sql_types::Text>(&format!("SELECT id FROM plan_facts WHERE kind = '{kind}'"));
    stepdown::on_either!(conn, |c| sql.get_result::<String>(c)).unwrap()
}

#[test]
fn a_step_back_acts_from_the_next_dose_and_every_later_step_is_signed_anew() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        let page = prescriber.get(&format!("{plan}/decide"));
        assert!(page.text().contains("from the 20:00 dose today"), "{}", page.text());
        assert!(page.text().contains("20:00: from 0.75 mg to 1 mg (1 × 1 mg tablet)"), "{}", page.text());
        let back = decide(&prescriber, &plan, "step-back", &[("step", "0")]);
        assert_eq!((back.status, back.location()), (303, plan.as_str()), "{}", back.text());
        assert_eq!(doses_on(house, &plan, "2026-12-05"), [750, 1_000], "the morning stays as it was");
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [1_000, 1_000]);
        let queue = served.signed_in("pharmacist").get("/reductions");
        assert!(queue.text().contains("Level decided: step 0"), "the pharmacist is told: {}", queue.text());
        at(house, "2026-12-18T09:00");
        lay_out(house, &plan);
        assert_eq!(doses_on(house, &plan, "2026-12-18"), [1_000, 1_000], "nothing goes down again by itself");
        let least = served.signed_in("pharmacist").get(&format!("{plan}/reductions/3"));
        assert!(least.text().contains("Sign the reduction"), "{}", least.text());
        assert!(least.text().contains("Earliest 19 Dec 2026"), "the least days began anew: {}", least.text());
    });
}

#[test]
fn a_step_back_leads_up_and_nowhere_else() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        let before = written(house);
        for step in ["", "1", "2", "3", "99", "-1", "x", "4294967296"] {
            let refused = decide(&prescriber, &plan, "step-back", &[("step", step)]);
            assert_eq!(refused.status, 422, "{step}: {}", refused.text());
            assert!(refused.text().contains("the dose has not changed"), "{step}: {}", refused.text());
        }
        assert_eq!(written(house), before);
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [750, 750]);
    });
}

#[test]
fn an_urgent_order_suspends_until_a_prescriber_decides_and_a_pharmacist_reviews_it() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        let ordered = decide(&prescriber, &plan, "suspend", &[]);
        assert_eq!(ordered.status, 303, "{}", ordered.text());
        assert_eq!(doses_on(house, &plan, "2026-12-05"), [750, 0]);
        let pharmacist = served.signed_in("pharmacist");
        let queue = pharmacist.get("/reductions");
        assert!(queue.text().contains("Urgent order: suspended"), "{}", queue.text());
        let address = format!("{plan}/orders/{}", order_of(house, "ordered"));
        assert!(queue.has(&format!("a[href='{address}']")), "{}", queue.text());
        let page = pharmacist.get(&address);
        let why = rationale(71);
        let fields = [("rationale", why.as_str()), ("password", PASSWORD)];
        let reviewed = pharmacist.fill(&page, &format!("{address}/review"), &fields);
        assert_eq!(reviewed.status, 303, "{}", reviewed.text());
        let again = pharmacist.fill(&page, &format!("{address}/review"), &fields);
        assert_eq!(again.status, 303, "a repeated post finds its first answer: {}", again.text());
        let deputy = served.signed_in("deputy");
        let late =
            [("rationale", why.as_str()), ("password", PASSWORD), ("form", "0193f2a0-7c1e-7aaa-8bbb-0123456789ab")];
        let csrf = deputy.get(&address).attribute("input[name=csrf]", "value").unwrap();
        let late: Vec<(&str, &str)> = late.into_iter().chain([("csrf", csrf.as_str())]).collect();
        assert_eq!(deputy.post(&format!("{address}/review"), &late).status, 409, "one review is enough");
        assert_eq!(house.count("plan_facts WHERE kind = 'reviewed'"), 1);
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [0, 0], "a review changes no dose");
        let back = decide(&prescriber, &plan, "step-back", &[("step", "1")]);
        assert_eq!(back.status, 303, "{}", back.text());
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [750, 750], "the step that was interrupted");
    });
}

#[test]
fn what_is_lowered_is_shown_before_and_never_raises() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        let typed = |one, other| [("amount_1", one), ("amount_2", other)];
        let look = [("wish", "preview"), ("amount_1", "0.5"), ("amount_2", "0.75")];
        let seen = decide(&prescriber, &plan, "lower", &look);
        assert_eq!(seen.status, 200, "{}", seen.text());
        assert!(
            seen.text().contains("Not ordered yet") && seen.text().contains("1 × 0.5 mg tablet"),
            "{}",
            seen.text()
        );
        let before = written(house);
        let refusals = [
            (typed("1", "0.5"), "never raises a dose"),
            (typed("0.75", "0.75"), "as they stand, and an urgent order gives less"),
            (typed("0.6", "0.5"), "cannot be made exactly"),
            (typed("", "0.5"), "Write an amount for each time of day"),
            (typed(".5", "0.5"), "is not an amount"),
            (typed("500 mcg", "0.5"), "easily misread"),
        ];
        for (fields, sentence) in refusals {
            let refused = decide(&prescriber, &plan, "lower", &fields);
            assert_eq!(refused.status, 422, "{fields:?}");
            assert!(refused.text().contains(sentence), "{fields:?}: {}", refused.text());
        }
        assert_eq!(written(house), before);
        let lowered = decide(&prescriber, &plan, "lower", &typed("0.5 mg", "0"));
        assert_eq!(lowered.status, 303, "{}", lowered.text());
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [500, 0]);
    });
}

#[test]
fn a_prescriber_holds_and_whoever_may_ends_the_hold_early() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        let held = decide(&prescriber, &plan, "hold", &[("reassess_on", "2026-12-30")]);
        assert_eq!(held.status, 303, "{}", held.text());
        let pharmacist = served.signed_in("pharmacist");
        let page = pharmacist.get(&format!("{plan}/decide"));
        assert!(
            page.text().contains("On hold until 30 Dec 2026") && !page.text().contains("Suspend"),
            "{}",
            page.text()
        );
        let why = rationale(9);
        let ended =
            pharmacist.fill(&page, &format!("{plan}/decide/end-hold"), &[("rationale", &why), ("password", PASSWORD)]);
        assert_eq!(ended.status, 303, "{}", ended.text());
        let again = decide(&prescriber, &plan, "hold", &[("reassess_on", "2026-12-30"), ("rationale", &rationale(10))]);
        assert_eq!(again.status, 303, "{}", again.text());
        let page = prescriber.get(&format!("{plan}/decide"));
        let why = rationale(11);
        let fields = [("rationale", why.as_str()), ("password", PASSWORD)];
        assert_eq!(prescriber.fill(&page, &format!("{plan}/decide/end-hold"), &fields).status, 303);
        let page = pharmacist.get(&format!("{plan}/decide"));
        assert!(page.text().contains("This plan is not on hold"), "{}", page.text());
    });
}

/// The world moved while the page was open: the next dose was recorded, or somebody else decided.
#[test]
fn a_stale_page_orders_nothing_and_says_what_stands_now() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        let page = prescriber.get(&format!("{plan}/decide"));
        at(house, "2026-12-05T20:00");
        let nurse = served.signed_in("nurse");
        crate::ward::give(house, id_of(&plan), "2026-12-05", "20:00");
        drop(nurse);
        let before = written(house);
        let prescriber = served.signed_in("prescriber");
        let late = send_anew(&prescriber, &page, &plan, "suspend");
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.text().contains("from the 08:00 dose on 06 Dec 2026"), "{}", late.text());
        assert_eq!(written(house), before);
        let page = prescriber.get(&format!("{plan}/decide"));
        let second = served.signed_in("second");
        assert_eq!(decide(&second, &plan, "hold", &[("reassess_on", "2026-12-30")]).status, 303);
        let rival = send_anew(&prescriber, &page, &plan, "suspend");
        assert_eq!(rival.status, 409, "{}", rival.text());
        assert!(rival.text().contains("changed while the page was open"), "{}", rival.text());
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [750, 750]);
    });
}

/// A page drawn in an earlier session: its fields, with the proof of this one.
fn send_anew(by: &Visitor, page: &Shown, plan: &str, what: &str) -> Shown {
    let csrf = by.get(&format!("{plan}/decide")).attribute("input[name=csrf]", "value").unwrap();
    send(by, page, plan, what, &[("csrf", &csrf)])
}

#[test]
fn of_two_prescribers_at_once_exactly_one_orders() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let both = [served.signed_in("prescriber"), served.signed_in("second")];
        let pages = both.each_ref().map(|one| one.get(&format!("{plan}/decide")));
        let answers = beside(2, |n| send(&both[n], &pages[n], &plan, "suspend", &[]).status);
        assert_eq!(house.count("plan_facts WHERE kind = 'ordered'"), 1, "{answers:?}");
        assert!(answers.contains(&303) && answers.contains(&409), "{answers:?}");
    });
}

#[test]
fn only_who_may_orders_and_only_with_a_password_and_a_reason() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        let before = written(house);
        for (what, field) in
            [("step-back", ("step", "0")), ("suspend", ("", "")), ("hold", ("reassess_on", "2026-12-30"))]
        {
            for bad in [
                ("password", ""),
                ("password", "wrong"),
                ("rationale", ""),
                ("rationale", "ok to proceed as per protocol"),
            ] {
                let refused = decide(&prescriber, &plan, what, &[field, bad]);
                assert_eq!(refused.status, 422, "{what} {bad:?}: {}", refused.text());
                assert!(refused.has("details[open]"), "the form that came back stands open");
                at(house, "2026-12-05T09:31");
            }
            house.plain_sql("DELETE FROM throttles").unwrap();
        }
        let csrf = |by: &Visitor| by.get("/residents").attribute("input[name=csrf]", "value").unwrap();
        for (person, status) in [("nurse", 403), ("pharmacist", 403), ("supervisor", 403), ("afar", 404)] {
            let other = served.signed_in(person);
            let fields = [("csrf", csrf(&other)), ("form", crate::ward::id())];
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            assert_eq!(other.post(&format!("{plan}/decide/suspend"), &fields).status, status, "{person}");
        }
        assert_eq!(written(house), before);
    });
}

#[test]
fn a_draft_and_a_plan_to_come_have_nothing_to_order() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let days = [("baseline_on", "2026-11-25"), ("first_reduction_on", "2026-12-09")];
        let plan = crate::desk::save(&prescriber, &days);
        let page = prescriber.get(&format!("{plan}/decide"));
        assert!(page.text().contains("This plan is not running."), "{}", page.text());
        assert_eq!(crate::desk::approve(&prescriber, &plan).status, 303);
        let page = prescriber.get(&format!("{plan}/decide"));
        assert!(page.text().contains("This plan begins on 25 Nov 2026"), "{}", page.text());
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        let id = crate::ward::id();
        let why = rationale(1);
        let fields = [
            ("csrf", csrf.as_str()),
            ("form", &id),
            ("decisions", "1"),
            ("next", "2026-11-25T08:00"),
            ("password", PASSWORD),
            ("rationale", &why),
        ];
        let refused = prescriber.post(&format!("{plan}/decide/suspend"), &fields);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'ordered'"), 0);
    });
}

/// The morning dose is still open at half past nine, when a prescriber says to give nothing, or less: an order bars from the
/// moment it was given. What was taken before it is written down as it was.
#[test]
fn a_late_dose_is_not_given_against_an_order_that_came_before_it() {
    let record = |nurse: &Visitor, dose: &str, fields: &[(&str, &str)]| {
        let page = nurse.get(dose);
        nurse.fill(&page, &format!("{dose}/administration"), fields)
    };
    for (what, fields, less) in
        [("suspend", &[][..], ""), ("lower", &[("amount_1", "0.5"), ("amount_2", "0.5")], "0.5")]
    {
        on_both(|house| {
            let (served, plan) = lowered(house);
            let ordered = decide(&served.signed_in("prescriber"), &plan, what, fields);
            assert_eq!(ordered.status, 303, "{}", ordered.text());
            at(house, "2026-12-05T09:45");
            let morning = laid(house, &plan, "2026-12-05".parse().unwrap()).remove(0);
            assert_eq!((morning.level.amount.ug(), morning.recorded), (750, false));
            let (nurse, dose) = (served.signed_in("nurse"), format!("/doses/{}", morning.id));
            let page = nurse.get(&dose);
            let words = if less.is_empty() { "Do not give this dose." } else { "Give at most 0.5 mg of this dose." };
            assert!(page.text().contains(words), "{}", page.text());
            assert_eq!(page.text().contains("Give it when it is noticed"), !less.is_empty(), "{}", page.text());
            let (bar, stop) = match less.is_empty() {
                true => ("Do not give", "Do not give: a prescriber ordered so, 05 Dec 2026 09:30."),
                false => ("Give less", "Give at most 0.5 mg of 0.75 mg: a prescriber ordered so, 05 Dec 2026 09:30."),
            };
            let (round, pack) = (nurse.get("/round"), nurse.get("/units/east/downtime"));
            assert!(round.all(".not-now .when").iter().any(|row| row.contains(bar)), "{}", round.text());
            assert!(pack.text().contains(stop), "{}", pack.text());
            let refused = record(&nurse, &dose, &[("outcome", "given"), ("reason", "L1")]);
            assert_eq!(refused.status, 422, "{}", refused.text());
            assert!(refused.text().contains("at 09:30"), "{}", refused.text());
            assert_eq!(house.count("administrations"), 0);
            let saved = if less.is_empty() {
                record(&nurse, &dose, &[("outcome", "given"), ("reason", "L3"), ("given_at", "08:05")])
            } else {
                let most = [("outcome", "given_in_part"), ("reason", "P9"), ("note", "Lowered by the prescriber.")];
                let too_much = record(&nurse, &dose, &[&most[..], &[("amount", "0.625")]].concat());
                assert_eq!(too_much.status, 422, "{}", too_much.text());
                record(&nurse, &dose, &[&most[..], &[("amount", "0.5")]].concat())
            };
            assert_eq!(saved.status, 303, "{}", saved.text());
        });
    }
}

#[test]
fn once_a_prescriber_has_decided_the_level_no_order_before_it_bars_a_dose() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let prescriber = served.signed_in("prescriber");
        assert_eq!(decide(&prescriber, &plan, "suspend", &[]).status, 303);
        assert_eq!(decide(&prescriber, &plan, "step-back", &[("step", "1")]).status, 303);
        let morning = laid(house, &plan, "2026-12-05".parse().unwrap()).remove(0);
        let (nurse, dose) = (served.signed_in("nurse"), format!("/doses/{}", morning.id));
        let given =
            nurse.fill(&nurse.get(&dose), &format!("{dose}/administration"), &[("outcome", "given"), ("reason", "L1")]);
        assert_eq!(given.status, 303, "{}", given.text());
    });
}
