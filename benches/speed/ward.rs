//! A house whose doses may all be recorded at one moment of the day, and its nurses, who record them over HTTP.

use std::io::Result;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use stepdown::acts::ActError;
use stepdown::care::calendar::days_after;
use stepdown::clock::Clock;
use stepdown::store::Db;
use stepdown::store::doses::{DoseFile, doses_due_between};
use uuid::Uuid;

use crate::furnished::{self, Furniture, House};
use crate::wire::{Answer, Visitor};

/// All within an hour of the moment at which they are recorded.
const SLOTS: [&str; 8] = ["08:00", "08:15", "08:30", "08:45", "09:00", "09:15", "09:30", "09:45"];
const MOMENT: TimeDelta = TimeDelta::minutes(8 * 60 + 50);
const FIRST: &str = "2026-11-20";

/// The house, seen past its server.
pub struct Ward {
    pub house: House,
    db: Db,
}

impl Ward {
    /// So many residents, each with so many doses a day, eight at most.
    pub fn furnished(url: &str, residents: u32, doses: usize) -> Ward {
        let db = Db::open(url, Clock::fixed(midnight(day(0)))).expect("the database opens");
        db.migrate().expect("an empty database takes our tables");
        let furniture = Furniture::with(residents, &SLOTS[..doses]);
        let house =
            db.write::<_, ActError>(move |conn, now| furnished::furnish(conn, &furniture, now)).expect("a house");
        // Closed once, so that its write-ahead log is folded before anybody looks at how long it gets.
        drop(db);
        Ward { house, db: Db::open(url, Clock::fixed(midnight(day(0)))).expect("the database opens") }
    }

    /// Every dose of a day that is laid out by now.
    pub fn doses_of(&self, n: u32) -> Vec<DoseFile> {
        let (from, facility) = (midnight(day(n)), &self.house.facility.id);
        let of_day = |conn: &mut _| doses_due_between(conn, facility, from, from + TimeDelta::hours(24));
        self.db.read(of_day).expect("the database answers")
    }

    /// Whether a dose is recorded by that form.
    pub fn holds(&self, dose: &str, form: &str) -> bool {
        let found = self.db.read(|conn| stepdown::store::doses::administrations_of(conn, dose));
        found.expect("the database answers").iter().any(|record| record.id == form)
    }
}

fn day(n: u32) -> NaiveDate {
    days_after(FIRST.parse().expect("a day"), n)
}

fn midnight(on: NaiveDate) -> DateTime<Utc> {
    on.and_time(NaiveTime::MIN).and_utc()
}

/// When the doses of a day are recorded.
pub fn moment(n: u32) -> DateTime<Utc> {
    midnight(day(n)) + MOMENT
}

/// Posts the form of a dose's page as it stands there: given, now. Yields the form's id too.
pub fn record(visitor: &mut Visitor, dose: &DoseFile) -> (String, Result<Answer>) {
    let (form, revision) = (Uuid::now_v7().to_string(), dose.revision.to_string());
    let shown = dose.level.amount.number();
    let fields = [
        ("form", form.as_str()),
        ("revision", &revision),
        ("shown", &shown),
        ("outcome", "given"),
        ("confirm", "given"),
    ];
    let answer = visitor.post(&format!("/doses/{}/administration", dose.id), &fields);
    (form, answer)
}

/// Posts it until it is saved: whoever is told that too much is asked at once comes back.
pub fn record_at_last(visitor: &mut Visitor, dose: &DoseFile) {
    loop {
        let (_, answer) = record(visitor, dose);
        let answer = answer.expect("the house answers");
        if saved(&answer) {
            return;
        }
        assert_eq!(answer.status, 503, "a dose that is due can be recorded: {}", answer.text());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether the answer says that it was saved: the way back to the round, with what was recorded.
pub fn saved(answer: &Answer) -> bool {
    answer.status == 303 && answer.header("location").is_some_and(|on| on.contains("recorded="))
}
