//! Deciding at the pharmacist's page: who may sign what and when, what a signature changes, and what it keeps.

mod steps;

use crate::browser_like::{PASSWORD, Served, Visitor};
use crate::desk::{decide, doses_on, laid, lay_out, open, rationale, running, sign, written};
use crate::house::{House, beside, on_both};

/// The clock at nine in the morning of a day.
fn on(house: &House, day: &str) {
    house.clock.set(format!("{day}T09:00:00Z").parse().unwrap());
}

/// A running plan whose first reduction can be signed, and a pharmacist in front of it.
fn at_the_desk(house: &House) -> (Served, String, Visitor) {
    let served = open(house);
    let plan = running(&served);
    on(house, "2026-11-28");
    lay_out(house, &plan);
    let pharmacist = served.signed_in("pharmacist");
    (served, plan, pharmacist)
}

/// Failure 1589839: the dose follows the signature at once and by itself; nobody copies it anywhere.
#[test]
fn a_signature_changes_the_doses_ahead_at_once_and_keeps_its_whole_statement() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        let queue = pharmacist.get("/reductions");
        assert!(queue.text().contains("ASH , Ada") && queue.has(&format!("a[href='{first}']")), "{}", queue.text());
        assert!(queue.text().contains("0 of 15"), "the dose of 08:00 may still be given: {}", queue.text());
        let page = pharmacist.get(&first);
        assert!(page.text().contains("Guideline checks") && page.text().contains("(source 1)"), "{}", page.text());
        assert!(page.text().contains("from 2 mg to 1.5 mg daily"), "{}", page.text());
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [1_000, 1_000]);
        let signed = sign(&pharmacist, &first, 4);
        assert_eq!((signed.status, signed.location()), (303, first.as_str()), "{}", signed.text());
        assert_eq!(doses_on(house, &plan, "2026-12-03"), [1_000, 1_000]);
        for day in ["2026-12-04", "2026-12-11"] {
            assert_eq!(doses_on(house, &plan, day), [750, 750], "{day}");
        }
        for reader in ["pharmacist", "prescriber", "nurse", "supervisor"] {
            let kept = served.signed_in(reader).get(&first);
            let text = kept.text();
            assert!(kept.has(".drop > .signed.ahead") && !kept.has(".drop > .unsigned"), "what is signed is solid");
            assert!(text.contains("Signed by Phil Pharmacist, pharmacist, registration P-2"), "{reader}: {text}");
            assert!(text.contains("28 Nov 2026 09:00") && text.contains("ASH, Ada, no. 1, born 03 Feb 1941"), "{text}");
            assert!(text.contains(&rationale(4)) && text.contains(&rationale(104)), "{text}");
            assert!(
                text.contains("may be reduced from 2 mg to 1.5 mg daily from the 08:00 dose on 04 Dec 2026"),
                "{text}"
            );
            assert!(text.contains("08:00 from 1 mg to 0.75 mg") && text.contains("Plan version 1"), "{text}");
        }
        assert!(!pharmacist.get("/reductions").has(".que"), "it waits no longer");
        assert!(pharmacist.get(&plan).has(".drop > .signed.ahead"));
    });
}

/// Failures 1504479 and 1480453 (the rationale box was blank), 1496859 (a generic sentence), and the last one again.
#[test]
fn a_rationale_that_says_nothing_of_this_resident_signs_nothing() {
    let long = "She sleeps. ".repeat(400);
    let bad = [
        "",
        "          ",
        "....................",
        "sleeps well",
        "Clinically appropriate, continue taper as planned.",
        "Reviewed. No concerns. OK to proceed with reduction per protocol.",
        &long,
    ];
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        let before = written(house);
        for (what, day) in [("signature", "effective_on"), ("hold", "reassess_on"), ("return", "")] {
            for text in bad {
                let fields = [("rationale", text), ("flags_reason", &rationale(9)), (day, "2026-12-05")];
                let refused = decide(&pharmacist, &first, what, &fields);
                assert_eq!(refused.status, 422, "{what} {text}: {}", refused.text());
                assert!(refused.all(".field .err").len() == 1, "{what} {text}: {:?}", refused.all(".err"));
                assert!(refused.has("details[open]"), "the form that came back stands open");
            }
        }
        assert_eq!(written(house), before);
        let said = rationale(3);
        assert_eq!(
            decide(&pharmacist, &first, "hold", &[("rationale", &said), ("reassess_on", "2026-11-29")]).status,
            303
        );
        on(house, "2026-11-30");
        let pharmacist = served.signed_in("pharmacist");
        let again = decide(&pharmacist, &first, "signature", &[("rationale", &said), ("flags_reason", &rationale(5))]);
        assert_eq!(again.status, 422);
        assert!(again.text().contains("word for word"), "{}", again.text());
    });
}

#[test]
fn every_bad_field_of_a_decision_is_named_and_saves_nothing() {
    let huge = "9".repeat(5_000);
    let good = [rationale(1), rationale(2)];
    let bad = [
        ("signature", "effective_on", ""),
        ("signature", "effective_on", "04 Dec 2026"),
        ("signature", "effective_on", "2026-11-28"),
        ("signature", "effective_on", "2026-11-01"),
        ("signature", "effective_on", "2026-12-03"),
        ("signature", "effective_on", "2027-12-04"),
        ("signature", "effective_on", "'; DELETE FROM doses; --"),
        ("signature", "effective_on", &huge),
        ("signature", "flags_reason", ""),
        ("signature", "flags_reason", "fine"),
        ("signature", "password", ""),
        ("signature", "password", "not my password"),
        ("hold", "reassess_on", ""),
        ("hold", "reassess_on", "2026-11-28"),
        ("hold", "reassess_on", "2027-11-28"),
        ("hold", "password", "not my password"),
        ("return", "password", "not my password"),
    ];
    on_both(|house| {
        let (_served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        let before = (written(house), laid(house, &plan, "2026-11-20".parse().unwrap()));
        for (what, field, value) in bad {
            let mut fields = vec![("rationale", good[0].as_str())];
            fields.extend((what == "signature").then_some(("flags_reason", good[1].as_str())));
            fields.retain(|(name, _)| *name != field);
            fields.push((field, value));
            let refused = decide(&pharmacist, &first, what, &fields);
            assert_eq!(refused.status, 422, "{what} {field} {value}: {}", refused.text());
            assert!(refused.has(&format!("[id$='-{field}-error']")), "{what} {field}: {:?}", refused.all(".err"));
            assert!(refused.body.contains(&good[0]), "what was typed comes back");
            assert!(!refused.body.contains("not my password"), "a password never does");
        }
        assert_eq!((written(house), laid(house, &plan, "2026-11-20".parse().unwrap())), before);
    });
}

/// Exactly one of two pharmacists signs; the other is told who did and when, and what they wrote is not lost.
#[test]
fn of_two_rivals_exactly_one_signs_and_the_other_is_told_who_and_when() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let rivals = [pharmacist, served.signed_in("deputy")];
        let first = format!("{plan}/reductions/1");
        let pages = rivals.each_ref().map(|rival| rival.get(&first));
        let written = [rationale(3), rationale(5)];
        let reason = rationale(7);
        let answers = beside(2, |n| {
            let fields = [("password", PASSWORD), ("rationale", &written[n]), ("flags_reason", &reason)];
            rivals[n].fill(&pages[n], &format!("{first}/signature"), &fields)
        });
        let winner = answers.iter().position(|answer| answer.status == 303).expect("one signs");
        let loser = 1 - winner;
        assert_eq!(answers[loser].status, 409, "{}", answers[loser].text());
        let text = answers[loser].text();
        let name = ["Phil Pharmacist", "Dora Deputy"][winner];
        assert!(text.contains(&format!("{name} signed this reduction at 09:00 on 28 Nov 2026")), "{text}");
        assert!(text.contains(&written[loser]) && text.contains(&written[winner]), "both sides are shown: {text}");
        assert_eq!(house.count("plan_facts WHERE kind = 'signed'"), 1);
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [750, 750]);
    });
}

#[test]
fn a_double_tap_signs_once_and_gets_the_first_answer() {
    on_both(|house| {
        let (_served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        let page = pharmacist.get(&first);
        let (why, reason) = (rationale(2), rationale(6));
        let fields = [("password", PASSWORD), ("rationale", why.as_str()), ("flags_reason", &reason)];
        let signature = format!("{first}/signature");
        let twice = [pharmacist.fill(&page, &signature, &fields), pharmacist.fill(&page, &signature, &fields)];
        assert_eq!(twice.each_ref().map(|answer| answer.status), [303, 303], "{}", twice[1].text());
        assert_eq!(house.count("plan_facts WHERE kind = 'signed'"), 1);
    });
}

/// P8: who drafted, edited or approved a plan never signs its reductions, whatever other role they hold.
#[test]
fn nobody_signs_their_own_plan_even_as_a_pharmacist() {
    on_both(|house| {
        let served = open(house);
        let both = served.signed_in("both");
        let plan = crate::desk::save(&both, &[]);
        assert_eq!(crate::desk::approve(&served.signed_in("prescriber"), &plan).status, 303);
        on(house, "2026-11-28");
        let (both, first) = (served.signed_in("both"), format!("{plan}/reductions/1"));
        let page = both.get(&first);
        assert!(page.text().contains("another pharmacist must sign"), "{}", page.text());
        let signature = format!("{first}/signature");
        assert!(!page.has(&format!("form[action='{signature}']")), "no form that would be refused");
        assert!(both.get("/reductions").text().contains("Your plan: another signs"));
        let form = stepdown::web::form::new_id(house.db.now());
        let (why, csrf) = (rationale(1), page.attribute("[name=csrf]", "value").unwrap());
        let fields = [("csrf", csrf.as_str()), ("form", &form), ("rationale", &why), ("flags_reason", &why)];
        let fields = [fields.to_vec(), vec![("effective_on", "2026-12-04"), ("password", PASSWORD)]].concat();
        let refused = both.post(&signature, &fields);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("another pharmacist must sign"));
        assert_eq!(house.count("plan_facts WHERE kind = 'signed'"), 0);
    });
}

#[test]
fn a_reduction_that_cannot_be_signed_yet_says_from_when_and_offers_no_signature() {
    on_both(|house| {
        let served = open(house);
        let plan = running(&served);
        let pharmacist = served.signed_in("pharmacist");
        let first = format!("{plan}/reductions/1");
        let page = pharmacist.get(&first);
        assert!(page.text().contains("can be signed from 27 Nov 2026"), "{}", page.text());
        assert!(!page.has(&format!("form[action='{first}/signature']")));
        assert!(page.has(&format!("form[action='{first}/hold']")), "a hold can be signed at any time");
        assert!(!pharmacist.get("/reductions").has(".que"), "it does not wait yet");
        on(house, "2026-11-28");
        let pharmacist = served.signed_in("pharmacist");
        assert_eq!(sign(&pharmacist, &first, 1).status, 303);
        let next = pharmacist.get(&format!("{plan}/reductions/2"));
        assert!(next.text().contains("The step before is not in force yet"), "{}", next.text());
        assert!(!next.body.contains("/reductions/2/signature"));
    });
}

#[test]
fn a_hold_a_withdrawal_and_a_return_void_what_is_signed_ahead_and_ask_anew() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let reduction = |n: u32| format!("{plan}/reductions/{n}");
        assert_eq!(sign(&pharmacist, &reduction(1), 1).status, 303);
        let page = pharmacist.get(&reduction(1));
        assert!(page.has(&format!("form[action='{}/withdrawal']", reduction(1))), "{}", page.text());
        assert_eq!(decide(&pharmacist, &reduction(1), "withdrawal", &[("rationale", "x")]).status, 422);
        let taken = decide(&pharmacist, &reduction(1), "withdrawal", &[("rationale", "Fell this morning.")]);
        assert_eq!(taken.status, 303, "{}", taken.text());
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [1_000, 1_000], "the level simply continues");
        let page = pharmacist.get(&reduction(1));
        assert!(
            page.text().contains("Signature withdrawn") && page.text().contains("Signed by Phil Pharmacist"),
            "kept"
        );
        assert!(page.has(&format!("a[href='{}']", reduction(3))), "asked for under a new number: {}", page.text());
        assert_eq!(sign(&pharmacist, &reduction(3), 2).status, 303);
        let held =
            decide(&pharmacist, &reduction(3), "hold", &[("rationale", &rationale(4)), ("reassess_on", "2026-12-10")]);
        assert_eq!(held.status, 303, "{}", held.text());
        assert_eq!(doses_on(house, &plan, "2026-12-11"), [1_000, 1_000], "a hold ends in a question");
        let open = pharmacist.get(&reduction(5));
        assert!(open.text().contains("can be signed from 03 Dec 2026"), "{}", open.text());
        let shown = served.signed_in("prescriber").get(&plan);
        assert!(shown.text().contains("Hold from 28 Nov 2026 to 10 Dec 2026"), "{}", shown.text());
        assert_eq!(decide(&pharmacist, &reduction(5), "return", &[("rationale", &rationale(5))]).status, 303);
        let back = pharmacist.get("/reductions");
        assert!(back.text().contains("With the prescriber"), "{}", back.text());
        assert!(pharmacist.get(&reduction(5)).text().contains("sent back to the prescriber"));
    });
}

#[test]
fn a_page_of_a_reduction_that_moved_is_answered_with_how_things_stand() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        let open_page = pharmacist.get(&first);
        let deputy = served.signed_in("deputy");
        assert_eq!(sign(&deputy, &first, 1).status, 303);
        assert_eq!(decide(&deputy, &first, "withdrawal", &[("rationale", "Signed for the wrong Ada.")]).status, 303);
        let before = written(house);
        let (why, reason) = (rationale(3), rationale(4));
        let fields = [("password", PASSWORD), ("rationale", why.as_str()), ("flags_reason", &reason)];
        let late = pharmacist.fill(&open_page, &format!("{first}/signature"), &fields);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.text().contains("no longer the one that waits") && late.text().contains(&why), "{}", late.text());
        assert_eq!(written(house), before);
    });
}

/// homesteadschools 190: a change is told from what to what, on every page that tells one, never by how much alone.
#[test]
fn every_page_tells_a_change_from_what_to_what() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        for path in ["/reductions", &first, &plan] {
            let text = pharmacist.get(path).text();
            assert!(!text.contains("−0.") && !text.contains("by 0."), "{path}: {text}");
            assert!(text.contains("2 mg") && text.contains("1.5 mg"), "{path}: {text}");
        }
        assert!(served.signed_in("prescriber").get(&plan).text().contains("from 2 mg to 1.5 mg"));
    });
}

#[test]
fn reductions_are_a_pharmacists_to_decide_and_stay_within_their_facility() {
    on_both(|house| {
        let (served, plan, _) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        for reader in ["nurse", "prescriber", "supervisor"] {
            let reader = served.signed_in(reader);
            let page = reader.get(&first);
            assert_eq!(page.status, 200, "{}", page.text());
            assert!(!page.has(&format!("form[action^='{first}/s']")), "nothing to decide: {}", page.text());
            assert_eq!(reader.get("/reductions").status, 403);
            let csrf = page.attribute("[name=csrf]", "value").unwrap();
            for what in ["signature", "hold", "return", "withdrawal"] {
                assert_eq!(reader.post(&format!("{first}/{what}"), &[("csrf", &csrf)]).status, 403, "{what}");
            }
        }
        let afar = served.signed_in("afar");
        let csrf = afar.get("/reductions").attribute("[name=csrf]", "value").unwrap();
        let form = stepdown::web::form::new_id(house.db.now());
        let day = [("effective_on", "2026-12-04"), ("reassess_on", "2026-12-05"), ("password", PASSWORD)];
        let fields = [day.to_vec(), vec![("csrf", csrf.as_str()), ("form", &form)]].concat();
        for what in ["signature", "hold", "return", "withdrawal"] {
            assert_eq!(afar.post(&format!("{first}/{what}"), &fields).status, 404, "{what}");
        }
        for path in
            [&first, &format!("{plan}/reductions/99"), &format!("{plan}/reductions/0"), "/plans/none/reductions/1"]
        {
            assert_eq!(afar.get(path).status, 404, "{path}");
        }
        let pharmacist = served.signed_in("pharmacist");
        for path in [format!("{plan}/reductions/99"), format!("{plan}/reductions/-1"), format!("{plan}/reductions/x")] {
            assert_eq!(pharmacist.get(&path).status, 404, "{path}");
        }
        assert_eq!(house.count("plan_facts"), 1);
    });
}

#[test]
fn a_nurses_pause_takes_the_signature_back_and_the_page_asks_anew() {
    on_both(|house| {
        let (served, plan, pharmacist) = at_the_desk(house);
        let first = format!("{plan}/reductions/1");
        assert_eq!(sign(&pharmacist, &first, 1).status, 303);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&first);
        let paused = nurse.fill(&page, &format!("{first}/pause"), &[("rationale", "Shaking since noon.")]);
        assert_eq!(paused.status, 303, "{}", paused.text());
        assert_eq!(doses_on(house, &plan, "2026-12-04"), [1_000, 1_000]);
        let page = pharmacist.get(&first).text();
        assert!(page.contains("Reduction paused by a nurse") && page.contains("Shaking since noon."), "{page}");
        assert!(pharmacist.get(&format!("{plan}/reductions/3")).body.contains("/reductions/3/signature"));
    });
}
