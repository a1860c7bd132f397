//! How the databases look for records: by an index, whatever is asked, and as fast at the end as at the beginning.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{RunQueryDsl, sql_query};
use stepdown::care::round::outcome::Outcome;
use stepdown::store::Conn;
use stepdown::store::audit::{DosesAsk, records_count, records_page, unrecorded_count, unrecorded_page};

use super::lived;
use super::search::searches;
use crate::ear::Ear;
use crate::house::{FACILITY, House, Kind, at, on_both};

/// `SELECT … WHERE n < $1 -- binds: [7]` as it can be explained. A file plans it before it knows the values, a server with
/// them.
fn explainable(house: &House, heard: &str) -> String {
    let (sql, binds) = heard.rsplit_once("-- binds:").unwrap_or((heard, ""));
    if house.kind == Kind::Sqlite {
        return sql.to_owned();
    }
    let values = binds.trim().trim_start_matches('[').trim_end_matches(']').split(", ");
    let marks =
        values.enumerate().map(|(nth, value)| (format!("${}", nth + 1), value.trim_matches('"').replace("[]", "{}")));
    marks
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .fold(sql.to_owned(), |sql, (mark, value)| sql.replace(&mark, &format!("'{value}'")))
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

/// The steps the database takes for a query that was heard.
pub fn explained(house: &House, heard: &str) -> String {
    let sql = explainable(house, heard);
    match house.plain() {
        Conn::Sqlite(mut conn) => {
            let lines: Vec<Line> = sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut conn).unwrap();
            lines.into_iter().map(|line| line.detail).collect::<Vec<_>>().join("\n")
        }
        Conn::Postgres(mut conn) => {
            // The plan comes as rows of a column whose name holds a blank; a function hands them out by a name of ours.
            conn.batch_execute(
                "CREATE OR REPLACE FUNCTION pg_temp.steps(q text) RETURNS SETOF text LANGUAGE plpgsql AS
                 $f$ DECLARE r record; BEGIN FOR r IN EXECUTE 'EXPLAIN ' || q LOOP RETURN NEXT r.\"QUERY PLAN\"; END LOOP; END $f$;
                 SET enable_seqscan = off; SET enable_bitmapscan = off;",
            )
            .unwrap();
            let sql = sql.replace('\'', "''");
            let lines: Vec<Line> =
                sql_query(format!("SELECT steps AS detail FROM pg_temp.steps('{sql}')")).load(&mut conn).unwrap();
            lines.into_iter().map(|line| line.detail).collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn an_index_leads_to_the_records_whatever_is_asked() {
    on_both(|house| {
        lived(house);
        let ear = Ear::default();
        let mut conn = ear.listening(house);
        for search in searches().iter().step_by(5) {
            records_page(&mut conn, &search.ask, Some(1_000_000), 51).unwrap();
            records_count(&mut conn, &search.ask).unwrap();
            unrecorded_page(&mut conn, &search.ask, at("2026-11-11T00:00:00Z"), None, 51).unwrap();
            unrecorded_count(&mut conn, &search.ask, at("2026-11-11T00:00:00Z")).unwrap();
        }
        let mut heard = ear.heard();
        // Where residents lived is asked of their own few moves.
        heard.retain(|query| {
            query.contains("binds") && ["administrations", "doses"].iter().any(|of| query.contains(of))
        });
        heard.sort();
        heard.dedup();
        assert!(heard.len() > 100, "{}", heard.len());
        for query in heard {
            let steps = explained(house, &query);
            let scans = match house.kind {
                Kind::Sqlite => steps.contains("SCAN") || !steps.contains("SEARCH"),
                Kind::Postgres => steps.contains("Seq Scan") || !steps.contains("Index"),
            };
            assert!(!scans, "{query}\n{steps}");
            // Few records of one resident may be sorted; those of a facility never are.
            let sorts = steps.contains("TEMP B-TREE");
            assert!(!sorts, "{query}\n{steps}");
            // What nobody recorded is never looked for among all the doses of years.
            let asked = query.split_once(" WHERE ").map_or("", |(_, asked)| asked);
            let open = asked.contains("amount_ug") && !asked.contains("resident");
            assert!(!open || steps.contains("doses_open"), "{query}\n{steps}");
        }
    });
}

const MANY: [&str; 3] = [
    "INSERT INTO history (n, id, kind, facility, resident, subject, done_by, role, done_at, body, seal)
     WITH RECURSIVE many (k) AS (SELECT 100001 UNION ALL SELECT k + 1 FROM many WHERE k < 150000)
     SELECT k, 'many-' || k, 'record_dose', 'alder', 'resident-1', 'dose-' || k, 'nurse', 'nurse',
        TIMESTAMP_OF, '{}', '-' FROM many",
    "INSERT INTO doses (id, plan, facility, resident, medicine, on_date, slot, due_at, amount_ug, step, authorised_by,
        recorded)
     WITH RECURSIVE many (k) AS (SELECT 100001 UNION ALL SELECT k + 1 FROM many WHERE k < 150000)
     SELECT 'dose-' || k, (SELECT min(id) FROM plans), 'alder', 'resident-1', 'medicine-' || k, DAY_OF, '08:00',
        TIMESTAMP_OF, 500, 0, (SELECT min(id) FROM plan_facts), true FROM many",
    "INSERT INTO administrations (id, n, dose, facility, unit, resident, medicine, on_date, due_at, planned_ug, given_ug,
        authorised_by, outcome, reason, note, pieces, given_at, recorded_at, late_minutes, recorded_by)
     WITH RECURSIVE many (k) AS (SELECT 100001 UNION ALL SELECT k + 1 FROM many WHERE k < 150000)
     SELECT 'given-' || k, k, 'dose-' || k, 'alder', CASE WHEN k % 2 = 0 THEN 'east' ELSE 'west' END,
        'resident-' || (1 + k % 3), 'clonazepam', DAY_OF, TIMESTAMP_OF, 500, CASE WHEN k % 50 = 0 THEN 0 ELSE 500 END,
        (SELECT min(id) FROM plan_facts), CASE WHEN k % 50 = 0 THEN 'refused' ELSE 'given' END,
        CASE WHEN k % 50 = 0 THEN 'R1' ELSE '' END, '', '', TIMESTAMP_OF, TIMESTAMP_OF, k % 97,
        CASE WHEN k % 10 = 0 THEN 'nurse-2' ELSE 'nurse' END FROM many",
];

/// Fifty thousand more records over a thousand days, the newest the latest.
fn crowd(house: &House) {
    let (day, instant) = match house.kind {
        Kind::Sqlite => (
            "date('2030-01-01', '+' || ((k - 100001) / 50) || ' days')",
            "datetime('2030-01-01 08:00:00', '+' || ((k - 100001) / 50) || ' days')",
        ),
        Kind::Postgres => (
            "(DATE '2030-01-01' + (k - 100001) / 50)",
            "(TIMESTAMP '2030-01-01 08:00:00' + ((k - 100001) / 50) * INTERVAL '1 day')",
        ),
    };
    for sql in MANY {
        house.plain_sql(&sql.replace("TIMESTAMP_OF", instant).replace("DAY_OF", day)).unwrap();
    }
    // A database in use has counted its rows long since.
    house.plain_sql("ANALYZE").unwrap();
}

/// The quickest of several tries, which is what the work itself takes.
fn quickest(look: impl Fn()) -> Duration {
    let once = || {
        let began = Instant::now();
        look();
        began.elapsed()
    };
    (0..7).map(|_| once()).min().unwrap()
}

/// Prints its figures: `cargo test --test suite the_last_page -- --nocapture`.
#[test]
fn the_last_page_is_as_fast_as_the_first() {
    on_both(|house| {
        lived(house);
        crowd(house);
        let whole = DosesAsk { facility: FACILITY.into(), ..DosesAsk::default() };
        let days = DosesAsk { from: "2030-01-01".parse().ok(), until: "2030-01-20".parse().ok(), ..whole.clone() };
        let others = [
            ("all", whole.clone()),
            ("resident", DosesAsk { resident: Some("resident-2".into()), ..whole.clone() }),
            ("unit", DosesAsk { unit: Some("west".into()), ..whole.clone() }),
            ("person", DosesAsk { person: Some("nurse-2".into()), ..whole.clone() }),
            ("outcome", DosesAsk { outcome: Some(Outcome::Refused), ..whole.clone() }),
            ("late", DosesAsk { late_over: Some(60), ..whole }),
        ];
        let page = |ask: &DosesAsk, before: Option<i64>| {
            quickest(|| {
                let found = house.db.read(|conn| records_page(conn, ask, before, 51)).unwrap();
                assert!(!found.is_empty());
            })
        };
        for (name, ask) in &others {
            let (first, last) = (page(ask, None), page(ask, Some(103_000)));
            println!("{:?} {name}: first page {first:?}, a page 47,000 records on {last:?}", house.kind);
            assert!(last < first * 4 + Duration::from_millis(5), "{name}: {first:?}, {last:?}");
        }
        let old = page(&days, None);
        println!("{:?} old days: {old:?}", house.kind);
        assert!(old < page(&others[0].1, None) * 8 + Duration::from_millis(10), "{old:?}");
    });
}
