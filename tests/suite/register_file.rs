//! A register as a file: with every entry each count, each difference that opened, and how it was resolved, by whom and when.

use stepdown::acts::count_register::{CountRegister, OnShelf, count_register};
use stepdown::acts::resolve_discrepancy::{ResolveDiscrepancy, resolve_discrepancy};
use stepdown::care::people::{Nurse, Supervisor};
use stepdown::care::register::book::Ending;
use stepdown::care::register::entering::What;
use stepdown::care::register::parts::Parts;
use stepdown::care::register::source::StockAsk;
use stepdown::care::round::outcome::Outcome;

use crate::browser_like::{Served, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::shelf::{TABLET, differences, dose, entered, entry, receive, record, register, staff, supply, witness};
use crate::ward;

const SATURDAY: &str = "2026-11-21";

/// It is Saturday morning, 08:05, and a dose of one tablet is due; ten tablets have come.
fn saturday(house: &House) -> (Served, String, String) {
    settle(house);
    house
        .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
        .unwrap();
    let plan = ward::plan(house, RESIDENT, SATURDAY);
    house.clock.set(at("2026-11-21T08:05:00Z"));
    let book = receive(house, "10");
    (Served::start(house), plan, book)
}

/// Two people count so many half-tablets.
fn counts(house: &House, book: &str, found: u64) {
    let revision = register(house, book).revision.unwrap();
    let counts = vec![OnShelf { register: book.into(), revision, parts: Parts(found), second: Some(Parts(found)) }];
    let ask = CountRegister { form: ward::id(), unit: "east".into(), counts, witness: witness() };
    house.db.write(move |conn, now| count_register(conn, &Nurse(staff("nurse")).into(), &ask, now)).unwrap();
}

fn resolves(house: &House, discrepancy: String, ending: Ending, reason: &str) {
    let ask = ResolveDiscrepancy { form: ward::id(), discrepancy, ending: Some(ending), reason: reason.into() };
    let by = Supervisor(staff("supervisor"));
    house.db.write(move |conn, now| resolve_discrepancy(conn, &by, &ask, now)).unwrap();
}

fn the_open_one(house: &House, book: &str) -> String {
    differences(house, book).into_iter().find(|file| file.ended.is_none()).unwrap().opened.id
}

/// The lines of the file without their ends.
fn lines(served: &Served, book: &str) -> Vec<String> {
    let file = served.signed_in("supervisor").get(&format!("/registers/{book}.csv"));
    assert_eq!(file.status, 200, "{}", file.text());
    file.body.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
}

#[test]
fn counts_and_differences_stand_among_the_entries_in_the_order_of_time() {
    on_both(|house| {
        let (served, plan, book) = saturday(house);
        counts(house, &book, 20);
        house.clock.set(at("2026-11-21T08:10:00Z"));
        record(house, &dose(house, &plan, SATURDAY, "08:00"), (Outcome::Given, ""), StockAsk::default()).unwrap();
        house.clock.set(at("2026-11-21T09:00:00Z"));
        counts(house, &book, 17);
        house.clock.set(at("2026-11-21T10:30:00Z"));
        let reason = "Counted a third time; half a tablet was swept up.";
        resolves(house, the_open_one(house, &book), Ending::Adjusted, reason);
        assert_eq!(
            lines(&served, &book),
            [
                "No.,Day,Time,Entry,Resident,Moves,Balance,Lot,Expires,Note,By,Witness,Expected,Counted,Difference,Resolution",
                &format!(
                    ",2026-11-21,10:30,Difference resolved,,,,,,{reason},Sue Supervisor,,,,-0.5,Register adjusted; opened 2026-11-21 09:00"
                ),
                &format!("3,2026-11-21,10:30,Written off,,-0.5,8.5,,,{reason},Sue Supervisor,,,,,"),
                ",2026-11-21,09:00,Difference opened,,,,,,Found by a count,Nora Nurse,,,,-0.5,",
                ",2026-11-21,09:00,Count,,,,,,,Nora Nurse,Phil Pharmacist,9,8.5,-0.5,",
                "2,2026-11-21,08:10,Given,\"ASH, Ada\",-1,9,,,,Nora Nurse,Phil Pharmacist,,,,",
                ",2026-11-21,08:05,Count,,,,,,,Nora Nurse,Phil Pharmacist,10,10,0,",
                "1,2026-11-21,08:05,Received,,10,10,B1042,2027-12-31,\"Brook Street Pharmacy, delivery 77410\",Nora Nurse,Phil Pharmacist,,,,",
            ]
        );
    });
}

/// What a dose took and the register did not have; what nobody saw wasted; and what somebody types as a formula.
#[test]
fn a_difference_says_how_it_came_to_light_and_hostile_text_stays_text() {
    on_both(|house| {
        let (served, plan, book) = saturday(house);
        entered(house, supply(), TABLET, entry(What::Return, "9.5")).unwrap();
        record(house, &dose(house, &plan, SATURDAY, "08:00"), (Outcome::Given, ""), StockAsk::default()).unwrap();
        house.clock.set(at("2026-11-21T08:06:00Z"));
        receive(house, "3");
        resolves(house, the_open_one(house, &book), Ending::Explained, "=HYPERLINK(\"https://evil.example\";\"look\")");
        let told = lines(&served, &book);
        let opened =
            ",2026-11-21,08:05,Difference opened,,,,,,A dose took what the register did not have,Nora Nurse,,,,0.5,";
        assert!(told.contains(&opened.to_owned()), "{told:#?}");
        let reason = "\"'=HYPERLINK(\"\"https://evil.example\"\";\"\"look\"\")\"";
        let resolved = format!(
            ",2026-11-21,08:06,Difference resolved,,,,,,{reason},Sue Supervisor,,,,0.5,Explained; opened 2026-11-21 08:05"
        );
        assert_eq!(told.iter().position(|line| *line == resolved), Some(1), "{told:#?}");
    });
}

/// The file is read in pages of entries: nothing between two pages is told twice or left out.
#[test]
fn of_many_pages_every_count_is_told_once() {
    on_both(|house| {
        let (served, _, book) = saturday(house);
        for n in 1..=104 {
            entered(house, supply(), TABLET, entry(What::Receive, "1")).unwrap();
            if n % 10 == 0 {
                counts(house, &book, 20 + 2 * n);
            }
        }
        let told = lines(&served, &book);
        let kinds: Vec<&str> = told.iter().skip(1).filter_map(|line| line.split(',').nth(3)).collect();
        assert_eq!(kinds.len(), 105 + 10);
        // The four received last, a count, ten received, a count, and so on, down to the first.
        let count_at = |(at, kind): (usize, &&str)| (*kind == "Count").then_some(at);
        let at: Vec<usize> = kinds.iter().enumerate().filter_map(count_at).collect();
        assert_eq!(at, (0..10).map(|nth| 4 + 11 * nth).collect::<Vec<_>>());
    });
}
