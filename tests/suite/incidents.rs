//! What was given in error: always written down, apart from every record, out of the register, and asked after until a
//! prescriber and a supervisor have answered.

use stepdown::care::letter::Kind;
use stepdown::care::register::Holder;
use stepdown::care::register::entering::What;
use stepdown::care::round::interval::Beside;
use stepdown::store::beside::beside as doses_beside;
use stepdown::store::letters::LetterState;

use crate::as_needed::{furnished, give, ordered};
use crate::browser_like::{Served, Shown, Visitor};
use crate::house::{RESIDENT, at, beside, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf::{TABLET, differences, entered, entries, entry, receive, register};
use crate::smtp::Server;
use crate::ward::{Ringer, of_kind, states};

const NEW: &str = "/residents/resident-1/given-in-error";

const TWICE: [(&str, &str); 6] = [
    ("mistake", "given_twice"),
    ("medicine", "clonazepam"),
    ("amount", "0.5 mg"),
    ("given_by", "nurse"),
    ("what", "The day nurse had given it; the cup was not cleared away."),
    ("done", "Watched every 15 minutes, doctor called at 12:05."),
];

fn said(nurse: &Visitor, other: &[(&str, &str)]) -> Shown {
    let page = nurse.get(NEW);
    let kept = TWICE.into_iter().filter(|(name, _)| other.iter().all(|(field, _)| field != name));
    let fields: Vec<(&str, &str)> = kept.chain(other.iter().copied()).collect();
    nurse.fill(&page, NEW, &fields)
}

/// The address of an incident that a nurse has just written down.
fn recorded(served: &Served, other: &[(&str, &str)]) -> String {
    let answer = said(&served.signed_in("nurse"), other);
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

fn answer(by: &Visitor, incident: &str, text: &str) -> Shown {
    by.fill(&by.get(incident), incident, &[("said", text)])
}

#[test]
fn a_double_dose_is_written_down_apart_and_leaves_the_register() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let book = receive(house, "10");
        let administrations = house.count("administrations");
        let incident = recorded(&served, &[]);
        assert_eq!((house.count("administrations"), house.count("incidents")), (administrations, 1));
        let last = entries(house, &book).remove(0);
        assert_eq!((last.parts, last.balance_after, last.incident.is_some()), (-2, 18, true));
        assert_eq!(house.count("history WHERE kind = 'record_incident' AND body LIKE '%\"balance_after\":18%'"), 1);
        let page = served.signed_in("nurse").get(&incident);
        keeps_the_laws("an incident", &page.body);
        assert!(page.text().contains("Given twice") && page.text().contains("0.5 mg"), "{}", page.text());
        let resident = served.signed_in("nurse").get("/residents/resident-1").text();
        assert!(resident.contains("given twice") && resident.contains("Wants an answer of a prescriber"), "{resident}");
    });
}

/// Another resident’s tablet left another resident’s supply.
#[test]
fn what_came_from_anothers_supply_leaves_anothers_register() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let other = crate::ward::resident(house, "Beech", "Bea", "2", "14");
        let theirs = entered(house, Holder::Resident(other.clone()), TABLET, entry(What::Receive, "10")).unwrap();
        let own = receive(house, "10");
        let page = served.signed_in("nurse").get(NEW);
        keeps_the_laws("what was given in error, of whose supply", &page.body);
        assert!(page.text().contains("From whose supply") && page.text().contains("BEECH, Bea"), "{}", page.text());
        assert!(page.text().contains("where a register counts them"), "{}", page.text());
        let refused = said(&served.signed_in("nurse"), &[("supply", "nobody")]);
        assert_eq!((refused.status, house.count("incidents")), (422, 0), "{}", refused.text());
        let incident = recorded(&served, &[("mistake", "not_ordered"), ("supply", &other)]);
        assert_eq!([&theirs, &own].map(|book| register(house, book).book.balance), [18, 20]);
        let kept = format!("history WHERE kind = 'record_incident' AND body LIKE '%\"supply\":\"{other}\"%'");
        assert_eq!(house.count(&kept), 1);
        assert_eq!(house.count("incidents WHERE resident = 'resident-1'"), 1, "and it was given to whom it was given");
        let entry = served.signed_in("supervisor").get(&format!("/registers/{theirs}"));
        assert!(entry.text().contains("ASH, Ada"), "{}", entry.text());
        let (nurse, strike) = (served.signed_in("nurse"), format!("{incident}/strike"));
        let struck = nurse.fill(&nurse.get(&strike), &strike, &[("why", "It was not given after all.")]);
        assert_eq!(struck.status, 303, "{}", struck.text());
        assert_eq!([&theirs, &own].map(|book| register(house, book).book.balance), [20, 20]);
        recorded(&served, &[]);
        assert_eq!([&theirs, &own].map(|book| register(house, book).book.balance), [20, 18], "else it is their own");
    });
}

/// Where a unit has one box, nobody is asked whose it was.
#[test]
fn where_units_hold_the_supplies_it_is_the_box_of_the_unit() {
    on_both(|house| {
        let (served, _) = furnished(house);
        house.plain_sql("UPDATE facilities SET register_holder = 'unit' WHERE id = 'alder'").unwrap();
        let page = served.signed_in("nurse").get(NEW);
        assert!(!page.text().contains("From whose supply"), "{}", page.text());
        let unit = entered(house, Holder::Unit("east".into()), TABLET, entry(What::Receive, "10")).unwrap();
        recorded(&served, &[]);
        assert_eq!(register(house, &unit).book.balance, 18);
    });
}

/// No limit asks, and no book: it has happened.
#[test]
fn what_no_book_holds_and_no_limit_allows_is_written_down_all_the_same() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let book = receive(house, "0.5");
        recorded(&served, &[("mistake", "over_limit"), ("amount", "20 mg")]);
        let open = differences(house, &book).remove(0).opened;
        assert_eq!(open.difference, 79, "40 tablets of 0.5 mg are 80 halves, and one was there");
    });
}

/// Nobody had begun a register of it: that is to be seen until it is struck.
#[test]
fn what_no_register_has_is_told_with_the_doses_that_none_has() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let supervisor = served.signed_in("supervisor");
        assert!(!supervisor.get("/register").text().contains("Given without a register"));
        recorded(&served, &[]);
        let text = supervisor.get("/register").text();
        assert!(text.contains("Given without a register, last 7 days"), "{text}");
        assert_eq!(house.count("register_entries"), 0);
    });
}

#[test]
fn it_counts_towards_what_may_be_given_as_needed() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let order = ordered(&served, &[]);
        // 1 mg is scheduled in 24 hours; with 0.5 mg more in error 2 mg is reached, not passed; with 1 mg it is.
        recorded(&served, &[("amount", "1 mg"), ("given_at", "07:30")]);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&order);
        assert!(page.text().contains("given in error"), "{}", page.text());
        let refused = give(&nurse, &page, &order, "");
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("2.5 mg in 24 hours"), "{}", refused.text());
        assert_eq!(house.count("as_needed_doses"), 0);
    });
}

#[test]
fn the_least_interval_is_kept_from_what_was_given_in_error_too() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let order = ordered(&served, &[("most", "4 mg")]);
        recorded(&served, &[("mistake", "not_ordered"), ("amount", "0.25 mg"), ("given_at", "11:00")]);
        let nurse = served.signed_in("nurse");
        let refused = give(&nurse, &nurse.get(&order), &order, "");
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("Next possible: 15:00"), "{}", refused.text());
    });
}

/// Whoever gives the next dose may be another nurse, an hour later.
#[test]
fn the_next_dose_says_what_was_given_in_error_and_keeps_its_distance_from_it() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        recorded(&served, &[("mistake", "not_ordered"), ("amount", "0.25 mg"), ("given_at", "11:00")]);
        let dose = crate::shelf::dose(house, &plan, "2026-11-21", "20:00");
        let page = served.signed_in("nurse").get(&format!("/doses/{}", dose.id));
        assert!(page.text().contains("Given in error: 0.25 mg clonazepam at 11:00."), "{}", page.text());
        let beside = house.db.read(|conn| doses_beside(conn, &dose)).unwrap();
        assert!(beside.contains(&Beside::Given(at("2026-11-21T11:00:00Z"))), "{beside:?}");
        house.clock.set(at("2026-11-22T12:00:00Z"));
        let tomorrow = crate::shelf::dose(house, &plan, "2026-11-22", "20:00");
        let page = served.signed_in("nurse").get(&format!("/doses/{}", tomorrow.id));
        assert!(!page.text().contains("Given in error"), "{}", page.text());
    });
}

#[test]
fn what_is_not_said_is_asked_for_and_nothing_is_saved() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let (nurse, history) = (served.signed_in("nurse"), house.count("history"));
        for (field, value, sentence) in [
            ("mistake", "", "Choose what was wrong about it."),
            ("medicine", "", "Choose the medicine that was given."),
            ("amount", "half", "is not an amount"),
            ("amount", "0", "Write how much was given."),
            ("given_at", "13:70", "24-hour clock"),
            ("given_at", "2026-11-21T12:30", "later than now"),
            ("given_at", "2016-10-01T12:30", "more than ten years ago"),
            ("what", "  ", "Write what happened"),
            ("done", "-", "Write what was done at once"),
        ] {
            let refused = said(&nurse, &[(field, value)]);
            assert_eq!(refused.status, 422, "{field}={value}");
            assert!(refused.text().contains(sentence), "{field}={value}: {}", refused.text());
            keeps_the_laws("an incident sent back", &refused.body);
        }
        assert_eq!((house.count("incidents"), house.count("history")), (0, history));
    });
}

#[test]
fn a_form_sent_twice_is_one_incident() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let book = receive(house, "10");
        let nurse = served.signed_in("nurse");
        let page = nurse.get(NEW);
        let sent = beside(2, |_| nurse.fill(&page, NEW, &TWICE).location().to_owned());
        assert_eq!(sent[0], sent[1]);
        assert_eq!((house.count("incidents"), entries(house, &book).len()), (1, 2));
        let other: Vec<_> = TWICE.map(|(name, value)| (name, if name == "amount" { "1 mg" } else { value })).into();
        let another = nurse.fill(&page, NEW, &other);
        assert_eq!(another.status, 409, "{}", another.text());
        assert!(another.text().contains("already used for another entry"), "{}", another.text());
        assert_eq!(house.count("incidents"), 1);
    });
}

#[test]
fn only_nurses_record_and_nobody_of_another_house_reads() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let incident = recorded(&served, &[]);
        assert_eq!(served.signed_in("pharmacist").get(NEW).status, 403);
        assert_eq!(served.signed_in("stranger").get(NEW).status, 404);
        assert_eq!(served.signed_in("stranger").get(&incident).status, 404);
        assert!(!served.signed_in("pharmacist").get(&incident).has("form[action^='/incidents']"));
    });
}

#[test]
fn a_prescriber_and_a_supervisor_answer_and_of_two_the_second_is_told() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let incident = recorded(&served, &[]);
        let (prescriber, chief) = (served.signed_in("prescriber"), served.signed_in("supervisor"));
        for page in [prescriber.get("/plans"), chief.get("/overview")] {
            assert!(page.text().contains("Wants an answer of a prescriber and of a supervisor"), "{}", page.text());
        }
        let blank = answer(&prescriber, &incident, " ");
        assert_eq!((blank.status, house.count("incident_answers")), (422, 0));
        // The page was drawn before somebody else answered.
        let stale = prescriber.get(&incident);
        assert_eq!(answer(&prescriber, &incident, "Rousable; give the next dose as planned.").status, 303);
        let late = prescriber.fill(&stale, &incident, &[("said", "Something else")]);
        assert_eq!(late.status, 409);
        assert!(late.text().contains("A prescriber has answered this already"), "{}", late.text());
        assert!(chief.get("/overview").text().contains("Wants an answer of a supervisor"));
        assert_eq!(answer(&chief, &incident, "Cups are cleared away at once from today.").status, 303);
        assert!(!chief.get("/overview").text().contains("Given in error"));
        let page = chief.get(&incident);
        assert!(page.text().contains("Cups are cleared away") && page.text().contains("Answered"), "{}", page.text());
    });
}

#[test]
fn whoever_has_to_answer_is_written_to_at_once_and_every_morning_until_they_have() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let server = Server::start();
        let mut bell = Ringer::new(&house.db, &server.post());
        let incident = recorded(&served, &[]);
        bell.ring();
        let told = |kind| {
            let mut told: Vec<String> = of_kind(house, kind).into_iter().map(|one| one.recipient).collect();
            told.sort();
            told
        };
        assert_eq!(told(Kind::Incident), ["p@alder.example", "s@alder.example"]);
        for taken in server.taken() {
            let all = format!("{taken:?}").to_lowercase();
            assert!(
                !all.contains("clonazepam") && !all.contains(" ash") && !all.contains(" ada") && !all.contains("0.5"),
                "{all}"
            );
        }
        answer(&served.signed_in("prescriber"), &incident, "Rousable; give the next dose as planned.");
        house.clock.set(at("2026-11-22T07:30:00Z"));
        bell.ring();
        assert_eq!(told(Kind::Incident), ["p@alder.example", "s@alder.example", "s@alder.example"]);
        assert!(states(&of_kind(house, Kind::Incident)).iter().all(|state| *state == LetterState::Sent));
    });
}

#[test]
fn the_mar_and_the_history_tell_it() {
    on_both(|house| {
        let (served, _) = furnished(house);
        recorded(&served, &[]);
        let nurse = served.signed_in("nurse");
        let mar = nurse.get(&format!("/residents/{RESIDENT}/mar")).text();
        assert!(mar.contains("In error") && mar.contains("Given in error: 0.5 mg, given twice."), "{mar}");
        let n = house.count("history");
        let entry = served.signed_in("supervisor").get(&format!("/history/{n}"));
        keeps_the_laws("the entry of an incident", &entry.body);
        assert!(entry.text().contains("What happened: “The day nurse had given it"), "{}", entry.text());
    });
}

/// A page that a pharmacist has open is drawn again: the signature rests on what is known.
#[test]
fn it_is_evidence_beside_the_next_reduction() {
    on_both(|house| {
        let (served, plan) = furnished(house);
        recorded(&served, &[]);
        house.clock.set(at("2026-12-03T09:00:00Z"));
        let page = served.signed_in("pharmacist").get(&format!("/plans/{plan}/reductions/1")).text();
        assert!(page.contains("0.5 mg clonazepam, given twice. The day nurse had given it"), "{page}");
    });
}

/// Whoever finds it reports it: they need not have given it, and whoever did does not witness their own waste.
#[test]
fn whoever_gave_it_is_asked_for_and_kept_apart_from_whoever_reports_it() {
    on_both(|house| {
        let (served, _) = furnished(house);
        let unsaid = said(&served.signed_in("nurse"), &[("given_by", "")]);
        assert_eq!(unsaid.status, 422);
        assert!(unsaid.text().contains("Choose who gave it, or that it is not known."), "{}", unsaid.text());
        let incident = recorded(&served, &[("given_by", "tom")]);
        let page = served.signed_in("supervisor").get(&incident);
        let told = page.text();
        assert!(told.contains("Given by") && told.contains("Recorded by"), "{told}");
        assert_eq!(house.count("incidents WHERE given_by = 'tom' AND recorded_by = 'nurse'"), 1);
        recorded(&served, &[("given_by", "not_known")]);
        assert_eq!(house.count("incidents WHERE given_by IS NULL"), 1);
    });
}
