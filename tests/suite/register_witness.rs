//! A witness by medicine, a nurse who is alone, two who count, and a day looked through, at the pages.

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT, at, beside, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::{self, dose, receive};
use crate::ward;

const SATURDAY: &str = "2026-11-21";
const WITNESS: [(&str, &str); 2] = [("second_username", "tom"), ("second_password", PASSWORD)];

/// Saturday morning: 0.5 mg of clonazepam at 08:00 and 20:00, so many tablets, and a second nurse.
fn saturday(house: &House, tablets: &str) -> (Served, String) {
    settle(house);
    for sql in [
        "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
        "INSERT INTO people (id, username, name, registration, email, password_hash)
         SELECT 'tom', 'tom', 'Tom Fielding RN', '', '', password_hash FROM people WHERE id = 'nurse'",
        "INSERT INTO memberships (id, person, facility, role) VALUES ('m-tom', 'tom', 'alder', 'nurse')",
    ] {
        house.plain_sql(sql).unwrap();
    }
    let plan = ward::plan(house, RESIDENT, SATURDAY);
    house.clock.set(at("2026-11-21T08:05:00Z"));
    receive(house, tablets);
    (Served::start(house), plan)
}

fn book() -> String {
    shelf::supply().register("alder", shelf::TABLET)
}

/// A dose of which only half was taken; some of it otherwise.
fn in_part(nurse: &Visitor, page: &str, other: &[(&str, &str)]) -> Shown {
    let part = [("outcome", "given_in_part"), ("amount", "0.25"), ("reason", "P1")];
    let all: Vec<_> = part.into_iter().chain(other.iter().copied()).collect();
    nurse.fill(&nurse.get(page), &format!("{page}/administration"), &all)
}

/// Whoever opened an account could have come in as its owner: for a day it is no second person beside them.
#[test]
fn nobody_makes_their_own_witness() {
    on_both(|house| {
        let (served, plan) = saturday(house, "10");
        house
            .plain_sql(
                "INSERT INTO memberships (id, person, facility, role) VALUES ('m-sue', 'supervisor', 'alder', 'nurse')",
            )
            .unwrap();
        let supervisor = served.signed_in("supervisor");
        let new = [
            ("name", "Amara Diallo"),
            ("username", "a.diallo"),
            ("registration", "RN-77"),
            ("password", "a long walk home"),
            ("ends_at", "2026-11-22T08:00"),
        ];
        assert_eq!(supervisor.fill(&supervisor.get("/agency"), "/agency", &new).status, 303);
        // They chose their own since, or somebody did for them.
        house
            .plain_sql(
                "UPDATE people SET own_password = true,
                    password_hash = (SELECT password_hash FROM people WHERE id = 'nurse') WHERE username = 'a.diallo'",
            )
            .unwrap();
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        let amara = [("second_username", "a.diallo"), ("second_password", PASSWORD)];
        let refused = in_part(&supervisor, &page, &amara);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("it is no witness of yours yet"), "{}", refused.text());
        assert_eq!(house.count("administrations"), 0);
        assert_eq!(
            in_part(&served.signed_in("nurse"), &page, &amara).status,
            303,
            "she is a witness of everybody else"
        );
    });
}

/// Never a false witness: she keeps what nobody touched, or says why nobody could see it wasted.
#[test]
fn a_nurse_alone_keeps_the_rest_or_says_why_nobody_saw_it_wasted() {
    on_both(|house| {
        let (served, plan) = saturday(house, "10");
        let nurse = served.signed_in("nurse");
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        let missing = in_part(&nurse, &page, &[]);
        assert_eq!(missing.status, 422);
        assert!(
            missing.text().contains("If nobody else is in the house, keep what was not touched"),
            "{}",
            missing.text()
        );
        let brief = in_part(&nurse, &page, &[("alone", "alone")]);
        assert!(brief.text().contains("why nobody else could see it."), "{}", brief.text());
        assert_eq!(house.count("administrations"), 0);
        let why = "Night shift, nobody else is in the house until seven.";
        assert_eq!(in_part(&nurse, &page, &[("alone", why)]).status, 303);
        assert_eq!(house.count("administrations WHERE witnessed_by IS NULL"), 1);
        assert_eq!(house.count("register_entries WHERE kind = 'wasted'"), 0, "the book holds it until it is resolved");
        assert_eq!(house.count("discrepancies WHERE difference = -1 AND unwitnessed IS NOT NULL"), 1);
        let open = nurse.get(&format!("/registers/{}", book()));
        assert!(open.text().contains("0.5 wasted without a witness"), "{}", open.text());
        assert!(open.text().contains(why), "{}", open.text());
        keeps_the_laws("register", &open.body);
        assert!(served.signed_in("supervisor").get("/overview").text().contains("0.5 wasted without a witness"));
        shelf::adds_up(house, &book());
    });
}

/// No resident is left without a dose because nobody else is in the house; a supervisor sees it until they have looked.
#[test]
fn where_two_are_to_give_a_nurse_alone_gives_and_a_supervisor_looks_into_it() {
    on_both(|house| {
        let (served, plan) = saturday(house, "10");
        house.plain_sql("UPDATE facilities SET witnessed = 'give waste' WHERE id = 'alder'").unwrap();
        // A supervisor who is a nurse, too, is a supervisor all the same.
        house
            .plain_sql(
                "INSERT INTO memberships (id, person, facility, role) VALUES ('m-both', 'supervisor', 'alder', 'nurse')",
            )
            .unwrap();
        let (nurse, why) = (served.signed_in("nurse"), "Night shift, nobody else is in the house until seven.");
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        let give = |fields: &[(&str, &str)]| {
            let all = [&[("outcome", "given")], fields].concat();
            nurse.fill(&nurse.get(&page), &format!("{page}/administration"), &all)
        };
        let missing = give(&[]);
        assert_eq!(missing.status, 422);
        assert!(missing.text().contains("If nobody else is in the house, write below why"), "{}", missing.text());
        keeps_the_laws("a dose without its witness", &missing.body);
        assert_eq!(give(&[("alone", "alone")]).status, 422);
        assert_eq!(house.count("administrations"), 0);
        assert_eq!(give(&[("alone", why)]).status, 303);
        assert_eq!(house.count(&format!("administrations WHERE unwitnessed = '{why}' AND witnessed_by IS NULL")), 1);
        assert_eq!(house.count("register_entries WHERE kind = 'given'"), 1, "given is given");
        assert_eq!(house.count("discrepancies"), 0);
        assert!(nurse.get(&page).text().contains("Given without a witness"));
        // Whoever comes at seven has not seen what was given at three.
        let correction = format!("{page}/correction");
        let note = [("why", "A word was missing."), ("outcome", "given"), ("note", "Took it with water.")];
        let corrected = nurse.fill(&nurse.get(&correction), &correction, &note);
        assert_eq!(corrected.status, 303, "{}", corrected.text());
        assert_eq!(house.count(&format!("administrations WHERE unwitnessed = '{why}' AND corrects IS NOT NULL")), 1);
        let supervisor = served.signed_in("supervisor");
        assert!(supervisor.get("/overview").text().contains("given without a witness"));
        assert!(supervisor.get("/history").text().contains("Nora Nurse; no witness"));
        assert!(supervisor.get("/history.csv").body.contains(&format!(",yes,,,\"{why}\"")));
        let day = format!("/register/day?unit=east&on={SATURDAY}");
        let look = |by: &Visitor| by.fill(&by.get(&day), &day, &[]);
        let seen = supervisor.get(&day);
        keeps_the_laws("a day with a dose that nobody saw", &seen.body);
        assert!(seen.text().contains(why) && seen.text().contains("One dose was given without the witness"));
        assert!(seen.text().contains("Every dose agrees with the register."), "{}", seen.text());
        look(&nurse);
        assert!(supervisor.get("/overview").text().contains("given without a witness"), "a nurse's look ends nothing");
        assert_eq!(look(&supervisor).status, 303);
        assert!(!supervisor.get("/overview").text().contains("given without a witness"));
        house.clock.set(at(&format!("{SATURDAY}T20:05:00Z")));
        let (nurse, evening) = (served.signed_in("nurse"), dose(house, &plan, SATURDAY, "20:00").id);
        let page = nurse.get(&format!("/doses/{evening}"));
        let seen = [&[("outcome", "given")], WITNESS.as_slice()].concat();
        assert_eq!(nurse.fill(&page, &format!("/doses/{evening}/administration"), &seen).status, 303);
        let supervisor = served.signed_in("supervisor");
        assert!(supervisor.get("/history").text().contains("Nora Nurse; witness Tom"));
        assert!(supervisor.get("/history.csv").body.contains(",yes,,Tom"));
    });
}

#[test]
fn what_was_not_touched_is_kept_and_wants_no_witness() {
    on_both(|house| {
        let (served, plan) = saturday(house, "10");
        let nurse = served.signed_in("nurse");
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        assert_eq!(in_part(&nurse, &page, &[("rest", "yes")]).status, 303);
        assert_eq!(house.count("register_entries WHERE kind = 'given' AND parts = -1 AND balance_after = 19"), 1);
        assert_eq!((house.count("register_entries WHERE kind = 'wasted'"), house.count("discrepancies")), (0, 0));
    });
}

/// A correction can wait for a second person, so it does.
#[test]
fn what_was_wasted_before_a_witness_is_not_put_back_without_one() {
    on_both(|house| {
        let (served, plan) = saturday(house, "10");
        let nurse = served.signed_in("nurse");
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        assert_eq!(in_part(&nurse, &page, &WITNESS).status, 303);
        let action = format!("{page}/correction");
        let whole = [("outcome", "given"), ("why", "She took the rest of it a minute later.")];
        let alone = nurse.fill(&nurse.get(&action), &action, &whole);
        assert_eq!(alone.status, 422, "{}", alone.text());
        assert!(alone.text().contains("A witness is wanted for this here."), "{}", alone.text());
        let both = [whole.as_slice(), &WITNESS].concat();
        assert_eq!(nurse.fill(&nurse.get(&action), &action, &both).status, 303);
        assert_eq!(shelf::register(house, &book()).book.balance, 18);
    });
}

#[test]
fn a_medicine_may_have_a_witness_of_its_own() {
    on_both(|house| {
        let (served, plan) = saturday(house, "10");
        let (administrator, nurse) = (served.signed_in("administrator"), served.signed_in("nurse"));
        let set = |fields: &[(&str, &str)]| {
            let page = administrator.get("/settings/register");
            administrator.fill(&page, "/settings/register/witness", fields)
        };
        assert_eq!(set(&[("medicine", "")]).status, 422);
        assert_eq!(set(&[("medicine", "clonazepam"), ("witness_give", "yes")]).status, 303);
        let page = format!("/doses/{}", dose(house, &plan, SATURDAY, "08:00").id);
        let given = nurse.fill(&nurse.get(&page), &format!("{page}/administration"), &[("outcome", "given")]);
        assert!(given.text().contains("A witness is wanted for this here."), "{}", given.text());
        assert_eq!(set(&[("medicine", "clonazepam")]).status, 303);
        assert_eq!(in_part(&nurse, &page, &[]).status, 303, "nothing of this medicine is witnessed");
        assert_eq!(
            house.count("facilities WHERE id = 'alder' AND witnessed LIKE 'waste count receive%clonazepam: '"),
            1
        );
        assert_eq!(set(&[("medicine", "clonazepam"), ("as_every", "yes")]).status, 303);
        assert_eq!(house.count("facilities WHERE id = 'alder' AND witnessed = 'waste count receive'"), 1);
        let kept = administrator.fill(&administrator.get("/settings"), "/settings", &[]);
        assert_eq!(kept.status, 303, "{}", kept.text());
    });
}

#[test]
fn two_who_count_differently_are_told_and_count_again() {
    on_both(|house| {
        let (served, _) = saturday(house, "37");
        let (nurse, count) = (served.signed_in("nurse"), "/register/count?unit=east");
        let (first, own) = (format!("count_{}", book()), format!("second_{}", book()));
        let second = nurse.fill(&nurse.get(count), count, &[(first.as_str(), "37")]);
        assert!(second.text().contains("Second count, East"), "{}", second.text());
        assert_eq!(second.attribute(&format!("input[name='{own}']"), "value").as_deref(), Some(""), "never filled in");
        assert!(!second.all("main p, main label, main legend").concat().contains("37"));
        let fields = |typed: &'static str| [&[(own.as_str(), typed)], WITNESS.as_slice()].concat();
        let unreadable = nurse.fill(&second, count, &fields("12a"));
        assert!(unreadable.text().contains("“12a” is not a count."), "{}", unreadable.text());
        let differ = nurse.fill(&second, count, &fields("36.5"));
        assert_eq!(differ.status, 422);
        assert!(differ.text().contains("You counted 37 and 36.5. Nothing has been saved"), "{}", differ.text());
        assert_eq!(
            differ.attribute(&format!("input[name='{first}']"), "value").as_deref(),
            Some(""),
            "both count again"
        );
        let alone = nurse.fill(&second, count, &[(own.as_str(), "37")]);
        assert!(alone.text().contains("A witness is wanted for this here."), "{}", alone.text());
        assert_eq!((house.count("register_counts"), house.count("discrepancies")), (0, 0));
        assert_eq!(nurse.fill(&second, count, &fields("37")).status, 303);
        assert_eq!(house.count("register_counts WHERE counted = 74 AND witnessed_by = 'tom'"), 1);
    });
}

#[test]
fn an_expired_lot_is_named_where_it_is_counted() {
    on_both(|house| {
        let (served, _) = saturday(house, "37");
        house.clock.set(at("2028-01-01T08:00:00Z"));
        let nurse = served.signed_in("nurse");
        let named = "Lot B1042 expired on 31 Dec 2027. Give nothing of it";
        for page in ["/register/count?unit=east".to_owned(), format!("/registers/{}", book())] {
            assert!(nurse.get(&page).text().contains(named), "{page}");
        }
    });
}

/// What no act can write is planted by hand into the database: the page names it in red.
#[test]
fn a_disagreement_between_mar_and_register_is_named() {
    on_both(|house| {
        let (served, plan) = saturday(house, "10");
        ward::give(house, &plan, SATURDAY, "08:00");
        let (nurse, page) = (served.signed_in("nurse"), "/register/day?unit=east&on=2026-11-21");
        let whole = nurse.get(page);
        assert!(whole.text().contains("Every dose agrees with the register."), "{}", whole.text());
        assert!(whole.text().contains("0.5 mg tablet: given 1 Agrees"), "{}", whole.text());
        keeps_the_laws("day", &whole.body);
        house
            .plain_sql(
                "INSERT INTO register_entries (id, n, register, seq, kind, parts, balance_after, administration, note,
                    entered_by, entered_at)
                 SELECT 'planted', n, register, seq + 1, kind, parts, balance_after, administration, '', entered_by,
                    entered_at FROM register_entries WHERE kind = 'given'",
            )
            .unwrap();
        let wrong = nurse.get(page);
        assert_eq!(wrong.all("tr.tr-bad").len(), 2, "the dose, and the register over the day: {}", wrong.text());
        let said = "Does not agree: the register gave out 1 mg, the dose says 0.5 mg";
        assert!(wrong.text().contains(said), "{}", wrong.text());
        assert!(nurse.get("/register/day.csv?unit=east&on=2026-11-21").body.contains(said), "in the file too");
        let looked = nurse.fill(&wrong, page, &[("note", "Told the pharmacist.")]);
        assert_eq!(looked.status, 303, "{}", looked.text());
        let kept = nurse.get(page);
        assert!(kept.text().contains("2 things did not agree: “Told the pharmacist.”"), "{}", kept.text());
        assert_eq!(house.count("days_looked_through WHERE disagreeing = 2"), 1);
        assert_eq!(served.signed_in("prescriber").get(page).status, 403);
        assert_eq!(served.signed_in("stranger").get(page).status, 404);
    });
}

/// Two nurses press the button of the last tablet of a box at once.
#[test]
fn of_two_nurses_at_the_last_tablet_one_is_told_on_her_page() {
    on_both(|house| {
        let (served, first) = saturday(house, "5");
        house.plain_sql("UPDATE facilities SET register_holder = 'unit'").unwrap();
        let other = ward::resident(house, "Birch", "Bo", "2", "14");
        house.clock.set(at("2026-11-20T20:00:00Z"));
        let second = ward::plan(house, &other, SATURDAY);
        house.clock.set(at("2026-11-21T08:05:00Z"));
        let holder = stepdown::care::register::Holder::Unit("east".into());
        let one = shelf::entry(stepdown::care::register::entering::What::Receive, "1");
        shelf::entered(house, holder.clone(), shelf::TABLET, one).unwrap();
        let pages = [&first, &second].map(|plan| format!("/doses/{}", dose(house, plan, SATURDAY, "08:00").id));
        let nurses = ["nurse", "tom"].map(|who| served.signed_in(who));
        let open = [0, 1].map(|n| nurses[n].get(&pages[n]));
        let answers = beside(2, |n| nurses[n].fill(&open[n], &format!("{}/administration", pages[n]), &[]).status);
        assert!(answers.contains(&303) && answers.contains(&409), "{answers:?}");
        assert_eq!(house.count("administrations"), 1);
        shelf::adds_up(house, &holder.register("alder", shelf::TABLET));
    });
}
