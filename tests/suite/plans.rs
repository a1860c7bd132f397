//! Planning at the prescriber's page: what is previewed, what is refused and with which way on, and what an approval does.

mod typed;

use crate::browser_like::PASSWORD;
use crate::desk::{
    DRAFT, approve, doses_on, id_of, laid, open, propose, rationale, record_baseline, running, save, written,
};
use crate::house::{RESIDENT, at, beside, on_both};
use crate::pages::keeps_the_laws;

/// Failure 1484211: every dated dose of the plan is seen before anybody approves it.
#[test]
fn a_draft_is_previewed_step_by_step_before_it_is_approved() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let before = written(house);
        let preview = propose(&prescriber, "preview", &[]);
        assert_eq!(preview.status, 200, "{}", preview.text());
        let rows = preview.all(".steps-n tbody tr");
        assert_eq!(rows.len(), 7, "{rows:?}");
        assert!(
            rows[0].contains("Now") && rows[0].contains("2 mg") && rows[0].contains("1 × 1 mg tablet"),
            "{}",
            rows[0]
        );
        assert!(rows[1].contains("04 Dec 2026") && rows[1].contains("from 2 mg to 1.5 mg"), "{}", rows[1]);
        assert!(rows[1].contains("until 17 Dec 2026, 14 days") && rows[1].contains("−25%"), "{}", rows[1]);
        assert!(rows[6].contains("from 0.25 mg to 0 mg") && rows[6].contains("and from then on"), "{}", rows[6]);
        assert!(preview.text().contains("J Clin Psychopharmacol"), "the protocol names its source");
        assert_eq!(written(house), before, "a preview saves nothing");
    });
}

/// Citation 1418935: a taper was never transcribed. The approval itself lays the doses out, and is a fact of its own.
#[test]
fn an_approved_draft_has_its_doses_laid_out_and_lowers_nothing() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = save(&prescriber, &[]);
        assert_eq!(laid(house, &plan, "2026-11-20".parse().unwrap()).len(), 0, "a draft has no doses");
        let page = prescriber.get(&plan);
        assert_eq!(page.all(".steps-n tbody tr").len(), 7, "every step stands above the approval");
        assert!(page.text().contains("Draft, not approved"));
        assert_eq!(approve(&prescriber, &plan).status, 303);
        assert_eq!(house.count("history WHERE kind = 'approve_plan' AND done_by = 'prescriber'"), 1);
        assert_eq!(doses_on(house, &plan, "2026-11-20"), [1_000], "08:00 was past on the day of approval");
        for day in ["2026-11-21", "2026-12-03", "2026-12-04"] {
            assert_eq!(doses_on(house, &plan, day), [1_000, 1_000], "{day}: approval alone never lowers anything");
        }
        let page = prescriber.get(&plan);
        assert!(page.text().contains("2 mg daily") && page.text().contains("Version 1 approved"), "{}", page.text());
    });
}

/// A slot that is past at the approval is not laid out: whoever approves reads so before, and everybody that day after it.
#[test]
fn a_plan_that_begins_late_on_its_first_day_says_which_dose_is_not_laid_out() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = save(&prescriber, &[]);
        let morning = "Today’s 08:00 dose has passed and is not laid out; the first dose is today at 20:00.";
        assert!(prescriber.get(&plan).all("form[action$='/approval'] .sign").concat().contains(morning));
        house.clock.set(at("2026-11-20T20:00:01Z"));
        let prescriber = served.signed_in("prescriber");
        let both =
            "Today’s 08:00 and 20:00 doses have passed and are not laid out; the first dose is tomorrow at 08:00.";
        assert!(prescriber.get(&plan).all("form[action$='/approval'] .sign").concat().contains(both));
        let approved = approve(&prescriber, &plan);
        let answer = prescriber.get(approved.location());
        assert!(answer.all(".panel").concat().contains(both), "{}", answer.text());
        assert_eq!((doses_on(house, &plan, "2026-11-20"), doses_on(house, &plan, "2026-11-21").len()), (vec![], 2));
        house.clock.set(at("2026-11-21T07:00:00Z"));
        let next_day = served.signed_in("prescriber").get(&plan);
        assert!(!next_day.text().contains("not laid out"), "{}", next_day.text());
    });
}

/// What cannot be made is refused, and the nearest that can stands beside it.
#[test]
fn what_cannot_be_made_from_the_shelf_is_refused_with_the_nearest_that_can() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let before = written(house);
        let refused = propose(&prescriber, "check", &[("dose_1", "0.7 mg")]);
        assert_eq!(refused.status, 422);
        assert!(refused.all("#dose_1-error")[0].contains("0.625 mg or 0.75 mg"), "{:?}", refused.all(".err"));
        let by_hand =
            [("protocol", "by-hand"), ("days_1", "14"), ("dose_1_1", "0.3 mg"), ("dose_1_2", "1 mg"), ("daily_2", "0")];
        let refused = propose(&prescriber, "check", &by_hand);
        assert_eq!(refused.status, 422);
        let told = refused.all("#steps-error").concat();
        assert!(told.contains("Step 1, 0.3 mg") && told.contains("0.25 mg or 0.375 mg"), "{told}");
        assert_eq!(written(house), before);
    });
}

/// The start of a plan is never in the past, also when the draft was saved in time and approved too late.
#[test]
fn a_draft_whose_day_has_passed_says_so_and_cannot_be_approved() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = save(&prescriber, &[]);
        let page = prescriber.get(&plan);
        house.clock.set("2026-11-21T00:30:00Z".parse().unwrap());
        let prescriber = served.signed_in("prescriber");
        let stale = prescriber.get(&plan);
        assert!(stale.text().contains("The baseline cannot start in the past"), "{}", stale.text());
        assert!(!stale.body.contains(&format!("{plan}/approval")), "no form that would be refused");
        let before = written(house);
        let mut fields = page.fields(&format!("{plan}/approval"));
        fields.retain(|(name, _)| name != "csrf" && name != "password");
        let csrf = prescriber.get("/plans").attribute("[name=csrf]", "value").unwrap();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let fields = [fields, vec![("csrf", csrf.as_str()), ("password", PASSWORD)]].concat();
        let refused = prescriber.post(&format!("{plan}/approval"), &fields);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert_eq!(written(house), before);
    });
}

#[test]
fn a_wrong_password_approves_nothing_and_no_password_is_ever_shown_again() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = save(&prescriber, &[]);
        let before = written(house);
        for password in ["", "willow tree five", "' OR 1=1 --"] {
            let page = prescriber.get(&plan);
            let refused = prescriber.fill(&page, &format!("{plan}/approval"), &[("password", password)]);
            assert_eq!(refused.status, 422, "{}", refused.text());
            assert!(refused.has("#approve-password-error"), "{}", refused.text());
            assert!(password.is_empty() || !refused.body.contains(password));
        }
        assert_eq!(written(house), before);
    });
}

#[test]
fn a_draft_without_its_reasons_is_kept_and_cannot_be_approved_yet() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = save(&prescriber, &[("indication", ""), ("why", "   ")]);
        let page = prescriber.get(&plan);
        assert!(page.text().contains("Write what the medicine was prescribed for."), "{}", page.text());
        assert!(!page.has(&format!("form[action='{plan}/approval']")));
        assert!(prescriber.get("/plans").text().contains("Drafts"));
    });
}

#[test]
fn a_draft_changed_under_an_open_page_is_shown_as_it_stands_now() {
    on_both(|house| {
        let served = open(house);
        let (one, other) = (served.signed_in("prescriber"), served.signed_in("second"));
        let plan = save(&one, &[]);
        let edit = format!("{plan}/edit");
        let (open_page, approval_page) = (one.get(&edit), one.get(&plan));
        let page = other.get(&edit);
        assert_eq!(other.fill(&page, &edit, &[("dose_1", "0.75 mg"), ("do", "save")]).status, 303);
        let before = written(house);
        let late = one.fill(&open_page, &edit, &[("dose_1", "0.5 mg"), ("do", "save")]);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.text().contains("This draft was changed") && late.has(&format!("a[href='{plan}']")));
        assert!(late.fields(&edit).contains(&("dose_1".into(), "0.5 mg".into())), "what was typed is not lost");
        let late = one.fill(&approval_page, &format!("{plan}/approval"), &[("password", PASSWORD)]);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.text().contains("from 1.75 mg"), "the draft as it stands now: {}", late.text());
        assert_eq!(written(house), before);
    });
}

#[test]
fn a_double_tap_saves_one_draft_and_one_approval() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let page = prescriber.get(&format!("/plans/new?resident={RESIDENT}"));
        let fields = [DRAFT.to_vec(), vec![("do", "check")]].concat();
        let first = prescriber.fill(&page, "/plans/new", &fields);
        let again = prescriber.fill(&page, "/plans/new", &fields);
        assert_eq!((first.status, again.status, first.location()), (303, 303, again.location()));
        assert_eq!(house.count("plans"), 1);
        let plan = first.location();
        assert_eq!(record_baseline(&prescriber, plan, &[]).status, 303);
        let page = prescriber.get(plan);
        let fields = [("password", PASSWORD)];
        let first = prescriber.fill(&page, &format!("{plan}/approval"), &fields);
        let again = prescriber.fill(&page, &format!("{plan}/approval"), &fields);
        assert_eq!((first.status, again.status), (303, 303), "{}", again.text());
        assert_eq!(house.count("plan_facts"), 1);
    });
}

/// P17: of two drafts of one medicine exactly one comes to run, however close together they are approved.
#[test]
fn of_two_drafts_of_one_medicine_exactly_one_runs() {
    on_both(|house| {
        let served = open(house);
        let prescribers = [served.signed_in("prescriber"), served.signed_in("second")];
        let plans = prescribers.each_ref().map(|prescriber| save(prescriber, &[]));
        let pages: Vec<_> = prescribers.iter().zip(&plans).map(|(by, plan)| by.get(plan)).collect();
        let answers =
            beside(2, |n| prescribers[n].fill(&pages[n], &format!("{}/approval", plans[n]), &[("password", PASSWORD)]));
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "{:?}", answers.iter().map(|it| it.text()).collect::<Vec<_>>());
        let loser = answers.iter().find(|answer| answer.status == 422).unwrap();
        assert!(loser.text().contains("has a running clonazepam plan already"), "{}", loser.text());
        assert_eq!(house.count("plans WHERE state = 'running'"), 1);
    });
}

#[test]
fn a_draft_is_discarded_once_and_an_approved_plan_never() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = save(&prescriber, &[]);
        let page = prescriber.get(&format!("{plan}/edit"));
        assert_eq!(prescriber.fill(&page, &format!("{plan}/discard"), &[]).status, 303);
        assert_eq!(house.count("plans WHERE state = 'discarded'"), 1);
        assert!(!prescriber.get("/plans").text().contains("Drafts"));
        let second = save(&prescriber, &[]);
        let page = prescriber.get(&format!("{second}/edit"));
        assert_eq!(approve(&prescriber, &second).status, 303);
        let refused = prescriber.fill(&page, &format!("{second}/discard"), &[]);
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert_eq!(prescriber.get(&format!("{second}/edit")).location(), second, "a running plan is not edited");
    });
}

#[test]
fn plans_are_a_prescribers_to_make_and_stay_within_their_facility() {
    on_both(|house| {
        let served = open(house);
        let plan = running(&served);
        let draft = save(&served.signed_in("second"), &[("dose_1", "0.5 mg")]);
        let nurse = served.signed_in("nurse");
        assert_eq!(nurse.get(&plan).status, 200, "a nurse reads why a dose is what it is");
        for path in ["/plans", "/plans/new", &format!("{draft}/edit")] {
            assert_eq!(nurse.get(path).status, 403, "{path}");
        }
        let csrf = nurse.get(&plan).attribute("[name=csrf]", "value").unwrap();
        for path in [format!("{draft}/approval"), "/plans/new".to_owned(), format!("{plan}/answer")] {
            assert_eq!(nurse.post(&path, &[("csrf", &csrf), ("form", "x")]).status, 403, "{path}");
        }
        let afar = served.signed_in("afar");
        let csrf = afar.get("/plans").attribute("[name=csrf]", "value").unwrap();
        let elsewhere = format!("/plans/new?resident={RESIDENT}");
        for path in [&plan, &format!("{draft}/edit"), &elsewhere, "/plans/none", "/plans/new?resident=none"] {
            assert_eq!(afar.get(path).status, 404, "{path}");
        }
        let form = stepdown::web::form::new_id(house.db.now());
        let fields = [("csrf", csrf.as_str()), ("form", &form), ("password", PASSWORD), ("revision", "0")];
        assert_eq!(afar.post(&format!("{draft}/approval"), &fields).status, 404);
        assert_eq!(afar.post(&format!("{draft}/discard"), &fields).status, 404);
        let fields = [DRAFT.to_vec(), vec![("csrf", &csrf), ("form", &form), ("resident", RESIDENT), ("do", "save")]];
        assert_eq!(afar.post("/plans/new", &fields.concat()).status, 404);
        assert!(!afar.get("/plans").body.contains(id_of(&plan)));
        assert_eq!(house.count("plan_facts"), 1);
    });
}

/// A plan that was sent back is never stuck: the same steps are approved again with an answer, under a new version.
#[test]
fn a_plan_that_was_sent_back_is_answered_and_asked_for_again() {
    on_both(|house| {
        let served = open(house);
        let plan = running(&served);
        house.clock.set("2026-11-28T09:00:00Z".parse().unwrap());
        let (prescriber, pharmacist) = (served.signed_in("both"), served.signed_in("pharmacist"));
        let first = format!("{plan}/reductions/1");
        let why = "Her sister died on Tuesday; please look whether the start should wait.";
        assert_eq!(crate::desk::decide(&pharmacist, &first, "return", &[("rationale", why)]).status, 303);
        let page = prescriber.get(&plan);
        assert!(page.text().contains("sent this plan back") && page.text().contains(why), "{}", page.text());
        assert!(prescriber.get("/plans").text().contains("Sent back"));
        let answer = format!("{plan}/answer");
        let before = written(house);
        for (field, value) in [("rationale", ""), ("rationale", "ok"), ("rationale", why), ("password", "wrong")] {
            let fields = [("rationale", rationale(1)), ("password", PASSWORD.to_owned())];
            let fields = fields.map(|(name, text)| (name, if name == field { value.to_owned() } else { text }));
            let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
            assert_eq!(prescriber.fill(&page, &answer, &fields).status, 422, "{field} {value}");
        }
        assert_eq!(written(house), before);
        let text = rationale(1);
        let fields = [("rationale", text.as_str()), ("password", PASSWORD)];
        assert_eq!(prescriber.fill(&page, &answer, &fields).status, 303);
        let late = served.signed_in("prescriber").fill(&page, &answer, &fields);
        assert_eq!(late.status, 403, "another person’s page proves nothing");
        let shown = prescriber.get(&plan);
        assert!(shown.text().contains("Version 2 approved") && shown.text().contains(&text), "{}", shown.text());
        assert_eq!(doses_on(house, &plan, "2026-11-29"), [1_000, 1_000], "no dose changes by an answer");
        let second = format!("{plan}/reductions/2");
        let own = prescriber.get(&second);
        assert!(own.text().contains("another pharmacist must sign"), "{}", own.text());
        assert!(pharmacist.get(&second).has(&format!("form[action='{second}/signature']")));
    });
}

/// Every page of planning and signing, in every state a plan passes through, with names and words that try to be markup.
#[test]
fn every_page_of_a_taper_keeps_the_laws_of_a_page() {
    on_both(|house| {
        let served = open(house);
        let hostile = "UPDATE residents SET surname = '</title><script>alert(1)</script>', forename = '\"><b>'";
        house.plain_sql(hostile).unwrap();
        let prescriber = served.signed_in("prescriber");
        let words = "</textarea><script>alert('&amp;')</script>\" onfocus=\"x";
        let other = [("indication", words), ("why", words)];
        let lawful = |name: &str, page: &crate::browser_like::Shown| {
            keeps_the_laws(name, &page.body);
            assert!(!page.body.contains("<script>") && !page.body.contains("\" onfocus"), "{name}");
        };
        for (name, path) in [("choose", "/plans/new".to_owned()), ("new", format!("/plans/new?resident={RESIDENT}"))] {
            lawful(name, &prescriber.get(&path));
        }
        lawful("preview", &propose(&prescriber, "preview", &other));
        lawful("by hand", &propose(&prescriber, "by_hand", &other));
        let wrong = [("dose_1", words), ("slot_2", words), ("protocol", words), ("goal", words), ("medicine", words)];
        lawful("wrong", &propose(&prescriber, "check", &wrong));
        let typed = [("protocol", "by-hand"), ("days_1", words), ("dose_1_1", words), ("daily_2", words)];
        lawful("wrongly typed", &propose(&prescriber, "check", &typed));
        let plan = save(&prescriber, &other);
        let edit = format!("{plan}/edit");
        for (name, path) in [("draft", &plan), ("edit", &edit), ("drafts", &"/plans".to_owned())] {
            lawful(name, &prescriber.get(path));
        }
        let page = prescriber.get(&plan);
        let refused = prescriber.fill(&page, &format!("{plan}/approval"), &[("password", words)]);
        lawful("approval refused", &refused);
        assert_eq!(approve(&prescriber, &plan).status, 303);
        house.clock.set("2026-12-01T09:00:00Z".parse().unwrap());
        let pharmacist = served.signed_in("pharmacist");
        let prescriber = served.signed_in("prescriber");
        let reduction = |n: u32| format!("{plan}/reductions/{n}");
        let [hostile_reason, other_reason, last_reason] = [1, 2, 3].map(|n| format!("{} {words}", rationale(n)));
        type Fields<'a> = Vec<(&'a str, &'a str)>;
        let decisions: [(u32, &str, Fields); 4] = [
            (1, "signature", vec![("rationale", &hostile_reason), ("flags_reason", &hostile_reason)]),
            (1, "withdrawal", vec![("rationale", words)]),
            (3, "hold", vec![("rationale", &other_reason), ("reassess_on", "2026-12-02")]),
            (3, "return", vec![("rationale", &last_reason)]),
        ];
        for (n, what, fields) in decisions {
            let password = [fields.clone(), vec![("password", "wrong")]].concat();
            lawful(what, &crate::desk::decide(&pharmacist, &reduction(n), what, &password));
            let done = crate::desk::decide(&pharmacist, &reduction(n), what, &fields);
            assert_eq!(done.status, 303, "{what}: {}", done.text());
            for path in [&reduction(n), &plan, &"/reductions".to_owned()] {
                lawful(what, &pharmacist.get(path));
            }
            lawful(what, &prescriber.get(&plan));
            lawful(what, &prescriber.get("/plans"));
        }
    });
}

#[test]
fn drafts_are_seen_where_somebody_prescribes_and_not_where_they_supervise() {
    on_both(|house| {
        let served = crate::desk::open(house);
        let draft = crate::desk::save(&served.signed_in("prescriber"), &[]);
        let supervises = "INSERT INTO memberships (id, person, facility, role)
            VALUES ('d-7', 'afar', 'alder', 'supervisor')";
        house.plain_sql(supervises).unwrap();
        let leads_to = format!("a[href='{draft}']");
        assert!(served.signed_in("prescriber").get("/plans").has(&leads_to));
        let list = served.signed_in("afar").get("/plans");
        assert!(list.status == 200 && !list.has(&leads_to), "{}", list.text());
    });
}
