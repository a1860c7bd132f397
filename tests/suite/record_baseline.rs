//! What is known before a taper: filled in at its page, refused where it contradicts itself, and wanted before approval.

use crate::browser_like::PASSWORD;
use crate::desk::{approve, id_of, open, record_baseline, running, save, sketch, written};
use crate::house::on_both;

/// Failures 1418935 and 1541370: what a taper rests on, who took the order off the other MARs and who agreed, was never
/// written down. Nothing is approved before it is, and the page says all that is missing at once.
#[test]
fn a_draft_without_its_baseline_names_everything_missing_and_is_not_approved() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let whole = save(&prescriber, &[]);
        let approval = prescriber.get(&whole);
        let plan = sketch(&prescriber, &[("dose_1", "0.5 mg")]);
        let page = prescriber.get(&plan);
        assert!(page.text().contains("Baseline: 16 things missing"), "{}", page.text());
        assert_eq!(page.attributes(".wanting a", "href").len(), 16);
        assert!(page.attributes(".wanting a", "href").contains(&format!("{plan}/baseline#taken_off_name")));
        assert!(!page.has(&format!("form[action='{plan}/approval']")), "no form that would be refused");
        assert!(prescriber.get("/plans").text().contains("Baseline: 16 things missing."));
        let before = written(house);
        let form = approval.fields(&format!("{whole}/approval"));
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.retain(|(name, _)| !["password", "revision"].contains(name));
        fields.extend([("password", PASSWORD), ("revision", "0")]);
        let refused = prescriber.post(&format!("{plan}/approval"), &fields);
        assert_eq!(refused.status, 422, "{}", refused.text());
        let told = refused.all(".summary").concat();
        assert!(told.contains("before its baseline is complete") && told.contains("opioids; alcohol"), "{told}");
        assert!(refused.has(&format!("a[href='{plan}/baseline']")), "the way on stands on the page");
        assert_eq!(written(house), before);
        assert_eq!(approve(&prescriber, &whole).status, 303);
    });
}

#[test]
fn a_baseline_is_filled_in_at_several_sittings_and_kept_as_it_was_said() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = sketch(&prescriber, &[]);
        let action = format!("{plan}/baseline");
        let page = prescriber.get(&action);
        assert!(page.text().contains("85 years old") && page.text().contains("2 mg a day"), "{}", page.text());
        let some = [("since", "2026-08-20"), ("opioids", "yes"), ("opioids_words", "morphine <5 mg> \"at night\"")];
        assert_eq!(prescriber.fill(&page, &action, &some).status, 303);
        assert!(prescriber.get(&plan).text().contains("Baseline: 14 things missing"));
        let kept = prescriber.get(&action).fields(&action);
        for (field, value) in some {
            assert!(kept.contains(&(field.to_owned(), value.to_owned())), "{kept:?}");
        }
        assert_eq!(record_baseline(&prescriber, &plan, &some).status, 303);
        let page = prescriber.get(&plan);
        let told = page.text();
        assert!(told.contains("morphine <5 mg>") && told.contains("Rising") && told.contains("for 3 months"), "{told}");
        assert!(told.contains("Complete") && page.has(&format!("form[action='{plan}/approval']")), "{told}");
        let body: i64 = house.count("history WHERE kind = 'record_baseline' AND body LIKE '%morphine%'");
        assert_eq!((body, house.count("history WHERE kind = 'record_baseline'")), (2, 2));
    });
}

/// Each boundary of the table, through the page: three months to the day, and the day before.
#[test]
fn the_risk_of_dependence_turns_on_its_day() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let low = [("dose_1", "0.25 mg"), ("dose_2", "0 mg"), ("protocol", "label-fixed")];
        let plan = sketch(&prescriber, &low);
        let turns = [("2026-08-20", "Rising"), ("2026-08-21", "Possible"), ("2026-10-20", "Possible")];
        for (since, risk) in turns {
            assert_eq!(record_baseline(&prescriber, &plan, &[("since", since)]).status, 303);
            let told = prescriber.get(&plan).all(".checks .tag").concat();
            assert!(told.contains(risk), "{since}: {told}");
        }
        assert_eq!(record_baseline(&prescriber, &plan, &[("days_a_week", "3")]).status, 303);
        assert!(prescriber.get(&plan).all(".checks .tag").concat().contains("Rare"));
    });
}

#[test]
fn what_contradicts_itself_is_named_at_its_field_and_nothing_is_saved() {
    let long = "morphine ".repeat(50);
    let bad = [
        ("since", "spring 2019", "since"),
        ("since", "2026-12", "since"),
        ("days_a_week", "8", "days_a_week"),
        ("days_a_week", "-1", "days_a_week"),
        ("route", "by the moon", "route"),
        ("opioids", "yes", "opioids_words"),
        ("opioids", "perhaps", "opioids"),
        ("alcohol_words", "sherry", "alcohol_words"),
        ("illness_words", &long, "illness_words"),
        ("epilepsy", "yes", "epilepsy_words"),
        ("epilepsy", "not_known", "epilepsy"),
        ("support_until", "", "support_until"),
        ("support_until", "2026-10", "support_until"),
        ("support_until", "2926-10", "support_until"),
        ("agreed_by", "representative", "agreed_name"),
        ("agreed_by", "", "agreed_by"),
        ("agreed_on", "2026-11-21", "agreed_on"),
        ("agreed_how", "'; DROP TABLE plans; --", "agreed_how"),
        ("expires_on", "2026-11-19", "expires_on"),
        ("expires_on", "2062-05-20", "expires_on"),
        ("taken_off_name", "", "taken_off_name"),
        ("taken_off_on", "", "taken_off_on"),
        ("resumes", "no-such-plan", "resumes"),
    ];
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = sketch(&prescriber, &[]);
        let before = written(house);
        for (field, value, named) in bad {
            let refused = record_baseline(&prescriber, &plan, &[(field, value), ("sedatives", "not_known")]);
            assert_eq!(refused.status, 422, "{field} {value}: {}", refused.text());
            // Where there is no earlier plan, its list is not on the page: the page itself says what is wrong.
            let there = refused.has(&format!("[id='{named}-error']")) || named == "resumes";
            assert!(there && refused.has(".summary"), "{field} {value}: {:?}", refused.all(".err"));
            let kept = refused.fields(&format!("{plan}/baseline"));
            assert!(kept.contains(&("sedatives".into(), "not_known".into())), "{field}: {kept:?}");
        }
        assert_eq!(written(house), before);
        assert_eq!(house.count("plan_versions WHERE baseline IS NOT NULL"), 0);
    });
}

/// Nobody tapers an antiepileptic past the specialist.
#[test]
fn an_indication_of_epilepsy_wants_the_specialist_by_name() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = save(&prescriber, &[("indication", "Epilepsy since childhood")]);
        let page = prescriber.get(&plan);
        assert!(page.text().contains("Baseline: 1 thing missing"), "{}", page.text());
        assert!(page.text().contains("the indication speaks of epilepsy"), "{}", page.text());
        let named = [("epilepsy", "yes"), ("epilepsy_words", "Dr Amin, City Hospital")];
        assert_eq!(record_baseline(&prescriber, &plan, &named).status, 303);
        assert_eq!(approve(&prescriber, &plan).status, 303);
        assert!(prescriber.get(&plan).text().contains("specialist Dr Amin"));
    });
}

#[test]
fn a_prescription_that_the_plan_outlives_is_told_and_one_that_expired_stops_the_approval() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = sketch(&prescriber, &[]);
        let soon = [("expires_on", "2026-12-10")];
        assert_eq!(record_baseline(&prescriber, &plan, &soon).status, 303);
        let told = prescriber.get(&plan).text();
        assert!(told.contains("Prescription runs out") && told.contains("21 CFR 1306.22"), "{told}");
        house.clock.set("2026-12-11T09:00:00Z".parse().unwrap());
        let prescriber = served.signed_in("prescriber");
        assert!(prescriber.get(&plan).text().contains("when the prescription expires, on a day to come"));
    });
}

/// The approved version keeps its baseline whatever a database tool tries, and the page no longer offers to change it.
#[test]
fn an_approved_baseline_is_write_once() {
    on_both(|house| {
        let served = open(house);
        let plan = running(&served);
        let prescriber = served.signed_in("prescriber");
        assert_eq!(prescriber.get(&format!("{plan}/baseline")).location(), plan);
        for sql in ["baseline = NULL", "baseline = '{}'"] {
            let changed = house.plain_sql(&format!("UPDATE plan_versions SET {sql}"));
            assert!(changed.is_err(), "{sql}");
        }
        let page = prescriber.get(&plan);
        assert!(page.text().contains("A weekly talk with J. Ward") && !page.text().contains("Fill in the baseline"));
        let reduction = served.signed_in("pharmacist").get(&format!("{plan}/reductions/1"));
        assert!(reduction.text().contains("Risks known before the taper"), "{}", reduction.text());
        assert!(reduction.text().contains("Physical dependence"), "{}", reduction.text());
    });
}

#[test]
fn whoever_records_a_baseline_has_made_the_plan_and_does_not_sign() {
    on_both(|house| {
        let served = open(house);
        let plan = sketch(&served.signed_in("prescriber"), &[]);
        assert_eq!(record_baseline(&served.signed_in("both"), &plan, &[]).status, 303);
        assert_eq!(approve(&served.signed_in("prescriber"), &plan).status, 303);
        house.clock.set("2026-11-28T09:00:00Z".parse().unwrap());
        let page = served.signed_in("both").get(&format!("{plan}/reductions/1"));
        assert!(page.text().contains("another pharmacist must sign"), "{}", page.text());
    });
}

#[test]
fn a_baseline_is_a_prescribers_to_record_and_stays_within_the_facility() {
    on_both(|house| {
        let served = open(house);
        let plan = sketch(&served.signed_in("prescriber"), &[]);
        let action = format!("{plan}/baseline");
        for (who, status) in [("nurse", 403), ("pharmacist", 403), ("supervisor", 403), ("afar", 404)] {
            let visitor = served.signed_in(who);
            assert_eq!(visitor.get(&action).status, status, "{who}");
            let csrf = visitor.get("/sign-in").attribute("[name=csrf]", "value");
            let csrf = csrf.or_else(|| visitor.get("/residents").attribute("[name=csrf]", "value")).unwrap_or_default();
            let form = stepdown::web::form::new_id(house.db.now());
            let fields = [("csrf", csrf.as_str()), ("form", &form), ("revision", "0"), ("since", "2019-04")];
            assert_eq!(visitor.post(&action, &fields).status, status, "{who}");
        }
        assert_eq!(house.count("history WHERE kind = 'record_baseline'"), 0);
    });
}

#[test]
fn a_draft_changed_under_an_open_baseline_is_looked_at_again_and_a_double_tap_records_once() {
    on_both(|house| {
        let served = open(house);
        let (one, other) = (served.signed_in("prescriber"), served.signed_in("second"));
        let plan = sketch(&one, &[]);
        let action = format!("{plan}/baseline");
        let open_page = one.get(&action);
        assert_eq!(record_baseline(&other, &plan, &[]).status, 303);
        let late = one.fill(&open_page, &action, &[("since", "2020-01")]);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.fields(&action).contains(&("since".into(), "2020-01".into())), "what was typed is not lost");
        let page = one.get(&action);
        let first = one.fill(&page, &action, &[("since", "2020-01")]);
        let again = one.fill(&page, &action, &[("since", "2020-01")]);
        assert_eq!((first.status, again.status), (303, 303));
        assert_eq!(house.count("history WHERE kind = 'record_baseline'"), 2);
    });
}

/// The doses may change and the answers stay; where the medicine changes only what is true of the resident does.
#[test]
fn an_edited_draft_keeps_its_baseline_as_far_as_it_is_still_true() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = save(&prescriber, &[]);
        let edit = format!("{plan}/edit");
        let page = prescriber.get(&edit);
        assert_eq!(prescriber.fill(&page, &edit, &[("dose_1", "0.75 mg"), ("do", "save")]).status, 303);
        assert!(prescriber.get(&plan).text().contains("Complete"));
        house
            .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197901', false)")
            .unwrap();
        let page = prescriber.get(&edit);
        let other = [
            ("medicine", "lorazepam"),
            ("dose_1", "2 mg"),
            ("dose_2", "2 mg"),
            ("protocol", "percent-of-initial"),
            ("percent-of-initial.percent", "25"),
            ("do", "save"),
        ];
        let saved = prescriber.fill(&page, &edit, &other);
        assert_eq!(saved.status, 303, "{:?}", saved.all(".err"));
        let told = prescriber.get(&plan).all(".wanting li").join("; ");
        assert!(told.contains("since when it is taken") && told.contains("who agreed"), "{told}");
        assert!(!told.contains("opioids") && !told.contains("pregnancy"), "{told}");
    });
}

#[test]
fn a_new_plan_knows_the_ended_one_that_it_continues_after() {
    on_both(|house| {
        let served = open(house);
        let earlier = running(&served);
        house.plain_sql("UPDATE plans SET state = 'ended'").unwrap();
        let prescriber = served.signed_in("prescriber");
        let plan = sketch(&prescriber, &[]);
        let page = prescriber.get(&format!("{plan}/baseline"));
        assert!(
            page.text().contains("The plan of 20 Nov 2026 to 20 Nov 2026, lowest dose 2 mg a day"),
            "{}",
            page.text()
        );
        let own = record_baseline(&prescriber, &plan, &[("resumes", id_of(&plan))]);
        assert_eq!(own.status, 422, "a plan does not continue after itself");
        assert!(own.has("#resumes-error"));
        assert_eq!(record_baseline(&prescriber, &plan, &[("resumes", id_of(&earlier))]).status, 303);
        let page = prescriber.get(&plan);
        assert!(
            page.has(&format!("a[href='{earlier}']")) && page.text().contains("Continues after"),
            "{}",
            page.text()
        );
    });
}

/// Every page of a baseline, with words that try to be markup.
#[test]
fn the_pages_of_a_baseline_keep_the_laws_of_a_page() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let words = "</textarea><script>alert('&amp;')</script>\" onfocus=\"x";
        let plan = sketch(&prescriber, &[]);
        let action = format!("{plan}/baseline");
        let hostile = [("opioids", "yes"), ("opioids_words", words), ("taken_off_name", words), ("since", words)];
        let refused = record_baseline(&prescriber, &plan, &hostile);
        assert_eq!(record_baseline(&prescriber, &plan, &hostile[..3]).status, 303);
        for (name, page) in [("refused", refused), ("filled", prescriber.get(&action)), ("plan", prescriber.get(&plan))]
        {
            crate::pages::keeps_the_laws(name, &page.body);
            assert!(!page.body.contains("<script>") && !page.body.contains("\" onfocus"), "{name}");
        }
    });
}
