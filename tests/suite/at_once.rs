//! Two at once on PostgreSQL: whoever waits sees what the first one wrote, and holds up nobody else meanwhile.

use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use stepdown::acts::ActError;
use stepdown::acts::approve_plan::{ApprovePlan, approve_plan};
use stepdown::acts::count_register::{CountRegister, OnShelf, count_register};
use stepdown::acts::draft_plan::{DraftPlan, draft_plan};
use stepdown::acts::enter_register::{EnterRegister, enter_register};
use stepdown::acts::mark_alerts::mark_alerts;
use stepdown::acts::resolve_discrepancy::{ResolveDiscrepancy, resolve_discrepancy};
use stepdown::care::people::{Confirmed, Nurse, Prescriber, Supervisor};
use stepdown::care::refusal::Refusal;
use stepdown::care::register::Holder;
use stepdown::care::register::book::Ending;
use stepdown::care::register::entering::What;
use stepdown::care::register::parts::Parts;
use stepdown::store::Conn;

use crate::house::{FACILITY, House, RESIDENT, at, beside, on_postgres};
use crate::{enter_as_needed, enter_paper, shelf, transfer_resident, ward};

/// So long everybody has to come as far as they come.
const MEANWHILE: Duration = Duration::from_millis(700);

/// Does the same thing in so many threads while somebody else has written this, and commits it only then.
fn meanwhile<T: Send>(house: &House, sql: &str, threads: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    timed(house, sql, threads, act).0
}

/// The same, with the moment at which that was committed.
fn timed<T: Send>(house: &House, sql: &str, threads: usize, act: impl Fn(usize) -> T + Sync) -> (Vec<T>, Instant) {
    let mut conn = house.plain();
    let mut run = |sql: &str| match &mut conn {
        Conn::Postgres(conn) => conn.batch_execute(sql).unwrap(),
        Conn::Sqlite(conn) => conn.batch_execute(sql).unwrap(),
    };
    run(&format!("BEGIN; {sql}"));
    let act = &act;
    thread::scope(|scope| {
        let acting = scope.spawn(move || beside(threads, act));
        thread::sleep(MEANWHILE);
        let committed = Instant::now();
        run("COMMIT");
        (acting.join().unwrap(), committed)
    })
}

/// The row of the resident of most tests, as whoever records something of them holds it.
const RESIDENT_HELD: &str = "UPDATE residents SET room = room WHERE id = 'resident-1'";
const REGISTERS_HELD: &str = "UPDATE registers SET revision = revision";

/// A page of paper holds up nobody whose residents are not on it, though it waits for one of its own.
#[test]
fn a_page_of_paper_waits_for_its_residents_before_anybody_waits_for_it() {
    on_postgres(|house| {
        let enter_paper::Outage { served, query, morning, .. } = enter_paper::outage(house);
        let third = ward::resident(house, "Cedar", "Cy", "3", "15");
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&query);
        let lines = [0, 1].map(|nth| enter_paper::line(&morning[nth], "given", "08:10", "tom"));
        let (answers, committed) = timed(house, "UPDATE residents SET room = room WHERE number = '2'", 2, |nth| {
            if nth == 0 {
                return (enter_paper::enter(&nurse, &page, &lines).status, Instant::now());
            }
            thread::sleep(MEANWHILE / 3);
            let supply = Holder::Resident(third.clone());
            shelf::entered(house, supply, shelf::TABLET, shelf::entry(What::Receive, "10")).unwrap();
            (0, Instant::now())
        });
        let [(entered, last), (_, other)] = answers[..] else { panic!("two answers") };
        assert!(entered == 303 && committed < last, "the page waits: {entered}");
        assert!(other < committed, "and nobody for the page");
    });
}

fn draft(house: &House) -> DraftPlan {
    ward::furnish(house);
    let plan = ward::plan_of(RESIDENT, ward::day("2026-11-22"), "08:00");
    let ask = DraftPlan { form: ward::id(), plan, revision: None };
    saved(house, &ask).unwrap();
    DraftPlan { revision: Some(0), ..ask }
}

fn saved(house: &House, ask: &DraftPlan) -> Result<(), ActError> {
    let ask = ask.clone();
    house.db.write(move |conn, now| draft_plan(conn, &Prescriber(ward::staff("prescriber")), &ask, now))
}

fn approved(house: &House, plan: &str) -> Result<(), ActError> {
    let ask = ApprovePlan { form: ward::id(), plan: plan.to_owned(), revision: 0 };
    let confirmed = Confirmed { person: "prescriber".into() };
    let by = Prescriber(ward::staff("prescriber"));
    house.db.write(move |conn, now| approve_plan(conn, &by, &confirmed, &ask, now)).map(|_| ())
}

const PLANS_HELD: &str = "UPDATE plans SET state = state";

#[test]
fn of_two_who_save_one_draft_the_second_is_told_that_it_moved() {
    on_postgres(|house| {
        let first = draft(house);
        let answers =
            meanwhile(house, PLANS_HELD, 2, |_| saved(house, &DraftPlan { form: ward::id(), ..first.clone() }));
        assert!(answers.contains(&Ok(())) && answers.contains(&Err(Refusal::DraftMoved.into())), "{answers:?}");
        let again = DraftPlan { form: ward::id(), revision: Some(1), ..first };
        assert_eq!(meanwhile(house, PLANS_HELD, 2, |_| saved(house, &again)), [Ok(()), Ok(())], "a double tap is one");
    });
}

#[test]
fn of_a_draft_that_is_saved_and_approved_at_once_exactly_one_is() {
    on_postgres(|house| {
        let first = draft(house);
        let answers = meanwhile(house, PLANS_HELD, 2, |nth| match nth {
            0 => saved(house, &DraftPlan { form: ward::id(), ..first.clone() }),
            _ => approved(house, &first.plan.id),
        });
        let refused = |answer: &Result<(), ActError>| matches!(answer, Err(ActError::Refused(_)));
        assert!(answers.contains(&Ok(())) && answers.iter().any(refused), "{answers:?}");
    });
}

/// Nobody is told that somebody else was first about what they wrote themselves.
#[test]
fn a_double_tap_that_waits_gets_the_first_answer() {
    on_postgres(|house| {
        let (served, _) = transfer_resident::saturday(house);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(transfer_resident::MOVE);
        let fields = [("unit", "west"), ("room", "3"), ("moved_at", "2026-11-21T07:30")];
        let moved = meanwhile(house, RESIDENT_HELD, 2, |_| nurse.fill(&page, transfer_resident::MOVE, &fields).status);
        assert_eq!(moved, [303, 303]);
    });
    on_postgres(|house| {
        let enter_as_needed::Outage { served, order, page } = enter_as_needed::outage(house, &[]);
        let nurse = served.signed_in("nurse");
        let open = nurse.get(&page);
        let rows = [enter_as_needed::row(&order, 0, "14:10", &[])];
        let entered = meanwhile(house, RESIDENT_HELD, 2, |_| enter_as_needed::enter(&nurse, &open, &rows, &[]).status);
        assert_eq!((entered, house.count("as_needed_doses")), (vec![303, 303], 1));
    });
}

#[test]
fn a_double_tap_at_a_register_gets_the_first_answer() {
    on_postgres(|house| {
        ward::furnish(house);
        let book = shelf::receive(house, "10");
        let (product, form) = (shelf::TABLET.to_owned(), ward::id());
        let enter = shelf::entry(What::Return, "10");
        let ask = EnterRegister { form, holder: shelf::supply(), product, enter, witness: shelf::witness() };
        let by = || Nurse(shelf::staff("nurse")).into();
        let entered = meanwhile(house, REGISTERS_HELD, 2, |_| {
            let ask = ask.clone();
            house.db.write(move |conn, now| enter_register(conn, &by(), &ask, now))
        });
        assert_eq!(entered, [Ok(book.clone()), Ok(book.clone())]);
        let (revision, parts) = (shelf::register(house, &book).revision.unwrap(), Parts(2));
        let counts = vec![OnShelf { register: book.clone(), revision, parts, second: Some(parts) }];
        let ask = CountRegister { form: ward::id(), unit: "east".into(), counts, witness: shelf::witness() };
        let counted = meanwhile(house, REGISTERS_HELD, 2, |_| {
            let ask = ask.clone();
            house.db.write(move |conn, now| count_register(conn, &by(), &ask, now))
        });
        assert!(counted.iter().all(Result::is_ok), "{counted:?}");
        let discrepancy = shelf::differences(house, &book).remove(0).opened.id;
        let reason = "Counted again with the pharmacist; the delivery note was found.".to_owned();
        let ask = ResolveDiscrepancy { form: ward::id(), discrepancy, ending: Some(Ending::Adjusted), reason };
        let ended = meanwhile(house, REGISTERS_HELD, 2, |_| {
            let ask = ask.clone();
            house.db.write(move |conn, now| resolve_discrepancy(conn, &Supervisor(shelf::staff("chief")), &ask, now))
        });
        assert_eq!(ended, [Ok(book.clone()), Ok(book.clone())]);
    });
}

/// Something of a day before it was written while the bell looked.
#[test]
fn the_bell_leaves_a_mark_where_it_was_moved_back_meanwhile() {
    on_postgres(|house| {
        ward::furnish(house);
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house
            .plain_sql(&format!("INSERT INTO alert_marks (plan, clear_until) VALUES ('{plan}', '2026-11-25')"))
            .unwrap();
        house.clock.set(at("2026-12-26T09:00:00Z"));
        let written = "UPDATE alert_marks SET clear_until = '2026-11-22'";
        meanwhile(house, written, 1, |_| house.db.write(|conn, now| mark_alerts(conn, FACILITY, now)).map(|_| ()));
        assert_eq!(house.count("alert_marks WHERE clear_until = '2026-11-22'"), 1);
    });
}

#[test]
fn a_plan_is_approved_in_the_zone_that_is_set_meanwhile() {
    on_postgres(|house| {
        let draft = draft(house);
        let zone = "UPDATE facilities SET zone = 'America/New_York'";
        assert_eq!(meanwhile(house, zone, 1, |_| approved(house, &draft.plan.id)), [Ok(())]);
        assert_eq!(house.count("doses WHERE slot = '08:00' AND due_at = '2026-11-22 13:00:00'"), 1);
    });
}
