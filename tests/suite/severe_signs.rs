//! The pages and letters of severe signs: found at once, called first, told to everybody, released by a prescriber.

use stepdown::care::letter::Kind;
use stepdown::store::letters::LetterState;

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::desk;
use crate::house::{House, RESIDENT, at, on_both};
use crate::smtp::Server;
use crate::ward::{self, Ringer, of_kind, states};

/// 0.5 mg of clonazepam at most every 4 hours.
const AS_NEEDED: &str = "INSERT INTO as_needed_orders (id, facility, resident, medicine, amount_ug, reason,
        least_minutes, most_ug, starts_on, ends_on, rationale, ordered_by, ordered_at)
    VALUES ('order-1', 'alder', 'resident-1', 'clonazepam', 500, 'panic', 240, 2000, '2026-11-20', '2026-12-01', '',
        'prescriber', '2026-11-20 09:00:00')";

const WHY: &str = "Back from hospital and clear in her mind; the doctor there found an infection.";

/// A plan at 0.5 mg twice a day, ten minutes after the morning dose came due.
fn open(house: &House) -> (Served, String) {
    settle(house);
    for sql in [
        "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
        "UPDATE facilities SET emergency_number = '911', emergency_contact = 'the doctor on call, 555 0142'",
    ] {
        house.plain_sql(sql).unwrap();
    }
    let plan = ward::plan(house, RESIDENT, "2026-11-21");
    house.clock.set(at("2026-11-21T08:10:00Z"));
    (Served::start(house), plan)
}

fn address() -> String {
    format!("/residents/{RESIDENT}/severe-sign")
}

/// Records a sign from the resident's page; the address of its own page.
fn record(by: &Visitor, sign: &str) -> String {
    let page = by.get(&address());
    let recorded = by.fill(&page, &address(), &[("sign", sign)]);
    assert_eq!(recorded.status, 303, "{}", recorded.text());
    recorded.location().to_owned()
}

fn release(by: &Visitor, sign: &str, rationale: &str, password: &str) -> Shown {
    let page = by.get(sign);
    by.fill(&page, &format!("{sign}/release"), &[("rationale", rationale), ("password", password)])
}

fn morning_dose(house: &House, plan: &str) -> String {
    let rows =
        house.db.read(|conn| stepdown::store::doses::doses_of_plan_from(conn, plan, ward::day("2026-11-21"))).unwrap();
    format!("/doses/{}", rows.into_iter().find(|dose| dose.key.slot == "08:00".parse().unwrap()).unwrap().id)
}

#[test]
fn one_button_on_every_page_of_a_resident_leads_to_whom_to_call_and_the_six_signs() {
    on_both(|house| {
        let (served, plan) = open(house);
        let nurse = served.signed_in("nurse");
        for page in [format!("/residents/{RESIDENT}"), morning_dose(house, &plan), format!("/plans/{plan}")] {
            let shown = nurse.get(&page);
            assert_eq!(shown.attribute(".btn-sign", "href"), Some(address()), "{page}: {}", shown.text());
        }
        let page = nurse.get(&address());
        let text = page.text();
        let call = text.find("Call 911 now.").unwrap();
        assert!(call < text.find("What do you see?").unwrap(), "{text}");
        assert!(text.contains("Then call the doctor on call, 555 0142."), "{text}");
        let history = house.count("history");
        let blank = nurse.fill(&page, &address(), &[("note", "x")]);
        assert_eq!(blank.status, 422);
        assert!(blank.text().contains("Choose what you saw."), "{}", blank.text());
        assert_eq!((house.count("severe_signs"), house.count("history")), (0, history));
        let sign = record(&nurse, "delirium");
        let shown = nurse.get(&sign).text();
        assert!(shown.contains("Delirium, seen 08:10") && shown.contains("Nobody has acknowledged it yet."), "{shown}");
        assert!(nurse.get(&format!("/plans/{plan}")).text().contains("Severe sign: Delirium, seen 08:10."));
    });
}

#[test]
fn a_sign_stands_above_the_overview_until_a_prescriber_releases_it() {
    on_both(|house| {
        let (served, _) = open(house);
        let above =
            || served.signed_in("supervisor").get("/overview").all("section[aria-label='Open severe signs'] li");
        assert_eq!(above(), Vec::<String>::new());
        let sign = record(&served.signed_in("nurse"), "seizure");
        let [line] = &above()[..] else { panic!("one sign: {:?}", above()) };
        for words in ["Severe sign", "ASH", "Seizure, seen 08:10.", "Nobody has acknowledged it."] {
            assert!(line.contains(words), "{words}: {line}");
        }
        assert_eq!(release(&served.signed_in("prescriber"), &sign, WHY, PASSWORD).status, 303);
        assert_eq!(above(), Vec::<String>::new());
    });
}

#[test]
fn a_suspected_overdose_takes_the_button_away_and_refuses_the_dose() {
    on_both(|house| {
        let (served, plan) = open(house);
        let nurse = served.signed_in("nurse");
        let dose = morning_dose(house, &plan);
        let before = nurse.get(&dose);
        assert!(before.has("form.now"));
        record(&nurse, "overdose");
        let after = nurse.get(&dose);
        assert!(!after.has("form.now") && !after.has(".pills"), "{}", after.text());
        assert!(after.text().contains("Do not give this dose.") && after.text().contains("Call 911 now."));
        let history = house.count("history");
        // The page was drawn before the sign was recorded.
        let given = nurse.fill(&before, &format!("{dose}/administration"), &[("outcome", "given")]);
        assert_eq!(given.status, 422);
        assert!(
            given.text().contains("Suspected overdose was seen at 08:10: do not give, call now."),
            "{}",
            given.text()
        );
        assert_eq!((house.count("administrations"), house.count("history")), (0, history));
        let round = nurse.get("/round").text();
        assert!(round.contains("Do not give any sedative.") && round.contains("Do not give"), "{round}");
        let page = nurse.get(&dose);
        let fields = [("outcome", "withheld"), ("reason", "W1")];
        assert_eq!(nurse.fill(&page, &format!("{dose}/administration"), &fields).status, 303);
    });
}

/// As-needed sedatives are sedatives too, whatever their limits leave.
#[test]
fn a_suspected_overdose_stops_as_needed_doses_until_a_prescriber_has_decided() {
    on_both(|house| {
        let (served, _) = open(house);
        house.plain_sql(AS_NEEDED).unwrap();
        let (nurse, give) = (served.signed_in("nurse"), "/as-needed/order-1/give");
        let before = nurse.get(give);
        assert!(before.text().contains("May be given now"), "{}", before.text());
        let sign = record(&nurse, "overdose");
        let after = nurse.get(give);
        assert!(after.text().contains("Do not give this dose.") && after.text().contains("Call 911 now."));
        assert!(!after.has(".pills"), "{}", after.text());
        let why = [("why", "pacing, cannot be talked down")];
        let given = nurse.fill(&before, give, &why);
        assert_eq!((given.status, house.count("as_needed_doses")), (422, 0));
        assert!(given.text().contains("do not give, call now."), "{}", given.text());
        assert!(nurse.get(&format!("/residents/{RESIDENT}")).text().contains("Do not give"));
        assert_eq!(release(&served.signed_in("prescriber"), &sign, WHY, PASSWORD).status, 303);
        assert_eq!(nurse.fill(&nurse.get(give), give, &why).status, 303);
        assert_eq!(house.count("as_needed_doses"), 1);
    });
}

#[test]
fn a_dose_that_nobody_has_decided_is_not_given() {
    on_both(|house| {
        let (served, plan) = open(house);
        let nurse = served.signed_in("nurse");
        let dose = morning_dose(house, &plan);
        house.plain_sql("UPDATE doses SET undecided = true").unwrap();
        let page = nurse.get(&dose);
        assert!(page.text().contains("Decision needed: do not give this dose.") && !page.has("form.now"));
        let given = nurse.fill(&page, &format!("{dose}/administration"), &[("outcome", "given")]);
        assert_eq!(given.status, 422);
        assert!(given.text().contains("no prescriber has decided this dose"), "{}", given.text());
        assert!(nurse.get("/round").text().contains("Decision needed"));
        assert_eq!(house.count("administrations"), 0);
    });
}

#[test]
fn only_a_prescriber_releases_with_a_rationale_and_the_password() {
    on_both(|house| {
        let (served, plan) = open(house);
        let sign = record(&served.signed_in("pharmacist"), "overdose");
        let prescriber = served.signed_in("prescriber");
        assert!(prescriber.get("/plans").text().contains("Do not give any sedative."));
        assert!(!served.signed_in("nurse").get(&sign).has("textarea[name=rationale]"));
        let wrong = release(&prescriber, &sign, WHY, "wrong");
        assert!(wrong.status == 422 && wrong.text().contains("That is not your password."), "{}", wrong.text());
        let empty = release(&prescriber, &sign, "ok", PASSWORD);
        assert!(empty.status == 422 && house.count("severe_sign_releases") == 0, "{}", empty.text());
        let stale = prescriber.get(&sign);
        let done = release(&prescriber, &sign, WHY, PASSWORD);
        assert_eq!((done.status, done.location()), (303, sign.as_str()), "{}", done.text());
        assert!(prescriber.get(&sign).text().contains("Released by Pat Prescriber"));
        assert!(served.signed_in("nurse").get(&morning_dose(house, &plan)).has("form.now"));
        let fields = [("rationale", "Another reason of hers, written a moment later."), ("password", PASSWORD)];
        let late = prescriber.fill(&stale, &format!("{sign}/release"), &fields);
        assert!(late.status == 303 || late.status == 409, "the same form, or too late: {}", late.status);
        assert_eq!(house.count("plan_facts WHERE kind = 'released'"), 1);
    });
}

#[test]
fn who_has_no_part_in_it_can_neither_acknowledge_nor_see_it() {
    on_both(|house| {
        let (served, _) = open(house);
        let nurse = served.signed_in("nurse");
        let sign = record(&nurse, "seizure");
        let page = nurse.get(&sign);
        assert!(!page.has("main form"), "nothing here is theirs to decide: {}", page.text());
        let csrf = nurse.get(&address()).attribute("input[name=csrf]", "value").unwrap();
        let acknowledged =
            nurse.post(&format!("{sign}/acknowledgement"), &[("csrf", csrf.as_str()), ("form", &ward::id())]);
        assert_eq!((acknowledged.status, house.count("severe_sign_acknowledgements")), (403, 0));
        let stranger = served.signed_in("stranger");
        assert_eq!((stranger.get(&sign).status, stranger.get(&address()).status), (404, 404));
    });
}

#[test]
fn while_a_sign_is_open_no_plan_is_approved() {
    on_both(|house| {
        let served = desk::open(house);
        let prescriber = served.signed_in("prescriber");
        let plan = desk::save(&prescriber, &[]);
        let sign = record(&served.signed_in("nurse"), "hallucinations");
        let before = desk::written(house);
        let refused = desk::approve(&prescriber, &plan);
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("No plan is approved until a prescriber has released it."),
            "{}",
            refused.text()
        );
        assert_eq!(desk::written(house), before);
        assert_eq!(release(&prescriber, &sign, WHY, PASSWORD).status, 303);
        assert_eq!(desk::approve(&prescriber, &plan).status, 303);
    });
}

#[test]
fn while_a_sign_is_open_no_reduction_is_signed_and_what_was_signed_ahead_is_void() {
    on_both(|house| {
        let served = desk::open(house);
        let plan = desk::running(&served);
        house.clock.set(at("2026-11-28T09:00:00Z"));
        desk::lay_out(house, &plan);
        let pharmacist = served.signed_in("pharmacist");
        assert_eq!(desk::sign(&pharmacist, &format!("{plan}/reductions/1"), 1).status, 303);
        assert_eq!(desk::doses_on(house, &plan, "2026-12-04"), [750, 750]);
        let sign = record(&served.signed_in("nurse"), "hallucinations");
        assert_eq!(desk::doses_on(house, &plan, "2026-12-04"), [1_000, 1_000], "the signature is void");
        let (before, reduction) = (desk::written(house), desk::waiting(&pharmacist, &plan));
        let said = "A severe sign was recorded. Nothing can be signed until a prescriber has released the reductions.";
        let page = pharmacist.get(&reduction);
        assert!(page.text().contains(said) && !page.has("form[action$='/signature']"), "{}", page.text());
        let (why, about) = (desk::rationale(3), desk::rationale(4));
        let fields = [("rationale", why.as_str()), ("flags_reason", &about), ("effective_on", "2026-12-04")];
        let refused = desk::forced(&pharmacist, &format!("{reduction}/signature"), &fields);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(said), "{}", refused.text());
        assert_eq!(desk::written(house), before);
        assert_eq!(desk::doses_on(house, &plan, "2026-12-04"), [1_000, 1_000]);
        assert_eq!(release(&served.signed_in("prescriber"), &sign, WHY, PASSWORD).status, 303);
        assert_eq!(desk::sign(&pharmacist, &reduction, 5).status, 303);
        assert_eq!(desk::doses_on(house, &plan, "2026-12-04"), [750, 750], "signed anew");
    });
}

/// At once, and every hour, to prescriber, pharmacists and supervisors; and no word about whom or what.
#[test]
fn everybody_is_written_to_every_hour_until_somebody_acknowledges() {
    on_both(|house| {
        let (served, _) = open(house);
        let sign = record(&served.signed_in("nurse"), "seizure");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        for time in ["08:10:30", "08:40:00", "09:10:00", "09:50:00"] {
            house.clock.set(at(&format!("2026-11-21T{time}Z")));
            ringer.ring();
        }
        let letters = of_kind(house, Kind::SevereSign);
        let to: Vec<&str> = letters.iter().map(|letter| letter.recipient.as_str()).collect();
        for person in ["p@alder.example", "f@alder.example", "s@alder.example"] {
            assert_eq!(to.iter().filter(|one| **one == person).count(), 2, "{to:?}");
        }
        assert_eq!(states(&letters), vec![LetterState::Sent; 6]);
        for letter in &letters {
            let words = format!("{} {}", letter.title, letter.body).to_lowercase();
            assert!(words.contains("a severe sign was recorded, east") && words.contains(&sign), "{words}");
            for secret in ["ash", "ada", "clonazepam", "seizure", " mg", "room"] {
                assert!(!words.contains(secret), "{secret}: {words}");
            }
        }
        let pharmacist = served.signed_in("pharmacist");
        let page = pharmacist.get(&sign);
        assert!(page.text().contains("p@alder.example"), "{}", page.text());
        let known = pharmacist.fill(&page, &format!("{sign}/acknowledgement"), &[]);
        assert_eq!(known.status, 303, "{}", known.text());
        assert!(pharmacist.get(&sign).text().contains("Acknowledged by Phil Pharmacist"));
        house.clock.set(at("2026-11-21T11:10:00Z"));
        ringer.ring();
        assert_eq!(of_kind(house, Kind::SevereSign).len(), 6);
        assert!(served.signed_in("pharmacist").get("/reductions").text().contains("Acknowledged."));
    });
}

#[test]
fn the_history_tells_each_act_in_words() {
    on_both(|house| {
        let (served, _) = open(house);
        let prescriber = served.signed_in("prescriber");
        let sign = record(&served.signed_in("nurse"), "overdose");
        let page = prescriber.get(&sign);
        assert_eq!(prescriber.fill(&page, &format!("{sign}/acknowledgement"), &[]).status, 303);
        assert_eq!(release(&prescriber, &sign, WHY, PASSWORD).status, 303);
        let last = house.count("history");
        let told: Vec<String> = (1..=last).map(|n| prescriber.get(&format!("/history/{n}")).text()).collect();
        for words in [
            "Suspected overdose, seen 21 Nov 2026 08:10.",
            "No sedative is given until a prescriber has decided.",
            "The letters about it stop.",
            "every dose stays as it was signed",
        ] {
            assert!(told.iter().any(|text| text.replace('\u{a0}', " ").contains(words)), "{words}: {told:?}");
        }
    });
}
