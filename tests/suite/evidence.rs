//! The evidence at the signature: what the page shows is what the signature keeps, whatever is recorded afterwards.

use stepdown::care::calendar::Zone;
use stepdown::care::taper::statement::Statement;
use stepdown::store::plans::statement_load;
use stepdown::web::parts::kept::Kept;

use crate::amend_plan::{SLOWER, amend, approve};
use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::house::{House, at, on_both};
use crate::record_assessment::{coming_to, send};
use crate::{as_needed, desk, ward};

/// A running plan of which doses were given and one was forgotten, a resident who was scored and given something as
/// needed; and the address of the reduction that may be signed.
fn observed(house: &House) -> (Served, String) {
    let served = desk::open(house);
    house.plain_sql("UPDATE facilities SET score_scale = 'ciwa-b'").unwrap();
    let plan = desk::running(&served);
    for (on, time) in [("2026-11-20", "20:00"), ("2026-11-21", "08:00"), ("2026-11-22", "08:00")] {
        house.clock.set(at(&format!("{on}T{time}:00Z")));
        ward::give(house, desk::id_of(&plan), on, time);
    }
    house.clock.set(at("2026-11-28T10:00:00Z"));
    assert_eq!(send(&served.signed_in("nurse"), &coming_to(17)).status, 303);
    let order = as_needed::ordered(&served, &[("most", "4 mg")]);
    assert_eq!(as_needed::given_anew(&served, &order, "").status, 303);
    house.clock.set(at("2026-11-28T11:00:00Z"));
    (served, format!("{plan}/reductions/1"))
}

/// Everything below the heading of the signature or of the checks, as it is read.
fn evidence(page: &Shown) -> Vec<String> {
    page.all(".evidence")
}

/// Afterwards: a score, an as-needed dose, a dose of long ago written down, other steps, and an empty shelf.
fn later_facts(house: &House, served: &Served, plan: &str) {
    house.clock.set(at("2026-11-28T13:00:00Z"));
    assert_eq!(send(&served.signed_in("nurse"), &coming_to(52)).status, 303);
    house.clock.set(at("2026-11-28T16:00:00Z"));
    let order = served.signed_in("nurse").get("/residents/resident-1").attributes("a[href$='/give']", "href").remove(0);
    assert_eq!(as_needed::given_anew(served, &order, "").status, 303);
    house.clock.set(at("2026-11-28T20:00:00Z"));
    ward::give(house, desk::id_of(plan), "2026-11-28", "20:00");
    assert_eq!(amend(&served.signed_in("second"), plan, "submit", &SLOWER).status, 303);
    assert_eq!(approve(&served.signed_in("prescriber"), plan, 2, PASSWORD).status, 303);
    house.plain_sql("DELETE FROM stocked_products").unwrap();
    house.plain_sql("UPDATE residents SET surname = 'Oak'").unwrap();
}

#[test]
fn what_was_on_the_screen_at_the_signature_is_kept_word_for_word_whatever_comes_after() {
    on_both(|house| {
        let (served, reduction) = observed(house);
        let pharmacist = served.signed_in("pharmacist");
        let page = pharmacist.get(&reduction);
        crate::pages::keeps_the_laws("a reduction with its evidence", &page.body);
        let shown = evidence(&page);
        let text = shown.concat();
        for told in [
            "17 of 80",
            "Irritable",
            "3 of 16 doses given since 20 Nov 2026",
            "21 Nov 2026 20:00, clonazepam 1 mg: no record",
            "22 Nov 20262 mg2 mg1 mg 1 dose open",
            "pacing, cannot be talked down",
            "Physical dependence",
            "clonazepam 0.75 mg: 1 × 0.5 mg tablet",
            "In stock",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
        let checks = page.all(".checks li");
        let signed = desk::sign(&pharmacist, &reduction, 1);
        assert_eq!(signed.status, 303, "{}", signed.text());
        let kept = served.signed_in("nurse").get(&reduction);
        assert_eq!(evidence(&kept), shown);
        later_facts(house, &served, reduction.strip_suffix("/reductions/1").unwrap());
        house.clock.set(at("2026-12-20T09:00:00Z"));
        for reader in ["nurse", "pharmacist", "supervisor", "prescriber"] {
            let later = served.signed_in(reader).get(&reduction);
            crate::pages::keeps_the_laws("a signature of weeks ago", &later.body);
            assert_eq!(evidence(&later), shown, "{reader}");
            let then = later.all(".checks li");
            assert_eq!(then.len(), checks.len());
            assert!(later.text().contains("ASH, Ada"), "the name is kept as it was: {}", later.text());
        }
        let history = house.count("history WHERE kind = 'sign_reduction' AND body LIKE '%\"snapshot\":{%17%'");
        assert_eq!(history, 1, "the history holds it too");
    });
}

#[test]
fn a_signature_on_a_page_that_did_not_show_the_newest_facts_is_refused_until_they_were_seen() {
    on_both(|house| {
        let (served, reduction) = observed(house);
        let pharmacist = served.signed_in("pharmacist");
        let open = pharmacist.get(&reduction);
        send(&served.signed_in("nurse"), &coming_to(52));
        let (why, about) = (desk::rationale(1), desk::rationale(2));
        let fields = [("rationale", why.as_str()), ("flags_reason", about.as_str()), ("password", PASSWORD)];
        let signature = format!("{reduction}/signature");
        let refused = pharmacist.fill(&open, &signature, &fields);
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert!(refused.text().contains("Something this decision rests on was recorded"), "{}", refused.text());
        assert!(evidence(&refused).concat().contains("52 of 80"), "the page shows it now");
        assert!(refused.fields(&signature).iter().any(|(_, value)| *value == why), "what was written is still there");
        assert_eq!(house.count("plan_facts WHERE kind = 'signed'"), 0);
        let unseen = [("seen", "")].into_iter().chain(fields).collect::<Vec<_>>();
        assert_eq!(pharmacist.fill(&refused, &signature, &unseen).status, 409, "nor without having seen anything");
        let signed = pharmacist.fill(&refused, &signature, &fields);
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert!(evidence(&pharmacist.get(&reduction)).concat().contains("52 of 80"));
    });
}

#[test]
fn a_check_that_did_not_pass_wants_a_reason_and_the_form_names_it() {
    on_both(|house| {
        let (served, reduction) = observed(house);
        let pharmacist = served.signed_in("pharmacist");
        let page = pharmacist.get(&reduction);
        let hint = page.all("#sign-flags_reason-hint").concat();
        assert!(hint.contains("At least 90% of doses given since the last change"), "{hint}");
        assert!(!hint.contains("Every dose can be made"), "only what did not pass: {hint}");
        let refused = desk::decide(&pharmacist, &reduction, "signature", &[("rationale", &desk::rationale(1))]);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'signed'"), 0);
        assert_eq!(desk::sign(&pharmacist, &reduction, 1).status, 303);
        let kept = pharmacist.get(&reduction).text();
        assert!(kept.contains(&desk::rationale(101)), "the reason is shown with the signature: {kept}");
    });
}

#[test]
fn the_table_tells_what_the_plan_wanted_what_was_signed_and_what_was_given() {
    on_both(|house| {
        let (served, reduction) = observed(house);
        house.clock.set(at("2026-12-05T12:00:00Z"));
        let rows = served.signed_in("pharmacist").get(&reduction).all(".days tbody tr");
        let row = |day: &str| rows.iter().find(|row| row.starts_with(day)).cloned().unwrap_or_default();
        assert_eq!(row("03 Dec 2026"), "03 Dec 20262 mg2 mg0 mg 2 doses open");
        assert_eq!(row("04 Dec 2026"), "04 Dec 20261.5 mg2 mg0 mg 2 doses open", "not signed: it stays at 2 mg");
    });
}

fn signed_statement(house: &House, by: &Visitor, reduction: &str) -> String {
    assert_eq!(desk::sign(by, reduction, 1).status, 303);
    let plan = desk::id_of(reduction.strip_suffix("/reductions/1").unwrap()).to_owned();
    let file = house.db.read(|conn| stepdown::store::plans::plan_load(conn, &plan)).unwrap();
    let fact = file.facts.iter().find(|fact| fact.act.kind() == "signed").unwrap().id.clone();
    house.db.read(|conn| statement_load(conn, &fact)).unwrap()
}

#[test]
fn a_statement_from_before_the_snapshot_was_kept_is_still_read() {
    on_both(|house| {
        let (served, reduction) = observed(house);
        let text = signed_statement(house, &served.signed_in("pharmacist"), &reduction);
        let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(old["snapshot"]["scores"][0]["items"].as_array().is_some_and(|items| items.len() == 22));
        old.as_object_mut().unwrap().remove("snapshot");
        let statement: Statement = serde_json::from_value(old.clone()).unwrap();
        assert_eq!(statement.snapshot, None);
        let page = Kept::read(&old.to_string(), Zone::UTC).expect("an old statement is read").to_string();
        assert!(page.contains("from before more than its checks was kept"), "{page}");
        old["snapshot"] = serde_json::json!({ "adherence": { "given": 1, "planned": 2 } });
        let sparse: Statement = serde_json::from_value(old).unwrap();
        assert_eq!(sparse.snapshot.unwrap().adherence.given, 1, "and one that kept less");
    });
}
