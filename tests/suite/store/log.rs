//! The write-ahead log of a file stays short, whoever reads meanwhile.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use diesel::prelude::*;
use stepdown::store::schema::throttles;
use stepdown::store::{Db, StoreError};

use crate::house::House;

const MIB: u64 = 1 << 20;

fn log_of(house: &House) -> u64 {
    let file = house.url.trim_start_matches("sqlite:");
    Path::new(&format!("{file}-wal")).metadata().map_or(0, |log| log.len())
}

/// About 200 kB in a commit of its own.
fn write_much(db: &Db, n: usize) {
    let subject = format!("{n} {}", "x".repeat(100_000));
    let act = move |conn: &mut _, now: chrono::DateTime<chrono::Utc>| {
        let row =
            (throttles::subject.eq(&subject), throttles::failures.eq(1), throttles::failed_at.eq(now.naive_utc()));
        diesel::insert_into(throttles::table).values(row).execute(conn)?;
        Ok::<_, StoreError>(())
    };
    db.write(act).unwrap();
}

/// Reads one moment for so long.
fn stay(db: &Db, time: Duration) {
    let stays = |conn: &mut _| {
        throttles::table.count().get_result::<i64>(conn)?;
        thread::sleep(time);
        Ok(())
    };
    db.read(stays).unwrap();
}

/// How long the log is at most while some read one moment after another, each for so many milliseconds.
fn longest_log(stays: [u64; 4]) -> u64 {
    let house = House::on_sqlite();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for time in stays.map(Duration::from_millis) {
            let (db, over) = (&house.db, &over);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    stay(db, time);
                }
            });
        }
        let longest = (0..500).map(|n| {
            write_much(&house.db, n);
            log_of(&house)
        });
        let longest = longest.max().unwrap();
        over.store(true, Ordering::Relaxed);
        longest
    })
}

/// SQLite begins its log anew only at a moment at which nobody reads, and with a few readers there is none.
#[test]
fn the_log_stays_short_though_somebody_always_reads() {
    let longest = longest_log([11, 14, 17, 20]);
    assert!(longest < 64 * MIB, "{} MiB", longest / MIB);
}

/// A bell of many residents beside large pages on a slow machine.
#[test]
fn the_log_stays_short_though_somebody_always_reads_for_long() {
    let longest = longest_log([200, 220, 240, 260]);
    assert!(longest < 64 * MIB, "{} MiB", longest / MIB);
}

/// A backup reads for minutes: nobody waits for its end, and the log is folded soon after it.
#[test]
fn a_reader_who_stays_holds_nobody_up_and_the_log_is_folded_when_it_ends() {
    let house = House::on_sqlite();
    let (ended, began) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            let until_told = |conn: &mut _| {
                throttles::table.count().get_result::<i64>(conn)?;
                began.store(true, Ordering::SeqCst);
                while !ended.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(1));
                }
                Ok(())
            };
            house.db.read(until_told).unwrap();
        });
        while !began.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(1));
        }
        (0..120).for_each(|n| write_much(&house.db, n));
        ended.store(true, Ordering::SeqCst);
    });
    assert!(log_of(&house) > 20 * MIB, "it could not be folded");
    let mut later = 120..1_000;
    while log_of(&house) > 16 * MIB {
        write_much(&house.db, later.next().expect("it is folded within some seconds"));
        thread::sleep(Duration::from_millis(10));
    }
}
