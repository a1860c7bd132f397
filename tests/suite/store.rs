//! The database keeps its word: what was answered is there, what was refused is not, and rivals are told apart.

mod log;
mod opening;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use stepdown::on_either;
use stepdown::store::schema::throttles;
use stepdown::store::{Conn, Db, StoreError};

use crate::house::{House, Kind, beside, on_both};

/// The smallest act there is: a row of its own.
fn enter(conn: &mut Conn, subject: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = (throttles::subject.eq(subject), throttles::failures.eq(1), throttles::failed_at.eq(now.naive_utc()));
    diesel::insert_into(throttles::table).values(row).execute(conn)?;
    Ok(())
}

fn entered(db: &Db, subject: &str) -> bool {
    let found = throttles::table.filter(throttles::subject.eq(subject.to_owned()));
    db.read(|conn| Ok(found.count().get_result::<i64>(conn)?)).unwrap() == 1
}

fn text(conn: &mut Conn, question: &str) -> String {
    let asked = diesel::dsl::sql::<Text>(question);
    on_either!(conn, |c| asked.get_result(c)).unwrap()
}

#[test]
fn what_was_answered_is_there_for_another_program() {
    on_both(|house| {
        for subject in ["a", "b", "c"] {
            house.db.write(move |conn, now| enter(conn, subject, now)).unwrap();
            assert!(entered(&house.opened_again(), subject));
        }
    });
}

/// A power cut leaves what the disk had at that moment: here, a copy of the files taken right after the answer.
#[test]
fn what_was_answered_is_in_the_files_already() {
    let house = House::on_sqlite();
    let from = house.url.trim_start_matches("sqlite:").to_owned();
    for n in 0..5 {
        house.db.write(move |conn, now| enter(conn, &format!("entry {n}"), now)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("copy.db").display().to_string();
        std::fs::copy(&from, &to).unwrap();
        std::fs::copy(format!("{from}-wal"), format!("{to}-wal")).unwrap();
        let copy = Db::open(&format!("sqlite:{to}"), house.clock.clone()).unwrap();
        assert!(entered(&copy, &format!("entry {n}")));
    }
}

#[test]
fn a_refused_act_leaves_nothing_behind() {
    on_both(|house| {
        let refused: Result<(), StoreError> = house.db.write(|conn, now| {
            enter(conn, "half", now)?;
            Err(StoreError::Missing)
        });
        assert_eq!(refused, Err(StoreError::Missing));
        assert!(!entered(&house.db, "half"));
    });
}

#[test]
fn a_panic_in_an_act_is_that_acts_failure_alone() {
    on_both(|house| {
        let outcomes = beside(40, |n| {
            house.db.write(move |conn, now| {
                enter(conn, &format!("entry {n}"), now)?;
                assert!(!n.is_multiple_of(5), "the fifth breaks");
                Ok::<_, StoreError>(())
            })
        });
        for (n, outcome) in outcomes.into_iter().enumerate() {
            assert_eq!(entered(&house.db, &format!("entry {n}")), outcome.is_ok());
            match outcome {
                Ok(()) => assert!(!n.is_multiple_of(5)),
                Err(error) => assert_eq!(error, StoreError::Broke("the fifth breaks".to_owned())),
            }
        }
    });
}

#[test]
fn a_taken_key_is_tried_once_more_so_that_the_loser_sees_the_winner() {
    on_both(|house| {
        house.db.write(|conn, now| enter(conn, "the dose", now)).unwrap();
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let answer: Result<String, StoreError> = house.db.write(move |conn, now| {
            if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                enter(conn, "the dose", now)?;
            }
            Ok("the other was first".to_owned())
        });
        assert_eq!(answer, Ok("the other was first".to_owned()));
        assert_eq!(runs.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn of_sixteen_rivals_exactly_one_enters_and_the_others_see_it() {
    on_both(|house| {
        let enter_or_look = |conn: &mut Conn, now| {
            let taken: i64 = throttles::table.filter(throttles::subject.eq("dose")).count().get_result(conn)?;
            if taken > 0 { Ok(false) } else { enter(conn, "dose", now).map(|()| true) }
        };
        let won = beside(16, |_| house.db.write(enter_or_look).unwrap());
        assert_eq!(won.iter().filter(|won| **won).count(), 1);
    });
}

#[test]
fn a_lost_compare_and_set_is_run_again_until_every_count_is_there() {
    on_both(|house| {
        house.db.write(|conn, now| enter(conn, "counter", now)).unwrap();
        let act = |conn: &mut Conn, _now| {
            let row = throttles::table.filter(throttles::subject.eq("counter"));
            let seen: i64 = row.select(throttles::failures).first(conn)?;
            let mine = row.filter(throttles::failures.eq(seen));
            match diesel::update(mine).set(throttles::failures.eq(seen + 1)).execute(conn)? {
                1 => Ok(()),
                _ => Err(StoreError::Moved),
            }
        };
        let saved = beside(12, |_| house.db.write(act)).iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(house.count(&format!("throttles WHERE failures = {}", saved + 1)), 1);
        assert!(saved > 0 && (house.kind == Kind::Postgres || saved == 12));
    });
}

/// The act shrugs off a failed statement. PostgreSQL has ended the transaction then, and answers COMMIT with success
/// all the same: the answer must still be the truth.
#[test]
fn an_act_that_ignores_a_failure_is_not_told_saved_unless_it_was() {
    on_both(|house| {
        house.db.write(|conn, now| enter(conn, "taken", now)).unwrap();
        let careless: Result<(), StoreError> = house.db.write(|conn, now| {
            enter(conn, "before", now)?;
            let _ignored = enter(conn, "taken", now);
            Ok(())
        });
        assert_eq!(careless.is_ok(), entered(&house.db, "before"));
        assert_eq!(careless.is_ok(), house.kind == Kind::Sqlite);
        house.db.write(|conn, now| enter(conn, "after", now)).unwrap();
    });
}

#[test]
fn looking_sees_one_moment_and_cannot_write() {
    on_both(|house| {
        let counts = house.db.read(|conn| {
            let before: i64 = throttles::table.count().get_result(conn)?;
            house.db.write(|conn, now| enter(conn, "meanwhile", now))?;
            let after: i64 = throttles::table.count().get_result(conn)?;
            Ok((before, after))
        });
        assert_eq!(counts, Ok((0, 0)));
        assert!(entered(&house.db, "meanwhile"));
        let sneaked = house.db.read(|conn| enter(conn, "sneaked", house.clock.now()));
        assert_eq!(sneaked, Err(StoreError::ReadOnly));
        assert!(!entered(&house.db, "sneaked"));
    });
}

/// Another program holds the lock; SQLite refuses a reader that turns writer at once, whatever its patience.
#[test]
fn an_act_that_reads_before_it_writes_waits_for_a_rival_program() {
    on_both(|house| {
        let mut rival = house.plain();
        rival.batch_execute("BEGIN").unwrap();
        on_either!(&mut rival, |c| diesel::sql_query(
            "INSERT INTO throttles (subject, failures, failed_at) VALUES ('rival', 1, '2026-11-20 08:00:00')"
        )
        .execute(c))
        .unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                house.db.write(|conn, now| {
                    let _seen: i64 = throttles::table.count().get_result(conn)?;
                    enter(conn, "patient", now)
                })
            });
            thread::sleep(std::time::Duration::from_millis(300));
            rival.batch_execute("COMMIT").unwrap();
            waiting.join().unwrap().unwrap();
        });
        assert!(entered(&house.db, "patient") && entered(&house.db, "rival"));
    });
}

/// A disk with room for 20 pages more, whichever connection asks. Whatever was answered "saved" is there, nothing else is.
#[test]
fn a_full_disk_is_an_honest_not_saved() {
    let house = House::on_sqlite();
    let full = "SELECT CAST(page_count + 20 AS TEXT) FROM pragma_page_count";
    let pages = house.db.read(|conn| Ok(text(conn, full))).unwrap();
    let large = |n: usize| format!("{n} {}", "x".repeat(9000));
    let outcomes = beside(24, |n| {
        let (disk, subject) = (format!("PRAGMA max_page_count = {pages}"), large(n));
        house.db.write(move |conn, now| {
            conn.batch_execute(&disk)?;
            enter(conn, &subject, now)
        })
    });
    for (n, outcome) in outcomes.iter().enumerate() {
        assert!(matches!(outcome, Ok(()) | Err(StoreError::Full)), "{outcome:?}");
        assert_eq!(entered(&house.db, &large(n)), outcome.is_ok());
    }
    let saved = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!((1..24).contains(&saved), "{saved}");
    house.db.write(|conn, _| Ok::<_, StoreError>(conn.batch_execute("PRAGMA max_page_count = 1000000")?)).unwrap();
    house.db.write(|conn, now| enter(conn, "room again", now)).unwrap();
}

/// Beside twenty honest acts, one ends the transaction they share, and one makes its commit fail.
#[test]
fn an_act_that_spoils_the_shared_commit_fails_alone() {
    let house = House::on_sqlite();
    let spoiling = |n: usize| match n % 10 {
        3 => "ROLLBACK",
        7 => {
            "PRAGMA defer_foreign_keys = ON; \
             INSERT INTO units (id, facility, name, mailbox, rounds) VALUES ('x', 'nowhere', 'X', '', '08:00')"
        }
        _ => "SELECT 1",
    };
    let outcomes = beside(40, |n| {
        house.db.write(move |conn, now| {
            enter(conn, &format!("entry {n}"), now)?;
            Ok::<_, StoreError>(conn.batch_execute(spoiling(n))?)
        })
    });
    for (n, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.is_ok(), spoiling(n) == "SELECT 1", "{n}: {outcome:?}");
        assert_eq!(outcome.is_ok(), entered(&house.db, &format!("entry {n}")), "{n}: {outcome:?}");
    }
}

/// A disk that fails in the middle of a commit: nobody can say whether the entry is there, so nobody is told so. Looking
/// goes on. The test runs itself once more, in a process that may not write files larger than 1 MB.
#[cfg(unix)]
#[test]
fn a_disk_that_fails_at_the_commit_leaves_the_outcome_unknown() {
    const FAILING: &str = "STEPDOWN_TEST_FAILING_DISK";
    if std::env::var_os(FAILING).is_some() {
        return on_a_failing_disk();
    }
    let small = r#"trap "" XFSZ; ulimit -f 2048; exec "$0" "$@""#;
    let name = "store::a_disk_that_fails_at_the_commit_leaves_the_outcome_unknown";
    let output = std::process::Command::new("sh")
        .args(["-c", small, std::env::current_exe().unwrap().to_str().unwrap(), "--exact", name])
        .env(FAILING, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[cfg(unix)]
fn on_a_failing_disk() {
    let house = House::on_sqlite();
    let entry = |n: usize| format!("{n} {}", "x".repeat(9000));
    let outcomes: Vec<_> = (0..160)
        .map(|n| {
            let subject = entry(n);
            house.db.write(move |conn, now| enter(conn, &subject, now))
        })
        .collect();
    assert!(outcomes.contains(&Err(StoreError::Unknown)), "{outcomes:?}");
    for (n, outcome) in outcomes.iter().enumerate() {
        assert!(matches!(outcome, Ok(()) | Err(StoreError::Unknown)), "{outcome:?}");
        assert!(outcome.is_err() || entered(&house.db, &entry(n)));
    }
}

/// Not a law but a measure: `cargo test --release --test suite -- --ignored --nocapture how_fast`.
#[test]
#[ignore = "a measure, run by hand"]
fn how_fast_the_writer_saves() {
    const ENTRIES: usize = 6400;
    on_both(|house| {
        let per_second = |from: std::time::Instant, entries: usize| entries as u128 * 1000 / from.elapsed().as_millis();
        let mut raw = house.plain();
        raw.batch_execute(if house.kind == Kind::Sqlite { "PRAGMA synchronous = FULL" } else { "SELECT 1" }).unwrap();
        let from = std::time::Instant::now();
        for n in 0..ENTRIES / 4 {
            enter(&mut raw, &format!("raw {n}"), house.clock.now()).unwrap();
        }
        println!("{:?}: raw single-row commits {}/s", house.kind, per_second(from, ENTRIES / 4));
        for threads in [1, 8, 32, 128] {
            let from = std::time::Instant::now();
            beside(threads, |thread| {
                for n in 0..ENTRIES / threads {
                    let subject = format!("{threads} {thread} {n}");
                    house.db.write(move |conn, now| enter(conn, &subject, now)).unwrap();
                }
            });
            println!("{:?}: {threads} threads of acts {}/s", house.kind, per_second(from, ENTRIES));
        }
    });
}
