//! Where somebody lived: what nobody recorded is counted where it was due, and all of it.

use stepdown::store::audit::{DosesAsk, Place, unrecorded_count, unrecorded_page};

use super::{begun, cells};
use crate::browser_like::Served;
use crate::house::{FACILITY, House, RESIDENT, at, on_both};
use crate::ward;

/// Ada lives in the east until noon of the third, and in the west from then on; it is the fourth, at noon.
fn moved(house: &House) -> Served {
    begun(house);
    house.clock.set(at("2026-11-03T12:10:00Z"));
    let served = Served::start(house);
    let (nurse, page) = (served.signed_in("nurse"), format!("/residents/{RESIDENT}/transfer"));
    let fields = [("unit", "west"), ("room", "9"), ("moved_at", "2026-11-03T12:00")];
    assert_eq!(nurse.fill(&nurse.get(&page), &page, &fields).status, 303);
    house.clock.set(at("2026-11-04T12:00:00Z"));
    served
}

#[test]
fn a_dose_without_a_record_is_counted_where_its_resident_lived_when_it_was_due() {
    on_both(|house| {
        let served = moved(house);
        let before = at("2026-11-04T12:00:00Z");
        // In the west two others live all the time, each with seven doses.
        for (unit, resident, expected) in
            [("east", Some(RESIDENT), 5), ("west", Some(RESIDENT), 2), ("east", None, 5), ("west", None, 16)]
        {
            let (unit, resident) = (Some(unit.to_owned()), resident.map(str::to_owned));
            let ask = DosesAsk { facility: FACILITY.into(), resident, unit, ..DosesAsk::default() };
            let count = house.db.read(|conn| unrecorded_count(conn, &ask, before)).unwrap();
            let page = house.db.read(|conn| unrecorded_page(conn, &ask, before, None, 100)).unwrap();
            assert_eq!((count, page.len()), (expected, expected), "{ask:?}");
            let moved = |due_at| due_at >= at("2026-11-03T12:00:00Z");
            let east = ask.unit.as_deref() == Some("east");
            let here = |resident: &str, due_at| resident != RESIDENT || moved(due_at) != east;
            assert!(page.iter().all(|dose| here(&dose.resident, dose.due_at)), "{ask:?}");
            let mut walked = Vec::new();
            while let Some(some) = Some(next(house, &ask, walked.last())).filter(|some| !some.is_empty()) {
                walked.extend(some);
            }
            assert_eq!(walked, page, "page by page");
        }
        let supervisor = served.signed_in("supervisor");
        let list = format!("resident={RESIDENT}&outcome=no_record");
        let places = supervisor.get(&format!("/history?{list}&unit=east")).all("tbody th");
        assert!(places.iter().all(|place| place.ends_with("East")), "room 9 is in the west: {places:?}");
        let units = cells(&supervisor.get(&format!("/history.csv?{list}")), "Unit");
        assert_eq!(units.iter().filter(|unit| *unit == "East").count(), 5, "{units:?}");
    });
}

/// The next two.
fn next(
    house: &House,
    ask: &DosesAsk,
    last: Option<&stepdown::store::doses::DoseFile>,
) -> Vec<stepdown::store::doses::DoseFile> {
    let place = last.map(|dose| Place { due_at: dose.due_at, dose: dose.id.clone() });
    house.db.read(|conn| unrecorded_page(conn, ask, at("2026-11-04T12:00:00Z"), place.as_ref(), 2)).unwrap()
}

#[test]
fn rounds_and_bars_stand_with_the_unit_in_which_their_doses_were_due() {
    on_both(|house| {
        let served = moved(house);
        let overview = |time: &str| {
            house.clock.set(at(time));
            served.signed_in("supervisor").get("/overview")
        };
        let today = overview("2026-11-03T21:05:00Z");
        let mut rounds = today.all("section[aria-labelledby=r-h] tbody tr").into_iter();
        assert!(rounds.any(|round| round.starts_with("East08:00")), "{}", today.text());
        let bars = overview("2026-11-04T12:00:00Z");
        let east = &bars.all("figure desc")[0];
        assert!(east.contains("03 Nov 2026 0"), "the dose of that morning was east’s: {east}");
    });
}

/// A thousand doses that nobody recorded stand on the newest day.
const THOUSAND: &str =
    "INSERT INTO doses (id, plan, facility, resident, medicine, on_date, slot, due_at, amount_ug, step,
        authorised_by)
     WITH RECURSIVE many (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM many WHERE k < 1000)
     SELECT 'dose-' || k, (SELECT min(id) FROM plans), 'alder', 'resident-1', 'medicine-' || k, '2026-11-03', '08:00',
        '2026-11-03 08:00:00', 500, 0, (SELECT min(id) FROM plan_facts) FROM many";

#[test]
fn however_many_doses_have_no_record_every_bar_counts_all_of_its_own() {
    on_both(|house| {
        let plans = begun(house);
        house.clock.set(at("2026-11-01T08:00:00Z"));
        ward::give(house, &plans[0], "2026-11-01", "08:00");
        let thousand = match house.kind {
            crate::house::Kind::Sqlite => THOUSAND.to_owned(),
            crate::house::Kind::Postgres => THOUSAND
                .replace("'2026-11-03',", "DATE '2026-11-03',")
                .replace("'2026-11-03 08:00:00'", "TIMESTAMP '2026-11-03 08:00:00'"),
        };
        house.plain_sql(&thousand).unwrap();
        house.clock.set(at("2026-11-04T12:00:00Z"));
        let page = Served::start(house).signed_in("supervisor").get("/overview");
        let east = &page.all("figure desc")[0];
        assert!(east.contains("01 Nov 2026 50"), "one was given on time, and one has no record: {east}");
        assert!(page.text().contains("1000+ doses with no record"), "{}", page.text());
    });
}
