//! Every outcome with its reason, and what is asked where one is missing.

use super::{dose, furnished, page, recorded, saturday, send};
use crate::browser_like::Served;
use crate::house::{at, on_both};
use crate::pages::keeps_the_laws;
use crate::ward;

/// Every form comes back as it was filled in, with a sentence, and nothing is saved.
#[test]
fn what_is_missing_or_wrong_is_said_and_nothing_is_recorded() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:05:00");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page(&dose));
        let long = "x".repeat(501);
        let wrong: &[(&[(&str, &str)], &str)] = &[
            (&[], "Choose what happened."),
            (&[("outcome", "eaten")], "Choose what happened."),
            (&[("outcome", "refused")], "Choose the reason."),
            (&[("outcome", "refused"), ("reason", "W1")], "Choose the reason."),
            (&[("outcome", "withheld")], "Choose the reason."),
            (&[("outcome", "not_available"), ("reason", "")], "Choose the reason."),
            (&[("outcome", "absent"), ("reason", "A9")], "Write in the note what the other reason was."),
            (&[("outcome", "given"), ("note", &long)], "The note is too long."),
            (&[("outcome", "given"), ("given_at", "09:30")], "The actual time is later than now."),
            (&[("outcome", "given"), ("given_at", "2026-11-22T08:00")], "The actual time is later than now."),
            (&[("outcome", "given"), ("given_at", "06:59")], "before the dose’s window, which opened at 07:00"),
            (&[("outcome", "given"), ("given_at", "2026-11-20T08:00")], "before the dose’s window"),
            (&[("outcome", "given"), ("given_at", "eight")], "Enter the actual time on the 24-hour clock"),
            (&[("outcome", "given"), ("given_at", "2026-11-21T08:00:00+14:00")], "Enter the actual time"),
            (&[("outcome", "given"), ("given_at", "٠٨:٠٣")], "Enter the actual time"),
            (&[("outcome", "given_in_part"), ("reason", "P1")], "Write how much was taken"),
            (&[("outcome", "given_in_part"), ("reason", "P1"), ("amount", ".5")], "“.5”"),
            (&[("outcome", "given_in_part"), ("reason", "P1"), ("amount", "1,5")], "“1,5”"),
            (&[("outcome", "given_in_part"), ("reason", "P1"), ("amount", "0.25 µg")], "“0.25 µg”"),
            (&[("outcome", "given_in_part"), ("reason", "P1"), ("amount", "0.5")], "less than the whole dose"),
            (&[("outcome", "given_in_part"), ("reason", "P1"), ("amount", "2")], "less than the whole dose"),
            (&[("outcome", "given_in_part"), ("reason", "P1"), ("amount", "0")], "more than 0"),
            (&[("outcome", "given"), ("confirm", "refused")], "The button and the choice do not say the same."),
        ];
        for (fields, sentence) in wrong {
            let answer = send(&nurse, &dose, &open, fields);
            assert_eq!(answer.status, 422, "{fields:?}: {}", answer.text());
            assert!(answer.text().contains(sentence), "{fields:?}: {}", answer.text());
            assert!(answer.text().contains("Nothing has been recorded"), "{fields:?}: {}", answer.text());
            assert!(answer.all("title")[0].starts_with("Error: "));
            // What was typed is quoted back, with its µ.
            let quoted = fields.iter().any(|(_, typed)| typed.contains('µ'));
            if !quoted {
                keeps_the_laws(&format!("{fields:?}"), &answer.body);
            }
        }
        for lost in [[("revision", "x")], [("shown", "")], [("form", "7")]] {
            let answer = send(&nurse, &dose, &open, &[&[("outcome", "given")], lost.as_slice()].concat());
            assert_eq!((answer.status, recorded(house)), (400, 0), "{lost:?}");
        }
        assert_eq!(send(&nurse, &dose, &open, &[("outcome", "given"), ("csrf", "guessed")]).status, 403);
        assert_eq!(recorded(house), 0);
    });
}

#[test]
fn every_outcome_is_recorded_with_its_reason() {
    on_both(|house| {
        let plan = furnished(house);
        let reasons = [
            ("given", "", "", 500),
            ("given_in_part", "P1", "0.25", 250),
            ("refused", "R2", "", 0),
            ("withheld", "W4", "", 0),
            ("not_available", "N3", "", 0),
            ("absent", "A1", "", 0),
        ];
        for (day, (outcome, reason, amount, given)) in (21..).zip(reasons) {
            house.clock.set(at(&format!("2026-11-{day}T08:10:00Z")));
            let served = Served::start(house);
            let (nurse, dose) = (served.signed_in("nurse"), dose(&plan, &format!("2026-11-{day}"), "08:00"));
            let fields = [
                ("outcome", outcome),
                ("reason", reason),
                ("amount", amount),
                ("confirm", outcome),
                ("given_at", "08:01"),
            ];
            let answer = send(&nurse, &dose, &nurse.get(&page(&dose)), &fields);
            assert_eq!(answer.status, 303, "{outcome}: {}", answer.text());
            let row =
                format!("outcome = '{outcome}' AND reason = '{reason}' AND given_ug = {given} AND late_minutes = 1");
            assert_eq!(house.count(&format!("administrations WHERE {row}")), 1, "{outcome}");
        }
    });
}

#[test]
fn a_late_dose_asks_why_and_a_dose_to_come_says_when_it_opens() {
    on_both(|house| {
        let (served, dose) = saturday(house, "10:30:00");
        let nurse = served.signed_in("nurse");
        let late = nurse.get(&page(&dose));
        assert!(late.text().contains("This dose is late. Its window closed at 09:00."), "{}", late.text());
        assert!(late.text().contains("20:00, 0.5 mg. Nothing is doubled up."), "{}", late.text());
        assert!(!late.all("main button").contains(&"Record as given now".to_owned()));
        assert!(send(&nurse, &dose, &late, &[("outcome", "given")]).text().contains("This dose is late. Choose why."));
        for given_at in ["", "09:30"] {
            let in_time = [("outcome", "given"), ("reason", "L3"), ("given_at", given_at)];
            let untrue = send(&nurse, &dose, &late, &in_time);
            assert!(
                untrue.status == 422 && untrue.text().contains("You say it was given in time"),
                "{}",
                untrue.text()
            );
        }
        let told = send(&nurse, &dose, &late, &[("outcome", "given"), ("reason", "L3"), ("given_at", "08:20")]);
        assert_eq!(told.status, 303);
        assert_eq!(house.count("administrations WHERE reason = 'L3' AND late_minutes = 20"), 1);
        let evening = nurse.get("/residents/resident-1").attribute("tr.tr-now td:nth-child(3) a", "href").unwrap();
        let closed = nurse.get(&evening);
        assert!(closed.text().contains("This dose can be recorded from 19:00."), "{}", closed.text());
        assert!(!closed.has("form[action$=administration]"));
        let id = evening.trim_start_matches("/doses/").to_owned();
        let early = send(&nurse, &id, &late, &[("outcome", "given"), ("form", &ward::id())]);
        assert_eq!(early.status, 422);
        assert!(early.text().contains("can be recorded from 19:00"), "{}", early.text());
        assert_eq!(recorded(house), 1);
    });
}
