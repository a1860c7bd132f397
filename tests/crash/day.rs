//! A long day of acts in a program of its own, which says after each one that it is saved: with the store, or past it.

use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use stepdown::acts::ActError;
use stepdown::acts::admit_resident::{AdmitResident, admit_resident};
use stepdown::care::people::{Staff, Supervisor};
use stepdown::care::resident::admission::AdmissionAsk;
use stepdown::clock::Clock;
use stepdown::store::history::fact_exists;
use stepdown::store::schema::residents;
use stepdown::store::{Conn, Db, StoreError};

use crate::browser_like::settle;
use crate::ground::{LOST, database, kept, opened, torn};
use crate::house::{FACILITY, House, at};
use crate::posts::MINUTE;
use crate::recording::SAID;

/// So many acts; the log is folded into the file, and begun anew, several times meanwhile.
pub const ACTS: usize = 40;
const FOLD_OFTEN: &str = "PRAGMA wal_autocheckpoint = 40";
/// Which day the program lives, and in which folder.
const DAY: &str = "STEPDOWN_TEST_DAY";
const FOLDER: &str = "STEPDOWN_TEST_FOLDER";

/// How what is saved is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// By the store, as the house does it.
    Store,
    /// Past the store, on a connection that waits for the disk at every commit; or does not.
    Full,
    Normal,
}

impl Keeping {
    fn word(self) -> &'static str {
        match self {
            Keeping::Store => "store",
            Keeping::Full => "full",
            Keeping::Normal => "normal",
        }
    }
}

/// A house with somebody who takes residents in.
pub fn morning() -> &'static Vec<u8> {
    static MORNING: OnceLock<Vec<u8>> = OnceLock::new();
    MORNING.get_or_init(|| {
        let house = House::on_sqlite();
        settle(&house);
        kept(&house)
    })
}

/// Lays the house into a folder.
pub fn begin(folder: &Path) {
    std::fs::write(folder.join("stepdown.db"), morning()).unwrap();
}

/// The form of the nth act, which becomes the resident's id.
pub fn form(n: usize) -> String {
    format!("0193f2a0-7c1e-7aaa-8bbb-{n:012}")
}

fn admit(conn: &mut Conn, n: usize) -> Result<(), ActError> {
    let by = Supervisor(Staff { person: "supervisor".into(), name: "Sue".into(), facility: FACILITY.into() });
    let admission = AdmissionAsk {
        surname: format!("Larch{n}"),
        forename: "Lena".into(),
        born_on: "1938-04-05".into(),
        number: format!("L-{n}"),
        unit: "east".into(),
        room: n.to_string(),
        allergy_state: "none".into(),
        allergies: String::new(),
    };
    admit_resident(conn, &by, &AdmitResident { form: form(n), admission }, at(&format!("{MINUTE}:00Z")))
}

/// The command that lives a day in a folder: this test program once more.
pub fn command(folder: &Path, keeping: Keeping) -> Vec<String> {
    let exe = std::env::current_exe().unwrap().display().to_string();
    let set = [format!("{DAY}={}", keeping.word()), format!("{FOLDER}={}", folder.display())];
    let words = ["env", &set[0], &set[1], &exe, "--exact", "day::lives_a_day_where_it_is_told_to", "--test-threads=1"];
    words.map(str::to_owned).into()
}

/// Nothing by itself: what `command` runs.
#[test]
fn lives_a_day_where_it_is_told_to() {
    let (Ok(keeping), Some(folder)) = (std::env::var(DAY), std::env::var_os(FOLDER)) else { return };
    let url = database(folder.as_ref());
    match keeping.as_str() {
        "store" => by_the_store(&url),
        synchronous => past_the_store(&url, synchronous),
    }
}

fn by_the_store(url: &str) {
    let db = Db::open(url, Clock::fixed(at(&format!("{MINUTE}:00Z")))).unwrap();
    db.write(|conn, _| Ok::<_, StoreError>(conn.batch_execute(FOLD_OFTEN)?)).unwrap();
    for n in 0..ACTS {
        db.write(move |conn, _| admit(conn, n)).unwrap();
        say();
    }
}

fn past_the_store(url: &str, synchronous: &str) {
    let mut conn = Conn::Sqlite(SqliteConnection::establish(url.trim_start_matches("sqlite:")).unwrap());
    let settings = "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON";
    conn.batch_execute(&format!("{settings}; PRAGMA synchronous = {synchronous}; {FOLD_OFTEN}")).unwrap();
    for n in 0..ACTS {
        conn.batch_execute("BEGIN IMMEDIATE").unwrap();
        admit(&mut conn, n).unwrap();
        conn.batch_execute("COMMIT").unwrap();
        say();
    }
}

/// Past the runner, in one breath.
fn say() {
    std::io::stdout().write_all(format!("{SAID}\n").as_bytes()).unwrap();
}

/// What is wrong with what is left of a day on which so many were told that their act is saved.
pub fn wrongs(left: &Path, told: usize) -> Vec<String> {
    let looked = opened(left).and_then(|db| {
        let mut wrong = torn(&db)?;
        let admitted = residents::table.filter(residents::surname.like("Larch%"));
        let admitted: i64 = db.read(|conn| Ok(admitted.count().get_result(conn)?))?;
        let first = (0..ACTS).take_while(|n| db.read(|conn| fact_exists(conn, &form(*n))).unwrap_or(false)).count();
        if admitted != first as i64 {
            wrong.push(format!("{admitted} residents are there, {first} facts tell of them in their order"));
        }
        if first < told {
            wrong.push(format!("{LOST}: {told} were told, {first} are there"));
        }
        if first > told + 1 {
            wrong.push(format!("{first} are there where only {} were asked for", told + 1));
        }
        Ok(wrong)
    });
    looked.unwrap_or_else(|why: StoreError| vec![format!("it cannot be opened: {why}")])
}
