//! What is recorded stays: numbered without a gap, sealed, and refused to whoever would change it by plain SQL.

use diesel::connection::SimpleConnection;
use stepdown::store::history::{
    Fact, FactsAsk, Fault, NewFact, Proof, fact_append, fact_exists, fact_find_by_id, fact_load, facts_page,
    facts_verify,
};
use stepdown::store::{Conn, Db, StoreError};

use crate::house::{FACILITY, House, Kind, RESIDENT, at, beside, on_both};

/// Appends a fact as an act would.
fn append(db: &Db, id: &str) -> Result<i64, StoreError> {
    let id = id.to_owned();
    db.write(move |conn, now| {
        let fact = NewFact {
            id: &id,
            kind: "record_dose",
            facility: FACILITY,
            resident: Some(RESIDENT),
            subject: "dose-1",
            done_by: Some("nurse"),
            role: "nurse",
            body: &serde_json::json!({ "given_ug": 500, "note": "took it with “tea”" }),
        };
        fact_append(conn, &fact, now)
    })
}

fn verified(db: &Db) -> Result<Proof, Fault> {
    db.read(|conn| facts_verify(conn, &Proof::default())).unwrap()
}

/// A running plan with one recorded dose, past the program.
const RECORDED: &str = "
INSERT INTO plans (id, facility, resident, medicine, state, version)
VALUES ('plan', 'alder', 'resident-1', 'clonazepam', 'running', 1);
INSERT INTO plan_versions (plan, version, indication, reason, protocol, settings, baseline_on, first_reduction_on,
    goal_ug, drafted_by, drafted_at)
VALUES ('plan', 1, 'sleep', 'falls', 'clonazepam-fixed', '{}', '2026-11-01', '2026-11-23', 0, 'prescriber',
    '2026-11-01 08:00:00');
INSERT INTO plan_authors (plan, version, authored_by) VALUES ('plan', 1, 'prescriber');
INSERT INTO steps (plan, version, ordinal, planned_on, least_days) VALUES ('plan', 1, 0, '2026-11-01', 22);
INSERT INTO step_doses (plan, version, ordinal, cycle_day, slot, medicine, amount_ug)
VALUES ('plan', 1, 0, 0, '20:00', 'clonazepam', 1000);
INSERT INTO plan_facts (id, plan, seq, kind, version, n, step, effective_on, reassess_on, rationale, statement,
    decided_by, decided_at, decided_on)
VALUES ('approval', 'plan', 1, 'approved', 1, NULL, NULL, NULL, NULL, '', '', 'prescriber', '2026-11-01 09:00:00',
    '2026-11-01');
INSERT INTO plan_facts (id, plan, seq, kind, version, n, step, effective_on, reassess_on, rationale, statement,
    decided_by, decided_at, decided_on)
VALUES ('signature', 'plan', 2, 'signed', 1, 1, 1, '2026-11-23', NULL, 'sleeps well', '{}', 'pharmacist',
    '2026-11-20 09:00:00', '2026-11-20');
INSERT INTO plan_facts (id, plan, seq, kind, version, n, step, effective_on, reassess_on, rationale, statement,
    decided_by, decided_at, decided_on)
VALUES ('pause', 'plan', 3, 'paused', 1, 1, NULL, NULL, NULL, 'fell', '', 'nurse', '2026-11-20 10:00:00', '2026-11-20');
INSERT INTO doses (id, plan, facility, resident, medicine, on_date, slot, due_at, amount_ug, step, authorised_by, recorded)
VALUES ('dose', 'plan', 'alder', 'resident-1', 'clonazepam', '2026-11-19', '20:00', '2026-11-19 20:00:00', 1000, 0,
    'approval', TRUE);
INSERT INTO administrations (id, n, dose, corrects, facility, unit, resident, medicine, on_date, due_at, planned_ug,
    given_ug, authorised_by, outcome, reason, note, pieces, given_at, recorded_at, late_minutes, recorded_by)
VALUES ('given', 1, 'dose', NULL, 'alder', 'east', 'resident-1', 'clonazepam', '2026-11-19', '2026-11-19 20:00:00', 1000,
    1000, 'approval', 'given', '', '', '2 tablets', '2026-11-19 20:01:00', '2026-11-19 20:01:00', 1, 'nurse');
INSERT INTO administrations (id, n, dose, corrects, facility, unit, resident, medicine, on_date, due_at, planned_ug,
    given_ug, authorised_by, outcome, reason, note, pieces, given_at, recorded_at, late_minutes, recorded_by)
VALUES ('corrected', 2, 'dose', 'given', 'alder', 'east', 'resident-1', 'clonazepam', '2026-11-19',
    '2026-11-19 20:00:00', 1000, 0, 'approval', 'refused', 'spat_out', '', '', '2026-11-19 20:01:00',
    '2026-11-19 20:05:00', 1, 'nurse');
INSERT INTO corrections (id, n, administration, replacement, reason, corrected_by, corrected_at)
VALUES ('corrected', 2, 'given', 'corrected', 'spat out', 'nurse', '2026-11-19 20:05:00');
";

/// Every table of which nothing may ever change, with a column to try it on.
const WRITE_ONCE: [(&str, &str); 8] = [
    ("history", "body"),
    ("plan_facts", "rationale"),
    ("administrations", "note"),
    ("corrections", "reason"),
    ("plan_versions", "reason"),
    ("plan_authors", "authored_by"),
    ("steps", "ordinal"),
    ("step_doses", "medicine"),
];

fn with_records(house: &House) {
    house.furnish();
    for id in ["first", "second", "third"] {
        append(&house.db, id).unwrap();
    }
    house.plain().batch_execute(RECORDED).unwrap();
}

fn refused(house: &House, sql: &str) {
    match house.plain_sql(sql) {
        Err(StoreError::Database(why)) => assert!(why.starts_with("write-once"), "{sql}: {why}"),
        Err(StoreError::Unique) if sql.starts_with("INSERT OR REPLACE") => {}
        other => panic!("{sql}: {other:?}"),
    }
}

/// Citation 1541370: a medicine was removed from the chart without a prescriber. Nothing that was laid out is removed.
#[test]
fn plain_sql_can_neither_change_nor_remove_what_is_recorded() {
    on_both(|house| {
        with_records(house);
        for (table, column) in WRITE_ONCE {
            refused(house, &format!("UPDATE {table} SET {column} = {column}"));
            refused(house, &format!("DELETE FROM {table}"));
        }
        refused(house, "DELETE FROM doses");
        refused(house, "UPDATE doses SET amount_ug = 500");
        assert_eq!(house.plain_sql("UPDATE doses SET revision = revision + 1"), Ok(1));
        if house.kind == Kind::Postgres {
            for table in WRITE_ONCE.map(|(table, _)| table).into_iter().chain(["doses"]) {
                refused(house, &format!("TRUNCATE {table} CASCADE"));
            }
        }
        assert_eq!(verified(&house.db).unwrap().n, 3);
    });
}

/// Delete triggers sleep through a REPLACE, and a row is lost by any of its unique keys.
#[test]
fn plain_sql_cannot_replace_what_is_recorded() {
    let house = House::on_sqlite();
    with_records(&house);
    let replacing = |table: &str, change: &[(&str, &str)], of: &str| {
        let mut values = columns(&house, table);
        for value in &mut values {
            if let Some((_, to)) = change.iter().find(|(name, _)| name == value) {
                *value = (*to).to_owned();
            }
        }
        refused(
            &house,
            &format!("INSERT OR REPLACE INTO {table} SELECT {} FROM {table} WHERE {of}", values.join(", ")),
        );
    };
    replacing("history", &[("id", "'new'")], "n = 1");
    replacing("history", &[("n", "99")], "n = 1");
    let fresh = [("id", "'new'"), ("seq", "99")];
    replacing("plan_facts", &[("id", "'new'")], "id = 'approval'");
    replacing("plan_facts", &[("seq", "99")], "id = 'approval'");
    for id in ["approval", "signature", "pause"] {
        replacing("plan_facts", &fresh, &format!("id = '{id}'"));
    }
    replacing("administrations", &[("n", "3")], "id = 'given'");
    replacing("administrations", &[("id", "'new'")], "id = 'given'");
    replacing("administrations", &[("id", "'new'"), ("n", "3")], "id = 'given'");
    replacing("administrations", &[("id", "'new'"), ("n", "3")], "id = 'corrected'");
    for table in ["plan_versions", "plan_authors", "steps", "step_doses"] {
        replacing(table, &[], "TRUE");
    }
}

fn columns(house: &House, table: &str) -> Vec<String> {
    use diesel::RunQueryDsl;
    let names = diesel::dsl::sql::<diesel::sql_types::Text>(&format!("SELECT name FROM pragma_table_info('{table}')"));
    match house.plain() {
        Conn::Sqlite(mut conn) => names.load(&mut conn).unwrap(),
        Conn::Postgres(_) => unreachable!("asked of SQLite alone"),
    }
}

#[test]
fn an_approved_version_cannot_be_added_to_while_a_draft_can_be_rewritten() {
    on_both(|house| {
        with_records(house);
        let step = |version: i64| {
            format!(
                "INSERT INTO steps (plan, version, ordinal, planned_on) VALUES ('plan', {version}, 7, '2026-12-01')"
            )
        };
        refused(house, &step(1));
        let kept =
            "indication, reason, protocol, settings, baseline_on, first_reduction_on, goal_ug, drafted_by, drafted_at";
        let copy =
            format!("INSERT INTO plan_versions (plan, version, {kept}) SELECT plan, 2, {kept} FROM plan_versions");
        house.plain_sql(&copy).unwrap();
        house.plain_sql(&step(2)).unwrap();
        refused(house, "UPDATE steps SET version = 1 WHERE version = 2");
        assert_eq!(house.plain_sql("UPDATE steps SET least_days = 3 WHERE version = 2"), Ok(1));
        assert_eq!(house.plain_sql("DELETE FROM steps WHERE version = 2"), Ok(1));
    });
}

#[test]
fn numbers_have_no_gap_whoever_is_refused_beside() {
    on_both(|house| {
        house.furnish();
        let numbers = beside(24, |n| {
            let id = format!("form {n}");
            match n % 3 {
                0 => refused_after_append(&house.db, &id),
                _ => append(&house.db, &id).ok(),
            }
        });
        let mut numbers: Vec<i64> = numbers.into_iter().flatten().collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=16).collect::<Vec<_>>());
        assert_eq!(verified(&house.db).unwrap().n, 16);
    });
}

fn refused_after_append(db: &Db, id: &str) -> Option<i64> {
    let id = id.to_owned();
    let refused: Result<i64, StoreError> = db.write(move |conn, now| {
        let body = &serde_json::json!({});
        let (kind, role) = ("record_dose", "nurse");
        let fact =
            NewFact { id: &id, kind, facility: FACILITY, resident: None, subject: "dose", done_by: None, role, body };
        fact_append(conn, &fact, now)?;
        Err(StoreError::Missing)
    });
    refused.ok()
}

#[test]
fn a_form_posted_twice_establishes_one_fact() {
    on_both(|house| {
        house.furnish();
        assert_eq!(append(&house.db, "the form"), Ok(1));
        assert_eq!(append(&house.db, "the form"), Err(StoreError::Unique));
        let (known, unknown) =
            house.db.read(|conn| Ok((fact_exists(conn, "the form")?, fact_exists(conn, "another")?))).unwrap();
        assert!(known && !unknown);
    });
}

#[test]
fn a_fact_is_read_as_it_was_told() {
    on_both(|house| {
        house.furnish();
        append(&house.db, "the form").unwrap();
        let fact = house.db.read(|conn| fact_load(conn, 1)).unwrap();
        assert_eq!(house.db.read(|conn| fact_find_by_id(conn, "the form")).unwrap(), Some(fact.clone()));
        assert_eq!(house.db.read(|conn| fact_load(conn, 2)), Err(StoreError::Missing));
        let Fact { kind, subject, done_by_name, done_at, body, .. } = fact;
        assert_eq!((kind.as_str(), subject.as_str()), ("record_dose", "dose-1"));
        assert_eq!(done_by_name.as_deref(), Some("Nora Nurse"));
        assert_eq!(done_at, at("2026-11-20T08:12:00Z"));
        assert_eq!(body, r#"{"given_ug":500,"note":"took it with “tea”"}"#);
    });
}

#[test]
fn facts_come_in_pages_the_newest_first() {
    on_both(|house| {
        house.furnish();
        for n in 1..=7 {
            append(&house.db, &format!("form {n}")).unwrap();
        }
        let ask = FactsAsk { facility: FACILITY.to_owned(), limit: 3, ..FactsAsk::default() };
        let page = |ask: &FactsAsk| -> Vec<i64> {
            let facts = house.db.read(|conn| facts_page(conn, ask)).unwrap();
            facts.iter().map(|fact| fact.n).collect()
        };
        assert_eq!(page(&ask), [7, 6, 5]);
        assert_eq!(page(&FactsAsk { before: Some(5), ..ask.clone() }), [4, 3, 2]);
        assert_eq!(page(&FactsAsk { kinds: vec!["sign_reduction".to_owned()], ..ask.clone() }), Vec::<i64>::new());
        assert_eq!(page(&FactsAsk { done_by: Some("pharmacist".to_owned()), ..ask.clone() }), Vec::<i64>::new());
        assert_eq!(page(&FactsAsk { facility: "elsewhere".to_owned(), ..ask }), Vec::<i64>::new());
    });
}

/// Somebody who owns the tables can drop the guards; the seals tell.
#[test]
fn the_seals_tell_of_a_change_made_without_the_guards() {
    on_both(|house| {
        house.furnish();
        for n in 1..=5 {
            append(&house.db, &format!("form {n}")).unwrap();
        }
        let whole = verified(&house.db).unwrap();
        assert_eq!(house.db.read(|conn| whole.stands(conn)).unwrap(), Ok(()));
        unguarded(house);
        house.plain_sql("UPDATE history SET body = replace(body, '500', '250') WHERE n = 3").unwrap();
        assert_eq!(verified(&house.db), Err(Fault::Changed { n: 3 }));
        house.plain_sql("UPDATE history SET body = replace(body, '250', '500') WHERE n = 3").unwrap();
        assert_eq!(verified(&house.db), Ok(whole.clone()));
        house.plain_sql("UPDATE history SET done_by = 'pharmacist' WHERE n = 5").unwrap();
        assert_eq!(verified(&house.db), Err(Fault::Changed { n: 5 }));
        house.plain_sql("DELETE FROM history WHERE n = 2").unwrap();
        assert_eq!(verified(&house.db), Err(Fault::Missing { n: 2 }));
        house.plain_sql("DELETE FROM history WHERE n > 1").unwrap();
        assert!(verified(&house.db).unwrap().n < whole.n);
        assert_eq!(house.db.read(|conn| whole.stands(conn)).unwrap(), Err(Fault::Missing { n: 5 }));
    });
}

pub fn unguarded(house: &House) {
    let drop = match house.kind {
        Kind::Sqlite => "DROP TRIGGER history_unchanged; DROP TRIGGER history_unremoved;",
        Kind::Postgres => "DROP TRIGGER history_unchanged ON history",
    };
    house.plain().batch_execute(drop).unwrap();
}

#[test]
fn a_proof_can_be_carried_on_from_where_it_stood() {
    on_both(|house| {
        house.furnish();
        append(&house.db, "one").unwrap();
        let first = verified(&house.db).unwrap();
        append(&house.db, "two").unwrap();
        let further = house.db.read(|conn| facts_verify(conn, &first)).unwrap();
        assert_eq!(further, Ok(verified(&house.db).unwrap()));
        let strange = Proof { n: 1, seal: "of another house".to_owned() };
        assert_eq!(house.db.read(|conn| facts_verify(conn, &strange)).unwrap(), Err(Fault::Changed { n: 2 }));
    });
}
