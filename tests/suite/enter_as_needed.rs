//! What the paper says was given as needed: typed in beside what is recorded, never lost, never beyond a limit in silence.

use crate::as_needed::{furnished, ordered};
use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::house::{House, at, beside, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf;

const WHY: &str = "pacing, cannot be talked down";
const DONE: &str = "Watched every 15 minutes, doctor called at 17:00.";

/// An order of 0.5 mg every four hours; the system was down from 13:00 to 21:00, and it is 21:30.
pub struct Outage {
    pub served: Served,
    pub order: String,
    pub page: String,
}

pub fn outage(house: &House, other: &[(&str, &str)]) -> Outage {
    let (served, _) = furnished(house);
    let order = ordered(&served, &[&[("most", "4 mg")], other].concat());
    let order = order.strip_prefix("/as-needed/").and_then(|rest| rest.strip_suffix("/give")).unwrap().to_owned();
    house.clock.set(at("2026-11-21T21:30:00Z"));
    let page = "/units/east/paper/as-needed?from=2026-11-21T13:00&until=2026-11-21T21:00".to_owned();
    Outage { served, order, page }
}

/// A row of the order: when, by whom, why, and whatever else is typed.
pub fn row(order: &str, nth: usize, given_at: &str, other: &[(&str, &str)]) -> Vec<(String, String)> {
    let usual = [("given_at", given_at), ("given_by", "tom"), ("why", WHY)];
    let kept = usual.into_iter().filter(|(name, _)| other.iter().all(|(field, _)| field != name));
    let field = |(name, value): (&str, &str)| (format!("{name}-{order}-{nth}"), value.to_owned());
    kept.chain(other.iter().copied()).map(field).collect()
}

pub fn enter(nurse: &Visitor, page: &Shown, rows: &[Vec<(String, String)>], other: &[(&str, &str)]) -> Shown {
    let fields = rows.iter().flatten().map(|(name, value)| (name.as_str(), value.as_str()));
    nurse.fill(page, "/units/east/paper/as-needed", &fields.chain(other.iter().copied()).collect::<Vec<_>>())
}

fn recorded(house: &House) -> (i64, i64) {
    (house.count("as_needed_doses"), house.count("incidents"))
}

#[test]
fn what_the_order_allowed_is_recorded_with_who_gave_it_and_leaves_the_register() {
    on_both(|house| {
        let Outage { served, order, page } = outage(house, &[]);
        let book = shelf::receive(house, "10");
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page);
        keeps_the_laws("an as-needed paper", &open.body);
        assert!(open.text().contains("no record near that time"), "{}", open.text());
        let rows = [row(&order, 0, "14:10", &[]), row(&order, 1, "18:10", &[("given_by", "nurse")])];
        let saved = enter(&nurse, &open, &rows, &[]);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let given = "given_ug = 500 AND given_by = 'tom' AND recorded_by = 'nurse' AND given_at < recorded_at";
        assert_eq!(house.count(&format!("as_needed_doses WHERE {given}")), 1);
        assert_eq!(recorded(house), (2, 0));
        assert_eq!(shelf::register(house, &book).book.balance, 20 - 4);
        shelf::adds_up(house, &book);
        let after = nurse.get(saved.location());
        keeps_the_laws("an as-needed paper after it was entered", &after.body);
        assert!(after.text().contains("2 rows are recorded.") && after.text().contains("by Tom Fielding RN"));
        assert_eq!(enter(&nurse, &open, &rows, &[]).status, 303, "a double post gets the first answer");
        assert_eq!(recorded(house), (2, 0));
        let resident = nurse.get("/residents/resident-1").text();
        assert!(resident.contains("Tom Fielding RN, typed in from paper by Nora Nurse"), "{resident}");
    });
}

/// Nothing that was given is refused: the row stays, says what it was beyond, and is an incident once it is said what was done.
#[test]
fn what_was_beyond_a_limit_is_kept_as_given_in_error_and_no_row_is_lost() {
    on_both(|house| {
        let Outage { served, order, page } = outage(house, &[]);
        let book = shelf::receive(house, "10");
        let nurse = served.signed_in("nurse");
        let rows = [row(&order, 0, "14:10", &[]), row(&order, 1, "17:00", &[])];
        let asked = enter(&nurse, &nurse.get(&page), &rows, &[]);
        assert_eq!(asked.status, 422, "{}", asked.text());
        keeps_the_laws("a row beyond a limit", &asked.body);
        assert!(asked.text().contains("must lie between two. If it is the dose that is recorded already"));
        assert_eq!(recorded(house), (0, 0), "all of it or nothing");
        let done = format!("done-{order}-1");
        assert!(
            asked.has(&format!("textarea[name='{done}']")) && !asked.has(&format!("textarea[name='done-{order}-0']"))
        );
        let kept = asked.attribute(&format!("input[name='given_at-{order}-1']"), "value");
        assert_eq!(kept.as_deref(), Some("17:00"), "no row is lost");
        let saved = enter(&nurse, &asked, &[], &[(done.as_str(), DONE)]);
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(recorded(house), (1, 1));
        assert_eq!(
            house.count("incidents WHERE mistake = 'too_soon' AND what LIKE '%given as needed by Tom Fielding RN%'"),
            1
        );
        assert_eq!(shelf::register(house, &book).book.balance, 20 - 4, "both left the register");
        let order = nurse.get(&format!("/as-needed/{order}/give")).text();
        assert!(order.contains("given in error"), "it counts: {order}");
    });
}

#[test]
fn another_amount_than_ordered_is_a_wrong_dose() {
    on_both(|house| {
        let Outage { served, order, page } = outage(house, &[]);
        let nurse = served.signed_in("nurse");
        let wrong = row(&order, 0, "14:10", &[("amount", "1 mg"), ("done", DONE)]);
        assert_eq!(enter(&nurse, &nurse.get(&page), &[wrong], &[]).status, 303);
        assert_eq!(house.count("incidents WHERE mistake = 'wrong_dose' AND given_ug = 1000"), 1);
    });
}

#[test]
fn a_row_that_cannot_be_read_saves_nothing_and_says_what_is_wrong() {
    on_both(|house| {
        let Outage { served, order, page } = outage(house, &[]);
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page);
        for (typed, sentence) in [
            (("given_at", ""), "Enter the time that stands on the paper"),
            (("given_at", "12:10"), "That is not within the time that the system was down."),
            (("given_at", "21:10"), "That is not within the time that the system was down."),
            (("given_at", "noon"), "24-hour clock"),
            (("given_by", ""), "Choose who gave it"),
            (("why", " "), "Write why it is needed"),
            (("amount", "half"), "is not an amount"),
        ] {
            let rows = [row(&order, 0, "14:10", &[typed]), row(&order, 1, "18:30", &[])];
            let refused = enter(&nurse, &open, &rows, &[]);
            assert_eq!(refused.status, 422, "{typed:?}");
            assert!(refused.text().contains(sentence), "{typed:?}: {}", refused.text());
        }
        assert_eq!(enter(&nurse, &open, &[], &[]).status, 422, "no row is filled in");
        assert_eq!(recorded(house), (0, 0));
        assert_eq!(nurse.get("/units/east/paper/as-needed?from=yesterday").status, 303);
        assert_eq!(served.signed_in("stranger").get(&page).status, 404);
        assert_eq!(served.signed_in("pharmacist").get(&page).status, 403);
    });
}

#[test]
fn what_somebody_recorded_meanwhile_is_told_and_shown() {
    on_both(|house| {
        let Outage { served, order, page } = outage(house, &[]);
        let (nurse, tom) = (served.signed_in("nurse"), served.signed_in("tom"));
        let hers = nurse.get(&page);
        assert_eq!(enter(&tom, &tom.get(&page), &[row(&order, 0, "14:10", &[])], &[]).status, 303);
        let late = enter(&nurse, &hers, &[row(&order, 0, "14:10", &[])], &[]);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.text().contains("Tom Fielding RN gave a dose of this order"), "{}", late.text());
        assert!(late.text().contains("0.5 mg at 14:10, by Tom Fielding RN"), "{}", late.text());
        assert_eq!(recorded(house), (1, 0));
    });
}

#[test]
fn of_two_who_type_the_same_row_exactly_one_record_stands() {
    on_both(|house| {
        let Outage { served, order, page } = outage(house, &[]);
        let typists = ["nurse", "tom"].map(|who| served.signed_in(who));
        let pages: Vec<Shown> = typists.iter().map(|who| who.get(&page)).collect();
        let rows = [row(&order, 0, "14:10", &[])];
        let mut answers = beside(2, |n| enter(&typists[n], &pages[n], &rows, &[]).status);
        answers.sort();
        assert_eq!((answers, recorded(house)), (vec![303, 409], (1, 0)));
    });
}

/// Two have to see it given: a second person says so, never whoever gave it, or it is said why nobody could.
#[test]
fn a_paper_asks_for_its_witness_too() {
    on_both(|house| {
        let Outage { served, order, page } = outage(house, &[]);
        house.plain_sql("UPDATE facilities SET witnessed = 'give waste' WHERE id = 'alder'").unwrap();
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page);
        keeps_the_laws("an as-needed paper with a witness", &open.body);
        let rows = [row(&order, 0, "14:10", &[])];
        let missing = enter(&nurse, &open, &rows, &[]);
        assert_eq!(missing.status, 422);
        assert!(missing.text().contains("A witness is wanted for this here."), "{}", missing.text());
        let by = |who| [("second_username", who), ("second_password", PASSWORD)];
        let giver = enter(&nurse, &open, &rows, &by("tom"));
        assert!(giver.text().contains("Whoever gave it is not its witness."), "{}", giver.text());
        assert_eq!(recorded(house), (0, 0));
        assert_eq!(enter(&nurse, &open, &rows, &by("pharmacist")).status, 303);
        assert_eq!(house.count("as_needed_doses WHERE witnessed_by = 'pharmacist' AND unwitnessed IS NULL"), 1);
        let alone = [("alone", "Night shift, nobody else was in the house until seven.")];
        let later = [row(&order, 0, "18:30", &[])];
        assert_eq!(enter(&nurse, &nurse.get(&page), &later, &alone).status, 303);
        assert_eq!(house.count("as_needed_doses WHERE unwitnessed LIKE 'Night shift%'"), 1);
        assert!(served.signed_in("supervisor").get("/overview").text().contains("given without a witness"));
    });
}

#[test]
fn the_other_half_is_wasted_in_the_same_act() {
    on_both(|house| {
        let Outage { served, order, page } = outage(house, &[("amount", "0.25 mg")]);
        let book = shelf::receive(house, "10");
        let nurse = served.signed_in("nurse");
        let rows = [row(&order, 0, "14:10", &[("other_half", "wasted")])];
        let by = [("second_username", "pharmacist"), ("second_password", PASSWORD)];
        assert_eq!(enter(&nurse, &nurse.get(&page), &rows, &[]).status, 422, "waste wants a witness here");
        assert_eq!(enter(&nurse, &nurse.get(&page), &rows, &by).status, 303);
        assert_eq!(shelf::register(house, &book).book.balance, 18);
        assert_eq!(house.count("register_entries WHERE kind = 'wasted' AND witnessed_by = 'pharmacist'"), 1);
    });
}
