//! What becomes of as-needed doses: their effect is asked for by letter, and they are seen before anything is signed.

use stepdown::care::letter::Kind;
use stepdown::store::letters::LetterState;

use crate::as_needed::{furnished, give, given_anew, ordered};
use crate::house::{House, at, on_both};
use crate::smtp::{Server, nobody};
use crate::ward::{Ringer, of_kind, states, titles};

fn ring_at(house: &House, server: &Server, time: &str) {
    house.clock.set(at(time));
    Ringer::new(&house.db, &server.post()).ring();
}

/// The facility asks 45 minutes after the dose.
#[test]
fn the_unit_is_asked_once_whether_a_dose_helped_and_the_letter_names_nothing() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let address = ordered(&served, &[]);
        assert_eq!(given_anew(&served, &address, "").status, 303);
        let server = Server::start();
        ring_at(house, &server, "2026-11-21T12:44:59Z");
        assert_eq!(of_kind(house, Kind::EffectWanted), []);
        for time in ["2026-11-21T12:45:00Z", "2026-11-21T12:46:00Z", "2026-11-21T13:30:00Z"] {
            ring_at(house, &server, time);
        }
        let about = |title: &String| title.starts_with("Effect wanted");
        let sent: Vec<String> = titles(&server.taken(), "east@alder.example").into_iter().filter(about).collect();
        assert_eq!(sent, ["Effect wanted, East: 1 dose, 21 Nov 2026 12:45"]);
        let letter = of_kind(house, Kind::EffectWanted).remove(0);
        assert_eq!(letter.expires_at, at("2026-11-21T16:45:00Z"));
        let said = format!("{} {}", letter.title, letter.body).to_lowercase();
        for secret in ["ash", "ada", "clonazepam", "mg", "panic", "pacing"] {
            assert!(!said.split(|c: char| !c.is_alphanumeric()).any(|word| word == secret), "{secret}: {said}");
        }
        assert!(letter.body.contains("https://stepdown.example/round"), "{}", letter.body);
    });
}

#[test]
fn nobody_is_asked_about_an_effect_that_is_noted_or_about_somebody_who_is_away() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let address = ordered(&served, &[]);
        let nurse = served.signed_in("nurse");
        assert_eq!(give(&nurse, &nurse.get(&address), &address, "").status, 303);
        let effect = nurse.get("/round").attribute("a[href$='/effect']", "href").unwrap();
        assert_eq!(nurse.fill(&nurse.get(&effect), &effect, &[("effect", "asleep")]).status, 303);
        let server = Server::start();
        ring_at(house, &server, "2026-11-21T12:45:00Z");
        assert_eq!(of_kind(house, Kind::EffectWanted), []);
        house.clock.set(at("2026-11-21T16:00:00Z"));
        assert_eq!(given_anew(&served, &address, "").status, 303);
        house.clock.set(at("2026-11-21T16:10:00Z"));
        let nurse = served.signed_in("nurse");
        let away = "/residents/resident-1/absence";
        let left = nurse.fill(&nurse.get(away), away, &[("kind", "hospital"), ("left_at", "2026-11-21T16:10")]);
        assert_eq!(left.status, 303, "{}", left.text());
        ring_at(house, &server, "2026-11-21T16:45:00Z");
        assert_eq!(of_kind(house, Kind::EffectWanted), []);
    });
}

#[test]
fn a_letter_about_an_effect_is_settled_by_the_note() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let address = ordered(&served, &[]);
        assert_eq!(given_anew(&served, &address, "").status, 303);
        house.clock.set(at("2026-11-21T12:45:00Z"));
        Ringer::new(&house.db, &nobody()).ring();
        assert_eq!(states(&of_kind(house, Kind::EffectWanted)), [LetterState::Wanted]);
        let nurse = served.signed_in("nurse");
        let effect = nurse.get("/round").attribute("a[href$='/effect']", "href").unwrap();
        assert_eq!(nurse.fill(&nurse.get(&effect), &effect, &[("effect", "helped")]).status, 303);
        ring_at(house, &Server::start(), "2026-11-21T12:50:00Z");
        assert_eq!(states(&of_kind(house, Kind::EffectWanted)), [LetterState::Settled]);
    });
}

/// P9 ends at the 24 hours; whether the taper is too fast is the pharmacist's to see.
#[test]
fn as_needed_use_of_the_tapered_medicine_is_drawn_and_wants_a_reason_before_a_reduction_is_signed() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        let address = ordered(&served, &[]);
        let reduction = format!("/plans/{plan}/reductions/1");
        house.clock.set(at("2026-12-03T09:30:00Z"));
        let before = served.signed_in("pharmacist").get(&reduction);
        assert!(before.text().contains("never in the last 7 days; never in the 7 before"), "{}", before.text());
        assert!(!before.text().contains("As needed (PRN)"), "{}", before.text());
        assert_eq!(given_anew(&served, &address, "").status, 303);
        house.clock.set(at("2026-12-03T10:00:00Z"));
        let after = served.signed_in("pharmacist").get(&reduction);
        let found = "once in the last 7 days, once of the tapered medicine; never in the 7 before";
        assert!(after.text().contains(found), "{}", after.text());
        crate::ward::sign(house, &plan, 1, "2026-12-05");
        assert_eq!(house.count("plan_facts WHERE kind = 'signed' AND statement LIKE '%as_needed_used%'"), 1);
        assert_eq!(house.count(&format!("plan_facts WHERE statement LIKE '%{found}%'")), 1);
    });
}
