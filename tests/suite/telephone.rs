//! Orders by telephone: a nurse writes down, reads back, and a second person heard it. They never start a reduction.

use stepdown::care::letter::Kind;

use crate::browser_like::PASSWORD;
use crate::deciding::{CALL, at, call, lowered};
use crate::desk::{doses_on, rationale, written};
use crate::house::{RESIDENT, on_both};
use crate::smtp::nobody;
use crate::ward::{Ringer, of_kind};

#[test]
fn a_telephone_order_acts_at_once_and_its_prescriber_confirms_it() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let nurse = served.signed_in("nurse");
        assert!(nurse.get(&format!("/residents/{RESIDENT}")).has(&format!("a[href='{plan}/telephone']")));
        let page = nurse.get(&format!("{plan}/telephone"));
        assert_eq!(page.attribute("#back-second_username", "value"), None, "never filled in before");
        let ordered = call(&nurse, &plan, "step-back", &[("step", "0")]);
        assert_eq!(
            (ordered.status, ordered.location()),
            (303, format!("/residents/{RESIDENT}").as_str()),
            "{}",
            ordered.text()
        );
        assert_eq!(doses_on(house, &plan, "2026-12-05"), [750, 1_000]);
        let row = "plan_facts WHERE kind = 'stepped_back' AND decided_by = 'nurse' AND ordered_by = 'prescriber' AND heard_by = 'supervisor'";
        assert_eq!(house.count(row), 1);
        let prescriber = served.signed_in("prescriber");
        let plans = prescriber.get("/plans");
        assert!(plans.text().contains("left to confirm"), "{}", plans.text());
        let address = plans.attribute("a[href*='/orders/']", "href").unwrap();
        for (person, status) in [("second", 422), ("pharmacist", 403), ("nurse", 403)] {
            let other = served.signed_in(person);
            let csrf = other.get("/residents").attribute("input[name=csrf]", "value").unwrap();
            let id = crate::ward::id();
            let fields = [("csrf", csrf.as_str()), ("form", &id), ("password", PASSWORD)];
            assert_eq!(other.post(&format!("{address}/confirmation"), &fields).status, status, "{person}");
        }
        let page = prescriber.get(&address);
        assert!(page.text().contains("Written down and read back by Nora Nurse"), "{}", page.text());
        let confirmed = prescriber.fill(&page, &format!("{address}/confirmation"), &[("password", PASSWORD)]);
        assert_eq!(confirmed.status, 303, "{}", confirmed.text());
        assert!(!prescriber.get("/plans").has("a[href*='/orders/']"));
        assert_eq!(house.count("plan_facts WHERE kind = 'affirmed' AND decided_by = 'prescriber'"), 1);
        let again = prescriber.fill(&page, &format!("{address}/confirmation"), &[("password", PASSWORD)]);
        assert_eq!(again.status, 303, "a repeated post finds its first answer");
    });
}

/// Otherwise it would be written about for ever, and nobody could answer.
#[test]
fn where_the_prescriber_who_called_has_left_another_confirms_in_their_place_and_is_asked_to() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        assert_eq!(call(&served.signed_in("nurse"), &plan, "step-back", &[("step", "0")]).status, 303);
        let second = served.signed_in("second");
        let address = second.get("/plans").attribute("a[href*='/orders/']", "href").unwrap();
        let confirmation = format!("{address}/confirmation");
        assert!(!second.get(&address).has(&format!("form[action='{confirmation}']")), "not while they are here");
        let left = "UPDATE memberships SET ended_at = '2026-12-05 09:40:00' WHERE person = 'prescriber'";
        assert!(house.plain_sql(left).unwrap() > 0);
        house.plain_sql("UPDATE people SET email = 'petra@alder.example' WHERE id = 'second'").unwrap();
        at(house, "2026-12-05T09:45");
        let gone = "Pat Prescriber is no prescriber here any more: another prescriber here confirms this order.";
        let nurse = served.signed_in("nurse").get(&address);
        assert!(nurse.text().contains(gone), "{}", nurse.text());
        Ringer::new(&house.db, &nobody()).ring();
        let letters = of_kind(house, Kind::Unconfirmed);
        let to: Vec<&str> = letters.iter().map(|letter| letter.recipient.as_str()).collect();
        assert_eq!(to, ["petra@alder.example"]);
        assert!(letters[0].body.contains("another prescriber confirms it"), "{}", letters[0].body);
        let second = served.signed_in("second");
        let page = second.get(&address);
        assert!(page.text().contains("I answer for it from now on"), "{}", page.text());
        let confirmed = second.fill(&page, &confirmation, &[("password", PASSWORD)]);
        assert_eq!(confirmed.status, 303, "{}", confirmed.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'affirmed' AND decided_by = 'second'"), 1);
        let told = served.signed_in("nurse").get(&address).text();
        assert!(told.contains("confirmed in the place of Pat Prescriber") && !told.contains(gone), "{told}");
        assert!(!second.get("/plans").has("a[href*='/orders/']"));
    });
}

#[test]
fn by_telephone_it_can_be_held_suspended_and_lowered_too() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let nurse = served.signed_in("nurse");
        assert_eq!(call(&nurse, &plan, "hold", &[("reassess_on", "2026-12-20")]).status, 303);
        let fields = [("amount_1", "0.5"), ("amount_2", "0.5")];
        assert_eq!(call(&nurse, &plan, "lower", &fields).status, 303);
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [500, 500]);
        assert_eq!(call(&nurse, &plan, "suspend", &[]).status, 303);
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [0, 0]);
        assert_eq!(house.count("plan_facts WHERE ordered_by = 'prescriber'"), 3);
    });
}

#[test]
fn a_call_that_was_not_as_it_should_be_saves_nothing() {
    let bad: [(&str, &str, &str); 13] = [
        ("prescriber", "", "Choose the prescriber"),
        ("prescriber", "pharmacist", "They must work in this facility"),
        ("prescriber", "afar", "They must work in this facility"),
        ("prescriber", "nurse", "from yourself"),
        ("called_at", "", "Enter when the call was"),
        ("called_at", "09:31", "Enter when the call was"),
        ("called_at", "21:29", "Enter when the call was"),
        ("called_at", "half past nine", "Enter when the call was"),
        ("read_back", "", "Read the order back"),
        ("second_username", "nurse", "neither you nor the prescriber"),
        ("second_username", "prescriber", "neither you nor the prescriber"),
        ("second_username", "stranger", "does not work in this facility"),
        ("second_password", "not theirs", "do not belong together"),
    ];
    on_both(|house| {
        let (served, plan) = lowered(house);
        let nurse = served.signed_in("nurse");
        let before = written(house);
        for (field, value, sentence) in bad {
            let refused = call(&nurse, &plan, "step-back", &[("step", "0"), (field, value)]);
            assert_eq!(refused.status, 422, "{field} {value}: {}", refused.text());
            assert!(refused.text().contains(sentence), "{field} {value}: {}", refused.text());
            assert!(!refused.body.contains(PASSWORD), "passwords are never shown again");
            assert_eq!(refused.attribute("#back-second_username", "value"), None);
        }
        assert_eq!(written(house), before);
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [750, 750]);
    });
}

#[test]
fn who_guesses_the_second_password_waits() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let nurse = served.signed_in("nurse");
        for _ in 0..4 {
            call(&nurse, &plan, "suspend", &[("second_password", "guess")]);
        }
        let slowed = call(&nurse, &plan, "suspend", &[]);
        assert_eq!(slowed.status, 422);
        assert!(slowed.text().contains("then try again: nobody is locked out"), "{}", slowed.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'ordered'"), 0);
    });
}

/// The bad input that matters most: by telephone nothing is reduced, signed or approved, whatever is posted where.
#[test]
fn a_telephone_order_never_starts_a_reduction() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let nurse = served.signed_in("nurse");
        let before = written(house);
        let lower = call(&nurse, &plan, "step-back", &[("step", "2")]);
        assert_eq!(lower.status, 422);
        assert!(lower.text().contains("never starts by an order"), "{}", lower.text());
        let page = nurse.get(&format!("{plan}/telephone"));
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        let why = rationale(3);
        for what in ["signature", "sign", "approval", "approve", "reduce", "end-hold"] {
            let id = crate::ward::id();
            let fields = [("csrf", csrf.as_str()), ("form", &id), ("rationale", &why), ("step", "2"), ("n", "2")];
            let all: Vec<(&str, &str)> = CALL.into_iter().chain(fields).collect();
            let refused = nurse.post(&format!("{plan}/telephone/{what}"), &all);
            assert_eq!(refused.status, 422, "{what}");
            assert!(
                refused.text().contains("A telephone order never starts a reduction"),
                "{what}: {}",
                refused.text()
            );
        }
        for (address, status) in [("reductions/2/signature", 403), ("approval", 403), ("decide/step-back", 403)] {
            let id = crate::ward::id();
            let fields = [("csrf", csrf.as_str()), ("form", &id), ("rationale", &why)];
            let all: Vec<(&str, &str)> = CALL.into_iter().chain(fields).collect();
            assert_eq!(nurse.post(&format!("{plan}/{address}"), &all).status, status, "{address}");
        }
        assert_eq!(written(house), before);
        assert_eq!(doses_on(house, &plan, "2026-12-06"), [750, 750]);
    });
}

#[test]
fn while_an_order_stands_nothing_is_signed() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let nurse = served.signed_in("nurse");
        assert_eq!(call(&nurse, &plan, "suspend", &[]).status, 303);
        at(house, "2026-12-17T09:00");
        let pharmacist = served.signed_in("pharmacist");
        let page = pharmacist.get(&format!("{plan}/reductions/2"));
        assert!(page.text().contains("No longer asked for") && !page.text().contains("Sign the"), "{}", page.text());
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        let (id, why, flags) = (crate::ward::id(), rationale(8), rationale(9));
        let fields = [
            ("csrf", csrf.as_str()),
            ("form", &id),
            ("effective_on", "2026-12-18"),
            ("rationale", &why),
            ("flags_reason", &flags),
            ("password", PASSWORD),
        ];
        let refused = pharmacist.post(&format!("{plan}/reductions/2/signature"), &fields);
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("An urgent order is in force"), "{}", refused.text());
        assert_eq!(house.count("plan_facts WHERE kind = 'signed'"), 1);
    });
}
