//! Who hears of orders, and how often: pharmacists of urgent ones until they are reviewed, prescribers of their calls.

use stepdown::acts::confirm_order::{ConfirmOrder, confirm_order};
use stepdown::acts::hold_plan::{HoldPlan, hold_plan};
use stepdown::acts::order_urgently::{OrderUrgently, order_urgently};
use stepdown::acts::review_order::{ReviewOrder, review_order};
use stepdown::acts::step_back::{StepBack, step_back};
use stepdown::care::calendar::Moment;
use stepdown::care::letter::Kind;
use stepdown::care::people::{Confirmed, Nurse, Pharmacist, Prescriber, Staff};
use stepdown::care::taper::order::{Shown, Urgent};
use stepdown::care::taper::telephone::{Call, Orderer};
use stepdown::store::letters::LetterFile;

use crate::house::{FACILITY, House, RESIDENT, on_both};
use crate::smtp::Server;
use crate::ward::{Ringer, day, furnish, id, letters, plan, sign};

fn staff(person: &str) -> Staff {
    Staff { person: person.into(), name: person.into(), facility: FACILITY.into() }
}

fn confirmed(person: &str) -> Confirmed {
    Confirmed { person: person.into() }
}

fn at(house: &House, time: &str) {
    house.clock.set(format!("{time}:00Z").parse().unwrap());
}

fn of(house: &House, kind: Kind) -> Vec<LetterFile> {
    letters(house).into_iter().filter(|letter| letter.kind == kind).collect()
}

/// A plan of 1 mg a day, lowered to 0.5 mg on Friday 4 December.
fn lowered(house: &House) -> String {
    furnish(house);
    let plan = plan(house, RESIDENT, "2026-11-20");
    at(house, "2026-12-03T09:00");
    sign(house, &plan, 1, "2026-12-04");
    plan
}

fn shown(decisions: usize, on: &str, slot: &str) -> Shown {
    Shown { decisions, next: Some(Moment { on: day(on), slot: slot.parse().unwrap() }) }
}

fn prescriber() -> Orderer {
    Orderer::AtAScreen { by: Prescriber(staff("prescriber")), confirmed: confirmed("prescriber") }
}

fn by_telephone(called_at: &str) -> Orderer {
    let (prescriber, heard) = ("prescriber".to_owned(), confirmed("chief"));
    let call = Call { prescriber, called_at: called_at.to_owned(), read_back: true, heard };
    Orderer::ByTelephone { by: Nurse(staff("nurse")), call }
}

fn suspend(house: &House, plan: &str, by: Orderer, shown: Shown) -> String {
    let rationale = "Could not be woken fully this morning, breathing eight a minute.".to_owned();
    let ask = OrderUrgently { form: id(), plan: plan.to_owned(), shown, urgent: Urgent::Suspend, rationale };
    house.db.write(move |conn, now| order_urgently(conn, &by, &ask, now)).unwrap().id
}

fn rung_at(house: &House, ringer: &mut Ringer, moments: &[&str]) {
    for moment in moments {
        at(house, moment);
        ringer.ring();
    }
}

/// Reviewed or not: whoever lies suspended over a weekend must not be forgotten there.
#[test]
fn an_urgent_order_that_stands_is_told_every_morning_until_a_prescriber_decides_the_level() {
    on_both(|house| {
        let plan = lowered(house);
        at(house, "2026-12-04T21:30");
        suspend(house, &plan, prescriber(), shown(2, "2026-12-05", "08:00"));
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        rung_at(house, &mut ringer, &["2026-12-04T21:31", "2026-12-05T06:00"]);
        assert_eq!(of(house, Kind::DecisionNeeded).len(), 0, "whoever ordered it knows");
        rung_at(house, &mut ringer, &["2026-12-05T07:30", "2026-12-05T12:00", "2026-12-06T07:30"]);
        let told = of(house, Kind::DecisionNeeded);
        let to: Vec<&str> = told.iter().map(|letter| letter.recipient.as_str()).collect();
        assert_eq!(to.iter().filter(|to| **to == "chief@alder.example").count(), 2, "{to:?}");
        assert_eq!(told.len(), 4, "prescriber and supervisor on each of two mornings: {to:?}");
        assert!(told[0].body.contains("An urgent order") && !told[0].body.contains("clonazepam"), "{}", told[0].body);
        let since = shown(3, "2026-12-06", "08:00");
        let why = "Awake and steady again since yesterday evening; she goes on with what she had.".to_owned();
        let ask = StepBack { form: id(), plan: plan.clone(), shown: since, step: Some(1), rationale: why };
        let by = prescriber();
        house.db.write(move |conn, now| step_back(conn, &by, &ask, now)).unwrap();
        rung_at(house, &mut ringer, &["2026-12-07T07:30"]);
        assert_eq!(of(house, Kind::DecisionNeeded).len(), 4, "the level is decided");
    });
}

#[test]
fn pharmacists_hear_of_an_urgent_order_at_once_and_every_working_day_until_one_reviews_it() {
    on_both(|house| {
        let plan = lowered(house);
        at(house, "2026-12-04T21:30");
        let order = suspend(house, &plan, prescriber(), shown(2, "2026-12-05", "08:00"));
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        rung_at(house, &mut ringer, &["2026-12-04T21:31", "2026-12-05T09:00", "2026-12-06T09:00"]);
        let first = of(house, Kind::UrgentOrder);
        assert_eq!(first.len(), 2, "both pharmacists, on Friday evening and not at the weekend");
        assert!(first.iter().all(|letter| letter.body.contains(&format!("/orders/{order}"))), "{}", first[0].body);
        for word in ["Ash", "Ada", "clonazepam", "mg"] {
            assert!(!first[0].body.contains(word) && !first[0].title.contains(word), "{word}");
        }
        rung_at(house, &mut ringer, &["2026-12-07T09:00", "2026-12-07T15:00"]);
        assert_eq!(of(house, Kind::UrgentOrder).len(), 4, "again on Monday, once");
        let rationale = "Sedation score back to zero since Sunday, breathing sixteen.".to_owned();
        let ask = ReviewOrder { form: id(), plan, order, rationale };
        let by = Pharmacist(staff("pharmacist"));
        house.db.write(move |conn, now| review_order(conn, &by, &confirmed("pharmacist"), &ask, now)).unwrap();
        rung_at(house, &mut ringer, &["2026-12-08T09:00"]);
        assert_eq!(of(house, Kind::UrgentOrder).len(), 4, "reviewed: nobody is asked any more");
        assert!(of(house, Kind::SignatureWanted).is_empty(), "while it stands no signature is asked for");
    });
}

#[test]
fn pharmacists_hear_of_a_step_back_at_once_and_once() {
    on_both(|house| {
        let plan = lowered(house);
        at(house, "2026-12-04T12:00");
        let rationale = "Shaking since Thursday and up all night, wants the old dose back.".to_owned();
        let shown = shown(2, "2026-12-04", "20:00");
        let ask = StepBack { form: id(), plan, shown, step: Some(0), rationale };
        house.db.write(move |conn, now| step_back(conn, &prescriber(), &ask, now)).unwrap();
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        rung_at(house, &mut ringer, &["2026-12-04T12:00", "2026-12-05T09:00", "2026-12-07T09:00"]);
        assert_eq!(of(house, Kind::SteppedBack).len(), 2, "both pharmacists, once");
    });
}

#[test]
fn the_prescriber_hears_of_a_call_until_it_is_confirmed_and_after_a_day_the_supervisor_too() {
    on_both(|house| {
        let plan = lowered(house);
        at(house, "2026-12-04T12:00");
        let order = suspend(house, &plan, by_telephone("11:50"), shown(2, "2026-12-04", "20:00"));
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        let to = |house: &House| of(house, Kind::Unconfirmed).into_iter().map(|l| l.recipient).collect::<Vec<_>>();
        rung_at(house, &mut ringer, &["2026-12-04T12:01", "2026-12-05T11:59"]);
        assert_eq!(to(house), ["p@alder.example", "p@alder.example"], "at once, and the next morning");
        rung_at(house, &mut ringer, &["2026-12-05T12:00"]);
        assert_eq!(to(house), ["p@alder.example", "p@alder.example", "chief@alder.example"]);
        let ask = ConfirmOrder { form: id(), plan, order, remark: String::new() };
        let by = Prescriber(staff("prescriber"));
        house.db.write(move |conn, now| confirm_order(conn, &by, &confirmed("prescriber"), &ask, now)).unwrap();
        rung_at(house, &mut ringer, &["2026-12-06T09:00", "2026-12-07T09:00"]);
        assert_eq!(of(house, Kind::Unconfirmed).len(), 3, "confirmed: nobody is asked any more");
    });
}

#[test]
fn when_the_day_of_a_hold_comes_the_prescriber_hears_of_it_too() {
    on_both(|house| {
        let plan = lowered(house);
        at(house, "2026-12-04T12:00");
        let rationale = "Her sister died on Tuesday, no change before the funeral.".to_owned();
        let shown = shown(2, "2026-12-04", "20:00");
        let ask = HoldPlan { form: id(), plan: plan.clone(), shown, reassess_on: day("2026-12-30"), rationale };
        let held = house.db.write(move |conn, now| hold_plan(conn, &by_telephone("11:50"), &ask, now)).unwrap();
        // A confirmation in between is no decision about the dose: the hold still asks its question.
        let ask = ConfirmOrder { form: id(), plan, order: held.id, remark: String::new() };
        let by = Prescriber(staff("prescriber"));
        house.db.write(move |conn, now| confirm_order(conn, &by, &confirmed("prescriber"), &ask, now)).unwrap();
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        rung_at(house, &mut ringer, &["2026-12-29T09:00"]);
        assert!(of(house, Kind::HoldEnds).is_empty());
        rung_at(house, &mut ringer, &["2026-12-30T09:00", "2026-12-30T18:00"]);
        let to: Vec<String> = of(house, Kind::HoldEnds).into_iter().map(|letter| letter.recipient).collect();
        assert_eq!(to.len(), 2, "the pharmacist who signed, and the prescriber: {to:?}");
        assert!(to.contains(&"p@alder.example".to_owned()), "{to:?}");
    });
}
