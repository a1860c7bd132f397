//! Amending at the prescriber's page: what stays, what becomes void, who approves, and that no dose given ever changes.

use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::desk::{decide, doses_on, forced, id_of, laid, lay_out, open, rationale, running, sign, waiting, written};
use crate::house::{House, beside, on_both};

/// The clock at nine in the morning of a day.
fn on(house: &House, day: &str) {
    house.clock.set(format!("{day}T09:00:00Z").parse().unwrap());
}

/// A plan whose first reduction is signed, and in force from 4 December.
fn signed(house: &House) -> (Served, String) {
    let served = open(house);
    let plan = running(&served);
    on(house, "2026-11-28");
    lay_out(house, &plan);
    assert_eq!(sign(&served.signed_in("pharmacist"), &format!("{plan}/reductions/1"), 1).status, 303);
    (served, plan)
}

/// Fills in the page of an amendment as it opens, some fields otherwise.
pub fn amend(by: &Visitor, plan: &str, wish: &str, other: &[(&str, &str)]) -> Shown {
    let page = by.get(&format!("{plan}/amend"));
    assert_eq!(page.status, 200, "{}", page.text());
    send(by, &page, plan, wish, other)
}

fn send(by: &Visitor, page: &Shown, plan: &str, wish: &str, other: &[(&str, &str)]) -> Shown {
    let why = rationale(40);
    let mut fields = vec![("rationale", why.as_str())];
    fields.retain(|(name, _)| !other.iter().any(|(field, _)| field == name));
    fields.extend(other);
    fields.push(("do", wish));
    by.fill(page, &format!("{plan}/amend"), &fields)
}

/// Slower from here: every step that is left lasts four weeks.
pub const SLOWER: [(&str, &str); 2] = [("days_1", "28"), ("days_2", "28")];

/// A signature that the page does not offer.
fn forced_sign(by: &Visitor, reduction: &str) -> Shown {
    let why = rationale(70);
    let fields = [("rationale", why.as_str()), ("flags_reason", &why), ("effective_on", "2026-12-04")];
    forced(by, &format!("{reduction}/signature"), &fields)
}

pub fn approve(by: &Visitor, plan: &str, version: u32, password: &str) -> Shown {
    let page = by.get(&format!("{plan}/versions/{version}"));
    by.fill(&page, &format!("{plan}/versions/{version}/approval"), &[("password", password)])
}

fn take_back(by: &Visitor, plan: &str, version: u32, why: &str) -> Shown {
    let page = by.get(&format!("{plan}/versions/{version}"));
    by.fill(&page, &format!("{plan}/versions/{version}/dropping"), &[("rationale", why)])
}

#[test]
fn an_amendment_voids_what_is_signed_ahead_and_waits_for_its_approval_while_the_dose_stays() {
    on_both(|house| {
        let (served, plan) = signed(house);
        let (prescriber, second) = (served.signed_in("prescriber"), served.signed_in("second"));
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [750, 750]);
        let page = second.get(&format!("{plan}/amend"));
        assert!(page.text().contains("What stays as it was signed"), "{}", page.text());
        let preview = send(&second, &page, &plan, "preview", &SLOWER);
        assert_eq!(preview.status, 200);
        assert!(preview.text().contains("Version 2, not submitted"), "{}", preview.text());
        assert!(preview.text().contains("at least 28 days"), "{}", preview.text());
        let submitted = amend(&second, &plan, "submit", &SLOWER);
        assert_eq!(submitted.status, 303, "{}", submitted.text());
        assert_eq!(submitted.location(), format!("{plan}/versions/2"));
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [1_000, 1_000], "what was signed ahead is void");
        for reader in [&prescriber, &served.signed_in("nurse")] {
            let text = reader.get(&plan).text();
            assert!(text.contains("Other steps were submitted. The dose stays"), "{text}");
        }
        assert!(prescriber.get("/plans").text().contains("Amended, not approved"));
        let deputy = served.signed_in("deputy");
        let barred = forced_sign(&deputy, &waiting(&deputy, &plan));
        assert_eq!(barred.status, 422, "nothing is signed meanwhile");
        assert!(barred.text().contains("Other steps were submitted and wait"), "{}", barred.text());
        assert_eq!(approve(&prescriber, &plan, 2, "not my password").status, 422);
        let approved = approve(&prescriber, &plan, 2, PASSWORD);
        assert_eq!((approved.status, approved.location()), (303, plan.as_str()), "{}", approved.text());
        assert!(prescriber.get(&plan).text().contains("Version 2, approved by Pat Prescriber"));
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [1_000, 1_000], "an approval lowers nothing");
        let last = house.count(&format!("plan_facts WHERE plan = '{}' AND kind = 'signed'", id_of(&plan)));
        assert_eq!(last, 1);
        let next = waiting(&deputy, &plan);
        let signed = sign(&deputy, &next, 3);
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [750, 750], "signed anew");
    });
}

#[test]
fn whoever_submitted_or_approved_the_steps_cannot_sign_them() {
    on_both(|house| {
        let (served, plan) = signed(house);
        let (both, prescriber) = (served.signed_in("both"), served.signed_in("prescriber"));
        assert_eq!(amend(&both, &plan, "submit", &SLOWER).status, 303);
        assert_eq!(approve(&prescriber, &plan, 2, PASSWORD).status, 303);
        let next = waiting(&both, &plan);
        let refused = forced_sign(&both, &next);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("another pharmacist must sign"), "{}", refused.text());
        assert_eq!(sign(&served.signed_in("deputy"), &next, 6).status, 303);
    });
}

/// A step in force is settled; so is every dose that was given under it.
#[test]
fn a_step_in_force_cannot_be_amended_and_doses_given_stay_as_they_were_given() {
    on_both(|house| {
        let (served, plan) = signed(house);
        on(house, "2026-12-04");
        lay_out(house, &plan);
        crate::ward::give(house, id_of(&plan), "2026-12-04", "08:00");
        let recorded = || -> Vec<_> {
            let mut rows = laid(house, &plan, "2026-11-20".parse().unwrap());
            rows.retain(|dose| dose.recorded);
            rows.into_iter().map(|dose| (dose.id, dose.level, dose.key)).collect()
        };
        let (prescriber, given, before) = (served.signed_in("prescriber"), recorded(), written(house));
        assert_eq!(given.len(), 1);
        let refused = amend(&prescriber, &plan, "submit", &[("days_1", "28"), ("dose_1_1", "0.5 mg")]);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("Step 1 is or was in force and stays as it was signed"), "{}", refused.text());
        assert_eq!(written(house), before);
        let submitted = amend(&prescriber, &plan, "submit", &[("days_2", "28")]);
        assert_eq!(submitted.status, 303, "{}", submitted.text());
        assert_eq!(approve(&prescriber, &plan, 2, PASSWORD).status, 303);
        assert_eq!(recorded(), given);
        assert_eq!(house.count("administrations"), 1);
        assert_eq!(doses_on(house, &plan, "2026-12-05"), [750, 750], "the step in force goes on");
    });
}

#[test]
fn of_two_amendments_at_once_one_is_submitted() {
    on_both(|house| {
        let (served, plan) = signed(house);
        let pages: Vec<(Visitor, Shown)> = ["prescriber", "second"]
            .map(|who| {
                let visitor = served.signed_in(who);
                let page = visitor.get(&format!("{plan}/amend"));
                (visitor, page)
            })
            .into();
        let sent = beside(2, |n| send(&pages[n].0, &pages[n].1, &plan, "submit", &SLOWER));
        let mut statuses: Vec<u16> = sent.iter().map(|shown| shown.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        assert_eq!(house.count("plan_versions"), 2);
        let again = amend_anyway(&pages[0].0, &plan);
        assert!(again.text().contains("cannot be amended now"), "{}", again.text());
    });
}

/// Back, other days, and the same button.
#[test]
fn an_amendment_sent_again_with_other_steps_is_not_answered_as_submitted() {
    on_both(|house| {
        let (served, plan) = signed(house);
        let prescriber = served.signed_in("prescriber");
        let page = prescriber.get(&format!("{plan}/amend"));
        let sent = |days| send(&prescriber, &page, &plan, "submit", &[("days_1", days), ("days_2", days)]).status;
        assert_eq!([sent("28"), sent("21"), sent("28")], [303, 409, 303]);
        assert_eq!(house.count("plan_versions"), 2);
    });
}

#[test]
fn of_two_answers_at_once_one_is_approved() {
    on_both(|house| {
        let (served, plan) = signed(house);
        let deputy = served.signed_in("deputy");
        let why = [("rationale", "Her nights are bad since Sunday; two weeks a step are too few for her.")];
        assert_eq!(decide(&deputy, &format!("{plan}/reductions/1"), "return", &why).status, 303);
        let visitors = ["prescriber", "second"].map(|who| served.signed_in(who));
        let pages: Vec<Shown> = visitors.iter().map(|visitor| visitor.get(&plan)).collect();
        let sent = beside(2, |n| {
            let answer = rationale(60 + n);
            let fields = [("rationale", answer.as_str()), ("password", PASSWORD)];
            visitors[n].fill(&pages[n], &format!("{plan}/answer"), &fields)
        });
        let mut statuses: Vec<u16> = sent.iter().map(|shown| shown.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        assert_eq!(house.count("plan_versions"), 2);
    });
}

fn amend_anyway(by: &Visitor, plan: &str) -> Shown {
    by.get(&format!("{plan}/amend"))
}

#[test]
fn what_was_decided_since_the_page_was_opened_is_looked_at_first() {
    on_both(|house| {
        let (served, plan) = signed(house);
        let (prescriber, deputy) = (served.signed_in("prescriber"), served.signed_in("deputy"));
        let page = prescriber.get(&format!("{plan}/amend"));
        let first = format!("{plan}/reductions/1");
        assert_eq!(decide(&deputy, &first, "withdrawal", &[("rationale", "She fell again this morning.")]).status, 303);
        let before = written(house);
        let late = send(&prescriber, &page, &plan, "submit", &SLOWER);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.text().contains("Something was decided about this plan"), "{}", late.text());
        assert_eq!(written(house), before);
        let first = waiting(&deputy, &plan);
        let review = deputy.get(&first);
        assert_eq!(amend(&prescriber, &plan, "submit", &SLOWER).status, 303);
        let why = rationale(7);
        let fields = [("rationale", why.as_str()), ("flags_reason", why.as_str()), ("password", PASSWORD)];
        let sign = deputy.fill(&review, &format!("{first}/signature"), &fields);
        assert_eq!(sign.status, 422, "{}", sign.text());
        assert!(sign.text().contains("wait for a prescriber’s approval"), "{}", sign.text());
    });
}

#[test]
fn an_amendment_that_was_taken_back_changes_nothing_and_the_next_has_the_next_number() {
    on_both(|house| {
        let (served, plan) = signed(house);
        let (prescriber, second) = (served.signed_in("prescriber"), served.signed_in("second"));
        assert_eq!(amend(&second, &plan, "submit", &SLOWER).status, 303);
        let stale = prescriber.get(&format!("{plan}/versions/2"));
        assert_eq!(take_back(&second, &plan, 2, "").status, 422);
        assert_eq!(take_back(&second, &plan, 2, "Her daughter wants to wait for the visit.").status, 303);
        let late = prescriber.fill(&stale, &format!("{plan}/versions/2/approval"), &[("password", PASSWORD)]);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(prescriber.get(&format!("{plan}/versions/2")).text().contains("Taken back"));
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [1_000, 1_000], "what became void is signed anew");
        let third = amend(&second, &plan, "submit", &[("days_1", "21")]);
        assert_eq!(third.location(), format!("{plan}/versions/3"), "{}", third.text());
        assert_eq!(approve(&prescriber, &plan, 3, PASSWORD).status, 303);
        for (version, words) in [(1, "Was in force"), (2, "Taken back"), (3, "In force")] {
            for reader in ["nurse", "pharmacist", "supervisor", "prescriber"] {
                let shown = served.signed_in(reader).get(&format!("{plan}/versions/{version}"));
                assert!(shown.text().contains(words), "{reader}, {version}: {}", shown.text());
            }
        }
        assert!(prescriber.get(&format!("{plan}/versions/3")).text().contains("Beside version 1"));
        assert_eq!(prescriber.get(&format!("{plan}/versions/4")).status, 404);
        assert_eq!(served.signed_in("afar").get(&format!("{plan}/versions/1")).status, 404);
    });
}

#[test]
fn every_bad_field_of_an_amendment_is_named_and_saves_nothing() {
    let bad = [
        ("rationale", "", ".field .err"),
        ("rationale", "as per protocol, continue", ".field .err"),
        ("first_reduction_on", "", ".field .err"),
        ("first_reduction_on", "2026-11-28", ".field .err"),
        ("first_reduction_on", "2026-12-03", ".field .err"),
        ("first_reduction_on", "2028-12-03", ".field .err"),
        ("goal", ".5", ".field .err"),
        ("goal", "1 mg", ".err"),
        ("goal", "3 mg", ".field .err"),
        ("protocol", "", "fieldset .err"),
        ("protocol", "no-such-protocol", "fieldset .err"),
        ("days_2", "0", ".err"),
        ("dose_2_1", "1,5", ".err"),
        ("dose_2_1", "0.3 mg", ".err"),
        ("dose_1_1", "2 mg", ".err"),
        ("decisions_seen", "x", ""),
    ];
    on_both(|house| {
        let (served, plan) = signed(house);
        let prescriber = served.signed_in("prescriber");
        let before = (written(house), laid(house, &plan, "2026-11-20".parse().unwrap()));
        for (field, value, shown) in bad {
            let other = [SLOWER[0], (field, value)];
            let refused = amend(&prescriber, &plan, "submit", &other);
            let expected = if field == "decisions_seen" { 409 } else { 422 };
            assert_eq!(refused.status, expected, "{field} {value}: {}", refused.text());
            assert!(shown.is_empty() || refused.has(shown), "{field} {value}: {}", refused.text());
        }
        let same = amend(&prescriber, &plan, "submit", &[]);
        assert!(same.status == 422 && same.text().contains("These are the steps as they stand"), "{}", same.text());
        assert_eq!((written(house), laid(house, &plan, "2026-11-20".parse().unwrap())), before);
        for stranger in ["nurse", "pharmacist"] {
            assert_eq!(served.signed_in(stranger).get(&format!("{plan}/amend")).status, 403, "{stranger}");
        }
        assert_eq!(served.signed_in("afar").get(&format!("{plan}/amend")).status, 404);
    });
}

#[test]
fn steps_are_put_in_removed_and_made_anew_from_the_level_in_force() {
    on_both(|house| {
        let (served, plan) = signed(house);
        on(house, "2026-12-05");
        lay_out(house, &plan);
        let prescriber = served.signed_in("prescriber");
        let third = prescriber.get(&format!("{plan}/amend")).attribute("input[name='days_3']", "value");
        let line = amend(&prescriber, &plan, "line_3", &[]);
        assert_eq!(line.attribute("input[name='days_3']", "value").as_deref(), Some(""), "{}", line.text());
        assert_eq!(line.attribute("input[name='days_4']", "value"), third);
        let higher = [("days_3", "14"), ("dose_3_1", "1 mg"), ("dose_3_2", "1 mg")];
        let refused = send(&prescriber, &line, &plan, "submit", &higher);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("Step 3"), "the plan’s own numbers are named: {}", refused.text());
        let put_in = [("days_3", "14"), ("dose_3_1", "0.375 mg"), ("dose_3_2", "0.5 mg")];
        let split = send(&prescriber, &line, &plan, "preview", &put_in);
        assert!(split.status == 200 && split.text().contains("1 step is added"), "{}", split.text());
        let anew = [("protocol", "percent-of-current"), ("goal", "0.5 mg")];
        let preview = amend(&prescriber, &plan, "preview", &anew);
        assert!(preview.text().contains("Version 2, not submitted"), "{}", preview.text());
        let stay = [("goal", "1.5 mg"), ("protocol", "by-hand")];
        let empty: Vec<(String, &str)> =
            preview_fields(&prescriber, &plan).into_iter().map(|name| (name, "")).collect();
        let other: Vec<(&str, &str)> =
            stay.into_iter().chain(empty.iter().map(|(name, value)| (name.as_str(), *value))).collect();
        let stays = amend(&prescriber, &plan, "submit", &other);
        assert_eq!(stays.status, 303, "{}", stays.text());
        assert_eq!(approve(&prescriber, &plan, 2, PASSWORD).status, 303);
        assert!(prescriber.get(&plan).text().contains("No reduction is asked for any more"));
    });
}

/// The fields of every step after the one in force.
fn preview_fields(by: &Visitor, plan: &str) -> Vec<String> {
    let fields = by.get(&format!("{plan}/amend")).fields(&format!("{plan}/amend"));
    let names = fields.into_iter().map(|(name, _)| name);
    names.filter(|name| ["days_", "daily_", "dose_"].iter().any(|kind| name.starts_with(kind))).collect()
}

#[test]
fn a_plan_that_was_sent_back_can_be_answered_with_other_steps() {
    on_both(|house| {
        let (served, plan) = signed(house);
        let (prescriber, deputy) = (served.signed_in("prescriber"), served.signed_in("deputy"));
        let why = "Her nights are bad since Sunday; two weeks a step are too few for her.";
        assert_eq!(decide(&deputy, &format!("{plan}/reductions/1"), "return", &[("rationale", why)]).status, 303);
        let page = prescriber.get(&plan);
        assert!(page.has(&format!("a[href='{plan}/amend']")) && page.has(&format!("form[action='{plan}/answer']")));
        assert!(amend_anyway(&prescriber, &plan).text().contains(why));
        assert_eq!(amend(&prescriber, &plan, "submit", &SLOWER).status, 303);
        assert_eq!(approve(&prescriber, &plan, 2, PASSWORD).status, 303);
        assert_eq!(sign(&deputy, &waiting(&deputy, &plan), 8).status, 303);
    });
}
